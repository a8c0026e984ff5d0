"""A place for a chart; `v` shows the next one there."""

from __future__ import annotations

from collections.abc import Collection, Hashable

from textual.binding import Binding
from textual.message import Message
from textual.reactive import var

from gdsim.charts.chart import Answers, Confusion, NetworkDrawing, SideBySide
from gdsim.charts.table import CHARTS, charts_for
from gdsim.explain.numbers import in_ascii
from gdsim.i18n import _
from gdsim.timeline.position import Focus
from gdsim.tui.canvas import fitted
from gdsim.tui.drawing import draw
from gdsim.tui.panels.part import Drawn, Panel
from gdsim.tui.state import ScreenState

_ASCII_ARROWS = str.maketrans("↑↓←→·", "^v<>-")


class ChartPanel(Panel):
    """One chart of those that fit the scenario.

    place: which of them is shown at first, counted from 0.
    """

    BINDINGS = [
        Binding("left,H", "choose(-1, 0)", show=False),
        Binding("right,L", "choose(1, 0)", show=False),
        Binding("up,K", "choose(0, -1)", show=False),
        Binding("down,J", "choose(0, 1)", show=False),
    ]

    class Chosen(Message):
        """Something was chosen in the chart with the arrow keys."""

        def __init__(self, focus: Focus) -> None:
            super().__init__()
            self.focus = focus

    chart: var[str] = var("", init=False)

    def __init__(self, place: int, *, id: str) -> None:
        super().__init__(id=id)
        self._place = place

    def watch_chart(self) -> None:
        self.update_lines()

    @property
    def shown(self) -> str:
        """The name of the chart shown."""
        names = () if self.state is None else charts_for(self.state.view)
        return self._among(names) if names else ""

    @property
    def is_choosing(self) -> bool:
        """Whether the arrow keys choose something in the chart shown."""
        return bool(self.shown) and bool(CHARTS[self.shown].chosen_by)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action is to be done here; arrow keys that choose nothing are left to the screen."""
        return self.is_choosing if action == "choose" else super().check_action(action, parameters)

    def action_choose(self, right: int, down: int) -> None:
        """Choose what lies one step to the right or down."""
        if self.state is not None:
            self.post_message(self.Chosen(CHARTS[self.shown].choose(self.state.view, right, down)))

    def on_focus(self) -> None:
        self.update_lines()

    def on_blur(self) -> None:
        self.update_lines()

    def show_next(self, besides: Collection[str] = ()) -> None:
        """Show the chart after the one shown now, leaving out those that are on view elsewhere."""
        if self.state is None:
            return
        names = charts_for(self.state.view)
        after = names.index(self._among(names)) + 1
        in_turn = [*names[after:], *names[:after]]
        self.chart = next((name for name in in_turn if name not in besides), in_turn[-1])

    def _among(self, names: tuple[str, ...]) -> str:
        return self.chart if self.chart in names else names[min(self._place, len(names) - 1)]

    def view_key(self, state: ScreenState) -> Hashable:
        """Return what tells a state from others that look different here."""
        return super().view_key(state), self.chart, self.has_focus

    def draw(self, state: ScreenState, width: int, height: int) -> Drawn:
        """Return the chart drawn to fill the panel."""
        name = self._among(charts_for(state.view))
        chart = CHARTS[name].build(state.view)
        if chart is None:
            return Drawn([])
        title = (
            chart.title
            if isinstance(chart, Answers | Confusion | NetworkDrawing | SideBySide)
            else _(CHARTS[name].title)
        )
        strips = draw(chart, width, height, self.palette, ascii_only=state.ascii_only)
        return Drawn(strips, in_ascii(title) if state.ascii_only else title, self._chosen(state, name, width))

    def _chosen(self, state: ScreenState, name: str, width: int) -> str:
        """Return what is chosen in the chart, and how to choose, where the arrow keys do."""
        kind = CHARTS[name]
        if not kind.chosen_by:
            return ""
        told = kind.describe(state.view)
        texts = [told, _(kind.keys)] if self.has_focus else [told or _("tab, then arrow keys choose")]
        line = " · ".join(text for text in texts if text)
        if state.ascii_only:
            line = line.translate(_ASCII_ARROWS)
        return fitted(line, width - 4, ascii_only=state.ascii_only)
