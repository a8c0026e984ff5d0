"""Matches a learner's columns to the numbers of a run: by name, transposed or not, and update by update."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, groupby, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.models.network import FACTORS, NetworkModel
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run, Update, run_update
from gdsim.errors import UsageError
from gdsim.i18n import _
from gdsim.interop.numbers import Digits, Numbers
from gdsim.interop.quantities import IGNORED, Quantity, nearest, quantities_of, quantity_named, vector_named

_ELEMENT = re.compile(r"(?P<name>.+?)(?P<places>(?:\[\d+(?:\s*[,;]\s*\d+)*\])+)\Z")
_OF = ("gradient.", "change.")


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a quantity handed in: its indices (n,), values (rows, n), digits, and the learner's names for it."""

    quantity: Quantity
    index: NDArray[np.intp]
    values: Vector
    digits: Digits
    names: tuple[str, ...]


def _taken(vectors: Sequence[Vector], index: NDArray[np.intp]) -> Vector:
    """Return the elements of vectors at `index`, (vectors, elements); nan where a vector is too short."""
    wide = int(index.max(initial=0)) + 1
    if min(map(len, vectors)) >= wide:
        return np.array([vector[:wide] for vector in vectors])[:, index]
    found = np.full((len(vectors), wide), np.nan)
    for row, vector in zip(found, vectors, strict=True):
        row[: len(vector)] = vector[:wide]
    return found[:, index]


@dataclass(frozen=True, eq=False)
class Handed:
    """What a learner handed in: a row per update and a column per number, in the order an update computes them.

    updates: (rows,); values, tolerance: (rows, columns); is_there: (rows, columns), where a number was handed in.
    pieces: what the columns hold, in order; unknown: columns that name no number of the run, each with similar names.
    ways: how many orientations fit the weights, and how many the samples.
    """

    updates: NDArray[np.intp]
    values: Vector
    tolerance: Vector
    is_there: NDArray[np.bool_]
    pieces: tuple[Piece, ...]
    unknown: dict[str, list[str]] = field(default_factory=dict)
    ways: tuple[int, int] = (1, 1)

    @cached_property
    def edges(self) -> NDArray[np.intp]:
        """The first column of each piece, and the end: (pieces + 1,)."""
        return np.cumsum([0, *(len(piece.index) for piece in self.pieces)])

    def parts(self) -> Iterator[tuple[Piece, slice]]:
        """Yield each piece with its columns."""
        return zip(self.pieces, map(slice, self.edges, self.edges[1:]), strict=False)

    def piece_of(self, column: int) -> tuple[Piece, int]:
        """Return the piece a column belongs to, and the column's place in that piece."""
        number = int(np.searchsorted(self.edges, column, side="right")) - 1
        return self.pieces[number], column - int(self.edges[number])

    def expected(self, made: Sequence[Update]) -> Vector:
        """Return the right numbers of `made` for each column: (updates, columns); nan where an update has none."""
        parts = []
        for name, group in groupby(self.pieces, key=lambda piece: piece.quantity.vector):
            index = np.concatenate([piece.quantity.offset + piece.index for piece in group])
            parts.append(_taken([vector_named(name, update) for update in made], index))
        return np.hstack(parts)

    def at_start(self, first: Update) -> Vector:
        """Return the right numbers before the first update for each column: (columns,); nan if none exist yet."""
        start = {"theta": first.before.theta, "loss": np.array([first.loss_before])}
        nothing = np.zeros(0)
        parts = [(start.get(p.quantity.vector, nothing), p.quantity.offset + p.index) for p in self.pieces]
        return np.concatenate([_taken([vector], index)[0] for vector, index in parts])

    @cached_property
    def is_delta(self) -> NDArray[np.bool_]:
        """Which columns belong to δ: (columns,)."""
        return self._columns(lambda quantity: quantity.name.startswith("delta"))

    @cached_property
    def is_gradient(self) -> NDArray[np.bool_]:
        """Which columns belong to gradients: (columns,)."""
        return self._columns(lambda quantity: quantity.name.startswith("gradient."))

    @cached_property
    def is_step(self) -> NDArray[np.bool_]:
        """Which columns belong to what an update changes, or to the change itself: (columns,)."""
        return self._columns(lambda quantity: quantity.is_state or quantity.name.startswith("change."))

    def _columns(self, is_one: Callable[[Quantity], bool]) -> NDArray[np.bool_]:
        return np.repeat([is_one(piece.quantity) for piece in self.pieces], np.diff(self.edges))


