"""Knowing when a terminal has shown what was sent: it is asked for a report, and answers when it has come to it."""

from __future__ import annotations

import re
from time import monotonic

from textual.driver import Driver

_QUESTION, _ANSWER = "\x1b[5n", r"\x1b\[[03]n"
"""Device Status Report: every terminal since the VT100 answers, after it has drawn what came before."""

_ANSWER_SECONDS = 1.0
_MUTE_BYTES_A_SECOND = 4000
"""How fast a terminal that answers no question is taken to be."""


class WatchedDriver(Driver):
    """A driver that can ask its terminal whether it has shown what was written."""

    _asked: float | None = None
    _has_answered = False
    _sent = 0
    _asked_for = 0

    @property
    def is_watching(self) -> bool:
        """Whether the terminal has not shown yet what was written before `ask`, as far as that can be known."""
        if self._asked is None:
            return False
        patience = _ANSWER_SECONDS if self._has_answered else self._asked_for / _MUTE_BYTES_A_SECOND
        return monotonic() - self._asked < patience

    def ask(self) -> None:
        """Ask the terminal to tell when it has shown what was written."""
        self._asked, self._asked_for, self._sent = monotonic(), self._sent, 0
        self.write(_QUESTION)
        self.flush()

    def without_answers(self, text: str) -> str:
        """Return what was read from the terminal without its answers, which are noted."""
        if "\x1b[" not in text:
            return text
        kept, answers = re.subn(_ANSWER, "", text)
        if answers:
            self._asked, self._has_answered = None, True
        return kept
