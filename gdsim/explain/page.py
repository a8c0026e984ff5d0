"""The page a learner reads about one phase of an update: sentences and equations with names and numbers put in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gdsim.engine.update import Phase, Update
from gdsim.explain.numbers import in_ascii, short_number
from gdsim.i18n import ngettext
from gdsim.timeline.position import Focus

if TYPE_CHECKING:
    from gdsim.scenario.data.dataset import Dataset
    from gdsim.scenario.scenario import Scenario


SHOWN_TERMS = 4
"""A sum of more terms than this shows one term less than this and counts the others."""


@dataclass(frozen=True, slots=True)
class Line:
    """One equation: ``symbol = formula``, ``= substituted``, ``= value``; parts that add nothing are empty."""

    symbol: str
    formula: str
    substituted: str = ""
    value: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether this is not an equation but a remark between equations, held in `symbol`."""
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


def lettered(page: Page) -> Page:
    """Return the page in ASCII letters."""
    lines = tuple(line.lettered for line in page.lines)
    return Page(in_ascii(page.title), in_ascii(page.sentence), lines, tuple(map(in_ascii, page.notes)))


def equation_lines(lines: Sequence[Line], *, spaced: bool = False) -> Iterator[str]:
    """Yield equations as lines of text, each with its equals signs aligned; spaced: separated by empty lines."""
    for index, line in enumerate(lines):
        lead = line.symbol
        if spaced and index:
            yield ""
        if line.is_bare:
            yield lead
        for part in filter(None, (line.formula, line.substituted, line.value)):
            yield f"{lead} = {part}"
            lead = " " * len(line.symbol)


class Names(NamedTuple):
    """The names of a model's inputs and targets: ``size (sq ft)``, ``x²``, ``x₁``; empty without samples.

    data: the samples, which can be converted back to their file's units.
    """

    inputs: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    data: Dataset | None = None


Pages: TypeAlias = Mapping[str, Callable[[Update, Phase, Focus, Names], Page]]
"""A page function for each kind of phase of a model."""


def names_of(scenario: Scenario) -> Names:
    """Return the names of a scenario's inputs and targets."""
    data = scenario.dataset
    return Names() if data is None else Names(data.input_symbols, data.target_symbols, data)


def number(value: float) -> str:
    """Return a number as equations show it."""
    return short_number(value)


def signed(value: float) -> str:
    """Return a number with its sign, even if it is a plus."""
    return short_number(value, signed=True)


def factor(value: float) -> str:
    """Return a number as it stands after an operator: in parentheses if it is negative."""
    text = short_number(value)
    return f"({text})" if text.startswith("−") else text


def product(first: float, *others: float) -> str:
    """Return ``0.4·(−0.59)``."""
    return "·".join([number(first), *map(factor, others)])


def joined(terms: Sequence[str]) -> str:
    """Return terms as a sum; a term that starts with a minus is subtracted."""
    return "".join(
        term if i == 0 else f" − {term[1:]}" if term.startswith("−") else f" + {term}" for i, term in enumerate(terms)
    )


def with_dots(formula: str) -> str:
    """Return a formula of single letters with a dot between factors: ``μ·v + g`` for ``μv + g``."""
    return re.sub(r"(?<=[a-zα-ωΔ\u0302₁₂²ᵗ)])(?=[a-zα-ωΔ(√])", "·", formula)


def with_numbers(formula: str, values: Mapping[str, float], shown: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a formula with numbers in place of its letters: ``0.9·(−2) − 4`` for ``μ·v + g``.

    values: by letter, or by a longer piece of the formula that becomes one number. shown: the text of some of them.
    """

    def written(match: re.Match[str]) -> str:
        plus, letter, square = match.groups("")
        text = shown.get(letter) or number(values[letter])
        if not text.startswith("−"):
            return plus + text + square
        if plus and not square:
            return f" − {text[1:]}"
        is_first = formula[: match.start()][-1:] in ("", "(")
        return text if is_first and not square else f"{plus}({text}){square}"

    letters = "|".join(map(re.escape, sorted(values, key=len, reverse=True)))
    return re.sub(rf"( \+ )?({letters})(²)?", written, formula)


def terms_shown(count: int, focus: int) -> range:
    """Return which of `count` terms are written out: all if there are few, else some from the focused one on."""
    if count <= SHOWN_TERMS:
        return range(count)
    first = min(max(focus, 0), count - SHOWN_TERMS + 1)
    return range(first, first + SHOWN_TERMS - 1)


def terms_left_out(count: int) -> list[str]:
    """Return the term that counts those of `count` not written out; empty if all are."""
    more = count - (SHOWN_TERMS - 1)
    if count <= SHOWN_TERMS:
        return []
    return [ngettext("… {count} more term", "… {count} more terms", more).format(count=more)]


def summed(count: int, focus: int, term: Callable[[int], str], *last: str) -> str:
    """Return a sum of `count` terms, shortened if long. term: writes a term by its index; last: ends the sum."""
    return joined([*map(term, terms_shown(count, focus)), *terms_left_out(count), *last])
