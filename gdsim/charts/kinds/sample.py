"""The current sample, that of the update shown or one the learner picked from the pool, and the outputs for it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdsim.charts.chart import AnswerColumn, Answers
from gdsim.charts.current import current_sample, run_of, standing, theta_of, update_shown
from gdsim.charts.fitting import has_many_outputs
from gdsim.charts.shapes import Points, classes_of, layers_of, outputs_of, points_of
from gdsim.charts.view import View
from gdsim.engine.parameters import Vector
from gdsim.i18n import _
from gdsim.timeline.position import Focus, sample_in_hand
from gdsim.timeline.timeline import Timeline


class Sample(NamedTuple):
    """One sample. inputs: (inputs,), target: (outputs,), both as the model sees them; title: which one it is."""

    inputs: Vector
    target: Vector
    title: str


def sample_on_view(view: View) -> Sample | None:
    """Return the current sample; None if the run has no samples."""
    known, update = points_of(run_of(view)), update_shown(view)
    if known is None:
        return None
    if view.focus.picked is None:
        index = current_sample(view, update)[0] if update is not None else 0
        text = _("sample {number} of {count}, learnt from")
        return _sample(view, known, index, text)
    pool, is_unseen = pool_of(view, known)
    index = min(view.focus.picked, len(pool.inputs) - 1)
    text = _("unseen sample {number} of {count}") if is_unseen else _("sample {number} of {count}, learnt from")
    return _sample(view, pool, index, text)


def moved(view: View, right: int, down: int) -> Focus:
    """Return the focus with another sample picked: down for the next one, right for the next misclassified one."""
    return stepped(view, down) if down else to_mistake(view, right)


def rows_in_hand(view: View) -> int:
    """Return the batch size of the update shown; 0 if there are no samples."""
    update = update_shown(view)
    return 0 if update is None or update.prediction is None else len(update.prediction)


def in_hand(view: View, by: int) -> Focus:
    """Return the focus on the next (by 1) or previous (−1) sample of the update's batch, wrapping around."""
    update, count = update_shown(view), rows_in_hand(view)
    if update is None or not count:
        return view.focus
    return replace(view.focus, sample=(sample_in_hand(update, view.focus) + by) % count, picked=None)


def stepped(view: View, by: int) -> Focus:
    """Return the focus with the next (by 1) or previous (−1) sample picked; before the first one, none is picked."""
    known = points_of(run_of(view))
    if known is None:
        return view.focus
    if _sees_all(view, known):
        return in_hand(view, by)
    place, last = _place(view, known) + by, len(pool_of(view, known)[0].inputs) - 1
    return picked(view, None if place < 0 else min(place, last))


def to_mistake(view: View, by: int) -> Focus:
    """Return the focus with the next (by 1) or previous (−1) misclassified sample picked; unchanged if none follows."""
    known = points_of(run_of(view))
    wrong = None if known is None else _mistakes(view, pool_of(view, known)[0])
    if known is None or wrong is None:
        return view.focus
    here = _place(view, known)
    that_way = wrong[wrong > here] if by > 0 else wrong[wrong < here][::-1]
    return picked(view, int(that_way[0])) if that_way.size else view.focus


def picked(view: View, number: int | None) -> Focus:
    """Return the focus on sample `number` of the pool (None: on none), as a row of the batch if that is the pool."""
    known = points_of(run_of(view))
    if known is not None and _sees_all(view, known):
        return replace(view.focus, sample=number, picked=None)
    return replace(view.focus, picked=number)


def _sees_all(view: View, known: Points) -> bool:
    """Whether the batch of the update shown is the whole pool of samples to pick from."""
    update = update_shown(view)
    return update is not None and update.samples is None and not pool_of(view, known)[1]


def _place(view: View, known: Points) -> int:
    """Return the index of the focused sample in the pool to pick from; −1 if there is none."""
    update = update_shown(view)
    if update is not None and _sees_all(view, known):
        return sample_in_hand(update, view.focus)
    return -1 if view.focus.picked is None else min(view.focus.picked, len(pool_of(view, known)[0].inputs) - 1)


def _mistakes(view: View, pool: Points) -> NDArray[np.intp] | None:
    """Return the indices of the samples the network misclassifies now; None unless it has one output per class."""
    run = run_of(view)
    if classes_of(run) is None or pool.targets.shape[1] < 2:
        return None
    answers = outputs_of(run, theta_of(view), pool.inputs)
    if answers is None:
        return None
    return np.flatnonzero(answers.argmax(axis=1) != pool.targets.argmax(axis=1))


def pool_of(view: View, known: Points) -> tuple[Points, bool]:
    """Return the samples to pick from, and whether they are held out."""
    dataset = view.scenario.dataset
    if dataset is None or not len(dataset.test_inputs):
        return known, False
    return Points(dataset.test_inputs, dataset.test_targets), True


def _sample(view: View, of: Points, index: int, text: str) -> Sample:
    title = text.format(number=index + 1, count=len(of.inputs))
    target = of.targets[index]
    if len(target) > 1 and classes_of(run_of(view)) is not None:
        # The class first: titles are cut at their ends.
        title = f"{_('class {name}').format(name=view.class_name(int(target.argmax())))} · {title}"
    return Sample(of.inputs[index], target, title)


def build(view: View) -> Answers | None:
    """Return the outputs for the current sample; None if a network has only one or two outputs."""
    sample = sample_on_view(view)
    return None if sample is None or not has_many_outputs(view) else answers_to(view, sample)


def answers_to(view: View, sample: Sample) -> Answers:
    """Return the outputs for a sample: at update 0, of the comparison runs, and now."""
    columns = []
    if view.position.update:
        columns.append(_column(_("update 0"), _at(view.timeline, 0, sample)))
    for beside in view.comparisons:
        theirs = _at(beside.timeline, standing(beside, view), sample)
        if theirs is not None and theirs.shape == sample.target.shape:
            columns.append(_column(beside.label, theirs))
    now = outputs_of(run_of(view), theta_of(view), sample.inputs[np.newaxis])
    title = _("now") if view.position.update else _("untrained")
    columns.append(_column(title, None if now is None else now[0]))
    names = tuple(view.class_name(unit) for unit in range(len(sample.target)))
    wanted = int(sample.target.argmax()) if classes_of(run_of(view)) is not None else None
    return Answers(sample.title, names, tuple(each for each in columns if len(each.values) == len(names)), wanted)


def _at(timeline: Timeline, update: int, sample: Sample) -> Vector | None:
    """Return a run's outputs for a sample after `update` updates: (outputs,); None if it takes other inputs."""
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
