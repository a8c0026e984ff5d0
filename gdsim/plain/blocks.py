"""What plain mode shows of a session: a few lines of text, no columns, no drawing."""

from __future__ import annotations

from collections.abc import Collection

from gdsim.charts.current import position_of
from gdsim.errors import UsageError
from gdsim.explain.answers import choices, equation, hints, known
from gdsim.explain.branches import difference
from gdsim.explain.figures import figures_at
from gdsim.explain.gradient_check import block_lines, full_check, gradient_lamp
from gdsim.explain.numbers import short_number
from gdsim.explain.pages import page_at
from gdsim.explain.selection import is_edited
from gdsim.explain.side_pages import nudging_page
from gdsim.explain.status import beside_line, status_line, stop_sentence
from gdsim.explain.table import ParameterRow, row_count, rows
from gdsim.i18n import _, ngettext
from gdsim.session import Session
from gdsim.timeline.position import Position, update_on_view

SHOWN_PARAMETERS = 8
"""More parameters than this are counted, not shown, in a block."""

LISTED_PARAMETERS = 2000
"""At most so many parameters are listed at once."""


def block(session: Session) -> str:
    """Return where the session is: status, parameters, and the phase on view in words and equations.

    While a question is open that is the question, and nothing that would give its answer away.
    """
    if session.quiz.open:
        return "\n".join(question_lines(session))
    lines = [_status(session), *_parameters(session), *_beside(session), *_page(session)]
    if session.is_over and session.timeline.stopped is not None:
        lines.append(stop_sentence(session.timeline.stopped, session.timeline))
    return "\n".join(lines)


def question_lines(session: Session) -> list[str]:
    """Return the open question, what is known, the hints so far, and how to answer."""
    quiz, timeline = session.quiz, session.timeline
    question = quiz.open[0]
    if question.form == "value":
        how = _("answer NUMBER, hint or skip")
    else:
        more, less, neither = choices(question, timeline)
        how = _("answer + ({more}), answer - ({less}), answer 0 ({neither}), hint or skip")
        how = how.format(more=more, less=less, neither=neither)
    before = _("before update {number}:").format(number=question.before)
    return [f"{before} {question.text}", known(question, timeline), *hints(quiz, timeline, session.names), how]


def brief(session: Session) -> str:
    """Return where the session is in short: status and parameters."""
    return "\n".join([_status(session), *_parameters(session), *_beside(session)])


def parameter_lines(session: Session, beginning: str = "") -> list[str]:
    """Return one line for every parameter whose name begins so. Raises UsageError when there is none."""
    found = [row for row in _rows(session, row_count(session.timeline)) if row.name.startswith(beginning)]
    if not found:
        known = ", ".join(row.name for row in _rows(session, SHOWN_PARAMETERS))
        raise UsageError(beginning, _("no parameter's name begins so"), known)
    lines = [_parameter(row, session.scenario.show.hide) for row in found[:LISTED_PARAMETERS]]
    return lines + _more(len(found) - len(lines), _("params NAME shows some of them"))


def check_lines(session: Session, *, is_full: bool = False) -> list[str]:
    """Return whether the gradient on view agrees with nudging, and which published figures come out so far.

    is_full: nudge every parameter, however long that takes, and tell of every block.
    """
    update = update_on_view(session.timeline, session.position)
    lines = []
    if update is not None:
        lamp = full_check(update, lambda _done: True) if is_full else gradient_lamp(update)
        lines = [lamp.text, *(block_lines(update, lamp) if is_full else ())]
    lines += [result.text for result in figures_at(session.scenario, session.timeline, session.position)]
    return lines or [_("nothing to compare before the first update")]


def _status(session: Session) -> str:
    return status_line(session.timeline, session.position, session.extra_updates)


def _beside(session: Session) -> list[str]:
    """Return a line for each run beside: who it is, how it stands, its parameters where these are few.

    Of the other branches of this run it says how far apart they are from it.
    """
    lines, view, hidden = [], session.view, session.scenario.show.hide
    for beside in view.comparisons:
        position = position_of(beside, view)
        parts = [beside_line(beside.mark, beside.label, beside.timeline, position.update)]
        count = row_count(beside.timeline)
        if count <= SHOWN_PARAMETERS and "parameters" not in hidden:
            parts += [_parameter(row, hidden) for row in rows(beside.timeline, position, 0, count)]
        if beside.is_ghost:
            apart = difference(view.timeline, beside.timeline, beside.mark, view.position.update)
            parts.append(_("this run: {difference}").format(difference=apart))
        lines.append(" · ".join(parts))
    return lines


def _parameters(session: Session) -> list[str]:
    hidden = session.scenario.show.hide
    if "parameters" in hidden:
        return []
    lines = [_parameter(row, hidden) for row in _rows(session, SHOWN_PARAMETERS)]
    return lines + _more(row_count(session.timeline) - len(lines), _("params shows all"))


def _rows(session: Session, count: int) -> list[ParameterRow]:
    return list(rows(session.timeline, session.position, 0, min(count, row_count(session.timeline))))


def _parameter(row: ParameterRow, hidden: Collection[str]) -> str:
    """Return ``x = 3.9208 (change −0.0392, gradient 3.92)``, with what is known of it so far and not hidden."""
    value = row.value if row.new is None else row.new
    known = [
        f"{_(what)} {short_number(number)}"
        for what, number in (("change", row.change), ("gradient", row.gradient))
        if number is not None and what not in hidden
    ]
    return f"{row.name} = {short_number(value)}" + (f" ({', '.join(known)})" if known else "")


def _more(count: int, hint: str) -> list[str]:
    if count <= 0:
        return []
    return [ngettext("{count} more parameter", "{count} more parameters", count).format(count=count) + f"; {hint}"]


def _page(session: Session) -> list[str]:
    """Return the phase on view in words and equations; where none is, what can be done."""
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
    page = page_at(timeline, position, session.focus, names=session.names)
    return [*filter(None, (page.title, page.sentence)), *map(equation, page.lines), *page.notes]
