"""Compared runs step together with the main one, and go on or stop on their own."""

import numpy as np
import pytest
from locked_scenario import LOCKED
from typed_lines import after

from gdsim.charts.chart import Series
from gdsim.charts.table import CHARTS
from gdsim.plain.describe import block
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file, load_text
from gdsim.session import Session
from gdsim.timeline.position import Position

PERCEPTRONS = """
format = 1
title = "t"
summary = "s"
[perceptron]
weights = [0.0, 0.0]
[data]
inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
targets = [0, 1, 1, 0]
[update]
learning_rate = 1.0
[[compare]]
label = "other bias"
set = { "perceptron.bias" = 0.5 }
"""

LOGISTIC = (
    LOCKED[: LOCKED.index("[show]")]
    + """
[[compare]]
label = "slower"
set = { "update.learning_rate" = 0.1 }
"""
)


def opened(name, at=0):
    return Session.open(load_file(resolve(name))).after(at)


def x_of_runs(session):
    """Return x of every run beside, by its mark."""
    places = {}
    for beside in session.view.comparisons:
        update = beside.timeline.reach(session.view.clock)
        places[beside.mark] = float(beside.timeline.state(update).theta[0])
    return places


@pytest.mark.parametrize("update", [1, 2, 7])
def test_compared_runs_stand_at_the_same_update(update):
    """On (x − 2)² from 4 an update multiplies x − 2 by 1 − 2η (hand): every run stands where that leads."""
    session = opened("learning-rates", at=update)
    expected = {mark: 2 + 2 * (1 - 2 * eta) ** update for mark, eta in zip("ABCD", (0.01, 0.5, 1, 1.05), strict=True)}
    assert x_of_runs(session) == pytest.approx(expected)


def test_others_go_on_when_the_main_run_is_over_and_back_again():
    """The main run lands after 59 updates; the others go on one by one, and back leads the same way home."""
    session = opened("learning-rates", at=59)
    assert session.is_over
    assert not session.is_at_end
    later = session.forward(3)
    assert (later.position, later.extra_updates, later.clock) == (Position(59), 3, 62)
    assert x_of_runs(later)["D"] == pytest.approx(2 + 2 * 1.1**62)
    assert later.back().clock == 61
    assert later.back(4).position == Position(58)
    assert later.back(4).extra_updates == 0


def test_everything_is_over_when_the_last_run_is():
    """Bouncing lasts for all of the 1300 updates asked for; the diverging run ended before, as diverged."""
    session = opened("learning-rates").after(10_000)
    assert session.is_at_end
    assert session.clock == 1300
    ended = {beside.mark: beside.timeline.stopped for beside in session.comparisons}
    assert (ended["B"], ended["C"], ended["D"]) == ("min_change", "max_updates", "diverged")


def test_a_run_with_a_start_of_its_own_keeps_it():
    """Where the main run takes the start of a compared one, that one takes the scenario's own start instead."""
    session = opened("local-minima").other_start()
    assert session.timeline.state(0).theta[0] == -2.0
    starts = {beside.label: beside.timeline.state(0).theta[0] for beside in session.comparisons}
    assert starts == {"from x = 2": 2.0, "from 0.1": 0.1, "from 0.2": 0.2}


def test_runs_without_a_start_of_their_own_follow_the_main_one():
    """From another start all learning rates are compared from there."""
    session = opened("learning-rates").other_start()
    assert {float(beside.timeline.state(0).theta[0]) for beside in session.comparisons} == {0.0}


def test_an_edit_changes_the_main_run_alone():
    """After η is changed by hand the compared runs go on as they were."""
    session = opened("learning-rates", at=2).edited("update.learning_rate", 0.5).forward(1)
    assert session.timeline.state(3).theta[0] == pytest.approx(2.0)
    assert x_of_runs(session)["A"] == pytest.approx(2 + 2 * 0.98**3)


@pytest.mark.parametrize(
    ("scenario", "names"),
    [
        ("learning-rates", ("curve", "loss", "parameters")),
        ("local-minima", ("curve", "loss", "parameters")),
        ("losses", ("boundary", "loss")),
        (PERCEPTRONS, ("boundary", "mistakes", "loss")),
        (LOGISTIC, ("boundary", "mistakes", "loss")),
    ],
)
def test_every_chart_labels_and_marks_every_compared_run(scenario, names):
    """Each compared run has a series with its own label and mark in every chart that shows runs."""
    loaded = load_text(scenario, "t") if "\n" in scenario else load_file(resolve(scenario))
    session = Session.open(loaded).after(9)
    view = session.view
    assert view.comparisons
    for name in names:
        chart = CHARTS[name].build(view)
        shown = {(each.label.split(" (")[0], each.mark) for each in chart.layers if isinstance(each, Series)}
        assert {(beside.label, beside.mark) for beside in view.comparisons} <= shown, name


def test_a_mountain_shows_runs_beside_from_above_and_along_their_steps():
    """Two walkers on one mountain: both paths, and the heights along both steps."""
    text = """
format = 1
title = "t"
summary = "s"
[function]
expression = "x**2 + 3*y**2"
start = { x = 1.0, y = 1.0 }
[update]
learning_rate = 0.1
[[compare]]
label = "longer steps"
set = { "update.learning_rate" = 0.2 }
"""
    view = Session.open(load_text(text, "t")).after(2).view
    path = [each for each in CHARTS["contour"].build(view).layers if getattr(each, "label", "") == "longer steps"]
    # hand: x is multiplied by 1 − 2·0.2, y by 1 − 6·0.2.
    assert np.allclose([path[0].x[0], path[0].y[0]], [0.6**2, (-0.2) ** 2])
    cut = [each for each in CHARTS["cross-section"].build(view).layers if getattr(each, "label", "") == "longer steps"]
    step = np.hypot(0.6**2 - 0.6, (-0.2) ** 2 + 0.2)
    assert np.allclose([cut[0].x[0], cut[0].y[0]], [step, 0.36**2 + 3 * 0.04**2])


def test_plain_mode_tells_how_every_run_stands():
    """A block has a line for each compared run, and `next` goes on with them after the end of the main one."""
    session = opened("learning-rates", at=59)
    assert "C η = 1 bounces · loss 4 · x = 0 " in block(session)
    session = after(session, "next 2")
    assert "others at update 61" in block(session)
    session = after(session, "back")
    assert session.clock == 60
