"""A run without a screen: every update as lines of text, in one of several formats.

Lines come from generators, so the first one leaves at once and memory does not grow with the number of updates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from gdsim.engine.edits import Edit
from gdsim.engine.update import Run
from gdsim.export.trace.csv import csv_lines
from gdsim.export.trace.jsonl import jsonl_lines
from gdsim.export.trace.table import table_lines
from gdsim.scenario.scenario import Scenario

TRACE_FORMATS: dict[str, Callable[[Scenario, Run, Iterable[Edit]], Iterator[str]]] = {
    "table": table_lines,
    "jsonl": jsonl_lines,
    "csv": csv_lines,
}
"""What writes a trace, by the name of its format; each yields lines that end in a newline."""

PROMPT_LINES = 16
"""So many lines are pushed out one by one: who looks at the beginning of a slow run need not wait for a full buffer."""


def write_lines(lines: Iterator[str], stream: TextIO) -> None:
    """Write `lines` to `stream`: the first ones at once, later ones as its buffer fills, each at once on a terminal.

    Raises BrokenPipeError when nobody reads any more.
    """
    write = stream.write
    for _, line in zip(range(PROMPT_LINES), lines, strict=False):
        write(line)
        stream.flush()
    stream.writelines(lines)
    stream.flush()
