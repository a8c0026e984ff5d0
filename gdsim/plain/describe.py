"""A position in a run in words: status, parameters, equations, an open question; and the course of the run so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gdsim.charts.chart import ROLES_OF_LINES, Role, Series, Shape
from gdsim.charts.current import position_of
from gdsim.charts.kinds.parameters import build as build_parameters
from gdsim.charts.shapes import counts_mistakes
from gdsim.charts.view import View
from gdsim.engine.names import in_ascii, parameter_name
from gdsim.engine.parameters import Layout
from gdsim.errors import UsageError
from gdsim.explain.answers import choices, equation, hints, known
from gdsim.explain.branches import difference
from gdsim.explain.chain import chain_page
from gdsim.explain.gradient_check import nudging_page
from gdsim.explain.numbers import short_number
from gdsim.explain.page import Page
from gdsim.explain.selection import is_edited
from gdsim.explain.status import comparison_line, percent, status_line, stop_sentence
from gdsim.explain.story import headline, story
from gdsim.explain.table import ParameterRow, block_summaries, by_change, row_count, rows
from gdsim.i18n import _, ngettext
from gdsim.session import Session
from gdsim.timeline.position import Position, phases_revealed, update_on_view
from gdsim.timeline.segment import EpochRecord

SHOWN_PARAMETERS = 8
"""Most parameters that a block shows in full; of more, it shows those that change most."""

SHOWN_CHANGES = 3
"""How many parameters a block shows then."""

LISTED_UNASKED, LARGEST_CHANGES = 40, 10
"""With more parameters than the first, params summarises the blocks and lists the second number of largest changes."""

LISTED_PARAMETERS = 2000
"""Most parameters listed at once."""

_MOST_EPOCHS = 12
_RECENT = 10
"""Number of updates over which the recent trend of the loss is taken."""


def block(session: Session) -> str:
    """Return the session's position in words, most important first: what the update did, how, and the state after it.

    While a question is open, return only the question, so that nothing gives its answer away.
    """
    if session.quiz.open:
        return "\n".join(question_lines(session))
    reason = session.timeline.stopped if session.is_over else None
    end = [] if reason is None else [stop_sentence(reason, session.timeline)]
    first, told = _headline(session), _page(session)
    if not first:
        return "\n".join([brief(session), *told, *end])
    return "\n".join([first, *end, *told, brief(session, has_headline=False)])


def question_lines(session: Session) -> list[str]:
    """Return the open question, what is known, the hints so far, and how to answer."""
    quiz, timeline = session.quiz, session.timeline
    question = quiz.open[0]
    if question.is_typed:
        how = _("answer NUMBER, hint or skip")
    else:
        more, less, neither = choices(question, timeline)
        how = _("answer + ({more}), answer - ({less}), answer 0 ({neither}), hint or skip")
        how = how.format(more=more, less=less, neither=neither)
    before = _("before update {number}:").format(number=question.before)
    return [f"{before} {question.full_text}", known(question, timeline), *hints(quiz, timeline, session.names), how]


def brief(session: Session, *, has_headline: bool = True) -> str:
    """Return the session's position in short: what the update did, status, parameters and compared runs."""
    status = status_line(session.timeline, session.position, session.extra_updates)
    first = _headline(session) if has_headline else ""
    return "\n".join([*filter(None, [first]), status, *_parameters(session), *_comparisons(session)])


def _headline(session: Session) -> str:
    """Return what the update on view did, or the title and sentence of its phase on view; empty if there is none."""
    timeline, position, hidden = session.timeline, session.position, session.scenario.show.hide
    update = update_on_view(timeline, position)
    if update is None or is_edited(timeline, position) or session.nudging is not None:
        return ""
    if position.phase is not None:
        phase = "" if "equation" in hidden else _told(_story(session)[-1])
        return phase and _("Update {number}, {phase}").format(number=update.number, phase=phase)
    return headline(update, session.focus, has_parameters=not {"parameters", "change"} & {*hidden})


BY_CHANGE, BY_NAME = "by change", "by name"
"""The arguments that list every parameter, in one order or the other."""


def parameter_lines(session: Session, argument: str = "") -> list[str]:
    """Return a line for every parameter; if there are many, a summary and the largest changes.

    argument: the beginning of the names to list, or `BY_CHANGE` or `BY_NAME`. Raises UsageError if no name begins so.
    """
    layout, count = session.timeline.run.model.layout, row_count(session.timeline)
    ordered = by_change(session.timeline, session.position)
    if not argument and count > LISTED_UNASKED:
        changes = _listed(session, ordered, LARGEST_CHANGES) if ordered is not None else []
        hint = _("params NAME lists those whose names begin with NAME, params {order} all of them")
        hint = hint.format(order=BY_CHANGE)
        return [*block_summaries(session.timeline, session.position), *changes, *_more(count - len(changes), hint)]
    if argument in ("", BY_NAME):
        ordered = None
    elif argument != BY_CHANGE:
        beginning = argument.replace(" ", "")
        ordered = np.array([i for i in range(count) if _begins(layout, i, beginning)], dtype=np.intp)
        count = len(ordered)
        if not count:
            known = ", ".join(row.name for row in _rows(session, SHOWN_PARAMETERS))
            raise UsageError(argument, _("no parameter's name begins with that"), known)
    lines = _listed(session, ordered, min(count, LISTED_PARAMETERS))
    return lines + _more(count - len(lines), _("params NAME shows some of them"))


