"""The numbers of an update by name, in the order in which they are computed, and the names learners give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from math import prod
from typing import NamedTuple

import numpy as np

from gdsim.engine.mistakes import SHOWN
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.parameters import Vector
from gdsim.engine.update import (
    BACKPROP,
    ERROR,
    FORWARD,
    GRADIENT,
    LOSS,
    OUTPUT,
    OUTPUT_DELTA,
    SUM,
    UPDATE,
    VALUE,
    Run,
    Update,
)

RATE = "learning_rate"

STATES = ("loss",)
"""What is worth something between updates, beside the parameters."""

_GRADIENT = re.compile(r"(?:(?:gradient|grad|nabla|d|g)[._ ]?(?P<after>.+)|(?P<before>.+?)[._](?:gradient|grad))\Z")
_CHANGE = re.compile(r"(?:change|step|delta|Δ)[._ ]?(?P<after>.+)\Z")
_LAYERED = re.compile(r"(?P<word>[^\W\d_]+)_?(?P<layer>\d*)\Z")
_WORDS = {
    **dict.fromkeys(("w", "weight", "weights", "theta"), "W"),
    **dict.fromkeys(("b", "bias", "biases"), "b"),
    **dict.fromkeys(("z", "net", "s"), "z"),
    **dict.fromkeys(("a", "act", "activation", "activations", "out", "h"), "a"),
    **dict.fromkeys(("delta", "δ", "dz", "d", "err", "error"), "delta"),
}
_SINGLE = {
    **dict.fromkeys(("loss", "cost", "c", "j", "l", "loss_after", "mse", "sse"), "loss"),
    **dict.fromkeys(("loss_before", "cost_before"), "loss_before"),
    **dict.fromkeys(
        ("prediction", "predictions", "pred", "y_hat", "yhat", "y_pred", "output", "outputs"), "prediction"
    ),
}
_PERCEPTRON = {"s": "sum", "z": "sum", "net": "sum", "f": "output", "y_hat": "output", "e": "error", "err": "error"}
IGNORED = ("samples", "correct", "corrections", "target", "targets", "x", "y", "a0", "type", "time", "accuracy")
"""Columns that are no numbers of an update one could compare."""


class Quantity(NamedTuple):
    """Numbers of an update: a name as in traces, their shape, the phase that makes them, and its layer."""

    name: str
    shape: tuple[int, ...]
    phase: str
    layer: int | None = None

    @property
    def is_state(self) -> bool:
        """Whether it is worth something before the first update too."""
        return self.phase == UPDATE and not self.name.startswith("change.") and self.name != RATE

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return prod(self.shape)

    def values(self, update: Update) -> Vector:
        """Return its numbers in an update, flat."""
        head, _dot, name = self.name.partition(".")
        layout = update.run.model.layout
        if name:
            if head == "gradient" and SHOWN in update.run.rule.kind.slots:
                return update.after.rule_state.slots[-1][layout.slices[name]]
            vector: Vector = getattr(update, "used_gradient" if head == "clipped" else head)
            return vector[layout.slices[name]]
        if head in layout.slices:
            return update.after.theta[layout.slices[head]]
        if head in ("loss", "loss_before"):
            return np.array([update.loss if head == "loss" else update.loss_before])
        if head == RATE:
            return np.array([update.learning_rate])
        if head == "prediction":
            assert update.prediction is not None
            return update.prediction.ravel()
        found = update.forward.quantities.get(head)
        return np.ravel(update.backward.quantities[head] if found is None else found)

    def element(self, index: int) -> str:
        """Return the name of one of its numbers, from 0."""
        if self.size == 1 and len(self.shape) < 2:
            return self.name if not self.shape else f"{self.name}[0]"
        return f"{self.name}[{','.join(str(int(i)) for i in np.unravel_index(index, self.shape))}]"


def quantities_of(run: Run) -> dict[str, Quantity]:
    """Return the numbers of a run's updates by name, in the order in which an update makes them."""
    layout = run.model.layout
    shapes = dict(zip(layout.names, layout.shapes, strict=True))
    made = [
        *_made(run),
        *(Quantity(f"gradient.{name}", shape, GRADIENT) for name, shape in shapes.items()),
        *(Quantity(f"clipped.{name}", shape, GRADIENT) for name, shape in shapes.items() if run.clip is not None),
        *([Quantity(RATE, (), UPDATE)] if run.schedule is not None else ()),
        *(Quantity(f"change.{name}", shape, UPDATE) for name, shape in shapes.items()),
        *(Quantity(name, shape, UPDATE) for name, shape in shapes.items()),
        Quantity("loss", (), UPDATE),
    ]
    return {quantity.name: quantity for quantity in made}


def _made(run: Run) -> Iterator[Quantity]:
    """Yield what is made before the gradient."""
    model = run.model
    if isinstance(model, PerceptronModel):
        yield Quantity("sum", (1,), SUM)
        yield Quantity("output", (1,), OUTPUT)
        yield Quantity("prediction", (1, 1), OUTPUT)
        yield Quantity("error", (1,), ERROR)
    elif isinstance(model, NetworkModel):
        rows, last = run.batches.size or len(model.inputs), len(model.layers)
        units = [layer.units for layer in model.layers]
        for n in range(1, last + 1):
            yield Quantity(f"z{n}", (rows, units[n - 1]), FORWARD, n)
            yield Quantity(f"a{n}", (rows, units[n - 1]), FORWARD, n)
        yield Quantity("prediction", (rows, units[-1]), FORWARD, last)
        yield Quantity("loss_before", (), LOSS)
        for n in range(last, 0, -1):
            yield Quantity(f"delta{n}", (rows, units[n - 1]), OUTPUT_DELTA if n == last else BACKPROP, n)
    else:
        yield Quantity("loss_before", (), VALUE)


def quantity_named(name: str, run: Run, known: dict[str, Quantity]) -> Quantity | None:
    """Return the numbers a learner's column is about, None where none is called so."""
    name = name.strip().replace(" ", "")
    if name in known:
        return known[name]
    lower = name.lower()
    if isinstance(run.model, PerceptronModel) and lower in _PERCEPTRON:
        return known[_PERCEPTRON[lower]]
    if lower in _SINGLE:
        return known.get(_SINGLE[lower])
    layered = _layered(name, run)
    if layered in known:
        return known[layered]
    for head, pattern in (("gradient", _GRADIENT), ("change", _CHANGE)):
        match = pattern.match(name)
        if match is not None:
            inner = next(group for group in match.groups() if group)
            for found in (inner, _layered(inner, run)):
                if f"{head}.{found}" in known:
                    return known[f"{head}.{found}"]
    return None


def _layered(name: str, run: Run) -> str:
    """Return the trace's name of ``W_1``, ``bias2``, ``dz1``; without a number of a network's only layer, or last."""
    match, model = _LAYERED.match(name), run.model
    if match is None:
        return name
    word = _WORDS.get(match["word"].lower(), match["word"])
    if isinstance(model, NetworkModel):
        return f"{word}{match['layer'] or (len(model.layers) if len(model.layers) == 1 else '')}"
    return word.lower() + match["layer"]


def nearest(name: str, run: Run, known: dict[str, Quantity]) -> list[str]:
    """Return the names there are that are most like `name`."""
    names = [*dict.fromkeys((*known, *run.model.layout.labels, *run.model.layout.element_names[:1000]))]
    return get_close_matches(name, names, n=3, cutoff=0.4) or names[:3]
