"""Charts of networks: the drawing, the outputs, the activation of a neuron, pictures."""

from __future__ import annotations

import numpy as np
import pytest

from gdsim.charts.chart import NetworkDrawing, Role, Shape
from gdsim.charts.current import current_sample
from gdsim.charts.kinds import activation, network, sample
from gdsim.timeline.position import Focus

from .views import PERCEPTRON, WIDE, XOR, built, drawn, hill, only, series, view_of

ADMISSIONS = """
[network]
loss = "half-sse"
train_biases = false
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.01, 0.8, 0.02, -0.7]]
biases = [-0.1]
[as_published]
slope_at = "output"
note = "n"
[data]
inputs = [[50.0, 22.0, 10.0, 45.0]]
targets = [1.0]
[update]
learning_rate = 0.001
"""

THREE_OUTPUTS = """
[network]
loss = "half-sse"
[[network.layers]]
units = 3
activation = "identity"
weights = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
biases = [0.0, 0.0, -0.5]
[data]
inputs = [[0.75, 0.25]]
targets = [[1.0, 0.0, 0.0]]
[update]
learning_rate = 0.1
"""


def drawing_of(phase: int | None, update: int = 0, focus: Focus | None = None, text: str = XOR) -> NetworkDrawing:
    return drawn(network.build(view_of(text, update, phase, focus=focus)))


def known(drawing: NetworkDrawing) -> list[tuple[bool, bool]]:
    """Return for each column whether its values and its deltas are shown."""
    return [
        (all(n.value is not None for n in column), all(n.delta is not None for n in column))
        for column in drawing.columns
    ]


@pytest.mark.parametrize(
    ("phase", "values_upto", "deltas_from", "kind", "active", "backwards"),
    [
        (0, 1, 3, "forward", 1, False),
        (1, 2, 3, "forward", 2, False),
        (2, 2, 3, "loss", 2, False),
        (3, 2, 2, "output-delta", 2, True),
        (4, 2, 1, "backprop", 1, True),
        (5, 2, 1, "gradient", None, True),
    ],
)
def test_each_phase_reveals_its_numbers(
    phase: int, values_upto: int, deltas_from: int, kind: str, active: int | None, backwards: bool
) -> None:
    """Values come layer by layer on the way forward, deltas layer by layer on the way back."""
    drawing = drawing_of(phase)
    assert known(drawing) == [(layer <= values_upto, layer >= deltas_from) for layer in range(3)]
    assert (drawing.phase, drawing.active_layer, drawing.backwards) == (kind, active, backwards)


def test_at_the_start_only_the_inputs_are_known() -> None:
    """Nothing is computed yet."""
    drawing = drawing_of(None)
    assert known(drawing) == [(True, False), (False, False), (False, False)]
    assert (drawing.phase, drawing.active_layer, drawing.backwards) == ("", None, False)


def test_after_an_update_everything_is_known() -> None:
    """The update on view is complete."""
    assert known(drawing_of(None, 1)) == [(True, False), (True, True), (True, True)]


def test_values_are_those_of_the_focused_sample() -> None:
    """XOR's third sample is (1, 0): hidden z = (1.1, 2.8) by hand."""
    drawing = drawing_of(0, focus=Focus(sample=2))
    assert [neuron.value for neuron in drawing.columns[0]] == [1.0, 0.0]
    expected = 1 / (1 + np.exp(-np.array([1.1, 2.8])))
    assert [neuron.value for neuron in drawing.columns[1]] == pytest.approx(expected.tolist())


def test_weights_and_biases_are_units_by_inputs() -> None:
    """Row j of the weights is what neuron j listens to."""
    drawing = drawing_of(None)
    assert drawing.weights[0].tolist() == [[1.0, -2.0], [3.0, 0.5]]
    assert drawing.weights[1].tolist() == [[2.0, -1.0]]
    assert [neuron.bias for neuron in drawing.columns[1]] == [0.1, -0.2]
    assert [neuron.name for neuron in drawing.columns[2]] == ["a²₁"]


