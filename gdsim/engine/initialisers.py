"""Weights to start a network with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt

import numpy as np

from gdsim.engine.models.network import Layer
from gdsim.engine.parameters import Vector


def initial_weights(method: str, scale: float | None, layer: Layer, rng: np.random.Generator) -> Vector:
    """Return starting weights (units, inputs) of a layer; biases start at 0 with every method.

    normal: N(0, scale²), scale 1 unless given; uniform: between −scale and scale, scale 1 unless given;
    xavier: N(0, 2/(inputs + units)) (Glorot & Bengio 2010); he: N(0, 2/inputs) (He et al. 2015), both times scale;
    zeros: 0, where all neurons of a layer stay alike.
    """
    return INITIALISERS[method](1.0 if scale is None else scale, layer, rng)


INITIALISERS: Mapping[str, Callable[[float, Layer, np.random.Generator], Vector]] = {
    "normal": lambda scale, layer, rng: scale * rng.standard_normal(layer.shape),
    "uniform": lambda scale, layer, rng: rng.uniform(-scale, scale, layer.shape),
    "xavier": lambda scale, layer, rng: (
        scale * sqrt(2 / (layer.inputs + layer.units)) * rng.standard_normal(layer.shape)
    ),
    "he": lambda scale, layer, rng: scale * sqrt(2 / layer.inputs) * rng.standard_normal(layer.shape),
    "zeros": lambda _scale, layer, _rng: np.zeros(layer.shape),
}
