"""Numbers of a table: medians, high percentiles, and one row."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One goal: what was measured, ours and the peer's as texts, the figure that is judged, and the goal in words."""

    what: str
    ours: str
    peer: str
    figure: str
    goal: str
    is_met: bool


def percentile(values, part):
    """Return the value that `part` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def median(values):
    return percentile(values, 0.5)


def milliseconds(seconds):
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"