class Reading(NamedTuple):
    """How to read numbers that are ambiguous; the default is what they suggest.

    states: take parameters as those after each update even if the first row is the start; losses: swap before and
    after the update. weights, samples: rank of the orientation of their arrays, 0 the nearest to the run.
    """

    states: bool = False
    losses: bool = False
    weights: int = 0
    samples: int = 0


AS_TOLD = Reading()


def other_readings(told: Handed) -> Iterator[Reading]:
    """Yield the other readings: numbers printed at another point of the update, and arrays in other orientations."""
    weights, samples = map(range, told.ways)
    read = (Reading(*each) for each in product((False, True), (False, True), weights, samples))
    yield from sorted(
        (each for each in read if each != AS_TOLD), key=lambda each: (each.weights + each.samples, each.states)
    )


def match(numbers: Numbers, run: Run, reading: Reading = AS_TOLD) -> Handed:
    """Return the numbers matched to the run's, in the given reading. Raises UsageError if none match."""
    known, first = quantities_of(run), run_update(run, run.start)
    named, unknown = _from_zero(numbers, run), dict[str, list[str]]()
    options = list[list[_Option]]()
    for name, own in named.items():
        found = list(_options(own, numbers.columns[name], numbers.digits[name], run, known))
        if found:
            options.append(found)
        elif own.lower() not in IGNORED:
            unknown[name] = nearest(own, run, known)
    if not options:
        told = "; ".join(f"{name}: {', '.join(alike)}?" for name, alike in list(unknown.items())[:4])
        raise UsageError(numbers.where, _("has no column that names a number of this run"), told)
    pieces, ways = [], []
    for group, rank in (("", 0), ("W", reading.weights), ("rows", reading.samples)):
        ranked = _ways([each for each in options if each[0].group == group], first)
        pieces += [piece for option in ranked[rank] for piece in option.pieces]
        ways.append(len(ranked))
    handed = _laid_out(numbers, pieces, first, known, reading)
    return replace(handed, unknown=unknown, ways=(ways[1], ways[2]))


def _from_zero(numbers: Numbers, run: Run) -> dict[str, str]:
    """Return each column's name with layers counted from 1, also if the program counts from 0 (W0, W1, …)."""
    names = {name: name for name in numbers.columns}
    model = run.model
    if not isinstance(model, NetworkModel):
        return names
    layered = re.compile(r"(.*?[WbBw])_?(\d+)(\[.*)?\Z")
    layers = {int(m[2]) for name in names if name not in model.layout.labels and (m := layered.match(name))}
    if layers and min(layers) == 0 and max(layers) < len(model.layers):
        return {name: f"{m[1]}{int(m[2]) + 1}{m[3] or ''}" if (m := layered.match(name)) else name for name in names}
    return names


_Way = tuple[bool, bool]
"""Whether an array is transposed, and whether biases folded into it come first."""

_PLAIN: tuple[_Way, ...] = ((False, False), (False, True))
_TURNED: tuple[_Way, ...] = ((True, False), (True, True))


class _Option(NamedTuple):
    """A way to match a column, or several equivalent ones; all columns of a group are matched in the same way."""

    group: str
    ways: tuple[_Way, ...]
    pieces: tuple[Piece, ...]


def _options(name: str, values: Vector, digits: Digits, run: Run, known: dict[str, Quantity]) -> Iterator[_Option]:
    """Yield the ways in which a column fits the run's numbers; none if its name or shape does not fit."""
    label = _labelled(name, run, known)
    if label is not None and values.ndim == 1:
        quantity, index = label
        names = (name,) * len(index)
        yield _Option("", _PLAIN, (Piece(quantity, index, np.repeat(values[:, None], len(index), 1), digits, names),))
        return
    match = _ELEMENT.match(name)
    found = quantity_named(match["name"] if match else name, run, known)
    if found is None:
        return
    group = _group(found)
    if match is not None and values.ndim == 1:
        places = tuple(map(int, re.findall(r"\d+", match["places"])))
        for ways, turned in ((_PLAIN, places), (_TURNED, places[::-1])):
            place = _place(turned, found.shape)
            if place is not None and not (ways is _TURNED and len(places) == 1):
                yield _Option(group, ways, (Piece(found, np.array([place]), values[:, None], digits, (name,)),))
    elif match is None:
        for ways, parts in _whole(values, found, known):
            flat = ((quantity, part.reshape(len(part), -1), part[0].size) for quantity, part in parts)
            pieces = (Piece(quantity, np.arange(n), part, digits, (name,) * n) for quantity, part, n in flat)
            yield _Option(group, ways, tuple(pieces))


