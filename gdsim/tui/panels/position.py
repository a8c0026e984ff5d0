"""The position in the run, as a slider under the charts; a click goes to an update."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from textual.events import Click
from textual.message import Message

from gdsim.charts.layout import updates_shown
from gdsim.charts.view import View
from gdsim.i18n import _
from gdsim.timeline.branches import parting
from gdsim.tui.panels.bars import LineBar
from gdsim.tui.panels.part import ScreenState
from gdsim.tui.strips import Piece

_SIGNS = {
    "passed": ("━", "="),
    "known": ("─", "-"),
    "ahead": ("┄", "."),
    "branch": ("┬", "+"),
    "question": ("?", "?"),
    "here": ("●", "@"),
}
"""The bar's signs in Unicode and ASCII: updates passed, computed and not yet made; places along the run."""

_STYLES = {"passed": "accent", "here": "accent", "branch": "strong", "question": "strong"}


class PositionBar(LineBar):
    """One line from update 0 to a finished run's last update, else to 20, 40, 80, … up to the run's limit."""

    @dataclass
    class Sought(Message):
        """An update was clicked."""

        update: int

    def view_key(self, state: ScreenState) -> Hashable:
        """Return a key that differs between states that look different here, also by how far the run is computed."""
        return state.view.sight, known(state.view), state.view.timeline.stopped, state.ascii_only

    def pieces(self, state: ScreenState, width: int) -> Iterable[Piece]:
        """Yield the bar between the numbers of its ends."""
        first, last = self._ends(state.view)
        yield Piece(first, "quiet")
        for name in self._cells(state.view, width - cell_len(first) - cell_len(last)):
            yield Piece(_SIGNS[name][state.ascii_only], _STYLES.get(name, "quiet"))
        yield Piece(last, "quiet")

    def _ends(self, view: View) -> tuple[str, str]:
        end = _("end") if view.timeline.stopped is not None else ("..." if self.ascii_only else "…")
        return " 0 ", f" {extent(view)} {end} "

    def _cells(self, view: View, width: int) -> list[str]:
        """Return what each cell of the bar shows; rarer marks cover more frequent ones."""
        if width < 1:
            return []
        end = extent(view)

        def cell(update: int) -> int:
            return min(round(update / end * (width - 1)), width - 1)

        here = cell(view.position.update)
        last = cell(known(view))
        cells = ["passed"] * (here + 1) + ["known"] * (last - here) + ["ahead"] * (width - last - 1)
        for name, updates in (("question", questions(view)), ("branch", branch_points(view))):
            for update in updates:
                if update <= end:
                    cells[cell(update)] = name
        cells[here] = "here"
        return cells

    def on_click(self, event: Click) -> None:
        """Ask for the update under the pointer."""
        if self.state is None:
            return
        view = self.state.view
        first, last = self._ends(view)
        width = self.content_size.width - cell_len(first) - cell_len(last)
        if width > 1:
            part = (event.x - cell_len(first)) / (width - 1)
            self.post_message(self.Sought(round(max(0.0, min(part, 1.0)) * extent(view))))


def known(view: View) -> int:
    """Return the last update computed so far, ignoring a single one ahead, which panels compute to look at the next."""
    last, here = view.timeline.last, view.position.update
    return last if last > here + 1 else here


def extent(view: View) -> int:
    """Return the update at the right end: a finished run's last one, else 20, 40, 80, … up to the run's limit."""
    timeline = view.timeline
    if timeline.stopped is not None:
        return max(1, timeline.last)
    return max(1, min(int(updates_shown(known(view))[1]), timeline.run.stop.max_updates))


def branch_points(view: View) -> set[int]:
    """Return the updates after which this run was edited or another branch split off."""
    partings = {parting(view.timeline, beside.timeline) for beside in view.comparisons if beside.is_ghost}
    return {edit.after for edit in view.timeline.edits} | {update for update in partings if update is not None}


def questions(view: View) -> set[int]:
    """Return the updates after which a question comes before the next update."""
    return {ask.before - 1 for ask in view.scenario.ask}
