"""The dialog shown during long work: its progress, and a key that stops it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import ProgressBar, Static

from gdsim.i18n import _
from gdsim.session.command import Work
from gdsim.tui.ascii_letters import lettered
from gdsim.tui.dialogs.dialog import Dialog

_SLICE = 0.1
"""Seconds between two updates of the progress shown."""


class Progress(Dialog[Work]):
    """Does work in a separate thread and closes with it when it is over; escape stops the work."""

    BINDINGS = [("escape,q", "stop", "stop here")]
    stays = True

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work, self._is_over = work, False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = lettered(self.app, self._work.title)
            dialog.border_subtitle = _("esc stops here")
            yield Static("", id="progress-text", markup=False)
            yield ProgressBar(total=max(1, self._work.total), show_eta=False)

    def on_mount(self) -> None:
        """Start the work, and the timer that shows its progress."""
        self.run_worker(self._walk, thread=True)
        self.set_interval(_SLICE, self._look)

    def on_unmount(self) -> None:
        """Stop the work: nobody waits for it any more."""
        self._work.stop()

    def action_stop(self) -> None:
        """Stop the work after the step under way."""
        self._work.stop()

    def _walk(self) -> None:
        while not self._work.walk(_SLICE):
            pass
        self._is_over = True

    def _look(self) -> None:
        self.query_one("#progress-text", Static).update(lettered(self.app, self._work.progress))
        self.query_one(ProgressBar).update(progress=self._work.at)
        if self._is_over:
            self.dismiss(self._work)
