"""Where we are in the run, as a slider under the charts: a click goes there."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import groupby

from rich.cells import cell_len
from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from gdsim.charts.layout import updates_shown
from gdsim.charts.view import View
from gdsim.i18n import _
from gdsim.timeline.branches import parting
from gdsim.tui.panels.bars import LineBar
from gdsim.tui.panels.part import ScreenState
from gdsim.tui.strips import Run

_SIGNS = {
    "passed": ("━", "="),
    "known": ("─", "-"),
    "ahead": ("┄", "."),
    "branch": ("┬", "+"),
    "question": ("?", "?"),
    "here": ("●", "@"),
}
"""What the bar is made of, in Unicode and in ASCII: updates passed, computed, not yet made; places on the way."""

_STYLES = {"passed": "accent", "here": "accent", "branch": "strong", "question": "strong"}


class PositionBar(LineBar):
    """One line from update 0 to the last one known, or to where a run under way may lead."""

    @dataclass
    class Sought(Message):
        """An update was clicked."""

        update: int

    def view_key(self, state: ScreenState) -> Hashable:
        """Return what tells a state from others that look different here: also how far the run is known."""
        return state.view.sight, known(state.view), state.view.timeline.stopped, state.ascii_only

    def line(self, state: ScreenState, width: int) -> Strip:
        """Return the bar between the numbers of its ends."""
        view = state.view
        first, last = self._ends(view)
        cells = self._cells(view, width - cell_len(first) - cell_len(last))
        column = int(self.ascii_only)
        runs: list[Run] = [(first, self.style("quiet"))]
        for name, stretch in groupby(cells):
            runs.append((_SIGNS[name][column] * len(list(stretch)), self.style(_STYLES.get(name, "quiet"))))
        runs.append((last, self.style("quiet")))
        return self.between(runs, [], width)

    def _ends(self, view: View) -> tuple[str, str]:
        end = _("end") if view.timeline.stopped is not None else ("..." if self.ascii_only else "…")
        return " 0 ", f" {extent(view)} {end} "

    def _cells(self, view: View, width: int) -> list[str]:
        """Return what each cell of the bar shows; what is rarer lies over the rest."""
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
    """Return the latest update there is by now, but for a single one ahead: panels look at what the next will be."""
    last, here = view.timeline.last, view.position.update
    return last if last > here + 1 else here


def extent(view: View) -> int:
    """Return the update at the right end: the last of a run that is over, else more than there is by now."""
    timeline = view.timeline
    if timeline.stopped is not None:
        return max(1, timeline.last)
    return max(1, min(int(updates_shown(known(view))[1]), timeline.run.stop.max_updates))


def branch_points(view: View) -> set[int]:
    """Return the updates at which something was changed in this run, or another branch left it."""
    partings = {parting(view.timeline, beside.timeline) for beside in view.comparisons if beside.is_ghost}
    return {edit.after for edit in view.timeline.edits} | {update for update in partings if update is not None}


def questions(view: View) -> set[int]:
    """Return the updates after which a question is asked before going on."""
    return {ask.before - 1 for ask in view.scenario.ask}
