"""Runs in Python and in notebooks: ``gdsim.load("mountain-descent")``.

>>> import gdsim
>>> run = gdsim.load("mountain-descent")
>>> run
Run('mountain-descent', parameters: x)
>>> first = run.update(1)
>>> first.before["x"], first.gradient["x"], first.change["x"]
(4.0, 4.0, -0.04)
>>> round(first.loss, 6)
3.8416

Updates are computed when they are first asked for; iterating goes on until the run is over.

>>> len(list(run)), run.stopped
(298, 'min_change')
>>> round(run.parameters(298)["x"], 4)
2.0049
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gdsim.engine import update as engine
from gdsim.engine.parameters import Layout, Vector
from gdsim.errors import UsageError
from gdsim.explain.page import Page, equation_lines
from gdsim.explain.pages import page
from gdsim.explain.symbols import names_of
from gdsim.export.files import TEXTS, text_lines, write_file
from gdsim.export.notebook import run_html, update_html
from gdsim.export.trace.lines import Steps
from gdsim.scenario.build import build
from gdsim.scenario.library import names, resolve
from gdsim.scenario.load import load_file
from gdsim.scenario.scenario import Scenario
from gdsim.session import Session
from gdsim.timeline.timeline import Timeline

if TYPE_CHECKING:
    import pandas

Values = Mapping[str, float | Vector]
"""Numbers by the names of the parameters they belong to: a float, or an array of the parameter's shape."""


def scenarios() -> tuple[str, ...]:
    """Return the names of the bundled scenarios.

    >>> "mazur" in gdsim.scenarios()
    True
    """
    return names()


def load(
    scenario: str | Path, settings: Mapping[str, object] | None = None, *, corrected: bool = False, start: int = 1
) -> Run:
    """Return the run of a bundled scenario, by its name, or of a .toml file, by its path.

    settings: keys of the file by their dotted paths, and other values for them; corrected: without the errors of the
    source that the scenario reproduces; start: which of its starting points, from 1.
    Raises gdsim.errors.GdsimError when there is no such scenario or start, and with every mistake in the file.

    >>> gdsim.load("mountain-descent", {"update.learning_rate": 0.5}).update(1).parameters["x"]
    2.0
    """
    loaded = load_file(resolve(str(scenario)), overrides=tuple((settings or {}).items()))
    build(loaded, start_index=start - 1, corrected=corrected)  # so that a start there is not is refused
    session = Session.open(loaded, corrected=corrected)
    for _number in range(1, start):
        session = session.other_start()
    return Run(session)


