"""Activations at one z, in words and numbers: value, slope, saturation, and how tanh and the sigmoid are one curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gdsim.engine.activations import ACTIVATIONS, Activation
from gdsim.explain.page import Line, Page
from gdsim.explain.selection import SATURATED
from gdsim.explain.symbols import factor, number
from gdsim.i18n import _

_RELATED = ("sigmoid", "tanh")


def activation_page(activations: Sequence[Activation], z: float) -> Page:
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
    return Page(title, _sentence(activations, z), tuple(lines))


def _sentence(activations: Sequence[Activation], z: float) -> str:
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
