"""The digits on screen: choosing what is looked at, going on by epochs, and a check that no key waits for."""

import pytest
from driving import arrive, press, running, text_of, until

from gdsim.tui.panels.parameters import ParameterPanel


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 50)])
async def test_the_first_screen_shows_the_digit_and_its_answers(size, ascii_only):
    """Picture, ten outputs and which is right, at any size; nothing but ASCII where that is asked for."""
    async with running("digits", at=3, ascii_only=ascii_only, size=size) as (app, _pilot):
        shown = text_of(app.screen.query_one("#chart"))
        assert "of 1438, learnt from" in str(app.screen.query_one("#chart").border_title)
        assert "update 0" in shown
        assert "now" in shown
        assert shown.count("[") == 1
        assert all(f" {digit} " in shown or f"[{digit}]" in shown for digit in range(10))
        assert shown.isascii() is ascii_only


async def test_arrows_choose_an_unseen_digit():
    """Down goes to the first unseen digit and on, up comes back; stepping on keeps the digit chosen."""
    async with running("digits") as (app, pilot):
        await press(pilot, "tab", "down", "down", "space")
        assert "unseen sample 2 of 359" in str(app.screen.query_one("#chart").border_title)
        await press(pilot, "up", "up")
        assert "learnt from" in str(app.screen.query_one("#chart").border_title)


async def test_right_finds_a_wrong_answer():
    """The digit found is one the network of the moment answers wrongly."""
    async with running("digits", at=300) as (app, pilot):
        await arrive(pilot)
        await press(pilot, "tab", "right")
        (verdicts,) = (line for line in text_of(app.screen.query_one("#chart")).splitlines() if "✗" in line)
        assert verdicts.rstrip().endswith("✗")
        assert app.screen.session.focus.picked is not None


async def test_arrows_choose_a_neuron_and_the_equations_follow():
    """v until one neuron is shown, then down: neuron 1, 2, 3 of the first layer; the equation shows its numbers."""
    async with running("digits") as (app, pilot):
        await press(pilot, "v", "v")
        await press(pilot, "full_stop", "tab", "down", "down", "right")
        assert str(app.screen.query_one("#chart").border_title).startswith("neuron 3 of 20")
        assert app.screen.session.focus.unit == 2
        assert "z¹₃" in text_of(app.screen.query_one("#equation"))


async def test_a_gallery_shows_all_neurons_of_the_first_layer():
    """One v from the picture: twenty small pictures of weights, with their names; arrows choose one of them."""
    async with running("digits") as (app, pilot):
        await press(pilot, "v", "tab", "right", "right")
        shown = text_of(app.screen.query_one("#chart"))
        assert all(f"a¹{name}" in shown for name in ("₁", "₉", "₁₀", "₂₀"))
        assert "▸a¹₂" in shown
        assert "raises z" in shown


async def test_m_goes_to_the_next_epoch():
    """An epoch is 144 updates of ten; its accuracy on seen and unseen digits is on the chart and in the status line."""
    async with running("digits") as (app, pilot):
        await press(pilot, "m")
        await arrive(pilot)
        assert app.screen.session.position.update == 144
        assert "unseen" in text_of(app.screen.query_one("#status"))
        assert "unseen" in text_of(app.screen.query_one("#loss"))


async def test_the_table_scrolls_through_all_parameters():
    """16 330 rows: the last one is reached by scrolling."""
    async with running("digits") as (app, pilot):
        table = app.screen.query_one(ParameterPanel)
        table.top = 20_000
        await pilot.pause()
        assert "b³₁₀" in text_of(table)


async def test_the_gradient_indicator_of_a_large_model_comes_by_itself():
    """No key waits for the gradient check of 16 330 parameters; the indicator tells a moment later."""
    async with running("digits") as (app, pilot):
        await press(pilot, "space")
        await until(pilot, lambda: "gradient ✓" in text_of(app.screen.query_one("#title")))


async def test_a_long_table_begins_with_what_changes_most():
    """After an update a line a block stands on top and the largest change first; O sorts by name."""
    async with running("digits") as (app, pilot):
        await press(pilot, "space")
        table = app.screen.query_one(ParameterPanel)
        lines = text_of(table).splitlines()
        assert lines[0].startswith(" W1 20×784 |∂| mean ")
        changes = [abs(float(line.split()[3].replace("−", "-"))) for line in lines[7:]]
        assert changes == sorted(changes, reverse=True)
        assert changes[0] > 0.1
        table.focus()
        await press(pilot, "O")
        assert text_of(table).splitlines()[7].startswith(" w¹₁,₁")
