"""CSV data files: a header, named columns of numbers, and labels in words."""

from __future__ import annotations

import csv
import io
import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gdsim.engine.parameters import Vector
from gdsim.scenario import limits
from gdsim.scenario.data.dataset import RawData
from gdsim.scenario.files import open_regular
from gdsim.scenario.mistakes import RefusedError, counted, found, join, near, one_of, shown


@dataclass(slots=True)
class _Column:
    """Cells of one column read so far: numbers, or labels where `words` knows them."""

    name: str
    position: int
    may_be_labels: bool
    numbers: array[float] = field(default_factory=lambda: array("d"))
    words: dict[str, int] = field(default_factory=dict)


def read_csv(path: Path, inputs: Sequence[str], targets: Sequence[str]) -> RawData:
    """Return the samples in a CSV file: one a line after the header, blank lines left out.

    inputs, targets: names of columns. Cells are finite numbers; a single target column whose first cell is no number
    holds labels, whose classes come in alphabetical order. Raises RefusedError, naming the line.
    """
    with open_regular(path, limits.DATA_FILE_BYTES) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        try:
            return _read(text, inputs, targets)
        except UnicodeDecodeError:
            raise RefusedError("is not UTF-8 text", "a CSV file in UTF-8") from None
        except OSError as error:
            raise RefusedError(f"cannot be read: {error.strerror}") from None


def _read(text: io.TextIOWrapper, inputs: Sequence[str], targets: Sequence[str]) -> RawData:
    rows = _rows(text)
    line, header = next(rows, (0, []))
    if not header:
        raise RefusedError("is empty", "a header line with the names of the columns")
    header = [name.strip() for name in header]
    columns = [
        _column(header, name, len(targets) == 1 and i >= len(inputs)) for i, name in enumerate([*inputs, *targets])
    ]
    count = 0
    for line, cells in rows:
        count += 1
        if count * len(columns) > limits.DATA_NUMBERS or count > limits.SAMPLES:
            raise RefusedError(f"line {line}: too many samples", _most(len(columns)))
        if len(cells) != len(header):
            raise RefusedError(f"line {line} has {counted(len(cells), 'cell')}", f"the header has {len(header)}")
        for column in columns:
            column.numbers.append(_cell(column, cells[column.position].strip(), line))
    if count == 0:
        raise RefusedError("has no samples", "lines of cells after the header")
    return _raw_data(columns, len(inputs), tuple(inputs), tuple(targets))


def _rows(text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of every line that is not blank. Raises RefusedError."""
    reader = csv.reader(text, strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise RefusedError(f"line {reader.line_num}: {error}", "comma-separated cells") from None


def _column(header: list[str], name: str, may_be_labels: bool) -> _Column:
    if header.count(name) > 1:
        raise RefusedError(f"has {header.count(name)} columns {shown(name)}", "every name once")
    if name not in header:
        names = [known[: limits.NAME_CHARACTERS] for known in header[:20]]
        known = one_of([shown(known) for known in names]) if len(header) <= 20 else counted(len(header), "column")
        raise RefusedError(f"has no column {shown(name)}", join(known, near(name, header[:1000])))
    return _Column(name, header.index(name), may_be_labels)


def _cell(column: _Column, text: str, line: int) -> float:
    """Return a cell's number, or the number given to its label."""
    number = math.nan
    try:
        number = math.nan if "_" in text else float(text)
    except ValueError:
        is_first = not column.numbers or column.words
        if column.may_be_labels and is_first and text:
            return _label(column, text, line)
    if column.words:
        return _label(column, text, line)
    if not math.isfinite(number):
        raise RefusedError(f"line {line}: {column.name}: {found(text)}", "a finite number")
    return number


def _label(column: _Column, text: str, line: int) -> float:
    if text not in column.words and len(column.words) == limits.UNITS:
        raise RefusedError(
            f"line {line}: {column.name}: more than {limits.UNITS} different labels", "numbers, or fewer labels"
        )
    if len(text) > limits.NAME_CHARACTERS or not text.isprintable():
        raise RefusedError(
            f"line {line}: {column.name}: {found(text)}", f"a label of at most {limits.NAME_CHARACTERS} characters"
        )
    return float(column.words.setdefault(text, len(column.words)))


def _raw_data(
    columns: list[_Column], inputs: int, input_names: tuple[str, ...], target_names: tuple[str, ...]
) -> RawData:
    numbers = _stacked(columns[:inputs])
    words = columns[-1].words
    if not words:
        return RawData(numbers, _stacked(columns[inputs:]), input_names=input_names, target_names=target_names)
    class_names = tuple(sorted(words))
    rank = np.empty(len(words), dtype=np.intp)
    for position, name in enumerate(class_names):
        rank[words[name]] = position
    labels = rank[np.array(columns[-1].numbers, dtype=np.intp)]
    return RawData(numbers, None, labels, class_names, input_names, target_names)


def _stacked(columns: list[_Column]) -> Vector:
    return np.column_stack([np.frombuffer(column.numbers, dtype=np.float64) for column in columns])


def _most(columns: int) -> str:
    return f"at most {min(limits.SAMPLES, limits.DATA_NUMBERS // columns)} samples of {counted(columns, 'column')}"
