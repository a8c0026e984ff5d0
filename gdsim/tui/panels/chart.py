"""A place for a chart; `v` shows the next one there."""

from __future__ import annotations

from collections.abc import Collection

from textual.reactive import var
from textual.strip import Strip

from gdsim.charts.chart import NetworkDrawing
from gdsim.charts.table import CHARTS, charts_for
from gdsim.charts.view import View
from gdsim.language import _
from gdsim.tui.panel import Panel


class ChartPanel(Panel):
    """One chart of those that fit the scenario.

    place: which of them is shown at first, counted from 0.
    """

    chart: var[str] = var("", init=False)
    ascii_only: var[bool] = var(False)

    def __init__(self, place: int, *, id: str) -> None:
        super().__init__(id=id)
        self._place = place

    def watch_chart(self) -> None:
        self.redraw()

    def watch_ascii_only(self) -> None:
        self.redraw()

    @property
    def shown(self) -> str:
        """The name of the chart shown."""
        names = () if self.view is None else charts_for(self.view)
        return self._among(names) if names else ""

    def show_next(self, besides: Collection[str] = ()) -> None:
        """Show the chart after the one shown now, leaving out those that are on view elsewhere."""
        if self.view is None:
            return
        names = charts_for(self.view)
        after = names.index(self._among(names)) + 1
        in_turn = [*names[after:], *names[:after]]
        self.chart = next((name for name in in_turn if name not in besides), in_turn[-1])

    def _among(self, names: tuple[str, ...]) -> str:
        return self.chart if self.chart in names else names[min(self._place, len(names) - 1)]

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        """Return the chart drawn to fill the panel."""
        from gdsim.tui.network_drawing import draw_network
        from gdsim.tui.plot import draw

        name = self._among(charts_for(view))
        chart = CHARTS[name].build(view)
        if chart is None:
            return []
        self.titled(_(CHARTS[name].title))
        if isinstance(chart, NetworkDrawing):
            return draw_network(chart, width, height, self.palette, ascii_only=self.ascii_only)
        return draw(chart, width, height, self.palette, ascii_only=self.ascii_only)
