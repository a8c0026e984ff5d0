"""Moves of a terminal's cursor, by sequences that every terminal since the VT100 knows."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["place", "steps"]

_BACKSPACES = 4
"""More backspaces than these are longer than the sequence that moves as far."""


@lru_cache(maxsize=8192)
def place(x: int, y: int) -> str:
    """Return the text that moves the cursor to a cell, wherever it is."""
    if x:
        return f"\x1b[{y + 1};{x + 1}H"
    return f"\x1b[{y + 1}H" if y else "\x1b[H"


@lru_cache(maxsize=8192)
def steps(right: int, down: int) -> str:
    """Return the text that moves the cursor from where it is: to the left and up where a number is below zero.

    Not for a cursor behind the last cell of a line. No line feed: some settings make it go to the left edge too.
    """
    aside = "\b" * -right if -_BACKSPACES <= right < 0 else _step(right, "C", "D")
    return _step(down, "B", "A") + aside


def _step(distance: int, on: str, back: str) -> str:
    if not distance:
        return ""
    return f"\x1b[{abs(distance) if abs(distance) > 1 else ''}{on if distance > 0 else back}"
