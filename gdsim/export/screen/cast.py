"""Screens as a recording that asciinema plays: asciicast v2, a header and one line of JSON for each change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from gdsim.export.screen.frame import Cell, Frame, Look, stretches

CAST_VERSION = 2
_HIDE_CURSOR, _CLEAR = "\x1b[?25l", "\x1b[0m\x1b[2J\x1b[H"


def cast_lines(frames: Iterable[tuple[float, Frame]], title: str) -> Iterator[str]:
    """Yield the lines of a recording of `frames`, each given with the second it appears at; only changes are written.

    All frames have the same size. An end mark keeps the last one visible for a while.
    """
    shown: tuple[tuple[Cell, ...], ...] = ()
    time, last = 0.0, 0.0
    for number, (time, frame) in enumerate(frames):
        if number == 0:
            header = {"version": CAST_VERSION, "width": frame.width, "height": frame.height, "title": title}
            yield _line(header | {"env": {"TERM": "xterm-256color", "SHELL": "/bin/sh"}})
            shown = ((),) * frame.height
        rows = [
            _changed(row, cells, before)
            for row, (cells, before) in enumerate(zip(frame.rows, shown, strict=True), 1)
            if cells != before
        ]
        start = _HIDE_CURSOR + _CLEAR if number == 0 else ""
        yield _line([round(time, 3), "o", start + "".join(rows) + "\x1b[0m"])
        shown, last = frame.rows, time
    yield _line([round(last + 2, 3), "o", ""])


def _changed(row: int, cells: tuple[Cell, ...], before: tuple[Cell, ...]) -> str:
    """Return the text that changes row `row` (from 1) of a terminal from `before` to `cells`."""
    first, last = 0, len(cells)
    if len(before) == last:
        while cells[first] == before[first]:
            first += 1
        while cells[last - 1] == before[last - 1]:
            last -= 1
        while not (cells[first].text and before[first].text):  # the second half of a wide character
            first -= 1
    return f"\x1b[{row};{first + 1}H{_ansi(cells[first:last])}"


def _ansi(cells: tuple[Cell, ...]) -> str:
    return "".join(_sequence(look) + text for _start, _cells, text, look in stretches(cells))


def _sequence(look: Look) -> str:
    """Return the escape sequence that sets this look, whatever the terminal's state."""
    attributes = [("1", look.bold), ("3", look.italic), ("4", look.underline)]
    codes = ["0", *(code for code, is_on in attributes if is_on)]
    codes += [f"{ground};2;{_rgb(color)}" for ground, color in (("38", look.color), ("48", look.background))]
    return f"\x1b[{';'.join(codes)}m"


def _rgb(color: str) -> str:
    return ";".join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5))


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
