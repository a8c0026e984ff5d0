"""Commands that change the run from the update on view on, in place or on a new branch, and that manage branches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from gdsim.engine.edits import next_rate, parse_change
from gdsim.engine.names import parameter_name
from gdsim.engine.rules import KINDS
from gdsim.engine.schedules import SCHEDULES
from gdsim.errors import UsageError
from gdsim.explain.branches import branch_label, tree_lines
from gdsim.i18n import _
from gdsim.scenario.edits import command_line
from gdsim.session.command import Ask, Choice, Result, Text, TextLine, said
from gdsim.session.session import Session, lock_of
from gdsim.session.steps import Way
from gdsim.session.typed import assignment, count, number
from gdsim.timeline.timeline import Timeline

_Answer = Callable[[str], Result]
_Edited = Callable[[str, float | str], Result]
_RATE = "update.learning_rate"
_RULE_CELLS, _SCHEDULE_CELLS = 21, 15
_NAMED = 8
"""Most parameter names listed when a learner is asked to edit a parameter."""


class Change(NamedTuple):
    """Something in a run that can be changed from an update on.

    word: the word to type for it; text: its description in what-if, translated there; example: a complete typed line.
    ask: asks for the new value, None if there is nothing to ask. read: converts the typed text to the value.
    """

    word: str
    text: str
    example: str
    ask: Callable[[Session, _Answer], Ask] | None = None
    read: Callable[[str], float | str] = str


def changeable(session: Session) -> tuple[str, ...]:
    """Return the keys of `CHANGES` that can be changed here: those that apply to this run and are not locked."""
    run = session.timeline.run_at(session.position.update)
    without = {
        **dict.fromkeys(("update.rule", "update.schedule", "update.clip"), run.stop.on_epoch),
        "seed": run.batches.size is None or not run.batches.shuffled,
        "corrected": not session.is_correctable,
    }
    lock = session.scenario.show.lock
    return tuple(key for key in CHANGES if not without.get(key) and lock_of(key) not in lock)


def edit(key: str) -> Callable[[Session, str], Result]:
    """Return a command that changes a key of `CHANGES` to the typed value from here on, or asks for the value."""

    def run(session: Session, argument: str) -> Result:
        return _typed(session.edited, key, argument) if argument else _asked(session, session.edited, key)

    return run


def step_rate(session: Session, _argument: str, *, up: bool) -> Session:
    """Raise or lower the learning rate by one step of the series 1-2-5."""
    return session.edited(_RATE, next_rate(_rate_of(session), up=up))


def corrected(session: Session, _argument: str) -> Way:
    """Switch between the rule as published and the corrected one, at the same update."""
    other = session.corrected(at=0)
    text = _("The run with the corrected rule:") if other.is_corrected else _("The run with the rule as published:")
    return Way(other, session.clock, arrive=lambda there: said(text, session=there))


def what_if(session: Session, argument: str) -> Result:
    """Make a change on a new branch; without an argument, offer the possible changes and the branches."""
    if not argument:
        return _offer(session)
    if argument in ("corrected", "c"):
        is_corrected = session.timeline.run_at(session.position.update).is_corrected
        return _branched(session, "corrected", not is_corrected)
    word, _space, rest = argument.partition(" ")
    if rest and _SHORT.get(word, _RATE) != _RATE:
        return _branched(session, _SHORT[word], rest)
    key, value = parse_change(argument if "=" in argument else "=".join(argument.rsplit(maxsplit=1)))
    return _branched(session, _SHORT.get(key, key), value)


def branches(session: Session, _argument: str) -> Text:
    """Show the tree of branches."""
    return Text(tuple(TextLine(choice.text) for choice in _tree(session)), title=_("branches"), is_page=True)


def switch(session: Session, argument: str) -> Result:
    """Switch to the named branch; without a name, offer the branches."""
    if argument or len(session.branches.all) == 1:
        return session.switched(argument)
    return _ask_branch(session, _("switch to which branch?"), session.switched)


def drop(session: Session, argument: str) -> Result:
    """Delete the named branch; without a name, offer the branches."""
    if not argument and len(session.branches.all) > 1:
        return _ask_branch(session, _("delete which branch?"), lambda name: drop(session, name))
    session = session.without(argument)
    return replace(branches(session, ""), session=session, is_page=False)


def command(session: Session, _argument: str) -> Text:
    """Show the command lines that lead here; the first can be copied."""
    lines = command_lines(session)
    title = _("the command that leads here")
    return Text(tuple(map(TextLine, lines)), title=title, is_page=True, copy=lines[0])


def command_lines(session: Session) -> tuple[str, ...]:
    """Return the command line that leads to this position, then related ones, each under a comment that names it.

    Those print the trace of this branch, or open the other branches at the same update.
    """
    branches, phase = session.branches, session.position.phase
    lines = [_command_line(session, "run", session.timeline)]
    if phase is not None:
        lines.append(
            "# " + _("inside the next update: {keys} shows its phases").format(keys=" ".join("." * (phase + 1)))
        )
    lines += ["# " + _("without a screen:"), _command_line(session, "trace", session.timeline)]
    for branch in branches.others:
        label = _("branch {name}, {label}:").format(name=branch.name, label=branch_label(branches, branch))
        lines += [f"# {label}", _command_line(session, "run", branch.timeline)]
    return tuple(lines)


def _command_line(session: Session, command: str, timeline: Timeline) -> str:
    at = session.position.update if command == "run" else 0
    place = replace(session.place, update=at, edits=tuple(map(str, timeline.edits)))
    return command_line(command, session.scenario, place)


_SHORT: Mapping[str, str] = {
    **dict.fromkeys(("rate", "l", "η"), _RATE),
    **dict.fromkeys(("rule", "u"), "update.rule"),
    **dict.fromkeys(("schedule", "S"), "update.schedule"),
    **dict.fromkeys(("clip", "C"), "update.clip"),
}
"""Short names for keys of `CHANGES`; all other keys are typed as in edits."""

_SWITCH = "switch "
"""Prefix of a branch's name in the choices of what-if."""


