"""What the first steps of a run show, drawn before anybody takes them.

Everybody in a workshop begins alike; what one process has drawn, those forked from it have drawn.
"""

from __future__ import annotations

from collections.abc import Iterator

from gdsim.session import Session
from gdsim.tui.panel import Panel
from gdsim.tui.screens.run import RunScreen

_UPDATES, _IN_PHASES = 32, 8
"""Updates whose views are drawn ahead; those among them whose phases are drawn too."""


def draw_ahead(screen: RunScreen) -> Iterator[None]:
    """Draw views of the run on screen from its start on, one in one panel at a turn; what draws them keeps them."""
    for panel in screen.query(Panel):  # on walks of its own: how far it has runs computed is kept with what it draws
        for session in _walks(screen.session):
            panel.draw_ahead(session.view)
            yield
    for session in _walks(screen.session):
        screen.draw_bars_ahead(session)
        yield


def _walks(begun: Session) -> Iterator[Session]:
    yield from begun.walk(_UPDATES)
    yield from begun.walk(_IN_PHASES, in_phases=True)
