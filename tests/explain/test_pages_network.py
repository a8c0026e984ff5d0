"""What is said about the phases of a network's update.

The numbers of the 2-2-2 network are M. Mazur's (A Step by Step Backpropagation Example), those of the line by hand.
"""

import re

import numpy as np
import pytest
from explained_runs import admissions, line, mountain, network, perceptron, two_two_two, wide

from gdsim.engine.formula.expressions import parse
from gdsim.engine.losses import LOSSES
from gdsim.engine.models.network import Layer, Slips
from gdsim.engine.rules import KINDS
from gdsim.explain.network_forward import LOSS_TEXTS
from gdsim.explain.page import Line, Names, lettered
from gdsim.explain.pages import page, start_page
from gdsim.timeline.position import Focus


def pages(timeline, focus=Focus(), number=1, **options):
    """Return the pages of one update by what their titles end in."""
    update = timeline.update(number)
    shown = [page(update, phase, focus, **options) for phase in range(len(update.phases))]
    return {one.title.partition(": ")[2]: one for one in shown}


def test_titles_count_the_phases():
    """Forward per layer, loss, output delta, backpropagation per hidden layer, gradient, update."""
    assert list(pages(two_two_two())) == [
        "forward, layer 1",
        "forward, layer 2",
        "loss",
        "output delta",
        "backpropagation, layer 1",
        "gradient",
        "update",
    ]


def test_forward_pass():
    """net_h1 = 0.3775, out_h1 = 0.593269992; net_o1 = 1.105905967, out_o1 = 0.75136507 (Mazur)."""
    shown = pages(two_two_two())
    assert shown["forward, layer 1"].lines == (
        Line("z¹₁", "w1·x₁ + w2·x₂ + b1", "0.15·0.05 + 0.2·0.1 + 0.35", "0.3775"),
        Line("a¹₁", "σ(z¹₁) = 1/(1 + e⁻ᶻ)", "σ(0.3775)", "0.593270"),
    )
    assert shown["forward, layer 2"].lines == (
        Line("z²₁", "w5·a¹₁ + w6·a¹₂ + b2", "0.4·0.593270 + 0.45·0.596884 + 0.6", "1.105906"),
        Line("a²₁", "σ(z²₁) = 1/(1 + e⁻ᶻ)", "σ(1.105906)", "0.751365"),
    )


def test_loss():
    """E = ½(0.7513 − 0.01)² + ½(0.7729 − 0.99)² = 0.298371109 (Mazur)."""
    loss = pages(two_two_two())["loss"]
    assert loss.lines == (Line("C", "½·Σⱼ (aⱼ − yⱼ)²", "½·[(0.751365 − 0.01)² + (0.772928 − 0.99)²]", "0.298371"),)
    assert loss.sentence == "The answer of output 1 is furthest off: 0.751365 instead of 0.01."


def test_output_delta():
    """∂E/∂out = 0.74136507, out(1 − out) = 0.186815602, δ = 0.138498562 (Mazur)."""
    shown = pages(two_two_two())["output delta"]
    assert shown.lines == (
        Line("∂C/∂a²₁", "a − y", "0.751365 − 0.01", "+0.741365"),
        Line("σ′(z²₁)", "σ(z)(1 − σ(z))", "0.751365·(1 − 0.751365)", "0.186816"),
        Line("δ²₁", "∂C/∂a²₁·σ′(z²₁)", "0.741365·0.186816", "+0.138499"),
    )
    assert "too high" in shown.sentence
    assert "too low" in pages(two_two_two(), Focus(2, 1))["output delta"].sentence


def test_backpropagation():
    """∂E/∂out_h1 = 0.4·0.138499 − 0.5·0.038098 = 0.036350306; times 0.241300709 is 0.00877 (Mazur)."""
    shown = pages(two_two_two())["backpropagation, layer 1"]
    assert shown.lines == (
        Line("∂C/∂a¹₁", "w5·δ²₁ + w7·δ²₂", "0.4·0.138499 + 0.5·(−0.0380982)", "+0.0363503"),
        Line("σ′(z¹₁)", "σ(z)(1 − σ(z))", "0.593270·(1 − 0.593270)", "0.241301"),
        Line("δ¹₁", "∂C/∂a¹₁·σ′(z¹₁)", "0.0363503·0.241301", "+0.00877135"),
    )


