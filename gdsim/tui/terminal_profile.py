"""What a screen in a workshop has to know before it can draw: the terminal it is for, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from gdsim.classroom.messages import Place, Progressed

LARGEST = (400, 120)
"""Columns and rows of a screen at most; what a client claims beyond is left unused."""

WHOLE = b"\x1b_gdsim:whole\x1b\\"
"""What a whole frame begins with that was asked for by a message; terminals take no note of it."""

_SMALLEST = (1, 1)
_USUAL = (80, 24)
"""The size of a terminal that tells none."""


@dataclass(frozen=True, slots=True)
class TerminalProfile:
    """A terminal and who is at it.

    name: what that person is called; size: columns and rows; colors: as `gdsim.tui.terminal.Terminal` counts them;
    theme: a name of `gdsim.tui.themes.THEMES`. place: where it opens, None for the list of scenarios,
    or the only one there is. progress: what was reached before.
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
    """Return a size a screen is drawn in for a terminal that claims one; hostile claims cost nothing."""
    if width <= 0 or height <= 0:
        return _USUAL
    return max(_SMALLEST[0], min(width, LARGEST[0])), max(_SMALLEST[1], min(height, LARGEST[1]))
