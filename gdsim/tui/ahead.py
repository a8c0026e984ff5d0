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

_IN_PHASES = 8
"""Updates whose phases are drawn too."""


def draw_ahead(screen: RunScreen, updates: int) -> Iterator[None]:
    """Draw views of the run on screen after its first updates; what draws them keeps them.

    Takes a turn for each view in each panel. Those that have been drawn take none.
    """
    begun = screen.session
    draws: list[Callable[[Session], bool]] = [screen.draw_bars_ahead]
    draws += [partial(_draw, lines) for lines in (*screen.query(Panel), screen.query_one(PositionBar))]
    for draw in draws:  # each on walks of its own: how far it has runs computed is kept with what it draws
        for session in chain(begun.walk(updates), begun.walk(_IN_PHASES, in_phases=True)):
            if draw(session):
                yield


def _draw(lines: Lines, session: Session) -> bool:
    return lines.draw_ahead(session.view)