def test_gradient_and_update_of_the_focused_weight():
    """∂E/∂w5 = 0.082167041 and w5 becomes 0.35891648; w1 becomes 0.149780716 with 0.000438568 (Mazur)."""
    shown = pages(two_two_two())
    assert shown["gradient"].lines[0] == Line("∂C/∂w5", "δ²₁·a¹₁", "0.138499·0.593270", "+0.082167")
    assert shown["update"].lines[0] == Line("new w5", "w5 − η·∂C/∂w5", "0.4 − 0.5·0.082167", "0.358916")
    first = pages(two_two_two(), Focus(1, 0, 0))
    assert first["gradient"].lines[0].value == "+0.000438568"
    assert first["update"].lines[0].value == "0.149781"


def test_focus_out_of_range_is_brought_into_range():
    """Any focus shows a neuron there is: too large means the last, layer 0 the last layer."""
    far = pages(two_two_two(), Focus(9, 9, 9, 9))
    assert far["gradient"].lines[0].symbol == "∂C/∂w8"
    assert far["forward, layer 1"].lines[0].symbol == "z¹₂"
    assert pages(two_two_two(), Focus(-1, -1, -1, -1)) == pages(two_two_two(), Focus(2, 0, 0, 0))


def test_published_slip_is_named():
    """As published σ′ is taken at the output: σ′(a) ≈ 0.25 where σ′(z) is 1.67e-06, and the page says so."""
    shown = pages(admissions())
    delta = shown["output delta"]
    assert (delta.lines[1].symbol, delta.lines[1].value) == ("σ′(a)", "0.25")
    assert delta.notes == (
        "As published: the source evaluates σ′ at the output, not at z, so this gradient is wrong.",
        "The text feeds the output into σ′.",
    )
    assert set(delta.notes) <= set(shown["gradient"].notes)
    assert shown["update"].lines[0].value == "0.022500"


def test_corrected_neuron_is_saturated():
    """With σ′(z) the neuron hardly learns, the change is 8.37e-08, and no page speaks of the slip as in force."""
    shown = pages(admissions(as_published=False))
    assert shown["output delta"].sentence == "The neuron is saturated: σ′ is 1.67449e−06, so almost nothing is learnt."
    assert shown["gradient"].lines[0].value == "−8.37242e−05"
    assert not any("As published" in note for one in shown.values() for note in one.notes)


def test_frozen_biases_are_told():
    """The bias is not updated, though its gradient is shown (admissions)."""
    shown = pages(admissions())
    assert "The biases are frozen: updates leave them as they are." in shown["gradient"].notes
    assert "The biases are frozen: updates leave them as they are." in shown["update"].notes
    assert shown["update"].lines[1] == Line("new b", "b", "", "−0.1")


def test_several_samples_are_summed():
    """From a = b = 0 the errors are −1 −3 −5 −7, δ = 2e/4, Σδx = −0·0.5 − 1.5·1 − 2.5·2 − 3.5·3 = −17, Σδ = −8."""
    gradient = pages(line())["gradient"]
    assert gradient.lines == (
        Line("∂C/∂a", "Σ δ·x", "Σ over 4 samples: 0 − 1.5 − 5 − 10.5", "−17"),
        Line("∂C/∂b", "Σ δ", "Σ over 4 samples: −0.5 − 1.5 − 2.5 − 3.5", "−8"),
    )


def test_updated_weights_on_the_way_back_are_shown_and_named():
    """As Mazur's error has it: w5 = 0.358916 and w7 = 0.511301 stand where 0.4 and 0.5 should."""
    shown = page(two_two_two(Slips(is_backprop_updated=True)).update(1), 4)
    assert shown.lines[0].substituted == "0.358916·0.138499 + 0.511301·(−0.0380982)"
    assert "As published: errors go back through weights that are already updated, so this is wrong." in shown.notes


