"""A learner's session: a scenario, the timeline on view and the position in it. Immutable; a step makes a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from gdsim.charts.view import Comparison, View, compared_runs
from gdsim.engine.edits import Edit
from gdsim.engine.names import typed_name
from gdsim.errors import UsageError
from gdsim.explain.branches import branch_label
from gdsim.explain.chain import Chain, chain_of
from gdsim.explain.page import Names, names_of
from gdsim.explain.questions import Question, Quiz, asked
from gdsim.explain.selection import is_edited
from gdsim.i18n import _, current_language
from gdsim.scenario import limits
from gdsim.scenario.build import build, start_count
from gdsim.scenario.edits import check_edit
from gdsim.scenario.place import START, Place
from gdsim.scenario.scenario import Scenario, in_language
from gdsim.timeline.branches import Branches
from gdsim.timeline.position import Focus, Position, next_update, previous_update, update_on_view
from gdsim.timeline.timeline import DEFAULT_BUDGET, Timeline

if TYPE_CHECKING:
    from gdsim.engine.gradient_check import Nudging

_LOCK_OF: Mapping[str, str] = {
    **dict.fromkeys(("update.learning_rate", "update.schedule"), "learning-rate"),
    "seed": "seed",
    "corrected": "corrected",
}
"""The lock in a scenario's [show] against edits of a key; other keys of [update] have "rule", parameters "edit"."""


