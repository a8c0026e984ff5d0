"""The lamp that tells whether the gradient of an update agrees with nudging the parameters one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gdsim.engine.gradient_check import GradientCheck, check_gradient
from gdsim.engine.parameters import Layout
from gdsim.engine.update import Update
from gdsim.explain.numbers import short_number
from gdsim.language import _, ngettext

LampState = Literal["agrees", "differs", "unknown"]

CHECKED_FULLY = 200
"""Parameters up to which all are nudged at every update."""

SAMPLED = 24
"""Parameters nudged of a larger model."""

_WORK = 40_000_000
"""Multiplications a check may take: samples × parameters, twice for every parameter nudged."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """Whether gradient and nudging agree, in a word and in a sentence; check: the figures behind it, if any."""

    state: LampState
    text: str
    check: GradientCheck | None


def gradient_lamp(update: Update, limit: int = CHECKED_FULLY) -> Lamp:
    """Return how the gradient of `update` compares with central differences.

    Models of more than `limit` parameters are checked at some of them, drawn anew for every update by its number.
    """
    if not np.isfinite(update.gradient).all():
        return Lamp("unknown", _("gradient: not a number, so there is nothing to compare"), None)
    model, theta = update.run.model, update.before.theta
    elements = _elements(update, limit)
    check = check_gradient(model, theta, update.samples, update.gradient, elements)
    if any(not np.isfinite(block.nudged) for block in check.blocks):
        return Lamp("unknown", _("gradient: nudging gives no number here, so there is nothing to compare"), check)
    if check.passed:
        return Lamp("agrees", _("gradient ✓ agrees with nudging {what}").format(what=_what(check)), check)
    worst = check.worst
    text = _("gradient ✗ differs from nudging: for {name} it is {computed}, nudging gives {nudged} (compared: {what})")
    return Lamp(
        "differs",
        text.format(
            name=model.layout.label(worst.worst),
            computed=short_number(worst.computed, signed=True),
            nudged=short_number(worst.nudged, signed=True),
            what=_what(check),
        ),
        check,
    )


def _elements(update: Update, limit: int) -> Sequence[int] | None:
    """Return the elements of θ to nudge, None for all: as many as are quickly done, from every block where possible."""
    layout, size = update.run.model.layout, update.run.model.layout.size
    samples = 1 if update.prediction is None else len(update.prediction)
    affordable = max(2, _WORK // (2 * samples * size))
    if size <= min(limit, affordable):
        return None
    return _drawn(layout, min(size, SAMPLED, affordable), np.random.default_rng([update.number]))


def _drawn(layout: Layout, count: int, rng: np.random.Generator) -> list[int]:
    """Return `count` different elements of θ at random, the blocks taking turns."""
    orders = [part.start + rng.permutation(part.stop - part.start)[:count] for part in layout.slices.values()]
    turns = [int(order[turn]) for turn in range(count) for order in orders if turn < len(order)]
    return turns[:count]


def _what(check: GradientCheck) -> str:
    """Return which parameters were nudged."""
    if check.checked == check.size:
        return ngettext("the parameter", "all {count} parameters", check.size).format(count=check.size)
    text = ngettext("{checked} parameter of {count}", "{checked} parameters of {count}", check.checked)
    return text.format(checked=check.checked, count=check.size)
