"""What a learner waits for: the first screen, the answer to a key, its bytes; and what an idle screen costs."""

import json
import sys
import time
from pathlib import Path
from subprocess import DEVNULL, run

from tests.benchmarks.measures import at_most, beside, median, milliseconds, percentile
from tests.benchmarks.watched import Watched

SMALLEST = [str(Path(__file__).parent / "smallest_app.py")]
ROUNDS, KEYS = 9, 25
MEASURED = ("mountain-descent", "backprop", "mountain-surface", "perceptron", "house-prices")


def start():
    """From the command to the first complete screen, in turns after a start that compiles.

    The ratio is the middle one of all turns: both starts of a turn find the machine as fast as it is just then.
    """
    ours, theirs = [], []
    for turn in range(ROUNDS + 1):
        for arguments, into in ((SMALLEST, theirs), (gdsim("mountain-descent"), ours)):
            with Watched(arguments) as watched:
                seconds = watched.first_screen().seconds
            if turn:
                into.append(seconds)
    ratio = median([one / other for one, other in zip(ours, theirs, strict=True)])
    return [beside("first screen beside the smallest Textual app", ours, theirs, ratio, 1.5)]


def keys():
    """From a key to the last byte of its frame, in every bundled scenario, the smallest app in between."""
    theirs, ours, sizes = [], [], {}
    with Watched(SMALLEST) as smallest:
        smallest.first_screen()
        for name in names():
            with Watched(gdsim(name)) as watched:
                watched.first_screen()
                watched.press(" ")
                for _ in range(KEYS):
                    theirs.append(smallest.press("x").seconds)
                    answer = watched.press(" ")
                    if not answer.raw:  # the run is over
                        break
                    ours.append(answer.seconds)
            if name in MEASURED:
                sizes[name] = bytes_an_update(name)
    hill, worst = sizes["mountain-descent"], max(sizes, key=sizes.get)
    rows = []
    for part, most in ((0.5, 0.0167), (0.99, 0.033)):
        one, other = percentile(ours, part), percentile(theirs, part)
        what = f"key → last byte, {len(names())} scenarios, p{100 * part:.0f}"
        rows.append(at_most(what, one, most, f"{milliseconds(other)} smallest app", f"{one / other:.1f} ×"))
    return [
        *rows,
        at_most("bytes an update of a 1-D hill", hill, 1500, shown=str),
        at_most("bytes an update, worst of 5 scenarios", sizes[worst], 3500, worst, shown=str),
    ]


def bytes_an_update(name):
    """Return the bytes of ten updates, of one in the middle."""
    with Watched(gdsim(name)) as watched:
        watched.first_screen()
        return median([len(watched.press(" ").raw) for _ in range(10)])


def idle():
    """How often a paused screen is put on a processor in ten seconds, by itself."""
    with Watched(gdsim("mountain-descent")) as ours, Watched(SMALLEST) as theirs:
        for each in (ours, theirs):
            each.first_screen()
            each.press(" ")
        time.sleep(1)
        before = ours.switches(), theirs.switches()
        time.sleep(10)
        woken, peer = ours.switches() - before[0], theirs.switches() - before[1]
    return [at_most("wake-ups of a paused screen in 10 s", woken, 0, f"{peer} smallest app", shown=str)]


def imports():
    """`gdsim --help` and `--version` beside an interpreter that imports numpy."""
    rows = []
    for option in ("--help", "--version"):
        ours, theirs = [], []
        for _ in range(7):
            for arguments, into in ((["-c", "import numpy"], theirs), (["-m", "gdsim", option], ours)):
                begun = time.perf_counter()
                run([sys.executable, *arguments], stdout=DEVNULL, check=True)
                into.append(time.perf_counter() - begun)
        ratio = median(ours) / median(theirs)
        rows.append(beside(f"gdsim {option} beside importing numpy", ours, theirs, ratio, 1.3))
    return rows


def gdsim(name):
    return ["-m", "gdsim", "run", name]


def names():
    listed = run([sys.executable, "-m", "gdsim", "list", "--json"], capture_output=True, text=True, check=True).stdout
    return [each["name"] for each in json.loads(listed)]