@dataclass(frozen=True, slots=True)
class Session:
    """Where a learner is in a scenario.

    start: the index of the starting point, from 0; is_corrected: whether the errors of the source are corrected.
    trees: the branches made so far, by (start, corrected), so that a return to them finds them as they were left.
    compared: the compared runs made so far, by (start, corrected).
    extra_updates: updates that compared runs have made since the main one ended.
    nudging: the part of the gradient on view found by nudging so far; dropped when the position changes.
    quiz: questions waiting for an answer, and the score.
    is_reading: whether the screen shows the lesson in place of the equations.
    reached, answered: indices, in the scenario's file, of the goals reached and of the questions answered rightly.
    budget: bytes of states kept for each run.
    """

    scenario: Scenario
    timeline: Timeline
    position: Position = Position()
    focus: Focus = Focus()
    start: int = 0
    is_corrected: bool = False
    trees: Mapping[tuple[int, bool], Branches] = field(default_factory=dict)
    compared: Mapping[tuple[int, bool], tuple[Comparison, ...]] = field(default_factory=dict)
    extra_updates: int = 0
    nudging: Nudging | None = None
    quiz: Quiz = Quiz()
    is_reading: bool = False
    reached: frozenset[int] = frozenset()
    answered: frozenset[int] = frozenset()
    budget: int = DEFAULT_BUDGET

    @classmethod
    def open(
        cls, scenario: Scenario, place: Place = START, *, is_asking: bool = False, budget: int = DEFAULT_BUDGET
    ) -> Session:
        """Return a session at the start of the run that a place is in; `way_to` leads on from there.

        is_asking: whether the scenario's questions come up without being asked for. The scenario's texts are in the
        language of the current context if it has them. Raises UsageError for an unknown starting point.
        """
        scenario, start, corrected = in_language(scenario, current_language()), place.start, place.is_corrected
        timeline = Timeline(build(scenario, start_index=start, corrected=corrected), budget)
        quiz = Quiz(is_asking=is_asking)
        session = cls(scenario, timeline, start=start, is_corrected=corrected, quiz=quiz, budget=budget)
        return session.on(Branches.of(timeline), Position())

    @property
    def place(self) -> Place:
        """Where the session is; edits are left out if the next one overrides them: same key, after the same update."""
        kept = [str([*same][-1]) for _key, same in groupby(self.timeline.edits, lambda edit: (edit.after, edit.key))]
        name, phase, edits = self.scenario.name, self.position.phase, tuple(kept[: limits.EDITS])
        return Place(name, self.clock, phase, self.start, self.is_corrected, edits)

    @property
    def view(self) -> View:
        """What panels and charts show."""
        shown = (*self.comparisons, *self.ghosts)
        view = View(self.scenario, self.timeline, self.position, self.focus, shown, self.extra_updates, self.nudging)
        chain = self.chain
        if chain is not None and self.focus.factor is not None and self.position.phase is None:
            view = replace(view, lit=chain.factors[chain.within(self.focus.factor)].place)
        return replace(view, is_asking=True) if self.quiz.open or self.is_question_due else view

    @property
    def chain(self) -> Chain | None:
        """The chain rule for the chosen parameter in the update on view, None if it is not looked at."""
        if self.focus.factor is None or self.is_reading or is_edited(self.timeline, self.position):
            return None
        update = update_on_view(self.timeline, self.position)
        return None if update is None else chain_of(update, self.focus, self.names)

    @property
    def is_question_due(self) -> bool:
        """Whether questions of the scenario come up by themselves before the next update."""
        return self.quiz.is_asking and bool(self.questions)

    @property
    def questions(self) -> dict[int, Question]:
        """The scenario's questions about the next update that have not been asked yet, by their index in its file."""
        return asked(self.scenario, self.timeline, self.position, self.quiz.put)

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """The compared runs, which step together with the main one."""
        return self.compared.get((self.start, self.is_corrected), ())

    @property
    def branches(self) -> Branches:
        """The tree of this run's branches, of which the one on view is current."""
        return self.trees.get((self.start, self.is_corrected)) or Branches.of(self.timeline)

    @property
    def ghosts(self) -> tuple[Comparison, ...]:
        """The other branches, to be drawn along with the one on view."""
        tree = self.branches
        return tuple(
            Comparison(branch_label(tree, branch), branch.name, branch.timeline, is_ghost=True)
            for branch in tree.others
        )

    @property
    def branch_title(self) -> str:
        """The name of the branch on view and how it differs, if there are several branches; else empty."""
        branches = self.branches
        if len(branches.all) == 1:
            return ""
        branch = branches[branches.current]
        return _("branch {name}: {label}").format(name=branch.name, label=branch_label(branches, branch))

    @property
    def clock(self) -> int:
        """The number of updates made by the run that has gone furthest."""
        return self.position.update + self.extra_updates

    @property
    def longest(self) -> int:
        """The largest update limit of the runs that step together."""
        return max(timeline.run.stop.max_updates for timeline in self._stepping)

    @property
    def names(self) -> Names:
        """The scenario's names for its inputs and targets."""
        return names_of(self.scenario)

    @property
    def is_at_end(self) -> bool:
        """Whether the main run and all compared runs are over here."""
        return self.is_over and self.reach(self.clock + 1) == self.clock

    @property
    def is_over(self) -> bool:
        """Whether the main run is over here; compared runs may go on."""
        return self.timeline.stopped is not None and self.position == Position(self.timeline.last)

    @property
    def is_correctable(self) -> bool:
        """Whether the source has a slip that can be corrected."""
        return self.scenario.as_published is not None

    @property
    def start_count(self) -> int:
        """The number of starting points the scenario offers."""
        return start_count(self.scenario)

    def at(self, position: Position) -> Session:
        """Return the session at a position of the same timeline; open questions are closed if the position changes."""
        quiz = self.quiz if position == self.position else self.quiz.closed()
        focus = replace(self.focus, z=None)
        return replace(self, position=position, extra_updates=0, nudging=None, focus=focus, quiz=quiz)

    def reach(self, update: int) -> int:
        """Compute every run on view up to `update`; return the furthest update reached by the runs that step together.

        Ghosts are computed as far as the others, but do not count for the result.
        """
        for ghost in self.ghosts:
            ghost.timeline.reach(update)
        return max(timeline.reach(update) for timeline in self._stepping)

    def is_computed(self, update: int) -> bool:
        """Whether every run on view has been computed up to `update`, or to its end."""
        timelines = (*self._stepping, *(ghost.timeline for ghost in self.ghosts))
        return all(timeline.last >= update or timeline.stopped is not None for timeline in timelines)

    def after(self, update: int) -> Session:
        """Return the session after `update` updates, or at the end of the longest run."""
        update = max(0, update)
        position = Position(self.timeline.reach(update))
        return replace(self.at(position), extra_updates=self.reach(update) - position.update)

    def forward(self, count: int) -> Session:
        """Return the session `count` updates on; compared runs go on when the main one is over."""
        position = next_update(self.timeline, self.position, count)
        if position.update == self.position.update + count:
            return self.at(position)
        return self.after(self.clock + count)

    def back(self, count: int = 1) -> Session:
        """Return the session `count` updates back; from inside an update, the first step goes to its beginning."""
        return self.after(self.clock - count) if self.extra_updates else self.at(previous_update(self.position, count))

    def beside(self, runs: Sequence[Comparison]) -> Session:
        """Return the session with more runs compared with this one."""
        key = self.start, self.is_corrected
        return replace(self, compared={**self.compared, key: (*self.comparisons, *runs)})

    def edited(self, key: str, value: float | str | bool) -> Session:
        """Return the session with something changed from here on.

        The past stays; later updates are dropped. Raises UsageError if the change is not allowed, or the scenario locks
        it.
        """
        return self.changed(self._edit(key, value))

    def changed(self, edit: Edit) -> Session:
        """Return the session right after an edit's update, with the edit made; the edit must have been checked.

        Raises UsageError if the run ends before that update.
        """
        if self.timeline.reach(edit.after) < edit.after:
            what = _("the run is over after update {last}").format(last=self.timeline.last)
            raise UsageError(f"edit {edit}", what)
        return self.on(self.branches.with_current(self.timeline.branch(edit)), Position(edit.after))

    def what_if(self, key: str, value: float | str | bool) -> Session:
        """Return the session on a new branch with something changed from here on; the run so far stays as a ghost.

        Raises UsageError if the change is not allowed, or the scenario locks it.
        """
        self.require_unlocked("what-if")
        return self.on(self.branches.branched(self._edit(key, value)), Position(self.position.update))

    def switched(self, name: str) -> Session:
        """Return the session on another branch, after the same update or at the end of the branch if that comes first.

        Raises UsageError if there is no branch of that name.
        """
        return self._standing_on(self.branches.switched(name))

    def without(self, name: str) -> Session:
        """Return the session with a branch deleted; if it was on view, the session moves to its parent.

        Raises UsageError for the first branch, and if there is none of that name.
        """
        return self._standing_on(self.branches.without(name))

    def corrected(self, at: int | None = None) -> Session:
        """Return the session under the other rule (corrected or as published), after `at` updates or as many as now.

        Raises UsageError if the source has no slip, or the scenario locks it.
        """
        if not self.is_correctable:
            raise UsageError(_("corrected"), _("this scenario has no published slip to correct"))
        self.require_unlocked("corrected")
        return self.in_run(self.start, not self.is_corrected).after(self.clock if at is None else at)

    def other_start(self) -> Session:
        """Return the session at the scenario's next starting point. Raises UsageError if there is no other."""
        if self.start_count == 1:
            raise UsageError(_("start"), _("this scenario has one starting point"))
        return self.in_run((self.start + 1) % self.start_count, self.is_corrected)

    def restarted(self) -> Session:
        """Return the session at the start of the run as the scenario gives it, without any edits.

        That becomes the first branch of its tree; the other branches stay.
        """
        branches = self.branches.switched(self.branches.all[0].name)
        if branches.timeline.edits:
            run = build(self.scenario, start_index=self.start, corrected=self.is_corrected)
            branches = branches.with_current(Timeline(run, self.budget))
        return self.on(branches, Position())

    def require_unlocked(self, lock: str) -> None:
        """Raise UsageError if the scenario has this lock."""
        if lock in self.scenario.show.lock:
            raise UsageError(lock, _("this scenario keeps it as it is"))

    def _edit(self, key: str, value: float | str | bool) -> Edit:
        """Return an edit of a key from here on. Raises UsageError if it is not allowed, or the scenario locks it."""
        self.require_unlocked(lock_of(key))
        edit = Edit(self.position.update, typed_name(self.timeline.run.model.layout, key), value)
        check_edit(self.scenario, edit)
        return edit

    def in_run(self, start: int, is_corrected: bool) -> Session:
        """Return the session at the start of another of the scenario's runs."""
        branches = self.trees.get((start, is_corrected))
        if branches is None:
            run = build(self.scenario, start_index=start, corrected=is_corrected)
            branches = Branches.of(Timeline(run, self.budget))
        return replace(self, start=start, is_corrected=is_corrected).on(branches, Position())

    def _standing_on(self, branches: Branches) -> Session:
        """Return the session on the current branch of a tree, after the same update or at the branch's end."""
        if branches.timeline is self.timeline:
            return self.on(branches, self.position)
        return self.on(branches, Position()).after(self.clock)

    def on(self, branches: Branches, position: Position) -> Session:
        """Return the session at a position of a tree's current branch."""
        key, compared = (self.start, self.is_corrected), self.compared
        if key not in compared:
            compared = {**compared, key: compared_runs(self.scenario, *key)}
        trees = {**self.trees, key: branches}
        quiz = self.quiz if branches.timeline is self.timeline else self.quiz.closed()
        session = replace(self, timeline=branches.timeline, trees=trees, compared=compared, quiz=quiz)
        return session.at(position)

    @property
    def _stepping(self) -> tuple[Timeline, ...]:
        """The timelines that step together."""
        return (self.timeline, *(each.timeline for each in self.comparisons))


def lock_of(key: str) -> str:
    """Return the lock in [show] against edits of a key."""
    return _LOCK_OF.get(key) or ("rule" if key.startswith("update.") else "edit")
