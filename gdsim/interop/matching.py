"""A learner's columns laid beside the numbers of a run: by name, whichever way round, and update by update."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.models.network import FACTORS, NetworkModel
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run, Update, run_update
from gdsim.errors import UsageError
from gdsim.i18n import _
from gdsim.interop.numbers import Digits, Numbers
from gdsim.interop.quantities import IGNORED, Quantity, nearest, quantities_of, quantity_named

_ELEMENT = re.compile(r"(?P<name>.+?)\[(?P<places>\d+(?:\s*[,;]\s*\d+)*)\]\Z")
_OF = ("gradient.", "change.")


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a quantity as a learner has it: which of its numbers (n,), their values (rows, n), digits, own name.

    names: of each number, where they have names of their own.
    """

    quantity: Quantity
    index: NDArray[np.intp]
    values: Vector
    digits: Digits
    name: str
    names: tuple[str, ...] = ()

    def own_name(self, inside: int) -> str:
        """Return what the learner calls one of its numbers."""
        return self.names[inside] if self.names else self.name


@dataclass(frozen=True, slots=True, eq=False)
class Handed:
    """What a learner handed in, a row an update and a column a number, in the order an update makes them.

    updates: (rows,); values, tolerance: (rows, columns); is_there: where there is a number.
    pieces: what the columns are, one after another; unknown: columns that are no number of the run, and those alike.
    """

    updates: NDArray[np.intp]
    values: Vector
    tolerance: Vector
    is_there: NDArray[np.bool_]
    pieces: tuple[Piece, ...]
    unknown: dict[str, list[str]] = field(default_factory=dict)

    def piece_of(self, column: int) -> tuple[Piece, int]:
        """Return the piece a column belongs to, and which of its numbers it is."""
        for piece in self.pieces:
            if column < len(piece.index):
                return piece, column
            column -= len(piece.index)
        raise IndexError(column)

    def expected(self, update: Update) -> Vector:
        """Return the numbers of an update in the places of the columns: (columns,); nan where it has none."""
        return np.concatenate([_taken(piece.quantity.values(update), piece.index) for piece in self.pieces])

    def at_start(self, first: Update) -> Vector:
        """Return the numbers before the first update in the places of the columns; nan where there are none yet."""
        theta, slices, parts = first.before.theta, first.run.model.layout.slices, []
        for piece in self.pieces:
            name = piece.quantity.name
            if name in slices:
                parts.append(theta[slices[name]][piece.index])
            else:
                parts.append(np.full(len(piece.index), first.loss_before if name == "loss" else np.nan))
        return np.concatenate(parts)

    def columns(self, *, of: str = "", is_state: bool | None = None) -> NDArray[np.bool_]:
        """Return which columns belong to quantities whose names begin so, or to states: (columns,)."""
        chosen = [
            piece.quantity.name.startswith(of) and is_state in (None, piece.quantity.is_state) for piece in self.pieces
        ]
        return np.repeat(chosen, [len(piece.index) for piece in self.pieces])


def _taken(values: Vector, index: NDArray[np.intp]) -> Vector:
    if not len(index) or index.max() < len(values):
        return values[index]
    return np.where(index < len(values), values[np.minimum(index, len(values) - 1)], np.nan)


class Timing(NamedTuple):
    """When a program prints, where its numbers do not tell: the other way than they suggest.

    states: parameters before or after an update; losses: likewise.
    """

    states: bool = False
    losses: bool = False


AS_TOLD = Timing()
TIMINGS = (AS_TOLD, Timing(losses=True), Timing(states=True), Timing(states=True, losses=True))


def match(numbers: Numbers, run: Run, timing: Timing = AS_TOLD) -> Handed:
    """Return the numbers laid beside the run's. Raises UsageError where none can be."""
    known, first = quantities_of(run), run_update(run, run.start)
    named, unknown = _from_zero(numbers, run), dict[str, list[str]]()
    options = []
    for name, own in named.items():
        found = list(_options(own, numbers.columns[name], numbers.digits[name], run, known))
        if found:
            options.append(found)
        elif own.lower() not in IGNORED:
            unknown[name] = nearest(own, run, known)
    pieces = [piece for chosen in _oriented(options, first) for piece in chosen]
    if not pieces:
        told = "; ".join(f"{name}: {', '.join(alike)}?" for name, alike in list(unknown.items())[:4])
        raise UsageError(numbers.where, _("has no column that names a number of this run"), told)
    return _laid_out(numbers, pieces, unknown, first, known, timing)


