"""Commands for a closer look: at a neuron or weight, a sample, a z; the gradient by nudging; the lesson."""

from __future__ import annotations

from dataclasses import replace

from gdsim.charts.kinds import sample as samples
from gdsim.charts.kinds.activation import looks
from gdsim.charts.table import CHARTS, charts_for
from gdsim.engine.gradient_check import Nudging
from gdsim.engine.names import named_elements, parameter_name, typed_name, typed_neuron
from gdsim.engine.update import Update
from gdsim.errors import UsageError, quoted
from gdsim.explain import chain as chain_rule
from gdsim.explain.answers import equation
from gdsim.explain.figures import figures_at
from gdsim.explain.gradient_check import FullCheck, GradientIndicator, block_lines, gradient_indicator
from gdsim.explain.pages import activation_page
from gdsim.explain.selection import focus_on, is_edited
from gdsim.i18n import _
from gdsim.session.command import Act, Effect, Result, Text, TextLine, Work
from gdsim.session.goals import goal_hints, goal_lines
from gdsim.session.session import Session
from gdsim.session.typed import count, number
from gdsim.timeline.position import update_on_view

ALL = "all"
"""The argument that means every parameter."""

_WRONG = "wrong"

_NAMED = 8
"""Most parameter names listed when the typed one is unknown."""

_NUDGING_LIMIT = 400_000_000
"""Most multiplications for one nudge command: forward passes × samples × parameters."""


def neuron(session: Session, argument: str) -> Session:
    """Show equations with the numbers of a neuron, or of one of its weights, chosen by name or by numbers from 1."""
    layout = session.timeline.run.model.layout
    elements, named = named_elements(layout, typed_name(layout, argument)), typed_neuron(layout, argument)
    if elements:
        return replace(session, focus=focus_on(session.timeline.run.model, elements[0], session.focus))
    if named is not None:
        return replace(session, focus=replace(session.focus, layer=named[1], unit=named[2], is_weight=False))
    layer, *rest = argument.split() or [""]
    if len(rest) > 2:
        raise UsageError(
            "neuron", _("takes at most three numbers"), "neuron 1, neuron 1 2, neuron 1 2 3, neuron w1[2,3]"
        )
    place = [max(0, count(text) - 1) for text in rest]
    unit, source = (*place, 0, 0)[:2]
    focus = replace(session.focus, layer=count(layer), unit=unit, input=source, is_weight=len(place) == 2)
    return replace(session, focus=focus)


def sample(session: Session, argument: str) -> Result:
    """Look at another sample, held out if there are any: the next, number N, or the next answered wrongly."""
    charts = [name for name in charts_for(session.view) if CHARTS[name].chosen_by is samples.moved]
    if not charts and not has_samples(session):
        raise UsageError("sample", _("this scenario has no samples to look at one by one"))
    if argument == _WRONG:
        focus = samples.to_mistake(session.view, 1)
        if focus == session.focus:
            raise UsageError("sample", _("no later sample is answered wrongly"))
    elif argument:
        number = count(argument)
        focus = samples.picked(session.view, number - 1 if number else None)
    else:
        focus = samples.stepped(session.view, 1)
    session = replace(session, focus=focus)
    return Effect(Act.CHART, charts[0], session=session) if charts else session


def in_hand(session: Session, _argument: str, *, by: int) -> Session:
    """Look at the next of the update's samples (by 1), or the previous one (−1)."""
    return replace(session, focus=samples.in_hand(session.view, by))


def has_samples(session: Session) -> bool:
    """Whether the update on view uses several samples, one of which is looked at."""
    return samples.rows_in_hand(session.view) > 1


def chain(session: Session, argument: str) -> Session:
    """Show or hide the chain rule for the gradient of the chosen weight, or show it for the typed weight."""
    if not has_chain(session):
        raise UsageError("chain", _("a perceptron has no gradient to take apart"))
    if not argument:
        factor = 0 if session.focus.factor is None else None
        return replace(session, focus=replace(session.focus, factor=factor))
    model = session.timeline.run_at(session.position.update).model
    found = named_elements(model.layout, argument)
    if not found:
        known = ", ".join(parameter_name(model.layout, i) for i in range(min(model.layout.size, _NAMED)))
        raise UsageError(quoted(argument), _("no such parameter"), known)
    focus = focus_on(model, found[0], replace(session.focus, input=found[0], is_weight=True))
    if not focus.is_weight:
        raise UsageError(quoted(argument), _("a bias just adds itself: its gradient is δ"), _("the name of a weight"))
    return replace(session, focus=replace(focus, factor=0))


