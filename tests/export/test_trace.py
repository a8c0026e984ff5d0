"""The trace as programs read it: JSON lines, in which order, and that their numbers are the run's."""

import json
import math

import numpy as np
import pytest
from traced_runs import HILL, NETWORK, PERCEPTRON, records, scenario_and_run

from gdsim.export.trace.jsonl import jsonl_lines


def test_a_hill_walks_as_straight_arithmetic_says() -> None:
    """Every number of x ← x − η·2(x − 2) is there, equal to the last bit, until the step is shorter than 1e-4."""
    header, start, *updates, end = records(HILL)
    x, number = 4.0, 0
    assert start == {"type": "update", "update": 0, "epoch": 0, "loss": 4.0, "parameters": {"x": 4.0}}
    while True:
        slope = 2 * (x - 2)
        change = -0.01 * slope
        number += 1
        assert updates[number - 1] == {
            "type": "update",
            "update": number,
            "epoch": number,
            "samples": None,
            "loss_before": (x - 2) ** 2,
            "loss": (x + change - 2) ** 2,
            "gradient": {"x": slope},
            "change": {"x": change},
            "parameters": {"x": x + change},
        }
        x += change
        if abs(change) < 1e-4:
            break
    assert number == len(updates) == 298
    assert end == {
        "type": "end",
        "updates": 298,
        "stopped": "min_change",
        "parameters": {"x": 2.004857362907021},
        "loss": (x - 2) ** 2,
    }
    assert header["parameters"] == {"x": []}


def test_header_says_what_is_run() -> None:
    """A trace explains itself: format, scenario, model, shapes, settings, seed; keys in the documented order."""
    header = records(HILL)[0]
    assert list(header) == [
        "type",
        "format",
        "gdsim",
        "scenario",
        "title",
        "model",
        "parameters",
        "settings",
        "seed",
        "corrected",
    ]
    assert header["settings"] == {"update": {"rule": "gradient-descent", "learning_rate": 0.01}}
    assert (header["format"], header["scenario"], header["model"], header["seed"]) == (1, "small", "function", 3)
    adam = records(HILL, ("update.rule", "adam"), ("stop.max_updates", 1))[0]
    assert adam["settings"]["update"]["beta1"] == 0.9


@pytest.mark.parametrize("text", [HILL, NETWORK, PERCEPTRON])
def test_update_lines_keep_the_documented_order(text: str) -> None:
    """Keys stand as documented, so that a person reads them too: what was seen, the loss, the step, the result."""
    seen = ["samples", "prediction", "target", "correct", "corrections"]
    step = ["loss_before", "loss", "gradient", "change", "parameters", "phases"]
    order = ["type", "update", "epoch", *seen, *step]
    for record in records(text, ("stop.max_updates", 3), has_phases=True):
        if record["type"] == "update":
            assert list(record) == [key for key in order if key in record]


def test_mini_batches_tell_samples_prediction_and_epochs() -> None:
    """Batches of 2 of 3 samples: indices by turns, predictions, and after each epoch a line over all samples."""
    lines = records(NETWORK)
    updates = [line for line in lines if line["type"] == "update"][1:]
    assert [line["samples"] for line in updates] == [[0, 1], [2], [0, 1], [2]]
    assert [np.shape(line["prediction"]) for line in updates] == [(2, 1), (1, 1), (2, 1), (1, 1)]
    assert [line["type"] for line in lines[3:6]] == ["update", "epoch", "update"]
    epochs = [line for line in lines if line["type"] == "epoch"]
    assert list(epochs[0]) == ["type", "epoch", "loss", "accuracy", "test_accuracy"]
    for epoch, update in zip(epochs, updates[1::2], strict=True):
        assert epoch["loss"] == pytest.approx(loss_over_all(update["parameters"]), rel=1e-14)
        assert epoch["accuracy"] is None
    assert lines[0]["parameters"] == {"W1": [2, 1], "b1": [2], "W2": [1, 2], "b2": [1]}
    assert lines[0]["settings"]["update"]["batch"] == 2


