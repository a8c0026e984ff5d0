"""Published figures beside those of a run."""

import pytest
from small_hill import STARTING_ANYWHERE

from gdsim.engine.edits import Edit
from gdsim.explain.figures import check_figures, figure_marks, figure_notes, figures_at, figures_summary
from gdsim.scenario.build import build
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file, load_text
from gdsim.timeline.position import Position
from gdsim.timeline.timeline import Timeline

HILL = f"""source = "devfest"
{STARTING_ANYWHERE.replace("max_updates = 20", "min_change = 1e-4")}
[[expect]]
after = 0
quantity = "loss"
value = 4
[[expect]]
after = 1
quantity = "x"
value = 3.96
[[expect]]
after = 2
quantity = "gradient.x"
value = 3.92
tolerance = 0.005
[[expect]]
after = "stop"
quantity = "updates"
value = 298
[[expect]]
after = "stop"
quantity = "stopped"
value = "min_change"
"""

NEURON = """
format = 1
title = "Neuron"
summary = "A slip"
[network]
loss = "half-sse"
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.0]]
biases = [0.0]
[as_published]
slope_at = "output"
note = "The slope is taken at the output."
[data]
inputs = [[1.0]]
targets = [1]
[update]
learning_rate = 1.0
[[expect]]
after = 1
quantity = "W1[0,0]"
value = 0.117502
tolerance = 1e-6
[[expect]]
after = 1
quantity = "W1[0,0]"
value = 0.125
corrected = true
"""


def opened(text, **options):
    scenario = load_text(text, "test.toml")
    return scenario, Timeline(build(scenario, **options))


def test_all_figures_of_a_right_run_match():
    """The walk down the hill: 3.96, slope 3.92, 298 updates, min_change (devfest)."""
    results = check_figures(*opened(HILL), corrected=False)
    assert [result.matches for result in results] == [True] * 5
    assert results[3].found == 298
    assert results[4].text == "✓ stopped at the stop: min_change, published min_change"


def test_figures_outside_their_tolerance_differ():
    """A figure 0.01 off with tolerance 0.005 is told, with what was found."""
    scenario, timeline = opened(HILL.replace("value = 3.92", "value = 3.93"))
    (wrong,) = (result for result in check_figures(scenario, timeline, False) if not result.matches)
    assert wrong.text == "✗ f′(x) after update 2: 3.92, published 3.93"
    assert figures_summary(scenario, timeline, Position(2)) == "devfest ✗ 1 of 3 figures differs"


def test_figures_of_updates_that_never_come():
    """A figure for an update after the end cannot match, and the reason is told."""
    scenario, timeline = opened(HILL.replace("after = 2", "after = 500"))
    (wrong,) = (result for result in check_figures(scenario, timeline, False) if not result.matches)
    assert wrong.problem == "the run is over after update 298 (min_change)"


@pytest.mark.parametrize(("update", "count"), [(0, 1), (1, 2), (2, 3), (297, 3), (298, 5)])
def test_figures_appear_as_they_are_reached(update, count):
    """On screen a figure shows once its update is made; those of the stop at the stop, however far is computed."""
    scenario, timeline = opened(HILL)
    timeline.reach(298)
    assert len(figures_at(scenario, timeline, Position(update))) == count


def test_summary():
    """The title bar says whose figures match, and how many."""
    scenario, timeline = opened(HILL)
    assert figures_summary(scenario, timeline, Position(2)) == "devfest ✓ 3 figures match"
    assert figures_summary(scenario, timeline, Position()) == "devfest ✓ 1 figure matches"


def test_published_and_corrected_figures_are_kept_apart():
    """By hand, at z = 0, a = ½: δ = −½·σ′, with σ′(z) = ¼ gives w = 0.125, with σ′(½) = 0.235004 w = 0.117502."""
    scenario, published = opened(NEURON)
    assert [result.matches for result in check_figures(scenario, published, False)] == [True]
    corrected = Timeline(build(scenario, corrected=True))
    assert [result.matches for result in check_figures(scenario, corrected, True)] == [True]
    switched = published.branch(Edit(0, "corrected", True))
    assert [result.expect.value for result in figures_at(scenario, switched, Position(1))] == [0.125]
    assert figures_summary(scenario, switched, Position(1)) == "✓ 1 figure matches"


def test_a_changed_run_is_not_held_to_the_figures():
    """Behind a learner's own change, or from another start, published figures say nothing."""
    scenario, timeline = opened(HILL)
    changed = timeline.branch(Edit(1, "update.learning_rate", 0.5))
    assert len(figures_at(scenario, changed, Position(2))) == 2
    assert figures_at(scenario, timeline.branch(Edit(0, "x", 3.0)), Position(3)) == []
    assert figures_summary(scenario, Timeline(build(scenario, start_index=1)), Position(3)) == ""


def test_figures_that_the_table_does_not_show_are_told_at_their_place():
    """The loss of 4 at the start is told there, x = 3.96 is marked in the table, and inside an update nothing is."""
    scenario, timeline = opened(HILL)
    timeline.reach(2)
    assert figure_notes(scenario, timeline, Position()) == ["✓ loss after update 0: 4, published 4"]
    assert figure_notes(scenario, timeline, Position(1)) == figure_notes(scenario, timeline, Position(0, 1)) == []
    assert figure_marks(scenario, timeline, Position(1)) == {("new", 0): True}


def marks(name, position, corrected=False):
    scenario = load_file(resolve(name))
    timeline = Timeline(build(scenario, corrected=corrected))
    timeline.reach(position.update)
    return dict(figure_marks(scenario, timeline, position))


def test_published_neuron_marks_changes_and_new_weights():
    """The neuron of the admissions text prints four changes, four new weights and the bias it leaves alone."""
    found = marks("admissions-neuron", Position(1))
    assert found == {
        **{("change", element): True for element in range(4)},
        **{("new", element): True for element in range(5)},
    }


def test_corrected_neuron_is_measured_by_its_own_figures():
    """The corrected rule has figures of its own; no published one is claimed to come out for it."""
    found = marks("admissions-neuron", Position(1), corrected=True)
    assert found == {**{("change", element): True for element in range(4)}, ("new", 4): True}


def test_a_gradient_printed_for_the_start_stands_in_the_first_update():
    """The gradient (3, 1) is that of the first update; while it is in the making, it is marked as soon as revealed."""
    assert {("gradient", 0), ("gradient", 1)} <= set(marks("steepest-ascent", Position(0, 1)))
    assert ("gradient", 0) not in marks("steepest-ascent", Position(3))
