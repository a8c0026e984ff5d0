"""A tree of timelines of one run that share their past; one of its branches is the current one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from gdsim.engine.edits import Edit
from gdsim.errors import UsageError
from gdsim.i18n import _
from gdsim.timeline.timeline import Timeline

NAMES = "123456789"
"""The names of branches: digits, which also mark them in charts; a tree has at most this many branches."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One timeline of a tree, with its name and the name of its parent branch, empty for the first branch."""

    name: str
    timeline: Timeline
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Branches:
    """A tree of timelines, the first branch first; `current` is the name of the current branch."""

    all: tuple[Branch, ...]
    current: str

    @classmethod
    def of(cls, timeline: Timeline) -> Branches:
        """Return the tree of one timeline."""
        return cls((Branch(NAMES[0], timeline),), NAMES[0])

    @property
    def timeline(self) -> Timeline:
        """The timeline of the current branch."""
        return self[self.current].timeline

    @property
    def others(self) -> tuple[Branch, ...]:
        """The branches other than the current one: its parent first, then in the order they were made."""
        parent = self[self.current].parent
        others = (branch for branch in self.all if branch.name != self.current)
        return tuple(sorted(others, key=lambda branch: branch.name != parent))

    def __getitem__(self, name: str) -> Branch:
        """Return the branch called `name`. Raises UsageError when there is none."""
        for branch in self.all:
            if branch.name == name:
                return branch
        raise UsageError(_("branch"), _("there is no branch {name}").format(name=f'"{name[:20]}"'), self._names)

    def __contains__(self, name: object) -> bool:
        return any(branch.name == name for branch in self.all)

    def with_current(self, timeline: Timeline) -> Branches:
        """Return the tree with the current timeline replaced."""
        changed = replace(self[self.current], timeline=timeline)
        return replace(self, all=tuple(changed if branch.name == self.current else branch for branch in self.all))

    def branched(self, edit: Edit) -> Branches:
        """Return the tree with a new current branch, which leaves the old one at an edit.

        Raises UsageError when the run does not accept the edit, or when no name is free.
        """
        free = next((name for name in NAMES if name not in self), None)
        if free is None:
            raise UsageError("what-if", _("there are {count} branches").format(count=len(self.all)), _("delete one"))
        branch = Branch(free, self.timeline.branch(edit), self.current)
        return Branches((*self.all, branch), free)

    def switched(self, name: str) -> Branches:
        """Return the tree with another branch as the current one. Raises UsageError when there is none of that name."""
        return replace(self, current=self[name].name)

    def without(self, name: str) -> Branches:
        """Return the tree without a branch; its parent becomes the parent of its children.

        If it is the current branch, its parent becomes current. Raises UsageError for the first and an unknown branch.
        """
        gone = self[name]
        if not gone.parent:
            raise UsageError(_("branch {name}").format(name=name), _("the first branch cannot be deleted"))
        kept = tuple(
            replace(branch, parent=gone.parent) if branch.parent == gone.name else branch
            for branch in self.all
            if branch is not gone
        )
        return Branches(kept, gone.parent if self.current == gone.name else self.current)

    def tree(self) -> Iterator[tuple[int, Branch]]:
        """Yield every branch after its depth, parents before their children."""
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
        """Return the edits of a branch after those it shares with its parent; all edits of the first branch."""
        edits = branch.timeline.edits
        return edits if not branch.parent else edits[common_edits(branch.timeline, self[branch.parent].timeline) :]


def common_edits(one: Timeline, other: Timeline) -> int:
    """Return the number of edits that two timelines of one run share from the start."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one.edits, other.edits, strict=False))
    return sum(1 for _pair in pairs)


def parting(one: Timeline, other: Timeline) -> int | None:
    """Return the update up to which two timelines of one run are the same; None if they never part."""
    shared = common_edits(one, other)
    apart = (*one.edits[shared : shared + 1], *other.edits[shared : shared + 1])
    return min((edit.after for edit in apart), default=None)
