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
"""Quantities that take a pass over all samples, so that they are looked at last."""


def holds(goal: GoalSection, timeline: Timeline, number: int, start: int = 0) -> bool:
    """Return whether a goal is reached after update `number` of a run from the scenario's starting point `start`."""
    if goal.only is not None and any(edit.key not in goal.only for edit in timeline.edits):
        return False
    if goal.only is not None and start and all(key.startswith("update.") for key in goal.only):
        return False  # another start is as good as a parameter set by hand
    update = timeline.update(number) if number else None
    wanted = sorted(goal.when.items(), key=lambda item: item[0] in _SCORES)
    return all(is_met(value, _value(quantity, timeline, number, update)) for quantity, value in wanted)


def _value(quantity: str, timeline: Timeline, number: int, update: Update | None) -> float | str | bool:
    """Return what a quantity of `when` is worth; nan for one that is not there."""
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
    """Return the session with the goals reached at the update in view, and those reached just now."""
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
    """Return the last update at which a goal can be reached, so that one who went past is not told to go back."""
    wanted = str(goal.when.get("updates", "")).removeprefix("<").removeprefix("=").strip()
    return int(float(wanted)) if wanted[:1].isdigit() else limits.UPDATES


def goal_lines(session: Session) -> list[str]:
    """Return the goals, a line each, with whether they are reached."""
    return [
        f"{'☑' if place in session.reached else '☐'} {goal.text}" for place, goal in enumerate(session.scenario.goal)
    ]


def goal_hints(session: Session) -> list[str]:
    """Return the hints of the goals that are not reached yet."""
    goals = enumerate(session.scenario.goal)
    return [goal.hint for place, goal in goals if goal.hint and place not in session.reached]


def reached_sentence(goal: GoalSection) -> str:
    """Return what is said when a goal is reached."""
    return _("☑ goal reached: {goal}").format(goal=goal.text)


def goal_sentence(session: Session) -> str:
    """Return what to try, before the first update: the first goal that is not reached; empty where there is none."""
    if session.position != Position():
        return ""
    goals = enumerate(session.scenario.goal)
    wanted = next((goal for place, goal in goals if place not in session.reached), None)
    if wanted is None:
        return ""
    keys = " · ".join([*_keys(wanted), *([_("I: hint")] if wanted.hint else []), _("i: lesson")])
    return _("Goal: {goal} ({keys})").format(goal=wanted.text, keys=keys)


def _keys(goal: GoalSection) -> Iterator[str]:
    """Yield the commands that change what may be changed for a goal, where it says what that is."""
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
    """Return how many goals are reached of how many, as a bar shows it: ``☐ 1/2``; empty where there are none."""
    count, reached = len(session.scenario.goal), len(session.reached)
    if not count:
        return ""
    return f"{'☑' if reached == count else '☐'} " + _("goals {reached}/{count}").format(reached=reached, count=count)


def check_goals(scenario: Scenario) -> Iterator[tuple[str, bool]]:
    """Yield what is found of each goal, and whether that is as it should be.

    Its solution reaches it; the run that nobody touches does not.
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
