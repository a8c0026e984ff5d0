"""What one frame of the run screen shows: every part of it has `show(state)` and draws what it needs of this."""

from __future__ import annotations

from typing import NamedTuple

from gdsim.charts.view import View
from gdsim.explain.gradient_check import GradientIndicator
from gdsim.session import Session


class RoomLine(NamedTuple):
    """What is said about a workshop's room.

    parts: texts and the names of their looks (`gdsim.tui.themes.LOOKS`); hint: what the key does that changes it.
    """

    parts: tuple[tuple[str, str], ...]
    hint: str


class ScreenState(NamedTuple):
    """One frame of the run screen.

    view: the session's view; playing: whether and how fast it plays, in words; indicator: whether the gradient agrees
    with nudging, None before the first update; has_arrows: whether the arrow keys step through the run, rather than
    choose something in the focused chart; room: the workshop's line, None outside a workshop.
    """

    session: Session
    view: View
    playing: str = ""
    indicator: GradientIndicator | None = None
    ascii_only: bool = False
    has_arrows: bool = True
    room: RoomLine | None = None
