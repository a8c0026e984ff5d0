"""Losses: value and slope ∂C/∂a, one entry each in `LOSSES`; and penalties on large weights.

Arrays are (samples n, outputs j): a the output, y the target, z the last layer's pre-activation. Each formula shows
what is summed and what is averaged; there is no ½ unless it is written. The cross-entropies are computed from z, so
that an output of exactly 0 or 1 loses no precision and overflows nothing; their delta is the fused form ∂C/∂z.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np

from gdsim.engine.parameters import Vector


class Loss(NamedTuple):
    """A loss: its formula, its value from (a, y, z), and its slope ∂C/∂a from (a, y), arrays (samples, outputs).

    fused_delta: ∂C/∂z from (a, y) together with the activation `fused_with`, for losses that need that activation.
    """

    name: str
    formula: str
    slope_formula: str
    value: Callable[[Vector, Vector, Vector], float]
    slope: Callable[[Vector, Vector], Vector]
    fused_with: str | None = None
    fused_delta: Callable[[Vector, Vector], Vector] | None = None
    fused_formula: str = ""


def _sum_of_squares(a: Vector, y: Vector) -> float:
    error = (a - y).ravel()
    return float(error.dot(error))


def _binary_cross_entropy(_a: Vector, y: Vector, z: Vector) -> float:
    # −[y ln σ(z) + (1 − y) ln(1 − σ(z))] = max(z, 0) − zy + ln(1 + e^−|z|)
    terms = np.maximum(z, 0.0) - z * y + np.log1p(np.exp(-np.abs(z)))
    return float(terms.sum()) / len(y)


def _binary_slope(a: Vector, y: Vector) -> Vector:
    return np.asarray((a - y) / (a * (1.0 - a)) / len(y))


def _categorical_cross_entropy(_a: Vector, y: Vector, z: Vector) -> float:
    shifted = z - z.max(axis=1, keepdims=True)
    log_softmax = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -float(np.where(y == 0.0, 0.0, y * log_softmax).sum()) / len(y)


LOSSES: Mapping[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss("sse", "Σₙ Σⱼ (a − y)²", "2(a − y)", lambda a, y, z: _sum_of_squares(a, y), lambda a, y: 2.0 * (a - y)),
        Loss("half-sse", "½ Σₙ Σⱼ (a − y)²", "a − y", lambda a, y, z: 0.5 * _sum_of_squares(a, y), lambda a, y: a - y),
        Loss(
            "mse",
            "1/(nj) Σₙ Σⱼ (a − y)²",
            "2(a − y)/(nj)",
            lambda a, y, z: _sum_of_squares(a, y) / y.size,
            lambda a, y: 2.0 * (a - y) / y.size,
        ),
        Loss(
            "half-mse",
            "1/(2n) Σₙ Σⱼ (a − y)²",
            "(a − y)/n",
            lambda a, y, z: 0.5 * _sum_of_squares(a, y) / len(y),
            lambda a, y: (a - y) / len(y),
        ),
        Loss(
            "sum-mse",
            "1/n Σₙ Σⱼ (a − y)²",
            "2(a − y)/n",
            lambda a, y, z: _sum_of_squares(a, y) / len(y),
            lambda a, y: 2.0 * (a - y) / len(y),
        ),
        Loss(
            "binary-cross-entropy",
            "−1/n Σₙ Σⱼ [y ln a + (1 − y) ln(1 − a)]",
            "(a − y)/(a(1 − a)n)",
            _binary_cross_entropy,
            _binary_slope,
            "sigmoid",
            lambda a, y: (a - y) / len(y),
            "(a − y)/n",
        ),
        Loss(
            "categorical-cross-entropy",
            "−1/n Σₙ Σⱼ y ln a",
            "−y/(a n)",
            _categorical_cross_entropy,
            lambda a, y: -y / a / len(y),
            "softmax",
            lambda a, y: (a * y.sum(axis=1, keepdims=True) - y) / len(y),
            "(a − y)/n",
        ),
    )
}


class Penalty(NamedTuple):
    """A penalty on large weights, added to the loss of a network; biases are left out.

    l2: λ₂ of λ₂/2·Σw² (Hoerl & Kennard 1970, in networks "weight decay"); l1: λ₁ of λ₁·Σ|w| (Tibshirani 1996); 0 for
    no such term.
    """

    l2: float = 0.0
    l1: float = 0.0

    @property
    def formula(self) -> str:
        """The formula of the term added to the loss."""
        return " + ".join(text for text, rate in (("λ₂/2·Σw²", self.l2), ("λ₁·Σ|w|", self.l1)) if rate)

    def slope_formula(self, weight: str) -> str:
        """Return the formula of the term added to the gradient of a weight called `weight`."""
        parts = ((f"λ₂{weight}", self.l2), (f"λ₁sign({weight})", self.l1))
        return " + ".join(text for text, rate in parts if rate)

    def value(self, weights: Iterable[Vector]) -> float:
        """Return the term added to the loss for all weights, given in blocks of any shape."""
        return float(sum(self.l2 / 2 * np.sum(W * W) + self.l1 * np.sum(np.abs(W)) for W in weights))

    def slope(self, weights: Vector) -> Vector:
        """Return the term added to the gradient of weights, in their shape; the slope of |w| at 0 is taken as 0."""
        return np.asarray(self.l2 * weights + self.l1 * np.sign(weights))
