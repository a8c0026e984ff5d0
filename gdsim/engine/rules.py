"""Update rules: pure functions from a gradient to a change of θ, each with its formula next to its code.

A new rule is one function and one entry in `RULES`. In formulas g is the gradient, η the learning rate, t the number
of the step taken with the rule, from 1. Sources: Polyak 1964 (momentum), Sutskever et al. 2013 (the Nesterov form
used here), Duchi et al. 2011 (AdaGrad), Tieleman & Hinton 2012 (RMSProp), Zeiler 2012 (Adadelta),
Kingma & Ba 2015 (Adam), Loshchilov & Hutter 2019 (AdamW), Dozat 2016 (Nadam, with one β₁ for all steps).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from gdsim.engine.parameters import Vector, read_only

Slots = tuple[Vector, ...]
Options = Mapping[str, float]
Step = Callable[[Vector, Slots, int, float, Options], tuple[Vector, Slots]]
"""(gradient, slots, t, learning rate, options) → (change of θ, new slots); arrays (size,)."""


DECAY = "weight_decay"
"""The option λ of rules that also shrink θ by ηλθ in every step: θ ← θ − ηλθ − …"""


class RuleState(NamedTuple):
    """What a rule remembers: the steps taken with it, and one vector (size,) per slot."""

    steps: int
    slots: Slots


@dataclass(frozen=True, slots=True)
class RuleKind:
    """An update rule: its name, its formula, what it remembers, its options with their defaults, and its step.

    form: the name of its form in `FORMS`, empty for the form in `RULES`. looks_ahead: whether the gradient is taken at
    θ + μv instead of θ. has_slip: whether the step is wrong, as in a source with an error.
    """

    name: str
    formula: str
    slots: tuple[str, ...]
    options: Options
    step: Step
    form: str = ""
    looks_ahead: bool = False
    has_slip: bool = False

    @property
    def words(self) -> str:
        """The name, followed by the form unless it is the one in `RULES`: ``momentum textbook``."""
        return f"{self.name} {self.form}".strip()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its options filled in."""

    kind: RuleKind
    options: Options = field(default_factory=lambda: MappingProxyType({}))

    def start(self, size: int, velocity: Vector | None = None) -> RuleState:
        """Return the state before the first step: slots of 0, or the velocity (size,) if one is given."""
        slots = [read_only(np.zeros(size)) for _ in self.kind.slots]
        return RuleState(0, tuple(slots) if velocity is None else (read_only(np.array(velocity)),))

    def place(self, theta: Vector, state: RuleState) -> Vector:
        """Return the point (size,) at which the next step takes its gradient."""
        return theta + self.options["momentum"] * state.slots[0] if self.kind.looks_ahead else theta

    def step(self, theta: Vector, gradient: Vector, state: RuleState, learning_rate: float) -> tuple[Vector, RuleState]:
        """Return the change of θ (size,) for a gradient (size,), and the new state of the rule."""
        steps = state.steps + 1
        change, slots = self.kind.step(gradient, state.slots, steps, learning_rate, self.options)
        if DECAY in self.options:
            change = change - learning_rate * self.options[DECAY] * theta
        for slot in slots:
            slot.setflags(write=False)
        return change, RuleState(steps, slots)


def make_rule(name: str, options: Options | None = None, form: str = "") -> Rule:
    """Return the rule called `name` in one of its forms, with its default options overridden by `options`."""
    kind = FORMS.get((name, form)) or RULES[name]
    return Rule(kind, MappingProxyType({**kind.options, **(options or {})}))


def _gradient_descent(g: Vector, slots: Slots, _t: int, eta: float, _o: Options) -> tuple[Vector, Slots]:
    return -eta * g, slots


