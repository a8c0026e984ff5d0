"""Whether a plane separates the points of two classes.

One does if and only if the convex hulls of the classes are disjoint; the shortest vector from one hull to the other is
then twice as long as the widest margin. Among all differences x − y of points of the two hulls it is the one nearest
to 0. Wolfe's method (Wolfe 1976) finds it: keep a few differences, go to the nearest point of their affine hull, drop
those whose share falls to 0 on the way, add the difference that lies furthest in the opposite direction.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gdsim.engine.parameters import Vector

MOST_STEPS = 2000
"""The search stops after this many steps, which may leave the question open."""

NEARLY_ZERO = 1e-9
"""Hulls closer than this fraction of the data's extent count as having a point in common, unless a plane is found."""


class Separation(NamedTuple):
    """Whether and how far the hulls of two classes are apart.

    margin: the widest margin, the distance of each class from the best plane; 0 if no plane separates them.
    point: (inputs,), the point of class 1's hull nearest to class 0's, in both hulls if margin is 0. samples, shares:
    the samples of class 1 and the shares in which they mix to that point, and the same for class 0's nearest point.
    """

    margin: float
    point: Vector
    samples: tuple[tuple[int, ...], tuple[int, ...]]
    shares: tuple[tuple[float, ...], tuple[float, ...]]


def separation(inputs: Vector, targets: Vector) -> Separation | None:
    """Return whether a plane separates `inputs` (samples, inputs) by `targets` (samples,), 0 or 1.

    None if the search leaves that open, if a class has no samples, or if an input is not finite.
    """
    sides = [np.flatnonzero(targets == 1.0), np.flatnonzero(targets == 0.0)]
    if not all(map(len, sides)) or not np.isfinite(inputs).all():
        return None
    extent = float(np.abs(inputs - inputs.mean(axis=0)).max()) or 1.0
    first, second = (inputs[side] / extent for side in sides)
    pairs, shares = _nearest(first, second)
    way = shares @ (first[pairs[:, 0]] - second[pairs[:, 1]])
    is_separate = (first @ way).min() > (second @ way).max()
    if not is_separate and float(np.linalg.norm(way)) > NEARLY_ZERO:
        return None
    mixed = [_mixture(side[pairs[:, k]], shares) for k, side in enumerate(sides)]
    margin = float(np.linalg.norm(way)) * extent / 2 if is_separate else 0.0
    point = np.array(mixed[0][1]) @ inputs[list(mixed[0][0])]
    return Separation(margin, point, (mixed[0][0], mixed[1][0]), (mixed[0][1], mixed[1][1]))


def _mixture(samples: Vector, shares: Vector) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Return the samples, each once, and the total share of each."""
    each, where = np.unique(samples, return_inverse=True)
    return tuple(each.tolist()), tuple(np.bincount(where, shares).tolist())


def _nearest(first: Vector, second: Vector) -> tuple[Vector, Vector]:
    """Return pairs (differences, 2) of points, one of each class, and shares (differences,) of their differences.

    Mixed in these shares, the differences give the point nearest to 0.
    """
    pairs, shares = [(0, 0)], np.ones(1)
    for _step in range(MOST_STEPS):
        way = shares @ _differences(first, second, pairs)
        back = (int((first @ way).argmin()), int((second @ way).argmax()))
        gain = way @ way - way @ (first[back[0]] - second[back[1]])
        if back in pairs or gain <= 1e-14 * max(1.0, float(way @ way)):
            break
        pairs, shares = _affine_steps(first, second, [*pairs, back], np.append(shares, 0.0))
    return np.array(pairs), shares


def _affine_steps(
    first: Vector, second: Vector, pairs: list[tuple[int, int]], shares: Vector
) -> tuple[list[tuple[int, int]], Vector]:
    """Return the pairs and positive shares that give the point nearest to 0; drop pairs it does not need."""
    while True:
        wanted = _affine_shares(_differences(first, second, pairs))
        if (wanted > 1e-12).all():
            return pairs, wanted
        falling = (wanted <= 1e-12) & (shares > wanted)
        part = min(1.0, float((shares[falling] / (shares - wanted)[falling]).min())) if falling.any() else 1.0
        mixed = shares + part * (wanted - shares)
        kept = mixed > 1e-12
        if kept.all():
            kept[int(mixed.argmin())] = False
        pairs = [pair for pair, is_kept in zip(pairs, kept, strict=True) if is_kept]
        shares = mixed[kept] / mixed[kept].sum()


def _affine_shares(differences: Vector) -> Vector:
    """Return shares of any sign, with sum 1, whose mixture of the differences (count, inputs) is nearest to 0."""
    count = len(differences)
    system = np.ones((count + 1, count + 1))
    system[0, 0] = 0.0
    system[1:, 1:] = differences @ differences.T
    wanted = np.zeros(count + 1)
    wanted[0] = 1.0
    return np.asarray(np.linalg.lstsq(system, wanted, rcond=None)[0][1:])


def _differences(first: Vector, second: Vector, pairs: list[tuple[int, int]]) -> Vector:
    chosen = np.array(pairs)
    return np.asarray(first[chosen[:, 0]] - second[chosen[:, 1]])
