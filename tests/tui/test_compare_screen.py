"""Compared runs on the screen: in charts, legend, table and status, at any size."""

import re

import pytest
from driving import arrive, open_names, press, running, text_of

from gdsim.timeline.position import Position
from gdsim.tui.panels.parameters import ParameterPanel


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_run_has_its_row_with_label_and_mark(size):
    """The table names all five learning rates, with x of each after one update (hand: 2 + 2·(1 − 2η))."""
    async with running("learning-rates", at=1, size=size) as (app, _pilot):
        shown = text_of(app.screen.query_one(ParameterPanel))
        for mark, label, x in (
            ("A", "η = 0.01 crawls", "3.960000"),
            ("B", "η = 0.5 lands at once", "2.000000"),
            ("C", "η = 1 bounces", "0.000000"),
            ("D", "η = 1.05 diverges", "−0.200000"),
        ):
            (row,) = [line for line in shown.splitlines() if f" {mark} x" in line]
            assert x in row
            assert label in shown


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_legend_names_every_run(size):
    """Both charts of a wide screen, and the one of a narrow screen, name every run that is compared."""
    async with running("learning-rates", at=1, size=size) as (app, _pilot):
        for panel in app.screen.query("ChartPanel"):
            if panel.is_on_screen and panel.content_size.height:
                shown = text_of(panel)
                for label in ("A η = 0.01 crawls", "B η = 0.5 lands at once", "C η = 1 bounces", "D η = 1.05 div"):
                    assert label in shown, (panel.id, label)


async def test_the_others_go_on_after_the_end():
    """end goes to the end of the main run, end again to that of the last run; ← leads back."""
    async with running("learning-rates") as (app, pilot):
        await press(pilot, "end")
        await arrive(pilot)
        assert (app.screen.session.position, app.screen.session.extra_updates) == (Position(59), 0)
        await press(pilot, "space", "full_stop")
        assert app.screen.session.clock == 61
        assert "others at update 61" in text_of(app.screen.query_one("#status"))
        await press(pilot, "left", "comma")
        assert app.screen.session.extra_updates == 0
        await press(pilot, "end")
        await arrive(pilot)
        assert app.screen.session.clock == 1300
        assert "next" not in open_names(app)
        assert "D η = 1.05 diverges · stopped: diverged" in text_of(app.screen.query_one(ParameterPanel))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_all_end_points_of_two_valleys_are_shown(size):
    """At the very end every walker's letter is on the hill, also where two are in one valley."""
    async with running("local-minima", size=size) as (app, pilot):
        await press(pilot, "end", "end")
        await pilot.pause(0.3)
        hill = re.findall("[│┤].*", text_of(app.screen.query_one("#chart")))
        assert set("ABC◉abcs") <= set("".join(hill))


async def test_published_figures_are_marked_in_the_table():
    """The three changes and weights the text prints are marked as matched."""
    async with running("admissions-neuron", at=1) as (app, _pilot):
        rows = text_of(app.screen.query_one(ParameterPanel)).splitlines()
        (first,) = [row for row in rows if row.startswith(" w1")]
        assert first.count("✓") == 2
