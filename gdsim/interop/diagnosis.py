"""What is wrong with a learner's numbers: the first that differs, and the mistake that makes all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gdsim.engine.mistakes import PUBLISHED
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run, Update
from gdsim.explain.mistakes import FLOAT32, MISTAKES, Mistake
from gdsim.interop.comparing import Difference, convention, first_difference, updates_of
from gdsim.interop.matching import Handed, match
from gdsim.interop.numbers import Numbers
from gdsim.interop.quantities import Quantity
from gdsim.scenario.build import build
from gdsim.scenario.scenario import Scenario

START = "start"
"""The phase of what is worth something before the first update."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where numbers part: update, phase and its place among `phases`, the quantity's name, and both values.

    equation: of that phase. own_name: what the learner calls the number.
    """

    update: int
    phase: str
    layer: int | None
    number: int
    phases: int
    quantity: str
    own_name: str
    yours: float
    right: float
    equation: str
    at: Update


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is found: where numbers part (None: nowhere), the mistakes that fit, and how each phase does.

    mistakes: one, or two at once; also: others that fit all numbers as well. phases: whether all numbers of a phase
    are right in the first update that has a wrong one; None where none were handed in.
    conventions: what the program calls differently, which is no mistake. updates: how many rows were compared.
    """

    scenario: str
    updates: int
    first: Place | None
    mistakes: tuple[Mistake, ...]
    also: tuple[Mistake, ...]
    phases: dict[str, bool | None]
    conventions: tuple[str, ...] = ()
    unknown: dict[str, list[str]] | None = None

    @property
    def agrees(self) -> bool:
        """Whether nothing is wrong."""
        return self.first is None

    @property
    def points(self) -> dict[str, float]:
        """A point a phase that is right; where a mistake is named, phases that go on rightly from it count as well."""
        given = [phase for phase, is_right in self.phases.items() if is_right is not None]
        if self.mistakes and self.first is not None:
            return {phase: float(phase != self.first.phase) for phase in given}
        return {phase: float(bool(self.phases[phase])) for phase in given}


def diagnose(scenario: Scenario, numbers: Numbers) -> Diagnosis:
    """Return what is wrong with the numbers of somebody's own program. Raises UsageError where none can be compared."""
    run = build(scenario, corrected=True)
    handed = match(numbers, run)
    signs, told = convention(run, handed) or (None, ())
    difference = first_difference(run, handed, signs)
    about = scenario.name, len(handed.updates)
    if difference is None:
        phases = {phase: True if is_given else None for phase, is_given in _given(run, handed).items()}
        return Diagnosis(*about, None, (), (), phases, told, handed.unknown)
    if first_difference(run, handed, signs, is_single=True) is None:
        phases = {phase: True if is_given else None for phase, is_given in _given(run, handed).items()}
        return Diagnosis(*about, None, (FLOAT32,), (), phases, told, handed.unknown)
    found = list(_fitting(scenario, run, handed, signs))
    mistakes = found[0] if found else ()
    also = tuple(each[0] for each in found[1:] if len(each) == 1)
    phases = _phases(run, handed, difference)
    return Diagnosis(*about, _place(run, handed, difference), mistakes, also, phases, told, handed.unknown)


def _fitting(scenario: Scenario, run: Run, handed: Handed, signs: Vector | None) -> Iterator[tuple[Mistake, ...]]:
    """Yield each mistake that makes all the numbers; where none does, the first two that do together."""
    singles = [(mistake, wrong) for mistake in MISTAKES for wrong in mistake.wrong_runs(run, scenario.dataset)]
    fitting = [mistake for mistake, wrong in singles if first_difference(wrong, handed, signs) is None]
    if fitting:
        yield from ((mistake,) for mistake in dict.fromkeys(fitting))
        return
    tried = set[tuple[str, str]]()
    for first, wrong in singles:
        for second in MISTAKES:
            pair = first.name, second.name
            if first is second or (second.name, first.name) in tried:
                continue
            tried.add(pair)
            for both in second.wrong_runs(wrong, scenario.dataset):
                if first_difference(both, handed, signs) is None:
                    yield first, second
                    return


def _kinds(run: Run) -> list[str]:
    """Return the kinds of phases of a run's updates, in order."""
    first = next(updates_of(run))
    return list(dict.fromkeys(phase.kind for phase in first.phases))


def _given(run: Run, handed: Handed) -> dict[str, bool]:
    given = {piece.quantity.phase for piece in handed.pieces}
    return {kind: kind in given for kind in _kinds(run)}


def _phases(run: Run, handed: Handed, difference: Difference) -> dict[str, bool | None]:
    wrong, column = set(), 0
    for piece in handed.pieces:
        if difference.differs[column : column + len(piece.index)].any():
            wrong.add(piece.quantity.phase)
        column += len(piece.index)
    return {kind: kind not in wrong if is_given else None for kind, is_given in _given(run, handed).items()}


def _place(run: Run, handed: Handed, difference: Difference) -> Place:
    number = int(handed.updates[difference.row])
    update = next(update for update in updates_of(run) if update.number == max(1, number))
    piece, inside = handed.piece_of(difference.column)
    quantity = piece.quantity
    index = next((i for i, phase in enumerate(update.phases) if _is_of(phase.kind, phase.layer, quantity)), 0)
    phase = update.phases[index]
    name = quantity.element(int(piece.index[inside]))
    return Place(
        number,
        START if number == 0 else phase.kind,
        phase.layer,
        index + 1,
        len(update.phases),
        name,
        piece.name,
        difference.yours,
        difference.right,
        phase.equation,
        update,
    )


def _is_of(kind: str, layer: int | None, quantity: Quantity) -> bool:
    return kind == quantity.phase and quantity.layer in (None, layer)


def setting_of(mistake: Mistake, run: Run) -> str:
    """Return the setting under which a scenario makes a mistake, empty where none does."""
    model = run.model
    published = {
        "learning-rate-missing": "update.learning_rate=1.0",
        "learning-rate-twice": f"update.learning_rate={run.learning_rate**2!r}",
    }
    if mistake.name in published:
        return published[mistake.name]
    if not isinstance(model, NetworkModel):
        return ""
    if mistake.name == "bias-never":
        return "network.train_biases=false"
    return f"as_published.mistake={mistake.name}" if mistake.name in PUBLISHED else ""


def last_agreeing(run: Run, handed: Handed) -> int:
    """Return the first update at which numbers part, or the last handed in."""
    difference = first_difference(run, handed)
    return int(handed.updates[-1 if difference is None else difference.row])
