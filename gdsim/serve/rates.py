"""Rate limits: a token bucket, and a limit that holds a learner's keys to human typing speed."""

from __future__ import annotations

import re


class TokenBucket:
    """Tokens that refill at a rate, up to a maximum. now: seconds, always of the same clock."""

    def __init__(self, rate: float, most: float, now: float) -> None:
        self.rate, self.most = rate, most
        self._tokens, self._then = most, now

    def left(self, now: float) -> float:
        """Return the number of tokens left, negative for a debt."""
        self._tokens = min(self.most, self._tokens + (now - self._then) * self.rate)
        self._then = now
        return self._tokens

    def take(self, count: float) -> None:
        """Take tokens, going into debt if there are too few."""
        self._tokens -= count

    def seconds(self, now: float) -> float:
        """Return the seconds until a debt is paid, 0 if there is none."""
        return max(0.0, -self.left(now) / self.rate)


_EVENT = re.compile(rb"\x1b\[[0-9;:<?]*[ -/]*[@-~]|\x1b[OP]?.|[\xc0-\xff][\x80-\xbf]*|.", re.DOTALL)
_PASTE, _PASTED = b"\x1b[200~", b"\x1b[201~"

BURST = 120.0
"""Keys and clicks passed on at once."""

RATE = 60.0
"""Keys and clicks per second after that."""

LONGEST_PASTE = 16_384
"""Characters of a paste that cost little, as it is drawn once, at its end; those beyond cost as much as keys."""

_CHEAP = 64


class KeyLimit:
    """A rate limit for keys: passes on typing at human speed, however much arrives."""

    seconds = 10 / RATE
    """Seconds until a good part of the waiting keys can be passed on."""

    def __init__(self, now: float) -> None:
        self._bucket = TokenBucket(RATE, BURST, now)
        self._pasted: int | None = None
        self._waiting = b""

    @property
    def is_holding(self) -> bool:
        """Whether keys wait for tokens."""
        return bool(self._waiting)

    def take(self, data: bytes, now: float) -> bytes:
        """Return the part of the waiting keys and `data` that may be passed on now; the rest waits."""
        data, end = self._waiting + data, 0
        left = self._bucket.left(now)
        for event in _EVENT.finditer(data):
            cost = self._cost(event[0])
            if left < cost:
                break
            left -= cost
            self._bucket.take(cost)
            self._note(event[0])
            end = event.end()
        self._waiting = data[end:]
        return data[:end]

    def _cost(self, event: bytes) -> float:
        if self._pasted is not None and self._pasted < LONGEST_PASTE:
            return 1 / _CHEAP
        return min(BURST, max(1.0, len(event) / _CHEAP))

    def _note(self, event: bytes) -> None:
        if event == _PASTE:
            self._pasted = 0
        elif event == _PASTED:
            self._pasted = None
        elif self._pasted is not None:
            self._pasted += 1
