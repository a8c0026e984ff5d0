"""Writes a run to a text file: the file's ending gives the format, and nothing is overwritten unless requested."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TextIO

from gdsim.engine.edits import Edit
from gdsim.engine.update import Run
from gdsim.errors import UsageError
from gdsim.export.handout import handout_lines
from gdsim.export.trace.jsonl import jsonl_lines
from gdsim.export.trace.lines import ALL, Steps
from gdsim.export.trace.rows import csv_lines, table_lines
from gdsim.scenario.build import build
from gdsim.scenario.scenario import Scenario
from gdsim.session import Session


def text_lines(ending: str, session: Session, steps: Steps | None = None) -> Iterator[str]:
    """Return the lines of the session's run in the format of an ending in `TEXTS`; only of `steps`, if given."""
    return TEXTS[ending](session, steps)


def check_free(path: Path) -> None:
    """Raise UsageError if the file exists already."""
    if path.exists():
        raise UsageError(str(path), "exists already", "another name, or --force to replace it")


def write_file(path: Path, lines: Iterable[str], *, force: bool = False) -> None:
    """Write `lines` to a new file; replace an existing one only if `force` is set.

    If anything goes wrong, no half-written file is left, and an old file stays as it was.
    Raises UsageError if the file exists or cannot be written.
    """
    is_replaced = force and path.exists()
    try:
        with _temporary(path) if is_replaced else path.open("x", encoding="utf-8", newline="\n") as file:
            try:
                file.writelines(lines)
                file.flush()
                if is_replaced:
                    with suppress(OSError):
                        os.chmod(file.name, path.stat().st_mode & 0o777)  # noqa: PTH101
                    Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except FileExistsError:
        raise UsageError(str(path), "exists already", "another name, or --force to replace it") from None
    except OSError as error:
        raise UsageError(str(path), f"cannot be written: {error.strerror}", "a file in a folder that exists") from None


def _temporary(path: Path) -> IO[str]:
    return NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=path.parent, delete=False)


def _trace(
    lines: Callable[[Scenario, Run, Iterable[Edit], Steps], Iterator[str]], session: Session, steps: Steps | None
) -> Iterator[str]:
    run = build(session.scenario, start_index=session.start, corrected=session.is_corrected)
    return lines(session.scenario, run, session.timeline.edits, steps or ALL)


TEXTS: Mapping[str, Callable[[Session, Steps | None], Iterator[str]]] = {
    ".md": lambda session, steps: handout_lines(session.scenario, session.timeline, steps),
    ".csv": partial(_trace, csv_lines),
    ".jsonl": partial(_trace, jsonl_lines),
}
"""Functions that write a run as text, by file ending."""

TRACE_FORMATS: Mapping[str, Callable[[Scenario, Run, Iterable[Edit]], Iterator[str]]] = {
    "table": table_lines,
    "jsonl": jsonl_lines,
    "csv": csv_lines,
}
"""Functions that write a trace, by format name; each yields lines that end in a newline."""

PROMPT_LINES = 16
"""This many lines are flushed one by one, so that the beginning of a slow run shows before the buffer is full."""


def write_lines(lines: Iterator[str], stream: TextIO) -> None:
    """Write `lines` to `stream`, flushing each of the first; later ones as its buffer fills, or each on a terminal.

    Raises BrokenPipeError if the reader has closed the stream.
    """
    write = stream.write
    for _, line in zip(range(PROMPT_LINES), lines, strict=False):
        write(line)
        stream.flush()
    stream.writelines(lines)
    stream.flush()
