"""Reads text files of separated columns, chosen by header name or number: numbers, or labels in words."""

from __future__ import annotations

import csv
import io
import math
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gdsim.scenario import limits
from gdsim.scenario.data.dataset import RawData
from gdsim.scenario.files import open_regular
from gdsim.scenario.mistakes import RefusedError, counted, found, join, near, one_of, shown

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", " ": "runs of blanks"}
"""Separators of columns, in the order they are tried."""

MISSING = ("", "na", "?", "nan")
"""Cells that count as missing, in lower case."""

_LINES_TRIED = 1_000
"""How many of a file's first lines are read to detect its separator."""


class TableFormat(NamedTuple):
    """How a file is written. separator: None to detect it; skip: lines before the header or the first sample."""

    separator: str | None = None
    decimal: str = "."
    has_header: bool = True
    skip: int = 0
    encoding: str = "utf-8"
    skips_missing: bool = False


@dataclass(slots=True)
class _Column:
    """The cells of one column read so far: numbers, or the numbers that `words` assigns to labels."""

    name: str
    position: int
    may_be_labels: bool = False
    numbers: array[float] = field(default_factory=lambda: array("d"))
    words: dict[str, int] = field(default_factory=dict)


Names = Sequence[str | int]
"""Column names; without a header, column numbers from 1."""


def read_csv(
    path: Path, inputs: Names, targets: Names, form: TableFormat = TableFormat(), *, may_be_labels: bool = True
) -> RawData:
    """Return the samples in a file, one per line after the header; blank lines and rows of empty cells are skipped.

    Cells are finite numbers. If `may_be_labels`, a single target column whose first cell is not a number holds labels;
    their classes are in alphabetical order. Raises RefusedError, which names the line.
    """
    encoding = "utf-8-sig" if form.encoding == "utf-8" else form.encoding
    with open_regular(path, limits.DATA_FILE_BYTES) as file:
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            return _read(text, inputs, targets, form, may_be_labels)
        except UnicodeError:
            name = encoding.upper().removesuffix("-SIG")
            hint = 'a file in UTF-8; for others, set encoding = "cp1252"' if name == "UTF-8" else "another encoding"
            raise RefusedError(f"is not {name} text", hint) from None
        except OSError as error:
            raise RefusedError(f"cannot be read: {error.strerror}") from None


def _read(text: io.TextIOWrapper, inputs: Names, targets: Names, form: TableFormat, may_be_labels: bool) -> RawData:
    names = [*inputs, *targets]
    lines = islice(_lines(text), form.skip, None)
    start = _beginning(lines)
    separator = form.separator or _separator(start, names)
    rows = _rows(chain(start, lines), separator, form.skip)
    line, header = next(rows, (0, []))
    if not header:
        raise RefusedError("is empty", "a header line with the names of the columns" if form.has_header else "samples")
    if form.has_header:
        header = [name.strip() for name in header]
        if header[0] not in names:
            header[0] = header[0].lstrip("# ")
    else:
        rows = chain([(line, header)], rows)
    known: list[str] | int = header if form.has_header else len(header)
    columns = [_column(known, name) for name in names]
    columns[-1].may_be_labels = may_be_labels and len(targets) == 1
    left_out = _fill(columns, rows, len(header), form, separator)
    notes = [f"columns separated by {SEPARATORS[separator]}"] if separator != "," and form.separator is None else []
    notes += [f"{counted(left_out, 'row')} with a missing value left out"] if left_out else []
    return _raw_data(columns, inputs, targets, tuple(notes))


