"""What the first steps of a run show, drawn before anybody takes them.

Everybody in a workshop begins alike; what one process has drawn, those forked from it have drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from gdsim.tui.panel import Panel
from gdsim.tui.screens.run import RunScreen

_UPDATES, _IN_PHASES = 32, 8
"""Updates whose views are drawn ahead; those among them whose phases are drawn too."""


def draw_ahead(screen: RunScreen) -> Iterator[None]:
    """Draw views of the run on screen from its start on, one in one panel at a turn; the panels keep them."""
    begun = screen.session
    for panel in screen.query(Panel):  # each on walks of its own: how far it has them computed is kept with it
        for session in chain(begun.walk(_UPDATES), begun.walk(_IN_PHASES, in_phases=True)):
            panel.draw_ahead(session.view)
            yield
