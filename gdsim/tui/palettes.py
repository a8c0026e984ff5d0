"""Colours and marks of the roles: a table of palettes and a table of marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from rich.style import Style

from gdsim.charts.chart import Role


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a chart, as Rich and Textual write them; an empty string means the terminal's own colour.

    colors: the foreground of each role; axis: frame, ticks and labels; ground: the base colour that a field's regions
    and a picture's pixels are mixed with (empty: fields are drawn with shades or digits); heights: the colours of
    heights, low to high, in even steps of lightness. positive, negative: weights by sign; focus: the current part of a
    network. strong: the roles drawn bold, those a learner should look at first.
    """

    name: str
    colors: Mapping[Role, str] = field(default_factory=dict)
    axis: str = ""
    ground: str = ""
    heights: tuple[str, ...] = ()
    positive: str = ""
    negative: str = ""
    focus: str = ""
    strong: frozenset[Role] = frozenset({Role.CURRENT, Role.NEXT})

    def of(self, role: Role, background: str = "") -> Style:
        """Return the style of a role, on `background` if one is given."""
        return style(self.colors.get(role, ""), background, bold=role in self.strong)


@lru_cache(maxsize=2048)
def style(
    color: str = "",
    background: str = "",
    *,
    bold: bool = False,
    dim: bool = False,
    reverse: bool = False,
    strike: bool = False,
) -> Style:
    """Return a Rich style; empty colours and attributes that are off are inherited from the style beneath."""
    return Style(
        color=color or None,
        bgcolor=background or None,
        bold=bold or None,
        dim=dim or None,
        reverse=reverse or None,
        strike=strike or None,
    )


class Mark(NamedTuple):
    """How a role is drawn: its character for points, and the dashes of its line.

    unicode, ascii: the characters; in ASCII lines consist of theirs too. dash: dots drawn and dots left out along a
    line in Unicode (0 left out: solid).
    """

    unicode: str
    ascii: str
    dash: tuple[int, int] = (1, 0)


# No two roles share a mark, and no mark is a shade character, so a path stays legible over a field without colour.
MARKS: dict[Role, Mark] = {
    Role.CURVE: Mark("·", "."),
    Role.DATA: Mark("○", "o"),
    Role.DATA_ALT: Mark("×", "x"),
    Role.DATA_3: Mark("⊡", "z"),
    Role.DATA_4: Mark("⋄", "w"),
    Role.FIT: Mark("◆", "="),
    Role.LOSS: Mark("▪", "*"),
    Role.PATH: Mark("•", "+"),
    Role.CURRENT: Mark("◉", "@"),
    Role.NEXT: Mark("◎", "n"),
    Role.TANGENT: Mark("◦", "-", dash=(5, 3)),
    Role.BOUNDARY: Mark("■", "#"),
    Role.BEFORE: Mark("□", "b", dash=(2, 4)),
    Role.GHOST: Mark("◌", "g", dash=(1, 3)),
    Role.TRUTH: Mark("◇", "t", dash=(3, 3)),
    Role.COMPARE: Mark("▲", "c", dash=(2, 2)),
    Role.COMPARE_2: Mark("▼", "k", dash=(4, 2)),
    Role.COMPARE_3: Mark("△", "q", dash=(6, 2)),
    Role.COMPARE_4: Mark("▽", "u", dash=(1, 1)),
    Role.LOWEST: Mark("◈", "L"),
}

UNICODE_SHADES = " ░▒▓"
ASCII_SHADES = "0123456789"
"""Characters of fields if there is no colour, low to high: as many below a threshold as above it."""


