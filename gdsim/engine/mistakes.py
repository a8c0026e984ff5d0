"""Common mistakes: from a correct run to the runs a learner's program may have made instead.

`MADE` has every mistake by its name. If one can be made in several ways, each way is named by its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice, permutations
from math import prod
from typing import Any

import numpy as np

from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.parameters import Vector
from gdsim.engine.rules import RULES, Options, Rule, Slots
from gdsim.engine.update import Run, with_correction

Way = Callable[[Run], Iterator[tuple[str, Run]]]
"""From a correct run to those with a mistake, each after its place; none if the mistake is impossible in the run."""

Fits = Callable[[NetworkModel], bool]
"""Whether a mistake is possible in a network."""

HERE = "here"
"""The place of a mistake that can be made in one place only."""

PREVIOUS, TOTAL, SHOWN = "previous", "total", "gradient"
"""Additional slots of rules with a mistake: the previous gradient, or the sum of all; SHOWN is the sum in a program
that shows it as its gradient.
"""

_SQUARES = ("sse", "half-sse", "mse", "half-mse", "sum-mse")
_SUMS = ("sse", "half-sse")
_ORDERS = 24
"""The most orders of samples to try."""


def made(name: str, run: Run) -> Iterator[tuple[str, Run]]:
    """Yield the runs that `run` becomes with a mistake of `MADE`, each after the place where it is made."""
    for way in MADE[name]:
        yield from way(run)


def with_inputs(run: Run, inputs: Vector) -> Run:
    """Return the run with other inputs (samples, inputs) to train on."""
    assert isinstance(run.model, NetworkModel | PerceptronModel)
    return replace(run, model=replace(run.model, inputs=inputs))


# Mistakes in the gradient of a network


def _is_deep(model: NetworkModel) -> bool:
    return len(model.layers) > 1


def _is_fused(model: NetworkModel) -> bool:
    return model.is_fused


def _is_unfused(model: NetworkModel) -> bool:
    return not model.is_fused


def _is_softmax(model: NetworkModel) -> bool:
    return model.layers[-1].activation == "softmax"


def _has_square_layer(model: NetworkModel) -> bool:
    return any(layer.units == layer.inputs for layer in model.layers)


def _trains_biases(model: NetworkModel) -> bool:
    return model.trains_biases


def _is_square(model: NetworkModel) -> bool:
    return model.loss_name in _SQUARES


def _is_sum(model: NetworkModel) -> bool:
    return model.loss_name in _SUMS


def _is_mean(model: NetworkModel) -> bool:
    return model.loss_name not in _SUMS


def _has_samples(model: NetworkModel) -> bool:
    return len(model.inputs) > 1


def _is_mean_of_outputs(model: NetworkModel) -> bool:
    return model.loss_name == "mse" and model.layers[-1].units > 1


def _is_sum_of_outputs(model: NetworkModel) -> bool:
    return model.loss_name != "mse" and model.layers[-1].units > 1


def _slip(place: str, *fits: Fits, **slips: Any) -> Way:
    """Return the way that adds `slips` to the run of a network if all of `fits` hold."""

    def runs(run: Run) -> Iterator[tuple[str, Run]]:
        model = run.model
        if isinstance(model, NetworkModel) and all(fit(model) for fit in fits):
            yield place, replace(run, model=replace(model, slips=replace(model.slips, **slips)))

    return runs


def _factor(name: str, *fits: Fits) -> tuple[Way, ...]:
    """Return the ways to use a wrong factor: on δ or the gradient, with or without the loss, or on the loss alone."""
    places = (("delta",), ("gradient",), ("delta", "loss"), ("gradient", "loss"), ("loss",))
    return tuple(_slip("-and-".join(at), *fits, factor=name, factor_at=at) for at in places)


# Mistakes outside the gradient: in parameters, samples and steps


def _biases_trained(place: str, on: bool) -> Way:
    """Return the way that updates biases that are to stay fixed, or the reverse."""

    def runs(run: Run) -> Iterator[tuple[str, Run]]:
        model = run.model
        if isinstance(model, NetworkModel) and model.trains_biases is not on:
            yield place, replace(run, model=replace(model, trains_biases=on))
        elif isinstance(model, PerceptronModel) and model.trains_bias is not on:
            yield place, replace(run, model=replace(model, trains_bias=on))

    return runs


def _variables_in_place(run: Run) -> Iterator[tuple[str, Run]]:
    if isinstance(run.model, FunctionModel) and run.model.layout.size > 1:
        yield "variables", replace(run, model=replace(run.model, is_in_place=True))


def _tie(run: Run) -> Iterator[tuple[str, Run]]:
    """Yield the run in which sums are ties on paper but not in the source's arithmetic, or the reverse."""
    if isinstance(run.model, PerceptronModel) and run.slip is not None and not run.slip.name:
        yield HERE, with_correction(run, False)