def _from_zero(numbers: Numbers, run: Run) -> dict[str, str]:
    """Return the columns' names with layers counted from 1, where a program counts W0, W1, … ."""
    names = {name: name for name in numbers.columns}
    model = run.model
    if not isinstance(model, NetworkModel):
        return names
    layered = re.compile(r"(.*?[WbBw])_?(\d+)(\[.*)?\Z")
    layers = {int(m[2]) for name in names if name not in model.layout.labels and (m := layered.match(name))}
    if layers and min(layers) == 0 and max(layers) < len(model.layers):
        return {name: f"{m[1]}{int(m[2]) + 1}{m[3] or ''}" if (m := layered.match(name)) else name for name in names}
    return names


class _Option(NamedTuple):
    """One way to lay a column: transposed or not; group: columns of one group are the same way round."""

    group: str
    is_transposed: bool
    pieces: tuple[Piece, ...]


def _options(name: str, values: Vector, digits: Digits, run: Run, known: dict[str, Quantity]) -> Iterator[_Option]:
    """Yield the ways in which a column fits the run's numbers; none where its name or shape does not."""
    label = _labelled(name, run, known)
    if label is not None and values.ndim == 1:
        quantity, index = label
        yield _Option("", False, (Piece(quantity, index, np.repeat(values[:, None], len(index), 1), digits, name),))
        return
    match = _ELEMENT.match(name)
    quantity_ = quantity_named(match["name"] if match else name, run, known)
    if quantity_ is None:
        return
    shape, group = quantity_.shape, _group(quantity_)
    if match is not None:
        places = tuple(int(place) for place in re.split(r"\s*[,;]\s*", match["places"]))
        for is_transposed in (False, True):
            index_ = _place(places[::-1] if is_transposed else places, shape)
            if index_ is not None and values.ndim == 1 and not (is_transposed and len(places) == 1):
                piece = Piece(quantity_, np.array([index_]), values[:, None], digits, name)
                yield _Option(group, is_transposed, (piece,))
        return
    for is_transposed, at, own in _whole(values, quantity_):
        pieces = []
        for part, index__, numbers in _unfolded(own, quantity_, known) if at == "folded" else ((quantity_, None, own),):
            flat = numbers.reshape(len(numbers), -1)
            pieces.append(Piece(part, np.arange(flat.shape[1]) if index__ is None else index__, flat, digits, name))
        yield _Option(group, is_transposed, tuple(pieces))


def _labelled(name: str, run: Run, known: dict[str, Quantity]) -> tuple[Quantity, NDArray[np.intp]] | None:
    """Return the parameters that a scenario calls so, or their gradient or change, as places in their block."""
    layout = run.model.layout
    before = next((of for of in _OF if name.startswith(of)), "")
    bare = name.removeprefix(before)
    if not before and bare not in layout.labels and bare[:1] == "d" and bare[1:] in layout.labels:
        before, bare = "gradient.", bare[1:]
    if bare not in layout.labels:
        return None
    elements = layout.indices(bare)
    block = next(block for block, part in layout.slices.items() if part.start <= elements[0] < part.stop)
    part = layout.slices[block]
    inside = [element - part.start for element in elements if part.start <= element < part.stop]
    return known[before + block], np.array(inside)


def _group(quantity: Quantity) -> str:
    """Return what is the same way round: weights and their gradients, or samples and units."""
    if len(quantity.shape) < 2:
        return ""
    return "W" if quantity.name.rpartition(".")[2].startswith("W") else "rows"


