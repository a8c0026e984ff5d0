"""The outputs of a network for the sample in hand, beside those of the network nothing had taught yet."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import AnswerColumn, Answers
from gdsim.charts.fitting import has_many_outputs
from gdsim.charts.moment import run_of, standing, theta_of
from gdsim.charts.sample import Sample, class_name, sample_on_view
from gdsim.charts.shapes import classes_of, layers_of, outputs_of
from gdsim.charts.view import View
from gdsim.engine.parameters import Vector
from gdsim.language import _
from gdsim.timeline.timeline import Timeline


def build(view: View) -> Answers | None:
    """Return the answers to the sample in hand, or None where a network has only one or two outputs."""
    sample = sample_on_view(view)
    return None if sample is None or not has_many_outputs(view) else answers_to(view, sample)


def answers_to(view: View, sample: Sample) -> Answers:
    """Return the answers at update 0, those of runs beside, and that at the moment, to a sample."""
    columns = []
    if view.position.update:
        columns.append(_column(_("update 0"), _at(view.timeline, 0, sample)))
    for beside in view.beside:
        theirs = _at(beside.timeline, standing(beside, view), sample)
        if theirs is not None and theirs.shape == sample.target.shape:
            columns.append(_column(beside.label, theirs))
    now = outputs_of(run_of(view), theta_of(view), sample.inputs[np.newaxis])
    title = _("now") if view.position.update else _("untrained")
    columns.append(_column(title, None if now is None else now[0]))
    names = tuple(class_name(view, unit) for unit in range(len(sample.target)))
    wanted = int(sample.target.argmax()) if classes_of(run_of(view)) is not None else None
    return Answers(sample.title, names, tuple(each for each in columns if len(each.values) == len(names)), wanted)


def _at(timeline: Timeline, update: int, sample: Sample) -> Vector | None:
    """Return what a run answered after `update` updates: (outputs,); None where it takes other inputs."""
    run = timeline.run_at(update)
    layers = layers_of(run)
    if not layers or layers[0].inputs != len(sample.inputs):
        return None
    answers = outputs_of(run, timeline.state(update).theta, sample.inputs[np.newaxis])
    return None if answers is None else answers[0]


def _column(title: str, values: Vector | None) -> AnswerColumn:
    if values is None:
        return AnswerColumn(title, np.empty(0), None)
    known = np.isfinite(values).any()
    return AnswerColumn(title, values, int(np.nan_to_num(values, nan=-np.inf).argmax()) if known else None)
