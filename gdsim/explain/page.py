"""What a learner reads about one phase of an update."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One equation: ``symbol = formula``, ``= substituted``, ``= value``; parts that add nothing are empty."""

    symbol: str
    formula: str
    substituted: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One phase in words and numbers.

    title: which phase this is; sentence: what it means, in plain words; lines: its equations with numbers put in;
    notes: what else a learner must know here (a published slip, a shortcut taken).
    """

    title: str
    sentence: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
