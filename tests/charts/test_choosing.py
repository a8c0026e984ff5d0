"""Arrow keys in the network: a neuron, its weights to the left of it, and what is lit while a phase works there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gdsim.charts import current as choosing
from gdsim.charts.kinds import network
from gdsim.charts.view import View
from gdsim.timeline.position import Focus

from .views import XOR, drawn, view_of

LEFT, RIGHT, UP, DOWN = (-1, 0), (1, 0), (0, -1), (0, 1)


def walked(steps: list[tuple[int, int]], phase: int | None = None, focus: Focus | None = None) -> View:
    view = view_of(XOR, 0, phase, focus=focus)
    for step in steps:
        view = View(view.scenario, view.timeline, view.position, choosing.moved(view, *step))
    return view


def test_the_first_step_chooses_the_output_the_pages_look_at() -> None:
    """Nothing is chosen at first; any arrow chooses the neuron whose numbers were shown anyway."""
    assert choosing.selection(walked([])) is None
    assert choosing.selection(walked([DOWN])) == choosing.Selection(2, 0, 0)


def test_to_the_left_of_a_neuron_lie_its_weights_and_then_the_neuron_they_come_from() -> None:
    """From the output: its weights, down to the second, left to the second hidden neuron, and its own weights."""
    steps = [DOWN, LEFT, DOWN]
    assert choosing.description(walked(steps)) == "weight w²₁₂ = −1"
    assert choosing.description(walked([*steps, LEFT])) == "neuron 2 of layer 1"
    assert choosing.description(walked([*steps, LEFT, LEFT])) == "weight w¹₂₁ = 3"


def test_the_way_back_to_the_right() -> None:
    """From a weight to its neuron, from a neuron to the weight through which it acts on the next layer."""
    steps = [DOWN, LEFT, DOWN, LEFT, LEFT]
    assert choosing.selection(walked([*steps, RIGHT])) == choosing.Selection(1, 1, 0)
    assert choosing.selection(walked([*steps, RIGHT, RIGHT])) == choosing.Selection(2, 0, 1, is_weight=True)
    assert choosing.selection(walked([*steps, RIGHT, RIGHT, RIGHT])) == choosing.Selection(2, 0, 1)


@given(st.lists(st.sampled_from([LEFT, RIGHT, UP, DOWN]), max_size=12), st.sampled_from([None, 0, 1, 2, 3, 4, 5]))
def test_no_way_leads_out_of_the_network(steps: list[tuple[int, int]], phase: int | None) -> None:
    """Whatever is pressed, what is chosen exists, and the drawing can show it."""
    view = walked(steps, phase)
    drawing = drawn(network.build(view))
    if drawing.focus is not None:
        layer, place = drawing.focus
        assert 0 <= place < len(drawing.columns[layer])
    for layer, unit, source in drawing.lit:
        assert unit < len(drawing.columns[layer])
        assert source < len(drawing.columns[layer - 1])


def test_a_phase_holds_the_layer_it_works_on() -> None:
    """While the error is passed back to layer 1 (phase 5 of 7), the current neuron is one of layer 1."""
    view = walked([DOWN, LEFT, LEFT, LEFT, RIGHT, RIGHT, RIGHT], 4, Focus(layer=2))
    selection = choosing.selection(view)
    assert selection is not None
    assert selection.layer == 1


def test_what_the_phase_works_with_is_lit() -> None:
    """Forward: what comes into the neuron; error passed back: what it sends on; gradient: the one weight."""
    focus = Focus(layer=1, unit=1, input=1)
    assert drawn(network.build(view_of(XOR, 0, 0, focus=focus))).lit == ((1, 1, 0), (1, 1, 1))
    assert drawn(network.build(view_of(XOR, 0, 4, focus=focus))).lit == ((2, 0, 1),)
    assert drawn(network.build(view_of(XOR, 0, 5, focus=focus))).lit == ((1, 1, 1),)


def test_the_chosen_element_of_theta() -> None:
    """A weight is its own element, a neuron its bias; θ is W1 (2 × 2), b1 (2), W2 (1 × 2), b2 (1)."""
    assert choosing.element_in_focus(walked([])) is None
    assert choosing.element_in_focus(walked([DOWN])) == 8
    assert choosing.element_in_focus(walked([DOWN, LEFT, DOWN])) == 7
    assert choosing.element_in_focus(walked([DOWN, LEFT, DOWN, LEFT])) == 5
