"""The mistakes a scenario can name as its source's: the run that makes one, and the places where it can be made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from gdsim.engine.mistakes import HERE, MADE, RIGHT, with_inputs
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.update import Run, RunSlip, with_correction
from gdsim.scenario.data.dataset import SCALINGS, Dataset


def _unscaled(run: Run, dataset: Dataset) -> Iterator[tuple[str, Run]]:
    """Inputs as in the file."""
    if not dataset.input_scaling.is_none and not dataset.features:
        yield HERE, with_inputs(run, dataset.raw_inputs)


def _scaled_twice(run: Run, dataset: Dataset) -> Iterator[tuple[str, Run]]:
    """Scaled inputs scaled once more in the same way; or inputs scaled that are to stay as they are."""
    if not dataset.input_scaling.is_none:
        yield "again", with_inputs(run, dataset.input_scaling.apply(dataset.inputs))
        return
    for name in ("min-max", "standard"):
        yield name, with_inputs(run, SCALINGS[name](dataset.inputs).apply(dataset.inputs))


_WITH_SAMPLES: Mapping[str, Callable[[Run, Dataset], Iterator[tuple[str, Run]]]] = {
    "unscaled": _unscaled,
    "scaled-twice": _scaled_twice,
}

NAMES = (*(name for name in MADE if name != "tie"), *_WITH_SAMPLES)
"""The mistakes [as_published] takes by name; a tie has a key of its own, and float32 is no mistake."""


def wrong_runs(name: str, run: Run, dataset: Dataset | None = None) -> Iterator[tuple[str, Run]]:
    """Yield the runs that `run` becomes with a mistake, each with the place where it is made; none without room."""
    if name in MADE:
        yield from MADE[name](run)
    elif dataset is not None and name in _WITH_SAMPLES:
        yield from _WITH_SAMPLES[name](run, dataset)


def published_run(run: Run, where: str | None, dataset: Dataset | None, slip: RunSlip) -> Run:
    """Return a right run as its source made it; corrected, and back, by `with_correction`.

    where: the place of the mistake, the first one where it is None. Where there is none, the run stays right.
    """

    def make(right: Run) -> Run:
        return next((wrong for place, wrong in wrong_runs(slip.name, right, dataset) if where in (None, place)), right)

    model = make(run).model
    if isinstance(model, NetworkModel) and model.slips != RIGHT:  # inside the gradient: the network tells it
        slips = replace(model.slips, note=slip.note, is_hidden=slip.is_hidden)
        return replace(run, model=replace(model, slips=slips, published=slips))
    return with_correction(replace(run, slip=replace(slip, make=make)), False)
