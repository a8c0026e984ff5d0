"""The trace as JSON lines: header, update, epoch and end; one object a line, numbers in full precision."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdsim import __version__
from gdsim.engine.edits import Edit, Edited
from gdsim.engine.parameters import Layout, Vector
from gdsim.engine.update import Phase, Run, Update, forward_at
from gdsim.export.trace.lines import ALL, Steps, updates_and_epochs
from gdsim.scenario.scenario import Scenario
from gdsim.timeline.segment import EpochRecord

TRACE_FORMAT = 1
_NOT_FINITE = {"nan": '"NaN"', "inf": '"Infinity"', "-inf": '"-Infinity"'}
_NOT_FINITE_PATTERN = re.compile(r"nan|-?inf")


def jsonl_lines(
    scenario: Scenario, run: Run, edits: Iterable[Edit] = (), steps: Steps = ALL, *, has_phases: bool = False
) -> Iterator[str]:
    """Yield the trace of `run` as JSON lines, each of `edits` at its place; phases of updates where asked for.

    steps: the updates that get a line; where the run goes on after them, there is no line about its end.
    """
    edits = tuple(edits)
    listed = {"edits": [str(edit) for edit in edits]} if edits else {}
    yield _text(header(scenario, run) | listed) + "\n"
    if 0 in steps:
        yield _start_line(run)
    as_line, layout = _update_writer(run), run.model.layout
    after, loss, stopped = run.start, _first_loss(run), "max_updates"
    for update, reason, epoch in updates_and_epochs(run, edits):
        if isinstance(update, Edited):
            after, loss = update.state, _loss_there(update)
            if after.update + 1 in steps:
                yield _edit_line(update, loss)
            continue
        if steps.is_past(update.number):
            return
        if update.number in steps:
            line = as_line(update)
            yield f'{line[:-2]},"phases":{_phases(update.phases)}}}\n' if has_phases else line
            if epoch is not None:
                yield _text(_epoch_record(run, epoch)) + "\n"
        if reason is not None:
            after, loss, stopped = update.after, update.loss, reason
    yield (
        f'{{"type":"end","updates":{after.update},"stopped":"{stopped}",'
        f'"parameters":{_blocks(layout, after.theta)},"loss":{number_text(loss)}}}\n'
    )


def header(scenario: Scenario, run: Run) -> dict[str, Any]:
    """Return what a reader of a trace needs to know before its first update."""
    layout = run.model.layout
    return {
        "type": "header",
        "format": TRACE_FORMAT,
        "gdsim": __version__,
        "scenario": scenario.name,
        "title": scenario.title,
        "model": scenario.kind,
        "parameters": {name: list(shape) for name, shape in zip(layout.names, layout.shapes, strict=True)},
        "settings": {"update": _update_settings(run)},
        "seed": scenario.seed,
        "corrected": run.is_corrected,
    }


def _epoch_record(run: Run, epoch: EpochRecord) -> dict[str, Any]:
    """Return how the model stands over all samples at the end of an epoch; for a perceptron with its mistakes in it."""
    score = epoch.score
    record = {
        "type": "epoch",
        "epoch": epoch.epoch,
        "loss": score.loss,
        "accuracy": score.accuracy,
        "test_accuracy": score.test_accuracy,
    }
    return record | {"mistakes": epoch.mistakes} if run.stop.on_epoch else record


def number_text(value: float) -> str:
    """Return the shortest text that reads back equal; "NaN", "Infinity" or "-Infinity" in quotes."""
    text = float.__repr__(value)
    return text if isfinite(value) else _NOT_FINITE[text]


def array_text(array: Vector | NDArray[np.intp]) -> str:
    """Return a JSON array of arrays, or one number for a shapeless array."""
    text = repr(array.tolist()).replace(" ", "")
    return _NOT_FINITE_PATTERN.sub(lambda found: _NOT_FINITE[found[0]], text) if "n" in text else text


def _update_settings(run: Run) -> dict[str, Any]:
    """Return the [update] section the run has: a perceptron takes no rule, a full batch is not mentioned."""
    rule = {} if run.stop.on_epoch else {"rule": run.rule.kind.name}
    settings = {**rule, "learning_rate": run.learning_rate, **run.rule.options}
    if run.batches.size is not None and not run.stop.on_epoch:
        settings["batch"] = run.batches.size
    return settings | ({"order": "shuffled"} if run.batches.shuffled else {})


def _first_loss(run: Run) -> float:
    return forward_at(run, run.start).loss


def _start_line(run: Run) -> str:
    loss, parameters = number_text(_first_loss(run)), _blocks(run.model.layout, run.start.theta)
    return f'{{"type":"update","update":0,"epoch":0,"loss":{loss},"parameters":{parameters}}}\n'


def _loss_there(edited: Edited) -> float:
    """Return the loss of an edited state over the samples of the update that follows."""
    return forward_at(edited.run, edited.state).loss


def _edit_line(edited: Edited, loss: float) -> str:
    edit, blocks = edited.edit, _blocks(edited.run.model.layout, edited.state.theta)
    head = _text({"type": "edit", "after": edit.after, "key": edit.key, "value": edit.value})
    return f'{head[:-1]},"loss":{number_text(loss)},"parameters":{blocks}}}\n'


def _update_writer(run: Run) -> Callable[[Update], str]:
    """Return what turns an update into its line; everything that is the same in all lines is put together here."""
    layout = run.model.layout
    extra = _extra_writer(run)
    blocks = "{" + ",".join(f"{_text(name)}:%s" for name in layout.names) + "}"
    template = (
        '{"type":"update","update":%d,"epoch":%d,"samples":%s,"loss_before":%s,"loss":%s,'
        f'"gradient":{blocks},"change":{blocks},"parameters":{blocks}}}\n'
    )
    texts = _block_writer(layout)

    def line_of_scalars(update: Update) -> str:
        theta, gradient, change = update.after.theta.tolist(), update.gradient.tolist(), update.change.tolist()
        numbers = (update.loss_before, update.loss, *gradient, *change, *theta)
        as_text = repr if isfinite(sum(numbers)) else number_text  # repr alone is twice as fast
        return template % (update.number, update.epoch, extra(update), *map(as_text, numbers))

    def line(update: Update) -> str:
        return template % (
            update.number,
            update.epoch,
            extra(update),
            number_text(update.loss_before),
            number_text(update.loss),
            *texts(update.gradient),
            *texts(update.change),
            *texts(update.after.theta),
        )

    return line if any(layout.shapes) else line_of_scalars


def _extra_writer(run: Run) -> Callable[[Update], str]:
    """Return what writes the samples of an update, and what the model said about them."""
    forward = forward_at(run, run.start)
    if forward.prediction is None:
        return _no_extra
    return _perceptron_extra if run.stop.on_epoch else _network_extra


def _no_extra(_update: Update) -> str:
    return "null"


def _network_extra(update: Update) -> str:
    samples = "null" if update.samples is None else array_text(update.samples)
    prediction = "null" if update.prediction is None else array_text(update.prediction)
    return f'{samples},"prediction":{prediction}'


def _perceptron_extra(update: Update) -> str:
    """Return the visited sample, its class as found and as it should be, and the corrections made so far."""
    target = array_text(update.forward.quantities["target"].squeeze())
    correct = "false" if update.is_mistake else "true"
    return f'{_network_extra(update)},"target":{target},"correct":{correct},"corrections":{update.after.corrections}'


def _block_writer(layout: Layout) -> Callable[[Vector], Iterable[str]]:
    """Return what turns a vector like θ into one text a block."""
    if not any(layout.shapes):
        return lambda vector: map(number_text, vector.tolist())
    parts = list(zip(layout.slices.values(), layout.shapes, strict=True))
    return lambda vector: [array_text(vector[part].reshape(shape)) for part, shape in parts]


def _blocks(layout: Layout, vector: Vector) -> str:
    texts = _block_writer(layout)(vector)
    return "{" + ",".join(f"{_text(name)}:{text}" for name, text in zip(layout.names, texts, strict=True)) + "}"


def _phases(phases: tuple[Phase, ...]) -> str:
    return "[" + ",".join(map(_phase, phases)) + "]"


def _phase(phase: Phase) -> str:
    values = ",".join(f"{_text(name)}:{array_text(np.asarray(value))}" for name, value in phase.values.items())
    head = _text({"phase": phase.kind, "layer": phase.layer, "equation": phase.equation})
    return f'{head[:-1]},"values":{{{values}}}}}'


def _text(value: object) -> str:
    """Return `value` as JSON; numbers in it that are not finite become words."""
    return json.dumps(_worded(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _worded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _worded(part) for key, part in value.items()}
    if isinstance(value, float) and not isfinite(value):
        return json.loads(number_text(value))
    return value
