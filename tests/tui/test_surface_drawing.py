"""Surfaces in three dimensions: what is seen from where, what is hidden, and what lies on them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdsim.charts.chart import Axis, Chart, Field, Role, line, points
from gdsim.charts.table import CHARTS
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session
from gdsim.tui.drawing import draw
from gdsim.tui.palettes import MARKS, PALETTES

ACROSS = np.linspace(-1, 1, 41)
RIDGE = np.exp(-40 * ACROSS[:, np.newaxis] ** 2) + np.zeros((1, 41))
"""A wall along x, in the middle of y."""


def chart(values, *series, turn: int = 0, tilt: int = 20) -> Chart:
    field = Field(-1.0, 1.0, -1.0, 1.0, np.asarray(values, dtype=float), "height")
    return Chart("", Axis("x"), Axis("y"), (field, *series), (turn, tilt))


def rows(
    drawn: Chart, palette: str = "none", size: tuple[int, int] = (60, 20), *, ascii_only: bool = False
) -> list[str]:
    return [strip.text for strip in draw(drawn, *size, PALETTES[palette], ascii_only=ascii_only)]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 90),
    st.integers(1, 30),
    st.sampled_from(sorted(PALETTES)),
    st.booleans(),
    st.integers(0, 359),
    st.integers(10, 80),
    st.sampled_from([0.0, 1.0, np.nan, np.inf]),
)
def test_any_surface_fills_its_place(width, height, palette, ascii_only, turn, tilt, odd) -> None:
    """At any size and angle there are as many rows and cells as asked for; heights that are no numbers are left out."""
    drawn = chart([[0.0, odd], [2.0, 1e300]], points(Role.CURRENT, 0.5, 0.5), turn=turn, tilt=tilt)
    strips = draw(drawn, width, height, PALETTES[palette], ascii_only=ascii_only)
    assert [strip.cell_length for strip in strips] == [width] * height
    assert not ascii_only or "".join(strip.text for strip in strips).isascii()


@pytest.mark.parametrize(("turn", "is_seen"), [(0, True), (180, False)])
def test_what_lies_behind_a_ridge_is_hidden(turn: int, is_seen: bool) -> None:
    """A point at the foot of a ridge is seen from its own side, and not from the other."""
    drawn = chart(RIDGE, points(Role.CURRENT, 0.0, -0.3), turn=turn)
    below_legend = rows(drawn)[1:]
    assert (MARKS[Role.CURRENT].unicode in "".join(below_legend)) == is_seen


def test_walks_lie_on_the_surface_in_their_own_marks() -> None:
    """Lines are seen in ASCII as their marks, in colour as dots of their colour, a cell or two apart."""
    walk = line(Role.COMPARE, [-0.9, 0.9], [-0.5, -0.5], "momentum", "A")
    assert sum(row.count("A") for row in rows(chart(RIDGE, walk), ascii_only=True)) > 20
    strips = draw(chart(RIDGE, walk), 60, 20, PALETTES["dark"])
    color = PALETTES["dark"].of(Role.COMPARE).color
    assert sum(len(segment.text) for strip in strips[2:] for segment in strip if segment.style.color == color) > 15


def test_tilted_up_more_of_the_surface_shows() -> None:
    """From nearly above the ground takes more rows than from the side."""
    flat = np.zeros((5, 5))
    from_the_side, from_above = ("".join(rows(chart(flat, tilt=tilt))) for tilt in (10, 80))
    assert from_above.count("·") > from_the_side.count("·") > 0


@pytest.mark.parametrize("corner", ["(−1, −1)", "(1, −1)"])
def test_corners_in_front_are_named(corner: str) -> None:
    """The corners nearest to the eye have their coordinates, in the signs of the other charts."""
    assert corner in "".join(rows(chart(RIDGE, turn=10)))


def test_arrow_keys_turn_and_tilt_the_mountain() -> None:
    """Left and right turn in a ring, up and down tilt within limits, and each angle looks different."""
    view, kind = Session.open(load_file(resolve("racing-balls"))).after(10).view, CHARTS["surface-3d"]
    assert kind.choose(view, 0, -99).tilt == 80
    assert kind.choose(view, 0, 99).tilt == 10
    assert kind.choose(view, 24, 0).turn == view.focus.turn
    pictures = set()
    for right, down in ((0, 0), (1, 0), (0, 1)):
        drawn = kind.build(replace(view, focus=kind.choose(view, right, down)))
        assert isinstance(drawn, Chart)
        pictures.add("\n".join(rows(drawn)))
    assert len(pictures) == 3


def test_the_whole_race_is_named_on_the_surface() -> None:
    """The main run and the compared ones lie on the surface with their marks, and the legend names all three."""
    drawn = CHARTS["surface-3d"].build(Session.open(load_file(resolve("racing-balls"))).after(10).view)
    assert isinstance(drawn, Chart)
    text = "\n".join(rows(drawn))
    assert all(name in text for name in ("this run", "momentum", "Adam"))
    below_legend = text.split("Adam", 1)[1]
    assert all(mark in below_legend for mark in (MARKS[Role.CURRENT].unicode, "A", "B"))
