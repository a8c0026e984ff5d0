"""Themes: Textual's colours and the charts' palette, chosen by one name."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

_OWN = {"quiet": "ansi_default", "frame": "ansi_default", "strong": "ansi_default"}

THEMES: Mapping[str, Theme] = {
    "dark": Theme(
        name="dark",
        primary="#7aa2f7",
        secondary="#73daca",
        accent="#ffd75f",
        foreground="#d5d9e8",
        background="#11131c",
        surface="#181b27",
        panel="#222637",
        success="#9ece6a",
        warning="#e0af68",
        error="#f7768e",
        variables={"quiet": "#8a90a6", "frame": "#3b4261", "strong": "#ffffff"},
    ),
    "light": Theme(
        name="light",
        primary="#2156b8",
        secondary="#00796b",
        accent="#c2185b",
        foreground="#20242e",
        background="#fbfbfa",
        surface="#f1f2f4",
        panel="#e3e6ea",
        success="#2e7d32",
        warning="#8a5a00",
        error="#c62828",
        dark=False,
        variables={"quiet": "#5c6070", "frame": "#a9afbd", "strong": "#000000"},
    ),
    "colour-blind": Theme(
        name="colour-blind",
        primary="#56b4e9",
        secondary="#009e73",
        accent="#f0e442",
        foreground="#e4e4e4",
        background="#101214",
        surface="#181b1e",
        panel="#22262a",
        success="#56b4e9",
        warning="#e69f00",
        error="#d55e00",
        variables={"quiet": "#999999", "frame": "#454b52", "strong": "#ffffff"},
    ),
    "terminal": Theme(
        name="terminal",
        primary="ansi_blue",
        secondary="ansi_cyan",
        accent="ansi_yellow",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        success="ansi_green",
        warning="ansi_yellow",
        error="ansi_red",
        ansi=True,
        variables=BUILTIN_THEMES["ansi-dark"].variables | _OWN,
    ),
    "terminal-light": Theme(
        name="terminal-light",
        primary="ansi_blue",
        secondary="ansi_cyan",
        accent="ansi_blue",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        success="ansi_green",
        warning="ansi_magenta",
        error="ansi_red",
        ansi=True,
        dark=False,
        variables=BUILTIN_THEMES["ansi-light"].variables | _OWN,
    ),
}

PALETTE_OF: Mapping[str, str] = {
    "dark": "dark",
    "light": "light",
    "colour-blind": "colour-blind",
    "terminal": "sixteen",
    "terminal-light": "sixteen-light",
}
"""The palette charts are drawn with under each theme."""

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
"""How parts of a line look, by name: the variable of the theme that has their colour, and whether they are bold.

A table, not style sheets: Textual would compute the styles of every name anew for every widget.
"""


def look_of(name: str, variables: Mapping[str, str]) -> Style:
    """Return the look of a part under the variables of a theme; what lies beneath keeps its background."""
    variable, is_bold = LOOKS[name]
    return Style(color=Color.parse(variables[variable]).rich_color, bold=is_bold or None)
