"""Arrow keys inside the network panel choose; everywhere else they step."""

import pytest
from driving import open_names, press, running, text_of

from gdsim.timeline.position import Position
from gdsim.tui.panels.chart import ChartPanel
from gdsim.tui.panels.equation import EquationPanel
from gdsim.tui.panels.parameters import ParameterPanel


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_arrows_choose_inside_the_network(size):
    """The panel says what is chosen, the table marks it, the equations take its numbers; the run stays where it is."""
    async with running("backprop", size=size) as (app, pilot):
        await press(pilot, "tab", "left", "left", "down")
        panel = app.screen.query_one("#chart", ChartPanel)
        assert panel.has_focus
        assert "w²₁₂ = 0.8" in panel.border_subtitle
        assert app.screen.session.position == Position()
        await press(pilot, "left", "greater_than_sign", *["full_stop"] * 5)  # from the fourth sample to the first
        assert "neuron 2 of layer 1" in panel.border_subtitle
        # δ = ¼·½·½·½ = 0.03125 at the output for the input (0, 0); 0.8 of it comes back to this neuron (hand).
        assert "0.8·0.03125" in text_of(app.screen.query_one(EquationPanel))
        assert "b back" in text_of(app.screen.query_one("#keys"))


async def test_the_table_marks_what_is_chosen():
    """The row of the chosen weight carries a mark."""
    async with running("backprop") as (app, pilot):
        await press(pilot, "tab", "left", "left")
        rows = text_of(app.screen.query_one(ParameterPanel)).splitlines()
        assert [row.split()[0] for row in rows if row.startswith("▸")] == ["▸w²₁₁"]


async def test_arrows_step_outside_the_network():
    """With no panel or another one focused, or another chart in the place, left and right step as ever."""
    async with running("backprop") as (app, pilot):
        await press(pilot, "right", "right", "left")
        assert app.screen.session.position == Position(1)
        await press(pilot, "tab", "v", "right")
        assert app.screen.session.position == Position(2)
        assert "← back" in text_of(app.screen.query_one("#keys"))
        await press(pilot, "tab", "right")
        assert app.screen.session.position == Position(3)


async def test_less_and_greater_take_another_sample_in_hand():
    """XOR's four points at once: > takes the next in hand, in a ring, and the drawing has its inputs."""
    async with running("backprop", at=3) as (app, pilot):
        await press(pilot, "less_than_sign")
        first = app.screen.session.focus.sample
        for step in range(1, 5):
            await press(pilot, "greater_than_sign")
            number = (first + step) % 4
            assert app.screen.session.focus.sample == number
            x = f"(x₁ {number // 2}.", f"(x₂ {number % 2}."
            assert all(each in text_of(app.screen.query_one("#chart")) for each in x)


async def test_a_single_sample_cannot_be_changed():
    """Mazur's network has one sample: the keys do nothing and are not offered."""
    async with running("mazur", at=1) as (app, pilot):
        await press(pilot, "greater_than_sign")
        assert app.screen.session.focus.sample in (None, 0)
        assert "sample-next" not in open_names(app)