@dataclass(frozen=True, slots=True)
class Update:
    """One update of a run: everything that was computed in it.

    >>> update = gdsim.load("mazur").update(1)
    >>> round(float(update.gradient["W2"][0, 0]), 9)
    0.082167041
    >>> print(update.explain(3))
    phase 3 of 7: loss
    The answer of y1 is furthest off: 0.751365 instead of 0.01.
    C = ½·Σⱼ (aⱼ − yⱼ)²
      = ½·[(0.751365 − 0.01)² + (0.772928 − 0.99)²]
      = 0.298371
    """

    record: engine.Update
    _scenario: Scenario

    @property
    def number(self) -> int:
        """Which update it is, from 1."""
        return self.record.number

    @property
    def epoch(self) -> int:
        """The pass over the data it belongs to, from 1."""
        return self.record.epoch

    @property
    def loss_before(self) -> float:
        """The loss before it, over its samples."""
        return self.record.loss_before

    @property
    def loss(self) -> float:
        """The loss after it, over the same samples."""
        return self.record.loss

    @property
    def before(self) -> Values:
        """The parameters before it."""
        return _named(self._layout, self.record.before.theta)

    @property
    def gradient(self) -> Values:
        """∂loss/∂parameter, taken before it."""
        return _named(self._layout, self.record.gradient)

    @property
    def change(self) -> Values:
        """What it adds to the parameters."""
        return _named(self._layout, self.record.change)

    @property
    def parameters(self) -> Values:
        """The parameters after it."""
        return _named(self._layout, self.record.after.theta)

    @property
    def phases(self) -> tuple[str, ...]:
        """The parts it is computed in, in order."""
        return tuple(phase.kind for phase in self.record.phases)

    @property
    def _layout(self) -> Layout:
        return self.record.run.model.layout

    def explain(self, phase: int | None = None) -> str:
        """Return its phases, or one of them (from 1), in words and equations with the numbers put in.

        Raises IndexError when there is no such phase.
        """
        count = len(self.record.phases)
        if phase is not None and not 1 <= phase <= count:
            raise IndexError(f"update {self.number} has phases 1 to {count}")
        wanted = range(count) if phase is None else (phase - 1,)
        return "\n\n".join(_text(page(self.record, index, names=names_of(self._scenario))) for index in wanted)

    def __repr__(self) -> str:
        """Return its number and its losses."""
        return f"Update({self.number}, loss {self.loss_before:.6g} → {self.loss:.6g})"

    def _repr_html_(self) -> str:
        """Return it worked out, for Jupyter."""
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
        """What the file says."""
        return self._session.scenario

    @property
    def title(self) -> str:
        """What the scenario is called."""
        return self.scenario.title

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its parameters."""
        return self._timeline.run.model.layout.names

    @property
    def stopped(self) -> str | None:
        """Why it is over, as far as it was computed; None while it can go on."""
        return self._timeline.stopped

    @property
    def _timeline(self) -> Timeline:
        return self._session.timeline

    def update(self, number: int) -> Update:
        """Return update `number`, from 1. Raises IndexError when the run is over before."""
        return Update(self._timeline.update(number), self.scenario)

    def parameters(self, after: int = 0) -> Values:
        """Return the parameters after so many updates; 0 is the start. Raises IndexError when it is over before."""
        return _named(self._timeline.run.model.layout, self._timeline.state(after).theta)

    def loss(self, after: int = 0) -> float:
        """Return the loss after so many updates; 0 is the start. Raises IndexError when the run is over before."""
        self._timeline.state(after)
        return self._timeline.loss(after)

    def __iter__(self) -> Iterator[Update]:
        """Go through all updates, in order, computing them on the way."""
        number = 1
        while self._timeline.reach(number) == number:
            yield self.update(number)
            number += 1

    def columns(self) -> dict[str, Vector]:
        """Return the whole run as columns by name, one number an update, from the start (update 0) on.

        update, epoch, loss, every parameter by name, and its gradient and change, which the start does not have (nan).

        >>> columns = gdsim.load("mountain-descent", {"stop.max_updates": 2}).columns()
        >>> columns["x"].tolist(), columns["gradient.x"].tolist()
        ([4.0, 3.96, 3.9208], [nan, 4.0, 3.92])
        """
        labels = self._timeline.run.model.layout.element_names
        nothing = np.full(len(labels), np.nan)
        rows = [np.concatenate(([0.0, 0.0, self.loss(0)], self._timeline.state(0).theta, nothing, nothing))]
        rows += [
            np.concatenate(([u.number, u.epoch, u.loss], u.record.after.theta, u.record.gradient, u.record.change))
            for u in self
        ]
        columns = ("update", "epoch", "loss", *labels, *(f"{w}.{n}" for w in ("gradient", "change") for n in labels))
        return dict(zip(columns, np.array(rows).T, strict=True))

    def to_pandas(self) -> pandas.DataFrame:
        """Return `columns` as a DataFrame, the update its index. Raises ImportError where pandas is not installed."""
        try:
            import pandas
        except ImportError:
            raise ImportError("to_pandas needs pandas: pip install pandas; columns() does without") from None
        frame = pandas.DataFrame(self.columns())
        return frame.astype({"update": int, "epoch": int}).set_index("update")

    def to_markdown(self, first: int = 1, last: int | None = None) -> str:
        """Return updates `first` to `last` (None: to the end) worked out with every equation, as Markdown.

        >>> print(gdsim.load("mountain-descent").to_markdown(1, 1).splitlines()[0])
        # Walk down (x − 2)²
        """
        return "".join(text_lines(".md", self._session, Steps(first, last)))

    def save(self, path: str | Path, *, force: bool = False) -> None:
        """Write the run to a file by its ending, .md, .csv or .jsonl; `force` replaces one that exists.

        Raises gdsim.errors.GdsimError for another ending, a file that exists, and one that cannot be written.
        """
        path = Path(path)
        if path.suffix not in TEXTS:
            raise UsageError(str(path), "its ending names no format", f"one of {', '.join(TEXTS)}")
        write_file(path, text_lines(path.suffix, self._session), force=force)

    def __repr__(self) -> str:
        """Return the scenario's name and the names of the parameters."""
        return f"Run({self.scenario.name!r}, parameters: {', '.join(self.names)})"

    def _repr_html_(self) -> str:
        """Return the run in pictures and numbers, for Jupyter: as far as it was computed, or its first updates."""
        return run_html(self._session)


def _named(layout: Layout, vector: Vector) -> dict[str, Any]:
    """Return a vector like θ by the names of its parts; single numbers as floats."""
    return {name: float(part) if part.ndim == 0 else part for name, part in layout.views(vector).items()}


def _text(shown: Page) -> str:
    return "\n".join((shown.title, shown.sentence, *equation_lines(shown.lines), *shown.notes))
