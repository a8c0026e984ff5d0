"""Whether gradients are right: the lamp in the title; asked for, every parameter nudged, in a worker, to be stopped."""

from __future__ import annotations

from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from textual.timer import Timer

from gdsim.explain.numbers import in_ascii
from gdsim.i18n import _
from gdsim.session import Session
from gdsim.timeline.position import update_on_view
from gdsim.tui import screens
from gdsim.tui.screens.base import SessionScreen

if TYPE_CHECKING:
    from gdsim.engine.update import Update
    from gdsim.explain.gradient_check import GradientIndicator

_REPORT = 0.1
"""Seconds between two reports of how far a check is."""

_CHECKED_AT_ONCE = 4
"""Parameters up to which the gradient is checked before a key is answered."""

_LAMP_WAITS = 0.06
"""Seconds after a key before the gradient of a larger model is checked."""


class Checking(SessionScreen):
    """The gradient lamp of the run screen, and the key that checks the whole gradient."""

    def __init__(self) -> None:
        super().__init__()
        self._lamp_timer: Timer | None = None

    def light_soon(self, session: Session) -> None:
        """Let the indicator say whether the gradient on view is right; of a larger model, a moment after the key."""
        if session.timeline.run.model.layout.size <= _CHECKED_AT_ONCE:
            self.indicator = _indicator_of(session)
        elif self._lamp_timer is None:
            self._lamp_timer = self.set_timer(_LAMP_WAITS, self.light)

    def light(self) -> None:
        """Let the indicator say whether the gradient on view is right."""
        self._lamp_timer = None
        self.indicator = _indicator_of(self.session)
        self.refresh_parts()

    def action_check(self) -> None:
        """Nudge every parameter of the update on view, and say where the gradient differs."""
        from gdsim.explain.gradient_check import extent_of, gradient_indicator

        self.pause()
        update = update_on_view(self.session.timeline, self.session.position)
        if update is None:
            self.app.notify(_("There is no update to check yet."))
            return
        known = gradient_indicator(update)
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
        from gdsim.explain.gradient_check import full_check

        reported = [monotonic()]

        def go_on(done: int) -> bool:
            if monotonic() - reported[0] > _REPORT:
                reported[0] = monotonic()
                self.app.call_from_thread(sheet.show, done)
            return not stop.is_set()

        lamp = full_check(update, go_on)
        self.app.call_from_thread(sheet.dismiss, None)
        self.app.call_from_thread(self._tell, update, lamp)

    def _tell(self, update: Update, lamp: GradientIndicator) -> None:
        """Show what the check found, block by block, and let the lamp in the title say the same."""
        from gdsim.explain.gradient_check import block_lines

        self.indicator = lamp
        self.refresh_parts()
        title = _("gradient of update {number}").format(number=update.number)
        text = "\n\n".join([lamp.text, "\n".join(block_lines(update, lamp))])
        if self.ascii_only:
            text = in_ascii(text)
        self.app.push_screen(screens.Reader(title, text, is_markdown=False))


def _indicator_of(session: Session) -> GradientIndicator | None:
    """Return whether the gradient of the update on view is right; None where there is no update."""
    update = update_on_view(session.timeline, session.position)
    if update is None:
        return None
    from gdsim.explain.gradient_check import gradient_indicator

    return gradient_indicator(update)
