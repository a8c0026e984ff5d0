"""A check of an update's gradient by nudging the parameters one by one: as an indicator and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np

from gdsim.engine.gradient_check import Beside, BlockCheck, GradientCheck, Nudging, check_gradient, nudge
from gdsim.engine.names import parameter_name
from gdsim.engine.parameters import Layout
from gdsim.engine.update import Update
from gdsim.explain.numbers import short_number
from gdsim.explain.page import Line, Page
from gdsim.i18n import _, ngettext

IndicatorState = Literal["agrees", "differs", "unknown"]

CHECKED_FULLY = 200
"""With up to this many parameters, all are nudged at every update."""

SAMPLED = 24
"""How many parameters of a larger model are nudged."""

_WORK = 40_000_000
"""The most multiplications a check may take: samples × parameters, twice for every parameter nudged."""

ON_DEMAND = 20_000
"""The most parameters nudged by a full check."""


class GradientIndicator(NamedTuple):
    """Whether gradient and nudging agree, in a word and in a sentence; check: the figures behind it, if any.

    worst: the name of the parameter that differs most, empty if none does.
    """

    state: IndicatorState
    text: str
    check: GradientCheck | None
    worst: str = ""

    @property
    def extent(self) -> str:
        """How many of the parameters were nudged, ``24/830``; empty where all were."""
        if self.check is None or self.check.checked == self.check.size:
            return ""
        return f"{self.check.checked}/{self.check.size}"


def gradient_indicator(update: Update) -> GradientIndicator:
    """Return how the gradient of `update` compares with central differences.

    With more than `CHECKED_FULLY` parameters only some are nudged, drawn at random with the update's number as seed.
    """
    return _indicator(update, _elements(update))


class FullCheck:
    """The same check for up to `ON_DEMAND` parameters, or as many of them as there is time for.

    They are nudged in random order, blocks taking turns, so that a check stopped early has covered some of each.
    """

    def __init__(self, update: Update) -> None:
        layout = update.run.model.layout
        self._update, self._nudged = update, list[Beside]()
        self.elements = _drawn(layout, min(layout.size, ON_DEMAND), np.random.default_rng([update.number]))

    def steps(self) -> Iterator[int]:
        """Nudge one parameter after another, yielding how many are done."""
        theta = self._update.at
        for one in nudge(self._update.model.objective(theta, self._update.samples), theta, self.elements):
            self._nudged.append(one)
            yield len(self._nudged)

    @property
    def indicator(self) -> GradientIndicator:
        """What the parameters nudged so far show."""
        return _indicator(self._update, self.elements, self._nudged)


def block_lines(update: Update, indicator: GradientIndicator) -> list[str]:
    """Return a line for every block of parameters compared: where the two gradients differ most, and both values."""
    layout = update.run.model.layout
    text = _("{mark} {block}: furthest apart at {name}, computed {computed}, by nudging {nudged}")
    return [
        text.format(
            mark="✓" if block.passed else "✗",
            block=block.name,
            name=parameter_name(layout, block.worst),
            computed=short_number(block.computed, signed=True),
            nudged=short_number(block.nudged, signed=True),
        )
        for block in (indicator.check.blocks if indicator.check is not None else ())
    ]


def worst_block(update: Update, check: GradientCheck) -> BlockCheck:
    """Return the block that is furthest off; parameters that updates change take precedence over frozen ones."""
    layout = update.run.model.layout
    failed = [block for block in check.blocks if not block.passed]
    trained = [block for block in failed if not layout.is_frozen(block.worst)]
    return replace(check, blocks=tuple(trained or failed or check.blocks)).worst


def _indicator(
    update: Update, elements: Sequence[int] | None, nudged: Sequence[Beside] | None = None
) -> GradientIndicator:
    if not np.isfinite(update.gradient).all():
        return GradientIndicator("unknown", _("gradient: not a number, so there is nothing to compare"), None)
    model, theta = update.model, update.at
    check = check_gradient(model, theta, update.samples, update.gradient, elements, nudged)
    if any(not np.isfinite(block.nudged) for block in check.blocks):
        return GradientIndicator(
            "unknown", _("gradient: nudging gives no number here, so there is nothing to compare"), check
        )
    if check.passed:
        return GradientIndicator("agrees", _("gradient ✓ agrees with nudging {what}").format(what=_what(check)), check)
    worst = worst_block(update, check)
    name = parameter_name(model.layout, worst.worst)
    text = _("gradient ✗ differs from nudging: for {name} it is {computed}, nudging gives {nudged} (compared: {what})")
    return GradientIndicator(
        "differs",
        text.format(
            name=name,
            computed=short_number(worst.computed, signed=True),
            nudged=short_number(worst.nudged, signed=True),
            what=_what(check),
        ),
        check,
        name,
    )


def _elements(update: Update) -> Sequence[int] | None:
    """Return the elements of θ to nudge, None for all: as many as are quick to check, from every block if possible."""
    layout, size = update.run.model.layout, update.run.model.layout.size
    samples = 1 if update.prediction is None else len(update.prediction)
    affordable = max(2, _WORK // (2 * samples * size))
    if size <= min(CHECKED_FULLY, affordable):
        return None
    return _drawn(layout, min(size, SAMPLED, affordable), np.random.default_rng([update.number]))


def _drawn(layout: Layout, count: int, rng: np.random.Generator) -> list[int]:
    """Return `count` different elements of θ at random, the blocks taking turns."""
    orders = [part.start + rng.permutation(part.stop - part.start)[:count] for part in layout.slices.values()]
    turns = [int(order[turn]) for turn in range(count) for order in orders if turn < len(order)]
    return turns[:count]


def _what(check: GradientCheck) -> str:
    if check.checked == check.size:
        return ngettext("the parameter", "all {count} parameters", check.size).format(count=check.size)
    text = ngettext(
        "{checked} parameter of {count}, drawn at random",
        "{checked} parameters of {count}, drawn at random",
        check.checked,
    )
    return text.format(checked=check.checked, count=check.size)


CLOSE = 1e-6
"""Both ways agree closely when their largest difference is below this part of the largest gradient."""


def nudging_page(nudging: Nudging) -> Page:
    """Return the page of the element nudged last: its gradient both ways, and what all nudges have cost so far."""
    last, nudges, layout = nudging.count - 1, nudging.nudges, nudging.update.run.model.layout
    name = parameter_name(layout, last)
    above, below = (short_number(float(each[last]), digits=12) for each in (nudges.above, nudges.below))
    distance = short_number(float(nudges.distance[last]))
    lines = (
        Line(_("loss, {name} up").format(name=name), above),
        Line(_("loss, {name} down").format(name=name), below),
        Line(
            f"∂C/∂{name}",
            _("(up − down)/{distance}").format(distance=distance),
            "",
            short_number(float(nudging.slopes[last]), signed=True),
        ),
        Line(_("backpropagation"), "", "", short_number(float(nudging.computed[last]), signed=True)),
        Line(
            _("difference"),
            _("at most {part} of the largest gradient").format(part=short_number(nudging.difference, digits=2)),
        ),
    )
    title = _("{count} of {size} nudged").format(count=nudging.count, size=nudging.size)
    return Page(title, _nudging_sentence(nudging), lines, _notes(nudging))


def _nudging_sentence(nudging: Nudging) -> str:
    if not nudging.agrees:
        return _("The two gradients differ by more than rounding can explain: one of the two ways is wrong.")
    if nudging.is_complete:
        text = ngettext(
            "The gradient by nudging took {passes} forward passes; the formula took 1, and 1 backward.",
            "All {size} gradients by nudging took {passes} forward passes; backpropagation, 1 and 1 backward.",
            nudging.size,
        )
        return text.format(size=nudging.size, passes=nudging.forward_passes)
    text = ngettext(
        "{count} gradient by nudging took {passes} forward passes.",
        "{count} gradients by nudging took {passes} forward passes.",
        nudging.count,
    )
    return text.format(count=nudging.count, passes=nudging.forward_passes)


def _notes(nudging: Nudging) -> tuple[str, ...]:
    notes = []
    if nudging.difference <= CLOSE:
        notes.append(_("They agree to better than one part in a million."))
    if not nudging.is_complete:
        text = _("All {size} take {passes} forward passes; backpropagation takes 1 forward and 1 backward for all.")
        notes.append(text.format(size=nudging.size, passes=2 * nudging.size))
    return tuple(notes)
