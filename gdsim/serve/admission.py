"""Who gets in: codes, how many connections at a time and from where, and how fast a wrong code is answered."""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
import unicodedata
from dataclasses import dataclass

from gdsim.serve.rates import TokenBucket

log = logging.getLogger(__name__)

_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_WORDS = 3
_BITS, _ENOUGH_BITS = 5, 40
"""Bits of a character that somebody chose, and of a code that is not worth guessing."""

TRIES = 3
"""Codes a connection may offer."""

WRONG_BY_ADDRESS, WRONG_IN_ALL = 5.0, 20.0
"""Wrong codes a second that are judged; whoever offers more is disconnected."""

_MOST_ADDRESSES = 10_000
"""Addresses whose wrong codes are remembered."""

REQUESTS = 20
"""Requests to log in a connection may make of any kind: a client offers each of its keys first."""


def new_code() -> str:
    """Return three words that can be said aloud, 48 bits to guess."""
    return "-".join("".join(_syllables()) for _number in range(_WORDS))


def _syllables() -> list[str]:
    return [secrets.choice(_CONSONANTS if place % 2 == 0 else _VOWELS) for place in range(5)]


def weakness(code: str) -> str:
    """Return how soon a code is guessed that is shorter than three words and has fewer than 40 bits; empty for none."""
    letters, words = len(_spoken(code)), [word for word in _spoken(code).split("-") if len(word) > 2]
    if len(words) >= _WORDS or letters * _BITS >= _ENOUGH_BITS:
        return ""
    hours = 2 ** (letters * _BITS) / 2 / WRONG_IN_ALL / 3600
    found = "less than an hour" if hours < 1 else f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"
    return f"{letters} characters are {letters * _BITS} bits, guessed in {found} at {WRONG_IN_ALL:.0f} tries a second"


def is_code(offered: str, code: str) -> bool:
    """Whether what was offered is the code, however it is spaced and written; takes as long either way."""
    return hmac.compare_digest(_spoken(offered[:200]).encode(), _spoken(code).encode())


def _spoken(code: str) -> str:
    return "-".join(unicodedata.normalize("NFKC", code).casefold().replace("-", " ").split())


@dataclass(frozen=True, slots=True)
class Codes:
    """What lets people in."""

    code: str
    instructor: str
    is_open: bool

    def role(self, offered: str) -> str | None:
        """Return what a code makes of who offers it, None for a wrong one."""
        is_instructor, is_learner = is_code(offered, self.instructor), is_code(offered, self.code)
        return "instructor" if is_instructor else "learner" if is_learner and not self.is_open else None


@dataclass(eq=False, slots=True)
class Arrival:
    """A connection there is. is_waiting: it has not logged in yet; is_silent: it has not even said who it is."""

    address: str
    transport: asyncio.Transport
    is_waiting: bool = True
    is_silent: bool = True


class Limiter:
    """Knows every connection there is, in the order they came, and the wrong codes of late.

    learners: how many at most; a whole class behind one address gets in at the same time.
    """

    def __init__(self, learners: int) -> None:
        self._most_waiting, self._most = 2 * learners + 64, 2 * learners + 96
        self._most_waiting_by_address, self._most_by_address = learners + 32, 2 * learners + 48
        self._arrivals: dict[Arrival, None] = {}
        self._wrong: dict[str, TokenBucket] = {}
        self._wrong_in_all = TokenBucket(WRONG_IN_ALL, WRONG_IN_ALL, 0.0)

    def arrive(self, address: str, transport: asyncio.Transport) -> Arrival | None:
        """Let a connection in; None where it has to be turned away.

        Where there are too many the oldest that has said nothing yet makes room, of the same address if there is one.
        """
        why = self._why_full(address)
        silent = sorted((each for each in self._arrivals if each.is_silent), key=lambda each: each.address != address)
        if why and silent:
            log.info("%s: dropped, it said nothing and others wait", silent[0].address, extra={"kind": "dropped"})
            self.closed(silent[0])
            silent[0].transport.abort()
            why = self._why_full(address)
        if why:
            log.info("%s: refused, %s", address, why, extra={"kind": "refused"})
            return None
        arrival = Arrival(address, transport)
        self._arrivals[arrival] = None
        return arrival

    def closed(self, arrival: Arrival) -> None:
        """Note that a connection is over."""
        self._arrivals.pop(arrival, None)

    def abort_all(self) -> None:
        """Cut every connection."""
        for arrival in list(self._arrivals):
            arrival.transport.abort()

    def may_try(self, address: str, now: float) -> bool:
        """Whether a code from an address is judged: there were not too many wrong ones in the last second."""
        bucket = self._wrong.get(address)
        return self._wrong_in_all.left(now) >= 1 and (bucket is None or bucket.left(now) >= 1)

    def failed(self, address: str, now: float) -> None:
        """Note a wrong code."""
        if len(self._wrong) >= _MOST_ADDRESSES:
            self._wrong.clear()
        bucket = self._wrong.setdefault(address, TokenBucket(WRONG_BY_ADDRESS, WRONG_BY_ADDRESS, now))
        bucket.take(1)
        self._wrong_in_all.take(1)

    def _why_full(self, address: str) -> str:
        """Return why no more connections are taken from an address, empty when one more is welcome."""
        own = [each for each in self._arrivals if each.address == address]
        if len(self._arrivals) >= self._most:
            return "too many connections"
        if len(own) >= self._most_by_address:
            return "too many connections from this address"
        if sum(each.is_waiting for each in own) >= self._most_waiting_by_address:
            return "too many connections from this address are logging in"
        if sum(each.is_waiting for each in self._arrivals) >= self._most_waiting:
            return "too many connections are logging in"
        return ""
