"""The chain rule for one parameter: its gradient as a product of factors, from the loss back to it.

If a quantity reaches the loss in several ways, each way is a separate product, and their sum is the first factor of
the next product. All numbers come from one update, for the sample shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from gdsim.engine.formula.expressions import Expression
from gdsim.engine.formula.terms import Binary, Call, Negative, Number, Term, Variable, walk
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.names import subscript
from gdsim.engine.update import GRADIENT, Model, Update
from gdsim.explain.network_backward import (
    cost_line,
    deltas_above,
    error_line,
    fused_notes,
    gradient_lines,
    slope_line,
)
from gdsim.explain.page import Line, Names, Page, joined, number, signed
from gdsim.explain.page import factor as parenthesised
from gdsim.explain.selection import NeuronLook, focused_neuron, look_at
from gdsim.explain.slips import slip_notes, weights_passed_back
from gdsim.explain.story import chosen
from gdsim.i18n import _, ngettext
from gdsim.timeline.position import Focus

Place = tuple[int, int, int | None]
"""Layer (from 1) and unit (from 0) of a neuron, then for a weight its input (from 0), else None."""

_ALL_WAYS = 3
"""Up to this many ways are all shown; of more, the two with the largest shares and the sum of the others."""


class Factor(NamedTuple):
    """One factor: its equation, its value, and a sentence on its meaning; brief: the formula for a small box.

    place: the neuron or weight of a network it belongs to; None for a function.
    """

    line: Line
    value: float
    sentence: str
    brief: str
    place: Place | None = None


class Way(NamedTuple):
    """A product of factors, the one nearest to the loss first."""

    factors: tuple[Factor, ...]

    @property
    def value(self) -> float:
        """The product of its factors."""
        return float(np.prod([factor.value for factor in self.factors]))

    def line(self, symbol: str) -> Line:
        """Return the product as an equation: symbols, numbers, value."""
        symbols = " · ".join(factor.line.symbol for factor in self.factors)
        first, *others = (factor.value for factor in self.factors)
        numbers = " × ".join([number(first), *map(parenthesised, others)])
        return Line(symbol, symbols, numbers if len(self.factors) > 1 else "", number(self.value))


class Stage(NamedTuple):
    """The ways from the loss to one quantity; their sum is the slope `symbol`.

    more, rest: how many ways are not shown, and their sum.
    """

    symbol: str
    ways: tuple[Way, ...]
    more: int = 0
    rest: float = 0.0

    @property
    def value(self) -> float:
        """The sum over all ways."""
        return sum(way.value for way in self.ways) + self.rest

    @property
    def lines(self) -> tuple[Line, ...]:
        """The ways as equations, followed by their sum if there are several."""
        count = len(self.ways) + self.more
        if count == 1:
            return (self.ways[0].line(self.symbol),)
        ways = (way.line(_("path {number}").format(number=place)) for place, way in enumerate(self.ways, 1))
        text = ngettext("sum over {count} path", "sum over {count} paths", count).format(count=count)
        terms = [number(way.value) for way in self.ways]
        if self.more:
            more = ngettext("({count} more: {rest})", "({count} more: {rest})", self.more)
            terms.append(more.format(count=self.more, rest=number(self.rest)))
        return (*ways, Line(self.symbol, text, joined(terms), number(self.value)))


class Chain(NamedTuple):
    """The factors that make up the gradient of one parameter.

    name: the parameter's. stages: starting at the loss; the last one's sum is the gradient for the sample shown.
    lines: how the update's gradient follows from that, if the two differ. notes: what else to know.
    """

    name: str
    stages: tuple[Stage, ...]
    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ways(self) -> list[tuple[Stage, Way]]:
        """Every way with its stage, from the loss back to the parameter."""
        return [(stage, way) for stage in self.stages for way in stage.ways]

    @property
    def factors(self) -> list[Factor]:
        """Every factor, from the loss back to the parameter."""
        return [factor for _stage, way in self.ways for factor in way.factors]

    def within(self, index: int) -> int:
        """Return `index` clamped to the range of the factors."""
        return min(max(index, 0), len(self.factors) - 1)

    def at(self, index: int) -> tuple[int, int]:
        """Return the number of the way that factor `index` is on, and its number within that way; both from 0."""
        for number_of_way, (_stage, way) in enumerate(self.ways):
            if index < len(way.factors):
                return number_of_way, index
            index -= len(way.factors)
        raise AssertionError("a chain has a factor")


def has_chain(model: Model) -> bool:
    """Whether a model has a gradient to take apart; a perceptron has none."""
    return isinstance(model, FunctionModel | NetworkModel)


@np.errstate(all="ignore")
def chain_of(update: Update, focus: Focus, names: Names | None = None) -> Chain:
    """Return the chain rule for the chosen parameter, else for the one that changes most."""
    if isinstance(update.run.model, FunctionModel):
        return _of_function(update, update.run.model, focus)
    return _of_network(update, chosen(update, focus), names or Names())


def chain_page(chain: Chain, index: int, *, has_numbers: bool = True) -> Page:
    """Return a chain as a page of equations that explains factor `index`; without `has_numbers`, symbols only."""
    lines = [*(line for stage in chain.stages for line in stage.lines), *chain.lines]
    title = _("chain rule: {name}").format(name=chain.name)
    if not has_numbers:
        bare = tuple(replace(line, substituted="", value="") for line in lines)
        sentence = _("The numbers are known once the gradient is: . goes on to it, space completes the update.")
        return Page(title, sentence, bare)
    factor = chain.factors[chain.within(index)]
    return Page(title, factor.sentence, (factor.line, *lines), chain.notes)


# Networks.


def _of_network(update: Update, focus: Focus, names: Names) -> Chain:
    model = update.run.model
    assert isinstance(model, NetworkModel)
    layer, unit, source = focused_neuron(model, focus)
    look = _look(update, focus, names, layer, unit)
    weight = look.weight_element(source)
    name = look.weight_symbol(source)
    below = float(look.below[look.sample, source])
    symbol, input_symbol = f"∂{look.symbol('z')}/∂{name}", look.input_symbol(source)
    sentence = _("A change in {name} changes {z} by {input} times as much.")
    sentence = sentence.format(name=name, z=look.symbol("z"), input=input_symbol)
    last = Factor(Line(symbol, input_symbol, "", number(below)), below, sentence, input_symbol, (layer, unit, source))
    way = Way((*_neuron_factors(look), last))
    whole = f"∂C/∂{name}" if look.samples == 1 else _("share of sample {number}").format(number=look.sample + 1)
    stages = (*_stages(update, focus, names, layer, unit), Stage(whole, (way,)))
    gradient = float(update.gradient[weight])
    is_whole = look.samples == 1 and model.penalty is None
    is_same = np.isclose(way.value, gradient, rtol=1e-9, atol=0.0, equal_nan=True)
    lines = () if is_whole and is_same else gradient_lines(look, weight)
    output = _look(update, focus, names, len(model.layers), 0)
    notes = (*fused_notes(output), *slip_notes(update.run, GRADIENT), *look.sample_notes())
    return Chain(name, stages, lines, notes)


def _look(update: Update, focus: Focus, names: Names, layer: int, unit: int) -> NeuronLook:
    return look_at(update, update.phases[-1], replace(focus, layer=layer, unit=unit), names)


def _stages(update: Update, focus: Focus, names: Names, layer: int, unit: int) -> tuple[Stage, ...]:
    """Return the stages whose last sum is ∂C/∂a of a neuron; none for an output, which the loss sees directly."""
    model = update.run.model
    assert isinstance(model, NetworkModel)
    if layer == len(model.layers):
        return ()
    look = _look(update, focus, names, layer, unit)
    weights = weights_passed_back(update, layer + 1)[:, unit]
    shares = deltas_above(look) * weights
    order = np.argsort(-np.abs(np.nan_to_num(shares)), kind="stable").tolist()
    shown = sorted(order) if len(order) <= _ALL_WAYS else order[: _ALL_WAYS - 1]
    ways = []
    for above in shown:
        there = _look(update, focus, names, layer + 1, above)
        symbol, weight = f"∂{there.symbol('z')}/∂{look.symbol('a')}", there.weight_symbol(unit)
        sentence = _("A change in {a} changes {z} by {name} times as much: the weight between them.")
        sentence = sentence.format(a=look.symbol("a"), z=there.symbol("z"), name=weight)
        value = float(weights[above])
        passed = Factor(Line(symbol, weight, "", number(value)), value, sentence, weight, (layer + 1, above, unit))
        ways.append(Way((*_neuron_factors(there), passed)))
    rest = float(np.sum(shares[[each for each in order if each not in shown]]))
    stage = Stage(f"∂C/∂{look.symbol('a')}", tuple(ways), len(order) - len(shown), rest)
    return (*_stages(update, focus, names, layer + 1, order[0]), stage)


def _neuron_factors(look: NeuronLook) -> tuple[Factor, ...]:
    """Return a neuron's ∂C/∂a and ∂a/∂z; only ∂C/∂z if they are fused, only ∂C/∂a if a slip leaves the slope out."""
    place, a, z = (look.layer, look.unit, None), look.symbol("a"), look.symbol("z")
    is_output = look.layer == len(look.model.layers)
    if is_output and look.model.is_fused:
        line = replace(error_line(look), symbol=f"∂C/∂{z}")
        return (Factor(line, look.delta, _("How fast the loss rises with {z}.").format(z=z), line.formula, place),)
    line, cost = cost_line(look)
    sentence, brief = _("How fast the loss rises with {a}.").format(a=a), line.formula
    if not is_output:
        count = look.model.layers[look.layer].units
        brief = ngettext("sum over {count} path", "sum over {count} paths", count).format(count=count)
        text = ngettext(
            "{a} reaches the loss along {count} path.",
            "{a} reaches the loss along {count} paths, and their shares add up.",
            count,
        )
        sentence = text.format(a=a, count=count)
    factors = [Factor(line, cost, sentence, brief, place)]
    if not look.is_slope_left_out:
        slope, value = slope_line(look), look.slope * look.kept
        formula = f"{slope.symbol} = {slope.formula}"
        if look.kept != 1.0:
            formula = f"{slope.symbol}·{'0' if look.is_left_out else '1/(1 − p)'}"
        told = Line(f"∂{a}/∂{z}", formula, slope.substituted, number(value))
        sentence = _("How fast {a} rises with its sum {z}: the slope of its activation.").format(a=a, z=z)
        factors.append(Factor(told, value, sentence, slope.symbol, place))
    return tuple(factors)


