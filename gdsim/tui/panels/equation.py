"""The equation of the phase in hand with the numbers put in, and one plain sentence."""

from __future__ import annotations

from rich.cells import cell_len
from textual.reactive import var
from textual.strip import Strip

from gdsim.charts.view import View
from gdsim.explain.page import Line, Page
from gdsim.explain.pages import page_at, phase_name
from gdsim.language import _
from gdsim.timeline.position import phases_revealed, update_on_view
from gdsim.tui.panel import Panel, Run, strip_of, wrapped


class EquationPanel(Panel):
    """What the phase in hand computes."""

    COMPONENT_CLASSES = {"text--quiet", "text--strong", "text--accent"}
    ascii_only: var[bool] = var(False)

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        """Return the phases of the update, the sentence, and the equations; cut where the panel ends."""
        page = page_at(view.timeline, view.position, view.focus, ascii_only=self.ascii_only)
        body = self._page(page, width)
        update = update_on_view(view.timeline, view.position)
        if update is None:
            self.titled(page.title)
            return body[:height]
        self.titled(_("update {number} · {title}").format(number=update.number, title=page.title))
        phase = phases_revealed(view.timeline, view.position) - 1
        steps = self._steps([phase_name(each) for each in update.phases], phase, width)
        if steps and len(steps) + 1 + len(body) <= height:
            return [*steps, Strip.blank(width), *body]
        return body[:height]

    def _steps(self, names: list[str], current: int, width: int) -> list[Strip]:
        """Return the phases in their order, the one in hand marked, those to come dim."""
        arrow = " > " if self.ascii_only else " › "
        runs: list[Run] = []
        for index, name in enumerate(names):
            style = "text--accent" if index == current else "text--quiet"
            shown = f"[{name}]" if index == current else name
            runs += [(arrow if index else "", self.style("text--quiet")), (shown, self.style(style))]
        if sum(cell_len(text) for text, _style in runs) > width:
            return []
        return [strip_of(runs, width)]

    def _page(self, page: Page, width: int) -> list[Strip]:
        strips = [strip_of([(text, self.style("text--strong"))], width) for text in wrapped(page.sentence, width)]
        for line in page.lines:
            strips += [Strip.blank(width), *self._line(line, width)]
        for note in page.notes:
            strips.append(Strip.blank(width))
            strips += [strip_of([(text, self.style("text--quiet"))], width) for text in wrapped(note, width)]
        return strips

    def _line(self, line: Line, width: int) -> list[Strip]:
        """Return ``symbol = formula``, ``= substituted``, ``= value``, the equals signs one under another."""
        head = min(cell_len(line.symbol), width // 3)
        parts = [(line.formula, ""), (line.substituted, ""), (line.value, "text--accent")]
        strips: list[Strip] = []
        for text, style in parts:
            if not text:
                continue
            lead = line.symbol if not strips else " " * head
            first, *rest = wrapped(f"{lead} = {text}", width, " " * (head + 3))
            strips += [strip_of([(part, self.style(style))], width) for part in (first, *rest)]
        return strips
