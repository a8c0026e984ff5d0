"""Runs with a usual mistake in them: from a right run to those a learner's program may have made instead.

Each function yields the runs of one mistake, each with the name of the place where it is made: several where there are
several places, none where the run gives no room for it.
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
from gdsim.engine.update import Run, Samples

Runs = Callable[[Run], Iterator[tuple[str, Run]]]

HERE = "here"
"""The place of a mistake that can be made in one place only."""

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

    def runs(run: Run) -> Iterator[tuple[str, Run]]:
        if network_of(run) is not None:
            yield HERE, slipped(run, **slips)

    return runs


def hidden(runs: Runs) -> Runs:
    """Return what makes runs of networks that have hidden layers only."""

    def deep(run: Run) -> Iterator[tuple[str, Run]]:
        model = network_of(run)
        if model is not None and len(model.layers) > 1:
            yield from runs(run)

    return deep


def unfused(runs: Runs) -> Runs:
    """Return what makes runs of networks only whose δ is computed with σ′ of the output."""

    def plain(run: Run) -> Iterator[tuple[str, Run]]:
        model = network_of(run)
        if model is not None and not model.is_fused:
            yield from runs(run)

    return plain


def slope_at_output(run: Run) -> Iterator[tuple[str, Run]]:
    """σ′ at a instead of z: in the last layer, in the hidden ones, in all."""
    model = network_of(run)
    if model is None:
        return
    deep, plain = len(model.layers) > 1, not model.is_fused
    if plain:
        yield "output", slipped(run, is_slope_at_output=True)
    if deep:
        yield "hidden", slipped(run, is_hidden_slope_at_output=True)
    if deep and plain:
        yield "everywhere", slipped(run, is_slope_at_output=True, is_hidden_slope_at_output=True)


def slope_twice(run: Run) -> Iterator[tuple[str, Run]]:
    """σ′ of the output on top of a δ that has it already."""
    model = network_of(run)
    if model is not None and model.is_fused:
        yield "units", slipped(run, slope_twice="units")
        if model.layers[-1].activation == "softmax":
            yield "full", slipped(run, slope_twice="full")


def factor(name: str, fits: Callable[[NetworkModel], bool]) -> Runs:
    """Return what multiplies wrongly: δ or the gradient, with the loss or without, or the loss alone."""

    def runs(run: Run) -> Iterator[tuple[str, Run]]:
        model = network_of(run)
        if model is not None and fits(model):
            for at in (("delta",), ("gradient",), ("delta", "loss"), ("gradient", "loss"), ("loss",)):
                yield "-and-".join(at), slipped(run, factor=name, factor_at=at)

    return runs


def wrong_sign(run: Run) -> Iterator[tuple[str, Run]]:
    """The step goes up, by the sign of the gradient, of the error, or of the step."""
    if network_of(run) is not None:
        for at in ("gradient", "delta"):
            yield at, slipped(run, factor="minus", factor_at=(at,))
    yield "step", replace(run, learning_rate=-run.learning_rate)


def learning_rate(change: Callable[[float], float]) -> Runs:
    """Return what makes the run with another learning rate."""
    return lambda run: iter([(HERE, replace(run, learning_rate=change(run.learning_rate)))])


def bias_never(run: Run) -> Iterator[tuple[str, Run]]:
    """The bias is not updated: its gradient is computed or not."""
    model = run.model
    if isinstance(model, NetworkModel) and model.trains_biases:
        yield "gradient", slipped(run, bias_gradient_factor=0.0)
        yield "step", replace(run, model=replace(model, trains_biases=False))
    elif isinstance(model, PerceptronModel):
        yield "step", replace(run, model=replace(model, trains_bias=False))


def bias_trained(run: Run) -> Iterator[tuple[str, Run]]:
    """The biases are updated where they are to stay as they are."""
    model = run.model
    if isinstance(model, NetworkModel) and not model.trains_biases:
        yield HERE, replace(run, model=replace(model, trains_biases=True))
    elif isinstance(model, PerceptronModel) and not model.trains_bias:
        yield HERE, replace(run, model=replace(model, trains_bias=True))


def bias_half(run: Run) -> Iterator[tuple[str, Run]]:
    """The biases' gradient is halved, or their step alone."""
    if network_of(run) is None:
        return
    yield "gradient", slipped(run, bias_gradient_factor=0.5)
    kind, layout = run.rule.kind, run.model.layout
    part = np.concatenate(
        [np.full(prod(s), 0.5 if name[0] == "b" else 1.0) for name, s in zip(layout.names, layout.shapes, strict=True)]
    )

    def halved(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        change, own = kind.step(g, slots, t, eta, o)
        return change * part, own

    yield "step", with_kind(run, replace(kind, step=halved, slip="bias", formula="θ ← θ + Δ"))


def bias_over(run: Run) -> Iterator[tuple[str, Run]]:
    """The bias gradient is a mean where the weights' is a sum, or the reverse."""
    if network_of(run) is not None:
        for over in ("mean", "sum"):
            yield over, slipped(run, bias_over=over)


def transposed(run: Run) -> Iterator[tuple[str, Run]]:
    """W of a square layer is used, passed back through, or updated transposed."""
    model = network_of(run)
    if model is not None and any(layer.units == layer.inputs for layer in model.layers):
        for where in ("passed-back", "used", "forward", "updated"):
            yield where, slipped(run, transposed=where)


def in_place(run: Run) -> Iterator[tuple[str, Run]]:
    """Parameters are changed one after another inside an update."""
    if isinstance(run.model, FunctionModel) and run.model.layout.size > 1:
        yield "variables", replace(run, model=replace(run.model, is_in_place=True))
    elif network_of(run) is not None:
        for parts in ("blocks", "layers"):
            yield parts, slipped(run, in_place=parts)


def with_kind(run: Run, kind: RuleKind) -> Run:
    """Return the run under another kind of rule, with the options it has."""
    rule = Rule(kind, run.rule.options)
    return replace(run, rule=rule, start=replace(run.start, rule_state=rule.start(run.model.layout.size)))


def previous_gradient(run: Run) -> Iterator[tuple[str, Run]]:
    """The gradient of the update before is used."""
    step = run.rule.kind.step

    def late(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        change, own = step(slots[-1], slots[:-1], t, eta, o)
        return change, (*own, np.array(g))

    yield HERE, with_kind(run, _more(run.rule.kind, PREVIOUS, late))


def accumulated(run: Run) -> Iterator[tuple[str, Run]]:
    """The gradient is never reset, so that each adds to those before."""
    step = run.rule.kind.step

    def summed(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        total = slots[-1] + g
        change, own = step(total, slots[:-1], t, eta, o)
        return change, (*own, total)

    for slot in (TOTAL, SHOWN):
        yield slot, with_kind(run, _more(run.rule.kind, slot, summed))


PREVIOUS, TOTAL, SHOWN = "previous", "total", "gradient"
"""What such rules remember beside the right one: the last gradient, or the sum of all; a program that calls the sum its
gradient remembers it under the last name.
"""


def _more(kind: RuleKind, slot: str, step: Step) -> RuleKind:
    return replace(kind, slots=(*kind.slots, slot), step=step)


def momentum_form(run: Run) -> Iterator[tuple[str, Run]]:
    """η stands inside the velocity and outside; or the velocity is a running mean of the gradients."""
    if run.rule.kind is not RULES["momentum"]:
        return

    def inside(g: Vector, slots: Slots, _t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        v = o["momentum"] * slots[0] + eta * g
        return -eta * v, (v,)

    def mean(g: Vector, slots: Slots, _t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        v = o["momentum"] * slots[0] + (1.0 - o["momentum"]) * g
        return -eta * v, (v,)

    kind = run.rule.kind
    yield "inside", with_kind(run, replace(kind, step=inside, slip="inside", formula="v ← μv + ηg; θ ← θ − ηv"))
    yield "mean", with_kind(run, replace(kind, step=mean, slip="mean", formula="v ← μv + (1 − μ)g; θ ← θ − ηv"))


def adam_uncorrected(run: Run) -> Iterator[tuple[str, Run]]:
    """No bias correction of m and v, or of one of them."""
    for where, m_corrected, v_corrected in (("both", False, False), ("m", False, True), ("v", True, False)):
        yield from _adam(run, where, m_corrected, v_corrected, is_inside=False)


def adam_epsilon_inside(run: Run) -> Iterator[tuple[str, Run]]:
    """ε stands inside the root."""
    yield from _adam(run, HERE, True, True, is_inside=True)


def _adam(run: Run, where: str, m_corrected: bool, v_corrected: bool, *, is_inside: bool) -> Iterator[tuple[str, Run]]:
    if run.rule.kind not in (RULES["adam"], RULES["adamw"]):
        return

    def step(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        m, v = (o[beta] * old + (1 - o[beta]) * new for beta, old, new in zip(_BETAS, slots, (g, g**2), strict=True))
        m_hat = m / (1 - o["beta1"] ** t) if m_corrected else m
        v_hat = v / (1 - o["beta2"] ** t) if v_corrected else v
        root = np.sqrt(v_hat + o["epsilon"]) if is_inside else np.sqrt(v_hat) + o["epsilon"]
        return -eta * m_hat / root, (m, v)

    head, _comma, _hats = run.rule.kind.formula.partition(", m̂ = ")
    hats = {"m": "m̂ = m/(1 − β₁ᵗ)", "v": "v̂ = v/(1 − β₂ᵗ)"}
    for letter, is_corrected in (("m", m_corrected), ("v", v_corrected)):
        if not is_corrected:
            del hats[letter]
            head = head.replace(f"{letter}̂", letter)
    if is_inside:
        head = head.replace("(√v̂ + ε)", "√(v̂ + ε)")
    kind = replace(run.rule.kind, step=step, slip=where)
    yield where, with_kind(run, replace(kind, formula=", ".join((head, *hats.values()))))


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


def other_order(run: Run) -> Iterator[tuple[str, Run]]:
    """The samples are visited as given, backwards, in one shuffled order for ever, or, of few, in any other order."""
    batches = run.batches
    if batches.size is None or batches.count < 2:
        return
    whole = replace(batches, size=batches.count)
    first = whole.samples(1)
    assert first is not None
    given = tuple(range(batches.count))
    tried = {"backwards": given[::-1], "given": given, "one": tuple(first.tolist())}
    if batches.count <= 4:
        tried |= {"-".join(str(i + 1) for i in order): order for order in islice(permutations(given), _ORDERS)}
    about = {each.name: getattr(batches, each.name) for each in fields(Batches)}
    for where, order in tried.items():
        if batches.shuffled or order != given:
            yield where, replace(run, batches=_Ordered(**about, order=order))


def with_inputs(run: Run, inputs: Vector) -> Run:
    """Return the run of a model that learns from other inputs (samples, inputs)."""
    assert isinstance(run.model, NetworkModel | PerceptronModel)
    return replace(run, model=replace(run.model, inputs=inputs))


def published_tie(run: Run) -> Iterator[tuple[str, Run]]:
    """Sums are ties on paper, and not in the source's arithmetic, or the reverse."""
    model = run.model
    if isinstance(model, PerceptronModel) and model.published is not None:
        yield HERE, replace(run, model=model.corrected(False))


def _is_mean(model: NetworkModel) -> bool:
    return model.loss_name not in SUMS and len(model.inputs) > 1


def _is_sum(model: NetworkModel) -> bool:
    return model.loss_name in SUMS and len(model.inputs) > 1


def _is_square(model: NetworkModel) -> bool:
    return model.loss_name in SQUARES


def _is_mean_of_outputs(model: NetworkModel) -> bool:
    return model.loss_name == "mse" and model.layers[-1].units > 1


def _is_sum_of_outputs(model: NetworkModel) -> bool:
    return model.loss_name != "mse" and model.layers[-1].units > 1


MADE: Mapping[str, Runs] = {
    "wrong-sign": wrong_sign,
    "learning-rate-missing": learning_rate(lambda _eta: 1.0),
    "learning-rate-twice": learning_rate(lambda eta: eta * eta),
    "slope-left-out-output": unfused(slip(slope_left_out="output")),
    "slope-left-out-hidden": hidden(slip(slope_left_out="hidden")),
    "slope-left-out-everywhere": hidden(unfused(slip(slope_left_out="everywhere"))),
    "slope-at-output": slope_at_output,
    "passed-back-without-slope": hidden(unfused(slip(is_passed_without_slope=True))),
    "updated-weights-passed-back": hidden(slip(is_backprop_updated=True)),
    "softmax-slope-twice": slope_twice,
    "sum-for-mean": factor("samples", _is_mean),
    "mean-for-sum": factor("1/samples", _is_sum),
    "factor-2": factor("double", _is_square),
    "factor-half": factor("half", _is_square),
    "outputs-sum-for-mean": factor("outputs", _is_mean_of_outputs),
    "outputs-mean-for-sum": factor("1/outputs", _is_sum_of_outputs),
    "bias-never": bias_never,
    "bias-trained": bias_trained,
    "bias-half": bias_half,
    "bias-mean": bias_over,
    "transposed": transposed,
    "in-place": in_place,
    "previous-gradient": previous_gradient,
    "accumulated": accumulated,
    "momentum-eta-inside": momentum_form,
    "adam-uncorrected": adam_uncorrected,
    "adam-epsilon-inside": adam_epsilon_inside,
    "other-order": other_order,
    "tie": published_tie,
}
"""How each mistake that is known by name is made; `gdsim.scenario.published` has those that need the samples' file."""
