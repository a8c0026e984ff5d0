"""Time travel: the state at an update is the same, bit for bit, however it was reached."""

import gc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdsim.engine.batches import Batches
from gdsim.engine.edits import Edit
from gdsim.engine.formula.expressions import parse
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import Layer, NetworkModel
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.rules import RULES, RuleState, make_rule
from gdsim.engine.update import Run, State, Stop, start_state, updates
from gdsim.timeline.history import Checkpoints, LossHistory, state_bytes
from gdsim.timeline.position import (
    Position,
    next_phase,
    previous_phase,
    previous_update,
)
from gdsim.timeline.timeline import Timeline

SMALL = 20_000
"""A memory budget that holds a few states only, so that most are recomputed."""


def hill_run(rule="gradient-descent", updates_at_most=60, rate=0.01):
    model = FunctionModel(parse("(x - 2)**2", ["x"]), (parse("2*(x - 2)", ["x"]),))
    rule = make_rule(rule)
    return Run(model, rule, rate, Batches(), start_state(model, rule, np.array([4.0])), Stop(updates_at_most))


def network_run(rule="adam", seed=1, size=3, shuffled=True, updates_at_most=40):
    rng = np.random.default_rng(seed)
    model = NetworkModel(
        (Layer(4, 2, "tanh"), Layer(1, 4, "sigmoid")),
        "binary-cross-entropy",
        rng.standard_normal((10, 2)),
        rng.integers(0, 2, (10, 1)).astype(float),
    )
    rule = make_rule(rule)
    start = start_state(model, rule, rng.standard_normal(model.layout.size))
    return Run(model, rule, 0.1, Batches(10, size, shuffled, seed), start, Stop(updates_at_most))


def perceptron_run(updates_at_most=60):
    points = np.array([(0.8, 0.4), (0.3, 0.1), (0.8, 0.8), (0.4, 0.6), (0.6, 0.8), (0.4, 0.2), (0.4, 0.5)])
    model = PerceptronModel(points, np.array([0.0, 0, 1, 1, 1, 0, 1]))
    rule = make_rule("gradient-descent")
    stop = Stop(updates_at_most, on_epoch=True, detect_cycle=True)
    return Run(model, rule, 1.0, Batches(7, 1), start_state(model, rule, np.zeros(3)), stop)


RUNS = st.one_of(
    st.builds(hill_run, st.sampled_from(sorted(RULES))),
    st.builds(network_run, st.sampled_from(sorted(RULES)), st.integers(0, 50), st.integers(1, 10), st.booleans()),
    st.builds(perceptron_run),
)


def fingerprint(state):
    slots = b"".join(slot.tobytes() for slot in state.rule_state.slots)
    return state.update, state.theta.tobytes(), slots, state.rule_state.steps, state.corrections


@settings(max_examples=60, deadline=None)
@given(run=RUNS, targets=st.lists(st.integers(0, 70), min_size=1, max_size=12), budget=st.sampled_from([SMALL, 10**7]))
def test_seeking_finds_what_a_straight_run_finds(run, targets, budget):
    """Whatever updates are visited in whatever order, states and records equal those of one straight run."""
    straight = {0: fingerprint(run.start)}
    losses = {}
    for update, _reason in updates(run):
        straight[update.number], losses[update.number] = fingerprint(update.after), update.loss
    timeline = Timeline(run, budget)
    for target in targets:
        reached = timeline.reach(target)
        assert reached == min(target, max(straight))
        assert fingerprint(timeline.state(reached)) == straight[reached]
        if reached:
            assert timeline.update(reached).loss == losses[reached] == timeline.loss(reached)


@given(run=RUNS, steps=st.integers(1, 20))
@settings(max_examples=40, deadline=None)
def test_phases_forward_and_back_is_identity(run, steps):
    """As many phases back as forward lead to the same position."""
    timeline, path = Timeline(run), [Position()]
    for _ in range(steps):
        path.append(next_phase(timeline, path[-1]))
    position = path[-1]
    for expected in reversed(path[:-1]):
        position = previous_phase(timeline, position)
        assert position == expected


def test_back_from_inside_an_update_leads_to_its_beginning():
    """One update back from a phase is the update before it; two back is one more."""
    assert previous_update(Position(5, 1)) == Position(5)
    assert previous_update(Position(5, 1), 2) == Position(4)
    assert previous_update(Position(5)) == Position(4)
    assert previous_update(Position()) == Position()


def test_going_past_the_end_stays_at_the_end():
    """After the last update there is no next one, and the reason is known."""
    timeline = Timeline(hill_run(updates_at_most=5))
    assert timeline.reach(100) == 5
    assert timeline.stopped == "max_updates"
    assert timeline.next_update(5) is None
    with pytest.raises(IndexError, match="over after update 5"):
        timeline.state(6)


def test_branch_shares_the_past_and_goes_on_with_the_edit():
    """With η = 0.5 from update 3 on, (x − 2)² is at its minimum after update 4; the first three are the old ones."""
    timeline = Timeline(hill_run())
    branch = timeline.branch(Edit(3, "update.learning_rate", 0.5))
    assert fingerprint(branch.state(3)) == fingerprint(timeline.state(3))
    assert branch.state(4).theta.item() == pytest.approx(2.0, abs=1e-12)
    assert timeline.state(4).theta.item() != pytest.approx(2.0)
    assert branch.run_at(2).learning_rate == 0.01
    assert branch.run_at(3).learning_rate == 0.5