# Functions of variables.


def _of_function(update: Update, model: FunctionModel, focus: Focus) -> Chain:
    variables = model.expression.variables
    index = focus.input if focus.is_weight else int(np.argmax(np.abs(np.nan_to_num(update.change))))
    index = min(max(index, 0), len(variables) - 1)
    symbol, at = model.slope_symbols[index], tuple(update.at.tolist())
    parts = [each for each in _addends(model.expression.term) if _holds(each, index)]
    terms = ["f"] if len(parts) == 1 else [f"t{subscript(place)}" for place in range(1, len(parts) + 1)]
    ways = [
        Way(tuple(_composed(term, Expression("", variables, part), index, at)))
        for term, part in zip(terms, parts, strict=True)
    ]
    stage, gradient = Stage(symbol, tuple(ways)), float(update.gradient[index])
    if not ways or not np.isclose(stage.value, gradient, rtol=1e-9, atol=1e-12, equal_nan=True):
        slope = model.gradient[index]
        line = Line(symbol, slope.pretty(), slope.substituted(at, number), signed(gradient))
        sentence = _("How fast the height rises with {name}.").format(name=variables[index])
        stage = Stage(symbol, (Way((Factor(line, gradient, sentence, slope.pretty()),)),))
    return Chain(variables[index], (stage,))


