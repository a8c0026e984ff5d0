"""Activation functions: value and slope, with the formula a learner sees next to the code that computes it.

A new activation is one entry in `ACTIVATIONS`. All work elementwise, on arrays (samples, units) or of any other shape,
except softmax: it works along the last axis and has no elementwise slope. It is used only with categorical
cross-entropy, whose delta needs none. Callers silence numpy's overflow warnings; the results (0, 1, inf) are correct.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import erfc, pi, sqrt
from typing import NamedTuple

import numpy as np

from gdsim.engine.parameters import Vector

LEAK = 0.01
"""The slope of leaky-relu left of 0. Maas et al. 2013."""


class Activation(NamedTuple):
    """An activation: its value a = value(z) and slope ∂a/∂z = slope(z, a), with both formulas."""

    name: str
    symbol: str
    formula: str
    slope_formula: str
    value: Callable[[Vector], Vector]
    slope: Callable[[Vector, Vector], Vector] | None


def sigmoid(z: Vector) -> Vector:
    """Return 1/(1 + e⁻ᶻ), to full relative precision at both ends: e⁻ᶻ = inf gives the limit 0."""
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def sigmoid_slope(z: Vector, a: Vector) -> Vector:
    """Return a(1 − a), with 1 − a computed as 1/(1 + eᶻ) to avoid cancellation where a = σ(z) is near 1."""
    return np.asarray(a / (1.0 + np.exp(z)))


def tanh(z: Vector) -> Vector:
    """Return (eᶻ − e⁻ᶻ)/(eᶻ + e⁻ᶻ)."""
    return np.asarray(np.tanh(z))


def tanh_slope(_z: Vector, a: Vector) -> Vector:
    """Return 1 − a²."""
    return np.asarray(1.0 - a**2)


def relu_slope(z: Vector, _a: Vector) -> Vector:
    """Return 1 where z > 0, else 0; at the kink itself 0, as is usual."""
    return np.asarray(z > 0, dtype=np.float64)


def silu_slope(z: Vector, a: Vector) -> Vector:
    """Return σ(z)(1 + z(1 − σ(z))). Elfwing et al. 2018."""
    s = sigmoid(z)
    return np.asarray(s + a * (1.0 - s))


def gelu(z: Vector) -> Vector:
    """Return z·Φ(z), Φ the standard normal distribution. Hendrycks & Gimpel 2016, not their approximation by tanh."""
    return np.asarray(z * _normal(z))


def gelu_slope(z: Vector, _a: Vector) -> Vector:
    """Return Φ(z) + zφ(z), φ = Φ′ the normal density."""
    return np.asarray(_normal(z) + z * np.exp(-z * z / 2.0) / sqrt(2.0 * pi))


def _normal(z: Vector) -> Vector:
    """Return Φ(z) = ½ erfc(−z/√2), with full relative precision even for very negative z."""
    return np.asarray(0.5 * _erfc(-z / sqrt(2.0)))


_erfc = np.vectorize(erfc, otypes=[np.float64])


def softmax(z: Vector) -> Vector:
    """Return eᶻ / Σ eᶻ along the last axis, shifted by the largest z so that nothing overflows."""
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _leaky(slope: float) -> Activation:
    """Return leaky ReLU with `slope` left of 0. Maas et al. 2013."""
    return Activation(
        "leaky-relu",
        "lrelu",
        f"z if z > 0, else {slope:g}z",
        f"1 if z > 0, else {slope:g}",
        lambda z: np.where(z > 0, z, slope * z),
        lambda z, _a: np.where(z > 0, 1.0, slope),
    )


def _elu(slope: float) -> Activation:
    """Return ELU with α = `slope` (Clevert et al. 2016), computed without cancellation near 0."""
    front = "" if slope == 1.0 else f"{slope:g}"
    return Activation(
        "elu",
        "elu",
        f"z if z > 0, else {front}(eᶻ − 1)" if front else "z if z > 0, else eᶻ − 1",
        f"1 if z > 0, else {front}eᶻ",
        lambda z: np.where(z > 0, z, slope * np.expm1(np.minimum(z, 0.0))),
        lambda z, a: np.where(z > 0, 1.0, a + slope),
    )


SLOPED: Mapping[str, Callable[[float], Activation]] = {"leaky-relu": _leaky, "elu": _elu}
"""Activations whose slope left of 0 can be set."""


def activation_named(name: str, slope: float | None = None) -> Activation:
    """Return the activation called `name`; `slope`, if given, replaces its default slope left of 0."""
    return ACTIVATIONS[name] if slope is None else SLOPED[name](slope)


ACTIVATIONS: Mapping[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation("identity", "id", "z", "1", lambda z: z, lambda z, _a: np.ones(z.shape)),
        Activation("sigmoid", "σ", "1/(1 + e⁻ᶻ)", "σ(z)(1 − σ(z))", sigmoid, sigmoid_slope),
        Activation("tanh", "tanh", "(eᶻ − e⁻ᶻ)/(eᶻ + e⁻ᶻ)", "1 − tanh²(z)", tanh, tanh_slope),
        Activation("relu", "relu", "max(0, z)", "1 if z > 0, else 0", lambda z: np.maximum(z, 0.0), relu_slope),
        _leaky(LEAK),
        _elu(1.0),
        Activation(
            "softplus", "softplus", "ln(1 + eᶻ)", "σ(z)", lambda z: np.logaddexp(0.0, z), lambda z, _a: sigmoid(z)
        ),
        Activation("silu", "silu", "z·σ(z)", "σ(z)(1 + z(1 − σ(z)))", lambda z: np.asarray(z * sigmoid(z)), silu_slope),
        Activation("gelu", "gelu", "z·Φ(z)", "Φ(z) + zφ(z)", gelu, gelu_slope),
        Activation("sine", "sin", "sin(z)", "cos(z)", np.sin, lambda z, _a: np.cos(z)),
        Activation(
            "step",
            "step",
            "1 if z > 0, else 0",
            "0",
            lambda z: np.asarray(z > 0, dtype=np.float64),
            lambda z, _a: np.zeros(z.shape),
        ),
        Activation("softmax", "softmax", "eᶻ/Σeᶻ", "", softmax, None),
    )
}
