"""The list of bundled scenarios in plain mode, to choose from by number or by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches

from gdsim.errors import GdsimError, UsageError
from gdsim.i18n import _
from gdsim.plain.talk import Talk
from gdsim.plain.typed import shown
from gdsim.scenario.library import Summary, summaries
from gdsim.session import Session

_LEAVE, _AGAIN = ("quit", "q"), ("list", "help", "?", "")


def choose(opened: Callable[[str], Session], talk: Talk) -> Session | None:
    """List the scenarios and return a session on the one chosen; None for quit and at the end of input."""
    offered = summaries()
    talk.say(_list(offered))
    while (line := talk.asked()) is not None:
        word = line.strip().lower()
        if word in _LEAVE:
            return None
        if word in _AGAIN:
            talk.say(_list(offered))
            continue
        try:
            return opened(_named(offered, word))
        except GdsimError as error:
            talk.say(str(error))
    return None


def _list(offered: Sequence[Summary]) -> str:
    lines = [f"{number} {each.name}: {each.summary}" for number, each in enumerate(offered, 1)]
    how = _("Choose a scenario: its number or its name. quit leaves.")
    return "\n".join([how, *lines])


def _named(offered: Sequence[Summary], word: str) -> str:
    """Return the name a typed word means: a number of the list, a name, or the beginning of one name only.

    Raises UsageError for anything else.
    """
    names = [each.name for each in offered]
    if word in names:
        return word
    if word.isascii() and word.isdigit() and 1 <= int(word[:9]) <= len(names):
        return names[int(word[:9]) - 1]
    begun = [name for name in names if name.startswith(word)]
    if len(begun) == 1:
        return begun[0]
    hint = _("a number from 1 to {count}, or a name; an empty line lists them").format(count=len(names))
    near = ", ".join(begun or get_close_matches(word[:40], names, n=1))
    guess = _("did you mean {word}?").format(word=near) if near else ""
    raise UsageError(shown(word), _("no such scenario"), "; ".join(filter(None, (hint, guess))))
