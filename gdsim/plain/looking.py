"""The commands of plain mode that choose what is looked at closely: a neuron or weight, a sample, a z."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gdsim.charts.kinds import sample as samples
from gdsim.charts.kinds.activation import looks
from gdsim.charts.table import CHARTS, charts_for
from gdsim.errors import UsageError
from gdsim.explain.answers import equation
from gdsim.explain.side_pages import activation_page
from gdsim.i18n import _
from gdsim.plain.chart_words import chart_lines
from gdsim.plain.typed import count, number
from gdsim.session import Session

Shown = Iterator[Session | str]

_WRONG = "wrong"


def neuron(session: Session, argument: str) -> Shown:
    """Put the numbers of a neuron, or of one of its weights, into equations."""
    layer, *rest = argument.split() or [""]
    if len(rest) > 2:
        raise UsageError("neuron", _("takes three numbers at the most"), "neuron 1, neuron 1 2, neuron 1 2 3")
    place = [max(0, count(text) - 1) for text in rest]
    unit, source = (*place, 0, 0)[:2]
    focus = replace(session.focus, layer=count(layer), unit=unit, input=source, is_weight=len(place) == 2)
    yield replace(session, focus=focus)


def sample(session: Session, argument: str) -> Shown:
    """Look at another sample than that of the update: the next, number N, or the next answered wrongly."""
    charts = [name for name in charts_for(session.view) if CHARTS[name].chosen_by is samples.moved]
    if not charts:
        raise UsageError("sample", _("no samples are looked at one by one in this scenario"))
    if argument == _WRONG:
        focus = samples.to_mistake(session.view, 1)
        if focus == session.focus:
            raise UsageError("sample", _("none after this one is answered wrongly"))
    elif argument:
        focus = samples.stepped(replace(session, focus=replace(session.focus, picked=None)).view, count(argument))
    else:
        focus = samples.stepped(session.view, 1)
    session = replace(session, focus=focus)
    yield session
    yield "\n".join(chart_lines(session.view, charts[0]))


def z(session: Session, argument: str) -> Shown:
    """Tell of the activations and their slopes at a z."""
    found = [look.activation for look in looks(session.view)]
    if not found:
        raise UsageError("z", _("no activation is looked at in this scenario"))
    page = activation_page(found, number(argument))
    yield "\n".join([page.title, page.sentence, *map(equation, page.lines)])
