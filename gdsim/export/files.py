"""A run written to a file as text: the format by the file's ending; nothing is overwritten unless that is asked for."""

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
    """Return the lines of the session's run in the format of an ending in `TEXTS`; only `steps`, where given."""
    return TEXTS[ending](session, steps)


def check_free(path: Path) -> None:
    """Raise UsageError when there is such a file already."""
    if path.exists():
        raise UsageError(str(path), "exists already", "another name, or --force to replace it")


def write_file(path: Path, lines: Iterable[str], *, force: bool = False) -> None:
    """Write `lines` to a file that does not exist yet; one that does is replaced only when `force` is set.

    Whatever goes wrong on the way, nothing half written is left, and an old file stays as it was.
    Raises UsageError when the file exists or cannot be written.
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
"""What writes a run as text, by the ending of the file."""

TRACE_FORMATS: Mapping[str, Callable[[Scenario, Run, Iterable[Edit]], Iterator[str]]] = {
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
