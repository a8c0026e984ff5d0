"""Writes the trace as JSON lines: header, update, edit, epoch and end, one object per line, in full precision."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any

import numpy as np

from gdsim import __version__
from gdsim.engine.edits import Edit, Edited
from gdsim.engine.parameters import Layout, Vector
from gdsim.engine.update import Phase, Run, State, Update, forward_at
from gdsim.export.trace.lines import ALL, NOT_FINITE, Steps, updates_and_epochs
from gdsim.scenario.scenario import Scenario
from gdsim.timeline.segment import EpochRecord

TRACE_FORMAT = 1

Record = dict[str, Any]


def jsonl_lines(
    scenario: Scenario, run: Run, edits: Iterable[Edit] = (), steps: Steps = ALL, *, has_phases: bool = False
) -> Iterator[str]:
    """Yield the trace of `run` as JSON lines, each of `edits` in its place; has_phases: with the phases of updates.

    steps: the updates that get a line; if the run goes on after them, there is no end line.
    """
    return map(_line, _records(scenario, run, tuple(edits), steps, has_phases))


def _records(scenario: Scenario, run: Run, edits: tuple[Edit, ...], steps: Steps, has_phases: bool) -> Iterator[Record]:
    yield header(scenario, run) | ({"edits": [str(edit) for edit in edits]} if edits else {})
    layout, after, loss, stopped = run.model.layout, run.start, forward_at(run, run.start).loss, "max_updates"
    if 0 in steps:
        yield {"type": "update", "update": 0, "epoch": 0, "loss": loss, "parameters": _blocks(layout, after.theta)}
    for update, reason, epoch in updates_and_epochs(run, edits):
        if isinstance(update, Edited):
            after, loss = update.state, forward_at(update.run, update.state).loss
            if after.update + 1 in steps:
                yield _edit_record(update, loss)
            continue
        if steps.is_past(update.number):
            return
        if update.number in steps:
            phases = {"phases": [_phase(phase) for phase in update.phases]} if has_phases else {}
            yield _update_record(update, layout) | phases
            if epoch is not None:
                yield _epoch_record(run, epoch)
        if reason is not None:
            after, loss, stopped = update.after, update.loss, reason
    yield _end_record(layout, after, loss, stopped)


def header(scenario: Scenario, run: Run) -> Record:
    """Return the header of a trace: what a reader needs to know before its first update."""
    layout = run.model.layout
    return {
        "type": "header",
        "format": TRACE_FORMAT,
        "gdsim": __version__,
        "scenario": scenario.name,
        "title": scenario.title,
        "model": scenario.kind,
        "parameters": {name: list(shape) for name, shape in zip(layout.names, layout.shapes, strict=True)},
        "settings": {"update": _update_settings(run.right or run)},
        "seed": scenario.seed,
        "corrected": run.is_corrected,
    }


def _epoch_record(run: Run, epoch: EpochRecord) -> Record:
    """Return the model's score over all samples after an epoch; for a perceptron, also its mistakes in the epoch."""
    score = epoch.score
    record = {
        "type": "epoch",
        "epoch": epoch.epoch,
        "loss": score.loss,
        "accuracy": score.accuracy,
        "test_accuracy": score.test_accuracy,
    }
    if run.batches.size is None and score.test_loss is not None:  # a full-batch update reports all but this
        record["test_loss"] = score.test_loss
    return record | {"mistakes": epoch.mistakes} if run.stop.on_epoch else record


def _update_settings(run: Run) -> Record:
    """Return the run's settings as an [update] section, without the rule of a perceptron and without a full batch."""
    rule = {} if run.stop.on_epoch else {"rule": run.rule.kind.name}
    settings: Record = {**rule, "learning_rate": run.learning_rate, **run.rule.options}
    if run.rule.kind.form:
        settings["form"] = run.rule.kind.form
    if run.schedule is not None:
        settings["schedule"] = {"kind": run.schedule.kind.name, **run.schedule.options}
    if run.clip is not None:
        settings["clip"] = {name: value for name, value in asdict(run.clip).items() if value is not None}
    if run.batches.size is not None and not run.stop.on_epoch:
        settings["batch"] = run.batches.size
    return settings | ({"order": "shuffled"} if run.batches.shuffled else {})


def _edit_record(edited: Edited, loss: float) -> Record:
    """Return a change made by hand, and the loss after it over the samples of the next update."""
    edit, parameters = edited.edit, _blocks(edited.run.model.layout, edited.state.theta)
    return {
        "type": "edit",
        "after": edit.after,
        "key": edit.key,
        "value": edit.value,
        "loss": loss,
        "parameters": parameters,
    }


def _update_record(update: Update, layout: Layout) -> Record:
    return {
        "type": "update",
        "update": update.number,
        "epoch": update.epoch,
        "samples": None if update.samples is None else update.samples.tolist(),
        **_answers(update),
        "loss_before": update.loss_before,
        "loss": update.loss,
        **({} if update.run.schedule is None else {"learning_rate": update.learning_rate}),
        "gradient": _blocks(layout, update.gradient),
        **({} if update.run.clip is None else {"clipped": _blocks(layout, update.used_gradient)}),
        "change": _blocks(layout, update.change),
        "parameters": _blocks(layout, update.after.theta),
    }


def _answers(update: Update) -> Record:
    """Return the predictions; for a perceptron also the target, whether it was met, and the corrections so far."""
    if update.prediction is None:
        return {}
    answers = {"prediction": update.prediction.tolist()}
    if not update.run.stop.on_epoch:
        return answers
    return answers | {
        "target": update.forward.quantities["target"].squeeze().tolist(),
        "correct": not update.is_mistake,
        "corrections": update.after.corrections,
    }


def _end_record(layout: Layout, after: State, loss: float, stopped: str) -> Record:
    parameters = _blocks(layout, after.theta)
    return {"type": "end", "updates": after.update, "stopped": stopped, "parameters": parameters, "loss": loss}


def _blocks(layout: Layout, vector: Vector) -> Record:
    """Return the blocks of a vector like θ by name, each as nested lists of its own shape."""
    return {name: block.tolist() for name, block in layout.views(vector).items()}


def _phase(phase: Phase) -> Record:
    values = {name: np.asarray(value).tolist() for name, value in phase.values.items()}
    return {"phase": phase.kind, "layer": phase.layer, "equation": phase.equation, "values": values}


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _line(record: Record) -> str:
    """Return a record as a line of JSON; numbers that are not finite become words."""
    try:
        return _ENCODER.encode(record) + "\n"
    except ValueError:  # JSON has only finite numbers
        return _ENCODER.encode(_worded(record)) + "\n"


def _worded(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _worded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_worded(part) for part in value]
    if isinstance(value, float) and not isfinite(value):
        return NOT_FINITE[float.__repr__(value)]
    return value
