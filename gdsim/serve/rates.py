"""How fast things may come: tokens that come back at a rate, and a learner's keys, held to what hands type."""

from __future__ import annotations

import re


class TokenBucket:
    """Tokens that come back at a rate, up to a most. now: seconds of one clock."""

    def __init__(self, rate: float, most: float, now: float) -> None:
        self.rate, self.most = rate, most
        self._tokens, self._then = most, now

    def left(self, now: float) -> float:
        """Return how many tokens there are, negative for a debt."""
        self._tokens = min(self.most, self._tokens + (now - self._then) * self.rate)
        self._then = now
        return self._tokens

    def take(self, count: float) -> None:
        """Take tokens, whether they are there or not."""
        self._tokens -= count

    def seconds(self, now: float) -> float:
        """Return how long a debt takes to be paid."""
        return max(0.0, -self.left(now) / self.rate)


_EVENT = re.compile(rb"\x1b\[[0-9;:<?]*[ -/]*[@-~]|\x1b[OP]?.|[\xc0-\xff][\x80-\xbf]*|.", re.DOTALL)
_PASTE, _PASTED = b"\x1b[200~", b"\x1b[201~"

BURST = 120.0
"""Keys and clicks passed on at once."""

RATE = 60.0
"""Keys and clicks a second after that."""

LONGEST_PASTE = 16_384
"""Characters of a paste that cost little: it is drawn once, at its end. Those beyond are keys like any other."""

_CHEAP = 64


class KeyLimit:
    """Keys in measure: what a learner types is passed on as fast as hands type, however much of it comes."""

    seconds = 10 / RATE
    """How long what waits has to wait for a good part of it to be passed on."""

    def __init__(self, now: float) -> None:
        self._bucket = TokenBucket(RATE, BURST, now)
        self._pasted: int | None = None
        self._waiting = b""

    @property
    def is_holding(self) -> bool:
        """Whether something waits for a token."""
        return bool(self._waiting)

    def take(self, data: bytes, now: float) -> bytes:
        """Return what is passed on now of what came and what has waited; the rest waits."""
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