def test_a_slope_left_out_is_not_shown_but_named():
    """δ of the output is ∂C/∂a as it stands, 0.741365; nothing is said of slopes that are not there."""
    update = two_two_two(Slips(slope_left_out="output"), slip={"note": "own note"}).update(1)
    shown = page(update, 3)
    assert [(line.symbol, line.formula, line.value) for line in shown.lines[1:]] == [("δ²₁", "∂C/∂a²₁", "+0.741365")]
    assert shown.notes[0] == "As published: the source leaves σ′ out of the output's δ, so this gradient is wrong."
    assert shown.notes[1] == "own note"
    assert not any("As published" in note for note in page(update, 4).notes)


def test_a_hidden_slip_is_not_named():
    """Where the reader is to find the slip, no page of it says anything."""
    slips = Slips(slope_left_out="everywhere", is_backprop_updated=True)
    update = two_two_two(slips, slip={"note": "own note", "is_hidden": True}).update(1)
    notes = [note for number in range(len(update.phases)) for note in page(update, number).notes]
    assert not [note for note in notes if "ublished" in note or note == "own note"]


def test_published_bias_factor_is_named():
    """A bias gradient halved as published is shown halved: −4, with the factor in its formula."""
    gradient = pages(line(factor=0.5))["gradient"]
    assert gradient.lines[1].formula == "0.5·Σ δ"
    assert gradient.lines[1].value == "−4"
    assert "multiplies the gradient of every bias by 0.5" in gradient.notes[0]


def test_loss_of_one_sample_and_of_all():
    """Mean of 1, 9, 25, 49 is 21; the focused sample has 25 of its own."""
    loss = pages(line(), Focus(sample=2))["loss"]
    assert loss.lines == (
        Line("C₃", "(ŷ − y)²", "(0 − 5)²", "25"),
        Line("C", "mean over 4 samples", "(1 + 9 + 25 + 49)/4", "21"),
    )
    assert loss.notes == ("Shown for sample 3 of 4.",)


def test_a_parameter_called_a_is_not_mixed_up_with_the_answer():
    """Where a parameter is called a the answer is called ŷ: ∂C/∂a means the parameter alone."""
    shown = pages(line())
    symbols = [one.symbol for each in shown.values() for one in each.lines]
    assert symbols.count("∂C/∂a") == 1
    assert symbols.count("∂C/∂ŷ") == 1


def test_batches_name_their_samples():
    """The second update of batches of 3 out of 4 sees only sample 4."""
    assert pages(line(size=3), number=2)["loss"].notes == ("This update sees sample 4 of 4 alone.",)
    notes = pages(line(size=3), Focus(sample=1))["loss"].notes
    assert notes == ("Shown for sample 2 of the 3 in this update: number 2 of 4.",)


def test_wide_layers_are_cut_short():
    """Sums of more than four terms show three, from the focused one on, and count the rest."""
    shown = pages(wide(), Focus(1, 3, 5, 2))
    assert shown["forward, layer 1"].lines[0].formula == "w¹₄,₆·x₆ + w¹₄,₇·x₇ + w¹₄,₈·x₈ + … 27 more terms + b¹₄"
    assert shown["backpropagation, layer 1"].lines[0].formula.endswith("+ … 7 more terms")
    assert shown["gradient"].lines[0].substituted.startswith("Σ over 12 samples: ")


def test_fused_delta_is_named_as_a_shortcut():
    """Softmax with cross-entropy: δ = a − y in one step, and the page says which step was left out."""
    shown = pages(wide(samples=1))["output delta"]
    assert shown.lines[0].formula == "a − y"
    assert shown.notes[0].startswith("A shortcut")
    assert len(shown.lines) == 1


def test_loss_page_is_about_the_outputs_whatever_layer_is_focused():
    """A focus on a hidden layer must not mix up its activations with the targets."""
    assert pages(wide(), Focus(1))["loss"] == pages(wide(), Focus(2))["loss"]


