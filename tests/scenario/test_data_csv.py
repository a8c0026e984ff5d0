"""CSV files: columns by name, labels in words, and faults by their line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scenario_texts import HEAD, UPDATE

from gdsim.errors import ScenarioError
from gdsim.scenario import limits
from gdsim.scenario.data.tables import read_csv
from gdsim.scenario.load import load_file
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
        (
            "1,2\n3,4\n",
            'has no column "a"; one of "1", "2"; header = false in [data] where the first line is a sample, '
            "and columns by number",
        ),
        ("a,y2\n1,2\n", 'has no column "y"; one of "a", "y2"; did you mean y2?'),
        ("a,y,a\n1,2,3\n", 'has 2 columns "a"; every name once'),
        ("a,y\n1,2\n1\n", "line 3 has 1 cell; the header has 2"),
        ("a,y\n1,2\n\n1,2,3\n", "line 4 has 3 cells; the header has 2"),
        ("a,y\n1,2\nx,2\n", 'line 3: a: found "x"; a finite number'),
        ("a,y\n1,2\n,2\n", 'line 3: a: found ""; a finite number; missing = "skip" in [data] leaves such rows out'),
        (
            "a,y\n1,2\nnan,2\n",
            'line 3: a: found "nan"; a finite number; missing = "skip" in [data] leaves such rows out',
        ),
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
    assert refusal(csv_file, ["a"], ["y"]) == (
        'is not UTF-8 text; a file in UTF-8; for others, set encoding = "cp1252"'
    )


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


def test_refuses_a_line_longer_than_the_limit(csv_file: Path) -> None:
    """A file of one endless line is refused before the whole line is read."""
    csv_file.write_text("a,y\n1," + "2," * 1_000_000)
    assert refusal(csv_file, ["a"], ["y"]) == "line 2 is too long; at most 1000000 characters"


def test_reads_numbers_exactly(csv_file: Path) -> None:
    """Every cell becomes the float nearest to what is written."""
    numbers = np.random.default_rng(1).standard_normal(50)
    csv_file.write_text("a,y\n" + "".join(f"{number!r},0\n" for number in numbers.tolist()))
    assert np.array_equal(read_csv(csv_file, ["a"], ["y"]).inputs[:, 0], numbers)


LINE = (
    HEAD
    + UPDATE
    + """
