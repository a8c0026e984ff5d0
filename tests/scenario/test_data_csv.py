"""CSV files: columns by name, labels in words, and faults by their line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gdsim.scenario import limits
from gdsim.scenario.data.tables import read_csv
from gdsim.scenario.mistakes import RefusedError


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    return tmp_path / "points.csv"


def refusal(path: Path, inputs: list[str], targets: list[str]) -> str:
    with pytest.raises(RefusedError) as caught:
        read_csv(path, inputs, targets)
    return f"{caught.value.what}; {caught.value.hint}"


def test_reads_the_named_columns(csv_file: Path) -> None:
    """Columns are found by name, in the order asked for; others, blank lines and spaces round cells are left out."""
    csv_file.write_text('size, town ,price\n1100,"a, b",199000\n\n1400, c ,2.45e5\n')
    raw = read_csv(csv_file, ["price", "size"], ["size"])
    assert raw.inputs.tolist() == [[199000.0, 1100.0], [245000.0, 1400.0]]
    assert raw.targets is not None
    assert raw.targets.tolist() == [[1100.0], [1400.0]]
    assert (raw.input_names, raw.target_names) == (("price", "size"), ("size",))


def test_reads_labels_as_classes_in_alphabetical_order(csv_file: Path) -> None:
    """A label column gives each sample the index of its class."""
    csv_file.write_text("a,kind\n1,setosa\n2,virginica\n3,setosa\n4,iris\n")
    raw = read_csv(csv_file, ["a"], ["kind"])
    assert raw.class_names == ("iris", "setosa", "virginica")
    assert raw.labels is not None
    assert raw.labels.tolist() == [1, 2, 1, 0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty; a header line with the names of the columns"),
        ("a,y\n", "has no samples; lines of cells after the header"),
        ("a,z\n1,2\n", 'has no column "y"; one of "a", "z"'),
        ("a,y2\n1,2\n", 'has no column "y"; one of "a", "y2"; did you mean y2?'),
        ("a,y,a\n1,2,3\n", 'has 2 columns "a"; every name once'),
        ("a,y\n1,2\n1\n", "line 3 has 1 cell; the header has 2"),
        ("a,y\n1,2\n\n1,2,3\n", "line 4 has 3 cells; the header has 2"),
        ("a,y\n1,2\nx,2\n", 'line 3: a: found "x"; a finite number'),
        ("a,y\n1,2\n,2\n", 'line 3: a: found ""; a finite number'),
        ("a,y\n1,2\nnan,2\n", 'line 3: a: found "nan"; a finite number'),
        ("a,y\n1,2\n1e999,2\n", 'line 3: a: found "1e999"; a finite number'),
        ("a,y\n1,2\n1_0,2\n", 'line 3: a: found "1_0"; a finite number'),
        ("a,y\n1,2\n1,12O\n", 'line 3: y: found "12O"; a finite number'),
        ("a,y\n1,2\n1,\x1b[2J\n", 'line 3: y: found "\\x1b[2J"; a finite number'),
        ("a,y\n1,\x1b[2J\n", 'line 2: y: found "\\x1b[2J"; a label of at most 60 characters'),
        ('a,y\n1,"2\n', "line 2: unexpected end of data; comma-separated cells"),
        ("a,y\n1," + "2" * 200_000, "line 2: field larger than field limit (131072); comma-separated cells"),
    ],
)
def test_names_the_line_of_a_fault(csv_file: Path, content: str, message: str) -> None:
    """A fault in the file is reported with its line, its column and what stands there."""
    csv_file.write_text(content)
    assert refusal(csv_file, ["a"], ["y"]) == message


def test_refuses_what_is_not_text(csv_file: Path) -> None:
    """Bytes that are no UTF-8 are reported."""
    csv_file.write_bytes(b"a,y\n1,\xff\n")
    assert refusal(csv_file, ["a"], ["y"]) == "is not UTF-8 text; a CSV file in UTF-8"


def test_refuses_more_samples_than_the_limit(csv_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit on samples holds while reading, not after."""
    monkeypatch.setattr(limits, "SAMPLES", 3)
    csv_file.write_text("a,y\n" + "1,2\n" * 4)
    assert refusal(csv_file, ["a"], ["y"]) == "line 5: too many samples; at most 3 samples of 2 columns"


def test_refuses_a_file_larger_than_the_limit(csv_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit on size is checked before anything is read."""
    monkeypatch.setattr(limits, "DATA_FILE_BYTES", 10)
    csv_file.write_text("a,y\n" + "1,2\n" * 4)
    assert refusal(csv_file, ["a"], ["y"]) == "has 20 bytes; at most 10"


def test_reads_numbers_exactly(csv_file: Path) -> None:
    """Every cell becomes the float nearest to what is written."""
    numbers = np.random.default_rng(1).standard_normal(50)
    csv_file.write_text("a,y\n" + "".join(f"{number!r},0\n" for number in numbers.tolist()))
    assert np.array_equal(read_csv(csv_file, ["a"], ["y"]).inputs[:, 0], numbers)
