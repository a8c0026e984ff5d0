"""The numbers of an update by name, in the order they are computed, and the names learners give them."""

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
    **dict.fromkeys(("loss", "cost", "c", "j", "l", "e", "e_total", "total_error", "loss_after", "mse", "sse"), "loss"),
    **dict.fromkeys(("loss_before", "cost_before"), "loss_before"),
    **dict.fromkeys(
        ("prediction", "predictions", "pred", "probs", "y_hat", "yhat", "y_pred", "output", "outputs", "out", "o"),
        "prediction",
    ),
}
_PERCEPTRON = {"s": "sum", "z": "sum", "net": "sum", "f": "output", "y_hat": "output", "e": "error", "err": "error"}
IGNORED = ("samples", "correct", "corrections", "target", "targets", "x", "y", "a0", "type", "time", "accuracy")
"""Columns that hold nothing to compare with the numbers of an update."""


class Quantity(NamedTuple):
    """Numbers of an update: their name in traces, their shape, the phase that computes them, and its layer.

    vector, offset: name of the vector that holds them, for `vector_named`, and the index at which they begin in it.
    """

    name: str
    shape: tuple[int, ...]
    phase: str
    layer: int | None = None
    vector: str = ""
    offset: int = 0

    @property
    def is_state(self) -> bool:
        """Whether it already has a value before the first update."""
        return self.phase == UPDATE and not self.name.startswith("change.") and self.name != RATE

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return prod(self.shape)

    def element(self, index: int) -> str:
        """Return the name of its number `index`, from 0."""
        if self.size == 1 and len(self.shape) < 2:
            return self.name if not self.shape else f"{self.name}[0]"
        return f"{self.name}[{','.join(str(int(i)) for i in np.unravel_index(index, self.shape))}]"


def vector_named(name: str, update: Update) -> Vector:
    """Return a vector of an update: "theta" (after it), "gradient", "used_gradient", "change", or a quantity, flat."""
    if name == "theta":
        return update.after.theta
    if name == "gradient":
        return update.after.rule_state.slots[-1] if SHOWN in update.run.rule.kind.slots else update.gradient
    if name in ("change", "used_gradient"):
        vector: Vector = getattr(update, name)
        return vector
    if name in ("loss", "loss_before", RATE):
        return np.array([getattr(update, name)])
    found = update.prediction if name == "prediction" else update.forward.quantities.get(name)
    return np.ravel(update.backward.quantities[name] if found is None else found)


def quantities_of(run: Run) -> dict[str, Quantity]:
    """Return the quantities of a run's updates by name, in the order an update computes them."""
    layout = run.model.layout

    def blocks(before: str, phase: str, vector: str) -> Iterator[Quantity]:
        for name, shape, part in zip(layout.names, layout.shapes, layout.slices.values(), strict=True):
            yield Quantity(before + name, shape, phase, None, vector, part.start)

    made = [
        *_made(run),
        *blocks("gradient.", GRADIENT, "gradient"),
        *(blocks("clipped.", GRADIENT, "used_gradient") if run.clip is not None else ()),
        *([Quantity(RATE, (), UPDATE)] if run.schedule is not None else ()),
        *blocks("change.", UPDATE, "change"),
        *blocks("", UPDATE, "theta"),
        Quantity("loss", (), UPDATE),
    ]
    return {each.name: each if each.vector else each._replace(vector=each.name) for each in made}


def _made(run: Run) -> Iterator[Quantity]:
    """Yield the quantities computed before the gradient."""
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
    """Return the quantity a learner's column names; None if there is none."""
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
    """Return the trace's name of ``W_1``, ``bias2``, ``dz1``; a network's only layer needs no number."""
    match, model = _LAYERED.match(name), run.model
    if match is None:
        return name
    word = _WORDS.get(match["word"].lower(), match["word"])
    if isinstance(model, NetworkModel):
        return f"{word}{match['layer'] or (len(model.layers) if len(model.layers) == 1 else '')}"
    return word.lower() + match["layer"]


def nearest(name: str, run: Run, known: dict[str, Quantity]) -> list[str]:
    """Return up to three known names most like `name`."""
    names = [*dict.fromkeys((*known, *run.model.layout.labels, *run.model.layout.element_names[:1000]))]
    return get_close_matches(name, names, n=3, cutoff=0.4) or names[:3]
