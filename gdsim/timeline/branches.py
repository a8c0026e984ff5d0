"""Several timelines of one run that share their past: a tree, one branch of which is gone on with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from gdsim.engine.edits import Edit
from gdsim.errors import UsageError
from gdsim.i18n import _
from gdsim.timeline.timeline import Timeline

NAMES = "123456789"
"""A branch is called by a figure, which is its mark in charts; there are as many branches at most."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One timeline of a tree: its name, and that of the branch it left, empty for the first."""

    name: str
    timeline: Timeline
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Branches:
    """A tree of timelines, the first branch first; `current` is the name of the one that is gone on with."""

    all: tuple[Branch, ...]
    current: str

    @classmethod
    def of(cls, timeline: Timeline) -> Branches:
        """Return the tree of one timeline."""
        return cls((Branch(NAMES[0], timeline),), NAMES[0])

    @property
    def timeline(self) -> Timeline:
        """The timeline that is gone on with."""
        return self[self.current].timeline

    @property
    def others(self) -> tuple[Branch, ...]:
        """The branches beside the current one: first the one it left, then in the order they were made."""
        parent = self[self.current].parent
        others = (branch for branch in self.all if branch.name != self.current)
        return tuple(sorted(others, key=lambda branch: branch.name != parent))

    def __getitem__(self, name: str) -> Branch:
        """Return a branch by its name. Raises UsageError when there is none."""
        for branch in self.all:
            if branch.name == name:
                return branch
        raise UsageError(_("branch"), _("there is no {name}").format(name=f'"{name[:20]}"'), self._names)

    def __contains__(self, name: object) -> bool:
        return any(branch.name == name for branch in self.all)

    def with_current(self, timeline: Timeline) -> Branches:
        """Return the tree with another timeline in the place of the current one."""
        changed = replace(self[self.current], timeline=timeline)
        return replace(self, all=tuple(changed if branch.name == self.current else branch for branch in self.all))

    def branched(self, edit: Edit) -> Branches:
        """Return the tree with a new branch that leaves the current one at an edit, and is gone on with.

        Raises UsageError when the run does not take the edit, or when there are as many branches as names.
        """
        free = next((name for name in NAMES if name not in self), None)
        if free is None:
            raise UsageError("what-if", _("there are {count} branches").format(count=len(self.all)), _("delete one"))
        branch = Branch(free, self.timeline.branch(edit), self.current)
        return Branches((*self.all, branch), free)

    def switched(self, name: str) -> Branches:
        """Return the tree gone on with at another branch. Raises UsageError when there is none of that name."""
        return replace(self, current=self[name].name)

    def without(self, name: str) -> Branches:
        """Return the tree without a branch; those that left it are tied to the one it left.

        Where it is the current one, that one is gone on with. Raises UsageError for the first branch, and for none.
        """
        gone = self[name]
        if not gone.parent:
            raise UsageError(_("branch {name}").format(name=name), _("the first branch stays"))
        kept = tuple(
            replace(branch, parent=gone.parent) if branch.parent == gone.name else branch
            for branch in self.all
            if branch is not gone
        )
        return Branches(kept, gone.parent if self.current == gone.name else self.current)

    def tree(self) -> Iterator[tuple[int, Branch]]:
        """Yield every branch with its depth, each before those that left it."""
        yield from self._below("", 0)

    @property
    def _names(self) -> str:
        return ", ".join(branch.name for branch in self.all)

    def _below(self, parent: str, depth: int) -> Iterator[tuple[int, Branch]]:
        for branch in self.all:
            if branch.parent == parent:
                yield depth, branch
                yield from self._below(branch.name, depth + 1)

    def own_edits(self, branch: Branch) -> tuple[Edit, ...]:
        """Return the edits of a branch that the one it left does not have before them; all of the first branch's."""
        edits = branch.timeline.edits
        return edits if not branch.parent else edits[common_edits(branch.timeline, self[branch.parent].timeline) :]


def common_edits(one: Timeline, other: Timeline) -> int:
    """Return how many edits two timelines of one run begin with in common."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one.edits, other.edits, strict=False))
    return sum(1 for _pair in pairs)


def parting(one: Timeline, other: Timeline) -> int | None:
    """Return the update up to which two timelines of one run are the same; None when they never part."""
    shared = common_edits(one, other)
    apart = (*one.edits[shared : shared + 1], *other.edits[shared : shared + 1])
    return min((edit.after for edit in apart), default=None)
