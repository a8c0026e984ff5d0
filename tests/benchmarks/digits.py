"""How well the bundled digit scenarios read unseen digits, from ten random starts each.

Run by ``python -m tests.benchmarks.digits``; two minutes on two cores.

A seed decides the starting weights, the order of samples, and which digits are held out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from time import perf_counter

from gdsim.scenario.build import build
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.timeline.timeline import Timeline

GOALS = {"digits": 0.93, "digits-wider": 0.98}
"""The part of unseen digits each scenario is to read rightly."""

SEEDS = range(10)


def finished(name: str, seed: int) -> tuple[float, float, float]:
    """Return accuracy on seen and on unseen digits at the end of a run, and the seconds it took."""
    begun = perf_counter()
    run = build(load_file(resolve(name), overrides=(("seed", seed),)))
    timeline = Timeline(run)
    timeline.reach(run.stop.max_updates)
    score = run.model.score(timeline.state(timeline.last).theta)
    return score.accuracy or 0.0, score.test_accuracy or 0.0, perf_counter() - begun


def table() -> Iterator[str]:
    """Yield the table's lines as they are known."""
    for name, goal in GOALS.items():
        yield f"{name}: goal {goal:.0%} on unseen digits"
        yield "seed  learnt from  unseen  seconds"
        reached, unseens = 0, []
        for seed in SEEDS:
            seen, unseen, seconds = finished(name, seed)
            reached += unseen >= goal
            unseens.append(unseen)
            yield f"{seed:>4}  {seen:>11.1%}  {unseen:>6.1%}  {seconds:>7.1f}"
        yield f"{reached} of {len(SEEDS)} reach the goal; from {min(unseens):.1%} to {max(unseens):.1%}\n"


def main() -> None:
    for line in table():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