def _branched(session: Session, key: str, value: float | str | bool) -> Text:
    session = session.what_if(key, value)
    branch = session.branches[session.branches.current]
    text = _("On branch {name}: {label}. The run so far stays as branch {parent}; switch {parent} goes back to it.")
    label = branch_label(session.branches, branch)
    return said(text.format(name=branch.name, label=label, parent=branch.parent), session=session)


def _offer(session: Session) -> Ask:
    """Offer the changes possible from here on, then the branches to switch to or delete."""
    session.require_unlocked("what-if")
    update = session.position.update
    changes = [CHANGES[key] for key in changeable(session)]
    choices = [Choice(each.word, _(each.text).format(rate=f"{_rate_of(session):g}")) for each in changes]
    if session.timeline.run_at(update).is_corrected:
        choices = [
            each._replace(text=_("the rule as published")) if each.value == "corrected" else each for each in choices
        ]
    tree = _tree(session)
    if len(tree) > 1:
        choices.append(Choice("", _("branches: switch to")))
        choices += [Choice(_SWITCH + each.value, each.text) for each in tree]
    first = parameter_name(session.timeline.run.model.layout, 0)
    examples = ", ".join(each.example.format(name=first) for each in changes)
    value = next((each.value for each in choices if each.value), "")
    delete = (lambda name: _dropped(session, name)) if len(tree) > 1 else None
    title = _("what if, from update {update} on").format(update=update)
    return Ask(title, examples, value, lambda text: _chosen(session, text), tuple(choices), delete)


def _chosen(session: Session, text: str) -> Result:
    """Return the result of a choice offered by `_offer`, or of a change typed instead."""
    if text.startswith(_SWITCH):
        return session.switched(text.removeprefix(_SWITCH))
    key = next((key for key, change in CHANGES.items() if text == change.word and change.ask is not None), None)
    return what_if(session, text) if key is None else _asked(session, partial(_branched, session), key)


def _asked(session: Session, edited: _Edited, key: str) -> Ask:
    """Ask for the new value of a key of `CHANGES`; `edited` makes the change."""
    ask = CHANGES[key].ask
    assert ask is not None
    return ask(session, partial(_typed, edited, key))


def _typed(edited: _Edited, key: str, text: str) -> Result:
    """Change a key of `CHANGES` to the typed value; for a parameter, both its name and its value are typed."""
    return edited(*assignment(text)) if key == "edit" else edited(key, CHANGES[key].read(text))


def _dropped(session: Session, text: str) -> Result:
    """Delete the branch chosen in `_offer`; repeat the offer while several branches remain."""
    if not text.startswith(_SWITCH):
        raise UsageError(text, _("not a branch"))
    session = session.without(text.removeprefix(_SWITCH))
    if len(session.branches.all) == 1:
        return session
    return replace(_offer(session), value=_SWITCH + session.branches.current, session=session)


