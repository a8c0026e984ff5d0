"""What a named quantity is worth at an update, by hand-worked numbers."""

from __future__ import annotations

import math
from math import exp

import pytest
from scenario_texts import A_FUNCTION, A_NETWORK, A_PERCEPTRON, HEAD

from gdsim.engine.update import Update, run_update, updates
from gdsim.errors import GdsimError
from gdsim.explain.figures import check_figures
from gdsim.scenario.build import build
from gdsim.scenario.load import load_text
from gdsim.scenario.quantities import value_of
from gdsim.timeline.timeline import Timeline


def test_the_state_after_and_the_update_that_led_to_it() -> None:
    """x² from 1 with η = 0.1: gradient 2, change −0.2, then x = 0.8 and loss 0.64."""
    run = build(load_text(A_FUNCTION, "s.toml"))
    first = run_update(run, run.start)
    expected = {"x": 0.8, "loss": 0.8**2, "gradient.x": 2.0, "change.x": -0.2, "value": 1.0, "updates": 1.0}
    for quantity, value in expected.items():
        assert value_of(quantity, run, first.after, first) == pytest.approx(value, rel=1e-15), quantity


def test_at_the_start_updates_look_forward() -> None:
    """After 0 updates x and loss are those of the start; gradient and change those of update 1."""
    run = build(load_text(A_FUNCTION, "s.toml"))
    expected = {"x": 1.0, "loss": 1.0, "gradient.x": 2.0, "change.x": -0.2, "value": 1.0, "updates": 0.0}
    for quantity, value in expected.items():
        assert value_of(quantity, run, run.start) == value, quantity
        assert value_of(quantity, run, run.start, run_update(run, run.start)) == value, quantity


def test_a_later_state_needs_the_record_of_its_update() -> None:
    """A gradient cannot be read from a state alone."""
    run = build(load_text(A_FUNCTION, "s.toml"))
    after = run_update(run, run.start).after
    assert value_of("x", run, after) == 0.8
    with pytest.raises(GdsimError, match=r"gradient\.x: belongs to an update; its record must be handed in"):
        value_of("gradient.x", run, after)


def test_the_reason_a_run_stopped() -> None:
    """stopped is a word, given by who knows it."""
    run = build(load_text(A_FUNCTION, "s.toml"))
    assert value_of("stopped", run, run.start, None, "min_change") == "min_change"
    assert value_of("stopped", run, run.start) == "not yet"


def test_the_numbers_of_a_perceptron() -> None:
    """From 0 with tie 1 the point (0, 0) of class 0 is wrong: sum 0, output 1, error −1, and b becomes −η."""
    run = build(load_text(A_PERCEPTRON, "s.toml"))
    first = run_update(run, run.start)
    expected = {"sum": 0, "wx": 0, "output": 1, "target": 0, "error": -1, "prediction": 1, "b": -0.1, "w[1]": 0}
    expected |= {"corrections": 1, "accuracy": 0.5, "loss": 1, "x[0]": 0, "gradient.b": 1, "change.b": -0.1}
    for quantity, value in expected.items():
        assert value_of(quantity, run, first.after, first) == value, quantity


def test_the_numbers_of_a_network() -> None:
    """Two samples through one sigmoid: positions are [sample, unit], and one is enough for one unit."""
    scenario = load_text(
        A_NETWORK.replace("biases = [0.3]\n", 'biases = [0.3]\nweight_names = [["p", "q"]]\nbias_names = ["r"]\n'),
        "s.toml",
    )
    run = build(scenario)
    first = run_update(run, run.start)
    z = [0.2 + 0.3, 0.1 + 0.3]
    a = [1 / (1 + math.exp(-value)) for value in z]
    delta = [(a[0] - 0) * a[0] * (1 - a[0]), (a[1] - 1) * a[1] * (1 - a[1])]
    expected = {"z1[0,0]": z[0], "z1[1]": z[1], "a1[1, 0]": a[1], "prediction[0]": a[0], "prediction[1,0]": a[1]}
    expected |= {"delta1[0]": delta[0], "gradient.p": delta[1], "gradient.W1[0,1]": delta[0], "a0[0,1]": 1.0}
    expected |= {"gradient.r": sum(delta), "change.r": -0.1 * sum(delta), "b1": 0.3 - 0.1 * sum(delta)}
    expected |= {"loss": run.model.forward(first.after.theta, None).loss, "accuracy": 0.5}
    for quantity, value in expected.items():
        assert value_of(quantity, run, first.after, first) == pytest.approx(value, rel=1e-14), quantity


def test_a_quantity_that_is_not_there_is_said() -> None:
    """Unknown names, positions outside, and accuracies nobody asked for."""
    run = build(load_text(A_NETWORK, "s.toml"))
    first = run_update(run, run.start)
    for quantity, message in {
        "z9[0,0]": "z9[0,0]: no such quantity",
        "a1[2,0]": 'a1[2,0]: found "a1[2,0]"; a1 is 2 × 1, positions from 0',
        "test_accuracy": "test_accuracy: this run has none",
    }.items():
        with pytest.raises(GdsimError) as caught:
            value_of(quantity, run, first.after, first)
        assert str(caught.value) == message


def test_every_quantity_a_scenario_may_name_has_a_value() -> None:
    """What reading a scenario accepts can be looked up at every update."""
    quantities = [
        "w[0]",
        "b",
        "change.w[1]",
        "gradient.b",
        "loss",
        "accuracy",
        "corrections",
        "sum",
        "prediction",
        "x[1]",
    ]
    asked = "".join(f'[[expect]]\nafter = 1\nquantity = "{quantity}"\nvalue = 0\n' for quantity in quantities)
    scenario = load_text(A_PERCEPTRON + asked, "s.toml")
    run = build(scenario)
    records: list[Update] = [update for update, _ in updates(run)]
    for expect in scenario.expect:
        for update in records:
            assert isinstance(value_of(expect.quantity, run, update.after, update), float)


def test_a_figure_is_about_an_update_or_about_the_state_it_leaves() -> None:
    """after = 1: the prediction update 1 learnt from. at = 1: what the network says then, also at the last."""
    text = HEAD + "[update]\nlearning_rate = 0.1\n[stop]\nmax_updates = 1\n"
    text += '[network]\nloss = "half-sse"\n[[network.layers]]\nunits = 1\nactivation = "sigmoid"\nweights = [[0.3]]\n'
    text += "biases = [0.1]\n[data]\ninputs = [[1.0]]\ntargets = [0.7]\n"
    before = 1 / (1 + exp(-0.4))
    step = 0.1 * (before - 0.7) * before * (1 - before)
    z = 0.4 - 2 * step
    prediction = 1 / (1 + exp(-z))
    figures = {
        ("after", "prediction"): before,
        ("at", "prediction"): prediction,
        ("at", "z1"): z,
        ("at", "w"): 0.3 - step,
    }
    figures |= {(place, "loss"): (prediction - 0.7) ** 2 / 2 for place in ("after", "at")}
    text = text.replace("biases = [0.1]\n", 'biases = [0.1]\nweight_names = [["w"]]\n')
    for (place, quantity), value in figures.items():
        text += f'[[expect]]\n{place} = 1\nquantity = "{quantity}"\nvalue = {value!r}\ntolerance = 1e-15\n'
    assert prediction == pytest.approx(0.599856751669, abs=1e-12)
    scenario = load_text(text, "s.toml")
    results = check_figures(scenario, Timeline(build(scenario)), False)
    assert [result.text for result in results if not result.matches] == []
    assert len(results) == 6
