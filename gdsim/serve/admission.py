"""Who gets in: codes, and limits on connections and wrong codes, per address and in all."""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
import unicodedata
from dataclasses import dataclass

from gdsim.serve.options import ServeOptions
from gdsim.serve.rates import TokenBucket

log = logging.getLogger(__name__)

_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_WORD = (_CONSONANTS, _VOWELS, _CONSONANTS, _VOWELS, _CONSONANTS)
_WORDS = 3
_BITS, _ENOUGH_BITS = 5, 40
"""Bits per character of a code that somebody chose, and bits that make a code not worth guessing."""

TRIES = 3
"""Codes a connection may try."""

WRONG_BY_ADDRESS, WRONG_IN_ALL = 5.0, 20.0
"""Wrong codes judged per second; a connection that tries one beyond that is disconnected."""

_MOST_ADDRESSES = 10_000
"""Addresses whose wrong codes are remembered at a time."""

REQUESTS = 20
"""Login requests of any kind a connection may make: a client offers each of its keys first."""


def new_code() -> str:
    """Return three pronounceable words, 48 bits to guess."""
    return "-".join("".join(map(secrets.choice, _WORD)) for _number in range(_WORDS))


def weakness(code: str) -> str:
    """Return how soon a code of under three words and under 40 bits is guessed; empty for a stronger code."""
    letters, words = len(_spoken(code)), [word for word in _spoken(code).split("-") if len(word) > 2]
    if len(words) >= _WORDS or letters * _BITS >= _ENOUGH_BITS:
        return ""
    hours = 2 ** (letters * _BITS) / 2 / WRONG_IN_ALL / 3600
    found = "less than an hour" if hours < 1 else f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"
    return f"{letters} characters are {letters * _BITS} bits, guessed in {found} at {WRONG_IN_ALL:.0f} tries a second"


def is_code(offered: str, code: str) -> bool:
    """Whether `offered` is the code, ignoring case, spaces and hyphens; takes the same time either way."""
    return hmac.compare_digest(_spoken(offered[:200]).encode(), _spoken(code).encode())


def _spoken(code: str) -> str:
    return "-".join(unicodedata.normalize("NFKC", code).casefold().replace("-", " ").split())


def role_of(offered: str, options: ServeOptions) -> str | None:
    """Return the role a code gives, None for a wrong code."""
    is_instructor, is_learner = is_code(offered, options.instructor_code), is_code(offered, options.code)
    return "instructor" if is_instructor else "learner" if is_learner and not options.is_open else None


@dataclass(eq=False, slots=True)
class Arrival:
    """An open connection. is_waiting: it has not logged in yet; is_silent: it has not even sent a user name."""

    address: str
    transport: asyncio.Transport
    is_waiting: bool = True
    is_silent: bool = True


class Limiter:
    """Keeps track of all connections, in order of arrival, and of recent wrong codes.

    learners: how many at most; a whole class behind one address can get in at once.
    """

    def __init__(self, learners: int) -> None:
        self._most_waiting, self._most = 2 * learners + 64, 2 * learners + 96
        self._most_waiting_by_address, self._most_by_address = learners + 32, 2 * learners + 48
        self._arrivals: dict[Arrival, None] = {}
        self._wrong: dict[str, TokenBucket] = {}
        self._wrong_in_all = TokenBucket(WRONG_IN_ALL, WRONG_IN_ALL, 0.0)

    def arrive(self, address: str, transport: asyncio.Transport) -> Arrival | None:
        """Admit a connection; return None if it has to be refused.

        If there are too many, drop the oldest that has sent no user name yet, preferably one from the same address.
        """
        why = self._why_full(address)
        silent = sorted((each for each in self._arrivals if each.is_silent), key=lambda each: each.address != address)
        if why and silent:
            log.info(
                "%s: dropped: it sent nothing while others were waiting", silent[0].address, extra={"kind": "dropped"}
            )
            self.closed(silent[0])
            silent[0].transport.abort()
            why = self._why_full(address)
        if why:
            log.info("%s: refused: %s", address, why, extra={"kind": "refused"})
            return None
        arrival = Arrival(address, transport)
        self._arrivals[arrival] = None
        return arrival

    def closed(self, arrival: Arrival) -> None:
        """Forget a connection that has ended."""
        self._arrivals.pop(arrival, None)

    def abort_all(self) -> None:
        """Cut every connection."""
        for arrival in list(self._arrivals):
            arrival.transport.abort()

    def may_try(self, address: str, now: float) -> bool:
        """Whether a code from an address is judged: there were not too many wrong codes in the last second."""
        bucket = self._wrong.get(address)
        return self._wrong_in_all.left(now) >= 1 and (bucket is None or bucket.left(now) >= 1)

    def failed(self, address: str, now: float) -> None:
        """Count a wrong code."""
        if len(self._wrong) >= _MOST_ADDRESSES:
            self._wrong.clear()
        bucket = self._wrong.setdefault(address, TokenBucket(WRONG_BY_ADDRESS, WRONG_BY_ADDRESS, now))
        bucket.take(1)
        self._wrong_in_all.take(1)

    def _why_full(self, address: str) -> str:
        """Return why no more connections are accepted from an address, empty if one more may come."""
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
