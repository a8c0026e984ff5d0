"""The single lines around the panels: title, status, keys, a workshop's room."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len
from textual.events import Click
from textual.message import Message

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
from gdsim.tui.ascii_letters import cell_for_cell
from gdsim.tui.canvas import fitted
from gdsim.tui.panels.part import Drawn, Part, ScreenState
from gdsim.tui.strips import Piece, cells_of, fitting, strip_of

_INDICATORS = {"agrees": ("✓", "+", "good"), "differs": ("✗", "x", "bad"), "unknown": ("·", "?", "quiet")}
"""The gradient indicator's sign, its sign in ASCII and its look, by state."""

_SEPARATOR = " · "
_ALWAYS = 3
"""The first parts of the status, shown at any width: update, loss, learning rate."""
_FIRST_OUT = 99
"""The rank of the right end of the status line."""


class LineBar(Part):
    """One line of pieces, of which a narrow one leaves some out.

    Not called `Bar`: style sheets select by class name, and the `Bar` in Textual's progress bar sets a width.
    """

    def pieces(self, state: ScreenState, width: int) -> Iterable[Piece]:
        """Return all pieces of the line that shows a state, which is `width` cells wide."""
        raise NotImplementedError

    def draw(self, state: ScreenState, width: int, height: int) -> Drawn:
        shown = fitting(self.pieces(state, width), width)
        spare = " " * (width - cells_of(shown))
        texts = ((piece.text + spare if piece.is_gap else piece.text, piece.look) for piece in shown)
        runs = [("".join(text for text, _look in run), self.style(look)) for look, run in groupby(texts, itemgetter(1))]
        return Drawn([strip_of(runs, width)])

    def piece(self, text: str, look: str = "", rank: int = 0) -> Piece:
        """Return a piece in the letters the bar draws with."""
        return Piece(self.lettered(text), look, rank)


class TitleBar(LineBar):
    """Shows the scenario, the goals, whether the published figures are reproduced, and the gradient check."""

    def view_key(self, state: ScreenState) -> Hashable:
        found = state.indicator
        indicator = None if found is None else (found.state, found.worst, found.extent)
        goals = goals_summary(state.session)
        return state.view.sight, state.ascii_only, state.session.branch_title, goals, indicator

    def pieces(self, state: ScreenState, width: int) -> Iterable[Piece]:
        view, branch_title, goals = state.view, state.session.branch_title, goals_summary(state.session)
        figures = figures_summary(view.scenario, view.timeline, view.position)
        branch = [self.piece(f" · {branch_title}", "accent")] if branch_title else []
        indicator = [] if state.indicator is None else [self._indicator(state.indicator)]
        yield Piece(" ", "quiet")
        yield self.piece("gdsim · ", "quiet", 1)
        room = width - cells_of([*branch, *indicator]) - 2
        yield Piece(fitted(view.scenario.title, room, ascii_only=state.ascii_only), "strong")
        yield from branch
        yield Piece(" ", is_gap=True)
        if goals:
            yield self.piece(f"{goals}   ", "good" if "☑" in goals else "", 2)
        if figures:
            yield self.piece(f"{figures}   ", "good" if "✗" not in figures else "bad", 3)
        yield from indicator

    def _indicator(self, found: GradientIndicator) -> Piece:
        """Return ``gradient ✗ w5``: the sign, the parameter furthest off, and how many were nudged, if not all."""
        sign, plain, look = _INDICATORS[found.state]
        parts = (
            _("gradient"),
            plain if self.ascii_only else sign,
            found.worst,
            f"({found.extent})" if found.extent else "",
        )
        return self.piece(" ".join(filter(None, parts)) + " ", look)


class StatusBar(LineBar):
    """Shows `update K · loss V · η E`, whether a question is due, the score, and whether the run plays."""

    def view_key(self, state: ScreenState) -> Hashable:
        return state.view.sight, state.playing, _score(state)

    def pieces(self, state: ScreenState, width: int) -> Iterable[Piece]:
        score = _score(state)
        yield from self._told(state.view, width)
        yield Piece(" ", rank=_FIRST_OUT, is_gap=True)
        yield self.piece(f"{score}   " if score else "", "", _FIRST_OUT)
        yield self.piece(f"{state.playing} ", "quiet", _FIRST_OUT)

    def _told(self, view: View, width: int) -> list[Piece]:
        """Return what fits of the status, and how the run differs from the nearest branch: in words if all fits."""
        status, timeline, here = list(self._status(view)), view.timeline, view.position.update
        ghost = next((beside for beside in view.comparisons if beside.is_ghost), None)
        if ghost is None:
            return fitting(status, width)
        for brevity in range(3):
            apart = difference(timeline, ghost.timeline, ghost.mark, here, brevity=brevity)
            told = [*status, self.piece(_SEPARATOR + apart, "accent")]
            shown = fitting(told, width)
            if cells_of(shown) <= width and (brevity or shown == told):
                break
        return shown

    def _status(self, view: View) -> Iterator[Piece]:
        """Yield the parts of the status; the phase, or why the run is over, comes last and stays at any width."""
        parts = status_line(view.timeline, view.position, view.extra_updates).split(_SEPARATOR)
        has_last = view.position.phase is not None or is_over(view.timeline, view.position)
        for number, part in enumerate(parts):
            is_needed = number < _ALWAYS or (has_last and number == len(parts) - 1)
            yield self.piece((_SEPARATOR if number else " ") + part, "strong", 0 if is_needed else len(parts) - number)
        if is_loss_rising(view.timeline, view.position):
            yield self.piece(_SEPARATOR + _("loss rising") + " ▲", "bad")


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

    def pieces(self, state: ScreenState, width: int) -> Iterable[Piece]:
        commands = self._open(state.session)
        by_rank = sorted(commands, key=lambda command: command.rank)
        yield Piece(" ")
        for command in commands:
            rank = by_rank.index(command) + 1
            key = next(shown for shown in command.shown.split() if state.has_arrows or shown not in "←→")
            key = cell_for_cell(key) if state.ascii_only else key
            yield Piece(key, "key", rank, command=command.name)
            yield Piece(self.lettered(f" {_(command.label)}  "), "", rank, command=command.name)

    def on_click(self, event: Click) -> None:
        """Press the key under the pointer."""
        if self.state is None:
            return
        end, width = 0, self.content_size.width
        for piece in fitting(self.pieces(self.state, width), width):
            end += cell_len(piece.text)
            if event.x < end:
                if piece.command:
                    self.post_message(self.Pressed(piece.command))
                return


class RoomBar(LineBar):
    """Shows the workshop's room line; at the right, if it fits, what the `f` key does."""

    def view_key(self, state: ScreenState) -> Hashable:
        return state.room

    def pieces(self, state: ScreenState, width: int) -> Iterable[Piece]:
        if state.room is not None:
            yield Piece(" ")
            yield from (self.piece(text, look) for text, look in state.room.parts)
            yield Piece("  ", rank=1, is_gap=True)
            yield self.piece(f"{state.room.hint} ", "quiet", 1)


def _score(state: ScreenState) -> str:
    """Return whether a question is due, and the score, in words."""
    session, due = state.session, ""
    if session.questions:
        due = _("a question comes first") if session.is_question_due else _("a question: press a")
    return " · ".join(filter(None, (due, session.quiz.score)))
