"""The whole update of one weight, phase by phase: which equations it takes, and with which numbers.

Those of the 2-2-2 network are M. Mazur's (A Step by Step Backpropagation Example).
"""

import numpy as np
import pytest
from explained_runs import admissions, mountain, network, perceptron, two_two_two, wide

from gdsim.engine.batches import Batches
from gdsim.engine.losses import Penalty
from gdsim.engine.models.network import Layer
from gdsim.engine.rules import Clip, make_rule
from gdsim.engine.schedules import make_schedule
from gdsim.engine.update import Run, Stop, start_state
from gdsim.explain.story import chosen, crumb, story
from gdsim.timeline.position import Focus, sample_in_hand
from gdsim.timeline.timeline import Timeline


def told(timeline, focus=Focus(), number=1, phase=99):
    """Return symbol and value of every equation of an update's story, in order."""
    pages = story(timeline.update(number), phase, focus)
    return [(line.symbol, line.value) for page in pages for line in page.lines if not line.is_bare]


def test_an_output_weight_takes_one_neuron_a_layer():
    """w5: out_h1 0.593269992, out_o1 0.75136507, E 0.298371109, δ 0.138498562, ∂E 0.082167041, 0.35891648 (Mazur)."""
    assert told(two_two_two(), Focus(2, 0, 0, is_weight=True)) == [
        ("z¹₁", "0.3775"),
        ("a¹₁", "0.593270"),
        ("z²₁", "1.105906"),
        ("a²₁", "0.751365"),
        ("C", "0.298371"),
        ("∂C/∂a²₁", "+0.741365"),
        ("σ′(z²₁)", "0.186816"),
        ("δ²₁", "+0.138499"),
        ("∂C/∂w5", "+0.082167"),
        ("new w5", "0.358916"),
    ]


def test_a_hidden_weight_takes_every_output_its_error_comes_back_from():
    """w1 goes through both outputs: 0.000438568 = (0.055399425 − 0.019049119)·0.241300709·0.05 (Mazur)."""
    lines = told(two_two_two(), Focus(1, 0, 0, is_weight=True))
    symbols = [symbol for symbol, _value in lines]
    assert {"z¹₁", "z²₁", "z²₂", "δ²₁", "δ²₂", "δ¹₁"} <= set(symbols)
    assert "z¹₂" not in symbols
    assert lines[-3:] == [("δ¹₁", "+0.00877135"), ("∂C/∂w1", "+0.000438568"), ("new w1", "0.149781")]


def test_deltas_below_the_weight_are_left_out_once_they_are_past():
    """δ¹ has no part in w5: it is told while it is in view, and then no more. The story grows by a block a phase."""
    focus = Focus(2, 0, 0, is_weight=True)
    update = two_two_two().update(1)
    assert [crumb(phase) for phase in update.phases] == [
        "forward 1", "forward 2", "loss", "δ²", "δ¹", "gradient", "update",
    ]  # fmt: skip
    assert [len(story(update, phase, focus)) for phase in range(7)] == [1, 2, 3, 4, 5, 5, 6]
    assert "δ¹₁" in [line.symbol for line in story(update, 4, focus)[-1].lines]


def test_at_first_the_weight_that_changes_most_is_chosen():
    """Of Mazur's weights w6 changes most, −0.5·0.0826676; of two equal ones the first is chosen."""
    there = chosen(two_two_two().update(1), Focus())
    assert (there.layer, there.unit, there.input, there.is_weight) == (2, 0, 1, True)
    even = network([Layer(1, 2, "identity")], "half-sse", [[1, 1]], [[1]], [0.0, 0.0, 0.0])
    assert chosen(even.update(1), Focus()).input == 0
    assert chosen(two_two_two().update(1), Focus(1, 1, 0)) == Focus(1, 1, 0)


def test_of_a_large_classifier_a_weight_of_the_wanted_output_is_chosen():
    """The sample in hand is of class 3 and class 3's output has weights W2[3,0…]; one left of it changes most."""
    timeline = wide()
    update = timeline.update(1)
    wanted = int(timeline.run.model.targets[sample_in_hand(update, Focus())].argmax())
    there = chosen(update, Focus())
    changes = np.abs(timeline.run.model.layout.view(update.change, "W2"))[wanted]
    assert (there.layer, there.unit, there.is_weight) == (2, wanted, True)
    assert changes[there.input] == changes.max()


