"""What a learner reads about one phase of an update."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gdsim.engine.update import Phase, Update
from gdsim.explain.numbers import in_ascii
from gdsim.explain.symbols import Names
from gdsim.timeline.position import Focus


@dataclass(frozen=True, slots=True)
class Line:
    """One equation: ``symbol = formula``, ``= substituted``, ``= value``; parts that add nothing are empty."""

    symbol: str
    formula: str
    substituted: str = ""
    value: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether it is a remark between equations, in the place of its symbol, and none itself."""
        return not (self.formula or self.substituted or self.value)

    @property
    def lettered(self) -> Line:
        """The equation in ASCII letters."""
        return Line(in_ascii(self.symbol), in_ascii(self.formula), in_ascii(self.substituted), in_ascii(self.value))


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


Pages: TypeAlias = Mapping[str, Callable[[Update, Phase, Focus, Names], Page]]
"""How each kind of phase of a model is explained."""


def lettered(page: Page) -> Page:
    """Return the page in ASCII letters."""
    lines = tuple(line.lettered for line in page.lines)
    return Page(in_ascii(page.title), in_ascii(page.sentence), lines, tuple(map(in_ascii, page.notes)))


def equation_lines(lines: Sequence[Line], *, spaced: bool = False) -> Iterator[str]:
    """Yield equations as lines of text, the equals signs of each one under another; `spaced` with a line between."""
    for index, line in enumerate(lines):
        lead = line.symbol
        if spaced and index:
            yield ""
        if line.is_bare:
            yield lead
        for part in filter(None, (line.formula, line.substituted, line.value)):
            yield f"{lead} = {part}"
            lead = " " * len(line.symbol)