def _fill(
    columns: list[_Column], rows: Iterable[tuple[int, list[str]]], width: int, form: TableFormat, separator: str
) -> int:
    """Read every row into the columns; return how many were skipped for a missing value. Raises RefusedError."""
    count = left_out = 0
    most = min(limits.SAMPLES, limits.DATA_NUMBERS // len(columns))
    for line, cells in rows:
        if len(cells) != width:
            known = "the header" if form.has_header else "the first line"
            raise RefusedError(f"line {line} has {counted(len(cells), 'cell')}", f"{known} has {width}")
        wanted = [cells[column.position].strip() for column in columns]
        if form.skips_missing and any(cell.lower() in MISSING for cell in wanted):
            left_out += 1
            continue
        count += 1
        if count > most:
            hint = f"at most {most} samples of {counted(len(columns), 'column')}"
            raise RefusedError(f"line {line}: too many samples", hint)
        for column, cell in zip(columns, wanted, strict=True):
            column.numbers.append(_cell(column, cell, line, form.decimal, separator))
    if count == 0:
        raise RefusedError("has no samples", "lines of cells after the header")
    return left_out


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines of a file. Raises RefusedError for a line that is too long, without reading all of it."""
    most = limits.TABLE_LINE_CHARACTERS
    for number, line in enumerate(iter(lambda: text.readline(most + 1), ""), 1):
        if len(line) > most:
            raise RefusedError(f"line {number} is too long", f"at most {most} characters")
        yield line


def _beginning(lines: Iterator[str]) -> list[str]:
    """Return the first lines of a file, enough to detect its separator."""
    left = limits.TABLE_LINE_CHARACTERS
    taken: list[str] = []
    while left >= 0 and len(taken) < _LINES_TRIED and (line := next(lines, "")):
        taken.append(line)
        left -= len(line)
    return taken


def _separator(lines: Sequence[str], names: Names) -> str:
    """Return the separator of the columns: the first that splits every line into the same number of cells, two or more.

    If none does, return the first whose header contains all `names`, else a comma.
    """
    wanted, likely = set(map(str, names)), []
    for separator in SEPARATORS:
        try:
            _, first = next(_rows(lines, separator, 0), (0, []))
            widths = {len(cells) for _, cells in _rows(lines, separator, 0)}
        except RefusedError:
            continue
        if len(widths) == 1 and len(first) > 1:
            return separator
        if wanted <= {name.strip() for name in first}:
            likely.append(separator)
    return likely[0] if likely else ","


def _rows(lines: Iterable[str], separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and the cells of every line that is not blank. Raises RefusedError."""
    if separator == " ":
        lines = (" ".join(line.split()) for line in lines)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(cell and not cell.isspace() for cell in cells):
                yield skipped + reader.line_num, cells
    except csv.Error as error:
        raise RefusedError(f"line {skipped + reader.line_num}: {error}", "comma-separated cells") from None


def _column(header: list[str] | int, name: str | int) -> _Column:
    """Return the column called `name` in the header, or column number `name` if `header` is the number of columns."""
    if isinstance(header, int) or isinstance(name, int):
        columns = header if isinstance(header, int) else len(header)
        if not isinstance(name, int) or not 1 <= name <= columns:
            raise RefusedError(f"has no column {shown(name)}", f"a number from 1 to {columns}")
        return _Column(f"column {name}", name - 1)
    if header.count(name) > 1:
        raise RefusedError(f"has {header.count(name)} columns {shown(name)}", "every name once")
    if name not in header:
        names = [known[: limits.NAME_CHARACTERS] for known in header[:20]]
        known = one_of([shown(known) for known in names]) if len(header) <= 20 else counted(len(header), "column")
        if all(math.isfinite(_number(each, ".")) for each in header):
            known = join(known, "header = false in [data] where the first line is a sample, and columns by number")
        raise RefusedError(f"has no column {shown(name)}", join(known, near(name, header[:1000])))
    return _Column(name, header.index(name))


def _cell(column: _Column, text: str, line: int, decimal: str, separator: str) -> float:
    """Return a cell's number, or the number assigned to its label."""
    number = _number(text, decimal)
    is_missing = text.lower() in MISSING
    if column.words or (column.may_be_labels and not column.numbers and math.isnan(number) and not is_missing):
        return _label(column, text, line)
    if not math.isfinite(number):
        raise RefusedError(f"line {line}: {column.name}: {found(text)}", _how_to_write(text, decimal, separator))
    return number


def _number(text: str, decimal: str) -> float:
    """Return the number written in `text`, or NaN if there is none."""
    if "_" in text or (decimal == "," and "." in text):
        return math.nan
    try:
        return float(text.replace(",", ".") if decimal == "," else text)
    except ValueError:
        return math.nan


def _how_to_write(text: str, decimal: str, separator: str) -> str:
    """Return what is allowed instead of a cell, and how to write its number."""
    allowed = "a finite number"
    if text.lower() in MISSING:
        return f'{allowed}; missing = "skip" in [data] leaves such rows out'
    if "\N{MINUS SIGN}" in text:
        return f"{allowed}; its minus is U+2212, write - as on the keyboard"
    if decimal == "." and separator != "," and re.fullmatch(r"[+-]?\d+,\d+", text):
        return f'{allowed}; where the comma is decimal, decimal = "," in [data]'
    plain = re.sub(r"[$€£¥₹%\s'’]|,(?=\d{3}(?!\d))" if decimal == "." else r"[$€£¥₹%\s'’]|\.(?=\d{3}(?!\d))", "", text)
    is_number = plain != text and math.isfinite(_number(plain, decimal))
    return f"{allowed}; without currency, percent and thousands signs, {plain}" if is_number else allowed


def _label(column: _Column, text: str, line: int) -> float:
    at = f"line {line}: {column.name}:"
    if text not in column.words and len(column.words) == limits.UNITS:
        raise RefusedError(f"{at} more than {limits.UNITS} different labels", "numbers, or fewer labels")
    if not text or len(text) > limits.NAME_CHARACTERS or not text.isprintable():
        raise RefusedError(f"{at} {found(text)}", f"a label of at most {limits.NAME_CHARACTERS} characters")
    return float(column.words.setdefault(text, len(column.words)))


def _raw_data(columns: list[_Column], inputs: Names, targets: Names, notes: tuple[str, ...]) -> RawData:
    """Return the samples in the columns, classes in alphabetical order; columns given by number have no names."""
    stacked = np.column_stack([np.frombuffer(column.numbers, dtype=np.float64) for column in columns])
    numbers, rest = stacked[:, : len(inputs)], stacked[:, len(inputs) :]
    called = [tuple(name for name in names if isinstance(name, str)) for names in (inputs, targets)]
    words = columns[-1].words
    if not words:
        return RawData(numbers, rest, input_names=called[0], target_names=called[1], notes=notes)
    class_names = tuple(sorted(words))
    rank = np.argsort([words[name] for name in class_names])
    return RawData(numbers, None, rank[rest[:, 0].astype(np.intp)], class_names, called[0], called[1], notes=notes)