def test_the_sample_in_hand_is_at_first_the_one_furthest_from_its_target():
    """0.5·x answers 0, 1, 2 where 0, 2, 1.5 is wanted: the second is 1 off, the third 0.5; a choice is kept to."""
    timeline = network([Layer(1, 1, "identity")], "half-sse", [[0], [2], [4]], [[0], [2], [1.5]], [0.5, 0.0])
    update = timeline.update(1)
    assert sample_in_hand(update, Focus()) == 1
    assert sample_in_hand(update, Focus(sample=2)) == 2
    assert sample_in_hand(update, Focus(sample=99)) == 2
    assert sample_in_hand(mountain().update(1), Focus()) == 0
    assert "sample 2 of 3" in story(update, 0)[-1].notes[0]


def test_softmax_shows_the_powers_of_every_sum():
    """z = (ln 2, ln 1, ln 5) gives 2/8, 1/8, 5/8, and each power stands in the sum below."""
    layers = [Layer(3, 1, "softmax")]
    theta = [*np.log([2.0, 1.0, 5.0]), 0.0, 0.0, 0.0]
    timeline = network(layers, "categorical-cross-entropy", [[1]], [[1, 0, 0]], theta)
    line = story(timeline.update(1), 0, Focus(1, 0, 0))[0].lines[1]
    assert (line.value, line.substituted) == ("0.25", "e^0.693147/(e^0.693147 + e^0 + e^1.609438)")


def test_layers_with_more_neurons_say_how_many_are_left_out():
    """Of 20 hidden neurons one is shown, of 10 outputs one."""
    pages = story(wide().update(1), 9, Focus(2, 3, 4, is_weight=True))
    assert [pages[0].lines[-1].symbol, pages[1].lines[-1].symbol] == ["… 19 more neurons", "… 9 more neurons"]
    assert pages[0].lines[0].symbol == "z¹₅"
    assert pages[1].lines[0].symbol == "z²₄"


@pytest.mark.parametrize(
    ("timeline", "symbols"),
    [
        (mountain(), ["f(x)", "f′(x)", "new x"]),
        (mountain(rule="momentum"), ["f(x)", "f′(x)", "v", "new x"]),
        (admissions(), ["z", "a", "C", "∂C/∂a", "σ′(a)", "δ", "∂C/∂w1", "new w1"]),
        (perceptron(), ["wᵀx", "s", "f", "e", "new w₁", "new w₂", "new b"]),
    ],
)
def test_every_kind_of_model_tells_its_whole_update(timeline, symbols):
    """From the value or the sum to the new number, with what a rule remembers."""
    assert [symbol for symbol, _value in told(timeline)] == symbols


def answering_2(rule="gradient-descent", penalty=None, **options):
    """Return the run of a neuron that answers x = 1 with 2 where 0 is wanted."""
    model = network([Layer(1, 1, "identity")], "half-sse", [[1.0]], [[0.0]], [2.0, 0.0], penalty=penalty).run.model
    rule = make_rule(rule)
    return Timeline(Run(model, rule, 0.1, Batches(), start_state(model, rule, [2.0, 0.0]), Stop(), **options))


@pytest.mark.parametrize(
    ("timeline", "last"),
    [
        (answering_2(penalty=Penalty(0.5)), ["∂C₀/∂w", "∂C/∂w", "new w"]),
        (answering_2(clip=Clip(norm=1.0)), ["∂C/∂w", "ĝ(w)", "new w"]),
        (answering_2(schedule=make_schedule("step", {"every": 1, "factor": 0.5})), ["∂C/∂w", "η₁", "new w"]),
        (answering_2("adam"), ["∂C/∂w", "m", "v", "m\u0302", "v\u0302", "new w"]),
    ],
)
def test_penalty_clipping_schedule_and_memory_have_their_lines(timeline, last):
    """What comes between the gradient and the new weight is told in its order."""
    assert [symbol for symbol, _value in told(timeline)][-len(last) :] == last


def test_a_unit_that_dropout_leaves_out_says_so():
    """Of eight units with p = ½ some are 0 and the others twice their sum: both are told in the sum's story."""
    layers = [Layer(8, 1, "identity", dropout=0.5), Layer(1, 8, "identity")]
    timeline = network(layers, "half-sse", [[1.0]], [[0.0]], np.ones(25), seed=1)
    outputs = {told(timeline, Focus(1, unit, 0, is_weight=True))[1] for unit in range(8)}
    assert {value for _symbol, value in outputs} == {"0", "4"}
