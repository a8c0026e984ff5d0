"""How a gradient becomes a step: forms of momentum, schedules, clipping; by hand and beside torch."""

import json
import math

import numpy as np
import pytest

from gdsim.engine.rules import Clip
from gdsim.engine.schedules import SCHEDULES, make_schedule
from gdsim.engine.update import updates
from gdsim.errors import GdsimError
from gdsim.explain.pages import page
from gdsim.explain.status import status_line
from gdsim.export.trace.jsonl import jsonl_lines
from gdsim.scenario.build import build
from gdsim.scenario.load import load_text
from gdsim.timeline.position import Position
from gdsim.timeline.timeline import Timeline

HILL = """
format = 1
title = "Hill"
summary = "A hill"
[function]
expression = "(x - 3)**2"
start = { x = 0.0 }
[update]
learning_rate = 0.1
"""


def scenario(update, stop=3):
    return load_text(f"{HILL}{update}\n[stop]\nmax_updates = {stop}\n", where="hill.toml")


def places(update, stop=3):
    return [round(float(each.after.theta[0]), 12) for each, _reason in updates(build(scenario(update, stop)))]


MOMENTUM = 'rule = "momentum"\nmomentum = 0.5\n'
NESTEROV = 'rule = "nesterov"\nmomentum = 0.5\n'


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        # (x − 3)² has the slope 2(x − 3): by hand.
        (MOMENTUM, [0.6, 1.38, 2.094]),
        (MOMENTUM + 'form = "textbook"', [0.6, 1.38, 2.094]),
        (NESTEROV, [0.9, 1.68, 2.256]),
        (NESTEROV + 'form = "pytorch"', [0.9, 1.68, 2.256]),
        (NESTEROV + 'form = "lookahead"', [0.6, 1.32, 1.944]),
        # v = 1 kept by a half moves x by 0.5 beside the step of 0.6; in the other form v is a gradient.
        (MOMENTUM + 'form = "textbook"\nstart_velocity = [1.0]', [1.1]),
        (MOMENTUM + "start_velocity = [-10.0]", [1.1]),
        (MOMENTUM + 'form = "textbook"\nstart_velocity = { previous = [-1.0] }', [1.1]),
        (MOMENTUM + "start_velocity = { previous = [-1.0] }", [1.1]),
        # The gradient at x = 0 + 0.5·1 is −5.
        (NESTEROV + 'form = "lookahead"\nstart_velocity = [1.0]', [1.0]),
        # The gradient −6 is cut to −2.
        ("clip = { norm = 2.0 }", [0.2, 0.4]),
        ("clip = { value = 2.0 }", [0.2, 0.4]),
        ("clip = { norm = 20.0 }", [0.6]),
    ],
)
def test_places_by_hand(update, expected):
    """The first places of a walk down (x − 3)² from 0 with η = 0.1 and μ = 0.5."""
    assert places(update, len(expected)) == pytest.approx(expected)


def test_the_textbook_form_is_the_other_one_where_the_rate_stays():
    """With one η all the way, v of the textbook is −η times v of the other: the same places."""
    assert places(MOMENTUM + 'form = "textbook"', 20) == pytest.approx(places(MOMENTUM, 20))


RATES = {
    "constant": ({}, [0.1, 0.1, 0.1]),
    "step": ({"every": 2, "factor": 0.5}, [0.1, 0.1, 0.05, 0.05, 0.025]),
    "exponential": ({"factor": 0.9}, [0.1, 0.09, 0.081]),
    "inverse-time": ({"decay": 1.0}, [0.1, 0.05, 0.1 / 3]),
    "cosine": ({"updates": 4, "low": 0.02}, [0.1, 0.02 + 0.08 * (1 + math.sqrt(0.5)) / 2, 0.06, *[0.0317157287] * 1]),
    "linear": ({"updates": 4}, [0.1, 0.075, 0.05, 0.025, 0.0, 0.0]),
    "warmup": ({"updates": 4}, [0.025, 0.05, 0.075, 0.1, 0.1]),
}


@pytest.mark.parametrize("kind", SCHEDULES)
def test_schedules_by_hand(kind):
    """The learning rates of the first updates, worked out from the formula."""
    options, expected = RATES[kind]
    schedule = make_schedule(kind, options)
    assert [schedule.rate(0.1, done) for done in range(len(expected))] == pytest.approx(expected)


def torch_rates(kind, options, count):
    torch = pytest.importorskip("torch")
    from torch.optim import lr_scheduler as made

    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    o, schedule = options, None
    if kind == "step":
        schedule = made.StepLR(optimiser, o["every"], o["factor"])
    elif kind == "exponential":
        schedule = made.ExponentialLR(optimiser, o["factor"])
    elif kind == "inverse-time":
        schedule = made.LambdaLR(optimiser, lambda t: 1 / (1 + o["decay"] * t))
    elif kind == "cosine":
        schedule = made.CosineAnnealingLR(optimiser, o["updates"], o["low"])
    elif kind == "linear":
        schedule = made.LinearLR(optimiser, 1.0, 0.0, o["updates"])
    elif kind == "warmup":
        schedule = made.LinearLR(optimiser, 1 / o["updates"], 1.0, o["updates"] - 1)
    rates = []
    for _ in range(count):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        if schedule is not None:
            schedule.step()
    return rates


