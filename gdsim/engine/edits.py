"""Edits: changes to a run from one update on, of its learning rate, rule, parameters, correction or seed.

An edit is a key and a value, so that a list of edits replays a session. The keys: `update.learning_rate`,
`update.rule` (with a form: `momentum textbook`), `update.form`, `update.<option of the rule>`, `update.schedule`
(`step 50 0.5`), `update.clip` (`norm 1`), `corrected`, `seed`, or the name of a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import floor, log10
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import numpy as np

from gdsim.engine.names import named_elements, parameter_name
from gdsim.engine.parameters import read_only
from gdsim.engine.rules import FORM_NAMES, KINDS, OPTION_RANGE, RULES, clip_of, make_rule
from gdsim.engine.schedules import schedule_of
from gdsim.engine.update import Run, State, Update, fitted, updates, with_correction
from gdsim.errors import UsageError, quoted
from gdsim.i18n import _

_EDIT_FORM = "AFTER:KEY=VALUE, such as 12:update.learning_rate=0.5 or 20:x=3.0"
_CHANGE_FORM = "such as update.learning_rate=0.5 or x=3.0"
_TRUTHS: Mapping[str, bool] = {"true": True, "false": False}
_MOST_DIGITS = 15

Setting = TypeVar("Setting")


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: the update after which it holds, the key that changes, and its new value."""

    after: int
    key: str
    value: float | str | bool

    def __str__(self) -> str:
        value = str(self.value).lower() if isinstance(self.value, bool) else self.value
        return f"{self.after}:{self.key}={value}"


def parse_edit(text: str) -> Edit:
    """Return the edit written as ``AFTER:KEY=VALUE``, the form `str` returns: ``12:update.learning_rate=0.5``.

    Raises UsageError for anything else. `apply_edit` checks whether a run accepts the edit.
    """
    after, colon, change = text.partition(":")
    after = after.strip()
    if not colon or not (after.isascii() and after.isdecimal()):
        raise UsageError(quoted(text), "not an edit: it must start with an update number and a colon", _EDIT_FORM)
    if len(after) > _MOST_DIGITS:
        raise UsageError(quoted(text), "the update number is too large", _EDIT_FORM)
    key, value = parse_change(change)
    return Edit(int(after), key, value)


def parse_change(text: str) -> tuple[str, float | str | bool]:
    """Return key and value of ``KEY=VALUE``; the value is true or false, a number, or else a word.

    Raises UsageError when there is no key or no value.
    """
    key, _equals, value = text.rpartition("=")
    key, value = key.strip(), value.strip()
    if not key or not value:
        raise UsageError(quoted(text), "not a change: no KEY=VALUE", _CHANGE_FORM)
    if value in _TRUTHS:
        return key, _TRUTHS[value]
    try:
        return key, float(value.replace("−", "-"))
    except ValueError:
        return key, value


def apply_edit(run: Run, state: State, edit: Edit) -> tuple[Run, State]:
    """Return the run and the state that hold from `edit` on.

    A new rule starts with all its slots 0. Raises UsageError for an unknown key or a value that is not allowed.
    """
    if edit.key == "corrected":
        if not isinstance(edit.value, bool):
            raise UsageError(_("corrected"), _found(edit.value), _("true or false"))
        run = with_correction(run, edit.value)
    elif run.right is None:
        run, state = _applied(run, state, edit)
    else:
        right, state = _applied(run.right, state, edit)
        run = with_correction(right, False)
    return run, fitted(run, state)


def _applied(run: Run, state: State, edit: Edit) -> tuple[Run, State]:
    """Return the run and the state that hold from `edit` on, for a run with no source's error in force."""
    change = _EDITS.get(edit.key)
    if change is not None:
        return change(run, state, edit.value)
    option = edit.key.removeprefix("update.")
    if edit.key.startswith("update.") and option in run.rule.options:
        options = {**run.rule.options, option: _option(edit.key, edit.value)}
        return replace(run, rule=replace(run.rule, options=MappingProxyType(options))), state
    return run, _edit_parameter(run, state, edit)


class Edited(NamedTuple):
    """An applied edit, and the run and the state that hold from it on."""

    edit: Edit
    run: Run
    state: State


def edited_updates(run: Run, edits: Iterable[Edit] = ()) -> Iterator[tuple[Update | Edited, str | None]]:
    """Yield every update of `run`, and every edit in its place, with the reason the run is over there, or None.

    edits: sorted by update. Raises UsageError when the run is over before an edit.
    """
    state = run.start
    for edit in edits:
        if state.update < edit.after:
            for update, reason in updates(run, state):
                state = update.after
                is_there = state.update == edit.after
                yield update, None if is_there else reason
                if is_there:
                    break
                if reason is not None:
                    raise UsageError(f"edit {edit}", f"the run is over after update {state.update} ({reason})")
        run, state = apply_edit(run, state, edit)
        yield Edited(edit, run, state), "max_updates" if state.update >= run.stop.max_updates else None
    yield from updates(run, state)


