"""Commands that save the run to a file, and that reload the scenario's file after it was changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from gdsim.errors import GdsimError, UsageError
from gdsim.export.files import TEXTS, text_lines, write_file
from gdsim.export.screen import PICTURES
from gdsim.export.trace.lines import Steps
from gdsim.i18n import _
from gdsim.scenario.build import start_count
from gdsim.scenario.load import load_file
from gdsim.scenario.place import Place
from gdsim.scenario.scenario import Scenario
from gdsim.session.command import Act, Ask, Effect, Result, Text, Work, said
from gdsim.session.session import Session
from gdsim.session.steps import Way


def save(session: Session, argument: str) -> Result:
    """Save the updates so far, or the screen, to a new file in the format of its extension; without a name, ask."""
    if not argument:
        return _ask_file(session)
    path = Path(argument).expanduser()
    extensions = (*PICTURES[:2], *TEXTS, *PICTURES[2:])
    if path.suffix not in extensions:
        raise UsageError(argument, _("unknown file extension"), ", ".join(extensions))
    if path.exists():
        raise UsageError(str(path), _("exists already"), _("another name"))
    return Effect(Act.SAVE_SCREEN, str(path)) if path.suffix in PICTURES else _writing(session, path)


def reload(session: Session, _argument: str) -> Result:
    """Reload the scenario's file and go to the same update; if the file has errors, report those instead."""
    scenario = session.scenario
    if scenario.folder is None:
        raise UsageError("reload", _("this scenario did not come from a file"))
    lines = [_("read again: {file}").format(file=scenario.where)]
    if session.timeline.edits:
        lines.append(_("Changes made by hand are replaced by the file's values."))
    try:
        anew = read_again(session, load_file(scenario.where, scenario.settings))
    except GdsimError as error:
        told = said(*str(error).split("\n"), title=_("not read again"), role="wrong")
        return replace(told, is_page=True)
    phase = session.position.phase
    return Way(
        anew,
        session.clock,
        phase=phase,
        arrive=lambda there: said(*lines, title=_("read again"), session=there),
    )


def read_again(before: Session, scenario: Scenario) -> Session:
    """Return a session at the start of `scenario`, which is the scenario of `before` reloaded from its changed file.

    The starting point and the rule stay the same if the file still has them; edits are lost, the score is kept.
    """
    is_corrected = before.is_corrected and scenario.as_published is not None
    place = Place(start=min(before.start, start_count(scenario) - 1), is_corrected=is_corrected)
    return replace(Session.open(scenario, place, budget=before.budget), quiz=before.quiz.anew())


def file_stamp(scenario: Scenario) -> int | None:
    """Return when the scenario's file was last written, in nanoseconds; None where there is no such file."""
    try:
        return Path(scenario.where).stat().st_mtime_ns if scenario.folder is not None else None
    except OSError:
        return None


def _writing(session: Session, path: Path) -> Work:
    """Return work that computes the file line by line, one or more lines per update, and then writes it."""
    lines: list[str] = []

    def steps() -> Iterator[int]:
        for line in text_lines(path.suffix, session, Steps(0, session.clock)):
            lines.append(line)
            yield min(len(lines), session.clock)

    def progress(_at: int) -> str:
        return _("{count} lines").format(count=len(lines))

    def result(work: Work) -> Text:
        if work.is_stopped:
            return said(_("nothing is saved"))
        write_file(path, lines)
        return said(_("saved: {file}").format(file=path), title=_("saved"))

    return Work(_("saving"), session.clock, steps(), progress, result)


def _ask_file(session: Session) -> Ask:
    proposed = free_name(Path.cwd(), f"gdsim-{session.scenario.name}-{session.position.update}", ".svg")
    help_text = _(
        "the extension picks the format: .svg .html this screen · .md the updates so far, worked out · "
        ".csv .jsonl their numbers · .cast a recording of them"
    )
    return Ask(_("save to a file"), help_text, proposed.name, lambda text: save(session, text.strip() or '""'))


def free_name(folder: Path, stem: str, extension: str) -> Path:
    """Return a path in `folder` that does not exist yet: stem.svg, stem-2.svg, …"""
    path, number = folder / f"{stem}{extension}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{extension}"
    return path
