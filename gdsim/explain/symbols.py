"""What the quantities of a model are called in equations, and sums and products written with their numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gdsim.engine.formula.typesetting import superscript
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.parameters import Layout
from gdsim.explain.numbers import short_number
from gdsim.i18n import ngettext

if TYPE_CHECKING:
    from gdsim.scenario.scenario import Scenario

SHOWN_TERMS = 4
"""A sum with more terms than this is shortened to one less, and a count of the others."""

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Names(NamedTuple):
    """What a scenario calls the inputs of its model and its targets; empty where it gives them no names."""

    inputs: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


def names_of(scenario: Scenario) -> Names:
    """Return what a scenario calls its inputs and targets."""
    data = scenario.dataset
    if data is None:
        return Names()
    features = tuple(feature.pretty() for feature in data.features)
    return Names(features or data.input_names, data.target_names)


def subscript(number: int) -> str:
    """Return a number from 0 on as a subscript."""
    return str(number).translate(_SUBSCRIPTS)


def neuron_symbol(letter: str, model: NetworkModel, layer: int, unit: int) -> str:
    """Return ``z²₁``: layer above, unit below, counted from 1; without what there is only one of."""
    above = superscript(layer) if len(model.layers) > 1 else ""
    below = subscript(unit + 1) if model.layers[layer - 1].units > 1 else ""
    return f"{letter}{above}{below}"


def input_name(names: Names, index: int, count: int) -> str:
    """Return what input `index` of `count` is called: its name, else ``x₁``, or ``x`` where it is alone."""
    if index < len(names.inputs):
        return names.inputs[index]
    return f"x{subscript(index + 1)}" if count > 1 else "x"


def weight_name(layout: Layout, element: int, index: int, count: int) -> str:
    """Return what weight `index` of the `count` of one neuron is called in its sum: its label, else ``w₁`` or ``w``."""
    if layout.labels:
        return layout.labels[element]
    return f"w{subscript(index + 1)}" if count > 1 else "w"


def number(value: float) -> str:
    """Return a number as it stands in an equation."""
    return short_number(value)


def signed(value: float) -> str:
    """Return a number with its sign, a plus too."""
    return short_number(value, signed=True)


def factor(value: float) -> str:
    """Return a number as it stands after a sign: in parentheses where it has a minus of its own."""
    text = short_number(value)
    return f"({text})" if text.startswith("−") else text


def product(first: float, *others: float) -> str:
    """Return ``0.4·(−0.59)``."""
    return "·".join([number(first), *map(factor, others)])


def joined(terms: Sequence[str]) -> str:
    """Return terms as a sum; a term with a minus of its own is subtracted."""
    return "".join(
        term if i == 0 else f" − {term[1:]}" if term.startswith("−") else f" + {term}" for i, term in enumerate(terms)
    )


def terms_shown(count: int, focus: int) -> range:
    """Return which of `count` terms are written out: all of a few, else some from the focused one on."""
    if count <= SHOWN_TERMS:
        return range(count)
    first = min(max(focus, 0), count - SHOWN_TERMS + 1)
    return range(first, first + SHOWN_TERMS - 1)


def terms_left_out(count: int) -> list[str]:
    """Return the term that stands for those of `count` not written out; none where all are."""
    more = count - (SHOWN_TERMS - 1)
    if count <= SHOWN_TERMS:
        return []
    return [ngettext("… {count} more term", "… {count} more terms", more).format(count=more)]


def summed(count: int, focus: int, term: Callable[[int], str], *last: str) -> str:
    """Return a sum of `count` terms as far as it is written out, each by its index, with `last` at its end."""
    return joined([*map(term, terms_shown(count, focus)), *terms_left_out(count), *last])
