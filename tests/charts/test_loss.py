"""The loss by update, and results by epoch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gdsim.charts.chart import Role, Shape, thinned
from gdsim.charts.kinds import epochs, loss
from gdsim.engine.edits import Edit
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session

from .views import PERCEPTRON, QUADRATIC_FIT, WIDE, built, hill, only, places, series, view_of, windows

DESCENT = hill("(x - 2)**2", 4.0, 0.01)


def test_losses_are_those_after_each_update() -> None:
    """(x − 2)² from 4 with η = 0.01: 4, 3.8416 by hand; the last one is the current point."""
    chart = loss.build(view_of(DESCENT, 1))
    assert places(only(chart, Role.LOSS)) == pytest.approx(np.array([[0.0, 4.0], [1.0, 3.8416]]))
    assert places(only(chart, Role.CURRENT)) == pytest.approx(np.array([[1.0, 3.8416]]))


def test_update_axis_goes_to_20_then_doubles() -> None:
    """0…20 up to update 20, 0…40 up to 40, and so on; the loss axis stays."""
    view = view_of(DESCENT, 100)
    assert view.timeline.last == 100
    highs = {update: loss.build(view_of(DESCENT, update)).x.high for update in (0, 20, 21, 40, 41, 81)}
    assert highs == {0: 20.0, 20: 20.0, 21: 40.0, 40: 40.0, 41: 80.0, 81: 160.0}
    assert len({windows(loss.build(view_of(DESCENT, update)))[2:] for update in range(0, 90, 7)}) == 1


def test_loss_over_more_than_three_decades_has_a_log_axis() -> None:
    """η = 0.4 divides the loss by 25 an update: linear at first, by powers of ten once 1000 is passed (25³)."""
    text = hill("(x - 2)**2", 4.0, 0.4)
    assert not loss.build(view_of(text, 2)).y.is_log
    chart = loss.build(view_of(text, 3))
    assert chart.y.is_log
    assert (chart.y.low, chart.y.high) == pytest.approx((1e-4, 10.0))


def test_a_loss_of_zero_keeps_the_axis_linear() -> None:
    """η = 0.5 lands in one update with loss 0, which no power of ten shows."""
    assert not loss.build(view_of(hill("(x - 2)**2", 4.0, 0.5), 2)).y.is_log


def test_a_run_that_reaches_0_leaves_the_others_their_log_axis() -> None:
    """Beside η = 0.4, whose loss falls to a 25th each time, η = 0.5 lands at once: its line leaves the window below."""
    view = view_of(hill("(x - 2)**2", 4.0, 0.4), 4, beside={"at once": hill("(x - 2)**2", 4.0, 0.5)})
    chart = loss.build(view)
    assert chart.y.is_log
    assert chart.y.low == pytest.approx(1e-5)
    assert only(chart, Role.COMPARE, Shape.LINE).y.tolist() == [4.0, 0.0, 0.0, 0.0, 0.0]


def test_runs_beside_end_with_their_label() -> None:
    """Each compared run is a line and a mark at its last loss; a run that stopped ends where it stopped."""
    short = hill("(x - 2)**2", 4.0, 0.1, update="[stop]\nmax_updates = 2")
    chart = loss.build(view_of(DESCENT, 5, beside={"short": short}))
    mark = only(chart, Role.COMPARE, Shape.POINTS)
    assert (mark.label, mark.mark) == ("short", "s")
    assert mark.x == pytest.approx([2.0])
    assert mark.y == pytest.approx([4 * 0.8**4])


def test_thinning_keeps_peaks_and_ends() -> None:
    """A single peak among 100 000 losses survives, and so do the first and the last."""
    losses = np.ones(100_001)
    losses[54_321], losses[77_777] = 9.0, -3.0
    x, y = thinned(np.arange(100_001.0), losses)
    assert len(x) <= 402
    assert {0.0, 54_321.0, 77_777.0, 100_000.0} <= set(x.tolist())
    assert y.max() == 9.0


def test_mistakes_by_epoch_are_the_published_ones() -> None:
    """Epochs 1–7 have 4 4 4 4 2 2 3 mistakes, the eighth none."""
    chart = built(epochs.build(view_of(PERCEPTRON, 56)))
    bars = only(chart, Role.LOSS, Shape.BARS)
    assert bars.x[:8] == pytest.approx(np.arange(1.0, 9.0))
    assert bars.y[:8] == pytest.approx([4, 4, 4, 4, 2, 2, 3, 0])
    assert np.isnan(bars.y[8:]).all()
    assert (chart.x.low, chart.x.high) == (0.5, 10.5)


def test_the_epoch_under_way_has_a_bar_of_its_own() -> None:
    """Inside epoch 2 the bar at 2 counts the corrections made in it so far; between epochs there is none."""
    view = view_of(PERCEPTRON, 10)
    made = view.timeline.state(10).corrections - view.timeline.state(7).corrections
    bar = only(built(epochs.build(view)), Role.CURRENT)
    assert bar.y[1] == made
    assert np.isnan(np.delete(bar.y, 1)).all()
    assert series(built(epochs.build(view_of(PERCEPTRON, 7))), Role.CURRENT) == []


def test_many_epochs_share_bars_and_lose_no_worst() -> None:
    """700 updates of XOR are 175 epochs on an axis to 320: at most 120 bars, the last one on its epoch or before."""
    xor = PERCEPTRON[: PERCEPTRON.index("[data]")] + '[data]\ndataset = "xor"\n[update]\nlearning_rate = 1.0\n'
    view = view_of(xor.replace("learning_rate = 1.0", 'learning_rate = 1.0\norder = "shuffled"'), 700)
    bars = only(built(epochs.build(view)), Role.LOSS, Shape.BARS)
    counts = [record.mistakes for record in view.timeline.epochs(700)]
    assert len(counts) == 175
    assert len(bars.x) <= 120
    assert np.nanmax(bars.y) == max(counts)
    assert all(counts[int(x) - 1] == y for x, y in places(bars) if np.isfinite(y))


def test_a_network_with_batches_shows_accuracy_by_epoch() -> None:
    """30 samples in batches of 10: an epoch is 3 updates, and the accuracy after it is in per cent."""
    view = view_of(WIDE, 7)
    line = only(built(epochs.build(view)), Role.FIT)
    run = view.timeline.run
    accuracies = [run.model.score(view.timeline.state(update).theta).accuracy for update in (3, 6)]
    assert line.x == pytest.approx([1.0, 2.0])
    assert line.y == pytest.approx([100.0 * (accuracy or 0.0) for accuracy in accuracies])


def test_a_branch_inside_an_epoch_keeps_its_count() -> None:
    """What was corrected in the epoch before the branch counts towards the bar under way."""
    view = view_of(PERCEPTRON, 10)
    branch = view.timeline.branch(Edit(9, "update.learning_rate", 2.0))
    made = branch.state(10).corrections - branch.state(7).corrections
    bar = only(built(epochs.build(replace(view, timeline=branch))), Role.CURRENT)
    assert made > 0
    assert np.nansum(bar.y) == made


def test_a_network_that_predicts_numbers_shows_its_loss_by_epoch() -> None:
    """Nothing is right or wrong there; the chart is that of the loss before the first epoch is over, too."""
    text = QUADRATIC_FIT.replace("NOISE", "0.0").replace("learning_rate = 0.1", "learning_rate = 0.01\nbatch = 50")
    for update in (0, 1, 4):
        assert built(epochs.build(view_of(text, update))).y.label == "loss"
    view = view_of(text, 4)
    line = only(built(epochs.build(view)), Role.LOSS)
    run = view.timeline.run
    assert line.y == pytest.approx([run.model.score(view.timeline.state(update).theta).loss for update in (2, 4)])


def test_no_chart_by_epoch_where_an_update_sees_all() -> None:
    """Then the loss by update says it already."""
    assert epochs.build(view_of(DESCENT)) is None


BATCHED = WIDE.replace("samples = 30 }", "samples = 30 }\ntest_fraction = 0.3")
HELD_OUT = BATCHED.replace("batch = 10\n", "")


@pytest.mark.parametrize("text", [HELD_OUT, BATCHED])
def test_unseen_samples_have_a_curve_with_every_batch_size(text: str) -> None:
    """Loss and accuracy of held-out samples are drawn beside those of the learnt ones, with the gap between them."""
    view = view_of(text, 8)
    model, last = view.timeline.run.model, view.timeline.epochs(8)[-1]
    theta = view.timeline.state(last.update).theta
    held_out = replace(model, inputs=model.test_inputs, targets=model.test_targets)
    chart = epochs.build_losses(view)
    assert only(chart, Role.LOSS).y[-1] == pytest.approx(model.forward(theta, None).loss)
    assert only(chart, Role.CURVE, Shape.LINE).y[-1] == pytest.approx(held_out.forward(theta, None).loss)
    assert "apart" in only(chart, Role.CURVE, Shape.POINTS).label
    assert only(epochs.build(view), Role.CURVE).y[-1] == pytest.approx(100 * last.score.test_accuracy)


def test_each_run_says_how_far_its_unseen_loss_is_from_its_own_loss() -> None:
    """The gap of a compared run is its own, told as that of the main run is."""
    view = Session.open(load_file(resolve("dropout"))).after(200).view
    layers = epochs.build_losses(view).layers
    told = {each.mark: each.label for each in layers if "apart" in each.label}
    for mark, timeline in zip("ua", view.timelines, strict=True):
        score = timeline.epochs(200)[-1].score
        assert f"+{score.test_loss - score.loss:.2g} " in told[mark]


def test_before_the_first_epoch_ends_the_loss_by_update_is_shown() -> None:
    """No chart by epoch is empty: until there is a first epoch the losses of its updates stand there."""
    view = view_of(BATCHED, 1)
    assert epochs.build_losses(view).x.label == loss.build(view).x.label == "update"


def test_the_state_that_patience_goes_back_to_is_marked() -> None:
    """The least loss of unseen samples so far, worked out here, has a mark of its own once later ones are larger."""
    session = Session.open(load_file(resolve("overfitting")))
    model = session.timeline.run.model
    held_out = replace(model, inputs=model.test_inputs, targets=model.test_targets)

    def unseen(update: int) -> float:
        return held_out.forward(session.timeline.state(update).theta, None).loss

    for last in (3, 150):
        view = session.after(last).view
        losses = {record.epoch: unseen(record.update) for record in view.timeline.epochs(last)}
        best = min(losses, key=losses.__getitem__)
        marked = series(epochs.build(view), Role.LOWEST)
        assert [each.x.tolist() for each in marked] == [[best]] * (best != last)
        assert all(each.y[0] == pytest.approx(losses[best]) for each in marked)
        assert all(str(best) in each.label for each in marked)
    assert marked
