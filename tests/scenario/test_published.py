"""Mistakes a scenario makes as its source's, by the names of `gdsim diagnose`: in rule, order and inputs too."""

import math
import re

import numpy as np
import pytest
from small_hill import HILL

from gdsim.engine.edits import Edited, edited_updates, parse_edit
from gdsim.engine.update import run_update, updates
from gdsim.errors import ScenarioError
from gdsim.explain.mistakes import MISTAKES, judge_bug, rightly_made
from gdsim.explain.pages import page
from gdsim.export.trace.rows import csv_lines
from gdsim.interop.diagnosis import diagnose, published_as
from gdsim.interop.numbers import read_numbers
from gdsim.scenario.build import build
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file, load_text
from gdsim.scenario.published import NAMES, wrong_runs
from gdsim.timeline.timeline import Timeline

RATE = ("update.learning_rate", 0.1)
MOMENTUM = (("update.rule", "momentum"), ("update.momentum", 0.5))
ADAM = (("update.rule", "adam"),)


def hill(mistake, where=None, *settings):
    """Return the scenario down (x − 2)² from 4 with η = 0.1, as published."""
    places = () if where is None else (("as_published.where", where),)
    return load_text(HILL, "hill.toml", overrides=(RATE, ("as_published.mistake", mistake), *places, *settings))


# By hand: the slope is 4 at first. Adam's m is 0.4 after it, its v 0.016; corrected they are 4 and 16.
RULES = [
    ("wrong-sign", None, (), [4.4, 4.88]),
    ("learning-rate-missing", None, (), [0.0, 4.0]),
    ("learning-rate-twice", None, (), [3.96, 3.9208]),
    ("previous-gradient", None, (), [4.0, 3.6, 3.2]),
    ("accumulated", None, (), [3.6, 2.88]),
    ("accumulated", "gradient", (), [3.6, 2.88]),
    ("accumulated", None, MOMENTUM, [3.6, 2.68]),
    ("momentum-eta-inside", None, MOMENTUM, [3.96, 3.9008]),
    ("momentum-eta-inside", "mean", MOMENTUM, [3.8, 3.52]),
    ("adam-uncorrected", None, ADAM, [4 - 0.04 / math.sqrt(0.016)]),
    ("adam-uncorrected", "m", ADAM, [3.99]),
    ("adam-uncorrected", "v", ADAM, [4 - 0.4 / math.sqrt(0.016)]),
    ("adam-epsilon-inside", None, (*ADAM, ("update.epsilon", 0.5)), [4 - 0.4 / math.sqrt(16.5)]),
    ("adam-epsilon-inside", None, (("update.rule", "adamw"), ("update.epsilon", 0.5)), [3.996 - 0.4 / math.sqrt(16.5)]),
]


@pytest.mark.parametrize(("mistake", "where", "settings", "expected"), RULES)
def test_slips_of_rules_come_out_as_by_hand(mistake, where, settings, expected):
    """As published the run makes the wrong steps, corrected the right ones."""
    scenario = hill(mistake, where, *settings)
    made = [update.after.theta.item() for update, _reason in updates(build(scenario))]
    assert made[: len(expected)] == pytest.approx(expected)
    right = load_text(HILL, "hill.toml", overrides=(RATE, *settings))
    ends = [next(updates(run))[0].after.theta.item() for run in (build(scenario, corrected=True), build(right))]
    assert ends[0] == ends[1]


def value_of(text):
    """Return what the numbers of a worked line come to."""
    text = text.replace("−", "-").replace("·", "*").replace("²", "**2").replace("^", "**")
    text = re.sub(r"√([\d.e-]+)", r"√(\1)", text).replace("√", "sqrt")
    return eval(text, {"sqrt": math.sqrt})  # noqa: S307 – our own numbers


@pytest.mark.parametrize(("mistake", "where", "settings", "_expected"), RULES)
def test_slips_of_rules_are_worked_out_and_named(mistake, where, settings, _expected):
    """The numbers of every line give its value, the last line the new place; the page says what is wrong."""
    update = Timeline(build(hill(mistake, where, *settings))).update(2)
    shown = page(update, 2)
    for line in shown.lines:
        if line.substituted:
            assert value_of(line.substituted) == pytest.approx(float(line.value.replace("−", "-")), rel=2e-5)
    assert float(shown.lines[-1].value) == pytest.approx(update.after.theta.item(), rel=1e-5)
    assert shown.notes[0] == f"As published: {next(m.does for m in MISTAKES if m.name == mistake)}."


def test_variables_changed_one_after_another():
    """Down x² + xy from (1, 1) with η = 0.1: x goes to 0.7, and the slope by y is that x; the page has both places."""
    text = HILL.replace("(x - 2)**2", "x**2 + x*y").replace("{ x = 4.0 }", "{ x = 1.0, y = 1.0 }")
    scenario = load_text(text, "two.toml", overrides=(RATE, ("as_published.mistake", "in-place")))
    update = run_update(build(scenario), build(scenario).start)
    assert update.after.theta.tolist() == pytest.approx([0.7, 0.93])
    assert [line.substituted for line in page(update, 1).lines] == ["2·1 + 1", "0.7"]


SAMPLES = """
format = 1
title = "A line"
summary = "Three samples, one at a time"
[network]
loss = "half-sse"
[[network.layers]]
units = 1
activation = "identity"
weights = [[0.5]]
biases = [0.0]
[data]
inputs = [[2.0], [4.0], [6.0]]
targets = [1.0, 3.0, 2.0]
scale = { inputs = "min-max" }
[update]
learning_rate = 0.1
batch = 1
[stop]
max_updates = 6
"""


