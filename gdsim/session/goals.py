"""Whether a run has reached the goals of its scenario, and the proof that each of them can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gdsim.engine.update import Update
from gdsim.errors import GdsimError
from gdsim.i18n import _
from gdsim.scenario import limits
from gdsim.scenario.build import build
from gdsim.scenario.edits import edits_of
from gdsim.scenario.quantities import value_of
from gdsim.scenario.scenario import Scenario
from gdsim.scenario.schema_goals import GoalSection, is_met
from gdsim.session.session import Session
from gdsim.timeline.position import Position
from gdsim.timeline.timeline import Timeline

_SCORES = ("accuracy", "test_accuracy")
"""Quantities that need a pass over all samples, so they are checked last."""


def holds(goal: GoalSection, timeline: Timeline, number: int, start: int = 0) -> bool:
    """Return whether a goal is reached after update `number` of a run from the scenario's starting point `start`."""
    if goal.only is not None and any(edit.key not in goal.only for edit in timeline.edits):
        return False
    if goal.only is not None and start and all(key.startswith("update.") for key in goal.only):
        return False  # another start amounts to parameters set by hand
    update = timeline.update(number) if number else None
    wanted = sorted(goal.when.items(), key=lambda item: item[0] in _SCORES)
    return all(is_met(value, _value(quantity, timeline, number, update)) for quantity, value in wanted)


def _value(quantity: str, timeline: Timeline, number: int, update: Update | None) -> float | str | bool:
    """Return the value of a quantity of `when`; nan if the run has no such quantity here."""
    run = timeline.run_at(number) if update is None else update.run
    if quantity == "corrected":
        return run.is_corrected
    if quantity.startswith("update."):
        name = quantity.removeprefix("update.")
        if name == "rule":
            return run.rule.kind.name
        right = run.right or run
        return right.learning_rate if name == "learning_rate" else run.rule.options.get(name, float("nan"))
    stopped = timeline.stopped if number == timeline.last else None
    try:
        return value_of(quantity, run, timeline.state(number), update, stopped)
    except GdsimError:
        return float("nan")


def watched(session: Session) -> tuple[Session, tuple[GoalSection, ...]]:
    """Return the session with newly reached goals added, and those goals."""
    timeline, number = session.timeline, session.position.update
    new = [
        place
        for place, goal in enumerate(session.scenario.goal)
        if place not in session.reached
        and any(holds(goal, timeline, each, session.start) for each in {number, min(number, _deadline(goal))})
    ]
    if not new:
        return session, ()
    return replace(session, reached=session.reached | set(new)), tuple(session.scenario.goal[place] for place in new)


def _deadline(goal: GoalSection) -> int:
    """Return the last update at which a goal can be reached, so that a learner who jumps past it need not go back."""
    wanted = str(goal.when.get("updates", "")).removeprefix("<").removeprefix("=").strip()
    return int(float(wanted)) if wanted[:1].isdigit() else limits.UPDATES


def goal_lines(session: Session) -> list[str]:
    """Return one line for each goal, with a sign for whether it is reached."""
    return [
        f"{'☑' if place in session.reached else '☐'} {goal.text}" for place, goal in enumerate(session.scenario.goal)
    ]


def goal_hints(session: Session) -> list[str]:
    """Return the hints of the goals that are not reached yet."""
    goals = enumerate(session.scenario.goal)
    return [goal.hint for place, goal in goals if goal.hint and place not in session.reached]


def reached_sentence(goal: GoalSection) -> str:
    """Return the message that a goal has just been reached."""
    return _("☑ goal reached: {goal}").format(goal=goal.text)


def goal_sentence(session: Session) -> str:
    """Return, before the first update, the first goal not reached yet, with keys that help; else an empty text."""
    if session.position != Position():
        return ""
    goals = enumerate(session.scenario.goal)
    wanted = next((goal for place, goal in goals if place not in session.reached), None)
    if wanted is None:
        return ""
    keys = " · ".join([*_keys(wanted), *([_("I: hint")] if wanted.hint else []), _("i: lesson")])
    return _("Goal: {goal} ({keys})").format(goal=wanted.text, keys=keys)


def _keys(goal: GoalSection) -> Iterator[str]:
    """Yield the keys that change what a goal allows to be changed, if it restricts that."""
    changed = goal.only or ()
    parameters = [key for key in changed if not key.startswith("update.")]
    if "update.learning_rate" in changed:
        yield _("l sets η, the learning rate")
    if "update.rule" in changed:
        yield _("u sets the rule")
    if "update.schedule" in changed:
        yield _("S sets the schedule")
    if parameters:
        yield _("e sets {parameters}").format(parameters=", ".join(parameters))


def goals_summary(session: Session) -> str:
    """Return how many of the goals are reached, for a bar: ``☐ goals 1/2``; empty if there are none."""
    count, reached = len(session.scenario.goal), len(session.reached)
    if not count:
        return ""
    return f"{'☑' if reached == count else '☐'} " + _("goals {reached}/{count}").format(reached=reached, count=count)


def check_goals(scenario: Scenario) -> Iterator[tuple[str, bool]]:
    """Yield a finding on each goal, and whether it is as it should be.

    The goal's solution should reach it, and the unchanged run should not.
    """
    untouched = Timeline(build(scenario))
    open_goals = dict(enumerate(scenario.goal, 1))
    for number in _numbers(untouched) if open_goals else ():
        for place in [place for place, goal in open_goals.items() if holds(goal, untouched, number)]:
            del open_goals[place]
            yield f"goal {place} is reached after update {number} without doing anything", False
    for place, goal in open_goals.items():
        yield _proof(scenario, place, goal)


def _numbers(timeline: Timeline) -> Iterator[int]:
    number = 0
    while timeline.reach(number) == number:
        yield number
        number += 1


def _proof(scenario: Scenario, place: int, goal: GoalSection) -> tuple[str, bool]:
    if not goal.solution:
        return f"goal {place} has no solution that could be checked", True
    timeline = Timeline(build(scenario))
    try:
        for edit in edits_of(scenario, timeline.run, goal.solution):
            if timeline.reach(edit.after) < edit.after:
                return f"goal {place}: the run is over before edit {edit}", False
            timeline = timeline.branch(edit)
    except GdsimError as error:
        return f"goal {place}: {error}", False
    for number in _numbers(timeline):
        if holds(goal, timeline, number):
            return f"goal {place} is reached after update {number} by {', '.join(goal.solution)}", True
    return f"goal {place} is not reached by its solution, {', '.join(goal.solution)}", False
