"""The mistakes a scenario can name as its source's: the runs that make them, those that need its samples included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gdsim.engine.mistakes import HERE, MADE, made, with_inputs
from gdsim.engine.update import Run
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
        yield from made(name, run)
    elif dataset is not None and name in _WITH_SAMPLES:
        yield from _WITH_SAMPLES[name](run, dataset)