def _other_order(run: Run) -> Iterator[tuple[str, Run]]:
    """Yield runs that visit the samples as given, backwards, always in one shuffled order, or, if few, in any order."""
    batches = run.batches
    if batches.size is None or batches.count < 2:
        return
    first = replace(batches, size=batches.count).samples(1)
    assert first is not None
    given = tuple(range(batches.count))
    tried = {"backwards": given[::-1], "given": given, "one": tuple(first.tolist())}
    if batches.count <= 4:
        tried |= {"-".join(str(i + 1) for i in order): order for order in islice(permutations(given), _ORDERS)}
    for place, order in tried.items():
        if batches.shuffled or order != given:
            yield place, replace(run, batches=replace(batches, order=order))


def _rate(change: Callable[[float], float], place: str = HERE) -> Way:
    """Return the way that changes the learning rate."""
    return lambda run: iter([(place, replace(run, learning_rate=change(run.learning_rate)))])


def _with_rule(run: Run, **changes: Any) -> Run:
    """Return the run with changes to its kind of rule and the same options."""
    rule = Rule(replace(run.rule.kind, **changes), run.rule.options)
    return replace(run, rule=rule, start=replace(run.start, rule_state=rule.start(run.model.layout.size)))


def _bias_step_halved(run: Run) -> Iterator[tuple[str, Run]]:
    if not isinstance(run.model, NetworkModel):
        return
    right, layout = run.rule.kind.step, run.model.layout
    part = np.concatenate(
        [np.full(prod(s), 0.5 if name[0] == "b" else 1.0) for name, s in zip(layout.names, layout.shapes, strict=True)]
    )

    def step(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        change, own = right(g, slots, t, eta, o)
        return change * part, own

    yield "step", _with_rule(run, step=step, has_slip=True)


def _previous_gradient(run: Run) -> Iterator[tuple[str, Run]]:
    kind = run.rule.kind

    def step(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        change, own = kind.step(slots[-1], slots[:-1], t, eta, o)
        return change, (*own, np.array(g))

    yield HERE, _with_rule(run, step=step, slots=(*kind.slots, PREVIOUS))


def _accumulated(run: Run) -> Iterator[tuple[str, Run]]:
    kind = run.rule.kind

    def step(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        total = slots[-1] + g
        change, own = kind.step(total, slots[:-1], t, eta, o)
        return change, (*own, total)

    for slot in (TOTAL, SHOWN):
        yield slot, _with_rule(run, step=step, slots=(*kind.slots, slot))


def _velocity(place: str, share: Callable[[float, float], float], formula: str) -> Way:
    """Return the way in which momentum's velocity takes a share of the gradient, computed from η and μ."""

    def step(g: Vector, slots: Slots, _t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        v = o["momentum"] * slots[0] + share(eta, o["momentum"]) * g
        return -eta * v, (v,)

    def runs(run: Run) -> Iterator[tuple[str, Run]]:
        if run.rule.kind is RULES["momentum"]:
            yield place, _with_rule(run, step=step, formula=formula, has_slip=True)

    return runs


def _adam(place: str, corrected: str = "mv", *, is_inside: bool = False) -> Way:
    """Return the way in which Adam corrects the bias of only the moments `corrected`, or has ε inside the root."""

    def step(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
        m, v = (o[beta] * old + (1 - o[beta]) * new for beta, old, new in zip(_BETAS, slots, (g, g**2), strict=True))
        m_hat = m / (1 - o["beta1"] ** t) if "m" in corrected else m
        v_hat = v / (1 - o["beta2"] ** t) if "v" in corrected else v
        root = np.sqrt(v_hat + o["epsilon"]) if is_inside else np.sqrt(v_hat) + o["epsilon"]
        return -eta * m_hat / root, (m, v)

    def runs(run: Run) -> Iterator[tuple[str, Run]]:
        kind = run.rule.kind
        if kind not in (RULES["adam"], RULES["adamw"]):
            return
        formula = kind.formula.partition(", m̂ = ")[0]
        formula = formula.replace("(√v̂ + ε)", "√(v̂ + ε)") if is_inside else formula
        for moment, hat in (("m", "m̂ = m/(1 − β₁ᵗ)"), ("v", "v̂ = v/(1 − β₂ᵗ)")):
            formula = f"{formula}, {hat}" if moment in corrected else formula.replace(f"{moment}̂", moment)
        yield place, _with_rule(run, step=step, formula=formula, has_slip=True)

    return runs


_BETAS = ("beta1", "beta2")

MADE: Mapping[str, tuple[Way, ...]] = {
    "wrong-sign": (
        *(_slip(at, factor="minus", factor_at=(at,)) for at in ("gradient", "delta")),
        _rate(lambda eta: -eta, "step"),
    ),
    "learning-rate-missing": (_rate(lambda _eta: 1.0),),
    "learning-rate-twice": (_rate(lambda eta: eta * eta),),
    "slope-left-out-output": (_slip(HERE, _is_unfused, slope_left_out="output"),),
    "slope-left-out-hidden": (_slip(HERE, _is_deep, slope_left_out="hidden"),),
    "slope-left-out-everywhere": (_slip(HERE, _is_deep, _is_unfused, slope_left_out="everywhere"),),
    "slope-at-output": (
        _slip("output", _is_unfused, is_slope_at_output=True),
        _slip("hidden", _is_deep, is_hidden_slope_at_output=True),
        _slip("everywhere", _is_deep, _is_unfused, is_slope_at_output=True, is_hidden_slope_at_output=True),
    ),
    "passed-back-without-slope": (_slip(HERE, _is_deep, _is_unfused, is_passed_without_slope=True),),
    "updated-weights-passed-back": (_slip(HERE, _is_deep, is_backprop_updated=True),),
    "softmax-slope-twice": (
        _slip("units", _is_fused, slope_twice="units"),
        _slip("full", _is_fused, _is_softmax, slope_twice="full"),
    ),
    "sum-for-mean": _factor("samples", _is_mean, _has_samples),
    "mean-for-sum": _factor("1/samples", _is_sum, _has_samples),
    "factor-2": _factor("double", _is_square),
    "factor-half": _factor("half", _is_square),
    "outputs-sum-for-mean": _factor("outputs", _is_mean_of_outputs),
    "outputs-mean-for-sum": _factor("1/outputs", _is_sum_of_outputs),
    "bias-never": (_slip("gradient", _trains_biases, bias_gradient_factor=0.0), _biases_trained("step", False)),
    "bias-trained": (_biases_trained(HERE, True),),
    "bias-half": (_slip("gradient", bias_gradient_factor=0.5), _bias_step_halved),
    "bias-mean": tuple(_slip(over, bias_over=over) for over in ("mean", "sum")),
    "transposed": tuple(
        _slip(where, _has_square_layer, transposed=where) for where in ("passed-back", "used", "forward", "updated")
    ),
    "in-place": (*(_slip(parts, in_place=parts) for parts in ("blocks", "layers")), _variables_in_place),
    "previous-gradient": (_previous_gradient,),
    "accumulated": (_accumulated,),
    "momentum-eta-inside": (
        _velocity("inside", lambda eta, _mu: eta, "v ← μv + ηg; θ ← θ − ηv"),
        _velocity("mean", lambda _eta, mu: 1.0 - mu, "v ← μv + (1 − μ)g; θ ← θ − ηv"),
    ),
    "adam-uncorrected": (_adam("both", ""), _adam("m", "v"), _adam("v", "m")),
    "adam-epsilon-inside": (_adam(HERE, is_inside=True),),
    "other-order": (_other_order,),
    "tie": (_tie,),
}
"""The ways to make each mistake; `gdsim.scenario.published` has the mistakes that need the samples' file."""
