"""Numbers as labels of charts write them: few digits, and the minus of formulas."""

from __future__ import annotations


def digits(value: float, count: int, *, signed: bool = False) -> str:
    """Return `value` with `count` significant digits, with a plus too where it is `signed`: ``−0.625``, ``1e−05``."""
    return f"{value:{'+' if signed else ''}.{count}g}".replace("-", "−")
