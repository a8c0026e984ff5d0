"""Pictures of samples and of neurons, and the current sample."""

from __future__ import annotations

import numpy as np
import pytest

from gdsim.charts.chart import Answers, Chart, Picture, SideBySide
from gdsim.charts.kinds import epochs, picture, sample
from gdsim.charts.view import View
from gdsim.timeline.position import Focus

from .views import PERCEPTRON, WIDE, XOR, hill, view_of

HELD_OUT = WIDE.replace("options = { samples = 30 }", "options = { samples = 30 }\ntest_fraction = 0.2")


def parts(drawing: SideBySide | None) -> tuple[Picture | Answers, ...]:
    assert drawing is not None
    return drawing.parts


def pictures(drawing: SideBySide | None) -> list[Picture]:
    return [part for part in parts(drawing) if isinstance(part, Picture)]


def held_out(view: View) -> np.ndarray:
    assert view.scenario.dataset is not None
    return view.scenario.dataset.test_inputs


def title_of(view: View) -> str:
    found = sample.sample_on_view(view)
    assert found is not None
    return found.title


def test_picture_is_the_right_way_up_with_the_answers_beside_it() -> None:
    """The first 28 inputs are the highest row of pixels; the ten outputs for the same sample stand beside it."""
    view = view_of(WIDE, focus=Focus(sample=3))
    assert view.scenario.dataset is not None
    samples = view.timeline.update(1).samples
    assert samples is not None
    drawn, answers = parts(picture.build(view))
    assert isinstance(drawn, Picture)
    assert isinstance(answers, Answers)
    assert drawn.pixels.tolist() == view.scenario.dataset.inputs[samples[3]].reshape(28, 28).tolist()
    assert answers.wanted == view.scenario.dataset.targets[samples[3]].argmax()
    assert answers.columns[-1].values == pytest.approx(
        view.timeline.update(1).forward.quantities["a2"][3]  # recorded in the update, not asked anew
    )


def test_neuron_looks_for_its_weights_and_finds_weight_times_pixel() -> None:
    """The two pictures of neuron 6: w, and w·x, which with the bias add up to the z recorded in the update."""
    view = view_of(WIDE, focus=Focus(layer=1, unit=6, sample=0))
    weights = view.timeline.run.model.layout.view(view.timeline.run.start.theta, "W1")
    looks_for, finds = pictures(picture.build_neurons(view))
    assert (looks_for.pixels == weights[6].reshape(28, 28)).all()
    assert looks_for.most == np.abs(weights[6]).max()
    assert looks_for.is_signed
    assert finds.is_signed
    bias = view.timeline.run.model.layout.view(view.timeline.run.start.theta, "b1")[6]
    assert finds.pixels.sum() + bias == pytest.approx(view.timeline.update(1).forward.quantities["z1"][0, 6])


def test_neurons_are_chosen_round_and_round() -> None:
    """From none chosen the first; then on to the next, and from the first back to the last of the twenty."""
    view = view_of(WIDE)
    assert picture.next_neuron(view, 0, 1) == Focus(layer=1, unit=0)
    assert picture.next_neuron(view_of(WIDE, focus=Focus(layer=1, unit=4)), 1, 0).unit == 5
    assert picture.next_neuron(view_of(WIDE, focus=Focus(layer=1, unit=0)), 0, -1).unit == 19


def test_samples_are_picked_from_those_held_out() -> None:
    """One step on from the sample of the update is the first unseen one; one step back is the update's again."""
    view = view_of(HELD_OUT)
    first = sample.stepped(view, 1)
    assert first.picked == 0
    picked = view_of(HELD_OUT, focus=first)
    assert title_of(picked).endswith(" · unseen sample 1 of 6")
    (drawn,) = pictures(picture.build(picked))
    assert drawn.pixels.tolist() == held_out(picked)[0].reshape(28, 28).tolist()
    assert sample.stepped(picked, -1).picked is None
    assert sample.stepped(view_of(HELD_OUT, focus=Focus(picked=5)), 1).picked == 5


def test_without_samples_held_out_those_learnt_from_are_picked() -> None:
    """All thirty can be chosen, and say that they are learnt from."""
    assert title_of(view_of(WIDE, focus=Focus(picked=29))).endswith(" · sample 30 of 30, learnt from")
    assert "sample 30 of 30" in title_of(view_of(WIDE, focus=Focus(picked=99)))


def test_a_leap_goes_to_a_sample_answered_wrongly() -> None:
    """Every sample the leaps land on is answered wrongly, in order, and none that is lies between."""
    model, wrong = view_of(WIDE).timeline.run.model, []
    view = view_of(WIDE)
    assert view.scenario.dataset is not None
    inputs, targets = view.scenario.dataset.inputs, view.scenario.dataset.targets
    theta = view.timeline.run.start.theta
    for index in range(30):
        z = 1 / (1 + np.exp(-(model.layout.view(theta, "W1") @ inputs[index] + model.layout.view(theta, "b1"))))
        answers = model.layout.view(theta, "W2") @ z + model.layout.view(theta, "b2")
        if answers.argmax() != targets[index].argmax():
            wrong.append(index)
    landed, focus = [], Focus()
    while (after := sample.to_mistake(view_of(WIDE, focus=focus), 1)) != focus:
        landed.append(after.picked)
        focus = after
    assert landed == wrong
    assert sample.to_mistake(view_of(WIDE, focus=focus), -1).picked == wrong[-2]


@pytest.mark.parametrize("text", [XOR, PERCEPTRON, hill("x**2", 1.0, 0.1)])
def test_no_picture_of_samples_that_are_none(text: str) -> None:
    """Two numbers are no picture, and a function has no samples."""
    assert picture.build(view_of(text)) is None
    assert picture.build_neurons(view_of(text)) is None


def test_loss_by_epoch_stands_beside_the_accuracy() -> None:
    """After each epoch of three updates the loss over all samples: Σ(a − y)²/n, worked out here."""
    view = view_of(WIDE, 6)
    chart = epochs.build_losses(view)
    assert isinstance(chart, Chart)
    model, losses = view.timeline.run.model, []
    assert view.scenario.dataset is not None
    for update in (3, 6):
        theta = view.timeline.state(update).theta
        a = view.scenario.dataset.inputs
        for number in (1, 2):
            z = a @ model.layout.view(theta, f"W{number}").T + model.layout.view(theta, f"b{number}")
            a = 1 / (1 + np.exp(-z))
        losses.append(((a - view.scenario.dataset.targets) ** 2).sum() / 30)
    (line, _point) = chart.layers
    assert line.y == pytest.approx(losses)  # type: ignore[union-attr]


def test_no_loss_by_epoch_where_epochs_show_it_or_count_mistakes() -> None:
    """A perceptron counts mistakes, and a run over all samples has an epoch an update."""
    assert epochs.build_losses(view_of(PERCEPTRON)) is None
    assert epochs.build_losses(view_of(XOR)) is None