def test_an_input_of_zero_takes_no_blame():
    """x = 0 in every sample: its weight has gradient 0, and the page says why."""
    timeline = network([Layer(1, 2, "sigmoid")], "half-sse", [[0, 1]], [[1]], [0.5, 0.5, 0.0])
    assert pages(timeline)["gradient"].sentence == "x₁ is 0, so w₁ had no part in the error and its gradient is 0."


def test_a_silent_relu_is_told():
    """Below 0 a relu neuron puts out 0 and passes no error back."""
    layers = [Layer(1, 1, "relu"), Layer(1, 1, "identity")]
    shown = pages(network(layers, "half-sse", [[1]], [[1]], [-2.0, 0.0, 1.0, 0.0]))
    assert "stays silent" in shown["forward, layer 1"].sentence
    assert "its slope is 0" in shown["backpropagation, layer 1"].sentence


def test_names_of_inputs_and_targets():
    """A scenario's names stand in equations and sentences."""
    shown = pages(two_two_two(), names=Names(("size", "age"), ("price", "rent")))
    assert shown["forward, layer 1"].lines[0].formula == "w1·size + w2·age + b1"
    assert "price" in shown["loss"].sentence


def test_start_page_shows_the_focused_neuron():
    """Of many parameters the focused neuron's come first, and the others are counted."""
    lines = start_page(wide(), Focus(1, 2)).lines
    assert [one.symbol for one in lines[:6]] == ["w¹₃,₁", "w¹₃,₂", "w¹₃,₃", "w¹₃,₄", "w¹₃,₅", "b¹₃"]
    assert lines[6].symbol == "… 824 more numbers"
    assert lines[7].symbol == "loss"


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_puts_its_numbers_in(name):
    """The numbers put in for one sample come to its loss and its slope: the text is the formula that is computed."""
    last = LOSSES[name].fused_with or "sigmoid"
    timeline = network([Layer(3, 2, last)], name, [[0.3, 0.9]], [[0, 1, 0]], np.linspace(-0.7, 0.9, 9))
    shown = pages(timeline, Focus(unit=1))
    assert _computed(shown["loss"].lines[0].substituted) == pytest.approx(timeline.loss(0), rel=1e-5)
    a, y = timeline.update(1).prediction, np.array([[0.0, 1.0, 0.0]])
    with np.errstate(all="ignore"):
        slope = float(LOSSES[name].slope(a, y)[0, 1])
    assert _computed(LOSS_TEXTS[name].slope_numbers(a[0, 1], 1.0, 1, 3)) == pytest.approx(slope, rel=1e-5)


def _computed(text):
    """Return the worth of numbers put into a formula."""
    for written, typed in (("−", "-"), ("·", "*"), ("½", "0.5"), ("²", "**2"), ("[", "("), ("]", ")"), ("^", "**")):
        text = text.replace(written, typed)
    text = re.sub(r"(√|ln )([\d.]+(e-\d+)?)", lambda found: f"{found[1].strip()}({found[2]})", text)
    return parse(text.replace("√", "sqrt").replace("ln(", "log("), ())()


@pytest.mark.parametrize("kind", KINDS, ids=[kind.words for kind in KINDS])
def test_every_rule_puts_its_numbers_in(kind):
    """The numbers put in come to what is on the left: the equations are those that are computed, in their order."""
    for number in (1, 2):
        for shown in pages(mountain(0.3, rule=kind.words), number=number)["update"].lines:
            assert _computed(shown.substituted) == pytest.approx(_computed(shown.value), rel=1e-4), shown


@pytest.mark.parametrize(
    "timeline",
    [mountain(), mountain(rule="adam"), perceptron(), two_two_two(), admissions(), line(), wide(size=4)],
    ids=["function", "adam", "perceptron", "2-2-2", "admissions", "line", "wide"],
)
def test_ascii_pages_hold_ascii_alone(timeline):
    """On a terminal without other letters every page is written in ASCII, and says as much."""
    for phase in range(len(timeline.update(1).phases)):
        full = page(timeline.update(1), phase)
        plain = lettered(full)
        text = str((plain.title, plain.sentence, [(e.symbol, e.formula, e.substituted, e.value) for e in plain.lines]))
        assert (text + str(plain.notes)).isascii()
        assert len(plain.lines) == len(full.lines)
