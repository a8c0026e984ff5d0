"""A learner's terminal: what it can show, and the escape codes that prepare it for a screen and restore it."""

from __future__ import annotations

from collections.abc import Mapping

from gdsim.i18n import language_of
from gdsim.tui.terminal import Terminal, terminal_of
from gdsim.tui.terminal_profile import TerminalProfile

KNOWN_VARIABLES = frozenset({"TERM", "COLORTERM", "LANG", "LC_ALL", "NO_COLOR"})
"""Variables a client may send about its terminal; no others are kept."""

_LONGEST_NAME = 64

_ENTERING = (
    "\x1b[?1049h"  # the alternate screen
    "\x1b[?25l"  # no cursor
    "\x1b[?7l"  # no wrapping at the right edge
    "\x1b[?2004h"  # pastes are marked
    "\x1b[?1000h\x1b[?1006h"  # clicks are reported, moves are not
)
_KEYS_ON, _KEYS_OFF = "\x1b[>25u", "\x1b[<u"
"""Turn the kitty keyboard protocol on and off: newer terminals then distinguish every key."""

_LEAVING = (
    "\x1b\\"  # ends a sequence that was cut short
    "\x1b[m"
    "\x1b[?2026l"  # shows what was held back
    "\x1b[?1006l\x1b[?1015l\x1b[?1003l\x1b[?1002l\x1b[?1000l"
    "\x1b[?1004l\x1b[?2048l\x1b[?2004l"
    "\x1b[?7h"
    "\x1b[H\x1b[2J"  # leaves nothing behind where there is no alternate screen, as in GNU screen
)
_LEFT = "\x1b[?1049l\x1b[?25h"


def entering(terminal: Terminal) -> bytes:
    """Return the codes that prepare a terminal for a screen."""
    return (_ENTERING + ("" if terminal.has_old_keys else _KEYS_ON)).encode()


def leaving(terminal: Terminal) -> bytes:
    """Return the codes that restore a terminal, wherever its screen stopped."""
    return (_LEAVING + ("" if terminal.has_old_keys else _KEYS_OFF) + _LEFT).encode()


def notice_over(text: str, size: tuple[int, int]) -> bytes:
    """Return the codes that write a line over the last row of a screen whose own process is busy."""
    width, height = size
    return f"\x1b7\x1b[{height};1H\x1b[m\x1b[7m{text[: width - 1]}\x1b[m\x1b[K\x1b8".encode(errors="replace")


def terminal_for(term: str, variables: Mapping[str, str]) -> Terminal:
    """Return what is known about a terminal from its name and the variables the client sent."""
    known = {name: value for name, value in variables.items() if value}  # an empty NO_COLOR means nothing
    return terminal_of(known | {"TERM": term[:_LONGEST_NAME]}, _encoding(known))


def profile_for(
    terminal: Terminal, variables: Mapping[str, str], size: tuple[int, int], *, is_instructor: bool
) -> TerminalProfile:
    """Return the profile of a terminal, in the language its client asks for; in English if it can show only ASCII."""
    locale = {name: value for name, value in variables.items() if name in ("LANG", "LC_ALL")}
    language = "en" if terminal.is_ascii else language_of(locale)
    return TerminalProfile("", size, terminal.colors, terminal.theme, terminal.is_ascii, language, is_instructor)


def printable(text: str, longest: int = 200) -> str:
    """Return untrusted text shortened to `longest`, with unprintable characters and line ends replaced."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text[:longest])


def _encoding(variables: Mapping[str, str]) -> str:
    """Return the encoding a locale names; if it names none UTF-8, which terminals use."""
    locale = variables.get("LC_ALL") or variables.get("LANG") or ""
    return locale.partition(".")[2].partition("@")[0] or "utf-8"