def _labelled(name: str, run: Run, known: dict[str, Quantity]) -> tuple[Quantity, NDArray[np.intp]] | None:
    """Return the block and indices of the parameters a scenario labels `name`, or of their gradient or change."""
    layout = run.model.layout
    before = next((of for of in _OF if name.startswith(of)), "")
    bare = name.removeprefix(before)
    if not before and bare not in layout.labels and bare[:1] == "d" and bare[1:] in layout.labels:
        before, bare = "gradient.", bare[1:]
    if bare not in layout.labels:
        return None
    elements = np.array(layout.indices(bare))
    block, part = next((b, part) for b, part in layout.slices.items() if part.start <= elements[0] < part.stop)
    return known[before + block], elements[(elements >= part.start) & (elements < part.stop)] - part.start


def _group(quantity: Quantity) -> str:
    """Return the group of arrays that share an orientation: weights and their gradients, or samples × units."""
    if len(quantity.shape) < 2:
        return ""
    return "W" if quantity.name.rpartition(".")[2].startswith("W") else "rows"


def _place(places: tuple[int, ...], shape: tuple[int, ...]) -> int | None:
    """Return the flat index that `places` mean in an array of this shape, axes of size 1 optional; None if outside."""
    full = [p for p, n in zip(places, shape, strict=False) if n > 1] if len(places) == len(shape) else list(places)
    wide = [n for n in shape if n > 1] or [1]
    full = full or [0]
    if len(full) != len(wide) or any(p >= n for p, n in zip(full, wide, strict=True)):
        return None
    return int(np.ravel_multi_index(full, wide))


_Parts = Iterable[tuple[Quantity, Vector]]


def _whole(values: Vector, quantity: Quantity, known: dict[str, Quantity]) -> Iterator[tuple[tuple[_Way, ...], _Parts]]:
    """Yield the ways in which an array fits a quantity, each with the quantities it holds, (rows, *shape)."""
    given, shape = values.shape[1:], quantity.shape
    wide = tuple(n for n in shape if n > 1)
    if tuple(n for n in given if n > 1) == wide:
        yield _PLAIN, [(quantity, values.reshape(len(values), *shape))]
        if len(wide) < 2 or wide[0] != wide[1]:
            return
    if len(given) != 2 or len(shape) != 2:
        return
    turned = values.transpose(0, 2, 1)
    if given[::-1] == shape:
        yield _TURNED, [(quantity, turned)]
    for ways, own in ((_PLAIN, values), (_TURNED, turned)):
        if own.shape[1:] == (shape[0], shape[1] + 1):
            for way, folded in zip(ways, (own, np.roll(own, -1, axis=2)), strict=True):
                yield (way,), list(_unfolded(folded, quantity, known))


def _unfolded(values: Vector, quantity: Quantity, known: dict[str, Quantity]) -> _Parts:
    """Yield weights and, from the last column, their biases; of activations, yield only those of units."""
    yield quantity, values[:, :, :-1]
    bias = quantity.name.replace("W", "b")
    if bias != quantity.name and bias in known:
        yield known[bias], values[:, :, -1]


def _ways(columns: list[list[_Option]], first: Update) -> list[list[_Option]]:
    """Return the options of all columns for each way that fits them all, nearest to the run first; if no way fits, or
    the columns form no group, return each column's own nearest option.
    """
    scored = [[(option, *_distance(option, first)) for option in column] for column in columns]
    ranked = []
    for way in (*_PLAIN, *_TURNED):
        fitting = [[each for each in column if way in each[0].ways] for column in scored]
        if columns and all(fitting) and columns[0][0].group:
            chosen = [min(each, key=lambda each: each[1:]) for each in fitting]
            score = (sum(wrong for _o, wrong, _d in chosen), sum(distance for _o, _w, distance in chosen))
            ranked.append((score, [option for option, _wrong, _distance in chosen]))
    ranked.sort(key=lambda each: each[0])
    distinct = {tuple(map(id, chosen)): chosen for _score, chosen in ranked}
    return list(distinct.values()) or [[min(column, key=lambda each: each[1:])[0] for column in scored]]