def _place(places: tuple[int, ...], shape: tuple[int, ...]) -> int | None:
    """Return which number of an array of this shape, flat, the places mean; None where there is none."""
    full = [p for p, n in zip(places, shape, strict=False) if n > 1] if len(places) == len(shape) else list(places)
    wide = [n for n in shape if n > 1] or [1]
    full = full or [0]
    fits = len(places) == len(shape) or len(full) == len(wide)
    if not fits or len(full) != len(wide) or any(p >= n for p, n in zip(full, wide, strict=True)):
        return None
    return int(np.ravel_multi_index(full, wide))


def _whole(values: Vector, quantity: Quantity) -> Iterator[tuple[bool, str, Vector]]:
    """Yield (is transposed, "" or "folded", values (rows, …) in the quantity's shape) for each way a column fits."""
    given, shape = values.shape[1:], quantity.shape
    wide = tuple(n for n in shape if n > 1)
    if tuple(n for n in given if n > 1) == wide:
        yield False, "", values.reshape(len(values), *shape)
        if len(wide) < 2 or wide[0] != wide[1]:
            return
    if len(given) != 2 or len(shape) != 2:
        return
    turned = values.transpose(0, 2, 1)
    if given[::-1] == shape:
        yield True, "", turned
    rows, columns = shape
    for is_transposed, own in ((False, values), (True, turned)):
        if own.shape[1:] == (rows, columns + 1):
            yield is_transposed, "folded", own
            yield is_transposed, "folded", np.roll(own, -1, axis=2)


def _unfolded(
    values: Vector, quantity: Quantity, known: dict[str, Quantity]
) -> Iterator[tuple[Quantity, NDArray[np.intp] | None, Vector]]:
    """Yield weights, and the biases in the last column beside them; of activations only those of units."""
    yield quantity, None, values[:, :, :-1]
    bias = quantity.name.replace("W", "b")
    if bias != quantity.name and bias in known:
        yield known[bias], None, values[:, :, -1]


def _oriented(options: list[list[_Option]], first: Update) -> Iterator[tuple[Piece, ...]]:
    """Yield the pieces of each column the way round that fits, and where several do, that comes nearest."""
    for group in ("", "W", "rows"):
        columns = [found for found in options if found[0].group == group]
        ways = {is_transposed for is_transposed in (False, True) if all(_has(c, is_transposed) for c in columns)}
        if not columns or not ways:
            yield from (min(column, key=lambda option: _distance(option, first)).pieces for column in columns)
            continue
        chosen = {
            way: [min((o for o in c if o.is_transposed is way), key=lambda o: _distance(o, first)) for c in columns]
            for way in ways
        }
        best = min(chosen.values(), key=lambda found: sum(_distance(option, first) for option in found))
        yield from (option.pieces for option in best)


def _has(column: list[_Option], is_transposed: bool) -> bool:
    return any(option.is_transposed is is_transposed for option in column)


def _distance(option: _Option, first: Update) -> float:
    """Return how far a column's first numbers are from those of the first update, or of the start."""
    distance = 0.0
    for piece in option.pieces:
        right = _taken(piece.quantity.values(first), piece.index)
        rows = np.flatnonzero(np.isfinite(piece.values).any(axis=1))
        if len(rows):
            distance += float(np.nansum(np.abs(piece.values[rows[0]] - right)))
    return distance


