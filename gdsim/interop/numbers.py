"""Reads numbers that a learner's program printed or saved, with their digits: CSV, JSON lines, .npz and .npy."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gdsim.engine.parameters import Vector
from gdsim.errors import UsageError
from gdsim.i18n import _
from gdsim.scenario.limits import UPDATES

LARGEST = 256 * 2**20
"""The maximum size of a file in bytes."""

_SAMPLE = 40
"""How many rows are read to count digits."""

FULL = 15
"""A number with this many significant digits counts as having all of them."""

_FORMS = "CSV with a header, JSON lines, .npz or .npy"
_NUMBER = re.compile(r"[-+]?(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?\Z")
_UPDATES = ("update", "updates", "step", "iteration", "iter")


class Digits(NamedTuple):
    """The precision of a column's numbers: decimals after the point, and significant digits."""

    decimals: int = FULL + 2
    significant: int = FULL + 2

    def tolerance(self, values: Vector) -> Vector:
        """Return half a unit of the last digit of each value, or 0 if they have all digits."""
        if self.significant >= FULL:
            return np.zeros(values.shape)
        size = np.floor(np.log10(np.maximum(np.abs(np.nan_to_num(values)), 1e-300)))
        return 0.505 * np.maximum(10.0**-self.decimals, 10.0 ** (size + 1 - self.significant))


class Numbers(NamedTuple):
    """Columns of numbers by name, a row per update: (rows, …) each, nan where a row has no number.

    updates: (rows,) the number of each row's update, None if the rows are not numbered; epochs: likewise.
    """

    where: str
    columns: Mapping[str, Vector]
    digits: Mapping[str, Digits]
    updates: Vector | None = None
    epochs: Vector | None = None

    def head(self, rows: int) -> Numbers:
        """Return the first rows."""
        columns = {name: column[:rows] for name, column in self.columns.items()}
        updates, epochs = (None if each is None else each[:rows] for each in (self.updates, self.epochs))
        return Numbers(self.where, columns, self.digits, updates, epochs)


