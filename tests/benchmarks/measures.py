"""Numbers of a table: medians, high percentiles, and its rows."""

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


def at_most(what, value, most=None, peer="", figure="", shown=milliseconds):
    """Return the row of a value that is to be no larger than `most`; without it there is nothing to be met."""
    goal = "" if most is None else f"≤ {shown(most)}"
    return Row(what, shown(value), peer, figure, goal, most is None or value <= most)


def beside(what, ours, theirs, ratio, most):
    """Return the row of the middle one of some seconds beside a peer's; their ratio is to be no larger than `most`."""
    return Row(
        what, milliseconds(median(ours)), milliseconds(median(theirs)), f"{ratio:.2f} ×", f"≤ {most:g} ×", ratio <= most
    )


def told(what, text):
    """Return a row of what is there to be known."""
    return Row(what, text, "", "", "", True)
