"""Keys in measure: what a learner types is passed on as fast as hands type it, however much of it comes."""

from __future__ import annotations

import re

_EVENT = re.compile(rb"\x1b\[[0-9;:<?]*[ -/]*[@-~]|\x1b[OP]?.|[\xc0-\xff][\x80-\xbf]*|.", re.DOTALL)
_PASTE, _PASTED = b"\x1b[200~", b"\x1b[201~"

BURST = 120.0
"""Keys and clicks passed on at once."""

RATE = 60.0
"""Keys and clicks a second after that."""

_PASTE_COST = 1 / 64
"""What a character inside a paste costs: it is drawn once, at the paste's end."""


class Flow:
    """A token bucket: a key takes a token, and tokens come back at a rate."""

    def __init__(self, now: float) -> None:
        self._tokens, self._then = BURST, now
        self._is_pasting = False
        self._waiting = b""

    @property
    def is_holding(self) -> bool:
        """Whether something waits for a token."""
        return bool(self._waiting)

    def take(self, data: bytes, now: float) -> bytes:
        """Return what is passed on now of what came and what has waited; the rest waits."""
        self._tokens = min(BURST, self._tokens + (now - self._then) * RATE)
        self._then = now
        data, end = self._waiting + data, 0
        for event in _EVENT.finditer(data):
            if event[0] == _PASTE:
                self._is_pasting = True
            elif event[0] == _PASTED:
                self._is_pasting = False
            cost = _PASTE_COST if self._is_pasting else 1.0
            if self._tokens < cost:
                break
            self._tokens -= cost
            end = event.end()
        self._waiting = data[end:]
        return data[:end]

    def seconds(self) -> float:
        """Return how long what waits has to wait for a good part of it to be passed on."""
        return 10 / RATE
