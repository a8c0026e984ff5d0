"""Files: the run saved to one, and the scenario's own read again after it was changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from gdsim.errors import GdsimError, UsageError
from gdsim.i18n import _
from gdsim.scenario.scenario import Scenario
from gdsim.session import Session
from gdsim.session.files import read_again
from gdsim.tui import screens
from gdsim.tui.screens.base import SessionScreen

if TYPE_CHECKING:
    from gdsim.export.screen.frame import Frame


class Keeping(SessionScreen):
    """The keys of the run screen that have to do with files."""

    @dataclass
    class ReloadAsked(Message):
        """The scenario's file is to be read again."""

        where: str

    _stamp: int | None = None

    def action_save(self) -> None:
        """Ask for a file and save the screen as it is, or the updates made so far; nothing is overwritten."""
        from gdsim.tui.frames import frame_of  # it opens run screens itself, so it cannot be imported before them

        self.pause()
        frame, session = frame_of(self.app, self.session), self.session
        proposed = free_name(Path.cwd(), f"gdsim-{session.scenario.name}-{session.position.update}", ".svg")
        help_text = _(
            "its ending says what is saved: .svg .html this screen · .md the updates so far, worked out · "
            ".csv .jsonl their numbers · .cast a recording of them"
        )
        sheet = screens.AskLine(_("save to a file"), help_text, proposed.name, file_to_save)
        self.app.push_screen(sheet, lambda path: self._save(path, frame, session) if isinstance(path, Path) else None)

    def _save(self, path: Path, frame: Frame, session: Session) -> None:
        self.run_worker(lambda: self._write(path, frame, session), thread=True, group="save")

    def _write(self, path: Path, frame: Frame, session: Session) -> None:
        """Write the file in a thread of its own, and say how that went."""
        from gdsim.export.files import write_file  # what writes files is loaded when one is written

        try:
            write_file(path, self._lines(path.suffix, frame, session))
        except GdsimError as error:
            self.app.call_from_thread(self.app.notify, str(error), title=_("not saved"), severity="error")
        else:
            self.app.call_from_thread(self.app.notify, str(path), title=_("saved"))

    def _lines(self, ending: str, frame: Frame, session: Session) -> Iterable[str]:
        from gdsim.export.files import TEXTS, text_lines
        from gdsim.export.screen.html import html
        from gdsim.export.screen.svg import svg
        from gdsim.export.trace.lines import Steps

        if ending == ".svg":
            return [svg(frame)]
        if ending == ".html":
            return [html(session.scenario.title, [frame])]
        steps = Steps(0, session.clock)
        if ending in TEXTS:
            return text_lines(ending, session, steps)
        from gdsim.tui.app import Options
        from gdsim.tui.pictures import Shot, recording

        is_ascii = bool(getattr(self, "ascii_only", False))
        options = Options(ascii_only=is_ascii, theme=self.app.theme, is_without_color=self.app.no_color)
        return recording(session, Shot(steps=steps, size=(frame.width, frame.height), options=options))

    def action_reload(self) -> None:
        """Ask for the scenario's file to be read again."""
        self.pause()
        self.post_message(self.ReloadAsked(self.session.scenario.where))

    def reloaded(self, scenario: Scenario) -> None:
        """Show a scenario read anew, at the same place: same update and phase, same start, as far as it has them."""
        before = self.session
        self._stamp = None
        self.show(read_again(before, scenario))
        told = _("{where}: what was changed by hand is now as the file has it") if before.timeline.edits else "{where}"
        self.app.notify(told.format(where=scenario.where), title=_("read again"))

    def look_after_file(self) -> None:
        """Say so, once, when the scenario's file was changed since it was read; looked at as keys are pressed only."""
        stamp = file_stamp(self.session.scenario)
        if self._stamp is not None and stamp is not None and stamp != self._stamp:
            text = _("{where} was changed. Press R to read it again, at the same update.")
            self.app.notify(text.format(where=self.session.scenario.where), title=_("the file was changed"), timeout=8)
        self._stamp = stamp if stamp is not None else self._stamp


def file_stamp(scenario: Scenario) -> int | None:
    """Return when the scenario's file was last written, in nanoseconds; None where there is no such file."""
    try:
        return Path(scenario.where).stat().st_mtime_ns if scenario.folder is not None else None
    except OSError:
        return None


def endings() -> tuple[str, ...]:
    """Return what can be saved, by the ending of the file."""
    from gdsim.export.files import TEXTS

    return (".svg", ".html", *TEXTS, ".cast")


def file_to_save(text: str) -> Path:
    """Return the file a typed name means. Raises UsageError when it exists, or its ending names no format."""
    path = Path(text.strip()).expanduser()
    if path.suffix not in endings():
        raise UsageError(text.strip() or '""', _("its ending names no format"), ", ".join(endings()))
    if path.exists():
        raise UsageError(str(path), _("exists already"), _("another name"))
    return path


def free_name(folder: Path, stem: str, ending: str) -> Path:
    """Return a path in `folder` that does not exist yet: stem.ending, stem-2.ending, …"""
    path, number = folder / f"{stem}{ending}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{ending}"
    return path
