"""Colours and marks of the roles: a table of palettes and a table of marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from rich.style import Style

from gdsim.charts.chart import Role, role_of_class


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a chart, as Rich and Textual write them; an empty string means the terminal's own colour.

    colors: the foreground of each role; axis: frame, ticks and labels; ground: the base colour of a picture's pixels
    (empty: fields are drawn with shades or digits). heights: the colours of heights, low to high, in even steps of
    lightness; level_line: that of level lines; relief: how much of the ground light mixes into heights seen from the
    side. regions: the colours of each class, from those at the threshold to those where the network is surest.
    positives, negatives: the colours of numbers of either sign, faint to strong, each of one hue; focus: the current
    part of a network. strong: the roles drawn bold, those a learner should look at first.
    """

    name: str
    colors: Mapping[Role, str] = field(default_factory=dict)
    axis: str = ""
    ground: str = ""
    heights: tuple[str, ...] = ()
    level_line: str = ""
    relief: float = 0.45
    regions: tuple[tuple[str, ...], ...] = ()
    positives: tuple[str, ...] = ("",)
    negatives: tuple[str, ...] = ("",)
    focus: str = ""
    strong: frozenset[Role] = frozenset({Role.CURRENT, Role.NEXT})

    @property
    def positive(self) -> str:
        """The colour of what is positive, whatever its size."""
        return self.positives[-1]

    @property
    def negative(self) -> str:
        """The colour of what is negative, whatever its size."""
        return self.negatives[-1]

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
    Role.CURVE: Mark("●", "."),
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
    Role.MARGIN: Mark("▫", "m", dash=(3, 3)),
    Role.GHOST: Mark("◌", "g", dash=(1, 3)),
    Role.TRUTH: Mark("◇", "t", dash=(3, 3)),
    Role.COMPARE: Mark("▲", "c", dash=(2, 2)),
    Role.COMPARE_2: Mark("▼", "k", dash=(4, 2)),
    Role.COMPARE_3: Mark("△", "q", dash=(6, 2)),
    Role.COMPARE_4: Mark("▽", "u", dash=(1, 1)),
    Role.LOWEST: Mark("◈", "&"),
}

UNICODE_SHADES = "·░▒▓█"
ASCII_SHADES = "0123456789"
"""Characters of fields if there is no colour, low to high."""


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


