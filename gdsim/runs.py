"""A run and its updates for Python and notebooks: numbers, worked equations, charts, what-ifs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gdsim.charts.chart import Drawing
from gdsim.charts.table import CHARTS, charts_for
from gdsim.charts.view import MARKS, Comparison
from gdsim.engine import update as engine
from gdsim.engine.parameters import Layout, Vector
from gdsim.errors import UsageError
from gdsim.explain.branches import described
from gdsim.explain.page import Page as ExplainedPage
from gdsim.explain.page import equation_lines, names_of
from gdsim.explain.pages import page
from gdsim.export.files import TEXTS, text_lines, write_file
from gdsim.export.notebook import FIRST_LOOK, run_html, update_html
from gdsim.export.trace.lines import Steps
from gdsim.interop.building import toml_lines
from gdsim.interop.numpy_code import numpy_code
from gdsim.plain.charts import chart_lines
from gdsim.scenario.files import data_files
from gdsim.scenario.scenario import Scenario
from gdsim.session import Session
from gdsim.timeline.timeline import Timeline

if TYPE_CHECKING:
    import pandas

Values = Mapping[str, float | Vector]
"""Numbers by parameter name: a float, or an array of the parameter's shape."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart of a run: a picture in notebooks, words elsewhere."""

    title: str
    _chart: Drawing | None
    _lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self._lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the chart for Jupyter as SVG, drawn as on screen; its words if the chart would cost too much."""
        from gdsim.tui.pictures import chart_picture

        if self._chart is None:
            return f"<pre>{escape(str(self))}</pre>"
        return chart_picture(self._chart, self.title, self._lines)


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page in a frame, for notebooks."""

    html: str

    def _repr_html_(self) -> str:
        """Return the frame for Jupyter."""
        return f'<iframe srcdoc="{escape(self.html)}" width="100%" height="640" style="border:0"></iframe>'


@dataclass(frozen=True, slots=True)
class Update:
    """One update of a run: everything that was computed in it.

    >>> update = gdsim.load("mazur").update(1)
    >>> round(float(update.gradient["W2"][0, 0]), 9)
    0.082167041
    >>> print(update.explain(3))
    phase 3 of 7: loss
    The answer of y₁ is furthest off: 0.751365 instead of 0.01.
    C = ½·Σⱼ (aⱼ − yⱼ)²
      = ½·[(0.751365 − 0.01)² + (0.772928 − 0.99)²]
      = 0.298371
    """

    record: engine.Update
    _scenario: Scenario

    @property
    def number(self) -> int:
        """The number of the update, from 1."""
        return self.record.number

    @property
    def epoch(self) -> int:
        """The epoch (pass over the data) it belongs to, from 1."""
        return self.record.epoch

    @property
    def loss_before(self) -> float:
        """The loss before the update, over its samples."""
        return self.record.loss_before

    @property
    def loss(self) -> float:
        """The loss after the update, over the same samples."""
        return self.record.loss

    @property
    def before(self) -> Values:
        """The parameters before the update."""
        return _named(self._layout, self.record.before.theta)

    @property
    def gradient(self) -> Values:
        """∂loss/∂parameter, taken before the update."""
        return _named(self._layout, self.record.gradient)

    @property
    def change(self) -> Values:
        """What the update adds to the parameters."""
        return _named(self._layout, self.record.change)

    @property
    def parameters(self) -> Values:
        """The parameters after the update."""
        return _named(self._layout, self.record.after.theta)

    @property
    def phases(self) -> tuple[str, ...]:
        """The names of its phases, in the order they are computed."""
        return tuple(phase.kind for phase in self.record.phases)

    @property
    def _layout(self) -> Layout:
        return self.record.run.model.layout

    def explain(self, phase: int | None = None) -> str:
        """Return its phases, or one of them (from 1), in words and in equations with the numbers put in.

        Raises IndexError if there is no such phase.
        """
        count = len(self.record.phases)
        if phase is not None and not 1 <= phase <= count:
            raise IndexError(f"update {self.number} has phases 1 to {count}")
        wanted = range(count) if phase is None else (phase - 1,)
        return "\n\n".join(_text(page(self.record, index, names=names_of(self._scenario))) for index in wanted)

    def __repr__(self) -> str:
        """Return its number and the losses before and after it."""
        return f"Update({self.number}, loss {self.loss_before:.6g} → {self.loss:.6g})"

    def _repr_html_(self) -> str:
        """Return the worked update as HTML for Jupyter."""
        return update_html(self._scenario, self.record)


