"""Published figures compared with those of a run: all of them for a check, those reached so far for the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gdsim.engine.parameters import Layout
from gdsim.errors import GdsimError
from gdsim.explain.numbers import short_number
from gdsim.explain.quantity import symbol_of
from gdsim.explain.status import is_over, stop_name
from gdsim.i18n import _, ngettext
from gdsim.scenario.quantities import WORDS as STATES
from gdsim.scenario.quantities import value_of
from gdsim.timeline.position import Position, update_on_view
from gdsim.timeline.timeline import Timeline

if TYPE_CHECKING:
    from gdsim.scenario.scenario import Scenario
    from gdsim.scenario.schema import ExpectSection


STOP = "stop"
WORDS = (*STATES, "prediction", "sum", "output", "error")
"""Quantities whose names are words, to be translated."""


class FigureResult(NamedTuple):
    """One published figure and the run's value for it.

    name: the learner's name for the quantity.
    found: None if the run has no such figure; problem: why not, else empty. matches: whether found is close enough.
    """

    expect: ExpectSection
    name: str
    found: float | str | None
    matches: bool
    problem: str = ""

    @property
    def text(self) -> str:
        """The figure in one line: ``✓ x after update 3: 3.882384, published 3.88``."""
        place = _("after update {number}")
        if self.expect.place == STOP:
            place = _("at the stop")
        elif self.expect.of_state:
            place = _("with update {number} made")
        text = _("{mark} {quantity} {place}: {found}, published {value}")
        return text.format(
            mark="✓" if self.matches else "✗",
            quantity=self.name,
            place=place.format(number=self.expect.place),
            found=self.problem or _written(self.found),
            value=_written(self.expect.value),
        )


def check_figures(scenario: Scenario, timeline: Timeline, corrected: bool) -> list[FigureResult]:
    """Return every figure of a scenario for the published (or the corrected) rule, compared with the run's.

    timeline: the scenario's run under that rule; it is computed as far as the figures require.
    """
    return [_compare(expect, timeline) for expect in scenario.expect if expect.corrected == corrected]


def figures_at(scenario: Scenario, timeline: Timeline, position: Position, since: int = 0) -> list[FigureResult]:
    """Return the figures that a learner has reached at `position`, compared with the run's.

    since: figures about earlier updates are left out. So are those after an edit: they are about another run.
    """
    run = timeline.run_at(0)
    if not starts_as_given(scenario, timeline):
        return []
    last = _unchanged_up_to(timeline)
    return [
        _compare(expect, timeline)
        for expect in scenario.expect
        if expect.corrected == run.is_corrected
        and (isinstance(expect.place, str) or expect.place >= since)
        and _is_reached(expect, timeline, position, last)
    ]


def figures_summary(scenario: Scenario, timeline: Timeline, position: Position) -> str:
    """Return ``devfest ✓ 3 figures match`` for the figures reached at `position`; empty if there are none yet."""
    results = figures_at(scenario, timeline, position)
    if not results:
        return ""
    wrong = sum(not result.matches for result in results)
    if wrong:
        text = ngettext("✗ {wrong} of {count} figures differs", "✗ {wrong} of {count} figures differ", wrong)
    else:
        text = ngettext("✓ {count} figure matches", "✓ {count} figures match", len(results))
    return " ".join(filter(None, (scenario.source, text.format(wrong=wrong, count=len(results)))))


def _compare(expect: ExpectSection, timeline: Timeline) -> FigureResult:
    after = timeline.run.stop.max_updates if isinstance(expect.place, str) else expect.place
    name = _(expect.quantity) if expect.quantity in WORDS else symbol_of(timeline.run.model, expect.quantity)
    reached = timeline.reach(after)
    if reached < after and not isinstance(expect.place, str):
        problem = _("the run is over after update {last} ({reason})")
        return FigureResult(expect, name, None, False, problem.format(last=reached, reason=stop_name(timeline)))
    score = _recorded_score(expect.quantity, timeline, reached)
    if score is not None:
        return FigureResult(expect, name, score, _matches(expect, score))
    update = timeline.update(reached) if reached else timeline.next_update(0)
    state = update.after if update is not None and reached else timeline.state(0)
    run = timeline.run_at(0) if update is None else update.run
    stopped = timeline.stopped if reached == timeline.last else None
    try:
        found = value_of(expect.quantity, run, state, update, stopped, of_state=expect.of_state)
    except GdsimError as error:
        return FigureResult(expect, name, None, False, error.what)
    return FigureResult(expect, name, found, _matches(expect, found))


def _recorded_score(quantity: str, timeline: Timeline, update: int) -> float | None:
    """Return the accuracy recorded if an epoch ended with `update`, to avoid computing it again; else None."""
    ended = timeline.epochs(update) if quantity in {"accuracy", "test_accuracy"} else []
    if not ended or ended[-1].update != update:
        return None
    score = ended[-1].score
    return score.accuracy if quantity == "accuracy" else score.test_accuracy


def _matches(expect: ExpectSection, found: float | str) -> bool:
    if isinstance(found, str) or isinstance(expect.value, str):
        return found == expect.value
    return abs(found - expect.value) <= expect.tolerance


def _is_reached(expect: ExpectSection, timeline: Timeline, position: Position, last: int | None) -> bool:
    if isinstance(expect.place, str):
        return last is None and is_over(timeline, position)
    return expect.place <= position.update and (last is None or expect.place <= last)


def _unchanged_up_to(timeline: Timeline) -> int | None:
    """Return the last update before the first edit, −1 if the start itself was edited; None without edits.

    Choosing the corrected rule at the start is not counted: figures say which rule they hold for.
    """
    changes = [edit.after for edit in timeline.edits if (edit.after, edit.key) != (0, "corrected")]
    return (min(changes) or -1) if changes else None


def starts_as_given(scenario: Scenario, timeline: Timeline) -> bool:
    """Whether the run starts where the scenario does, and not at another of a function's starting points."""
    if scenario.function is None:
        return True
    start = np.array(list(scenario.function.start.values()), dtype=np.float64)
    return bool(np.array_equal(timeline.run_at(0).start.theta, start))


