"""What a chart costs: built and drawn first, and after one more update, where what stands still is kept."""

import time
from dataclasses import replace

from gdsim.charts.table import CHARTS
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session
from gdsim.tui.drawing import draw
from gdsim.tui.palettes import PALETTES
from tests.benchmarks.measures import at_most, median, milliseconds

UPDATES = 15
SIZE = (62, 18)
MEASURED = {
    "curve": "mountain-descent",
    "contour": "mountain-surface",
    "surface": "quadratic-fit",
    "surface-3d": "racing-balls",
    "cross-section": "mountain-surface",
    "boundary": "perceptron",
    "fit": "quadratic-fit",
    "network": "backprop",
    "activations": "activations",
    "slopes": "activations",
    "loss": "learning-rates",
    "parameters": "racing-balls",
    "mistakes": "perceptron",
    "picture": "digits",
    "gallery": "digits",
    "confusion": "digits",
    "activation-histogram": "digits",
    "gradient-histogram": "digits",
}
GOAL, TURNED = 0.008, 0.012


def charts():
    """CPU of a chart of each kind in 62 × 18 cells: the first, the middle one of the updates that follow, one again."""
    rows = []
    for kind, name in MEASURED.items():
        session = Session.open(load_file(resolve(name))).after(UPDATES)
        first, *others = (seconds(kind, session.after(k).view) for k in range(UPDATES))
        again = median(seconds(kind, session.view) for _ in range(UPDATES))
        goal = TURNED if kind == "surface-3d" else GOAL
        rows.append(row(f"{kind} ({name})", first, median(others), again, goal))
    view = Session.open(load_file(resolve("racing-balls"))).after(UPDATES).view
    costs = []
    for _turn in range(UPDATES):
        view = replace(view, focus=CHARTS["surface-3d"].choose(view, 1, 0))
        costs.append(seconds("surface-3d", view, (60, 20)))
    again = median(seconds("surface-3d", view, (60, 20)) for _ in range(UPDATES))
    rows.append(row("surface-3d turned, 60 × 20", costs[0], median(costs), again, TURNED))
    return rows


def seconds(kind, view, size=SIZE):
    """Return the seconds of CPU one chart takes to build and draw."""
    begun = time.process_time()
    draw(CHARTS[kind].build(view), *size, PALETTES["dark"])
    return time.process_time() - begun


def row(what, first, cost, again, goal):
    return at_most(what, cost, goal, f"first {milliseconds(first)}, again {milliseconds(again)}")