def next_rate(rate: float, *, up: bool) -> float:
    """Return the next learning rate above or below `rate` in the series 1, 2, 5, 10: 0.01 → 0.02 → 0.05 → 0.1."""
    exponent = floor(log10(rate))
    steps = [float(f"{digit}e{exponent + shift}") for shift in (-1, 0, 1) for digit in (1, 2, 5)]
    if up:
        return next((step for step in steps if step > rate * (1 + 1e-9)), rate)
    return next((step for step in reversed(steps) if 0 < step < rate * (1 - 1e-9)), rate)


def _edit_parameter(run: Run, state: State, edit: Edit) -> State:
    layout = run.model.layout
    elements = named_elements(layout, edit.key)
    if not elements:
        known = ", ".join(parameter_name(layout, i) for i in range(min(layout.size, 6)))
        known += ", …" if layout.size > 6 else ""
        settings = ", ".join((*_EDITS, "corrected"))
        allowed = _("parameters: {known}; or {settings}").format(known=known, settings=settings)
        raise UsageError(edit.key, _("no such parameter or setting"), allowed)
    theta = np.array(state.theta)
    theta[list(elements)] = _number(edit.key, edit.value)
    return replace(state, theta=read_only(theta))


def _set_learning_rate(run: Run, state: State, value: float | str | bool) -> tuple[Run, State]:
    rate = _number(_("learning rate"), value)
    if rate <= 0:
        raise UsageError(_("learning rate"), _("found {found}").format(found=f"{rate:g}"), _("a number above 0"))
    return replace(run, learning_rate=rate), state


def _set_rule(run: Run, state: State, value: float | str | bool) -> tuple[Run, State]:
    if run.stop.on_epoch:
        raise UsageError(
            _("rule"), _("a perceptron has its own rule"), _("gradient rules need a function or a network")
        )
    name, _space, form = str(value).partition(" ")
    if name not in RULES or form not in ("", *FORM_NAMES.get(name, ())):
        names = ", ".join(kind.words for kind in KINDS)
        raise UsageError(_("rule"), _found(value), _("one of {names}").format(names=names))
    rule = make_rule(name, form=form)
    return replace(run, rule=rule), replace(state, rule_state=rule.start(run.model.layout.size))


def _set_form(run: Run, state: State, value: float | str | bool) -> tuple[Run, State]:
    """Switch the rule to another form and keep its options."""
    changed, state = _set_rule(run, state, f"{run.rule.kind.name} {value}")
    return replace(changed, rule=replace(changed.rule, options=run.rule.options)), state


def _set_schedule(run: Run, state: State, value: float | str | bool) -> tuple[Run, State]:
    return replace(run, schedule=_read(_("schedule"), value, schedule_of)), state


def _set_clip(run: Run, state: State, value: float | str | bool) -> tuple[Run, State]:
    return replace(run, clip=_read(_("clip"), value, clip_of)), state


def _read(where: str, value: float | str | bool, of: Callable[[str], Setting]) -> Setting:
    """Return the setting that `of` reads from a value in words. Raises UsageError."""
    try:
        return of(str(value))
    except ValueError as error:
        raise UsageError(where, _found(value), str(error)) from None


def _set_seed(run: Run, state: State, value: float | str | bool) -> tuple[Run, State]:
    if isinstance(value, bool | str) or not np.isfinite(value) or value != int(value) or value < 0:
        raise UsageError(_("seed"), _found(value), _("a whole number, at least 0"))
    batches = run.batches
    if batches.size is None or not batches.shuffled:
        what, needed = _("the seed has no effect from here on"), _("a run that shuffles its samples into mini-batches")
        raise UsageError(_("seed"), what, needed)
    return replace(run, batches=replace(batches, seed=int(value))), state


_Change = Callable[[Run, State, float | str | bool], tuple[Run, State]]
_EDITS: Mapping[str, _Change] = {
    "update.learning_rate": _set_learning_rate,
    "update.rule": _set_rule,
    "update.form": _set_form,
    "update.schedule": _set_schedule,
    "update.clip": _set_clip,
    "seed": _set_seed,
}


def _option(where: str, value: float | str | bool) -> float:
    number, (low, high) = _number(where, value), OPTION_RANGE
    if not low <= number < high:
        allowed = _("a number at least {low} and below {high}").format(low=f"{low:g}", high=f"{high:g}")
        raise UsageError(where, _("found {found}").format(found=f"{number:g}"), allowed)
    return number


def _number(where: str, value: float | str | bool) -> float:
    if isinstance(value, bool | str) or not np.isfinite(value):
        raise UsageError(where, _found(value), _("a finite number"))
    return float(value)


def _found(value: object) -> str:
    return _("found {found}").format(found=repr(value))
