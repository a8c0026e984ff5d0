"""Small scenarios whose traces can be worked out by hand, and their traces read back."""

import json

import small_hill

from gdsim.engine.update import Run
from gdsim.export.trace.jsonl import jsonl_lines
from gdsim.scenario.build import build
from gdsim.scenario.load import load_text
from gdsim.scenario.scenario import Scenario

HILL = "seed = 3" + small_hill.HILL.replace("max_updates = 20", "max_updates = 1000\nmin_change = 1e-4")

NETWORK = """
format = 1
title = "A small network"
summary = "Three samples, two at a time"
[network]
loss = "half-sse"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0.1], [-0.2]]
biases = [0.0, 0.3]
[[network.layers]]
units = 1
activation = "identity"
weights = [[0.5, 0.6]]
biases = [0.1]
[data]
inputs = [[1.0], [2.0], [-1.0]]
targets = [0.5, 1.0, -0.5]
[update]
learning_rate = 0.1
batch = 2
[stop]
max_updates = 4
"""

PERCEPTRON = """
format = 1
title = "AND"
summary = "Four points a line divides"
[perceptron]
weights = [0.0, 0.0]
[data]
inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
targets = [0, 0, 0, 1]
[update]
learning_rate = 1.0
"""


def scenario_and_run(text: str, *overrides: tuple[str, object]) -> tuple[Scenario, Run]:
    scenario = load_text(text, "small.toml", overrides=overrides, name="small")
    return scenario, build(scenario)


def records(text: str, *overrides: tuple[str, object], has_phases: bool = False) -> list[dict]:
    """Return the JSON objects of a trace."""
    return [json.loads(line) for line in jsonl_lines(*scenario_and_run(text, *overrides), has_phases=has_phases)]
