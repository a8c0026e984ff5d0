"""Who gets in: codes, how many connections at a time and from where, and how fast a wrong code is answered."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_WORDS = 3
_BITS, _ENOUGH_BITS = 5, 40
"""Bits of a character that somebody chose, and of a code that is not worth guessing."""

TRIES = 3
"""Codes a connection may offer."""

WRONG_BY_ADDRESS, WRONG_IN_ALL = 5.0, 20.0
"""Wrong codes a second that are judged; whoever offers more is disconnected."""

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


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections at most: that have yet to log in, by address and in all; logged in or not, likewise."""

    waiting: int
    waiting_by_address: int
    total: int
    total_by_address: int

    @classmethod
    def for_learners(cls, learners: int) -> Limits:
        """Return limits under which a whole class behind one address gets in at the same time."""
        return cls(2 * learners + 64, learners + 32, 2 * learners + 96, 2 * learners + 48)


@dataclass(frozen=True, slots=True)
class Connections:
    """Connections there are: the address of each by its number, in the order they came; `silent` and `waiting` ones.

    waiting: have not logged in yet; silent: have not even said who they are.
    """

    addresses: Mapping[int, str] = field(default_factory=dict)
    waiting: frozenset[int] = frozenset()
    silent: frozenset[int] = frozenset()

    def opened(self, number: int, address: str) -> Connections:
        """Return the connections with a new one."""
        return Connections({**self.addresses, number: address}, self.waiting | {number}, self.silent | {number})

    def spoken(self, number: int) -> Connections:
        """Return the connections after one said who it is."""
        return replace(self, silent=self.silent - {number})

    def admitted(self, number: int) -> Connections:
        """Return the connections after one logged in."""
        return replace(self, waiting=self.waiting - {number}, silent=self.silent - {number})

    def closed(self, number: int) -> Connections:
        """Return the connections without one."""
        addresses = {each: address for each, address in self.addresses.items() if each != number}
        return Connections(addresses, self.waiting - {number}, self.silent - {number})

    def of(self, address: str) -> frozenset[int]:
        """Return the numbers of an address."""
        return frozenset(each for each, its in self.addresses.items() if its == address)


def to_refuse(lines: Connections, address: str, limits: Limits) -> str:
    """Return why no more connections are taken from an address, empty when one more is welcome."""
    own = lines.of(address)
    if len(lines.addresses) >= limits.total:
        return "too many connections"
    if len(own) >= limits.total_by_address:
        return "too many connections from this address"
    if len(own & lines.waiting) >= limits.waiting_by_address:
        return "too many connections from this address are logging in"
    if len(lines.waiting) >= limits.waiting:
        return "too many connections are logging in"
    return ""


def to_drop(lines: Connections, address: str) -> int | None:
    """Return the oldest connection that has said nothing yet, of the same address if there is one; None for none.

    It makes room for one that may have something to say.
    """
    own = lines.of(address)
    silent = [number for number in lines.addresses if number in lines.silent]
    return next((number for number in silent if number in own), next(iter(silent), None))