def test_wide_layers_fold_and_count_what_is_left_out() -> None:
    """784–20–10 shows 8, 8 and all 10."""
    drawing = drawing_of(None, text=WIDE)
    assert [len(column) for column in drawing.columns] == [8, 8, 10]
    assert drawing.hidden == (776, 12, 0)
    assert [weights.shape for weights in drawing.weights] == [(8, 8), (10, 8)]
    assert drawing.focus is None


def test_focused_neuron_and_its_input_are_among_those_shown() -> None:
    """Unit 15 of layer 1 and its input 400 are shown; the focus is a place in the drawn column."""
    drawing = drawing_of(None, text=WIDE, focus=Focus(1, 15, 400))
    assert drawing.focus is not None
    place = drawing.focus[1]
    assert drawing.columns[1][place].name == "a¹₁₆"
    weights = view_of(WIDE).timeline.run.model.layout.view(view_of(WIDE).timeline.run.start.theta, "W1")
    assert weights[15, 400] in drawing.weights[0][place]


def test_folded_layers_show_the_most_active_units() -> None:
    """After an update the eight largest outputs of a layer of 20 are drawn, in the order of their numbers."""
    view, drawing = view_of(WIDE, 1), drawing_of(None, 1, text=WIDE)
    update = view.timeline.update(1)
    outputs = np.abs(update.forward.quantities["a1"][current_sample(view, update)[1]])
    largest = sorted(np.argsort(-outputs)[:8].tolist())
    below = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    assert [neuron.name for neuron in drawing.columns[1]] == [f"a¹{unit + 1}".translate(below) for unit in largest]


def test_units_left_out_by_dropout_are_told() -> None:
    """With a share of one half, those whose mask is 0 in the update on view are marked as left out."""
    text = WIDE.replace("units = 20", "units = 8\ndropout = 0.5")
    drawing = drawing_of(None, 1, text=text)
    mask = view_of(text, 1).timeline.update(1).forward.quantities["mask1"]
    assert [neuron.is_dropped for neuron in drawing.columns[1]] == (mask == 0).tolist()
    assert any(neuron.is_dropped for neuron in drawing.columns[1])


def test_focus_out_of_range_is_brought_into_range() -> None:
    """Layer 9, unit 9 is the last neuron."""
    assert drawing_of(None, focus=Focus(9, 9, 9, 9)).focus == (2, 0)


def test_no_drawing_without_layers() -> None:
    """A perceptron and a function have none."""
    assert network.build(view_of(PERCEPTRON)) is None
    assert network.build(view_of(hill("x**2", 1.0, 0.1))) is None


def test_outputs_mark_the_brightest_and_the_target() -> None:
    """Outputs (0.75, 0.25, 0.5) by hand: 0 is the brightest, and 0 is wanted. At the start there is one column."""
    answers = sample.build(view_of(THREE_OUTPUTS))
    assert answers is not None
    (now,) = answers.columns
    assert now.values == pytest.approx([0.75, 0.25, 0.5])
    assert (now.brightest, answers.wanted, answers.names) == (0, 0, ("0", "1", "2"))


def test_the_untrained_answer_stands_beside_the_current_one() -> None:
    """After an update the first column is still the answer at the start, the last the current one."""
    answers = sample.build(view_of(THREE_OUTPUTS, 1))
    assert answers is not None
    before, now = answers.columns
    assert before.values == pytest.approx([0.75, 0.25, 0.5])
    assert now.values != pytest.approx(before.values)


def test_runs_beside_answer_the_same_sample() -> None:
    """A run with other weights has a column of its own, under its label."""
    other = THREE_OUTPUTS.replace("[1.0, 1.0]]", "[0.0, 0.0]]")
    answers = sample.build(view_of(THREE_OUTPUTS, beside={"other": other}))
    assert answers is not None
    beside, _now = answers.columns
    assert beside.title == "other"
    assert beside.values == pytest.approx([0.75, 0.25, -0.5])


def test_outputs_need_more_than_two() -> None:
    """One output is no contest."""
    assert sample.build(view_of(XOR)) is None


