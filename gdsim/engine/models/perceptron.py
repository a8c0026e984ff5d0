"""Rosenblatt's perceptron: each update visits one sample and corrects θ if it lies on the wrong side of the line.

The correction w ← w + η(y − f)x, b ← b + η(y − f) is the rule θ ← θ − ηg with g = −(y − f)·(x, 1), the gradient of the
perceptron criterion −(y − f)(wᵀx + b) with the output f held fixed. Rosenblatt 1958.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gdsim.engine.parameters import Layout, Vector
from gdsim.engine.separability import Separation, separation
from gdsim.engine.update import ERROR, OUTPUT, SUM, Backward, Forward, Objective, Phase, Samples, Score, Step

_ROUNDING = 1e-14
"""A sum smaller than this part of its terms is 0 but for rounding."""


@dataclass(frozen=True)
class PerceptronModel:
    """A perceptron over its samples.

    inputs: (samples, inputs); targets: (samples,), 0 or 1.
    tie: the class where |wᵀx + b| ≤ tie_tolerance. is_tie_mistake: whether the class there is always the one that is
    not the target, so that every tie is corrected. trains_bias: whether corrections change b.
    """

    inputs: Vector
    targets: Vector
    tie: int = 1
    tie_tolerance: float = 0.0
    labels: tuple[str, ...] = ()
    is_tie_mistake: bool = False
    trains_bias: bool = True

    @cached_property
    def layout(self) -> Layout:
        """θ is the weights w, one per input, and the bias b; without `labels` they are called w1, w2, …, b."""
        count = self.inputs.shape[1]
        weights = [f"w{index}" for index in range(1, count + 1)] if count > 1 else ["w"]
        frozen = () if self.trains_bias else ("b",)
        return Layout(("w", "b"), ((count,), ()), self.labels or (*weights, "b"), frozen)

    @property
    def update_equation(self) -> str:
        """The correction as a textbook writes it."""
        return "w ← w + η(y − f)x" + ("; b ← b + η(y − f)" if self.trains_bias else "")

    def sums(self, theta: Vector, inputs: Vector) -> Vector:
        """Return wᵀx + b of each row of `inputs` (samples, inputs): (samples,)."""
        return np.asarray(inputs @ theta[:-1] + theta[-1])

    def outputs(self, sums: Vector) -> Vector:
        """Return the class, 0.0 or 1.0, for each sum."""
        return np.where(np.abs(sums) <= self.tie_tolerance, float(self.tie), (sums > 0) * 1.0)

    def _answers(self, sums: Vector, targets: Vector) -> Vector:
        """Return the class for each sum, given the samples' targets."""
        outputs = self.outputs(sums)
        return np.where(np.abs(sums) <= self.tie_tolerance, 1.0 - targets, outputs) if self.is_tie_mistake else outputs

    def mistakes(self, theta: Vector) -> Vector:
        """Return for each sample whether it lies on the wrong side: (samples,) booleans."""
        return np.asarray(self._answers(self.sums(theta, self.inputs), self.targets) != self.targets)

    def margin(self, theta: Vector) -> tuple[int, float] | None:
        """Return the worst sample and its distance from the line, negative on the wrong side, 0 if it lies on the line.

        None if there is no line: the weights are 0, or θ is not finite.
        """
        length = float(np.linalg.norm(theta[:-1]))
        if length == 0.0 or not np.isfinite(theta).all():
            return None
        sums = self.sums(theta, self.inputs)
        rounding = _ROUNDING * (np.abs(self.inputs) @ np.abs(theta[:-1]) + abs(theta[-1]))
        distances = (2 * self.targets - 1) * np.where(np.abs(sums) <= rounding, 0.0, sums) / length
        worst = int(distances.argmin())
        return worst, float(distances[worst])

    @cached_property
    def separation(self) -> Separation | None:
        """Whether a line separates the classes; None if that is not known."""
        return separation(self.inputs, self.targets)

    def forward(self, theta: Vector, samples: Samples) -> Forward:
        """Return sum and output of the samples; the loss counts the points on the wrong side among all samples."""
        x, y = self._batch(samples)
        wx = x @ theta[:-1]
        s = wx + theta[-1]
        f = self._answers(s, y)
        e = y - f
        quantities = {"x": x, "wx": wx, "sum": s, "output": f, "target": y, "error": e}
        return Forward(float(np.count_nonzero(self.mistakes(theta))), f[:, np.newaxis], quantities, bool(e.any()))

    def backward(self, theta: Vector, forward: Forward, step: Step | None = None) -> Backward:
        """Return −(y − f)·(x, 1), summed over the samples."""
        x, error = forward.quantities["x"], forward.quantities["error"]
        return Backward(np.append(-(error @ x), -error.sum()), {})

    def phases(self, forward: Forward, backward: Backward) -> tuple[Phase, ...]:
        """Return sum, output and error of the visited sample."""
        q = forward.quantities
        rule = "f = 1 if s ≥ 0, else 0" if self.tie == 1 else "f = 1 if s > 0, else 0"
        rule = "f = 1 if s > 0, 0 if s < 0, else 1 − y" if self.is_tie_mistake else rule
        return (
            Phase(SUM, None, "s = wᵀx + b", {"x": q["x"], "wx": q["wx"], "sum": q["sum"]}),
            Phase(OUTPUT, None, rule, {"output": q["output"]}),
            Phase(ERROR, None, "e = y − f", {"target": q["target"], "error": q["error"]}),
        )

    def objective(self, theta: Vector, samples: Samples) -> Objective:
        """Return the perceptron criterion Σ −(y − f)(wᵀx + b), with the outputs f those at `theta`."""
        x, y = self._batch(samples)
        error = y - self._answers(self.sums(theta, x), y)
        return lambda other: -float(error @ self.sums(other, x))

    def score(self, theta: Vector) -> Score:
        """Return the number of points on the wrong side as the loss, and the share on the right side."""
        mistakes = int(np.count_nonzero(self.mistakes(theta)))
        return Score(float(mistakes), 1.0 - mistakes / len(self.targets))

    def in_update(self, number: int) -> PerceptronModel:
        """Return the model itself: every update sees the same one."""
        return self

    def _batch(self, samples: Samples) -> tuple[Vector, Vector]:
        return (self.inputs, self.targets) if samples is None else (self.inputs[samples], self.targets[samples])