def _distance(option: _Option, first: Update) -> tuple[int, float]:
    """Return how many of a column's first numbers differ from the first update's, and the sum of the distances."""
    wrong, distance = 0, 0.0
    for piece in option.pieces:
        right = _taken([vector_named(piece.quantity.vector, first)], piece.quantity.offset + piece.index)[0]
        rows = np.flatnonzero(np.isfinite(piece.values).any(axis=1))
        if len(rows):
            apart = np.abs(piece.values[rows[0]] - right)
            close = piece.digits.tolerance(piece.values[rows[0]]) + 1e-6 * np.abs(right)
            wrong, distance = wrong + int((apart > close).sum()), distance + float(np.nansum(apart))
    return wrong, distance


def _laid_out(
    numbers: Numbers, pieces: list[Piece], first: Update, known: dict[str, Quantity], reading: Reading
) -> Handed:
    at_states, at_made = _rows(numbers, pieces, first, reading)
    order = {name: i for i, name in enumerate(known)}
    placed = []
    for piece in pieces:
        at = at_states if piece.quantity.is_state else at_made
        if (
            piece.quantity.name == "loss"
            and "loss_before" in known
            and (_is_before(piece, at_states, at_made, first) is not reading.losses)
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
        # A row that is all nan was not handed in; a lone nan is a number that went wrong.
        kept = (at >= (0 if piece.quantity.is_state else 1)) & ~np.isnan(piece.values).all(axis=1)
        rows = np.searchsorted(updates, at[kept])
        values[rows, part], tolerance[rows, part] = piece.values[kept], piece.digits.tolerance(piece.values[kept])
        is_there[rows, part] = True
    rows = np.flatnonzero(is_there.any(axis=1))
    if not len(rows):
        raise UsageError(numbers.where, _("has no row that belongs to an update"))
    joined = tuple(_joined([piece for piece, _at in placed]))
    return Handed(updates[rows], values[rows], tolerance[rows], is_there[rows], joined)


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Yield the pieces, with those of one quantity joined."""
    for _name, group in groupby(pieces, key=lambda piece: piece.quantity.name):
        parts = tuple(group)
        index, values = np.concatenate([part.index for part in parts]), np.hstack([part.values for part in parts])
        yield Piece(parts[0].quantity, index, values, parts[0].digits, tuple(chain(*(part.names for part in parts))))


def _rows(
    numbers: Numbers, pieces: list[Piece], first: Update, reading: Reading
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the update numbers of the rows, for values that exist between updates and for those an update computes."""
    count = len(next(iter(numbers.columns.values())))
    states = [piece for piece in pieces if piece.quantity.is_state and piece.quantity.name != "loss"]
    made = [piece for piece in pieces if not piece.quantity.is_state]
    begins = bool(states) and _is_start(states, first.run) and not reading.states
    if numbers.updates is not None:
        at = numbers.updates.astype(np.intp)
    elif numbers.epochs is not None:
        at = numbers.epochs.astype(np.intp) * first.run.batches.per_epoch
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
    """Whether the first row holds the parameters before the first update."""
    for piece in states:
        right = run.start.theta[piece.quantity.offset + piece.index]
        close = piece.digits.tolerance(piece.values[0]) + 1e-9 * (1e-3 + np.abs(right))
        if not (np.abs(piece.values[0] - right) <= close).all():
            return False
    return True


def _is_before(piece: Piece, at_states: NDArray[np.intp], at_made: NDArray[np.intp], first: Update) -> bool:
    """Whether a column holds the loss before each row's update, judging by its first value.

    That value counts even if it is wrong by one of the usual factors.
    """
    value, before = piece.values[0], np.array([first.loss_before])
    if at_states[0] == 0 or at_made[0] != 1:
        return False
    shape = (1, 1) if first.prediction is None else first.prediction.shape
    factors = [1.0, *(make(*shape) for name, make in FACTORS.items() if name != "minus")]
    close = piece.digits.tolerance(value) + 1e-5 * np.abs(value)
    return any(bool(np.abs(value - factor * before) <= close) for factor in factors)