# What may lie on a field is drawn at a contrast of about 3 : 1 with every colour of it.
# For dark, light, colour-blind, sixteen and sixteen-light; an empty string is the terminal's own colour.
_COLORS = {
    Role.CURVE: ("#7aa2f7", "#2156b8", "#56b4e9", "bright_blue", "blue"),
    Role.DATA: ("#53bfff", "#00608a", "#56b4e9", "cyan", "blue"),
    Role.DATA_ALT: ("#ff863e", "#b04a00", "#e69f00", "yellow", "red"),
    Role.DATA_3: ("#f5a3d7", "#6a3fb5", "#009e73", "bright_magenta", "magenta"),
    Role.DATA_4: ("#c3e88d", "#2e7d32", "#cc79a7", "bright_green", "green"),
    Role.FIT: ("#9ece6a", "#2e7d32", "#009e73", "green", "green"),
    Role.LOSS: ("#bb9af7", "#6a3fb5", "#cc79a7", "bright_red", "magenta"),
    Role.PATH: ("#e0af68", "#8a5a00", "#e69f00", "yellow", "red"),
    Role.CURRENT: ("#ffd75f", "#c2185b", "#f0e442", "bright_yellow", "red"),
    Role.NEXT: ("#ffffff", "#000000", "#ffffff", "", ""),
    Role.TANGENT: ("#ff8b94", "#c62828", "#d55e00", "bright_red", "magenta"),
    Role.BOUNDARY: ("#9ece6a", "#2e7d32", "#009e73", "green", "green"),
    Role.BEFORE: ("#5f8a3f", "#7fae82", "#7a8f88", "green", "green"),
    Role.MARGIN: ("#7aa2f7", "#2156b8", "#56b4e9", "bright_blue", "blue"),
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


_LEVELS = 16
"""Number of colours on a scale that is mixed."""
_LEVELS_OF_SIGNS = 6
"""The same for either sign of numbers in pictures: with more, each update would change most cells of a picture."""


def _between(*anchors: str, levels: int = _LEVELS) -> tuple[str, ...]:
    """Return `levels` colours from the first anchor through the others to the last."""
    places = [level / (levels - 1) * (len(anchors) - 1) for level in range(levels)]
    pairs = [min(int(place), len(anchors) - 2) for place in places]
    return tuple(
        mixed(anchors[pair], anchors[pair + 1], place - pair) for place, pair in zip(places, pairs, strict=True)
    )


@lru_cache(maxsize=32)
def strengths(ground: str, color: str, levels: int = _LEVELS) -> tuple[str, ...]:
    """Return the colours from just above the ground to `color`, faint to strong; `levels` counts the ground too."""
    return _between(ground, color, levels=levels)[1:]


def _regions(column: int, ground: str, share: float) -> tuple[tuple[str, ...], ...]:
    """Return the colours of each class's region: from half of `share` of the class's own colour to the whole of it."""
    own = (_COLORS[role_of_class(number)][column] for number in range(4))
    return tuple(_between(*(mixed(ground, color, part) for part in (share / 2, share)), levels=8) for color in own)


PALETTES: dict[str, Palette] = {
    palette.name: palette
    for palette in (
        Palette(
            "dark",
            _colors(0),
            axis="#8a90a6",
            ground="#16181d",
            heights=_between("#180d3d", "#1e1f53", "#17385a", "#135056", "#1d6148"),
            level_line="#5a7283",
            regions=_regions(0, "#16181d", 0.4),
            positives=strengths("#16181d", "#7aa2f7", _LEVELS_OF_SIGNS),
            negatives=strengths("#16181d", "#f2736c", _LEVELS_OF_SIGNS),
            focus="#ffd75f",
        ),
        Palette(
            "light",
            _colors(1),
            axis="#5c6070",
            ground="#f7fafd",
            heights=_between("#a7c1f6", "#a4d7e8", "#b5e9cc", "#d9f3b7", "#fcf8c7"),
            level_line="#9ba8b7",
            regions=_regions(1, "#f7fafd", 0.32),
            positives=strengths("#f7fafd", "#2156b8", _LEVELS_OF_SIGNS),
            negatives=strengths("#f7fafd", "#c62828", _LEVELS_OF_SIGNS),
            focus="#c2185b",
        ),
        Palette(
            "colour-blind",
            _colors(2),
            axis="#999999",
            ground="#101418",
            heights=_between("#081f48", "#202d4e", "#383b49", "#4c4944", "#5f583f"),
            level_line="#737a80",
            regions=_regions(2, "#101418", 0.42),
            positives=strengths("#101418", "#56b4e9", _LEVELS_OF_SIGNS),
            negatives=strengths("#101418", "#e69f00", _LEVELS_OF_SIGNS),
            focus="#f0e442",
        ),
        Palette("sixteen", _colors(3), positives=("bright_blue",), negatives=("bright_red",), focus="bright_yellow"),
        Palette("sixteen-light", _colors(4), positives=("blue",), negatives=("red",), focus="magenta"),
        Palette("none"),
    )
}


def _of_cube(
    name: str, heights: str, level_line: str, regions: tuple[str, ...], signs: tuple[str, str], **colors: str
) -> Palette:
    """Return a palette for terminals of 256 colours: its fields in colours these have, so that none falls on another.

    heights, regions, signs (positives, negatives): colours, separated by blanks; colors: those of roles that differ.
    """
    palette = PALETTES[name]
    roles = {Role[role]: color for role, color in colors.items()}
    sides = (*(tuple(each.split()) for each in regions), *palette.regions[len(regions) :])
    return replace(
        palette,
        name=f"{name}-256",
        colors={**palette.colors, **roles},
        heights=tuple(heights.split()),
        level_line=level_line,
        relief=0.0,
        regions=sides,
        positives=tuple(signs[0].split()),
        negatives=tuple(signs[1].split()),
    )


IN_EIGHT_BIT: dict[str, Palette] = {
    "dark": _of_cube(
        "dark",
        "#00005f #000087 #0000af #005f87 #5f5f5f",
        "#5f87af",
        ("#00005f #000087", "#5f0000 #870000"),
        ("#262626 #000087 #0000af #005faf #5f87d7 #87afff", "#262626 #5f0000 #870000 #af0000 #d75f5f #ff5f5f"),
        DATA="#5fd7ff",
        DATA_ALT="#ff8700",
    ),
    "light": _of_cube(
        "light",
        "#87afff #87d7d7 #d7d7af #d7ffaf #ffffd7",
        "#8787af",
        ("#afd7ff #87d7ff", "#ffd7af #ffaf87"),
        ("#e4e4e4 #afd7ff #87afff #5f87d7 #005fd7", "#e4e4e4 #ffafaf #ff8787 #d75f5f #d70000"),
        DATA_ALT="#875f00",
        PATH="#5f5f00",
    ),
    "colour-blind": _of_cube(
        "colour-blind",
        "#00005f #262626 #3a3a3a #4e4e4e #5f5f00",
        "#808080",
        ("#00005f #000087 #0000af", "#262626 #303030 #5f5f00"),
        ("#303030 #005f87 #0087af #5fafd7 #5fd7ff", "#303030 #875f00 #af8700 #d7af00 #ffaf00"),
    ),
}
"""Palettes in place of those of the same name where a terminal has 256 colours."""
