"""What the engine and the history cost, and how many unseen digits it reads."""

import importlib
import sys
import time
from functools import partial
from itertools import pairwise
from pathlib import Path
from subprocess import run as run_process

import numpy as np

from gdsim.engine.batches import Batches
from gdsim.engine.models.network import Layer, NetworkModel
from gdsim.engine.rules import make_rule
from gdsim.engine.update import Run, Stop, start_state, updates
from gdsim.scenario.build import build
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file, load_text
from gdsim.timeline.timeline import DEFAULT_BUDGET, Timeline
from tests.benchmarks import loops
from tests.benchmarks.measures import Row, at_most, median, percentile

NETWORKS = (((2, 2, 2), 1, 1, 800), ((10, 20, 5), 100, 10, 500), ((784, 20, 20, 10), 1000, 10, 150))
"""Sizes, samples, batch, updates of a round."""

DIGITS = (784, 20, 20, 10)
ROUNDS = 7


def network(sizes, samples, batch, rule="gradient-descent", longest=10**9):
    """Return the run of a network over samples made up."""
    rng = np.random.default_rng(0)
    x, y = rng.random((samples, sizes[0])), np.eye(sizes[-1])[rng.integers(0, sizes[-1], samples)]
    layers = tuple(Layer(b, a, "sigmoid") for a, b in pairwise(sizes))
    model, made = NetworkModel(layers, "half-sse", x, y), make_rule(rule)
    start = start_state(model, made, 0.1 * rng.standard_normal(model.layout.size))
    return Run(model, made, 0.01, Batches(samples, batch if batch < samples else None), start, Stop(longest))


def seconds(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def walk(run, count):
    for _update, _ in zip(updates(run), range(count), strict=False):
        pass


def speed():
    """Updates a second with all records made, beside loops that make them too, torch, and bare loops, in turns."""
    torch = importlib.import_module("torch") if importlib.util.find_spec("torch") else None
    if torch is not None:
        torch.set_num_threads(1)
    run, count = hill(), 1000
    rows = _compared(
        "1-D hill", run, count, {"numpy": (loops.hill, 1.0), "a bare loop": (loops.bare_hill, None)}, (count,)
    )
    for sizes, samples, batch, count in NETWORKS:
        made = network(sizes, samples, batch)
        peers = {"numpy": (loops.network, 1.0)}
        if torch is not None:
            peers["torch"] = (partial(loops.torch_network, torch), 1.0 if sizes == DIGITS else 3.0)
        peers["a bare loop"] = (loops.bare_network, None)
        data = sizes, made.model.inputs, made.model.targets, batch, count, 0.01
        rows += _compared("–".join(map(str, sizes)), made, count, peers, data)
    return rows


def hill():
    """Return the run of the bundled hill, without an end."""
    text = (Path(__file__).parents[2] / "scenarios" / "mountain-descent.toml").read_text("utf-8")
    return build(load_text(text, "hill", None, [("stop.max_updates", 1000000), ("stop.min_change", 1e-300)]))


def _compared(name, run, count, peers, arguments):
    """Return a row a peer; one without a goal is there to be known."""
    ours, theirs = [], {peer: [] for peer in peers}
    for _ in range(ROUNDS):
        ours.append(seconds(lambda: walk(run, count)))
        for peer, (loop, _goal) in peers.items():
            theirs[peer].append(seconds(partial(loop, *arguments)))
    return [
        _row(f"updates a second, {name}, beside {peer}", ours, theirs[peer], count, goal)
        for peer, (_loop, goal) in peers.items()
    ]


def _row(what, ours, theirs, count, goal):
    ratio = median(theirs) / median(ours)
    a, b = (f"{count / median(each):,.0f}/s" for each in (ours, theirs))
    met = goal is None or ratio >= goal
    return Row(what, a, b, f"{ratio:.2f} ×", "" if goal is None else f"≥ {goal:g} ×", met)


LONG, PART = 100_000, 5
"""A run of `LONG` updates with 64 MB is measured on a `PART`-th of both: its checkpoints lie as far apart."""


def history():
    """Any update of a long run of the digits network, beside the states kept whole; a step back."""
    count, budget = LONG // PART, DEFAULT_BUDGET // PART
    made = network(DIGITS, 1000, 10, longest=count)
    timeline = Timeline(made, budget)
    timeline.reach(count)
    rng, going, back = np.random.default_rng(1), [], []
    for update in rng.integers(2, count, 300).tolist():
        going.append(seconds(lambda u=update: timeline.state(u)))
        back.append(seconds(lambda u=update: timeline.state(u - 1)))
    stored, kept = (f"{each / 2**20:,.0f} MB" for each in (made.start.theta.nbytes * count, budget))
    what = f"go to any of {count:,} updates of {'–'.join(map(str, DIGITS))}, p99"
    return [
        at_most(what, percentile(going, 0.99), 0.05, f"{stored} stored whole", kept),
        at_most("step back from there, p99", percentile(back, 0.99), 0.0167),
    ]


def memory():
    """What the history of such a run adds to a process once its whole budget is spent."""
    code = (
        "from pathlib import Path; from tests.benchmarks.computing import *\n"
        "def peak(): return next(l.split()[1] for l in Path('/proc/self/status').open() if l.startswith('VmHWM'))\n"
        "made = network(DIGITS, 1000, 10, longest=2000); before = peak()\n"
        "t = Timeline(made); t.reach(2000); t.state(1003); print(before, peak())"
    )
    printed = run_process([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    before, peak = (int(each) / 1024 for each in printed.split())
    whole = 2000 * 8 * sum((a + 1) * b for a, b in pairwise(DIGITS)) / 2**20
    stored = f"{whole:,.0f} MB stored whole"
    return [at_most("memory a long history adds", peak - before, 80, stored, shown="{:.0f} MB".format)]


ACCURACY = {"digits": 0.93, "digits-wider": 0.98}
"""The part of unseen digits each scenario is to read rightly."""

SEEDS = 10


def digits():
    """How well the digit scenarios read unseen digits, from ten random starts each: two minutes on two cores.

    A seed decides the starting weights, the order of samples, and which digits are held out.
    """
    for name, goal in ACCURACY.items():
        unseen = []
        for seed in range(SEEDS):
            run = build(load_file(resolve(name), overrides=(("seed", seed),)))
            timeline = Timeline(run)
            unseen.append(run.model.score(timeline.state(timeline.reach(run.stop.max_updates)).theta).test_accuracy)
        reached = sum(each >= goal for each in unseen)
        what = f"{name}: starts that read {goal:.0%} of unseen digits"
        yield Row(what, str(reached), f"of {SEEDS}", "", f"{min(unseen):.1%}–{max(unseen):.1%}", True)
