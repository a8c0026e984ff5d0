"""One flat vector θ for all parameters of a model, with named parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
"""A float64 array; its shape is stated where it is used."""

_ELEMENT = re.compile(r"^(?P<name>\w+)\[(?P<indices>\d+(?:,\d+)*)\]$")


def read_only(array: Vector) -> Vector:
    """Return `array` itself, made read-only."""
    array.setflags(write=False)
    return array


def product(a: Vector, b: Vector) -> Vector:
    """Return the matrix product a @ b, by `dot` where it gives the same bits: `dot` is faster for small matrices.

    `dot` treats a matrix of one element as a number and makes 0 · ∞ a 0.
    """
    return a @ b if a.size == 1 or b.size == 1 else a.dot(b)


@dataclass(frozen=True)
class Layout:
    """Names and shapes of the blocks that lie one after another in θ, each in row-major order.

    names: block names (``x``, ``w``, ``W1``); shapes: one per name, ``()`` for a single number.
    labels: the names of θ's elements in files if a scenario gives them (``w5``), else empty.
    frozen: the blocks that updates do not change.
    """

    names: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    labels: tuple[str, ...] = ()
    frozen: tuple[str, ...] = ()

    @cached_property
    def size(self) -> int:
        """Number of elements of θ."""
        return sum(prod(shape) for shape in self.shapes)

    @cached_property
    def slices(self) -> dict[str, slice]:
        """The slice of θ that each block occupies."""
        slices, offset = {}, 0
        for name, shape in zip(self.names, self.shapes, strict=True):
            slices[name] = slice(offset, offset + prod(shape))
            offset += prod(shape)
        return slices

    def view(self, theta: Vector, name: str) -> Vector:
        """Return block `name` of θ in its own shape; a view, not a copy."""
        return theta[self.slices[name]].reshape(self.shapes[self.names.index(name)])

    def views(self, theta: Vector) -> dict[str, Vector]:
        """Return every block of θ by name, in its own shape; views, not copies."""
        return {name: theta[part].reshape(shape) for name, part, shape in self._blocks}

    @cached_property
    def _blocks(self) -> tuple[tuple[str, slice, tuple[int, ...]], ...]:
        return tuple(zip(self.names, self.slices.values(), self.shapes, strict=True))

    @cached_property
    def trainable(self) -> NDArray[np.bool_] | None:
        """Which elements of θ updates change: (size,) booleans; None when they change all."""
        if not self.frozen:
            return None
        trainable = np.ones(self.size, dtype=np.bool_)
        for name in self.frozen:
            trainable[self.slices[name]] = False
        return trainable

    def is_frozen(self, index: int) -> bool:
        """Whether updates leave element `index` of θ unchanged."""
        return self.trainable is not None and not self.trainable[index]

    def trained(self, vector: Vector) -> Vector:
        """Return the trainable elements of a vector like θ: those that updates change."""
        return vector if self.trainable is None else vector[self.trainable]

    def pack(self, blocks: Mapping[str, object]) -> Vector:
        """Return θ with the given blocks laid one after another.

        Raises ValueError when a block does not have the layout's shape.
        """
        parts = [np.asarray(blocks[name], dtype=np.float64) for name in self.names]
        shapes = tuple([part.shape for part in parts])
        if shapes != self.shapes:
            raise ValueError(f"shapes {shapes} of {', '.join(self.names)}, expected {self.shapes}")
        return np.concatenate([part.ravel() for part in parts])

    @cached_property
    def element_names(self) -> tuple[str, ...]:
        """Name of every element of θ: ``x`` for a single number, ``W1[0,1]`` inside a block."""
        names: list[str] = []
        for name, shape in zip(self.names, self.shapes, strict=True):
            if not shape:
                names.append(name)
            names.extend(f"{name}[{','.join(map(str, index))}]" for index in np.ndindex(*shape) if shape)
        return tuple(names)

    def label(self, index: int) -> str:
        """Return the name of element `index` of θ in files and traces: its label, else its element name."""
        return self.labels[index] if self.labels else self.element_name(index)

    def element_name(self, index: int) -> str:
        """Return the name of element `index` of θ without computing all names."""
        name, place = self.place(index)
        return f"{name}[{','.join(map(str, place))}]" if place else name

    def place(self, index: int) -> tuple[str, tuple[int, ...]]:
        """Return the block of element `index` of θ and its indices there, empty if the block is one number."""
        for (name, part), shape in zip(self.slices.items(), self.shapes, strict=True):
            if part.start <= index < part.stop:
                return name, tuple(int(i) for i in np.unravel_index(index - part.start, shape))
        raise IndexError(f"θ has {self.size} elements, no element {index}")

    def __contains__(self, name: str) -> bool:
        """Whether `indices` finds a part of θ called `name`."""
        try:
            return bool(self.indices(name))
        except KeyError:
            return False

    def indices(self, name: str) -> tuple[int, ...]:
        """Return the elements of θ that `name` means: a label, a block of one element, or an element (``W1[0,1]``).

        A label several elements share (one bias name for a layer) means all of them.
        Raises KeyError when θ has no such part.
        """
        if name in self.labels:
            return tuple(i for i, label in enumerate(self.labels) if label == name)
        if name in self.slices:
            part = self.slices[name]
            if part.stop - part.start == 1:
                return (part.start,)
            raise KeyError(name)
        match = _ELEMENT.match(name.replace(" ", ""))
        if match is None or match["name"] not in self.slices:
            raise KeyError(name)
        shape = self.shapes[self.names.index(match["name"])]
        index = tuple(int(i) for i in match["indices"].split(","))
        if len(index) != len(shape) or any(i >= n for i, n in zip(index, shape, strict=True)):
            raise KeyError(name)
        return (self.slices[match["name"]].start + int(np.ravel_multi_index(index, shape)),)