def test_every_full_batch_ends_an_epoch() -> None:
    """Without `batch` each update sees all three samples and has its epoch line; a function has no samples."""
    lines = records(NETWORK.replace("batch = 2\n", ""))[2:-1]
    assert [(line["type"], line["epoch"]) for line in lines] == [
        (kind, number) for number in (1, 2, 3, 4) for kind in ("update", "epoch")
    ]
    for update, epoch in zip(lines[::2], lines[1::2], strict=True):
        assert epoch["loss"] == pytest.approx(loss_over_all(update["parameters"]), rel=1e-14)
    assert not [line for line in records(HILL) if line["type"] == "epoch"]


def loss_over_all(parameters: dict) -> float:
    """Return ½ Σ (a − y)² of the small network, neuron by neuron."""
    total = 0.0
    for x, y in ((1.0, 0.5), (2.0, 1.0), (-1.0, -0.5)):
        hidden = [math.tanh(w[0] * x + b) for w, b in zip(parameters["W1"], parameters["b1"], strict=True)]
        output = sum(w * a for w, a in zip(parameters["W2"][0], hidden, strict=True)) + parameters["b2"][0]
        total += 0.5 * (output - y) ** 2
    return total


def test_a_perceptron_tells_target_and_corrections() -> None:
    """AND by Rosenblatt's rule, done by hand: which points were wrong, the corrections so far, mistakes an epoch."""
    lines = records(PERCEPTRON)
    w, b, corrections, mistakes = [0.0, 0.0], 0.0, 0, 0
    points = [((0, 0), 0), ((0, 1), 0), ((1, 0), 0), ((1, 1), 1)]
    updates = iter([line for line in lines if line["type"] == "update"][1:])
    epochs = iter([line for line in lines if line["type"] == "epoch"])
    for epoch in range(1, 100):
        mistakes = 0
        for index, (x, y) in enumerate(points):
            f = 1 if w[0] * x[0] + w[1] * x[1] + b >= 0 else 0
            w, b = [w[0] + (y - f) * x[0], w[1] + (y - f) * x[1]], b + (y - f)
            mistakes += f != y
            corrections += f != y
            line = next(updates)
            assert (line["samples"], line["prediction"], line["target"]) == ([index], [[f]], y)
            assert (line["correct"], line["corrections"]) == (f == y, corrections)
            assert line["parameters"] == {"w": w, "b": b}
        summary = next(epochs)
        assert (summary["epoch"], summary["mistakes"]) == (epoch, mistakes)
        if mistakes == 0:
            break
    assert next(updates, None) is None
    assert lines[-1]["stopped"] == "converged"
    assert "rule" not in lines[0]["settings"]["update"]


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        (HILL, ["value", "gradient", "update"]),
        (NETWORK, ["forward", "forward", "loss", "output-delta", "backprop", "gradient", "update"]),
        (PERCEPTRON, ["sum", "output", "error", "update"]),
    ],
)
def test_phases_come_in_textbook_order(text: str, phases: list[str]) -> None:
    """With phases asked for, an update lists its parts: kind, layer, equation and values."""
    update = records(text, ("stop.max_updates", 1), has_phases=True)[2]
    assert [phase["phase"] for phase in update["phases"]] == phases
    assert all(list(phase) == ["phase", "layer", "equation", "values"] for phase in update["phases"])
    assert "phases" not in records(text, ("stop.max_updates", 1))[2]


@pytest.mark.parametrize(
    ("expression", "word"), [("(x - 2)**2", "Infinity"), ("x**3", "-Infinity"), ("sqrt(x)", "NaN")]
)
def test_numbers_that_are_not_finite_are_words(expression: str, word: str) -> None:
    """A run that diverges is still JSON: strict readers find a word where the numbers have left all bounds."""
    overrides = [("update.learning_rate", 1e200), ("stop.min_change", 1e-9)]
    lines = list(jsonl_lines(*scenario_and_run(HILL.replace("(x - 2)**2", expression), *overrides)))
    last = [json.loads(line, parse_constant=pytest.fail) for line in lines]
    assert last[-1]["stopped"] == "diverged"
    assert last[-1]["loss"] == word