def _written(value: float | str | None) -> str:
    """Return a figure with all its digits, since tolerances may be small."""
    return value if isinstance(value, str) else "" if value is None else short_number(value, digits=12)


Cell = tuple[str, int]
"""A column of the parameter table (value, gradient, change, new) and an element of θ."""


def figure_marks(scenario: Scenario, timeline: Timeline, position: Position) -> Mapping[Cell, bool]:
    """Return, for each number of the table that the source printed, whether the run matches it."""
    update = update_on_view(timeline, position)
    number = 0 if update is None else update.number
    marks: dict[Cell, bool] = {}
    layout = timeline.run_at(position.update).model.layout
    for result in figures_at(scenario, timeline, position, since=max(0, number - 1)):
        kind, _dot, name = result.expect.quantity.rpartition(".")
        column = _column(kind, result.expect.place, number)
        for element in _elements(layout, name) if column else ():
            marks[column, element] = result.matches and marks.get((column, element), True)
    return marks


def figure_notes(scenario: Scenario, timeline: Timeline, position: Position) -> list[str]:
    """Return the published figures about this position that the parameter table does not show, one per line.

    Those of the stop appear once the run is over; inside an update there are none.
    """
    layout = timeline.run_at(position.update).model.layout
    found = [] if position.phase is not None else figures_at(scenario, timeline, position, since=position.update)
    return [result.text for result in found if not _elements(layout, result.expect.quantity.rpartition(".")[2])]


def _column(kind: str, after: int | str, number: int) -> str:
    """Return the column in which a figure stands when update `number` (0: none yet) is shown; empty if in none."""
    if number == 0:
        return "value" if (kind, after) == ("", 0) else ""
    if kind == "":
        return "value" if after == number - 1 else "new"
    # Figures printed for the start are about the first update.
    is_about_this = after in (number, "stop") or (after, number) == (0, 1)
    return kind if is_about_this and kind in ("gradient", "change") else ""


def _elements(layout: Layout, name: str) -> tuple[int, ...]:
    try:
        return layout.indices(name)
    except KeyError:
        return ()
