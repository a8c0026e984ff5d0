"""Walking where nobody looks: the states updates lead to, without their records."""

from __future__ import annotations

from collections.abc import Container

import numpy as np

from gdsim.engine.parameters import Vector, read_only
from gdsim.engine.update import Model, Run, Samples, State, Step, Walker, step


def walk(run: Run, state: State, last: int, kept: Container[int] = ()) -> dict[int, State]:
    """Return states after `state` by their updates: that after update `last`, and on the way there those in `kept`.

    They are the states `run_update` leads to, bit for bit.
    """
    theta, gradient = state.theta.copy(), np.empty_like(state.theta)
    slope, rule_state, corrections = run.model.walker(theta, gradient), state.rule_state, state.corrections
    found: dict[int, State] = {}

    def stepped(trial: Vector) -> Vector:
        return np.asarray(theta + step(run, rule_state, trial)[0])

    with np.errstate(all="ignore"):
        for number in range(state.update + 1, last + 1):
            corrections += slope(run.batches.samples(number), stepped)
            change, rule_state = step(run, rule_state, gradient, gradient)
            np.add(theta, change, out=theta)
            if number == last or number in kept:
                found[number] = State(number, read_only(theta.copy()), rule_state, corrections)
    return found


def recording_walker(model: Model, theta: Vector, gradient: Vector) -> Walker:
    """Return a walker that goes the way of records: for models so small that it makes no difference."""

    def slope(samples: Samples, stepped: Step) -> bool:
        forward = model.forward(theta, samples)
        gradient[...] = model.backward(theta, samples, forward, stepped).gradient
        return model.is_mistake(forward)

    return slope