@pytest.mark.peers
@pytest.mark.parametrize("kind", SCHEDULES)
def test_schedules_agree_with_torch(kind):
    """As many rates as a cosine takes to its end are those of torch's schedule of the kind."""
    options = RATES[kind][0]
    ours = [make_schedule(kind, options).rate(0.1, done) for done in range(5)]
    assert ours == pytest.approx(torch_rates(kind, options, 5), rel=1e-12, abs=1e-15)


@pytest.mark.peers
@pytest.mark.parametrize("seed", range(20))
def test_clipping_agrees_with_torch(seed):
    """By norm torch adds 1e-6 to the length it divides by; by value nothing."""
    torch = pytest.importorskip("torch")
    gradient = np.random.default_rng(seed).standard_normal(12) * 3
    part = torch.zeros(12, dtype=torch.float64, requires_grad=True)
    part.grad = torch.tensor(gradient)
    torch.nn.utils.clip_grad_value_([part], 0.5)
    assert Clip(value=0.5).apply(gradient) == pytest.approx(part.grad.numpy(), rel=1e-15)
    part.grad = torch.tensor(gradient)
    length = float(torch.nn.utils.clip_grad_norm_([part], 1.0))
    theirs = part.grad.numpy() * (length + 1e-6) / length
    assert Clip(norm=1.0).apply(gradient) == pytest.approx(theirs, rel=1e-12)


def lines_of(update):
    run = build(scenario(update))
    return [f"{line.symbol} = {line.formula} = {line.substituted} = {line.value}" for line in last_page(run).lines]


def last_page(run):
    first, _reason = next(updates(run))
    return page(first, 2)


def test_the_equation_has_the_rate_and_both_gradients():
    """η of the update comes first, then the gradient as the rule sees it, then the step with both put in."""
    lines = lines_of('schedule = { kind = "exponential", factor = 0.5 }\nclip = { norm = 2.0 }')
    assert lines[0] == "η₁ = η·factorᵗ = 0.1·0.5^0 = 0.1"
    assert "·c/‖g‖" in lines[1]
    assert "−2" in lines[1]
    assert lines[2].endswith("= 0.2")


def test_the_equation_of_a_look_ahead():
    """The slope is put in at the place looked ahead to, and the move is v."""
    run = build(scenario(NESTEROV + 'form = "lookahead"'))
    (_first, _), (second, _), *_rest = updates(run)
    assert second.at[0] == pytest.approx(0.9)
    assert second.gradient[0] == pytest.approx(-4.2)
    assert second.loss_before == pytest.approx(5.76)
    assert any("θ + μv" in note for note in page(second, 2).notes)


def test_status_and_trace_tell_the_rate_of_each_update():
    """After update 2 of a rate that halves every update, η is 0.05; the trace has the rate and the clipped gradient."""
    loaded = scenario('schedule = { kind = "exponential", factor = 0.5 }\nclip = { norm = 2.0 }')
    timeline = Timeline(build(loaded))
    timeline.reach(3)
    assert "η 0.1" in status_line(timeline, Position(1))
    assert "η 0.05" in status_line(timeline, Position(2))
    records = [json.loads(line) for line in jsonl_lines(loaded, build(loaded))]
    assert [each["learning_rate"] for each in records if each.get("update")] == pytest.approx([0.1, 0.05, 0.025])
    assert records[2]["gradient"] == {"x": -6.0}
    assert records[2]["clipped"] == {"x": -2.0}


@pytest.mark.parametrize(
    ("update", "told"),
    [
        ('schedule = { kind = "step" }', "missing every; required for step"),
        ('schedule = { kind = "linear", updates = 3, every = 2 }', "linear takes updates, low"),
        ("clip = { norm = 1.0, value = 1.0 }", "found norm and value"),
        ('form = "textbook"', "no form: momentum and nesterov have one"),
        ('rule = "nesterov"\nform = "textbook"', "pytorch or lookahead for nesterov"),
        ("start_velocity = [1.0]", "only momentum and nesterov have one"),
    ],
)
def test_mistakes(update, told):
    """What does not go together is a mistake that says what does."""
    with pytest.raises(GdsimError) as caught:
        scenario(update)
    assert told in str(caught.value)


def test_a_velocity_has_a_number_for_each_parameter():
    """Two numbers for one variable are a mistake when the run is made."""
    with pytest.raises(GdsimError, match="one per parameter"):
        build(scenario('rule = "momentum"\nstart_velocity = [1.0, 2.0]'))
