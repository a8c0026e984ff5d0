"""Branches of a run in words: what was changed, which left which, and how far apart they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from gdsim.engine.edits import Edit
from gdsim.engine.names import shown_name
from gdsim.explain.numbers import short_number
from gdsim.i18n import _
from gdsim.timeline.branches import Branch, Branches, parting
from gdsim.timeline.timeline import Timeline

_KEYS: Mapping[str, str] = {"update.learning_rate": "η", "update.rule": "", "seed": "seed"}
"""The label of an edit's key, written before its value; parameters are written as name = value."""

_DIGITS = 3


def described(edit: Edit) -> str:
    """Return what an edit changes, as briefly as can be: ``η 0.5``, ``adam``, ``x = 3``, ``seed 7``, ``corrected``."""
    if isinstance(edit.value, bool):
        return _("corrected") if edit.value else _("as published")
    value = edit.value if isinstance(edit.value, str) else short_number(edit.value)
    if edit.key in _KEYS:
        return f"{_KEYS[edit.key]} {value}".strip()
    if edit.key.startswith("update."):
        return f"{edit.key.removeprefix('update.')} {value}"
    return f"{edit.key} = {value}"


def branch_label(branches: Branches, branch: Branch) -> str:
    """Return how a branch differs from the one it left: ``η 0.5 from 12``; ``as given`` if it does not."""
    edits, layout = branches.own_edits(branch), branch.timeline.run.model.layout
    if not edits:
        return _("as given")
    changes = [described(replace(edit, key=shown_name(layout, edit.key))) for edit in edits]
    return ", ".join(
        _("{change} from {update}").format(change=change, update=edit.after)
        for change, edit in zip(changes, edits, strict=True)
    )


def tree_lines(branches: Branches, update: int) -> list[tuple[str, str]]:
    """Return the name and line of every branch, below the one it left, with its loss; the current one is marked."""
    lines = []
    for depth, branch in branches.tree():
        twig = "└─ " if depth else ""
        mark = "*" if branch.name == branches.current else " "
        text = f"{mark} {'   ' * (depth - 1)}{twig}{branch.name}  {branch_label(branches, branch)}"
        lines.append((branch.name, f"{text} · {_standing(branch.timeline, update)}"))
    return lines


def _standing(timeline: Timeline, update: int) -> str:
    """Return the loss of a branch after `update`, or where and with what loss it ended earlier."""
    reached = timeline.reach(update)
    loss = short_number(timeline.loss(reached), digits=_DIGITS + 1)
    if reached < update:
        return _("ended at update {update}, loss {loss}").format(update=reached, loss=loss)
    return _("loss {loss}").format(loss=loss)


def difference(timeline: Timeline, other: Timeline, name: str, update: int, *, brevity: int = 0) -> str:
    """Return how a timeline differs from another, called `name`, after the same update: in loss and parameters.

    If the other ended earlier, its last update is taken. brevity: 0 for words, 1 and 2 for shorter and shorter forms.
    """
    reached = other.reach(update)
    parted = parting(timeline, other)
    if parted is None or update < parted:
        return _("same as branch {name} so far").format(name=name)
    with np.errstate(all="ignore"):
        loss = timeline.loss(update) - other.loss(reached)
        apart = float(np.linalg.norm(timeline.state(update).theta - other.state(reached).theta))
    if loss == 0 and apart == 0:
        return _("equal to branch {name}").format(name=name)
    far = short_number(apart, digits=_DIGITS)
    if brevity:
        short = (
            _("vs branch {name}: loss {loss}, ‖Δθ‖ {apart}") if brevity == 1 else _("vs {name}: {loss}, ‖Δθ‖ {apart}")
        )
        return short.format(name=name, loss=short_number(loss, digits=_DIGITS, signed=True), apart=far)
    text = _("{loss} than branch {name}, parameters {apart} apart")
    text = text.format(loss=_more_or_less(loss), name=name, apart=far)
    if reached == update:
        return text
    return f"{text} " + _("(branch {name} ended at {update})").format(name=name, update=reached)


def _more_or_less(loss: float) -> str:
    size = short_number(abs(loss), digits=_DIGITS)
    return _("loss {size} lower").format(size=size) if loss < 0 else _("loss {size} higher").format(size=size)
