"""The single lines around the panels: title, status, keys, a workshop's room."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from rich.cells import cell_len
from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from gdsim.charts.view import View
from gdsim.explain.branches import difference
from gdsim.explain.figures import figures_summary
from gdsim.explain.gradient_check import GradientIndicator
from gdsim.explain.status import is_loss_rising, is_over, status_line
from gdsim.i18n import _
from gdsim.session import Session
from gdsim.session.command import Command
from gdsim.session.commands import is_open
from gdsim.session.goals import goals_summary
from gdsim.tui.ascii_letters import cell_for_cell, draws_in_ascii, lettered
from gdsim.tui.canvas import fitted
from gdsim.tui.panels.part import Drawn, Part, ScreenState
from gdsim.tui.strips import Run, strip_of

_INDICATORS = {"agrees": ("✓", "+", "good"), "differs": ("✗", "x", "bad"), "unknown": ("·", "?", "quiet")}
"""The gradient indicator's sign, its sign in ASCII and its look, by state."""

_SEPARATOR = " · "
_ALWAYS = 4
"""Parts shown at any width: update, loss, learning rate, and a last part with the phase or why the run is over."""


class LineBar(Part):
    """One line with parts at its left and right ends.

    Not called `Bar`: style sheets select by class name, and the `Bar` in Textual's progress bar sets a width.
    """

    def draw(self, state: ScreenState, width: int, height: int) -> Drawn:
        return Drawn([self.line(state, width)])

    def line(self, state: ScreenState, width: int) -> Strip:
        """Return the line that shows a state, `width` cells wide."""
        raise NotImplementedError

    def between(self, left: list[Run], right: list[Run], width: int) -> Strip:
        """Return one line with `left` and, if it fits, `right`."""
        left, right = self._lettered(left), self._lettered(right)
        used = _width_of([*left, *right])
        if used >= width:
            return strip_of(left, width)
        return strip_of([*left, (" " * (width - used), self.style()), *right], width)

    def _lettered(self, runs: list[Run]) -> list[Run]:
        return [(lettered(self.app, text), style) for text, style in runs] if draws_in_ascii(self.app) else runs


class TitleBar(LineBar):
    """Shows the scenario, the goals, whether the published figures are reproduced, and the gradient check."""

    def view_key(self, state: ScreenState) -> Hashable:
        found = state.indicator
        indicator = None if found is None else (found.state, found.worst, found.extent)
        goals = goals_summary(state.session)
        return state.view.sight, state.ascii_only, state.session.branch_title, goals, indicator

    def line(self, state: ScreenState, width: int) -> Strip:
        """Return the title line."""
        view, branch_title = state.view, state.session.branch_title
        left = [(" gdsim · ", self.style("quiet")), (view.scenario.title, self.style("strong"))]
        branch = [(f" · {branch_title}", self.style("accent"))] if branch_title else []
        left += branch
        goals = goals_summary(state.session)
        right: list[Run] = [(f"{goals}   ", self.style("good" if "☑" in goals else ""))] if goals else []
        figures = figures_summary(view.scenario, view.timeline, view.position)
        if figures:
            right += [(figures, self.style("good" if "✗" not in figures else "bad")), ("   ", self.style())]
        indicator = [] if state.indicator is None else [self._indicator(state.indicator)]
        while right and _width_of([*left, *right, *indicator]) >= width:
            right = right[:1] if len(right) > 1 else []
        if _width_of([*left, *indicator]) >= width:
            room = max(0, width - _width_of([*branch, *indicator]) - 2)
            title = " " + fitted(view.scenario.title, room, ascii_only=state.ascii_only)
            left = [(title, self.style("strong")), *branch]
        return self.between(left, [*right, *indicator], width)

    def _indicator(self, found: GradientIndicator) -> Run:
        """Return ``gradient ✗ w5``: the sign, the parameter furthest off, and how many were nudged, if not all."""
        sign, plain, look = _INDICATORS[found.state]
        parts = (
            _("gradient"),
            plain if self.ascii_only else sign,
            found.worst,
            f"({found.extent})" if found.extent else "",
        )
        return " ".join(filter(None, parts)) + " ", self.style(look)


