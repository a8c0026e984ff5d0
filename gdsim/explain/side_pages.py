"""Activations at one z, in words and numbers: value, slope, saturation, and how tanh and the sigmoid are one curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gdsim.engine.activations import ACTIVATIONS, Activation
from gdsim.explain.numbers import short_number
from gdsim.explain.page import Line, Page, lettered
from gdsim.explain.selection import SATURATED
from gdsim.explain.symbols import factor, number
from gdsim.i18n import _, ngettext
from gdsim.timeline.nudging import Nudging

_RELATED = ("sigmoid", "tanh")


def activation_page(activations: Sequence[Activation], z: float, *, ascii_only: bool = False) -> Page:
    """Return value and slope of each activation at z, and the numbers of tanh(z) = 2σ(2z) − 1."""
    lines = []
    for each in activations:
        lines.append(Line(f"{each.symbol}(z)", each.formula, "", number(_value(each, z))))
        lines.append(Line(f"{each.symbol}′(z)", each.slope_formula, "", number(_slope(each, z))))
    if any(each.name in _RELATED for each in activations):
        sigma, bent = _value(ACTIVATIONS["sigmoid"], 2 * z), _value(ACTIVATIONS["tanh"], z)
        lines.append(Line("2·σ(2z) − 1", f"2·σ({number(2 * z)}) − 1", f"2·{number(sigma)} − 1", number(2 * sigma - 1)))
        lines.append(Line("tanh(z)", f"tanh{_in_parentheses(z)}", "", number(bent)))
    title = _("activations at z = {z}").format(z=number(z))
    return lettered(Page(title, _sentence(activations, z), tuple(lines)), ascii_only)


def _sentence(activations: Sequence[Activation], z: float) -> str:
    """Return which of them are flat here."""
    flat = [each for each in activations if abs(_slope(each, z)) < SATURATED]
    if not flat:
        return _("Every curve is steep enough here for a neuron to learn.")
    names = ", ".join(each.name for each in flat)
    text = _("Flat (saturated) here, so almost nothing is learnt: {names}.")
    return text.format(names=names)


def _in_parentheses(z: float) -> str:
    return factor(z) if z < 0 else f"({number(z)})"


@np.errstate(all="ignore")
def _value(activation: Activation, z: float) -> float:
    return float(activation.value(np.array([z]))[0])


@np.errstate(all="ignore")
def _slope(activation: Activation, z: float) -> float:
    at = np.array([z])
    return float("nan") if activation.slope is None else float(activation.slope(at, activation.value(at))[0])


AGREES = 1e-6
"""Both ways agree when their largest difference is below this part of the largest gradient."""


def nudging_page(nudging: Nudging, *, ascii_only: bool = False) -> Page:
    """Return the element nudged last, both ways, and what all of them cost so far."""
    last, nudges, layout = nudging.count - 1, nudging.nudges, nudging.update.run.model.layout
    name = layout.label(last)
    above, below = (short_number(float(each[last]), digits=12) for each in (nudges.above, nudges.below))
    distance = short_number(float(nudges.distance[last]))
    lines = (
        Line(_("loss, {name} up").format(name=name), above),
        Line(_("loss, {name} down").format(name=name), below),
        Line(
            f"∂C/∂{name}",
            _("(up − down)/{distance}").format(distance=distance),
            "",
            short_number(float(nudges.slopes[last]), signed=True),
        ),
        Line(_("backpropagation"), "", "", short_number(float(nudging.computed[last]), signed=True)),
        Line(_("difference"), _("at most {part} of the largest gradient").format(part=f"{nudging.difference:.1e}")),
    )
    title = _("{count} of {size} nudged").format(count=nudging.count, size=nudging.size)
    page = Page(title, _nudging_sentence(nudging), lines, _notes(nudging))
    return lettered(page, ascii_only)


def _nudging_sentence(nudging: Nudging) -> str:
    if not nudging.difference <= AGREES:
        return _("The two gradients differ by more than one part in a million: one of the two ways is wrong.")
    if nudging.is_complete:
        text = _("All {size} gradients by nudging took {passes} forward passes; backpropagation, 1 and 1 backward.")
        return text.format(size=nudging.size, passes=nudging.forward_passes)
    text = ngettext(
        "{count} gradient by nudging took {passes} forward passes.",
        "{count} gradients by nudging took {passes} forward passes.",
        nudging.count,
    )
    return text.format(count=nudging.count, passes=nudging.forward_passes)


def _notes(nudging: Nudging) -> tuple[str, ...]:
    notes = []
    if nudging.difference <= AGREES:
        notes.append(_("They agree to better than one part in a million."))
    if not nudging.is_complete:
        text = _("All {size} take {passes} forward passes; backpropagation takes 1 forward and 1 backward for all.")
        notes.append(text.format(size=nudging.size, passes=2 * nudging.size))
    return tuple(notes)