@pytest.mark.parametrize(
    ("mistake", "where", "visited", "inputs"),
    [
        ("other-order", None, [2, 1, 0, 2], [0, 0.5, 1]),
        ("other-order", "2-1-3", [1, 0, 2, 1], [0, 0.5, 1]),
        ("unscaled", None, [0, 1, 2, 0], [2, 4, 6]),
        ("scaled-twice", None, [0, 1, 2, 0], [-0.5, -0.375, -0.25]),
    ],
)
def test_other_order_and_inputs(mistake, where, visited, inputs):
    """(x − 2)/4 of 2, 4, 6 is 0, ½, 1, and of these −0.5, −0.375, −0.25; corrected they come as the file says."""
    settings = [("as_published.mistake", mistake), *([("as_published.where", where)] if where else [])]
    scenario = load_text(SAMPLES, "line.toml", overrides=settings)
    made = [update for update, _reason in updates(build(scenario))]
    assert [int(update.samples[0]) for update in made[:4]] == visited
    assert made[0].run.model.inputs[:, 0].tolist() == inputs
    right = build(scenario, corrected=True)
    assert [int(update.samples[0]) for update, _reason in updates(right)][:4] == [0, 1, 2, 0]
    assert right.model.inputs[:, 0].tolist() == [0, 0.5, 1]


def test_changes_during_a_run_keep_the_slip_until_it_is_corrected():
    """The sum of gradients is 4, 7.2, 7.2 + 1.76: η = 0.05 takes 0.448 off 2.88; corrected, the slope there alone."""
    run = build(hill("accumulated"))
    edits = ["2:update.learning_rate=0.05", "3:corrected=true", "4:corrected=false"]
    made = [each for each, _reason in edited_updates(run, map(parse_edit, edits)) if not isinstance(each, Edited)]
    assert [update.after.theta.item() for update in made[:3]] == pytest.approx([3.6, 2.88, 2.432])
    assert made[3].change.item() == pytest.approx(-0.05 * 2 * 0.432)
    assert made[4].change.item() == pytest.approx(made[3].change.item() * 0.9)
    assert rightly_made(made[1]).after.theta.item() == pytest.approx(3.28)


def test_a_rule_without_room_for_the_slip_is_right():
    """Adam has no velocity to put η into, so from there on nothing is wrong."""
    run = build(hill("momentum-eta-inside", None, *MOMENTUM))
    *_others, (last, _reason) = edited_updates(run, [parse_edit("1:update.rule=adam")])
    assert not last.run.rule.kind.has_slip


BACKPROP = load_file(resolve("backprop"))


@pytest.mark.parametrize(
    "mistake", [each for each in NAMES if any(wrong_runs(each, build(BACKPROP), BACKPROP.dataset))]
)
def test_a_page_names_the_mistake_of_a_network(mistake):
    """Where a network's run makes one its numbers do not come out, so that one of its pages says why."""
    update = next(updates(build(load_file(resolve("backprop"), [("as_published.mistake", mistake)]))))[0]
    notes = [note for phase in range(len(update.phases)) for note in page(update, phase).notes]
    assert any("As published" in note for note in notes)


def test_a_bug_hunt_takes_any_of_them():
    """The name is right, others are not, and while it is hidden no page names it."""
    scenario = hill("previous-gradient", None, ("as_published.hidden", True))
    timeline = Timeline(build(scenario))
    named = [
        name for name in ("previous-gradient", "accumulated", "none") if judge_bug(scenario, timeline.run, name)[0]
    ]
    assert named == ["previous-gradient"]
    assert not any("As published" in note for note in page(timeline.update(1), 2).notes)


@pytest.mark.parametrize(
    ("mistake", "where", "message"),
    [
        (
            "adam-uncorrected",
            None,
            r"hill.toml: as_published.mistake: adam-uncorrected cannot be made .*; one of wrong-sign, lear",
        ),
        ("wrong-sign", "delta", r'hill.toml: as_published.where: found "delta"; only step'),
        ("adam-uncorected", None, r"did you mean adam-uncorrected\?"),
    ],
)
def test_a_slip_that_cannot_be_is_told(mistake, where, message):
    """What a run has no room for is a mistake that says what there is room for."""
    with pytest.raises(ScenarioError, match=message):
        hill(mistake, where)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "bias-trained"])
def test_diagnose_tells_how_to_run_it(name, tmp_path):
    """Where `gdsim diagnose` names one mistake, the option it tells makes the numbers that were handed in."""
    rule = {"momentum-eta-inside": "momentum", "adam-uncorrected": "adam", "adam-epsilon-inside": "adam"}.get(name)
    path, short = tmp_path / "numbers.csv", [("stop.max_updates", 12)]
    for source in ("mazur", "house-prices", "perceptron"):
        settings = [*short, ("update.rule", rule)] if rule and source != "perceptron" else short
        right = load_file(resolve(source), overrides=settings)
        for _where, run in wrong_runs(name, build(right, corrected=True), right.dataset):
            path.write_text("".join(csv_lines(right, run)))
            told = published_as(diagnose(right, read_numbers(path)), right).partition("=")
            if told[0]:
                places = [("as_published.where", told[2])] if told[2] else []
                again = [*settings, ("as_published.mistake", told[0]), *places]
                theirs = [update.after.theta for update, _reason in updates(run)]
                ours = [update.after.theta for update, _reason in updates(build(load_file(resolve(source), again)))]
                assert np.allclose(ours, theirs, rtol=1e-9)
