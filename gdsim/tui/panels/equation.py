"""The equation panel: the whole update of one weight, its gradient by the chain rule, or the lesson."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import partial

from rich.cells import cell_len
from textual.strip import Strip

from gdsim.charts.kinds.activation import looks
from gdsim.charts.view import View
from gdsim.explain.chain import Chain, chain_page, has_chain
from gdsim.explain.figures import figure_notes
from gdsim.explain.gradient_check import nudging_page
from gdsim.explain.page import Line, Page, lettered, names_of
from gdsim.explain.pages import activation_page, page_at
from gdsim.explain.selection import is_edited
from gdsim.explain.status import is_over, stop_sentence
from gdsim.explain.story import crumb, story
from gdsim.i18n import _, ngettext
from gdsim.session import Session
from gdsim.session.goals import goal_sentence
from gdsim.session.looking import lesson_source
from gdsim.timeline.position import phases_revealed, update_on_view
from gdsim.tui import ascii_letters
from gdsim.tui.panels.chain import chain_strips
from gdsim.tui.panels.lesson import lesson_strips
from gdsim.tui.panels.part import Drawn, Panel, ScreenState
from gdsim.tui.strips import Run, blank, cells_of, strip_of, wrapped

_FRAME = 4
"""Cells of the frame around a title, beyond those around the content."""

_LESSON = "lesson"
"""Identifies the lesson to `_turn_to`: opened at its beginning, it then keeps its scroll position."""

_LONG = 3
"""The most lines of substituted numbers kept on a page that does not fit; the formula still says what is computed."""


class EquationPanel(Panel):
    """Shows what the current phase computes and what led to it; or the chain rule; or the lesson."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._told: Hashable = None

    def draw(self, state: ScreenState, width: int, height: int) -> Drawn:
        """Return the update's phases, the equations of earlier ones, and the current one in words and equations."""
        view = state.view
        if state.session.is_reading:
            return self._lesson(state.session, width, height)
        if view.nudging is not None:
            return self._fitted(nudging_page(view.nudging), width, height)
        if view.focus.z is not None:
            found = [look.activation for look in looks(view)]
            return self._fitted(activation_page(found, view.focus.z), width, height)
        chain = state.session.chain
        if chain is not None:
            return self._chain(chain, view, width, height)
        names, update = names_of(view.scenario), update_on_view(view.timeline, view.position)
        if update is None or is_edited(view.timeline, view.position):
            return self._fitted(page_at(view.timeline, view.position, view.focus, names=names), width, height, state)
        phase = phases_revealed(view.timeline, view.position) - 1
        *before, shown = story(update, phase, view.focus, names=names)
        shown = self._lettered_page(replace(shown, notes=(*self._of_the_place(state), *shown.notes)))
        crumbs = [self.lettered(crumb(each)) for each in update.phases]
        title = _("update {number} · {title}").format(number=update.number, title=shown.title)
        if cell_len(title) > width - _FRAME:
            title = f"{update.number} · {phase + 1}/{len(crumbs)} {crumbs[phase]}"
        head = self._steps(crumbs, phase, width)
        room = height - len(head)
        earlier = self._before(before, width)
        body = self._body(shown, width, room, len(earlier))
        if len(earlier) + len(body) + 2 <= room:
            head, earlier = [*head, blank(width)], [*earlier, blank(width)] if earlier else []
        else:
            earlier, body = _without_blanks(earlier), _without_blanks(body)
        self._turn_to(view.sight, len(earlier), len(body), height - len(head))
        drawn = self._windowed(title, [*earlier, *body], height, head)
        if drawn.below or not has_chain(update.run.model):
            return drawn
        return drawn._replace(below=_("tab to here, then v: chain rule") if not self.has_focus else _("v: chain rule"))

    def _chain(self, chain: Chain, view: View, width: int, height: int) -> Drawn:
        """Return the gradient as a product of factors: the current one in words on top, then all of them."""
        hand, has_numbers = chain.within(view.focus.factor or 0), view.position.phase is None
        shown = self._lettered_page(chain_page(chain, hand, has_numbers=has_numbers))
        if not has_numbers:
            return self._windowed(shown.title, self._page(shown, width, is_short=True), height)
        title = f"{shown.title} · {_('factor {number} of {count}').format(number=hand + 1, count=len(chain.factors))}"
        draw = partial(chain_strips, chain, hand, width, self._flow, self.style, ascii_only=self.ascii_only)
        head = [*self._page(replace(shown, lines=shown.lines[:1], notes=()), width, is_short=True), blank(width)]
        body, first, count = draw(is_short=False)
        if len(head) + count > height:
            head = self._flow(shown.lines[0], width, "")
            body, first, count = draw(is_short=True)
            body += self._page(replace(shown, lines=()), width)
        else:
            body += self._page(replace(shown, sentence="", lines=()), width)
        self._turn_to(view.sight, first, count, height - len(head))
        drawn = self._windowed(title, body, height, head)
        return drawn if drawn.below else drawn._replace(below=_(". and , move along the factors"))

    def _lesson(self, session: Session, width: int, height: int) -> Drawn:
        """Return the lesson under the goals."""
        source = ascii_letters.lettered(self.app, lesson_source(session), is_markdown=True)
        strips = lesson_strips(source, width, self.app.console, self.style)
        self._turn_to(_LESSON, 0, len(strips), height)
        return self._windowed(_("lesson"), strips, height)

    def _flow(self, line: Line, width: int, look: str) -> list[Strip]:
        return self._flowing(line.lettered if self.ascii_only else line, width, look)

    def _turn_to(self, told: Hashable, before: int, lines: int, room: int) -> None:
        """When something new is shown, scroll to the newest block's end, or to its beginning if it does not fit."""
        if told != self._told:
            self._told = told
            self.set_reactive(EquationPanel.top, max(0, min(before, before + lines - room)))

    def _of_the_place(self, state: ScreenState) -> list[str]:
        """Return why the run is over, if it is, and the published figures about this place."""
        view, notes = state.view, []
        if view.timeline.stopped is not None and is_over(view.timeline, view.position):
            notes.append(stop_sentence(view.timeline.stopped, view.timeline))
        notes += figure_notes(view.scenario, view.timeline, view.position)
        return notes

    def _fitted(self, shown: Page, width: int, height: int, state: ScreenState | None = None) -> Drawn:
        """Return a page in the lines that fit; with a state, add the goal to try above and the notes of the place."""
        if state is not None:
            sentence = "\n".join(filter(None, (goal_sentence(state.session), shown.sentence)))
            shown = replace(shown, sentence=sentence, notes=(*self._of_the_place(state), *shown.notes))
        shown = self._lettered_page(shown)
        body = self._body(shown, width, height)
        return self._windowed(shown.title, body if len(body) <= height else _without_blanks(body), height)

    def _lettered_page(self, shown: Page) -> Page:
        """Return a page in ASCII if the terminal needs it."""
        return lettered(shown) if self.ascii_only else shown

    def _windowed(self, title: str, body: list[Strip], height: int, head: Sequence[Strip] = ()) -> Drawn:
        """Return the lines in the scrolled window, below `head`, which does not scroll."""
        room = height - len(head)
        first = self.first_of(len(body), room)
        strips = [*head, *body[first : first + room]]
        return Drawn(strips, title, self._more(first, len(body) - first - room), len(body) + len(head))

    def _more(self, above: int, below: int) -> str:
        """Return how many lines are scrolled away above and below; empty if none are."""
        up, down = ("^", "v") if self.ascii_only else ("↑", "↓")
        counts = [f"{arrow} {count}" for arrow, count in ((up, above), (down, below)) if count > 0]
        text = ngettext("{count} more line", "{count} more lines", above if below <= 0 else below)
        return text.format(count="  ".join(counts)) if counts else ""

    def _before(self, pages: Sequence[Page], width: int) -> list[Strip]:
        """Return the equations of earlier phases, dim, each in one line if it fits."""
        strips: list[Strip] = []
        for shown in map(self._lettered_page, pages):
            for line in shown.lines:
                strips += self._flowing(line, width, "quiet")
        return strips

    def _steps(self, names: list[str], current: int, width: int) -> list[Strip]:
        """Return the phases in order in one line, the current one marked, with as many around it as fit."""
        arrow = " > " if self.ascii_only else " › "
        shown = [f"[{name}]" if index == current else name for index, name in enumerate(names)]
        first = 0
        while first < current and cell_len(arrow.join(shown[first : current + 2])) > width - 2:
            first += 1
        runs: list[Run] = [("… " if first and not self.ascii_only else "", self.style("quiet"))]
        for index, name in list(enumerate(shown))[first:]:
            style = "accent" if index == current else "quiet"
            runs += [(arrow if index > first else "", self.style("quiet")), (name, self.style(style))]
        return [strip_of(runs, width)]

    def _body(self, page: Page, width: int, height: int, before: int = 0) -> list[Strip]:
        """Return a page with blank lines if it fits below `before` other lines, else as short as needed."""
        body = self._page(page, width)
        if before + len(_without_blanks(body)) <= height:
            return body
        body = self._page(page, width, is_short=True)
        return body if len(_without_blanks(body)) <= height else self._page(page, width, is_short=True, most=_LONG)

    def _page(self, page: Page, width: int, *, is_short: bool = False, most: int | None = None) -> list[Strip]:
        strips: list[Strip] = []
        for sentence in page.sentence.split("\n"):
            strips += [blank(width)] if strips else []
            strips += [strip_of([(text, self.style("strong"))], width) for text in wrapped(sentence, width)]
        for line in page.lines:
            if most is not None and len(wrapped(line.substituted, width)) > most:
                line = replace(line, substituted="")
            strips += [blank(width), *(self._flowing if is_short else self._line)(line, width)]
        for note in page.notes:
            strips.append(blank(width))
            strips += [strip_of([(text, self.style("quiet"))], width) for text in wrapped(note, width)]
        return strips

    def _flowing(self, line: Line, width: int, quiet: str = "") -> list[Strip]:
        """Return ``symbol = formula = substituted = value`` in as few lines as possible, broken before ``=``."""
        rows: list[list[Run]] = []
        if line.is_bare:
            return [strip_of([(text, self.style("quiet"))], width) for text in wrapped(line.symbol, width)]
        for part in filter(None, (line.formula, line.substituted, line.value)):
            run = f" = {part}", self.style(quiet or ("accent" if part is line.value else ""))
            if rows and cells_of(rows[-1]) + cell_len(run[0]) <= width:
                rows[-1].append(run)
                continue
            lead = " " if rows else line.symbol
            first, *rest = wrapped(lead + run[0], width, "   ")
            rows += [[(text, run[1] if rows else self.style(quiet))] for text in (first, *rest)]
        return [strip_of(row, width) for row in rows]

    def _line(self, line: Line, width: int, quiet: str = "") -> list[Strip]:
        """Return ``symbol = formula``, ``= substituted``, ``= value`` with aligned equals signs."""
        if line.is_bare:
            return self._flowing(line, width)
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


def _without_blanks(strips: list[Strip]) -> list[Strip]:
    return [strip for strip in strips if strip.text.strip()]