def has_chain(session: Session) -> bool:
    """Whether there is a gradient to take apart."""
    return chain_rule.has_chain(session.timeline.run.model)


def walked(session: Session, by: int) -> Session | None:
    """Return the session at the next factor of the chain rule (by 1), or at the previous one (−1).

    None if the chain rule is not looked at, or its update is not complete yet.
    """
    chain = None if session.position.phase is not None else session.chain
    if chain is None or session.focus.factor is None:
        return None
    factor = chain.within(chain.within(session.focus.factor) + by)
    return replace(session, focus=replace(session.focus, factor=factor))


def z(session: Session, argument: str) -> Text:
    """Show the activation functions and their slopes at a typed z."""
    found = [look.activation for look in looks(session.view)]
    if not found:
        raise UsageError("z", _("this scenario has no activation to look at"))
    page = activation_page(found, number(argument))
    return Text(tuple(map(TextLine, (page.title, page.sentence, *map(equation, page.lines)))), is_page=True)


def check(session: Session, argument: str) -> Result:
    """Check the gradient on view by nudging some or all parameters, and the published figures against the run's."""
    if argument not in ("", ALL):
        raise UsageError(quoted(argument), _("not something to check"), "check, check all")
    update = update_on_view(session.timeline, session.position)
    if update is None:
        return _checked(session, None, None)
    return _full_check(session, update) if argument == ALL else _checked(session, update, gradient_indicator(update))


def lesson_source(session: Session) -> str:
    """Return the goals, the lesson, and the hints of goals that are not reached, as Markdown."""
    goals, hints = goal_lines(session), goal_hints(session)
    text = session.scenario.lesson or _("This scenario has no lesson text.")
    before = ["\\\n".join(goals), ""] if goals else []
    after = ["", f"**{_('Hints')}**", "", *(f"* {hint}" for hint in hints)] if hints else []
    return "\n".join([*before, *text.rstrip().split("\n"), *after])


def nudge(session: Session, argument: str) -> Session:
    """Find the gradient on view by nudging one more parameter, the typed number of them, or all that remain.

    Raises UsageError if none remains, if there is no update to look at, or if it would take too long.
    """
    nudging = session.nudging or Nudging(_update_to_nudge(session))
    if nudging.is_complete:
        raise UsageError("nudge", _("every parameter has been nudged"))
    wanted = nudging.size - nudging.count if argument == ALL else count(argument, 1)
    if wanted == 0:
        raise UsageError("nudge", _("nothing to nudge"), _("one parameter or more, or all"))
    update = nudging.update
    samples = 1 if update.prediction is None else len(update.prediction)
    passes = 2 * min(wanted, nudging.size - nudging.count)
    if passes * samples * nudging.size > _NUDGING_LIMIT:
        text = _("{passes} forward passes would take too long; backpropagation needs one, and one back")
        raise UsageError("nudge", text.format(passes=passes), _("nudge one parameter at a time"))
    nudging = nudging.further(wanted)
    return replace(session, nudging=nudging, focus=focus_on(update.run.model, nudging.count - 1, session.focus))


def _update_to_nudge(session: Session) -> Update:
    """Return the update on view, else the next one. Raises UsageError if there is neither."""
    is_made_here = not is_edited(session.timeline, session.position)
    update = update_on_view(session.timeline, session.position) if is_made_here else None
    update = update or session.timeline.next_update(session.position.update)
    if update is None:
        raise UsageError("nudge", _("there is no update to compare with"))
    return update


def _full_check(session: Session, update: Update) -> Work:
    full = FullCheck(update)
    count = len(full.elements)

    def progress(at: int) -> str:
        return _("parameter {number} of {count}").format(number=at, count=count)

    def result(_work: Work) -> Text:
        return _checked(session, update, full.indicator, is_full=True)

    return Work(_("checking the gradient"), count, full.steps(), progress, result)


def _checked(session: Session, update: Update | None, lamp: GradientIndicator | None, *, is_full: bool = False) -> Text:
    """Return the findings of a check; is_full: whether to list them block by block."""
    lines, title = [], ""
    if update is not None and lamp is not None:
        title = _("gradient of update {number}").format(number=update.number)
        lines = [lamp.text, *(block_lines(update, lamp) if is_full else ())]
    lines += [result.text for result in figures_at(session.scenario, session.timeline, session.position)]
    lines = lines or [_("nothing to compare before the first update")]
    return Text(tuple(map(TextLine, lines)), title=title, is_page=is_full)
