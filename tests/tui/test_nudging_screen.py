"""Nudging on the screen: x one weight, X all of them, in chart, table and equations."""

import pytest
from driving import open_names, press, running, text_of

from gdsim.tui.panels.chart import ChartPanel
from gdsim.tui.panels.equation import EquationPanel
from gdsim.tui.panels.parameters import ParameterPanel


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_one_weight_then_all(size):
    """x shows the first weight with both gradients (hand: 0.0274741) and counts 2 passes; X the other 16, 34 passes."""
    async with running("nudge-every-weight", size=size) as (app, pilot):
        await press(pilot, "x")
        page, table = app.screen.query_one(EquationPanel), app.screen.query_one(ParameterPanel)
        assert page.border_title == "1 of 17 nudged"
        assert text_of(page).count("+0.0274741") == 2
        assert " took 2 " in text_of(page).replace("\n", " ")
        assert "▸w¹₁₁" in text_of(table)
        await press(pilot, "X")
        assert page.border_title == "17 of 17 nudged"
        assert "34" in text_of(page)
        assert "▸b²₂" in text_of(table)
        assert {"nudge", "nudge-all"}.isdisjoint(open_names(app))
        await press(pilot, "space")
        assert "nudged" not in page.border_title


async def test_the_chart_shows_both_gradients_weight_by_weight():
    """The chart beside names both ways once something is nudged."""
    async with running("nudge-every-weight") as (app, pilot):
        chart = app.screen.query_one("#loss", ChartPanel)
        assert chart.shown == "nudges"
        assert "nothing nudged yet: x nudges one, X all" in text_of(chart)
        await press(pilot, "x", "x")
        assert "by nudging" in text_of(chart)
        assert "backpropagation" in text_of(chart)


async def test_two_variables_are_nudged_one_after_another():
    """A view with two nudged elements follows one with one: they are told apart without comparing arrays."""
    async with running("steepest-ascent") as (app, pilot):
        await press(pilot, "x", "x")
        # The gradient at the start is exactly (3, 1) (digits).
        assert app.screen.session.nudging.nudges.slopes == pytest.approx([3.0, 1.0])