def _begins(layout: Layout, element: int, beginning: str) -> bool:
    """Whether any name of an element of θ (on screen, in ASCII, in files) begins with `beginning`."""
    name = parameter_name(layout, element)
    return any(each.startswith(beginning) for each in (name, in_ascii(name), layout.element_name(element)))


def _listed(session: Session, order: NDArray[np.intp] | None, count: int) -> list[str]:
    """Return a line for each of the first `count` parameters in an order."""
    shown = rows(session.timeline, session.position, 0, count, order)
    return [_parameter(row, session.scenario.show.hide) for row in shown]


def _comparisons(session: Session) -> list[str]:
    """Return a line for each run compared with this one: its label, its state, and its parameters if they are few.

    For the other branches of this run, the line adds how far this run is from them.
    """
    lines, view, hidden = [], session.view, session.scenario.show.hide
    for other in view.comparisons:
        position = position_of(other, view)
        parts = [comparison_line(other.mark, other.label, other.timeline, position.update)]
        count = row_count(other.timeline)
        if count <= SHOWN_PARAMETERS and "parameters" not in hidden:
            parts += [_parameter(row, hidden) for row in rows(other.timeline, position, 0, count)]
        if other.is_ghost:
            apart = difference(view.timeline, other.timeline, other.mark, view.position.update)
            parts.append(_("this run: {difference}").format(difference=apart))
        lines.append(" · ".join(parts))
    return lines


def _parameters(session: Session) -> list[str]:
    """Return the parameters if they are few, else the largest changes and how many more there are."""
    if "parameters" in session.scenario.show.hide:
        return []
    count, order = row_count(session.timeline), by_change(session.timeline, session.position)
    if count <= SHOWN_PARAMETERS:
        lines = _listed(session, None, count)
    else:
        lines = [] if order is None else _listed(session, order, SHOWN_CHANGES)
    return lines + _more(count - len(lines), _("params lists them"), is_further=bool(lines))


def _rows(session: Session, count: int) -> list[ParameterRow]:
    return list(rows(session.timeline, session.position, 0, min(count, row_count(session.timeline))))


def _parameter(row: ParameterRow, hidden: Collection[str]) -> str:
    """Return ``x = 3.9208 (change −0.0392, gradient 3.92)``, as far as it is known yet and not hidden."""
    value = row.value if row.new is None else row.new
    known = [
        f"{_(what)} {short_number(number)}"
        for what, number in (("change", row.change), ("gradient", row.gradient))
        if number is not None and what not in hidden
    ]
    return f"{row.name} = {short_number(value)}" + (f" ({', '.join(known)})" if known else "")


def _more(count: int, hint: str, *, is_further: bool = True) -> list[str]:
    if count <= 0:
        return []
    text = ngettext("{count} parameter", "{count} parameters", count)
    if is_further:
        text = ngettext("{count} more parameter", "{count} more parameters", count)
    return [f"{text.format(count=count)}; {hint}"]


def _page(session: Session) -> list[str]:
    """Return the update or phase on view in words and equations; if there is none, what to do next."""
    timeline, position = session.timeline, session.position
    if position == Position() and session.nudging is None:
        return [_("before the first update: an empty line makes it, . goes through it phase by phase")]
    if is_edited(timeline, position):
        return [_("changed by hand: an empty line makes the next update from here")]
    if "equation" in session.scenario.show.hide:
        return []
    if session.nudging is not None:
        page = nudging_page(session.nudging)
        return [page.title, page.sentence, *map(equation, page.lines), *page.notes]
    chain, factor = session.chain, session.focus.factor
    if chain is not None and factor is not None:
        page = chain_page(chain, factor, has_numbers=position.phase is None)
        return [_told(page), *map(equation, page.lines), *page.notes]
    pages = _story(session)
    if position.phase is not None:  # `_headline` shows its title and sentence
        return [*map(equation, pages[-1].lines), *pages[-1].notes]
    lines: list[str] = []
    for page in pages:
        told = [_told(page), *map(equation, page.lines), *page.notes]
        lines += [line for line in told if line not in lines or line.startswith("…")]
    return lines


def _story(session: Session) -> tuple[Page, ...]:
    """Return the pages of the update on view that contribute to the change of the weight looked at."""
    update = update_on_view(session.timeline, session.position)
    assert update is not None
    phase = phases_revealed(session.timeline, session.position) - 1
    return story(update, phase, session.focus, names=session.names)


