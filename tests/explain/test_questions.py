"""Predict, then reveal: which questions there are, which answers are right, which slips are recognised."""

import numpy as np
import pytest
from explained_runs import admissions, line, mountain, network, perceptron, two_two_two
from hypothesis import given, settings
from hypothesis import strategies as st
from small_hill import STARTING_ANYWHERE

from gdsim.engine.edits import Edit
from gdsim.engine.models.network import Layer, Slips
from gdsim.errors import GdsimError, UsageError
from gdsim.explain.answers import choices, judge, known, read_answer
from gdsim.explain.questions import Question, asked, predictions, step_named, steps
from gdsim.scenario import library
from gdsim.scenario.build import build
from gdsim.scenario.load import load_file, load_text
from gdsim.timeline.position import Focus, Position
from gdsim.timeline.timeline import Timeline


def verdict(timeline, quantity, answer, form="value", before=1, tolerance=0.01):
    return judge(Question(before, quantity, form, tolerance, ""), timeline, answer)


def slip_of(timeline, quantity, answer, before=1):
    """Return the name of the slip recognised in a wrong answer."""
    said = verdict(timeline, quantity, answer, before=before, tolerance=1e-4)
    assert not said.is_right
    return said.slip


# Signs, sizes, values


@pytest.mark.parametrize(("answer", "is_right"), [(1.0, False), (-1.0, True), (0.0, False)])
def test_sign_of_a_change(answer, is_right):
    """On (x − 2)² at x = 4 the step goes down: x from 4 to 3.96. The opposite is called a wrong sign."""
    said = verdict(mountain(), "change.x", answer, "sign")
    assert said.is_right is is_right
    assert said.truth == "down (Δx = −0.04)"
    assert said.slip == ("wrong sign" if answer == 1.0 else "")


def test_sign_of_a_state_is_whether_it_rises_or_falls():
    """The loss falls from 4 to 3.8416, and x from 4 to 3.96; both stay above 0."""
    for quantity in ("loss", "x"):
        assert verdict(mountain(), quantity, -1.0, "sign").is_right
        assert not verdict(mountain(), quantity, 1.0, "sign").is_right


def test_order_is_by_size_beside_the_update_before():
    """The gradient goes from 4 to 3.92; the change from −0.04 to −0.0392, which is above it but smaller in size."""
    for quantity in ("gradient.x", "change.x", "loss", "x"):
        assert verdict(mountain(), quantity, -1.0, "larger-or-smaller", before=2).is_right
    assert verdict(line(), "gradient.a", -1.0, "larger-or-smaller", before=2).is_right


def test_a_walk_that_bounces_has_steps_of_the_same_size():
    """At η = 1 the walk on (x − 2)² goes 4, 0, 4: changes −4 and 4, neither larger nor smaller."""
    timeline = mountain(rate=1.0)
    assert verdict(timeline, "change.x", 0.0, "larger-or-smaller", before=2).is_right
    assert verdict(timeline, "change.x", 1.0, "sign", before=2).is_right


def test_a_value_may_be_off_by_the_tolerance():
    """−0.0411 is within 1 % of Mazur's −0.041083520, −0.0425 is not."""
    assert verdict(two_two_two(), "change.w5", -0.0411).is_right
    assert not verdict(two_two_two(), "change.w5", -0.0425).is_right


@pytest.mark.parametrize("typed", ["−0.04", "-0.04", " -4e-2 "])
def test_numbers_may_be_typed_as_they_are_written(typed):
    """A real minus sign and an exponent are read."""
    question = Question(1, "change.x", "value", 0.01, "")
    assert read_answer(question, typed) == -0.04


@pytest.mark.parametrize("typed", ["", "x", "nan", "inf", "\x1b[2J"])
def test_what_is_not_a_number_is_refused(typed):
    """The message shows it without control characters, and what is allowed."""
    with pytest.raises(UsageError) as caught:
        read_answer(Question(1, "change.x", "value", 0.01, ""), typed)
    assert "\x1b" not in str(caught.value)


def test_directions_have_words_and_signs():
    """+ up > larger, - − down < smaller, 0 = same are understood; a number is not a direction."""
    question = Question(1, "change.x", "sign", 0.0, "")
    for direction, words in {1.0: "+ up > larger", -1.0: "- − down < smaller", 0.0: "0 = same"}.items():
        assert {read_answer(question, word) for word in words.split()} == {direction}
    with pytest.raises(UsageError):
        read_answer(question, "3.5")
    assert choices(question, mountain()) == ("up", "down", "stays")


# Slips: expected numbers by hand from Mazur's example, a line through four points, one hill.


