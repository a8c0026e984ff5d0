"""The commands of plain mode about files: the run saved to one, the scenario's own read again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gdsim.errors import UsageError
from gdsim.i18n import _
from gdsim.session import Session

Shown = Iterator[Session | str]

_SCREEN = (".svg", ".html", ".cast")
"""Endings of files that show the screen, which plain mode has none of."""


def save(session: Session, argument: str) -> Shown:
    """Write the updates made so far to a file, in the format of its ending; nothing is overwritten."""
    from gdsim.export.files import TEXTS, text_lines, write_file  # what writes files is loaded when one is written
    from gdsim.export.trace.lines import Steps

    if not argument:
        raise UsageError(
            "save", _("needs a file"), _("its ending says the format: {endings}").format(endings=_endings())
        )
    path = Path(argument).expanduser()
    if path.suffix in _SCREEN:
        line = session.command_lines()[0]
        raise UsageError(argument, _("shows a screen"), _("gdsim export writes it; this run: {line}").format(line=line))
    if path.suffix not in TEXTS:
        raise UsageError(argument, _("its ending names no format"), _endings())
    if path.exists():
        raise UsageError(argument, _("exists already"), _("another name"))
    write_file(path, text_lines(path.suffix, session, Steps(0, session.clock)))
    yield _("saved: {file}").format(file=path)


def reload(session: Session, _argument: str) -> Shown:
    """Read the scenario's file again and stand at the same update."""
    from gdsim.scenario.load import load_file

    scenario = session.scenario
    if scenario.folder is None:
        raise UsageError("reload", _("this scenario is in no file"))
    session = session.read_again(load_file(scenario.where, scenario.settings))
    yield _("read again: {file}").format(file=scenario.where)
    yield session


def _endings() -> str:
    from gdsim.export.files import TEXTS

    return ", ".join(TEXTS)
