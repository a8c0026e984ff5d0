"""What the terminal can show according to the environment: number of colours, light or dark background, letters.

The terminal itself is not queried: over slow connections, in multiplexers and old terminals replies come late or never.
This module does not import the screen, so its findings can be put into the environment before the screen reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

NO_COLORS, SIXTEEN, EIGHT_BIT, TRUE_COLOR = 0, 16, 256, 1 << 24

_COLOR_SYSTEMS = {SIXTEEN: "standard", EIGHT_BIT: "256", TRUE_COLOR: "truecolor"}
_DUMB = frozenset({"dumb", "unknown"})
_HARDWARE = ("vt52", "vt100", "vt102", "vt220", "vt320", "vt420", "ansi-m", "wy", "adm", "hp")
"""Prefixes of the names of terminals without colour."""

_IN_TRUE_COLOR = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour", "iterm", "mintty")
"""Prefixes of the names of terminals known to show true colour, in case COLORTERM was lost on the way."""

_LIGHT = frozenset({7, *range(9, 16)})
"""Those of the first sixteen colours that make a light background."""


class Terminal(NamedTuple):
    """What a terminal can show.

    colors: 0, 16, 256 or 2²⁴; is_light: whether its background is known to be light; is_ascii: whether non-ASCII
    letters would be lost; is_dumb: whether it can only write line after line; has_old_keys: whether it would print
    requests that newer terminals accept silently; is_cell: whether it is a notebook cell, where nobody can type.
    """

    colors: int
    is_light: bool
    is_ascii: bool
    is_dumb: bool
    has_old_keys: bool
    is_cell: bool = False

    @property
    def theme(self) -> str:
        """The name of the matching theme (`gdsim.tui.themes`)."""
        if self.colors <= SIXTEEN:
            return "terminal-light" if self.is_light else "terminal"
        return "light" if self.is_light else "dark"

    @property
    def settings(self) -> Mapping[str, str]:
        """Environment variables that make the screen draw for this terminal; set them before importing the screen."""
        found = {"TEXTUAL_COLOR_SYSTEM": _COLOR_SYSTEMS[self.colors]} if self.colors else {"NO_COLOR": "1"}
        return found | ({"TEXTUAL_DISABLE_KITTY_KEY": "1"} if self.has_old_keys else {})


def terminal_of(environment: Mapping[str, str], encoding: str | None) -> Terminal:
    """Return what the environment says about the terminal; `encoding` is that of standard output.

    NO_COLOR counts unless it is empty. TERM=linux is the console; its font lacks most signs of formulas and charts.
    With TEXTUAL_DRIVER, as `textual serve` sets it, the screen is a browser; TERM and the locale do not describe it.
    """
    if environment.get("TEXTUAL_DRIVER"):
        colors = NO_COLORS if environment.get("NO_COLOR") else TRUE_COLOR
        return Terminal(colors, is_light=False, is_ascii=False, is_dumb=False, has_old_keys=False)
    term = environment.get("TERM", "").strip().lower()
    is_hardware = term.startswith(_HARDWARE)
    is_console = term.removeprefix("screen.").startswith("linux")  # GNU screen names the terminal it runs in
    return Terminal(
        colors=NO_COLORS if environment.get("NO_COLOR") or is_hardware else _colors(term, environment),
        is_light=_is_light(environment.get("COLORFGBG", "")),
        is_ascii=is_hardware or is_console or not _is_unicode(environment, encoding),
        is_dumb=term in _DUMB,
        has_old_keys=is_hardware or is_console,
        # ipykernel sets these for commands in a cell; a terminal opened from a notebook has its own TERM.
        is_cell=term == "xterm-color" and environment.get("PAGER") == environment.get("GIT_PAGER") == "cat",
    )


def _is_unicode(environment: Mapping[str, str], encoding: str | None) -> bool:
    """Whether the output takes non-ASCII letters. An explicit C locale means ASCII, though Python writes UTF-8."""
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_CTYPE", "LANG"))), "")
    return locale not in ("C", "POSIX") and (encoding or "ascii").lower().replace("-", "").startswith("utf")


def _colors(term: str, environment: Mapping[str, str]) -> int:
    """Return how many colours a terminal that has colours shows."""
    is_in_tmux = bool(environment.get("TMUX"))
    # COLORTERM is inherited from outside; GNU screen and the console misread true-colour codes.
    is_misread = term.startswith("linux") or (term.startswith("screen") and not is_in_tmux)
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit") and not is_misread:
        return TRUE_COLOR
    if term.startswith(_IN_TRUE_COLOR) or term.endswith("-direct"):
        return TRUE_COLOR
    # tmux accepts 256 colours under any name, and converts them for the terminal around it.
    return EIGHT_BIT if term.endswith("-256color") or is_in_tmux else SIXTEEN


def _is_light(foreground_background: str) -> bool:
    """Whether COLORFGBG, ``15;0`` or ``0;default;15``, names a light background."""
    last = foreground_background.rpartition(";")[2].strip()
    return last.isascii() and last.isdigit() and int(last[:4]) in _LIGHT