def _ask_rate(session: Session, answer: _Answer) -> Ask:
    help_text = _("a number above 0; it holds from this update on")
    return Ask(_("learning rate η"), help_text, f"{_rate_of(session):g}", answer)


def _ask_seed(session: Session, answer: _Answer) -> Ask:
    help_text = _("a whole number, at least 0; the samples come in a different order from here on")
    return Ask(_("seed"), help_text, str(session.scenario.seed + 1), answer)


def _ask_parameter(session: Session, answer: _Answer) -> Ask:
    layout, state = session.timeline.run.model.layout, session.timeline.state(session.position.update)
    names = ", ".join(parameter_name(layout, i) for i in range(min(layout.size, _NAMED)))
    names += ", …" if layout.size > _NAMED else ""
    help_text = _("name = value, from this update on; names: {names}").format(names=names)
    return Ask(_("edit a parameter"), help_text, f"{parameter_name(layout, 0)} = {state.theta[0]:.10g}", answer)


def _ask_rule(session: Session, answer: _Answer) -> Ask:
    run = session.timeline.run_at(session.position.update)
    if run.stop.on_epoch:
        raise UsageError(
            _("rule"), _("a perceptron has its own rule"), _("gradient rules need a function or a network")
        )
    choices = tuple(Choice(kind.words, f"{_(kind.words):<{_RULE_CELLS}}{kind.formula}") for kind in KINDS)
    return Ask(_("update rule"), _("it holds from this update on"), run.rule.kind.words, answer, choices)


def _ask_schedule(session: Session, answer: _Answer) -> Ask:
    """Offer the schedules, then ask for the options of the one chosen."""
    current = session.timeline.run_at(session.position.update).schedule

    def chosen(name: str) -> Result:
        kind = SCHEDULES.get(name)
        if kind is None or not kind.options:
            return answer(name)
        options = current.options.values() if current is not None and current.kind is kind else ()
        value = " ".join(f"{number:g}" for number in options) or _EXAMPLES[name]
        options_text = kind.usage.removeprefix(name).strip()
        help_text = _("η = {formula}; type {options}").format(formula=kind.formula, options=options_text)
        return Ask(_("schedule {name}").format(name=name), help_text, value, lambda text: answer(f"{name} {text}"))

    choices = tuple(Choice(name, f"{name:<{_SCHEDULE_CELLS}}η = {kind.formula}") for name, kind in SCHEDULES.items())
    help_text = _("it holds from this update on; t is the number of updates done")
    return Ask(_("schedule"), help_text, "constant" if current is None else current.kind.name, chosen, choices)


_EXAMPLES: Mapping[str, str] = {
    "step": "50 0.5",
    "exponential": "0.99",
    "inverse-time": "0.01",
    "cosine": "100 0",
    "linear": "100 0",
    "warmup": "100",
}
"""The options proposed for each schedule."""


def _ask_clip(session: Session, answer: _Answer) -> Ask:
    clip = session.timeline.run_at(session.position.update).clip
    help_text = _("norm and the largest length allowed, value and the largest size of any component, or none")
    return Ask(_("clip the gradient"), help_text, str(clip or "norm 1"), answer)


def _ask_branch(session: Session, title: str, answer: _Answer) -> Ask:
    return Ask(title, "", session.branches.current, answer, _tree(session))


def _tree(session: Session) -> tuple[Choice, ...]:
    lines = tree_lines(session.branches, session.position.update)
    return tuple(Choice(name, text) for name, text in lines)


def _rate_of(session: Session) -> float:
    run = session.timeline.run_at(session.position.update)
    return (run.right or run).learning_rate


CHANGES: Mapping[str, Change] = {
    _RATE: Change("rate", "a different learning rate (now {rate})", "rate 0.5", _ask_rate, number),
    "update.rule": Change("rule", "a different update rule", "rule adam", _ask_rule),
    "edit": Change("parameter", "a different value of a parameter", "{name} 3", _ask_parameter),
    "seed": Change("seed", "a different order of the samples (seed)", "seed 7", _ask_seed, count),
    "corrected": Change("corrected", "the corrected rule", "corrected"),
    "update.schedule": Change("schedule", "a learning rate that follows a schedule", "schedule step 50", _ask_schedule),
    "update.clip": Change("clip", "a limit for the gradient", "clip norm 1", _ask_clip),
}
"""Everything that can be changed from an update on, by its key in edits; all parameters share the key `edit`."""
