"""Update rules: from a gradient to a change of θ, as pure steps with the formula beside the code.

A new rule is one function and one entry in `RULES`. Formulas: g the gradient, η the learning rate, t the number
of steps taken with the rule, from 1. Sources: Polyak 1964 (momentum), Sutskever et al. 2013 (the Nesterov form used
here), Duchi et al. 2011 (AdaGrad), Tieleman & Hinton 2012 (RMSProp), Zeiler 2012 (Adadelta),
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
"""The option λ of rules that shrink θ by ηλθ beside their step: θ ← θ − ηλθ − …"""


class RuleState(NamedTuple):
    """What a rule remembers: steps taken with it, and one vector (size,) for each of its slots."""

    steps: int
    slots: Slots


@dataclass(frozen=True, slots=True)
class RuleKind:
    """An update rule: its name, its formula, what it remembers, its options with their defaults, and its step.

    form: which of the forms the rule has in texts, empty for the one of `RULES`. looks_ahead: the gradient is taken at
    θ + μv, not at θ. has_slip: whether its formula is one of a source that has it wrong.
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
        """Its name, and its form where that is another than in `RULES`: ``momentum textbook``."""
        return f"{self.name} {self.form}".strip()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its options filled in."""

    kind: RuleKind
    options: Options = field(default_factory=lambda: MappingProxyType({}))

    def start(self, size: int, velocity: Vector | None = None) -> RuleState:
        """Return the state before the first step: nothing remembered but a velocity (size,), where there is one."""
        slots = [read_only(np.zeros(size)) for _ in self.kind.slots]
        return RuleState(0, tuple(slots) if velocity is None else (read_only(np.array(velocity)),))

    def place(self, theta: Vector, state: RuleState) -> Vector:
        """Return the place (size,) at which the gradient of the next step is taken."""
        return theta + self.options["momentum"] * state.slots[0] if self.kind.looks_ahead else theta

    def step(self, theta: Vector, gradient: Vector, state: RuleState, learning_rate: float) -> tuple[Vector, RuleState]:
        """Return the change of θ (size,) for the gradient there (size,), and what to remember."""
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
"""The form in which PyTorch and Keras write a rule: that of `RULES`."""

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
"""Rules in other forms than that of `RULES`, by name and form: Polyak 1964, Sutskever et al. 2013."""

FORM_NAMES: Mapping[str, tuple[str, ...]] = {name: (PYTORCH, form) for name, form in FORMS}
"""The forms of each rule that has several."""

KINDS = (*RULES.values(), *FORMS.values())
"""Every rule in every form."""

OPTION_RANGE = (0.0, 1.0)
"""What the options of all rules may be: from the first number, below the second."""


@dataclass(frozen=True, slots=True)
class Clip:
    """How a gradient is cut short before a rule sees it.

    norm: the Euclidean length it does not exceed (Pascanu et al. 2013); or value: what no number of it exceeds; the
    other is None.
    """

    norm: float | None = None
    value: float | None = None

    def __str__(self) -> str:
        return f"norm {self.norm:g}" if self.norm is not None else f"value {self.value:g}"

    def apply(self, gradient: Vector) -> Vector:
        """Return the gradient (size,) as the rule sees it."""
        if self.value is not None:
            return np.clip(gradient, -self.value, self.value)
        assert self.norm is not None
        length = float(np.sqrt(np.add.reduce(gradient * gradient)))
        return gradient * (self.norm / length) if length > self.norm else gradient


def clip_of(words: str) -> Clip | None:
    """Return the clip written in words: ``norm 1``, ``value 0.5``, or ``none`` for no clip.

    Raises ValueError, with what is expected instead.
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
