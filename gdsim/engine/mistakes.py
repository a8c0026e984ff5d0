"""Runs with a usual mistake in them: from a right run to those a learner's program may have made instead.

Each function yields the runs of one mistake, several where it can be made in several places, none where the run gives
no room for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import islice, permutations
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.batches import Batches
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import NetworkModel, Slips
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.parameters import Vector
from gdsim.engine.rules import RULES, Options, Rule, RuleKind, Slots, Step
from gdsim.engine.update import Backward, Forward, Run, Samples
from gdsim.engine.update import Step as Stepped

Runs = Callable[[Run], Iterator[Run]]

RIGHT = Slips()
"""No slip at all."""

SQUARES = ("sse", "half-sse", "mse", "half-mse", "sum-mse")
SUMS = ("sse", "half-sse")
_ORDERS = 24
"""Orders of samples tried at most."""


def network_of(run: Run) -> NetworkModel | None:
    """Return the run's network, None for other models."""
    return run.model if isinstance(run.model, NetworkModel) else None


def slipped(run: Run, **slips: Any) -> Run:
    """Return the run of a network with more slips."""
    model = network_of(run)
    assert model is not None
    return replace(run, model=replace(model, slips=replace(model.slips, **slips)))


def slip(**slips: Any) -> Runs:
    """Return what makes the runs of a network with these slips."""

    def runs(run: Run) -> Iterator[Run]:
        if network_of(run) is not None:
            yield slipped(run, **slips)

    return runs


def hidden(runs: Runs) -> Runs:
    """Return what makes runs of networks that have hidden layers only."""

    def deep(run: Run) -> Iterator[Run]:
        model = network_of(run)
        if model is not None and len(model.layers) > 1:
            yield from runs(run)

    return deep


def unfused(runs: Runs) -> Runs:
    """Return what makes runs of networks only whose δ is computed with σ′ of the output."""

    def plain(run: Run) -> Iterator[Run]:
        model = network_of(run)
        if model is not None and not model.is_fused:
            yield from runs(run)

    return plain


def slope_at_output(run: Run) -> Iterator[Run]:
    """σ′ at a instead of z: in the last layer, in the hidden ones, in all."""
    model = network_of(run)
    if model is None:
        return
    deep, plain = len(model.layers) > 1, not model.is_fused
    if plain:
        yield slipped(run, is_slope_at_output=True)
    if deep:
        yield slipped(run, is_hidden_slope_at_output=True)
    if deep and plain:
        yield slipped(run, is_slope_at_output=True, is_hidden_slope_at_output=True)


def slope_twice(run: Run) -> Iterator[Run]:
    """σ′ of the output on top of a δ that has it already."""
    model = network_of(run)
    if model is not None and model.is_fused:
        yield slipped(run, slope_twice="units")
        if model.layers[-1].activation == "softmax":
            yield slipped(run, slope_twice="full")


def factor(name: str, fits: Callable[[NetworkModel], bool]) -> Runs:
    """Return what multiplies wrongly: δ or the gradient, with the loss or without, or the loss alone."""

    def runs(run: Run) -> Iterator[Run]:
        model = network_of(run)
        if model is not None and fits(model):
            for at in (("delta",), ("gradient",), ("delta", "loss"), ("gradient", "loss"), ("loss",)):
                yield slipped(run, factor=name, factor_at=at)

    return runs


def wrong_sign(run: Run) -> Iterator[Run]:
    """The step goes up, by the sign of the error, of the gradient, or of the step."""
    yield replace(run, learning_rate=-run.learning_rate)
    if network_of(run) is not None:
        for at in ("delta", "gradient"):
            yield slipped(run, factor="minus", factor_at=(at,))


def learning_rate(change: Callable[[float], float]) -> Runs:
    """Return what makes the run with another learning rate."""
    return lambda run: iter([replace(run, learning_rate=change(run.learning_rate))])


def bias_never(run: Run) -> Iterator[Run]:
    """The bias is not updated: its gradient is computed or not."""
    model = run.model
    if isinstance(model, NetworkModel) and model.trains_biases:
        yield replace(run, model=replace(model, trains_biases=False))
        yield slipped(run, bias_gradient_factor=0.0)
    elif isinstance(model, PerceptronModel):
        yield replace(run, model=replace(model, trains_bias=False))