@pytest.mark.parametrize(
    ("quantity", "answer", "slip"),
    [
        ("change.w5", 0.041083520, "wrong sign"),
        ("change.w5", -0.082167041, "learning rate forgotten"),
        ("change.w5", 0.082167041, "gradient instead of change"),
        # 0.741365070 is a − y of output 1, without σ′(z) = 0.186815602
        ("delta2[0,0]", 0.741365070, "missing σ′"),
        ("change.w5", -0.5 * 0.741365070 * 0.593269992, "missing σ′"),
        # δ of hidden neuron 1: what comes back is 0.036350306, and σ′ is 0.241300709
        ("delta1[0,0]", 0.138498562 * 0.40 - 0.038098237 * 0.50, "missing σ′"),
        ("delta1[0,0]", 0.741365070 * 0.40 - 0.217071535 * 0.50, "missing σ′"),
        ("delta1[0,0]", (0.741365070 * 0.40 - 0.217071535 * 0.50) * 0.241300709, "missing σ′"),
        ("delta1[0,0]", 0.0072944577, "weights already updated"),
        ("w1", 0.149817639, "weights already updated"),
        # ½Σ(a − y)² has no factor 2
        ("gradient.w5", 2 * 0.082167041, "factor 2 of the square"),
        ("loss", 0.5, ""),
    ],
)
def test_slips_in_mazurs_example(quantity, answer, slip):
    """Known slips are named; another wrong number is not."""
    assert slip_of(two_two_two(), quantity, answer) == slip


@pytest.mark.parametrize(
    ("quantity", "answer", "slip"),
    [
        # y = 1, 3, 5, 7 and answers 0: 2·mean(a − y) = −8, the sum is −32, without the factor 2 it is −4
        ("gradient.b", -32.0, "sum instead of mean"),
        ("gradient.b", -4.0, "factor 2 of the square"),
        ("gradient.b", 8.0, "wrong sign"),
        ("change.b", 0.32, "sum instead of mean"),
        ("b", 0.32, "sum instead of mean"),
        ("b", 8.0, "learning rate forgotten"),
        ("b", -0.08, "wrong sign"),
    ],
)
def test_slips_in_a_line_by_mean_squared_error(quantity, answer, slip):
    """A mean is told from a sum, in gradient, change and new value."""
    assert slip_of(line(), quantity, answer) == slip


def test_a_mean_where_the_loss_is_a_sum():
    """With Σ(a − y)² the gradient of b is −32, and −8 would be the mean over four samples."""
    timeline = network([Layer(1, 1, "identity")], "sse", [[0], [1], [2], [3]], [[1], [3], [5], [7]], [0.0, 0.0], 0.01)
    assert verdict(timeline, "gradient.b1[0]", -32.0).is_right
    assert slip_of(timeline, "gradient.b1[0]", -8.0) == "mean instead of sum"


def test_slips_on_a_hill_and_in_a_perceptron():
    """A hill has signs and learning rates to forget, and no σ′; neither has a perceptron."""
    assert slip_of(mountain(), "change.x", 0.04) == "wrong sign"
    assert slip_of(mountain(), "change.x", -4.0) == "learning rate forgotten"
    assert slip_of(mountain(), "x", 4.04) == "wrong sign"
    assert slip_of(perceptron(), "change.b", 1.0) == "wrong sign"
    assert slip_of(perceptron(), "change.b", 0.3) == ""


def test_the_right_rule_is_right_where_a_run_is_published_wrong():
    """The admissions run changes w1 by 0.01249998; by the chain rule it is 8.37e-08, and only that is right."""
    said = verdict(admissions(), "change.w1", 8.37242e-08)
    assert said.is_right
    assert said.sentence == "The run as published has 0.012500."
    said = verdict(admissions(), "change.w1", 0.0125)
    assert not said.is_right
    assert said.truth == "8.37242e−08"
    assert said.sentence == "This run, as published, does get that; by the right rule it is 8.37242e−08."
    assert verdict(admissions(as_published=False), "change.w1", 8.37242e-08).sentence == ""


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), samples=st.integers(1, 3), loss=st.sampled_from(["half-sse", "mse", "sse"]))
def test_right_values_are_right_and_their_negatives_are_not(seed, samples, loss):
    """In any small network the run's own numbers are right answers, and with another sign they are not."""
    rng = np.random.default_rng(seed)
    layers = [Layer(2, 2, "sigmoid"), Layer(1, 2, "tanh")]
    inputs, targets = rng.standard_normal((samples, 2)), rng.random((samples, 1))
    timeline = network(layers, loss, inputs, targets, rng.standard_normal(9), 0.3)
    update = timeline.update(1)
    delta = float(update.backward.quantities["delta1"][0, 1])
    change = float(update.change[0])
    for quantity, value in (("delta1[0,1]", delta), ("change.W1[0,0]", change)):
        assert verdict(timeline, quantity, value, tolerance=0.0).is_right
        if abs(value) > 1e-9:
            said = verdict(timeline, quantity, -value, tolerance=0.0)
            assert (said.is_right, said.slip) == (False, "wrong sign")