def mixed(start: str, end: str, part: float) -> str:
    """Return the colour at `part` (0 to 1) of the way from one ``#rrggbb`` to another."""
    pairs = ((int(start[at : at + 2], 16), int(end[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def half_block(above: str, below: str) -> tuple[str, Style]:
    """Return the character and style of a cell with one colour above another; an empty string means no colour."""
    if above == below:
        return " ", style("", above)
    if not above:
        return "▄", style(below)
    return "▀", style(above, below)


# For dark, light, colour-blind, sixteen and sixteen-light; an empty string is the terminal's own colour.
_COLORS = {
    Role.CURVE: ("#7aa2f7", "#2156b8", "#56b4e9", "bright_blue", "blue"),
    Role.DATA: ("#53bfff", "#00608a", "#56b4e9", "cyan", "blue"),
    Role.DATA_ALT: ("#ff863e", "#b04a00", "#e69f00", "yellow", "red"),
    Role.DATA_3: ("#f5a3d7", "#6a3fb5", "#009e73", "bright_magenta", "magenta"),
    Role.DATA_4: ("#c3e88d", "#2e7d32", "#cc79a7", "bright_green", "green"),
    Role.FIT: ("#9ece6a", "#2e7d32", "#009e73", "green", "green"),
    Role.LOSS: ("#bb9af7", "#6a3fb5", "#cc79a7", "red", "magenta"),
    Role.PATH: ("#e0af68", "#8a5a00", "#e69f00", "yellow", "red"),
    Role.CURRENT: ("#ffd75f", "#c2185b", "#f0e442", "bright_yellow", "red"),
    Role.NEXT: ("#ffffff", "#000000", "#ffffff", "", ""),
    Role.TANGENT: ("#f7768e", "#c62828", "#d55e00", "red", "magenta"),
    Role.BOUNDARY: ("#9ece6a", "#2e7d32", "#009e73", "green", "green"),
    Role.BEFORE: ("#5f8a3f", "#7fae82", "#7a8f88", "green", "green"),
    Role.GHOST: ("#7a82a8", "#6b6f80", "#999999", "", ""),
    Role.TRUTH: ("#73daca", "#00796b", "#009e73", "cyan", "cyan"),
    Role.COMPARE: ("#ff79c6", "#a3207f", "#cc79a7", "bright_magenta", "cyan"),
    Role.COMPARE_2: ("#73daca", "#00796b", "#009e73", "bright_cyan", ""),
    Role.COMPARE_3: ("#ff9e64", "#b04a00", "#e69f00", "bright_white", "red"),
    Role.COMPARE_4: ("#b4f9a8", "#2e7d32", "#56b4e9", "bright_green", "green"),
    Role.LOWEST: ("#ffffff", "#000000", "#ffffff", "bright_white", "black"),
}


def _colors(column: int) -> dict[Role, str]:
    return {role: colors[column] for role, colors in _COLORS.items()}


PALETTES: dict[str, Palette] = {
    palette.name: palette
    for palette in (
        Palette(
            "dark",
            _colors(0),
            axis="#8a90a6",
            ground="#16181d",
            heights=("#1d1147", "#2b2c6f", "#24507e", "#1f727a", "#2e8f6b"),
            positive="#7aa2f7",
            negative="#f2736c",
            focus="#ffd75f",
        ),
        Palette(
            "light",
            _colors(1),
            axis="#5c6070",
            ground="#f7fafd",
            heights=("#8fa8dc", "#93c6d6", "#a9dcc0", "#d2ecb0", "#fbf7c6"),
            positive="#2156b8",
            negative="#c62828",
            focus="#c2185b",
        ),
        Palette(
            "colour-blind",
            _colors(2),
            axis="#999999",
            ground="#101418",
            heights=("#0a2350", "#2f3f6b", "#55596d", "#6e6a63", "#857c5a"),
            positive="#56b4e9",
            negative="#e69f00",
            focus="#f0e442",
        ),
        Palette("sixteen", _colors(3), positive="bright_blue", negative="red", focus="bright_yellow"),
        Palette("sixteen-light", _colors(4), positive="blue", negative="red", focus="magenta"),
        Palette("none"),
    )
}
