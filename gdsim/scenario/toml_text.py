"""Parses TOML so that no text can hang or crash the parser, and finds the lines of its keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Any

from gdsim.errors import Mistake, ScenarioError
from gdsim.scenario import limits
from gdsim.scenario.files import read_bytes
from gdsim.scenario.mistakes import Path, RefusedError, safe_line

_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DOT = r"[ \t]*+\.[ \t]*+"
_KEY = rf"{_PART}(?:{_DOT}{_PART}){{0,{limits.KEY_PARTS - 1}}}"
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}{_DOT}){{{limits.KEY_PARTS}}}")
_HEADER = rf"[ \t]*(\[\[?)[ \t]*({_KEY})[ \t]*\]"
_ENTRY = rf"[ \t]*({_KEY})[ \t]*=(.*)"
_PLACE = r" \(at (?:line (\d+), column (\d+)|end of document)\)$"
_MESSAGE_CHARACTERS = 120
_LINE_CHARACTERS = 100


class TomlError(RefusedError):
    """A text that is not TOML; `line` is where parsing stopped, None if unknown."""

    def __init__(self, what: str, hint: str = "", line: int | None = None) -> None:
        super().__init__(what, hint)
        self.line = line


def read_text(path: FilePath) -> str:
    """Return the text of a scenario or course file. Raises ScenarioError."""
    try:
        content = read_bytes(path, limits.FILE_BYTES)
        return content.decode("utf-8-sig")
    except RefusedError as refused:
        raise ScenarioError(str(path), [Mistake("", refused.what, refused.hint)]) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        shown = line_text(content.decode("utf-8", "replace"), line)
        raise ScenarioError(str(path), [Mistake("", "is not UTF-8 text", "a TOML file", line, shown)]) from None


def read_toml(text: str, where: str) -> dict[str, Any]:
    """Return the tables of a TOML text, which messages call `where`. Raises ScenarioError."""
    try:
        return parse_toml(text.replace("\r\n", "\n"))
    except TomlError as mistake:
        shown = line_text(text, mistake.line)
        raise ScenarioError(where, [Mistake("", mistake.what, mistake.hint, mistake.line, shown)]) from None


def parse_toml(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text. Raises TomlError, and nothing else, for any other text."""
    long_key = _LONG_KEY.search(text)
    if long_key:
        line = text.count("\n", 0, long_key.start()) + 1
        raise TomlError("a dotted key has too many parts", f"at most {limits.KEY_PARTS}", line)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(str(error), text) from None
    except RecursionError:
        raise TomlError("lists or tables are nested too deeply to be read") from None
    except ValueError:
        raise TomlError("a number has too many digits to be read") from None


def _not_toml(message: str, text: str) -> TomlError:
    place = re.search(_PLACE, message)
    said = message[: place.start()] if place else message
    said = "".join(c if c.isprintable() else " " for c in said[:_MESSAGE_CHARACTERS])
    line, column = (int(place[1]), f" (column {place[2]})") if place and place[1] else (text.count("\n") + 1, "")
    return TomlError(f"not valid TOML: {said[:1].lower()}{said[1:]}{column}", "", line)


def line_finder(text: str, changed: tuple[Path, ...] = ()) -> Callable[[Path], int | None]:
    """Return a function that returns the line of a path in a TOML text, counted from 1.

    Keys at the start of a line are found exactly; parts of a value have the line of the value's key, missing keys the
    line of their table. It returns None for a path that is not in the text, or is `changed` by settings.
    """
    lines: dict[Path, int] | None = None

    def line(path: Path) -> int | None:
        nonlocal lines
        if any(path[: len(setting)] == setting for setting in changed):
            return None
        lines = _lines(text) if lines is None else lines
        return next((lines[path[:length]] for length in range(len(path), 0, -1) if path[:length] in lines), None)

    return line


def line_text(text: str, line: int | None) -> str:
    """Return line `line` (from 1) of a text for a message: shortened if too long, empty if there is no such line.

    Tabs become spaces; other control characters are escaped.
    """
    lines = text.split("\n", line or 0)
    if line is None or line > len(lines):
        return ""
    return safe_line(lines[line - 1].replace("\t", " ").rstrip(), _LINE_CHARACTERS)


def _lines(text: str) -> dict[Path, int]:
    """Return the line of every table header and every key at the start of a line."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    closing = ""
    for number, content in enumerate(text.split("\n"), 1):
        if closing:
            closing = "" if closing in content else closing
            continue
        header, entry = re.match(_HEADER, content), re.match(_ENTRY, content)
        if header:
            table = _table_path(_key_path(header[2]), header[1] == "[[", counts)
            lines.setdefault(table, number)
            if isinstance(table[-1], int):
                lines.setdefault(table[:-1], number)
        elif entry:
            path = table + _key_path(entry[1])
            for length in range(len(table) + 1, len(path) + 1):
                lines.setdefault(path[:length], number)
            closing = _still_open(entry[2])
    return lines


def _key_path(key: str) -> Path:
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in re.findall(_PART, key))


def _table_path(keys: Path, is_item: bool, counts: dict[Path, int]) -> Path:
    """Return the path of a table header, including positions in the lists of tables it passes through."""
    path: Path = ()
    for position, key in enumerate(keys):
        path += (key,)
        is_last = position == len(keys) - 1
        if is_item and is_last:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path += (counts[path],)
    return path


def _still_open(value: str) -> str:
    """Return the closing quotes of a multi-line string that `value` opens, else nothing."""
    for quotes in ('"""', "'''"):
        if value.lstrip().startswith(quotes) and value.count(quotes) == 1:
            return quotes
    return ""
