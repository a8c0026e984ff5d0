"""What a workshop screen must know before it can draw: the terminal, and who is at it."""

from __future__ import annotations

from dataclasses import dataclass

from gdsim.classroom.messages import Progressed
from gdsim.scenario.place import Place

LARGEST = (400, 120)
"""The most columns and rows of a screen; larger sizes are clamped, the rest of the terminal stays unused."""

WHOLE = b"\x1b_gdsim:whole\x1b\\"
"""The marker before a whole frame that a message asked for; terminals ignore it."""

_SMALLEST = (1, 1)
_USUAL = (80, 24)
"""The size assumed for a terminal that reports none."""


@dataclass(frozen=True, slots=True)
class TerminalProfile:
    """A terminal and who is at it.

    name: that person's name; size: columns and rows; colors: as in `gdsim.tui.terminal.Terminal`; theme: a name of
    `gdsim.tui.themes.THEMES`. place: where the screen opens, None for the list of scenarios or the only scenario.
    progress: the progress made before.
    """

    name: str = ""
    size: tuple[int, int] = _USUAL
    colors: int = 256
    theme: str = "dark"
    is_ascii: bool = False
    language: str = "en"
    is_instructor: bool = False
    place: Place | None = None
    progress: tuple[Progressed, ...] = ()


def clamped(width: int, height: int) -> tuple[int, int]:
    """Return the size to draw in for a terminal that claims this size; hostile claims cost nothing."""
    if width <= 0 or height <= 0:
        return _USUAL
    return max(_SMALLEST[0], min(width, LARGEST[0])), max(_SMALLEST[1], min(height, LARGEST[1]))
