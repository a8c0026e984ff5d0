"""``python -m tests.benchmarks [NAME …]``: one table of ours beside peers; exits 1 when a goal is missed.

Without names all but the workshop (``serve``) and the digits, which take minutes of their own.
"""

import sys
import time

from tests.benchmarks import charts, computing, diagnosis, screen, serve

MEASURES = {
    "start": screen.start,
    "imports": screen.imports,
    "keys": screen.keys,
    "charts": charts.charts,
    "idle": screen.idle,
    "speed": computing.speed,
    "history": computing.history,
    "memory": computing.memory,
    "diagnose": diagnosis.diagnosing,
    "digits": computing.digits,
    "serve": serve.serve,
}
APART = ("digits", "serve")
HEAD = ("what", "ours", "peer", "ratio", "goal", "met")


def main(names):
    """Measure, print the table as it comes, and return the exit status."""
    begun, missed = time.perf_counter(), 0
    line = "{:<58} {:>14} {:>22} {:>8} {:>10}  {}".format
    print(line(*HEAD))
    for name in names or [name for name in MEASURES if name not in APART]:
        for row in MEASURES[name]():
            missed += not row.is_met
            met = "yes" if row.is_met else "NO"
            print(line(row.what, row.ours, row.peer, row.figure, row.goal, met), flush=True)
    print(f"{missed} missed; measured in {time.perf_counter() - begun:.0f} s")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
