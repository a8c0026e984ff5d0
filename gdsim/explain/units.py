"""Scaled samples in the units of their file: the inputs of a sum, an answer, a fitted line."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gdsim.engine.models.network import NetworkModel
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run
from gdsim.explain.numbers import DIGITS, short_number
from gdsim.explain.page import Line
from gdsim.i18n import _
from gdsim.scenario.data.dataset import Dataset


def inputs_in_file(data: Dataset | None, inputs: Vector, shown: Iterable[int]) -> tuple[Line, ...]:
    """Return a line with a sample's `shown` inputs, of (inputs,), in the file's units; none if they are not scaled."""
    if data is None or data.input_scaling.is_none:
        return ()
    raw, names = data.input_scaling.undo(inputs[np.newaxis])[0], data.input_symbols
    values = ", ".join(f"{names[i]} = {rounded(raw[i])}" for i in shown)
    return (Line(_("inputs are scaled; in the file {values}").format(values=values), ""),)


def answer_in_file(data: Dataset | None, answer: Vector, target: Vector) -> tuple[Line, ...]:
    """Return a line with an answer and its target (outputs,) in the file's units; none if they are not scaled."""
    if data is None or data.target_scaling.is_none:
        return ()
    pairs = zip(
        data.target_symbols, data.in_units(answer[np.newaxis])[0], data.in_units(target[np.newaxis])[0], strict=True
    )
    values = ", ".join(
        _("{name} = {answer}, target {wanted}").format(name=name, answer=rounded(a), wanted=rounded(y))
        for name, a, y in pairs
    )
    return (Line(_("targets are scaled; in the file {values}").format(values=values), ""),)


def fitted_line(data: Dataset | None, run: Run, theta: Vector) -> str:
    """Return ``price = 20000 + 150·area``, the line that a single identity neuron has fitted, in the file's units.

    Empty for other models, and if nothing is scaled.
    """
    model = run.model
    if data is None or (data.input_scaling.is_none and data.target_scaling.is_none):
        return ""
    if not isinstance(model, NetworkModel) or len(model.layers) > 1 or model.layers[0].units > 1:
        return ""
    if model.layers[0].activation != "identity":
        return ""
    views = model.layout.views(theta)
    width = data.input_scaling.width
    slopes = np.divide(views["W1"][0], width, out=np.zeros(width.shape), where=width != 0.0)
    bias = views["b1"][0] if "b1" in views else 0.0
    offset = bias - float(slopes @ data.input_scaling.offset)
    scale, shift = float(data.target_scaling.width[0]), float(data.target_scaling.offset[0])
    text = f"{data.target_symbols[0]} = {rounded(shift + scale * offset)}"
    for slope, name in zip(slopes * scale, data.input_symbols, strict=True):
        text += f" {'−' if slope < 0 else '+'} {rounded(abs(slope))}·{name}"
    return text


def fitted_sentence(data: Dataset | None, run: Run, theta: Vector) -> str:
    """Return the fitted line in a sentence; empty if `fitted_line` is."""
    line = fitted_line(data, run, theta)
    return line and _("In the file's units: {line}").format(line=line)


def rounded(value: float) -> str:
    """Return a number rounded to six significant digits, without decimals beyond them."""
    return short_number(float(f"{float(value):.{DIGITS}g}"))