def read_numbers(path: Path) -> Numbers:
    """Return the numbers of a file. Raises UsageError if it cannot be read as numbers."""
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(str(path), _("is larger than {size} MB").format(size=LARGEST // 2**20), _FORMS)
        if path.suffix in (".npz", ".npy"):
            return _numbered(str(path), *_arrays(path))
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(str(path), _("is not UTF-8 text"), _FORMS) from None
    except OSError as error:
        raise UsageError(str(path), _("cannot be read: {why}").format(why=error.strerror), _FORMS) from None
    is_json = path.suffix in (".json", ".jsonl") or text.lstrip()[:1] in ("{", "[")
    columns, digits = (_json_columns if is_json else _csv_columns)(str(path), text)
    return _numbered(str(path), columns, digits)


def _numbered(where: str, columns: dict[str, Vector], digits: dict[str, Digits]) -> Numbers:
    """Return the columns as Numbers, with those that number the rows set apart. Raises UsageError for bad ones."""
    if not columns or not all(column.size for column in columns.values()):
        raise UsageError(where, _("has no numbers"), _FORMS)
    by_word = {name.strip().lower(): name for name in columns}
    name = next((by_word[word] for word in _UPDATES if word in by_word), None)
    updates = None if name is None else columns.pop(name)
    epochs = columns.pop(by_word["epoch"]) if "epoch" in by_word else None
    for numbers in (updates, epochs):
        if numbers is not None and not (np.isfinite(numbers).all() and (numbers == np.round(numbers)).all()):
            raise UsageError(where, _("has update numbers that are not whole numbers"), "0, 1, 2, …")
        if numbers is not None and numbers.max() > UPDATES:
            raise UsageError(where, f"update {numbers.max():g}", _("at most {count}").format(count=UPDATES))
    return Numbers(where, columns, digits, updates, epochs)


def _csv_columns(where: str, text: str) -> tuple[dict[str, Vector], dict[str, Digits]]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise UsageError(where, _("is empty"), _FORMS)
    separator = next((mark for mark in ("\t", ";") if mark in lines[0]), ",")
    names = [name.strip() for name in next(csv.reader(lines[:1], delimiter=separator))]
    if all(_NUMBER.match(name) for name in names):
        raise UsageError(where, _("has no header"), _("a first line with the name of each column: update,W1[0,0],…"))
    first = [line.split(separator) for line in lines[1 : _SAMPLE + 1]]
    digits = {name: digits_of(row[i] for row in first if i < len(row)) for i, name in enumerate(names)}
    if len(lines) == 1:
        raise UsageError(where, _("has no numbers"), _FORMS)
    values = _table(where, [_filled(line, separator) for line in lines[1:]], separator, names)
    return {name: values[:, i] for i, name in enumerate(names)}, digits


def _filled(line: str, separator: str) -> str:
    """Return a line with ``nan`` in each empty cell."""
    if separator * 2 not in line and line[0] != separator and line[-1] != separator:
        return line
    return separator.join(cell or "nan" for cell in line.split(separator))


def _table(where: str, lines: Sequence[str], separator: str, names: Sequence[str]) -> Vector:
    """Return the numbers of lines: (lines, names). Raises UsageError for the first cell that is not a number."""
    with suppress(ValueError):
        values = np.loadtxt(lines, delimiter=separator, comments=None, ndmin=2)
        if values.shape == (len(lines), len(names)):
            return values
    rows = [line.split(separator) for line in lines]
    for i, row in enumerate(rows, 1):
        if len(row) != len(names):
            what = _("row {row} has {count} cells").format(row=i, count=len(row))
            raise UsageError(where, what, _("{count}, one per column").format(count=len(names)))
    return np.array(
        [[_cell(where, i, name, cell) for name, cell in zip(names, row, strict=True)] for i, row in enumerate(rows, 1)]
    ).reshape(-1, len(names))


def _cell(where: str, row: int, name: str, cell: str) -> float:
    try:
        return float(cell.strip().strip('"').replace("\N{MINUS SIGN}", "-") or "nan")
    except ValueError:
        what = _("row {row}, {name}: {found} is not a number").format(row=row, name=name, found=repr(cell[:20]))
        raise UsageError(where, what, _("one number per cell; use JSON lines or .npz for arrays")) from None


def digits_of(texts: Iterable[str]) -> Digits:
    """Return the digits of numbers as written: the most that any of them has."""
    decimals, significant = 0, 1
    for text in texts:
        match = _NUMBER.match(text.strip())
        if match is None or not (match[1] or match[2]):
            continue
        decimals = max(decimals, len(match[2]) - int(match[3] or 0))
        significant = max(significant, len((match[1] + match[2]).lstrip("0")))
    return Digits(decimals, significant)


def _json_columns(where: str, text: str) -> tuple[dict[str, Vector], dict[str, Digits]]:
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise UsageError(where, _("is empty"), _FORMS)
    try:
        if lines[0].lstrip().startswith("["):
            rows, sample = json.loads(text), json.loads(text, parse_float=str)[:_SAMPLE]
        else:
            rows = [json.loads(line) for line in lines]
            sample = [json.loads(line, parse_float=str) for line in lines[:_SAMPLE]]
    except (json.JSONDecodeError, RecursionError) as error:
        raise UsageError(where, _("is not JSON lines: {why}").format(why=str(error)[:60]), _FORMS) from None
    columns = dict(_columns([row for row in rows if _is_update(row)]))
    written = dict(_columns([row for row in sample if _is_update(row)]))
    stacked = {name: column for name, values in columns.items() if (column := _stacked(values)) is not None}
    digits = {name: digits_of(map(str, _leaves(written.get(name, [])))) for name in stacked}
    return stacked, digits


def _is_update(row: object) -> bool:
    """Whether a line describes an update: an object without a type, or an update of a trace."""
    return isinstance(row, dict) and row.get("type", "update") == "update"


def _columns(rows: Sequence[Any], before: str = "") -> Iterable[tuple[str, list[Any]]]:
    """Yield each name in the lines with its values, None for lines without it. Names inside a table get its name and a
    dot in front, except in ``parameters`` and ``values``; a trace's phases add only names their line lacks.
    """
    for key in dict.fromkeys(key for row in rows if row is not None for key in row):
        values = [None if row is None else row.get(key) for row in rows]
        if key == "phases":
            inside = [_in_phases(phases, row) for phases, row in zip(values, rows, strict=True)]
            yield from _columns(inside)
        elif any(isinstance(value, dict) for value in values):
            tables = [value if isinstance(value, dict) else None for value in values]
            yield from _columns(tables, "" if key in ("parameters", "values") else f"{before}{key}.")
        else:
            yield f"{before}{key}", values


def _in_phases(phases: Any, row: dict[str, Any] | None) -> dict[str, Any]:
    """Return the values of all phases of a line by name, except names the line has or with a dot (``gradient.x``)."""
    given = phases if isinstance(phases, list) else ()
    tables = [phase.get("values") for phase in given if isinstance(phase, dict)]
    values = {name: value for table in tables if isinstance(table, dict) for name, value in table.items()}
    return {name: value for name, value in values.items() if name not in (row or {}) and "." not in name}


def _leaves(value: object) -> Iterable[object]:
    if isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def _stacked(values: Sequence[Any]) -> Vector | None:
    """Return one column's values, (rows, …), nan where a row is missing or smaller; None if they are not numbers."""
    try:
        blank = np.full(np.shape(next(value for value in values if value is not None)), np.nan).tolist()
        with suppress(ValueError):  # usually all rows have one size; a smaller last batch raises
            return np.array([blank if value is None else value for value in values], dtype=np.float64)
        arrays = [None if value is None else np.asarray(value, dtype=np.float64) for value in values]
    except (ValueError, TypeError, StopIteration):
        return None
    shapes = {array.shape for array in arrays if array is not None}
    if len({len(shape) for shape in shapes}) != 1:
        return None
    column = np.full((len(arrays), *np.max(list(shapes), axis=0).astype(int)), np.nan)
    for i, array in enumerate(arrays):
        if array is not None:
            place: Any = (i, *map(slice, array.shape))
            column[place] = array
    return column


def _arrays(path: Path) -> tuple[dict[str, Vector], dict[str, Digits]]:
    """Return the arrays numpy saved, an unnamed one under its file's name; refuses objects, which could run code."""
    try:
        loaded = np.load(path, allow_pickle=False)
        if path.suffix == ".npz":
            with loaded:
                named = dict(loaded.items())
        elif loaded.dtype.names:
            named = {name: loaded[name] for name in loaded.dtype.names}
        else:
            named = {path.stem: loaded}
        columns = {name: np.asarray(array, dtype=np.float64) for name, array in named.items()}
    except (ValueError, TypeError, EOFError) as error:
        what = _("cannot be read: {why}").format(why=str(error)[:60])
        raise UsageError(str(path), what, _("arrays of numbers")) from None
    digits = {name: Digits(17, 7) if named[name].dtype == np.float32 else Digits() for name in named}
    return {name: array.reshape(1) if array.ndim == 0 else array for name, array in columns.items()}, digits