class Run:
    """A run of a scenario, update by update; `load` returns one.

    >>> run = gdsim.load("perceptron")
    >>> sum(update.record.is_mistake for update in run)
    23
    >>> run.stopped
    'converged'
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def scenario(self) -> Scenario:
        """The scenario it runs."""
        return self._session.scenario

    @property
    def title(self) -> str:
        """The title of the scenario."""
        return self.scenario.title

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its parameters."""
        return self.timeline.run.model.layout.names

    @property
    def stopped(self) -> str | None:
        """Why the run stopped; None while the updates computed so far have not reached its end."""
        return self.timeline.stopped

    @property
    def timeline(self) -> Timeline:
        """The states and updates of the run by number, as `gdsim.timeline` stores them."""
        return self._session.timeline

    def update(self, number: int) -> Update:
        """Return update `number`, from 1. Raises IndexError if the run ends before it."""
        return Update(self.timeline.update(number), self.scenario)

    def parameters(self, after: int = 0) -> Values:
        """Return the parameters after `after` updates; 0 is the start. Raises IndexError if the run ends before."""
        return _named(self.timeline.run.model.layout, self.timeline.state(after).theta)

    def loss(self, after: int = 0) -> float:
        """Return the loss after `after` updates; 0 is the start. Raises IndexError if the run ends before."""
        self.timeline.state(after)
        return self.timeline.loss(after)

    def __iter__(self) -> Iterator[Update]:
        """Iterate over all updates in order, computing them as needed."""
        number = 1
        while self.timeline.reach(number) == number:
            yield self.update(number)
            number += 1

    def columns(self) -> dict[str, Vector]:
        """Return the whole run as columns by name, with one number per update from the start (update 0) on.

        Columns: update, epoch, loss, every parameter, and its gradient and change, which are nan at the start.

        >>> columns = gdsim.load("mountain-descent", {"stop.max_updates": 2}).columns()
        >>> columns["x"].tolist(), columns["gradient.x"].tolist()
        ([4.0, 3.96, 3.9208], [nan, 4.0, 3.92])
        """
        labels = self.timeline.run.model.layout.element_names
        nothing = np.full(len(labels), np.nan)
        rows = [np.concatenate(([0.0, 0.0, self.loss(0)], self.timeline.state(0).theta, nothing, nothing))]
        rows += [
            np.concatenate(([u.number, u.epoch, u.loss], u.record.after.theta, u.record.gradient, u.record.change))
            for u in self
        ]
        columns = ("update", "epoch", "loss", *labels, *(f"{w}.{n}" for w in ("gradient", "change") for n in labels))
        return dict(zip(columns, np.array(rows).T, strict=True))

    def to_pandas(self) -> pandas.DataFrame:
        """Return `columns` as a DataFrame indexed by update. Raises ImportError if pandas is not installed."""
        try:
            import pandas
        except ImportError:
            raise ImportError("to_pandas needs pandas: pip install pandas; columns() does without") from None
        frame = pandas.DataFrame(self.columns())
        return frame.astype({"update": int, "epoch": int}).set_index("update")

    def to_markdown(self, first: int = 1, last: int | None = None) -> str:
        """Return updates `first` to `last` (None: to the end) as Markdown, worked out with every equation.

        >>> print(gdsim.load("mountain-descent").to_markdown(1, 1).splitlines()[0])
        # Walk down (x − 2)²
        """
        return "".join(text_lines(".md", self._session, Steps(first, last)))

    def save(self, path: str | Path, *, force: bool = False) -> None:
        """Write the run to a file whose ending gives the format: .toml (the scenario), .md, .csv or .jsonl.

        force: replace an existing file. Raises gdsim.errors.GdsimError for another ending, for a file that exists
        (without `force`) and for one that cannot be written.
        """
        if not isinstance(path, str | Path):
            raise UsageError("save", f"found {type(path).__name__}", 'a file, such as "mine.toml"')
        path = Path(path)
        if path.suffix == ".toml":
            write_file(path, self._toml_lines(str(path)), force=force)
            return
        if path.suffix not in TEXTS:
            raise UsageError(str(path), "unknown file extension", f"one of .toml, {', '.join(TEXTS)}")
        write_file(path, text_lines(path.suffix, self._session), force=force)

    def _toml_lines(self, where: str) -> Iterator[str]:
        """Yield the scenario's TOML lines. Raises UsageError if it needs data files or the run was edited."""
        table = self.scenario.source_table
        files = data_files(table)
        if files or self.timeline.edits:
            what = "its samples are in a separate file" if files else "the run was changed by edits"
            raise UsageError(where, what, "a run made of arrays, or of a scenario that holds its samples")
        yield from (f"{line}\n" for line in toml_lines(table))

    def plot(self, chart: str = "", at: int | None = None) -> Plot:
        """Return a chart after `at` updates (None: those computed so far, or the first few): a picture, or words.

        Raises gdsim.errors.GdsimError for a chart that does not fit the scenario, listing those that do.

        >>> print(str(gdsim.load("mountain-descent").plot("loss", at=2)).splitlines()[0])
        loss by update: 4 at the start, 3.689473 now, after update 2.
        """
        at = None if at is None else _count("at", at)
        session = self._session.after((self.timeline.last or FIRST_LOOK) if at is None else at)
        view = session.view
        lines = chart_lines(view, chart)
        name = chart or charts_for(view)[0]
        return Plot(CHARTS[name].title, CHARTS[name].build(view), tuple(lines))

    def what_if(self, after: int, **changes: float | str | bool) -> Run:
        """Return the run with changes made after update `after`.

        changes: learning_rate, rule, form, an option of the rule, schedule ("step 50 0.5"), clip ("norm 1"), or a
        parameter.

        >>> other = gdsim.load("mountain-descent").what_if(12, learning_rate=0.5)
        >>> round(other.parameters(13)["x"], 6)
        2.0
        """
        if not changes:
            raise UsageError("what_if", "changes nothing", "such as what_if(12, learning_rate=0.5)")
        names, rule = self.timeline.run.model.layout, self.timeline.run.rule
        session = self._session.after(_count("after", after))
        for key, value in changes.items():
            settings = ("learning_rate", "rule", "form", "schedule", "clip", *rule.options)
            is_setting = key in settings and key not in names.names
            session = session.edited(f"update.{key}" if is_setting else key, value)
        return Run(session)

    def compare(self, *others: Run) -> Run:
        """Return this run with others drawn for comparison in charts, on the screen and in notebooks.

        >>> run = gdsim.load("mountain-descent")
        >>> both = run.what_if(0, learning_rate=0.3).compare(run)
        """
        for other in others:
            if not isinstance(other, Run):
                raise UsageError("compare", f"found {type(other).__name__}", "runs")
        ghosts = [
            Comparison(_label(other.timeline), MARKS[i % len(MARKS)], other.timeline, is_ghost=True, number=i)
            for i, other in enumerate(others)
        ]
        return Run(self._session.beside(ghosts))

    def show(self) -> Page | None:
        """Open the screen, or, in a notebook, return a page to step through."""
        if "ipykernel" in sys.modules:
            return self.widget()
        from gdsim.tui.app import start
        from gdsim.tui.display import Options

        place = replace(self._session.place, update=0, phase=None)
        beside = tuple(each for each in self._session.comparisons if each.is_ghost)
        start(self.scenario, Options(place=place, beside=beside))
        return None

    def widget(self, last: int = 12, *, phases: bool = False) -> Page:
        """Return a notebook page that steps through the screen, up to update `last`; phases: also at each phase.

        It needs no other package and no server.
        """
        from gdsim.tui.pictures import Shot
        from gdsim.tui.pictures import page as html_page

        shot = Shot(steps=Steps(0, _count("last", last)), has_phases=phases)
        return Page("".join(html_page(self._session, shot)))

    def numpy_code(self, updates: int = 10) -> str:
        """Return a plain numpy program that makes the same updates, or fewer if the run ends earlier, to take apart.

        Raises gdsim.errors.GdsimError naming anything it has no code for.
        """
        if self.timeline.edits:
            raise UsageError("numpy_code", "the run was changed by edits", "a run as its scenario has it")
        return numpy_code(self.timeline.run, self.timeline.reach(_count("updates", updates)))

    def record(self, at: int = 0) -> engine.Run:
        """Return the `gdsim.engine` run in force after `at` updates: what is minimised, and how."""
        return self.timeline.run_at(at)

    def __repr__(self) -> str:
        """Return the scenario's name and the names of the parameters."""
        return f"Run({self.scenario.name!r}, parameters: {', '.join(self.names)})"

    def _repr_html_(self) -> str:
        """Return the updates computed so far, or the first few, as charts and numbers for Jupyter."""
        from gdsim.tui.pictures import chart_picture

        return run_html(self._session, chart_picture)


def _count(name: str, given: object) -> int:
    """Return a number of updates. Raises UsageError if it is not a whole number from 0."""
    if type(given) is not int or given < 0:
        raise UsageError(name, f"found {given!r}", "a whole number of updates, at least 0")
    return given


def _named(layout: Layout, vector: Vector) -> dict[str, Any]:
    """Return the parts of a vector like θ by parameter name; single numbers as floats."""
    return {name: float(part) if part.ndim == 0 else part for name, part in layout.views(vector).items()}


def _label(timeline: Timeline) -> str:
    """Return the label of a compared run: its edits, else its learning rate."""
    edits = "; ".join(described(edit) for edit in timeline.edits)
    return edits or f"η = {timeline.run.learning_rate:g}"


def _text(shown: ExplainedPage) -> str:
    return "\n".join((shown.title, shown.sentence, *equation_lines(shown.lines), *shown.notes))