def test_activation_marks_z_and_its_slope() -> None:
    """z = 0.5 + 17.6 + 0.2 − 31.5 − 0.1 = −13.3: σ′ is flat there; the source takes it at the output, near 0.25."""
    chart = built(activation.build(view_of(ADMISSIONS)))
    assert only(chart, Role.CURRENT).x == pytest.approx([-13.3])
    tangent, published = only(chart, Role.TANGENT), only(chart, Role.TRUTH, Shape.LINE)
    assert np.diff(tangent.y)[0] / np.diff(tangent.x)[0] == pytest.approx(1.6744876e-06, rel=1e-6)
    assert np.diff(published.y)[0] / np.diff(published.x)[0] == pytest.approx(0.25)
    assert (chart.x.low, chart.x.high) == (-16.0, 16.0)


def test_corrected_activation_has_one_slope() -> None:
    """Without the slip only the slope at z is used."""
    assert series(built(activation.build(view_of(ADMISSIONS, corrected=True))), Role.TRUTH) == []


def test_slope_of_sigmoid_is_a_quarter_at_0() -> None:
    """The dashed curve is σ′, highest at 0 with 0.25."""
    slopes = only(built(activation.build(view_of(ADMISSIONS))), Role.GHOST)
    assert slopes.y.max() == pytest.approx(0.25)
    assert slopes.x[slopes.y.argmax()] == pytest.approx(0.0)


def test_activation_is_the_focused_neurons() -> None:
    """Hidden neuron 1 for sample (0, 0) has z = −0.2; its z is kept back until its layer is computed."""
    focus = Focus(1, 1)
    assert only(built(activation.build(view_of(XOR, 0, 0, focus=focus))), Role.CURRENT).x == pytest.approx([-0.2])
    output = view_of(XOR, 0, 0, focus=Focus(2, 0))
    assert series(built(activation.build(output)), Role.CURRENT) == []


def test_a_hill_that_is_an_activation_has_its_slope() -> None:
    """Walking down tanh(x) shows tanh′; the walker's place is z. (x − 2)² is no activation."""
    chart = built(activation.build(view_of(hill("tanh(x)", 0.5, 0.1))))
    assert only(chart, Role.CURRENT).x == pytest.approx([0.5])
    assert only(chart, Role.GHOST).y.max() == pytest.approx(1.0)
    assert activation.build(view_of(hill("(x - 2)**2", 4.0, 0.1))) is None


def test_a_drawing_says_what_is_wanted_and_the_loss() -> None:
    """The target of the sample on view stands at the output; the loss once it is revealed, as before the update."""
    at_start, later = network.build(view_of(XOR)), network.build(view_of(XOR, 1))
    assert at_start.wanted == ("y = 0",)
    assert at_start.loss == ""
    assert later.loss.startswith(f"C = {view_of(XOR, 1).timeline.update(1).loss_before:.3g}"[:8])


def test_outputs_of_classes_have_their_names() -> None:
    """Each output is named by its class, and of the sample on view one has the target 1, the others 0."""
    view = view_of(WIDE, 1)
    shown = network.build(view).wanted
    assert [text.partition(",")[0] for text in shown] == list("0123456789")
    assert sorted(text.partition(", ")[2] for text in shown) == ["target 0"] * 9 + ["target 1"]
    marked = [unit for unit, name in enumerate(network.build(view).outputs) if name == f"[{unit}]"]
    assert marked == [unit for unit, text in enumerate(shown) if text.endswith("target 1")]


def test_neurons_of_two_inputs_see_the_plane() -> None:
    """What a hidden neuron sees are its own outputs over the window of the inputs, from below upwards."""
    view = view_of(XOR)
    (_inputs, hidden) = network.build(view).sees
    model, theta = view.timeline.run.model, view.timeline.state(0).theta
    corner = np.array([[-0.15, -0.15]])  # 15 % beyond the samples, which lie from 0 to 1
    w, b = (model.layout.view(theta, name) for name in ("W1", "b1"))
    assert [picture[0, 0] for picture in hidden] == pytest.approx((1 / (1 + np.exp(-(corner @ w.T + b))))[0].tolist())
    assert network.build(view_of(WIDE)).sees == ()
