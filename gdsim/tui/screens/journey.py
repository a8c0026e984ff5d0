"""Long ways through a run: to its end, to update N, to the next epoch; in a worker, with progress, to be cancelled."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import monotonic

from textual.worker import Worker

from gdsim.i18n import _
from gdsim.session import Session
from gdsim.tui import screens
from gdsim.tui.screens.base import SessionScreen

AT_ONCE = 0.05
"""Seconds a journey may take before the screen shows its progress instead."""
_REPORT = 0.1


class Journey(SessionScreen):
    """The keys of the run screen that go far."""

    def action_last(self) -> None:
        """Go to the last update of the run; from there, to the last of those that go on beside it."""
        timeline = self.session.timeline
        is_over = self.session.is_over
        self.travel(
            self.session.longest,
            until=None if is_over else lambda number: timeline.stopped is not None and number >= timeline.last,
        )

    def action_go_to(self) -> None:
        """Ask for an update and go there."""
        self.pause()
        longest = self.session.longest
        self.app.push_screen(
            screens.AskLine(
                _("go to update"),
                _("a whole number from 0 to {longest}").format(longest=longest),
                str(self.session.position.update),
                _whole_number,
            ),
            lambda number: None if number is None else self.travel(int(str(number))),
        )

    def action_milestone(self) -> None:
        """Go to the next correction of a perceptron, or to the end of the epoch."""
        timeline, update = self.session.timeline, self.session.clock
        run = timeline.run_at(update)
        if run.stop.on_epoch:
            self.travel(
                self.session.longest,
                until=lambda number: number <= timeline.last and timeline.update(number).is_mistake,
            )
        else:
            per_epoch = run.batches.per_epoch
            self.travel((update // per_epoch + 1) * per_epoch)

    def travel(self, target: int, until: Callable[[int], bool] | None = None) -> None:
        """Go to update `target`, or to the first on the way that `until` holds for; to the end when that comes before.

        What takes no longer than a blink is done at once.
        """
        self.pause()
        way = Way(self.session, target, until)
        if way.walk(AT_ONCE):
            self._arrive(way)
            return
        sheet = screens.Working(_("on the way"), way.at, target, way.stop.set)
        self.app.push_screen(sheet)
        self.run_worker(lambda: self._walk(way, sheet), thread=True, exclusive=True, group="travel")

    def _walk(self, way: Way, sheet: screens.Working) -> None:
        while not way.walk(_REPORT):
            self.app.call_from_thread(sheet.show, way.at)
        self.app.call_from_thread(self._arrive, way)
        self.app.call_from_thread(sheet.dismiss, None)

    def _arrive(self, way: Way) -> None:
        before = self.session.clock
        self.show(self.session.after(way.at))
        if self.session.is_over and not self.session.extra_updates and way.at >= before:
            self.tell_end()

    def on_unmount(self) -> None:
        """Stop a journey that is still under way."""
        for worker in self.workers:
            if isinstance(worker, Worker) and worker.group == "travel":
                worker.cancel()


class Way:
    """A journey of a session towards an update, with all runs on view; where it has come to is `at`."""

    def __init__(self, session: Session, target: int, until: Callable[[int], bool] | None) -> None:
        self.at = session.clock
        self.stop = Event()
        self._session, self._target, self._until = session, target, until

    def walk(self, seconds: float) -> bool:
        """Go on for some time; return whether the journey is over."""
        deadline = monotonic() + seconds
        if self._until is None and self._session.is_computed(self._target):
            self.at = self._session.reach(self._target)
        while self.at < self._target:
            if self.stop.is_set() or self._session.reach(self.at + 1) == self.at:
                return True
            self.at += 1
            if self._until is not None and self._until(self.at):
                return True
            if monotonic() > deadline:
                return self.at >= self._target
        return True


def _whole_number(text: str) -> int:
    if not text.strip().isdecimal():
        raise ValueError(_("found {text!r}; a whole number from 0").format(text=text.strip()))
    return int(text)
