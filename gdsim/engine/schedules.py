"""Learning rate schedules, as a table: one function and one entry each.

In formulas η is the learning rate in the file, t the number of updates done before. Sources: Robbins & Monro 1951
(inverse-time), Loshchilov & Hutter 2017 (cosine, without restarts), Goyal et al. 2017 (warm-up).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import cos, isfinite, pi
from typing import NamedTuple

Options = Mapping[str, float]


class ScheduleKind(NamedTuple):
    """A schedule: its name, its formula, its options with their defaults (None: must be given), and its rate."""

    name: str
    formula: str
    options: Mapping[str, float | None]
    rate: Callable[[float, int, Options], float]

    @property
    def usage(self) -> str:
        """How the schedule is written in words, optional parts in brackets: ``step EVERY [FACTOR]``."""
        words = (name.upper() if default is None else f"[{name.upper()}]" for name, default in self.options.items())
        return " ".join((self.name, *words))


class Schedule(NamedTuple):
    """A schedule with its options filled in."""

    kind: ScheduleKind
    options: Options

    def rate(self, eta: float, done: int) -> float:
        """Return the learning rate of the update after `done` others, where the file says `eta`."""
        return self.kind.rate(eta, done, self.options)


def make_schedule(name: str, options: Options) -> Schedule:
    """Return the schedule called `name`; missing options take their defaults."""
    kind = SCHEDULES[name]
    return Schedule(kind, {key: value for key, value in {**kind.options, **options}.items() if value is not None})


def schedule_of(words: str) -> Schedule:
    """Return the schedule written in words: its kind, then its options in their order, such as ``step 50 0.5``.

    Raises ValueError that says what is expected.
    """
    name, *texts = words.replace("−", "-").split() or [""]
    kind = SCHEDULES.get(name)
    if kind is None:
        raise ValueError(", ".join(schedule.usage for schedule in SCHEDULES.values()))
    try:
        options = dict(zip(kind.options, map(float, texts), strict=False))
    except ValueError:
        options = {}
    is_whole = len(options) == len(texts) and all(
        name in options or default is not None for name, default in kind.options.items()
    )
    if not is_whole or not all(_is_allowed(*option) for option in options.items()):
        raise ValueError(kind.usage)
    return make_schedule(name, options)


def _is_allowed(option: str, value: float) -> bool:
    """Whether an option may have a value: finite and positive, or 0 for `low`; whole if it counts updates."""
    return (
        isfinite(value) and (value >= 0 if option == "low" else value > 0) and (option not in COUNTS or value % 1 == 0)
    )


def _part(t: int, o: Options) -> float:
    """Return the part of the schedule that is over, from 0 to 1."""
    return min(t / o["updates"], 1.0)


SCHEDULES: Mapping[str, ScheduleKind] = {
    kind.name: kind
    for kind in (
        ScheduleKind("constant", "η", {}, lambda eta, _t, _o: eta),
        ScheduleKind(
            "step",
            "η·factor^⌊t/every⌋",
            {"every": None, "factor": 0.5},
            lambda eta, t, o: eta * o["factor"] ** (t // o["every"]),
        ),
        ScheduleKind("exponential", "η·factorᵗ", {"factor": None}, lambda eta, t, o: eta * o["factor"] ** t),
        ScheduleKind("inverse-time", "η/(1 + decay·t)", {"decay": None}, lambda eta, t, o: eta / (1 + o["decay"] * t)),
        ScheduleKind(
            "cosine",
            "low + (η − low)·(1 + cos(π·t/updates))/2",
            {"updates": None, "low": 0.0},
            lambda eta, t, o: o["low"] + (eta - o["low"]) * (1 + cos(pi * _part(t, o))) / 2,
        ),
        ScheduleKind(
            "linear",
            "η + (low − η)·t/updates",
            {"updates": None, "low": 0.0},
            lambda eta, t, o: eta + (o["low"] - eta) * _part(t, o),
        ),
        ScheduleKind(
            "warmup", "η·(t + 1)/updates, at most η", {"updates": None}, lambda eta, t, o: eta * _part(t + 1, o)
        ),
    )
}

COUNTS = ("every", "updates")
"""Options that count updates."""

SCHEDULE_OPTIONS = tuple(dict.fromkeys(option for kind in SCHEDULES.values() for option in kind.options))
"""Options of all schedules."""
