"""Questions about an update before it is revealed, and which of them a scenario asks.

sign: of a change, gradient, delta and the like whether it is above or below 0; of a state (the loss, a parameter)
whether the update raises or lowers it. larger-or-smaller: by size, without its sign, beside the update before (of a
state: beside its value before the update). value: a number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

import numpy as np

from gdsim.explain.quantity import belongs_to_update, value_after
from gdsim.records import dataclass
from gdsim.scenario import Scenario
from gdsim.timeline.position import Position
from gdsim.timeline.timeline import Timeline

Form = Literal["sign", "larger-or-smaller", "value"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question about update `before`, to be answered before it is revealed.

    tolerance: for value, as a part of it. text: the question in words.
    """

    before: int
    quantity: str
    form: Form
    tolerance: float
    text: str


def asked(scenario: Scenario, timeline: Timeline, position: Position, put: Collection[int]) -> dict[int, Question]:
    """Return the scenario's questions, by their place in its file, that belong before the next update.

    put: those put before, left out. A run that was changed by hand, or starts elsewhere, is not asked about: questions
    speak of the numbers of the scenario's own run.
    """
    number = position.update + 1
    wanted = {place: ask for place, ask in enumerate(scenario.ask) if ask.before == number and place not in put}
    if position.phase is not None or not wanted or not _is_own_run(scenario, timeline):
        return {}
    update = timeline.next_update(position.update)
    if update is None:
        return {}
    questions = {
        place: Question(number, ask.quantity, _FORMS[ask.form], ask.tolerance, ask.question)
        for place, ask in wanted.items()
    }
    return {place: question for place, question in questions.items() if has_answer(question, timeline)}


def has_answer(question: Question, timeline: Timeline) -> bool:
    """Whether the right answer is a number, and where sizes are compared there is something to compare with."""
    update = timeline.update(question.before)
    if not np.isfinite(value_after(update, question.quantity)):
        return False
    is_first = question.before == 1 and belongs_to_update(question.quantity, update)
    return not (question.form == "larger-or-smaller" and is_first)


def _is_own_run(scenario: Scenario, timeline: Timeline) -> bool:
    if any((edit.after, edit.key) != (0, "corrected") for edit in timeline.edits):
        return False
    if scenario.function is None:
        return True
    start = np.array(list(scenario.function.start.values()), dtype=np.float64)
    return bool(np.array_equal(timeline.run_at(0).start.theta, start))


_FORMS: Mapping[str, Form] = {"sign": "sign", "larger-or-smaller": "larger-or-smaller", "value": "value"}