# Which questions there are


HILL = f"""
{STARTING_ANYWHERE}
[[ask]]
before = 3
quantity = "change.x"
form = "sign"
question = "Which way?"
[[ask]]
before = 3
quantity = "loss"
form = "value"
question = "How high?"
"""


def test_a_scenario_asks_before_its_update_and_once():
    """Both questions come before update 3, not elsewhere, not inside it, and not those put before."""
    scenario = load_text(HILL, "t.toml")
    timeline = Timeline(build(scenario))
    assert [q.text for q in asked(scenario, timeline, Position(2), ()).values()] == ["Which way?", "How high?"]
    assert list(asked(scenario, timeline, Position(2), {0})) == [1]
    for place in (Position(1), Position(3), Position(2, 0)):
        assert asked(scenario, timeline, place, ()) == {}


def test_a_scenario_asks_about_its_own_run_only():
    """Changed by hand, or from another start, the numbers in the questions would not be those of the run."""
    scenario = load_text(HILL, "t.toml")
    timeline = Timeline(build(scenario))
    assert asked(scenario, timeline.branch(Edit(1, "x", 7.0)), Position(2), ()) == {}
    assert asked(scenario, Timeline(build(scenario, start_index=1)), Position(2), ()) == {}


@pytest.mark.parametrize("name", library.names())
def test_every_bundled_question_has_an_answer(name):
    """It is put before its update, and the run's own number is right where a number is asked for."""
    scenario = load_file(library.resolve(name))
    timeline = Timeline(build(scenario))
    for place, ask in enumerate(scenario.ask):
        question = asked(scenario, timeline, Position(ask.before - 1), ())[place]
        known(question, timeline)
        answers = range(1, len(ask.options) + 1) if ask.options else (1.0, -1.0, 0.0)
        verdicts = [judge(question, timeline, answer) for answer in answers]
        if ask.form == "value":
            truth = float(verdicts[0].truth.replace("−", "-"))
            assert judge(question, timeline, truth).is_right
            assert not judge(question, timeline, truth + 1).is_right
        else:
            assert sum(said.is_right for said in verdicts) == 1


def test_predictions_are_about_what_is_looked_at_and_not_yet_revealed():
    """Of Mazur's network: change and δ of the weight in focus, and the loss; inside an update what is still hidden."""
    timeline = two_two_two()
    offered = predictions(timeline, Position(), Focus(1, 1, 1))
    assert {question.quantity for question in offered} == {"change.W1[1,1]", "delta1[0,1]", "loss"}
    assert "Which way will w4 move?" in [question.text for question in offered]
    inside = predictions(timeline, Position(0, 4), Focus(1, 1, 1))  # phase 5 has revealed δ of layer 1
    assert {question.quantity for question in inside} == {"change.W1[1,1]", "loss"}


def test_steps_are_deltas_and_changes_of_what_is_trained():
    """Four deltas and, with the biases frozen, eight weights; when all is over there is nothing to do."""
    timeline = two_two_two(trains_biases=False)
    assert [question.text for question in steps(timeline, Position(), Focus())][:3] == [
        "What is δ²₁?",
        "What is δ²₂?",
        "What is δ¹₁?",
    ]
    assert len(steps(timeline, Position(), Focus())) == 12
    assert {
        step_named(timeline, Position(), Focus(), text).quantity for text in ("delta2[0,1]", "δ²₂", "delta2[2]")
    } == {"delta2[0,1]"}
    for place, quantity in ((Position(), "change.w9"), (Position(), "stopped"), (Position(0, 3), "delta2[0,1]")):
        with pytest.raises(GdsimError):
            step_named(timeline, place, Focus(), quantity)


def test_what_is_known_tells_the_numbers_to_work_with_and_not_the_answer():
    """The weight before the update and η; for an order of sizes also how it was at the update before."""
    assert known(Question(1, "change.w5", "sign", 0.0, ""), two_two_two()) == "w5 = 0.4 · η = 0.5"
    said = known(Question(2, "change.x", "larger-or-smaller", 0.0, ""), mountain())
    assert said == "x = 3.96 · η = 0.01 · in the previous update, Δx = −0.04"


def test_a_slip_in_force_is_not_the_measure_of_other_slips():
    """In a run that leaves σ′ out 0.138499 is right, its negative has a wrong sign, and 0.741365 is the run."""
    timeline = two_two_two(Slips(slope_left_out="output"))
    assert verdict(timeline, "delta2[0,0]", 0.138498562).is_right
    assert verdict(timeline, "delta2[0,0]", -0.138498562).slip == "wrong sign"
    assert "This run, as published, does get that" in verdict(timeline, "delta2[0,0]", 0.741365070).sentence
