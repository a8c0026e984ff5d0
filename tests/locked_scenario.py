"""A scenario in which an instructor closes what a learner may change."""

from gdsim.scenario.load import load_text

LOCKED = """
format = 1
title = "locked"
summary = "locked"
lesson = "secret"
[network]
loss = "half-mse"
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[3.0, 3.0]]
biases = [3.0]
[as_published]
slope_at = "output"
note = "σ′ at the output"
[data]
inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
targets = [0, 0, 0, 1]
[update]
learning_rate = 1.0
batch = 2
order = "shuffled"
[show]
hide = [HIDE]
lock = [LOCK]
"""


def closed(lock="", hide=""):
    return load_text(LOCKED.replace("LOCK", lock).replace("HIDE", hide), "locked.toml")
