"""Bundled data sets: digits, truth tables, and shapes, made from formulas, that no line separates.

A new data set is one function and one entry in `DATASETS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from gdsim.engine.parameters import Vector
from gdsim.scenario import limits
from gdsim.scenario.data.dataset import RawData
from gdsim.scenario.data.idx import read_images, read_labels
from gdsim.scenario.library import folder
from gdsim.scenario.mistakes import RefusedError

_DIGIT_MOST = 16.0
_BLOCK, _MARGIN = 3, 2


class BundledData(NamedTuple):
    """A bundled data set.

    make: (samples, noise, random generator) → data. samples, noise: the defaults; noise None: it takes none.
    most: the largest number of samples.
    """

    make: Callable[[int, float, np.random.Generator], RawData]
    samples: int
    most: int = limits.SAMPLES
    noise: float | None = 0.0


def make_dataset(name: str, samples: int | None, noise: float | None, rng: np.random.Generator) -> RawData:
    """Return the bundled data set called `name`.

    Raises RefusedError for more samples than it has, and for noise if it takes none.
    """
    bundled = DATASETS[name]
    samples = bundled.samples if samples is None else samples
    if samples > bundled.most:
        raise RefusedError(f"found {samples} samples", f"{name} has {bundled.most}", ("options",))
    if noise is not None and bundled.noise is None:
        raise RefusedError(f"found noise {noise:g}", f"{name} takes none", ("options",))
    return bundled.make(samples, bundled.noise or 0.0 if noise is None else noise, rng)


def _digits(samples: int, _noise: float, _rng: np.random.Generator) -> RawData:
    """Return the first of 1797 optical digits as 28 × 28 pictures with values from 0 to 1.

    Each of the 8 × 8 pixels becomes a 3 × 3 block, inside a border of zeros two pixels wide; values are divided by 16.
    """
    data = folder() / "data"
    images = read_images(data / "digits-images.idx3-ubyte.gz")[:samples]
    labels = read_labels(data / "digits-labels.idx1-ubyte.gz")[:samples]
    blocks = images.repeat(_BLOCK, axis=1).repeat(_BLOCK, axis=2)
    pictures = np.pad(blocks, ((0, 0), (_MARGIN, _MARGIN), (_MARGIN, _MARGIN)))
    shape = (pictures.shape[1], pictures.shape[2])
    inputs = pictures.reshape(samples, -1) / _DIGIT_MOST
    return RawData(inputs, None, labels.astype(np.intp), tuple(map(str, range(10))), image_shape=shape)


def _table(outputs: tuple[int, int, int, int]) -> Callable[[int, float, np.random.Generator], RawData]:
    """Return a function that makes samples by cycling through the truth table 00, 01, 10, 11, with noise added."""

    def make(samples: int, noise: float, rng: np.random.Generator) -> RawData:
        corner = np.arange(samples) % 4
        inputs = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])[corner]
        return _two_classes(_blurred(inputs, noise, rng), np.array(outputs)[corner])

    return make


def _moons(samples: int, noise: float, rng: np.random.Generator) -> RawData:
    """Return two interlocking half circles: (cos t, sin t) and (1 − cos t, ½ − sin t), t from 0 to π."""
    upper = samples - samples // 2
    t, u = np.linspace(0.0, np.pi, upper), np.linspace(0.0, np.pi, samples - upper)
    inputs = np.concatenate([np.c_[np.cos(t), np.sin(t)], np.c_[1.0 - np.cos(u), 0.5 - np.sin(u)]])
    return _two_classes(_blurred(inputs, noise, rng), np.arange(samples) >= upper)


def _circles(samples: int, noise: float, rng: np.random.Generator) -> RawData:
    """Return a circle of radius 1 (class 0) around a circle of radius ½ (class 1)."""
    outer = samples - samples // 2
    t = np.linspace(0.0, 2 * np.pi, outer, endpoint=False)
    u = np.linspace(0.0, 2 * np.pi, samples - outer, endpoint=False)
    inputs = np.concatenate([np.c_[np.cos(t), np.sin(t)], 0.5 * np.c_[np.cos(u), np.sin(u)]])
    return _two_classes(_blurred(inputs, noise, rng), np.arange(samples) >= outer)


def _spiral(samples: int, noise: float, rng: np.random.Generator) -> RawData:
    """Return two spiral arms half a turn apart: r·(sin t, cos t), r from 0 to 1 while t makes 1¾ turns."""
    first = samples - samples // 2
    arms = []
    for count, start in ((first, 0.0), (samples - first, np.pi)):
        r = np.arange(count) / max(count, 1)
        t = 1.75 * 2 * np.pi * r + start
        arms.append(np.c_[r * np.sin(t), r * np.cos(t)])
    return _two_classes(_blurred(np.concatenate(arms), noise, rng), np.arange(samples) >= first)


def _blurred(inputs: Vector, noise: float, rng: np.random.Generator) -> Vector:
    return inputs + noise * rng.standard_normal(inputs.shape) if noise else inputs


def _two_classes(inputs: Vector, is_second: np.typing.NDArray[np.generic]) -> RawData:
    return RawData(inputs, None, is_second.astype(np.intp), ("0", "1"))


DATASETS: Mapping[str, BundledData] = {
    "digits": BundledData(_digits, samples=1797, most=1797, noise=None),
    "xor": BundledData(_table((0, 1, 1, 0)), samples=4),
    "and": BundledData(_table((0, 0, 0, 1)), samples=4),
    "or": BundledData(_table((0, 1, 1, 1)), samples=4),
    "moons": BundledData(_moons, samples=200, noise=0.1),
    "circles": BundledData(_circles, samples=200, noise=0.05),
    "spiral": BundledData(_spiral, samples=200, noise=0.02),
}
