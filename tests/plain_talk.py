"""Small scenarios stepped through in plain mode, and what it says."""

import io

from small_hill import STARTING_ANYWHERE

from gdsim.plain.repl import run_plain
from gdsim.scenario.load import load_text
from gdsim.session import Session

HILL = STARTING_ANYWHERE.replace("max_updates = 20", "max_updates = 30").replace(
    "[function]", 'lesson = "Look at the slope."\n[function]'
)

NEURON = """
format = 1
title = "A neuron with a slip"
summary = "Half a bias gradient"
[network]
loss = "sse"
[[network.layers]]
units = 3
activation = "identity"
weights = [[1.0, 0.5, 0.2], [0.1, 0.2, 0.3], [0.0, 0.1, 0.4]]
biases = [0.0, 0.1, 0.2]
weight_names = [["p", "q", "r"], ["s", "t", "u"], ["i", "j", "k"]]
bias_names = ["b", "c", "d"]
[as_published]
bias_gradient_factor = 0.5
note = "The source forgets a factor 2."
[data]
inputs = [[1.0, 2.0, 3.0], [2.0, 0.0, 1.0]]
targets = [[3.0, 1.0, 0.0], [5.0, 0.0, 1.0]]
[update]
learning_rate = 0.01
[stop]
max_updates = 5
[show]
lock = ["edit"]
"""


LARGE = (
    NEURON[: NEURON.index("[[network.layers]]")]
    + """
[[network.layers]]
units = 20
activation = "tanh"
init = { method = "xavier" }
[[network.layers]]
units = 1
activation = "identity"
init = { method = "xavier" }
[data]
inputs = [[1.0, 2.0], [2.0, 0.0]]
targets = [3.0, 5.0]
[update]
learning_rate = 0.01
[stop]
max_updates = 5
"""
)


SCENARIOS = {text: load_text(text, "small.toml") for text in (HILL, NEURON, LARGE)}


def opened(text: str = HILL) -> Session:
    return Session.open(SCENARIOS[text])


def talk(session: Session, typed: str, *, ascii_only: bool = False) -> list[str]:
    """Return the blocks plain mode writes for what is typed on a session, the opening one first."""
    stream = io.StringIO()
    assert run_plain(session, io.StringIO(typed), stream, ascii_only=ascii_only) == 0
    return stream.getvalue().strip().split("\n\n")[1:]


def said(typed: str, text: str = HILL, *, ascii_only: bool = False) -> list[str]:
    """Return the same for a small scenario."""
    return talk(opened(text), typed, ascii_only=ascii_only)
