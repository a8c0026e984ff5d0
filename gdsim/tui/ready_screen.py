"""A screen that is first shown when its panels are drawn."""

from __future__ import annotations

from typing import TypeVar

from textual.events import ScreenResume
from textual.screen import Screen

Result = TypeVar("Result")


class ReadyScreen(Screen[Result]):
    """Waits for its first regular update, when the panels know their sizes and have drawn what is in them.

    Textual would compute all styles again, put the empty panels together, and send them, and then do so once more.
    """

    _is_due = not hasattr(Screen, "_on_timer_update")  # another Textual

    def _on_screen_resume(self, event: ScreenResume) -> None:
        if not self._is_due:  # its widgets have just been given their styles
            event.refresh_styles = False

    def _on_timer_update(self) -> None:
        if not self._is_due and self._layout_required:
            self._repaint_required = False  # everything is drawn where it is laid out
        self._is_due = True
        super()._on_timer_update()

    def _compositor_refresh(self) -> None:
        if self._is_due:
            super()._compositor_refresh()
