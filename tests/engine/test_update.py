"""Runs: purity, stops, batches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdsim.engine.batches import Batches
from gdsim.engine.formula.expressions import parse
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.rules import make_rule
from gdsim.engine.update import Run, Stop, run_update, start_state, updates


def hill_run(text="(x - 2)**2", gradient="2*(x - 2)", start=4.0, rate=0.01, **stop):
    model = FunctionModel(parse(text, ["x"]), (parse(gradient, ["x"]),))
    rule = make_rule("gradient-descent")
    return Run(model, rule, rate, Batches(), start_state(model, rule, np.array([start])), Stop(**stop))


def end_of(run):
    *_, last = updates(run)
    return last


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        ({"max_updates": 7}, "max_updates"),
        ({"min_change": 1e-3}, "min_change"),
        ({"min_gradient": 1e-2}, "min_gradient"),
        ({"min_loss": 1e-3}, "min_loss"),
    ],
)
def test_each_stop_holds_at_its_first_update(stop, reason):
    """A run stops at the first update where its stop holds, and not before."""
    records = list(updates(hill_run(**stop)))
    assert records[-1][1] == reason
    assert all(why is None for _, why in records[:-1])
    last, before = records[-1][0], records[-2][0]
    measure = {
        "max_updates": lambda u: -u.number + 7.5,
        "min_change": lambda u: abs(u.change.item()) - 1e-3,
        "min_gradient": lambda u: abs(u.gradient.item()) - 1e-2,
        "min_loss": lambda u: u.loss - 1e-3,
    }[reason]
    assert measure(before) >= 0 or reason == "max_updates"
    assert measure(last) < 1


def test_divergence_is_a_result():
    """η > 1 on (x − 2)² doubles the loss again and again; the run ends as diverged with its numbers on record."""
    last, reason = end_of(hill_run(rate=1.5))
    assert reason == "diverged"
    assert last.loss > 1e100
    assert last.loss_before <= 1e100


def test_not_a_number_is_divergence():
    """log of a negative number is not a number; the run ends and keeps the record."""
    last, reason = end_of(hill_run("log(x)", "1/x", 0.01, rate=1.0))
    assert reason == "diverged"
    assert last.number == 1 or not np.isfinite(last.loss)


def test_same_state_same_update():
    """An update is a pure function of run and state, bit for bit, whether its forward pass was known or not."""
    run = hill_run()
    first = run_update(run, run.start)
    again = run_update(run, run.start)
    assert first.after.theta.tobytes() == again.after.theta.tobytes()
    known = run_update(run, first.after, first.forward_after)
    assert known.after.theta.tobytes() == run_update(run, first.after).after.theta.tobytes()


def test_records_cannot_be_written_to():
    """θ and the change of a record are closed to writing."""
    update = run_update(hill_run(), hill_run().start)
    for array in (update.after.theta, update.change):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


@given(count=st.integers(1, 50), size=st.integers(1, 60), epoch=st.integers(1, 5), seed=st.integers(0, 99))
def test_an_epoch_sees_every_sample_once(count, size, epoch, seed):
    """Shuffled or not, the batches of an epoch are a partition of the samples, the same however they are asked for."""
    for shuffled in (False, True):
        batches = Batches(count, size, shuffled, seed)
        numbers = range((epoch - 1) * batches.per_epoch + 1, epoch * batches.per_epoch + 1)
        seen = np.concatenate([batches.samples(n) for n in numbers])
        assert sorted(seen.tolist()) == list(range(count))
        assert all(batches.epoch(n) == epoch for n in numbers)
        backwards = [Batches(count, size, shuffled, seed).samples(n) for n in reversed(numbers)]
        assert np.concatenate(backwards[::-1]).tolist() == seen.tolist()