def test_editing_a_parameter_shows_its_loss_at_once():
    """After x is set to 5 at update 2, the loss there is (5 − 2)² and the past keeps its own."""
    timeline = Timeline(hill_run()).branch(Edit(2, "x", 5.0))
    assert timeline.loss(2) == 9.0
    assert timeline.loss(1) == pytest.approx(1.96**2)
    numbers, losses = timeline.losses(timeline.reach(3))
    assert numbers.tolist() == [0, 1, 2, 2, 3]
    assert losses[3] == 9.0


def test_a_new_rule_remembers_nothing():
    """Changing to momentum at update 2 starts with velocity 0: the first step is that of gradient descent."""
    timeline = Timeline(hill_run())
    branch = timeline.branch(Edit(2, "update.rule", "momentum"))
    assert branch.state(3).theta.item() == timeline.state(3).theta.item()
    assert branch.state(4).theta.item() < timeline.state(4).theta.item()


@settings(max_examples=150, deadline=None)
@given(limit=st.integers(2, 40), count=st.integers(0, 400), first=st.integers(0, 9))
def test_checkpoints_stay_within_their_budget(limit, count, first):
    """However many states come, the budget holds them, the first stays, and the nearest is less than a stride away.

    That stride is less than twice what it must be for all of them.
    """
    given = State(first, np.zeros(1), RuleState(0, ()))
    checkpoints = Checkpoints(given, limit * state_bytes(given))
    for update in range(first + 1, first + count + 1):
        checkpoints.add(replace(given, update=update))
        assert len(checkpoints) <= limit
        assert checkpoints.stride < 2 * ((update - first) // limit + 1)
    assert checkpoints.get(first) is given
    for target in range(first, first + count + 1):
        nearest = checkpoints.nearest(target)
        assert 0 <= target - nearest.update < checkpoints.stride
        assert checkpoints.get(nearest.update) is nearest
    assert checkpoints.nearest(first + count + 1).update <= first + count


def test_states_kept_stay_within_the_budget():
    """However far one steps back in a long run, states kept at checkpoints and recomputed ones fit the budget."""
    run, budget, recorded = network_run(updates_at_most=400), SMALL, 2 * 64
    before = states_alive()
    timeline = Timeline(run, budget)
    for number in range(timeline.reach(400), 0, -1):
        timeline.state(number)
    kept = states_alive() - before
    assert (kept - recorded) * state_bytes(run.start) <= budget


def states_alive():
    gc.collect()
    return sum(isinstance(each, State) for each in gc.get_objects())


def test_loss_history_thins_past_its_limit(monkeypatch):
    """Past the limit every second loss is dropped; those kept are right, and the first is among them."""
    monkeypatch.setattr(LossHistory, "LIMIT", 100)
    history = LossHistory(0, 0.0)
    for update in range(1, 1000):
        history.add(update, float(update))
    numbers, losses = history.upto(700)
    assert numbers.tolist() == losses.tolist()
    assert (numbers[0], len(numbers) <= 100, numbers[-1] <= 700) == (0, True, True)


def test_trail_starts_and_ends_where_it_should():
    """The trail of a parameter has the first and the last position, whatever its number of points."""
    timeline = Timeline(hill_run(updates_at_most=500))
    numbers, trail = timeline.trail((0,), timeline.reach(500), points=50)
    assert (numbers[0], numbers[-1], trail[0, 0]) == (0, 500, 4.0)
    assert trail[-1, 0] == timeline.state(500).theta.item()
    assert len(numbers) <= 52


def test_epochs_of_a_perceptron():
    """The record of each epoch has its mistakes: 4 4 4 4 2 2 3 0 (devfest), across an edit that changes nothing too."""
    timeline = Timeline(perceptron_run()).branch(Edit(3, "update.learning_rate", 1.0))
    timeline.reach(100)
    assert [record.mistakes for record in timeline.epochs(100)] == [4, 4, 4, 4, 2, 2, 3, 0]
    assert [record.epoch for record in timeline.epochs(20)] == [1, 2]


def test_an_epoch_edited_in_its_middle_is_no_epoch_without_mistakes():
    """Weights set by hand inside an epoch answered only a part of its samples, so the next whole epoch decides.

    The run converges after its eighth epoch (devfest); touched two updates before that end, it takes one epoch more.
    """
    timeline = Timeline(perceptron_run(80))
    timeline.reach(1000)
    assert timeline.last == 8 * 7
    branch = timeline.branch(Edit(54, "b", float(timeline.state(54).theta[-1])))
    assert branch.reach(1000) == 9 * 7
    assert branch.stopped == "converged"
    assert [record.mistakes for record in branch.epochs(1000)] == [4, 4, 4, 4, 2, 2, 3, 0, 0]


def test_a_new_learning_rate_adds_no_loss_of_its_own():
    """Mini-batches: the loss after update 3 is that of its batch, once, whether or not the rate changes there."""
    timeline = Timeline(network_run())
    branch = timeline.branch(Edit(3, "update.learning_rate", 0.5))
    numbers, losses = branch.losses(branch.reach(6))
    assert numbers.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert losses[3] == timeline.loss(3) == branch.loss(3)