def bias_trained(run: Run) -> Iterator[Run]:
    """The biases are updated where they are to stay as they are."""
    model = run.model
    if isinstance(model, NetworkModel) and not model.trains_biases:
        yield replace(run, model=replace(model, trains_biases=True))
    elif isinstance(model, PerceptronModel) and not model.trains_bias:
        yield replace(run, model=replace(model, trains_bias=True))


def bias_half(run: Run) -> Iterator[Run]:
    """The biases' gradient is halved, or their step alone."""
    if network_of(run) is None:
        return
    yield slipped(run, bias_gradient_factor=0.5)
    kind, layout = run.rule.kind, run.model.layout
    part = np.concatenate(
        [np.full(prod(s), 0.5 if name[0] == "b" else 1.0) for name, s in zip(layout.names, layout.shapes, strict=True)]
    )

    def halved(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        change, own = kind.step(g, slots, t, eta, o)
        return change * part, own

    yield with_kind(run, replace(kind, step=halved))


def bias_over(run: Run) -> Iterator[Run]:
    """The bias gradient is a mean where the weights' is a sum, or the reverse."""
    if network_of(run) is not None:
        for over in ("mean", "sum"):
            yield slipped(run, bias_over=over)


def transposed(run: Run) -> Iterator[Run]:
    """W of a square layer is used, passed back through, or updated transposed."""
    model = network_of(run)
    if model is not None and any(layer.units == layer.inputs for layer in model.layers):
        for where in ("used", "forward", "passed-back", "updated"):
            yield slipped(run, transposed=where)


class _InPlace(FunctionModel):
    """A function whose variables are changed one after another inside an update."""

    def backward(self, theta: Vector, forward: Forward, step: Stepped | None = None) -> Backward:
        """Return each derivative at the variables before it as they have been changed already."""
        changed, gradient = np.array(theta), np.zeros(len(theta))
        for i, derivative in enumerate(self.gradient):
            gradient[i] = derivative.compute(tuple(changed))
            if step is not None:
                changed[i] = step(gradient)[i]
        return Backward(gradient, {})


def in_place(run: Run) -> Iterator[Run]:
    """Parameters are changed one after another inside an update."""
    if isinstance(run.model, FunctionModel) and run.model.layout.size > 1:
        yield replace(run, model=_InPlace(run.model.expression, run.model.gradient))
    elif network_of(run) is not None:
        for parts in ("blocks", "layers"):
            yield slipped(run, in_place=parts)


def with_kind(run: Run, kind: RuleKind) -> Run:
    """Return the run under another kind of rule, with the options it has."""
    rule = Rule(kind, run.rule.options)
    return replace(run, rule=rule, start=replace(run.start, rule_state=rule.start(run.model.layout.size)))


def previous_gradient(run: Run) -> Iterator[Run]:
    """The gradient of the update before is used."""
    step = run.rule.kind.step

    def late(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        change, own = step(slots[-1], slots[:-1], t, eta, o)
        return change, (*own, np.array(g))

    yield with_kind(run, _more(run.rule.kind, "previous", late))


def accumulated(run: Run) -> Iterator[Run]:
    """The gradient is never reset, so that each adds to those before."""
    step = run.rule.kind.step

    def summed(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        total = slots[-1] + g
        change, own = step(total, slots[:-1], t, eta, o)
        return change, (*own, total)

    for slot in ("total", SHOWN):
        yield with_kind(run, _more(run.rule.kind, slot, summed))


SHOWN = "gradient"
"""What a rule remembers under this name is what its program calls the gradient."""


def _more(kind: RuleKind, slot: str, step: Step) -> RuleKind:
    return replace(kind, slots=(*kind.slots, slot), step=step)


def momentum_form(run: Run) -> Iterator[Run]:
    """η stands inside the velocity and outside; or the velocity is a running mean of the gradients."""
    if run.rule.kind is not RULES["momentum"]:
        return

    def inside(g: Vector, slots: Slots, _t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        v = o["momentum"] * slots[0] + eta * g
        return -eta * v, (v,)

    def mean(g: Vector, slots: Slots, _t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        v = o["momentum"] * slots[0] + (1.0 - o["momentum"]) * g
        return -eta * v, (v,)

    for step in (inside, mean):
        yield with_kind(run, replace(run.rule.kind, step=step))


def adam_uncorrected(run: Run) -> Iterator[Run]:
    """No bias correction of m and v, or of one of them."""
    for m_corrected, v_corrected in ((False, False), (False, True), (True, False)):
        yield from _adam(run, m_corrected, v_corrected, is_inside=False)


def adam_epsilon_inside(run: Run) -> Iterator[Run]:
    """ε stands inside the root."""
    yield from _adam(run, True, True, is_inside=True)


def _adam(run: Run, m_corrected: bool, v_corrected: bool, *, is_inside: bool) -> Iterator[Run]:
    if run.rule.kind not in (RULES["adam"], RULES["adamw"]):
        return

    def step(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        m, v = (o[beta] * old + (1 - o[beta]) * new for beta, old, new in zip(_BETAS, slots, (g, g**2), strict=True))
        m_hat = m / (1 - o["beta1"] ** t) if m_corrected else m
        v_hat = v / (1 - o["beta2"] ** t) if v_corrected else v
        root = np.sqrt(v_hat + o["epsilon"]) if is_inside else np.sqrt(v_hat) + o["epsilon"]
        return -eta * m_hat / root, (m, v)

    yield with_kind(run, replace(run.rule.kind, step=step))


_BETAS = ("beta1", "beta2")


@dataclass(frozen=True, slots=True)
class _Ordered(Batches):
    """Samples in an order of their own, the same in every epoch."""

    order: tuple[int, ...] = ()

    def samples(self, number: int) -> Samples:
        """Return the indices of the samples of update `number`."""
        if self.size is None:
            return None
        first = (number - 1) % self.per_epoch * self.size
        order: NDArray[np.intp] = np.array(self.order, dtype=np.intp)
        return order[first : first + self.size]


def other_order(run: Run) -> Iterator[Run]:
    """The samples are visited as given, backwards, in one shuffled order for ever, or, of few, in any other order."""
    batches = run.batches
    if batches.size is None or batches.count < 2:
        return
    whole = replace(batches, size=batches.count)
    first = whole.samples(1)
    assert first is not None
    given = tuple(range(batches.count))
    tried = [given, given[::-1], tuple(first.tolist())]
    if batches.count <= 4:
        tried += list(islice(permutations(given), _ORDERS))
    about = {each.name: getattr(batches, each.name) for each in fields(Batches)}
    for order in dict.fromkeys(tried):
        if batches.shuffled or order != given:
            yield replace(run, batches=_Ordered(**about, order=order))


def with_inputs(run: Run, inputs: Vector) -> Run:
    """Return the run of a model that learns from other inputs (samples, inputs)."""
    assert isinstance(run.model, NetworkModel | PerceptronModel)
    return replace(run, model=replace(run.model, inputs=inputs))


def published_tie(run: Run) -> Iterator[Run]:
    """Sums are ties on paper, and not in the source's arithmetic, or the reverse."""
    model = run.model
    if isinstance(model, PerceptronModel) and model.published is not None:
        yield replace(run, model=model.corrected(False))


PUBLISHED: Mapping[str, Mapping[str, Any]] = {
    "wrong-sign": {"factor": "minus", "factor_at": ("gradient",)},
    "slope-left-out-output": {"slope_left_out": "output"},
    "slope-left-out-hidden": {"slope_left_out": "hidden"},
    "slope-left-out-everywhere": {"slope_left_out": "everywhere"},
    "slope-at-output": {"is_slope_at_output": True},
    "passed-back-without-slope": {"is_passed_without_slope": True},
    "updated-weights-passed-back": {"is_backprop_updated": True},
    "softmax-slope-twice": {"slope_twice": "units"},
    "sum-for-mean": {"factor": "samples"},
    "mean-for-sum": {"factor": "1/samples"},
    "factor-2": {"factor": "double"},
    "factor-half": {"factor": "half"},
    "outputs-sum-for-mean": {"factor": "outputs"},
    "outputs-mean-for-sum": {"factor": "1/outputs"},
    "bias-never": {"bias_gradient_factor": 0.0},
    "bias-half": {"bias_gradient_factor": 0.5},
    "bias-mean": {"bias_over": "mean"},
    "transposed": {"transposed": "passed-back"},
    "in-place": {"in_place": "blocks"},
}
"""The mistakes a scenario can name as its source's, and the slips of a network they are."""
