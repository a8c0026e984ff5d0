"""What the first steps of a run show, drawn before anybody takes them.

Everybody in a workshop begins alike; what one process has drawn, those forked from it have drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain

from gdsim.session import Session
from gdsim.tui.lines import Lines
from gdsim.tui.panel import Panel
from gdsim.tui.position_bar import PositionBar
from gdsim.tui.screens.run import RunScreen

_ROUNDS = (32, 128)
"""Updates whose views are drawn ahead, all panels' first the nearer ones."""

_IN_PHASES = 8
"""Updates among them whose phases are drawn too."""


def draw_ahead(screen: RunScreen) -> Iterator[None]:
    """Draw views of the run on screen from its start on, one in one panel at a turn; what draws them keeps them."""
    begun = screen.session
    draws: list[Callable[[Session], None]] = [screen.draw_bars_ahead]
    draws += [partial(_draw, lines) for lines in (*screen.query(Panel), screen.query_one(PositionBar))]
    for updates in _ROUNDS:
        for draw in draws:  # each on walks of its own: how far it has runs computed is kept with what it draws
            for session in chain(begun.walk(updates), begun.walk(_IN_PHASES, in_phases=True)):
                draw(session)
                yield


def _draw(lines: Lines, session: Session) -> None:
    lines.draw_ahead(session.view)