def _composed(outer_name: str, outer: Expression, index: int, at: tuple[float, ...]) -> Sequence[Factor]:
    """Return the factors of one addend: its slope by its inner part u, that of u by its own inner part, down to x.

    outer_name: the addend's; at: a value for every variable.
    """
    variables, name, factors = outer.variables, outer.variables[index], list[Factor]()
    names = (letter for letter in "uvwst" if letter not in variables)
    while True:
        inner = _inner(outer.term, index)
        inner_name = next(names, "") if inner is not None else ""
        if inner is None or not inner_name:
            slope = outer.gradient()[index]
            factors.append(_slope_factor(outer_name, name, slope, at, outer))
            return factors
        u = Expression("", variables, inner)
        around = Expression("", (*variables, inner_name), _replaced(outer.term, inner, len(variables), inner_name))
        value = float(u(*at))
        factors.append(_slope_factor(outer_name, inner_name, around.gradient()[-1], (*at, value), around, u))
        outer_name, outer = inner_name, u


def _slope_factor(
    name: str, by: str, slope: Expression, at: tuple[float, ...], of: Expression, inner: Expression | None = None
) -> Factor:
    """Return ∂name/∂by. of: the expression called `name`; inner: the part of it called `by`, None for a variable."""
    value = float(slope(*at))
    line = Line(f"∂{name}/∂{by}", slope.pretty(), slope.substituted(at, number), number(value))
    sentence = _("How fast {name} = {formula} rises with {by}.").format(name=name, formula=of.pretty(), by=by)
    if inner is not None:
        sentence = _("How fast {name} = {formula} rises with {by} = {inner}.").format(
            name=name, formula=of.pretty(), by=by, inner=inner.pretty()
        )
    return Factor(line, value, sentence, slope.pretty())


def _addends(term: Term) -> list[Term]:
    """Return the terms of a sum, subtracted ones with a minus."""
    match term:
        case Binary("+", left, right):
            return [*_addends(left), *_addends(right)]
        case Binary("-", left, right):
            return [*_addends(left), *(Negative(part) for part in _addends(right))]
    return [term]


def _holds(term: Term, index: int) -> bool:
    return any(isinstance(part, Variable) and part.index == index for part in walk(term))


def _inner(term: Term, index: int) -> Term | None:
    """Return the part inside a power or call that holds the variable and is not just the variable; else None."""
    match term:
        case Negative(inner):
            return _inner(inner, index)
        case Binary("*" | "/", left, right) if not _holds(right, index):
            return _inner(left, index)
        case Binary("*", left, right) if not _holds(left, index):
            return _inner(right, index)
        case Call(_, inner) | Binary("**", inner, Number()) if not isinstance(inner, Variable):
            return inner if _holds(inner, index) else None
    return None


def _replaced(term: Term, part: Term, index: int, name: str) -> Term:
    """Return `term` with `part` replaced by the variable of this index and name."""
    if term is part:
        return Variable(index, name)
    match term:
        case Negative(inner):
            return Negative(_replaced(inner, part, index, name))
        case Binary(operator, left, right):
            return Binary(operator, _replaced(left, part, index, name), _replaced(right, part, index, name))
        case Call(function, inner):
            return Call(function, _replaced(inner, part, index, name))
    return term