def _told(page: Page) -> str:
    return ". ".join(filter(None, (page.title, page.sentence)))


def loss_words(view: View) -> list[str]:
    """Return the loss at the start and now, how often it rose, its minimum, and its recent trend."""
    updates, losses = view.timeline.losses(view.position.update)
    here = _("{loss} now, after update {update}").format(loss=short_number(losses[-1]), update=view.position.update)
    if len(losses) == 1:
        return [_("{loss} before the first update.").format(loss=short_number(losses[0]))]
    lines = [_("{loss} at the start, {here}.").format(loss=short_number(losses[0]), here=here)]
    finite = np.isfinite(losses)
    if not finite.all():
        text = _("From update {update} on it was no longer a finite number.")
        lines.append(text.format(update=int(updates[int((~finite).argmax())])))
        return lines
    rises = updates[1:][np.diff(losses) > 0]
    if len(rises):
        count = ngettext("It rose once, at update {last}.", "It rose {count} times, last at update {last}.", len(rises))
        lines.append(count.format(count=len(rises), last=int(rises[-1])))
        lowest = int(losses.argmin())
        lines.append(
            _("Its lowest was {loss}, after update {update}.").format(
                loss=short_number(losses[lowest]), update=int(updates[lowest])
            )
        )
    else:
        lines.append(_("It never rose."))
    return [*lines, *_lately(losses)]


def epoch_words(view: View) -> list[str]:
    """Return a line for each of the latest epochs: mistakes of a perceptron, loss and accuracy of others."""
    shown = view.timeline.latest_epochs(view.position.update, _MOST_EPOCHS)
    is_full = view.timeline.run.batches.size is None
    head = [_("every update uses all samples, so one update is one epoch.")] if is_full else []
    if not shown:
        return [*head, _("no epoch has ended yet.")]
    is_counted, ended = counts_mistakes(view.timeline.run), shown[-1].epoch
    total = ngettext("{count} epoch has ended.", "{count} epochs have ended.", ended).format(count=ended)
    left_out = [_("The last {count} of them:").format(count=len(shown))] if ended > len(shown) else []
    return [*head, total, *left_out, *(_epoch(record, is_counted) for record in shown)]


def parameter_words(view: View) -> list[str]:
    """Return the first and the current value of each parameter, and the true values if they are known."""
    chart = build_parameters(view)
    if chart is None:
        return []
    lines = [_("from the start to update {update}.").format(update=view.position.update)]
    series = [layer for layer in chart.layers if isinstance(layer, Series)]
    truths = [layer for layer in series if layer.role is Role.TRUTH and layer.label]
    names = [layer.label for layer in series if layer.role in ROLES_OF_LINES and layer.label]
    lines_of = Counter[Role]()
    for course, named in pairwise(series):  # each line is followed by the points that name it
        if course.shape is Shape.LINE and course.role is not Role.TRUTH:
            label = named.label
            if course.role not in ROLES_OF_LINES and len(names) > 1:
                label = f"{label}, {names[lines_of[course.role]]}"
            lines_of[course.role] += 1
            first, last = short_number(course.y[0]), short_number(course.y[-1])
            lines.append(_("{name}: {first}, now {last}").format(name=label, first=first, last=last))
    return lines + [f"{layer.label}: {short_number(layer.y[-1])}" for layer in truths]


def _lately(losses: np.ndarray) -> list[str]:
    if len(losses) <= _RECENT + 1 or losses[-1 - _RECENT] == 0:
        return []
    before, now = float(losses[-1 - _RECENT]), float(losses[-1])
    change = short_number(float(f"{100 * abs(before - now) / abs(before):.3g}"))
    text = _("Over the last {count} updates it fell by {percent} %.")
    if now >= before:
        text = _("Over the last {count} updates it rose by {percent} %.")
    return [text.format(count=_RECENT, percent=change)]


def _epoch(record: EpochRecord, is_counted: bool) -> str:
    if is_counted:
        text = ngettext("epoch {epoch}: {count} mistake", "epoch {epoch}: {count} mistakes", record.mistakes)
        return text.format(epoch=record.epoch, count=record.mistakes)
    parts = [_("loss {loss}").format(loss=short_number(record.score.loss))]
    if record.score.accuracy is not None:
        parts.append(_("{percent} % right").format(percent=percent(record.score.accuracy)))
    if record.score.test_loss is not None:
        parts.append(_("loss on unseen samples {loss}").format(loss=short_number(record.score.test_loss)))
    if record.score.test_accuracy is not None:
        parts.append(_("{percent} % of unseen samples right").format(percent=percent(record.score.test_accuracy)))
    return _("epoch {epoch}: {told}").format(epoch=record.epoch, told=", ".join(parts))
