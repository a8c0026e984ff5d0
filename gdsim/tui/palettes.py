"""What marks and colours stand for each role: one table of palettes, one of marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rich.style import Style

from gdsim.charts.chart import Role


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a chart, as Rich and Textual write them; an empty text means the terminal's own colour.

    colors: the foreground of each role; axis: frame, ticks and labels; ground: the colour that a field's regions and a
    picture's pixels start from (empty: fields are drawn with shades or digits); heights: the colours of heights, low to
    high, evenly light. positive, negative: weights by sign; focus: the current part of a network. strong: the roles
    drawn bold, the ones a learner should look at first.
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
        """Return the style of a role, over `background` where one is given."""
        return style(self.colors.get(role, ""), background, bold=role in self.strong)


@lru_cache(maxsize=2048)
def style(
    color: str = "", background: str = "", *, bold: bool = False, dim: bool = False, reverse: bool = False
) -> Style:
    """Return the Rich style of these colours; attributes that are off are left to whatever lies beneath."""
    return Style(
        color=color or None,
        bgcolor=background or None,
        bold=bold or None,
        dim=dim or None,
        reverse=reverse or None,
    )


@dataclass(frozen=True, slots=True)
class Mark:
    """How a role is drawn: its point and its line, in Unicode and in ASCII.

    dash: dots drawn and dots left out along a line in Unicode (0 left out: solid); in ASCII the character tells.
    """

    unicode: str
    ascii: str
    dash: tuple[int, int] = (1, 0)


# No two roles share a mark; none is a shade character, so a path stays legible over a field without colour.
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
"""What fields are drawn with where there is no colour: as many below the threshold as above it."""


def mixed(start: str, end: str, part: float) -> str:
    """Return the colour a part of the way from one ``#rrggbb`` to another."""
    pairs = ((int(start[at : at + 2], 16), int(end[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


PALETTES: dict[str, Palette] = {
    "dark": Palette(
        name="dark",
        colors={
            Role.CURVE: "#7aa2f7",
            Role.DATA: "#7dcfff",
            Role.DATA_ALT: "#ff9e64",
            Role.DATA_3: "#f5a3d7",
            Role.DATA_4: "#c3e88d",
            Role.FIT: "#9ece6a",
            Role.LOSS: "#bb9af7",
            Role.PATH: "#e0af68",
            Role.CURRENT: "#ffd75f",
            Role.NEXT: "#ffffff",
            Role.TANGENT: "#f7768e",
            Role.BOUNDARY: "#9ece6a",
            Role.BEFORE: "#5f8a3f",
            Role.GHOST: "#7a82a8",
            Role.TRUTH: "#73daca",
            Role.COMPARE: "#ff79c6",
            Role.COMPARE_2: "#73daca",
            Role.COMPARE_3: "#ff9e64",
            Role.COMPARE_4: "#b4f9a8",
            Role.LOWEST: "#ffffff",
        },
        axis="#8a90a6",
        ground="#14182b",
        heights=("#1d1147", "#2b2c6f", "#24507e", "#1f727a", "#2e8f6b"),
        positive="#7aa2f7",
        negative="#f7768e",
        focus="#ffd75f",
    ),
    "light": Palette(
        name="light",
        colors={
            Role.CURVE: "#2156b8",
            Role.DATA: "#00608a",
            Role.DATA_ALT: "#b04a00",
            Role.DATA_3: "#6a3fb5",
            Role.DATA_4: "#2e7d32",
            Role.FIT: "#2e7d32",
            Role.LOSS: "#6a3fb5",
            Role.PATH: "#8a5a00",
            Role.CURRENT: "#c2185b",
            Role.NEXT: "#000000",
            Role.TANGENT: "#c62828",
            Role.BOUNDARY: "#2e7d32",
            Role.BEFORE: "#7fae82",
            Role.GHOST: "#6b6f80",
            Role.TRUTH: "#00796b",
            Role.COMPARE: "#a3207f",
            Role.COMPARE_2: "#00796b",
            Role.COMPARE_3: "#b04a00",
            Role.COMPARE_4: "#2e7d32",
            Role.LOWEST: "#000000",
        },
        axis="#5c6070",
        ground="#f7fafd",
        heights=("#8fa8dc", "#93c6d6", "#a9dcc0", "#d2ecb0", "#fbf7c6"),
        positive="#2156b8",
        negative="#c62828",
        focus="#c2185b",
    ),
    "colour-blind": Palette(
        name="colour-blind",
        colors={
            Role.CURVE: "#56b4e9",
            Role.DATA: "#56b4e9",
            Role.DATA_ALT: "#e69f00",
            Role.DATA_3: "#009e73",
            Role.DATA_4: "#cc79a7",
            Role.FIT: "#009e73",
            Role.LOSS: "#cc79a7",
            Role.PATH: "#e69f00",
            Role.CURRENT: "#f0e442",
            Role.NEXT: "#ffffff",
            Role.TANGENT: "#d55e00",
            Role.BOUNDARY: "#009e73",
            Role.BEFORE: "#7a8f88",
            Role.GHOST: "#999999",
            Role.TRUTH: "#009e73",
            Role.COMPARE: "#cc79a7",
            Role.COMPARE_2: "#009e73",
            Role.COMPARE_3: "#e69f00",
            Role.COMPARE_4: "#56b4e9",
            Role.LOWEST: "#ffffff",
        },
        axis="#999999",
        ground="#101418",
        heights=("#0a2350", "#2f3f6b", "#55596d", "#6e6a63", "#857c5a"),
        positive="#56b4e9",
        negative="#e69f00",
        focus="#f0e442",
    ),
    "sixteen": Palette(
        name="sixteen",
        colors={
            Role.CURVE: "bright_blue",
            Role.DATA: "cyan",
            Role.DATA_ALT: "yellow",
            Role.DATA_3: "bright_magenta",
            Role.DATA_4: "bright_green",
            Role.FIT: "green",
            Role.LOSS: "magenta",
            Role.PATH: "yellow",
            Role.CURRENT: "bright_yellow",
            Role.TANGENT: "red",
            Role.BOUNDARY: "green",
            Role.BEFORE: "cyan",
            Role.TRUTH: "cyan",
            Role.COMPARE: "bright_magenta",
            Role.COMPARE_2: "bright_cyan",
            Role.COMPARE_3: "bright_red",
            Role.COMPARE_4: "bright_green",
            Role.LOWEST: "bright_white",
        },
        positive="bright_blue",
        negative="red",
        focus="bright_yellow",
    ),
    "sixteen-light": Palette(
        name="sixteen-light",
        colors={
            Role.CURVE: "blue",
            Role.DATA: "blue",
            Role.DATA_ALT: "red",
            Role.DATA_3: "magenta",
            Role.DATA_4: "green",
            Role.FIT: "green",
            Role.LOSS: "magenta",
            Role.PATH: "magenta",
            Role.CURRENT: "red",
            Role.TANGENT: "magenta",
            Role.BOUNDARY: "green",
            Role.TRUTH: "green",
            Role.COMPARE: "magenta",
            Role.BEFORE: "magenta",
            Role.COMPARE_2: "cyan",
            Role.COMPARE_3: "red",
            Role.COMPARE_4: "green",
            Role.LOWEST: "black",
        },
        positive="blue",
        negative="red",
        focus="magenta",
    ),
    "none": Palette(name="none"),
}