def _laid_out(
    numbers: Numbers,
    pieces: list[Piece],
    unknown: dict[str, list[str]],
    first: Update,
    known: dict[str, Quantity],
    timing: Timing,
) -> Handed:
    at_states, at_made = _rows(numbers, pieces, first, timing)
    order = {name: i for i, name in enumerate(known)}
    placed = []
    for piece in pieces:
        at = at_states if piece.quantity.is_state else at_made
        if (
            piece.quantity.name == "loss"
            and "loss_before" in known
            and (_is_before(piece, at_states, at_made, first) is not timing.losses)
        ):
            piece, at = replace(piece, quantity=known["loss_before"]), at_made
        placed.append((piece, at))
    placed.sort(key=lambda each: (order[each[0].quantity.name], int(each[0].index[0])))
    updates = np.unique(np.concatenate([at[at >= 0] for _piece, at in placed]))
    width = sum(len(piece.index) for piece in pieces)
    values, tolerance = np.full((len(updates), width), np.nan), np.zeros((len(updates), width))
    is_there, column = np.zeros(values.shape, dtype=np.bool_), 0
    for piece, at in placed:
        part = slice(column, column := column + len(piece.index))
        # A row in which everything is missing is no row; a lone nan is a number that went wrong.
        kept = (at >= (0 if piece.quantity.is_state else 1)) & ~np.isnan(piece.values).all(axis=1)
        rows = np.searchsorted(updates, at[kept])
        values[rows, part], tolerance[rows, part] = piece.values[kept], piece.digits.tolerance(piece.values[kept])
        is_there[rows, part] = True
    rows = np.flatnonzero(is_there.any(axis=1))
    if not len(rows):
        raise UsageError(numbers.where, _("has no row of an update"))
    joined = tuple(_joined([piece for piece, _at in placed]))
    return Handed(updates[rows], values[rows], tolerance[rows], is_there[rows], joined, unknown)


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Yield the pieces, those of one quantity as one."""
    for _name, group in groupby(pieces, key=lambda piece: piece.quantity.name):
        first, *more = group
        if not more:
            yield first
            continue
        parts = (first, *more)
        names = tuple(name for part in parts for name in (part.name,) * len(part.index))
        index, values = np.concatenate([part.index for part in parts]), np.hstack([part.values for part in parts])
        yield Piece(first.quantity, index, values, first.digits, first.quantity.name, names)


def _rows(
    numbers: Numbers, pieces: list[Piece], first: Update, timing: Timing
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the updates of the rows, for what is worth something between updates, and for what an update makes."""
    count = len(next(iter(numbers.columns.values())))
    states = [piece for piece in pieces if piece.quantity.is_state and piece.quantity.name != "loss"]
    made = [piece for piece in pieces if not piece.quantity.is_state]
    begins = bool(states) and _is_start(states, first.run) and not timing.states
    run = first.run
    if numbers.updates is not None:
        at = numbers.updates.astype(np.intp)
    elif numbers.epochs is not None:
        at = numbers.epochs.astype(np.intp) * run.batches.per_epoch
    else:
        at = np.arange(count) + (0 if begins or (made and _is_empty(made)) else 1)
    at_states, at_made = at, at
    if at[0] == 0 and made and not _is_empty(made):
        at_made = at + 1
    if states and at[0] == 0 and not begins and not _is_empty(states):
        at_states = at + 1
    elif at[0] == 1 and begins and first.change.any():
        at_states = at - 1
    return at_states, at_made


def _is_empty(pieces: list[Piece]) -> bool:
    return all(bool(np.isnan(piece.values[0]).all()) for piece in pieces)


def _is_start(states: list[Piece], run: Run) -> bool:
    """Whether the first row has the parameters before the first update."""
    parts = run.model.layout.slices
    for piece in states:
        right = run.start.theta[parts[piece.quantity.name]][piece.index]
        if not _agrees(piece.values[0], right, piece.digits):
            return False
    return True


def _agrees(values: Vector, right: Vector, digits: Digits) -> bool:
    return bool((np.abs(values - right) <= digits.tolerance(values) + 1e-9 * (1e-3 + np.abs(right))).all())


def _is_before(piece: Piece, at_states: NDArray[np.intp], at_made: NDArray[np.intp], first: Update) -> bool:
    """Whether the losses of a column are those before each row's update, as far as its first one tells.

    A loss a usual factor too large tells it as well as a right one.
    """
    value, before = piece.values[0], np.array([first.loss_before])
    if at_states[0] == 0 or at_made[0] != 1:
        return False
    shape = (1, 1) if first.prediction is None else first.prediction.shape
    factors = [1.0, *(make(*shape) for name, make in FACTORS.items() if name != "minus")]
    close = piece.digits.tolerance(value) + 1e-5 * np.abs(value)
    return any(bool(np.abs(value - factor * before) <= close) for factor in factors)
