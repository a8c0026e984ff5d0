"""What can be handed to gdsim from outside, each as a function of any bytes: it returns, or it found a fault.

A function catches what its part of gdsim documents to raise, and nothing else. Seeds begin the search.
"""

import asyncio
import gzip
import io
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np

from gdsim.engine.formula.expressions import ExpressionError, parse
from gdsim.engine.formula.typesetting import MAX_LENGTH, MAX_NESTING, in_symbols
from gdsim.errors import ScenarioError
from gdsim.plain.repl import run_plain
from gdsim.scenario.data.idx import read_images, read_labels
from gdsim.scenario.data.tables import read_csv
from gdsim.scenario.load import load_text
from gdsim.scenario.mistakes import RefusedError
from gdsim.session import Session
from gdsim.session.commands import COMMANDS

HILL = """
format = 1
title = "hill"
summary = "s"
[function]
expression = "(x - 2)**2"
start = { x = 4.0 }
starts = [{ x = 0.0 }]
[update]
learning_rate = 0.01
[stop]
max_updates = 30
"""
NETWORK = """
format = 1
title = "network"
summary = "s"
[network]
loss = "sse"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[1.0, 0.5], [0.1, 0.2]]
biases = [0.0, 0.1]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.3, -0.4]]
biases = [0.2]
[data]
inputs = [[1.0, 2.0], [2.0, 0.0], [0.5, 0.5]]
targets = [1.0, 0.0, 1.0]
[update]
learning_rate = 0.1
batch = 1
order = "shuffled"
[stop]
max_updates = 12
[[compare]]
label = "faster"
set = { "update.learning_rate" = 1 }
"""
PERCEPTRON = """
format = 1
title = "perceptron"
summary = "s"
[perceptron]
weights = [0, 0]
bias = 0
[data]
inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
targets = [0, 1, 1, 1]
[update]
learning_rate = 1
[stop]
max_updates = 40
"""
TEXTS = (HILL, NETWORK, PERCEPTRON)


def scenario(data: bytes) -> None:
    """Any text as a scenario file gives a scenario or a report that can be printed."""
    report = ""
    try:
        load_text(data.decode("utf-8", "replace"), "s.toml")
    except ScenarioError as error:
        report = str(error)
    assert all(letter.isprintable() or letter == "\n" for letter in report)


def expression(data: bytes) -> None:
    """Any text as a formula is refused, or computed, differentiated and written out so that it reads back equal."""
    try:
        formula = parse(data.decode("utf-8", "replace"), ("x", "y"))
    except ExpressionError:
        return
    grid = np.array([-2.0, -0.5, 0.0, 0.5, 3.0])
    for part in (formula, *formula.gradient()):
        values = part(grid, 0.5)
        assert np.shape(values) == grid.shape
        assert part.pretty()
        assert part.substituted((1.5, -2.0), str)
    written = in_symbols(formula.term, typed=True)
    if len(data) < MAX_NESTING and len(written) <= MAX_LENGTH:  # else it may be refused for its length or depth
        again = parse(written, ("x", "y"))
        assert np.array_equal(again(grid, 0.5), formula(grid, 0.5), equal_nan=True)


@cache
def _scratch() -> Path:
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="gdsim-fuzz-", dir=memory if memory.is_dir() else None)) / "file"


def idx(data: bytes) -> None:
    """Any bytes as an IDX file are pictures, labels, or refused."""
    path = _scratch()
    path.write_bytes(data)
    for read, dimensions in ((read_images, 3), (read_labels, 1)):
        try:
            values = read(path)
        except RefusedError:
            continue
        assert values.ndim == dimensions
        assert values.dtype == np.uint8


def csv(data: bytes) -> None:
    """Any bytes as a CSV file are finite numbers with targets or labels, or refused."""
    path = _scratch()
    path.write_bytes(data)
    for inputs, targets in ((("a",), ("b",)), (("a", "b"), ("c",)), (("b",), ("a", "c"))):
        try:
            read = read_csv(path, inputs, targets)
        except RefusedError:
            continue
        assert np.isfinite(read.inputs).all()
        assert read.inputs.shape[1] == len(inputs)


@cache
def _opened(number: int) -> Session:
    return Session.open(load_text(TEXTS[number], "small.toml"))


def plain(data: bytes) -> None:
    """Whatever is typed in plain mode is answered, in ASCII where asked, until quit or the end, with status 0."""
    text = data[1:].decode("utf-8", "replace")
    stream = io.StringIO()
    session = _opened(data[0] % len(TEXTS) if data else 0)
    with patch("gdsim.session.files.write_file", lambda _path, lines: list(lines)):  # nothing is left on the disk
        assert run_plain(session, io.StringIO(text), stream, ascii_only=True) == 0
    assert stream.getvalue().isascii()


def keys(data: bytes) -> None:
    """Whatever is pressed, the screen goes on or ends in order."""
    from pressing import NAMES, press  # the screen takes a while to load, and no other target needs it

    number, *pressed = data[:20] or b"\0"
    names = [NAMES[code % len(NAMES)] for code in pressed]
    size = (60 + number % 80, 16 + number % 30)
    asyncio.run(press(_opened(number % len(TEXTS)), names, ascii_only=bool(number & 8), size=size))


@dataclass(frozen=True)
class Target:
    """Something to fuzz: its function, what to start from, words worth putting in, and runs in a quick test."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[str, ...] = ()
    quick: int = 100


_IDX = struct.pack(">4BIII", 0, 0, 8, 3, 2, 2, 2) + bytes(range(8))
_COMMANDS = tuple(word for command in COMMANDS for word in command.words)

TARGETS = {
    "scenario": Target(
        scenario,
        tuple(text.encode() for text in TEXTS),
        ("[", "]", "= ", "[[compare]]", "seed", "nan", "inf", "9e999", "layers", "weights", '"""', "\\u0000", "0x"),
        60,
    ),
    "expression": Target(
        expression,
        (b"(x - 2)**2", b"3*exp(-((x - 1)**2 + y**2)/1.5)", b"relu(x)+sqrt(abs(y))/log(2)", b"-x**-2", b"sin(pi*x)"),
        ("**", "exp(", "log(", "abs(", "relu(", "tanh(", "1e308", "pi", "e", "x", "y", "-", "/", "(", ")", "."),
        150,
    ),
    "idx": Target(idx, (_IDX, gzip.compress(_IDX), struct.pack(">4BI", 0, 0, 8, 1, 3) + b"\1\2\3"), quick=150),
    "csv": Target(
        csv,
        (b"a,b,c\n1,2,x\n3,4,y\n", b'a,b\n"1",2\n', b"\xef\xbb\xbfa,b\r\n1e3,-2\r\n"),
        ('"', ",", "\n", "nan", "inf", "1_0", "\x00", "\r", "a", "b", "c", "1e999"),
        150,
    ),
    "plain": Target(
        plain,
        (
            b"\0next 3\nback\nset x 3\nrate 0.5\nlast\n",
            b"\1.\n.\nneuron 1 2\nparams\nm\ncheck all\n",
            b"\2m\nm\nc\n?\n",
        ),
        (*_COMMANDS, "\n", " ", "all", "-1", "1e308", "99999999999", "adam", "x", "w[0]", "update.rule"),
        40,
    ),
    "keys": Target(
        keys, (bytes(range(0, 40, 3)), b"\1" + bytes(range(20, 44, 2)), b"\2" + bytes(range(50, 30, -2))), quick=12
    ),
}
