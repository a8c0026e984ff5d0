"""The mistakes that [as_published] can name, and the runs that make them; some need the scenario's samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gdsim.engine.mistakes import HERE, MADE, made, with_inputs
from gdsim.engine.update import Run
from gdsim.scenario.data.dataset import SCALINGS, Dataset


def _unscaled(run: Run, dataset: Dataset) -> Iterator[tuple[str, Run]]:
    """Yield the run on unscaled inputs, as they are in the file."""
    if not dataset.input_scaling.is_none and not dataset.features:
        yield HERE, with_inputs(run, dataset.raw_inputs)


def _scaled_twice(run: Run, dataset: Dataset) -> Iterator[tuple[str, Run]]:
    """Yield the run on inputs scaled twice in the same way, or runs on scaled inputs if there is no scaling."""
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
"""The mistakes [as_published] accepts by name; a tie has its own key, and float32 is not a mistake."""


def wrong_runs(name: str, run: Run, dataset: Dataset | None = None) -> Iterator[tuple[str, Run]]:
    """Yield each run that a mistake can turn `run` into, with the place of the mistake; none if it cannot be made."""
    if name in MADE:
        yield from made(name, run)
    elif dataset is not None and name in _WITH_SAMPLES:
        yield from _WITH_SAMPLES[name](run, dataset)
