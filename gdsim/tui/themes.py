"""Themes: Textual's colours and the charts' palette, chosen by one name."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from gdsim.charts.chart import Role
from gdsim.tui.palettes import PALETTES


def _of_palette(name: str, grounds: tuple[str, str, str, str], frame: str, success: str = "") -> Theme:
    """Return a theme in the colours of the palette with the same name.

    grounds: the text colour, then the backgrounds of the screen, of lines and dialogs, and of title and keys. success:
    empty for the colour of a fit.
    """
    palette = PALETTES[name]
    foreground, background, surface, panel = grounds
    return Theme(
        name=name,
        primary=palette.colors[Role.CURVE],
        secondary=palette.colors[Role.TRUTH],
        accent=palette.colors[Role.CURRENT],
        foreground=foreground,
        background=background,
        surface=surface,
        panel=panel,
        success=success or palette.colors[Role.FIT],
        warning=palette.colors[Role.PATH],
        error=palette.colors[Role.TANGENT],
        dark=name != "light",
        variables={"quiet": palette.axis, "frame": frame, "strong": palette.colors[Role.NEXT]},
    )


def _of_terminal(name: str, accent: str, warning: str, *, dark: bool) -> Theme:
    """Return a theme in the terminal's first sixteen colours, on the terminal's own background."""
    variables = BUILTIN_THEMES["ansi-dark" if dark else "ansi-light"].variables
    return Theme(
        name=name,
        primary="ansi_blue",
        secondary="ansi_cyan",
        accent=accent,
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        success="ansi_green",
        warning=warning,
        error="ansi_bright_red" if dark else "ansi_red",
        ansi=True,
        dark=dark,
        variables=variables | dict.fromkeys(("quiet", "frame", "strong"), "ansi_default"),
    )


THEMES: Mapping[str, Theme] = {
    theme.name: theme
    for theme in (
        _of_palette("dark", ("#d5d9e8", "#11131c", "#181b27", "#222637"), "#3b4261"),
        _of_palette("light", ("#20242e", "#fbfbfa", "#f1f2f4", "#e3e6ea"), "#a9afbd"),
        _of_palette("colour-blind", ("#e4e4e4", "#101214", "#181b1e", "#22262a"), "#454b52", success="#56b4e9"),
        _of_terminal("terminal", "ansi_yellow", "ansi_yellow", dark=True),
        _of_terminal("terminal-light", "ansi_blue", "ansi_magenta", dark=False),
    )
}

PALETTE_OF: Mapping[str, str] = {
    "dark": "dark",
    "light": "light",
    "colour-blind": "colour-blind",
    "terminal": "sixteen",
    "terminal-light": "sixteen-light",
}
"""The palette of charts under each theme."""

LOOKS: Mapping[str, tuple[str, bool]] = {
    "quiet": ("quiet", False),
    "frame": ("frame", False),
    "strong": ("strong", True),
    "accent": ("accent", True),
    "good": ("success", False),
    "bad": ("error", True),
    "changed": ("accent", True),
    "key": ("accent", True),
}
"""Styles of the parts of a line by name: the theme variable that holds the colour, and whether they are bold.

A table instead of style sheets, since Textual would compute the styles of every name for every widget.
"""


def look_of(name: str, variables: Mapping[str, str]) -> Style:
    """Return the style of a part under a theme's variables; the background beneath stays."""
    variable, is_bold = LOOKS[name]
    return Style(color=Color.parse(variables[variable]).rich_color, bold=is_bold or None)