def _momentum(g: Vector, slots: Slots, _t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
    (v,) = slots
    v = o["momentum"] * v + g
    return -eta * v, (v,)


def _nesterov(g: Vector, slots: Slots, _t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
    (v,) = slots
    v = o["momentum"] * v + g
    return -eta * (g + o["momentum"] * v), (v,)


def _moved(g: Vector, slots: Slots, _t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
    (v,) = slots
    v = o["momentum"] * v - eta * g
    return np.array(v), (v,)


def _adagrad(g: Vector, slots: Slots, _t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
    (s,) = slots
    s = s + g**2
    return -eta * g / (np.sqrt(s) + o["epsilon"]), (s,)


def _rmsprop(g: Vector, slots: Slots, _t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
    (s,) = slots
    s = o["rho"] * s + (1 - o["rho"]) * g**2
    return -eta * g / (np.sqrt(s) + o["epsilon"]), (s,)


def _adam(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
    m, v = slots
    m = o["beta1"] * m + (1 - o["beta1"]) * g
    v = o["beta2"] * v + (1 - o["beta2"]) * g**2
    m_hat = m / (1 - o["beta1"] ** t)
    v_hat = v / (1 - o["beta2"] ** t)
    return -eta * m_hat / (np.sqrt(v_hat) + o["epsilon"]), (m, v)


def _adadelta(g: Vector, slots: Slots, _t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
    s, d = slots
    s = o["rho"] * s + (1 - o["rho"]) * g**2
    move = np.sqrt(d + o["epsilon"]) / np.sqrt(s + o["epsilon"]) * g
    d = o["rho"] * d + (1 - o["rho"]) * move**2
    return -eta * move, (s, d)


def _nadam(g: Vector, slots: Slots, t: int, eta: float, o: Options) -> tuple[Vector, Slots]:
    m, v = slots
    m = o["beta1"] * m + (1 - o["beta1"]) * g
    v = o["beta2"] * v + (1 - o["beta2"]) * g**2
    m_hat = o["beta1"] * m / (1 - o["beta1"] ** (t + 1)) + (1 - o["beta1"]) * g / (1 - o["beta1"] ** t)
    v_hat = v / (1 - o["beta2"] ** t)
    return -eta * m_hat / (np.sqrt(v_hat) + o["epsilon"]), (m, v)


RULES: Mapping[str, RuleKind] = {
    kind.name: kind
    for kind in (
        RuleKind("gradient-descent", "θ ← θ − ηg", (), {}, _gradient_descent),
        RuleKind("momentum", "v ← μv + g; θ ← θ − ηv", ("velocity",), {"momentum": 0.9}, _momentum),
        RuleKind("nesterov", "v ← μv + g; θ ← θ − η(g + μv)", ("velocity",), {"momentum": 0.9}, _nesterov),
        RuleKind("adagrad", "s ← s + g²; θ ← θ − ηg/(√s + ε)", ("squares",), {"epsilon": 1e-10}, _adagrad),
        RuleKind(
            "rmsprop", "s ← ρs + (1 − ρ)g²; θ ← θ − ηg/(√s + ε)", ("squares",), {"rho": 0.9, "epsilon": 1e-8}, _rmsprop
        ),
        RuleKind(
            "adam",
            "m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; θ ← θ − η·m̂/(√v̂ + ε), m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)",
            ("mean", "squares"),
            {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
            _adam,
        ),
        RuleKind(
            "adadelta",
            "s ← ρs + (1 − ρ)g²; Δ = g√(d + ε)/√(s + ε); d ← ρd + (1 − ρ)Δ²; θ ← θ − ηΔ",
            ("squares", "moves"),
            {"rho": 0.9, "epsilon": 1e-6},
            _adadelta,
        ),
        RuleKind(
            "adamw",
            "m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; θ ← θ − η·m̂/(√v̂ + ε) − ηλθ, m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)",
            ("mean", "squares"),
            {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, DECAY: 0.01},
            _adam,
        ),
        RuleKind(
            "nadam",
            "m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; θ ← θ − η·m̂/(√v̂ + ε), "
            "m̂ = β₁m/(1 − β₁ᵗ⁺¹) + (1 − β₁)g/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)",
            ("mean", "squares"),
            {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
            _nadam,
        ),
    )
}

PYTORCH = "pytorch"
"""The form of a rule in `RULES`, the one PyTorch uses."""

FORMS: Mapping[tuple[str, str], RuleKind] = {
    (kind.name, kind.form): kind
    for kind in (
        RuleKind("momentum", "v ← μv − ηg; θ ← θ + v", ("velocity",), {"momentum": 0.9}, _moved, form="textbook"),
        RuleKind(
            "nesterov",
            "v ← μv − ηg, g at θ + μv; θ ← θ + v",
            ("velocity",),
            {"momentum": 0.9},
            _moved,
            form="lookahead",
            looks_ahead=True,
        ),
    )
}
"""Rules in forms other than those in `RULES`, by name and form: Polyak 1964, Sutskever et al. 2013."""

FORM_NAMES: Mapping[str, tuple[str, ...]] = {name: (PYTORCH, form) for name, form in FORMS}
"""The forms of each rule that has several."""

KINDS = (*RULES.values(), *FORMS.values())
"""Every rule in every form."""

OPTION_RANGE = (0.0, 1.0)
"""The range of every option of every rule: at least the first number, below the second."""


@dataclass(frozen=True, slots=True)
class Clip:
    """How a gradient is clipped before the rule sees it.

    norm: its greatest Euclidean length (Pascanu et al. 2013); value: the greatest absolute value of its elements.
    One of them is None.
    """

    norm: float | None = None
    value: float | None = None

    def __str__(self) -> str:
        return f"norm {self.norm:g}" if self.norm is not None else f"value {self.value:g}"

    def apply(self, gradient: Vector) -> Vector:
        """Return the clipped gradient (size,)."""
        if self.value is not None:
            return np.clip(gradient, -self.value, self.value)
        assert self.norm is not None
        length = float(np.sqrt(np.add.reduce(gradient * gradient)))
        return gradient * (self.norm / length) if length > self.norm else gradient


def clip_of(words: str) -> Clip | None:
    """Return the clip written in words: ``norm 1``, ``value 0.5``, or ``none`` for no clip.

    Raises ValueError that says what is expected.
    """
    if words == "none":
        return None
    kind, _space, number = words.partition(" ")
    try:
        limit = float(number.replace("−", "-"))
    except ValueError:
        limit = 0.0
    if kind not in ("norm", "value") or not 0 < limit < inf:
        raise ValueError("norm NUMBER, value NUMBER, none")
    return Clip(limit) if kind == "norm" else Clip(value=limit)
