"""The gradient check asked for: every parameter nudged, in a worker, with progress, to be stopped."""

from __future__ import annotations

from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from gdsim.explain.letters import in_ascii
from gdsim.language import _
from gdsim.timeline.position import update_on_view
from gdsim.tui import screens
from gdsim.tui.bars import TitleBar
from gdsim.tui.screens.base import SessionScreen

if TYPE_CHECKING:
    from gdsim.engine.update import Update
    from gdsim.explain.check import Lamp

_REPORT = 0.1


class Checking(SessionScreen):
    """The key of the run screen that checks the whole gradient."""

    def action_check(self) -> None:
        """Nudge every parameter of the update on view, and say where the gradient differs."""
        from gdsim.explain.check import extent_of, gradient_lamp

        self.pause()
        update = update_on_view(self.session.timeline, self.session.position)
        if update is None:
            self.app.notify(_("There is no update to check yet."))
            return
        known = gradient_lamp(update)
        if known.check is None or not known.extent:
            self._tell(update, known)
            return
        stop = Event()
        title = _("checking the gradient")
        text = _("parameter {update} of {target}")
        sheet = screens.Working(title, 0, extent_of(update), stop.set, text)
        self.app.push_screen(sheet)
        self.run_worker(lambda: self._check(update, sheet, stop), thread=True, exclusive=True, group="travel")

    def _check(self, update: Update, sheet: screens.Working, stop: Event) -> None:
        from gdsim.explain.check import full_check

        reported = [monotonic()]

        def go_on(done: int) -> bool:
            if monotonic() - reported[0] > _REPORT:
                reported[0] = monotonic()
                self.app.call_from_thread(sheet.show, done)
            return not stop.is_set()

        lamp = full_check(update, go_on)
        self.app.call_from_thread(sheet.dismiss, None)
        self.app.call_from_thread(self._tell, update, lamp)

    def _tell(self, update: Update, lamp: Lamp) -> None:
        """Show what the check found, block by block, and let the lamp in the title say the same."""
        from gdsim.explain.check import block_lines

        self.query_one(TitleBar).lamp = lamp
        title = _("gradient of update {number}").format(number=update.number)
        text = "\n\n".join([lamp.text, "\n".join(block_lines(update, lamp))])
        if self.query_one(TitleBar).ascii_only:
            text = in_ascii(text)
        self.app.push_screen(screens.Reader(title, text, is_markdown=False))