[network]
loss = "mse"
[[network.layers]]
units = 1
activation = "identity"
init = { method = "zeros" }
[data]
file = "points.csv"
"""
)


def samples(folder: Path, content: str | bytes, keys: str) -> tuple[list[list[float]], list[list[float]], str]:
    """Return inputs, targets and notes of a line fitted to a file; `keys` stand in [data]."""
    (folder / "points.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "s.toml").write_text(LINE + keys)
    dataset = load_file(folder / "s.toml").dataset
    assert dataset is not None
    return dataset.inputs.tolist(), dataset.targets.tolist(), "; ".join(dataset.notes)


NAMED = 'inputs = ["a"]\ntargets = ["y"]\n'
TWO = ([[1.5], [2.0]], [[3.0], [4.5]])


@pytest.mark.parametrize(
    ("content", "keys", "note"),
    [
        ("a,y\n1.5,3\n2,4.5\n", "", ""),
        ("a;y\n1.5;3\n2;4.5\n", "", "columns separated by semicolons"),
        ("a\ty\n1.5\t3\n2\t4.5\n", "", "columns separated by tabs"),
        ("a|y\n1.5|3\n2|4.5\n", "", "columns separated by vertical bars"),
        ("  a   y\n 1.5  3 \n 2 \t 4.5\n", "", "columns separated by runs of blanks"),
        ("a;y\n1,5;3\n2;4,5\n", 'decimal = ","\n', "columns separated by semicolons"),
        ("a,y,b\n1.5,3,x;y\n2,4.5,z\n", "", ""),
        ("a;y\n1.5;3\n2;4.5\n", 'separator = ";"\n', ""),
        ("# a,y\r\n\r\n1.5,3\r\n,\r\n2,4.5\r\n , \r\n", "", ""),
        ("\ufeffa,y\n1.5,3\n2,4.5\n", "", ""),
        ("#b,a,y\n0,1.5,3\n0,2,4.5\n", 'features = ["a"]\n', ""),
        ("made by\nhand\na,y\n1.5,3\n2,4.5\n", "skip = 2\n", ""),
        ("a,y\n1.5,3\nNA,1\n7,?\n2,4.5\n,9\n8,NaN\n", 'missing = "skip"\n', "4 rows with a missing value left out"),
        ("a,y,ö\n1.5,3,1\n2,4.5,1\n".encode("cp1252"), 'encoding = "cp1252"\n', ""),
        ("a,y\n1.5,3\n2,4.5\n".encode("utf-16"), 'encoding = "utf-16"\n', ""),
    ],
)
def test_reads_files_as_people_have_them(tmp_path: Path, content: str | bytes, keys: str, note: str) -> None:
    """Separators are recognised and told; what is not as expected can be said; empty rows and marks do not matter."""
    assert samples(tmp_path, content, NAMED + keys) == (*TWO, note)


def test_a_file_without_a_header_has_numbered_columns(tmp_path: Path) -> None:
    """Its first line is a sample; columns count from 1."""
    keys = "header = false\ninputs = [3]\ntargets = [1]\n"
    assert samples(tmp_path, "3,x,1.5\n4.5,x,2\n", keys) == (*TWO, "")


@pytest.mark.parametrize(
    ("content", "keys", "message"),
    [
        ('a,y\n90,"$210,000"\n', NAMED, 'line 2: y: found "$210,000"; a finite number; without currency, percent and'),
        ("a,y\n1,45 %\n", NAMED, "thousands signs, 45"),
        ("a,y\n1,yes\n2,no\n", NAMED, 'line 2: y: found "yes"; a finite number'),
        ("a,y\n1,\u22122\n", NAMED, "a finite number; its minus is U\\+2212, write - as on the keyboard"),
        ("a;y\n1,5;2\n", NAMED, 'line 2: a: found "1,5"; a finite number; where the comma is decimal, decimal = ","'),
        ("a;y\n1.5;2\n", NAMED + 'decimal = ","\n', 'line 2: a: found "1.5"; a finite number'),
        ("1,2\n", "header = false\n" + NAMED, "found names of columns without a header; numbers of columns, from 1"),
        ("1,2\n", "header = false\ninputs = [1]\ntargets = [3]\n", "has no column 3; a number from 1 to 2"),
        (
            "a,y\n1,2\n",
            "inputs = [1]\ntargets = [2]\n",
            "found numbers together with file; names of columns; of a file without",
        ),
        ("a,y\n1,2\n", NAMED + 'separator = "-"\n', 'found "-"; one of ",", ";"'),
        ("a,y\nNA,2\n", NAMED + 'missing = "skip"\n', "has no samples"),
    ],
)
def test_says_what_to_write_instead(tmp_path: Path, content: str, keys: str, message: str) -> None:
    """A cell that is no number is named, with how it would be written or the key that makes it one."""
    with pytest.raises(ScenarioError, match=message.replace("$", r"\$")):
        samples(tmp_path, content, keys)


IRIS = "a,kind\n1,setosa\n2,virginica\n3,versicolor\n4,setosa\n"
TWO_OUTPUTS = LINE.replace("units = 1", "units = 2").replace('"identity"', '"softmax"')
TWO_OUTPUTS = TWO_OUTPUTS.replace('"mse"', '"categorical-cross-entropy"')


def of_classes(folder: Path, classes: str) -> Path:
    (folder / "points.csv").write_text(IRIS)
    path = folder / "s.toml"
    path.write_text(TWO_OUTPUTS + 'inputs = ["a"]\ntargets = ["kind"]\n' + classes)
    return path


def test_classes_are_a_part_of_the_labels_in_the_order_given(tmp_path: Path) -> None:
    """Output 1 is the first class; samples of other classes are left out, and counted."""
    dataset = load_file(of_classes(tmp_path, 'classes = ["virginica", "setosa"]\n')).dataset
    assert dataset is not None
    assert (dataset.class_names, dataset.target_names) == (("virginica", "setosa"), ("virginica", "setosa"))
    assert dataset.inputs.tolist() == [[1.0], [2.0], [4.0]]
    assert dataset.targets.tolist() == [[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
    assert dataset.notes == ("1 sample of other classes left out",)


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ('["virginca", "setosa"]', r'classes\.0: found "virginca"; one of .*did you mean virginica\?'),
        ('["setosa", "setosa"]', r'classes\.1: found "setosa" twice; every class once'),
        ('["setosa"]', "classes: found a list of 1; at least 2"),
    ],
)
def test_classes_are_labels_of_the_file_each_once(tmp_path: Path, classes: str, message: str) -> None:
    """A class that no sample has is a slip, and said with a near one."""
    with pytest.raises(ScenarioError, match=message):
        load_file(of_classes(tmp_path, f"classes = {classes}\n"))