class StatusBar(LineBar):
    """Shows `update K · loss V · η E`, whether a question is due, the score, and whether the run plays."""

    def view_key(self, state: ScreenState) -> Hashable:
        return state.view.sight, state.playing, _score(state)

    def line(self, state: ScreenState, width: int) -> Strip:
        """Return the status line."""
        view, score = state.view, _score(state)
        score += "   " if score else ""
        status, apart = self._texts(view, width)
        left: list[Run] = [(status, self.style("strong")), (self._rising(view), self.style("bad"))]
        left.append((apart, self.style("accent")))
        return self.between(left, [(score, self.style()), (state.playing + " ", self.style("quiet"))], width)

    def _rising(self, view: View) -> str:
        return _SEPARATOR + _("loss rising") + " ▲" if is_loss_rising(view.timeline, view.position) else ""

    def _texts(self, view: View, width: int) -> tuple[str, str]:
        """Return the status, and how the run differs from the nearest branch, in words if they fit.

        If the line is too long, the least needed parts of the status are dropped first.
        """
        status = " " + status_line(view.timeline, view.position, view.extra_updates)
        ghost = next((beside for beside in view.comparisons if beside.is_ghost), None)
        width -= cell_len(self._rising(view))
        if ghost is None:
            return self._cut(view, status, width), ""
        run = view.timeline, ghost.timeline, ghost.mark, view.position.update
        words, short, shortest = (_SEPARATOR + difference(*run, brevity=brevity) for brevity in range(3))
        for apart, text in (
            (words, status),
            (short, status),
            (short, self._cut(view, status, width - cell_len(short))),
            (shortest, self._cut(view, status, width - cell_len(shortest))),
        ):
            if cell_len(text + apart) <= width:
                break
        return text, apart

    def _cut(self, view: View, status: str, room: int) -> str:
        """Return the status without the least needed parts that do not fit into `room`."""
        parts = status.split(_SEPARATOR)
        has_last = view.position.phase is not None or is_over(view.timeline, view.position)
        while len(parts) > _ALWAYS - (not has_last) and cell_len(lettered(self.app, _SEPARATOR.join(parts))) > room:
            del parts[_ALWAYS - 1]
        return _SEPARATOR.join(parts)


class KeyBar(LineBar):
    """Shows the keys that work now, or the most useful ones if not all fit. They can be clicked."""

    @dataclass
    class Pressed(Message):
        """A key was clicked; `name` is its command."""

        name: str

    def __init__(self, commands: tuple[Command, ...], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._commands = commands

    def _open(self, session: Session) -> tuple[Command, ...]:
        """Return the key bar's commands that would do something now."""
        return tuple(command for command in self._commands if command.rank and is_open(command, session))

    def view_key(self, state: ScreenState) -> Hashable:
        return tuple(command.name for command in self._open(state.session)), state.has_arrows

    def line(self, state: ScreenState, width: int) -> Strip:
        """Return the key line."""
        parts: list[Run] = [(" ", self.style())]
        for command in self._shown(state.session, width):
            parts += [(self._key(command), self.style("key")), (" " + self._label(command) + "  ", self.style())]
        return strip_of(parts, width)

    def _shown(self, session: Session, width: int) -> list[Command]:
        """Return the commands whose keys fit, in the order of the command table."""
        wanted = sorted(self._open(session), key=lambda command: command.rank)
        chosen, room = [], width - 1
        for command in wanted:
            room -= self._cells(command)
            if room < 0:
                break
            chosen.append(command)
        return [command for command in self._commands if command in chosen]

    def on_click(self, event: Click) -> None:
        """Press the key under the pointer."""
        if self.state is None:
            return
        end = 1
        for command in self._shown(self.state.session, self.content_size.width):
            end += self._cells(command)
            if event.x < end:
                self.post_message(self.Pressed(command.name))
                return

    def _key(self, command: Command) -> str:
        """Return the shortest of the command's keys as shown."""
        shortest = next(shown for shown in command.shown.split() if self._has_arrows or shown not in "←→")
        return cell_for_cell(shortest) if lettered(self.app, "·") != "·" else shortest

    def _label(self, command: Command) -> str:
        return lettered(self.app, _(command.label))

    def _cells(self, command: Command) -> int:
        return cell_len(self._key(command)) + cell_len(self._label(command)) + 3

    @property
    def _has_arrows(self) -> bool:
        return self.state is None or self.state.has_arrows


class RoomBar(LineBar):
    """Shows the workshop's room line; at the right, if it fits, what the `f` key does."""

    def view_key(self, state: ScreenState) -> Hashable:
        return state.room

    def line(self, state: ScreenState, width: int) -> Strip:
        if state.room is None:
            return self.between([], [], width)
        left: list[Run] = [(" ", self.style())]
        left += [(text, self.style(look)) for text, look in state.room.parts if text]
        hint = f"{state.room.hint} "
        has_room = _width_of(left) + cell_len(hint) < width - 1
        return self.between(left, [(hint, self.style("quiet"))] if has_room else [], width)


def _score(state: ScreenState) -> str:
    """Return whether a question is due, and the score, in words."""
    session, due = state.session, ""
    if session.questions:
        due = _("a question comes first") if session.is_question_due else _("a question: press a")
    return " · ".join(filter(None, (due, session.quiz.score)))


def _width_of(runs: list[Run]) -> int:
    return sum(cell_len(text) for text, _style in runs)
