"""Every kind of mistake in a scenario is reported in full: line, path, what was found, what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce
from pathlib import Path

import pytest
from scenario_texts import A_FUNCTION, A_NETWORK, A_PERCEPTRON, DATA, FUNCTION, HEAD, LAYER, NETWORK, UPDATE

from gdsim.errors import ScenarioError
from gdsim.scenario.load import load_text


def report(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "s.toml")
    return str(caught.value)


SOFTMAX = NETWORK.replace('"sigmoid"', '"softmax"')
BASES = {
    "function": A_FUNCTION,
    "network": A_NETWORK,
    "perceptron": A_PERCEPTRON,
    "one input": HEAD + UPDATE + NETWORK.replace("[[0.1, 0.2]]", "[[0.1]]"),
    "no data": HEAD + UPDATE + NETWORK,
}


def slips() -> Iterator[tuple[str, str, str]]:
    """Yield name, text and report of every slip in mistakes.txt."""
    for block in re.split(r"\n(?=[^ #\n])", Path(__file__).with_name("mistakes.txt").read_text(encoding="utf-8"))[1:]:
        name, made, *reported = block.rstrip("\n").split("\n")
        base, *changes = made.strip().replace("⏎", "\n").split(" | ")
        yield name, reduce(changed, changes, BASES[base]), "\n".join(line[4:] for line in reported)


def changed(text: str, change: str) -> str:
    """Return a text with one change made: ``+ ADDED``, or ``OLD => NEW``, everywhere unless it says (once)."""
    if change.startswith("+ "):
        return text + change[2:]
    old, new = change.split(" =>")
    new = new[1:]
    assert old in text
    return text.replace(old, new.removesuffix(" (once)"), 1 if new.endswith(" (once)") else -1)


OTHERS = {
    "no key at all": ("", "s.toml: is empty; a scenario; gdsim new writes one to start from"),
    "not TOML": (HEAD + "a b", "s.toml:4: not valid TOML: expected '=' after a key in a key/value pair (column 3)"),
    "a key twice": (HEAD + 'title = "u"\n', "s.toml:4: not valid TOML: cannot overwrite a value (column 12)"),
    "nested too deeply": ("a = " + "[" * 9999, "s.toml: lists or tables are nested too deeply to be read"),
    "too many parts": ("a." * 9999 + "b = 1", "s.toml:1: a dotted key has too many parts; at most 32"),
    "too many digits": ("a = " + "9" * 9999, "s.toml: a number has too many digits to be read"),
    "seed below 0": ("seed = -1\n" + A_FUNCTION, "s.toml:1: seed: found -1; at least 0"),
    "no model": (HEAD + UPDATE, "s.toml: no model; exactly one of function, perceptron, network"),
    "no update": (HEAD + FUNCTION, "s.toml: update: missing; required"),
    "no learning rate": (HEAD + "[update]\n" + FUNCTION, "s.toml:4: update.learning_rate: missing; required"),
    "learning rate huge": (
        A_FUNCTION.replace("0.1", "1" + "0" * 400),
        "s.toml:5: update.learning_rate: found a whole number of about 398 digits; a number below 1e308",
    ),
    "expression too long": (
        A_FUNCTION.replace("x**2", "+".join("x" * 251)),
        "s.toml:7: function.expression: an expression has at most 500 characters, this one has 501\n…"
        + "+".join("x" * 31)
        + "\n"
        + " " * 61
        + "^",
    ),
    "slope of softmax": (
        HEAD
        + UPDATE
        + SOFTMAX.replace("half-sse", "categorical-cross-entropy")
        + DATA.replace("[0, 1]\n", "[1, 1]\n")
        + '[as_published]\nslope_at = "output"\n',
        "s.toml:17: as_published.slope_at: softmax has no slope; another activation in the last layer",
    ),
    "no layers": (
        HEAD + UPDATE + '[network]\nloss = "mse"\nlayers = []\n' + DATA,
        "s.toml:8: network.layers: found an empty list; at least 1",
    ),
    "17 layers": (
        HEAD + UPDATE + NETWORK + LAYER * 16 + DATA,
        "s.toml:8: network.layers: found a list of 17; at most 16",
    ),
    "softmax before the last layer": (
        (HEAD + UPDATE + SOFTMAX + LAYER + DATA)
        .replace('half-sse"', 'mse"')
        .replace("weights = [[0.1, 0.2]]\n", "", 1),
        "s.toml:8: network.layers.0: missing weights; weights and biases, or init\n"
        "s.toml:10: network.layers.0.activation: softmax before the last layer; softmax in the last layer only\n"
        "s.toml:15: network.layers.1.weights: found 1 × 2 weights; 1 × 1, units × inputs",
    ),
    "softmax with another loss": (
        HEAD + UPDATE + SOFTMAX + DATA,
        's.toml:10: network.layers.0.activation: found "softmax"; softmax needs the loss categorical-cross-entropy, '
        "not half-sse",
    ),
    "17 compared runs": (
        A_FUNCTION + '[[compare]]\nlabel = "a"\nset = { seed = 2 }\n' * 17,
        "s.toml:9: compare: found a list of 17; at most 16",
    ),
}
"""Slips that are made by more than changes of a few words."""


MISTAKES = OTHERS | {name: (text, message) for name, text, message in slips()}


@pytest.mark.parametrize("name", MISTAKES)
def test_says_where_what_and_what_is_allowed(name: str) -> None:
    """A mistake is reported with file, line, key path, the value found, what is allowed and a near spelling."""
    text, message = MISTAKES[name]
    assert report(text) == with_lines(message, text)


def with_lines(message: str, text: str) -> str:
    """Return a message with each line of the file it names under the last mistake in that line.

    A mistake in a formula already shows the formula.
    """
    shown, messages = [], message.splitlines()
    for this, following in zip(messages, [*messages[1:], ""], strict=True):
        place = this.removeprefix("s.toml:").split(":")[0]
        shown.append(this)
        if place.isdigit() and (not following or following.startswith("s.toml:")) and f":{place}:" not in following:
            line = text.split("\n")[int(place) - 1]
            shown += [f"  {place} | {line if len(line) <= 100 else line[:99] + '…'}"] if line else []
    return "\n".join(shown)


def test_shows_the_line_of_the_file() -> None:
    """Under a mistake stands the line it is in, as the file has it; two mistakes in one line share it."""
    text = A_FUNCTION.replace("0.1\n", '"0.1" # a\trate\n')
    assert report(text) == (
        's.toml:5: update.learning_rate: found "0.1"; a number\n  5 | learning_rate = "0.1" # a rate'
    )
    text = A_FUNCTION + '[[compare]]\nlabel = "a"\nset = { "update.rat" = 1, "stop.max" = 1 }\n'
    assert report(text).splitlines()[-1] == '  11 | set = { "update.rat" = 1, "stop.max" = 1 }'
    assert len(report(text).splitlines()) == 3


def test_a_line_is_shown_safely() -> None:
    """No line of a file writes to the terminal what the terminal would obey, nor fills it."""
    assert report(A_FUNCTION + "a\x1b[2J").splitlines()[1:] == ["  9 | a\\x1b[2J"]
    assert len(report(A_FUNCTION + "a" * 5000).splitlines()[1]) <= 110


def test_names_all_mistakes_at_once_in_the_order_of_the_file() -> None:
    """One reading finds the mistakes of all sections, those of types and those of what must fit together."""
    text = (
        'format = 1\ntitle = ""\nsummary = "s"\n[update]\nlearning_rate = -1\n'
        + A_NETWORK.removeprefix(HEAD + UPDATE)
        .replace("[0.3]", "[0.3, 0.4]")
        .replace("targets = [0, 1]", "targets = [0]")
        + '[stop]\nmax_updates = 0\n[[expect]]\nafter = -1\nquantity = "x"\nvalue = 1\n'
    )
    assert [line.split(":")[1] for line in report(text).splitlines() if line.startswith("s.toml")] == [
        "2",
        "5",
        "12",
        "15",
        "17",
        "19",
    ]


def test_counts_what_it_leaves_out() -> None:
    """A file with very many mistakes gives a report one can read."""
    lines = report(A_FUNCTION + "".join(f"key{i} = 1\n" for i in range(100))).splitlines()
    assert len(lines) == 50 + 50 + 1
    assert lines[-1] == "s.toml: and 50 more mistakes"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (A_NETWORK.replace("sigmoid", "logistic"), "sigmoid"),
        (A_NETWORK.replace("sigmoid", "Linear"), "identity"),
        (A_NETWORK.replace("half-sse", "cross_entropy"), "categorical-cross-entropy"),
        (A_NETWORK.replace("half-sse", "BCE"), "binary-cross-entropy"),
        (A_FUNCTION.replace("0.1\n", '0.1\nrule = "sgd"\n'), "gradient-descent"),
        (A_NETWORK.replace("biases = [0.3]\n", 'init = { method = "glorot" }\n'), "xavier"),
    ],
)
def test_knows_what_others_call_it(text: str, meant: str) -> None:
    """A name from another program or text is answered with the one used here."""
    assert f"did you mean {meant}?" in report(text)
