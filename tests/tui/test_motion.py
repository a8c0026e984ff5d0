"""What moves by itself: the pulse of a phase along the edges of a network, for a moment after a key."""

import asyncio

import pytest
from driving import press, running, text_of, until

from gdsim.tui.panels.chart import ChartPanel


async def pulses(app, pilot):
    """Return where the pulse is at once, and where it comes to rest."""
    panel = app.screen.query_one("#chart", ChartPanel)
    first = panel.pulse, text_of(panel)
    await asyncio.sleep(0.3)
    await until(pilot, lambda: panel.pulse >= 1.0)
    return first, (panel.pulse, text_of(panel))


@pytest.mark.parametrize("has_motion", [True, False])
async def test_the_pulse_moves_for_a_moment_after_a_phase(has_motion):
    """After `.` it sets out at the beginning of the edges and comes to rest at their end; without motion it rests."""
    async with running("mazur", has_motion=has_motion) as (app, pilot):
        await press(pilot, ".")
        (first, drawn), (last, then) = await pulses(app, pilot)
        assert last == pytest.approx(1.0)
        assert (first < 0.7, drawn != then) == (has_motion, has_motion)


async def test_nothing_moves_after_a_whole_update():
    """`space` shows no phase: there is no direction to show."""
    async with running("mazur") as (app, pilot):
        await press(pilot, "space")
        (first, drawn), (_last, then) = await pulses(app, pilot)
        assert (first, drawn) == (1.0, then)
