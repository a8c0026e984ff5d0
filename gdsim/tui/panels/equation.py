"""The equation of the current phase with the numbers put in, and one plain sentence."""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len
from textual.strip import Strip

from gdsim.charts.kinds.activation import looks
from gdsim.charts.view import View
from gdsim.engine.update import Update
from gdsim.explain.activations import activation_page
from gdsim.explain.figures import figure_notes
from gdsim.explain.gradient_check import nudging_page
from gdsim.explain.page import Line, Page, lettered
from gdsim.explain.pages import page, page_at, phase_name
from gdsim.explain.status import is_over, stop_sentence
from gdsim.explain.symbols import names_of
from gdsim.i18n import _, ngettext
from gdsim.session.goals import goal_sentence
from gdsim.timeline.position import phases_revealed, update_on_view
from gdsim.tui.panels.part import Drawn, Panel
from gdsim.tui.state import ScreenState
from gdsim.tui.strips import Run, blank, strip_of, wrapped

_FRAME = 4
"""Cells of the frame beside a title, over and above those beside the content."""

_LONG = 3
"""Lines of numbers put in that are left out where the page does not fit otherwise: the formula says what they do."""


class EquationPanel(Panel):
    """What the current phase computes."""

    def draw(self, state: ScreenState, width: int, height: int) -> Drawn:
        """Return the phases of the update, the sentence, the equations, and where there is room those before."""
        view = state.view
        if view.nudging is not None:
            return self._fitted(nudging_page(view.nudging), width, height)
        if view.focus.z is not None:
            found = [look.activation for look in looks(view)]
            return self._fitted(activation_page(found, view.focus.z), width, height)
        shown = page_at(view.timeline, view.position, view.focus, names=names_of(view.scenario))
        shown = self._lettered(replace(shown, notes=(*self._of_the_place(state), *shown.notes)))
        title, body = shown.title, self._body(shown, width, height)
        update = update_on_view(view.timeline, view.position)
        if update is not None:
            phase, names = (
                phases_revealed(view.timeline, view.position) - 1,
                [phase_name(each) for each in update.phases],
            )
            title = _("update {number} · {title}").format(number=update.number, title=title)
            if cell_len(title) > width - _FRAME:
                title = f"{update.number} · {phase + 1}/{len(names)} {names[phase]}"
            steps = self._steps(names, phase, width)
            if steps and len(steps) + 1 + len(body) <= height:
                body = [*steps, blank(width), *body]
                body += self._before(view, update, phase, width, height - len(body))
        return self._windowed(title, body, height)

    def _of_the_place(self, state: ScreenState) -> list[str]:
        """Return what to try, why the run is over where it is, and the published figures about this very place."""
        view, sentence = state.view, goal_sentence(state.session)
        notes = [sentence] if sentence else []
        if view.timeline.stopped is not None and is_over(view.timeline, view.position):
            notes.append(stop_sentence(view.timeline.stopped, view.timeline))
        notes += figure_notes(view.scenario, view.timeline, view.position)
        return notes

    def _fitted(self, shown: Page, width: int, height: int) -> Drawn:
        """Return a page as many lines as fit."""
        shown = self._lettered(shown)
        return self._windowed(shown.title, self._body(shown, width, height), height)

    def _lettered(self, shown: Page) -> Page:
        """Return a page in the letters the terminal has."""
        return lettered(shown) if self.ascii_only else shown

    def _windowed(self, title: str, body: list[Strip], height: int) -> Drawn:
        """Return the part of the lines that is scrolled to, without blank ones where they do not all fit."""
        if len(body) > height:
            body = [strip for strip in body if strip.text.strip()]
        first = self.first_of(len(body), height)
        below = len(body) - first - height
        return Drawn(body[first : first + height], title, self._more(below) if below > 0 else "", len(body))

    def _more(self, lines: int) -> str:
        arrow = "v" if self.ascii_only else "↓"
        return f"{arrow} " + ngettext("{count} more line", "{count} more lines", lines).format(count=lines)

    def _before(self, view: View, update: Update, phase: int, width: int, room: int) -> list[Strip]:
        """Return the equations of the phases before `phase`, the latest first, as many as there is room for."""
        strips: list[Strip] = []
        for index in range(phase - 1, -1, -1):
            earlier = self._lettered(page(update, index, view.focus, names=names_of(view.scenario)))
            rule = strip_of([(self._rule(phase_name(update.phases[index]), width), self.style("frame"))], width)
            block = [blank(width), rule]
            for line in earlier.lines:
                block += self._line(line, width, "quiet")
            if len(strips) + len(block) > room:
                break
            strips += block
        return strips

    def _steps(self, names: list[str], current: int, width: int) -> list[Strip]:
        """Return the phases in their order, the current one marked, those to come dim."""
        arrow = " > " if self.ascii_only else " › "
        runs: list[Run] = []
        for index, name in enumerate(names):
            style = "accent" if index == current else "quiet"
            shown = f"[{name}]" if index == current else name
            runs += [(arrow if index else "", self.style("quiet")), (shown, self.style(style))]
        if sum(cell_len(text) for text, _style in runs) > width:
            return []
        return [strip_of(runs, width)]

    def _rule(self, name: str, width: int) -> str:
        dash = "-" if self.ascii_only else "─"
        return f"{dash * 2} {name} {dash * width}"

    def _body(self, page: Page, width: int, height: int) -> list[Strip]:
        """Return a page with room between its parts, else without, else with short equations in one line each."""
        body = self._page(page, width)
        if sum(bool(strip.text.strip()) for strip in body) > height:
            return self._page(page, width, is_short=True)
        return body

    def _page(self, page: Page, width: int, *, is_short: bool = False) -> list[Strip]:
        strips = [strip_of([(text, self.style("strong"))], width) for text in wrapped(page.sentence, width)]
        for line in page.lines:
            in_one = self._in_one_line(line, width) if is_short else []
            if is_short and len(wrapped(line.substituted, width)) > _LONG:
                line = replace(line, substituted="")
            strips += [blank(width), *(in_one or self._line(line, width))]
        for note in page.notes:
            strips.append(blank(width))
            strips += [strip_of([(text, self.style("quiet"))], width) for text in wrapped(note, width)]
        return strips

    def _in_one_line(self, line: Line, width: int) -> list[Strip]:
        """Return ``symbol = formula = substituted = value`` where one line holds it, else nothing."""
        before = " = ".join(filter(None, (line.symbol, line.formula, line.substituted))) + " = " * bool(line.value)
        if cell_len(before) + cell_len(line.value) > width:
            return []
        return [strip_of([(before, self.style()), (line.value, self.style("accent"))], width)]

    def _line(self, line: Line, width: int, quiet: str = "") -> list[Strip]:
        """Return ``symbol = formula``, ``= substituted``, ``= value``, the equals signs one under another."""
        head = min(cell_len(line.symbol), width // 3)
        parts = [(line.formula, quiet), (line.substituted, quiet), (line.value, quiet or "accent")]
        strips: list[Strip] = []
        for text, style in parts:
            if not text:
                continue
            lead = line.symbol if not strips else " " * head
            first, *rest = wrapped(f"{lead} = {text}", width, " " * (head + 3))
            strips += [strip_of([(part, self.style(style))], width) for part in (first, *rest)]
        return strips
