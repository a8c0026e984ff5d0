"""Shows a run or an update as HTML in Jupyter: charts, equations and numbers, styles included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape

from gdsim.charts.chart import Drawing
from gdsim.charts.table import CHARTS, charts_for
from gdsim.engine.names import parameter_name
from gdsim.engine.update import Update
from gdsim.explain.numbers import short_number
from gdsim.explain.page import equation_lines, names_of
from gdsim.explain.pages import page
from gdsim.explain.status import status_line, stop_sentence
from gdsim.i18n import _, ngettext
from gdsim.scenario.scenario import Scenario
from gdsim.session import Session

FIRST_LOOK = 20
"""How many updates are computed for a run shown before any was computed."""

_CHARTS, _ROWS, _COLUMNS, _PARAMETERS = 2, 8, 12, 32
_STYLE = (
    "<style>.gdsim{font:14px/1.5 system-ui,sans-serif;max-width:960px}.gdsim h3{margin:.2em 0}"
    ".gdsim pre{background:rgba(128,128,128,.12);padding:.5em .8em;margin:.4em 0}"
    ".gdsim td,.gdsim th{text-align:right;padding:.1em .7em}.gdsim figure{display:inline-block;margin:.4em}</style>"
)


def run_html(session: Session, picture: Callable[[Drawing, str], str]) -> str:
    """Return the updates computed so far, or the first few, as HTML: charts, numbers, and how the run ended.

    picture: draws a chart with a title as SVG.
    """
    timeline = session.timeline
    session = session.after(timeline.last or FIRST_LOOK)
    parts = [f"<h3>{escape(session.scenario.title)}</h3>", f"<p>{escape(session.scenario.summary)}</p>"]
    for name in charts_for(session.view)[:_CHARTS]:
        chart, title = CHARTS[name].build(session.view), _(CHARTS[name].title)
        if chart is not None:
            parts.append(f"<figure>{picture(chart, title)}<figcaption>{escape(title)}</figcaption></figure>")
    parts.append(_table(_head(session), list(_rows(session))))
    parts.append(_left_out(timeline.run.model.layout.size - _COLUMNS, "columns()"))
    parts.append(f"<p>{escape(status_line(timeline, session.position))}</p>")
    if timeline.stopped is not None:
        parts.append(f"<p>{escape(stop_sentence(timeline.stopped, timeline))}</p>")
    return _block(parts)


def update_html(scenario: Scenario, update: Update) -> str:
    """Return a worked update as HTML: every phase with its equations, then a table of its numbers."""
    parts = [f"<h3>{escape(_('Update {number}').format(number=update.number))}</h3>"]
    for index in range(len(update.phases)):
        shown = page(update, index, names=names_of(scenario))
        parts.append(f"<p><b>{escape(shown.title)}</b>. {escape(shown.sentence)}</p>")
        equations = "\n".join(equation_lines(shown.lines))
        parts.append(f"<pre>{escape(equations)}</pre>")
        parts += (f"<p><i>{escape(note)}</i></p>" for note in shown.notes)
    layout = update.run.model.layout
    vectors = (update.before.theta, update.gradient, update.change, update.after.theta)
    rows = [
        (parameter_name(layout, i), *(short_number(float(vector[i])) for vector in vectors))
        for i in range(min(len(update.gradient), _PARAMETERS))
    ]
    parts.append(_table((_("name"), _("value"), _("gradient"), _("change"), _("new")), rows))
    parts.append(_left_out(len(update.gradient) - _PARAMETERS, "parameters"))
    return _block(parts)


def _head(session: Session) -> tuple[str, ...]:
    layout = session.timeline.run.model.layout
    return (_("update"), _("loss"), *(parameter_name(layout, i) for i in range(min(layout.size, _COLUMNS))))


def _rows(session: Session) -> Iterator[tuple[str, ...]]:
    """Yield rows with the numbers of the first updates and of the latest."""
    timeline, last = session.timeline, session.position.update
    shown = range(min(timeline.run.model.layout.size, _COLUMNS))
    for k in dict.fromkeys((*range(min(last, _ROWS - 2) + 1), last)):
        theta = timeline.state(k).theta
        yield (str(k), short_number(timeline.loss(k)), *(short_number(float(theta[i])) for i in shown))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    heads = "".join(f"<th>{escape(text)}</th>" for text in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _left_out(count: int, where: str) -> str:
    """Return how many parameters a table leaves out and where to find them; empty if it has them all."""
    if count <= 0:
        return ""
    text = ngettext("{count} more parameter is in {where}.", "{count} more parameters are in {where}.", count)
    return f"<p>{escape(text.format(count=count, where=where))}</p>"


def _block(parts: Sequence[str]) -> str:
    return f'{_STYLE}<div class="gdsim">{"".join(parts)}</div>'
