"""Published figures are marked at the very numbers they are about."""

from gdsim.explain.figures import figure_marks, figures_here
from gdsim.scenario.build import build
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.timeline.position import Position
from gdsim.timeline.timeline import Timeline


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


def test_figures_are_told_where_they_are_about_the_place_on_view():
    """After the first update of the published hill its one figure there is listed, and no other."""
    scenario = load_file(resolve("mountain-descent"))
    timeline = Timeline(build(scenario))
    timeline.reach(2)
    (only,) = [each for each in figures_here(scenario, timeline, Position(1)) if each.expect.tolerance < 0.001][:1]
    assert only.expect.after == 1
    assert only.found == 3.96
    assert figures_here(scenario, timeline, Position(1, 0)) == []
