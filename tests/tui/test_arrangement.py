"""Where an instructor keeps panels closed, the others take their room."""

from itertools import combinations

import pytest
from driving import running

from gdsim.scenario.library import resolve
from gdsim.scenario.load import Opening
from gdsim.tui.arrangement import PANELS, arranged
from gdsim.tui.panels.part import Panel

SUBSETS = [frozenset(some) for count in range(5) for some in combinations(PANELS, count)]


def cells(arrangement):
    """The cells of the grid each panel takes when they fill it in order, row by row, each where it first fits."""
    taken, width = {}, len(arrangement.columns)
    for name in arrangement.panels:
        across, down = arrangement.spans.get(name, (1, 1))
        places = ((row, column) for row in range(9) for column in range(width - across + 1))
        spot = next(
            block
            for row, column in places
            if not set(block := [(row + i, column + j) for i in range(down) for j in range(across)]) & set(taken)
        )
        taken |= dict.fromkeys(spot, name)
    return taken


@pytest.mark.parametrize("is_wide", [True, False])
@pytest.mark.parametrize("is_tall", [True, False])
def test_no_cell_is_left_empty(is_wide, is_tall):
    """Whatever is closed, the open panels fill the grid exactly."""
    for closed in SUBSETS:
        arrangement = arranged(closed, is_wide=is_wide, is_tall=is_tall)
        if arrangement.panels:
            grid = {(r, c) for r in range(len(arrangement.rows)) for c in range(len(arrangement.columns))}
            assert set(cells(arrangement)) == grid, closed
        assert not closed & set(arrangement.panels)


def test_a_low_screen_has_one_chart():
    """The second chart is shown where it is the only one open, and not beside the first."""
    assert "loss" not in arranged({"parameters"}, is_wide=True, is_tall=False).panels
    assert "loss" in arranged({"chart"}, is_wide=True, is_tall=False).panels


@pytest.mark.parametrize("size", [(80, 24), (80, 40), (120, 30), (120, 40)])
@pytest.mark.parametrize("closed", [s for s in SUBSETS if 0 < len(s) < 4], ids=lambda s: "-".join(sorted(s)))
async def test_open_panels_cover_the_screen(size, closed):
    """Drawn, they cover the room between title and position bar, and none lies over another."""
    opening = Opening(hide=tuple(closed))
    async with running(opening.read(resolve("perceptron")), opening=opening, size=size) as (app, _pilot):
        shown = [panel for panel in app.screen.query(Panel) if panel.is_on_screen and panel.display]
        room = app.screen.query_one("#panels").region
        assert sum(panel.region.area for panel in shown) == room.area
        assert all(room.contains_region(panel.region) for panel in shown)
        assert not closed & {panel.id for panel in shown}


async def test_a_change_of_size_and_of_the_file_arranges_anew(tmp_path):
    """A window made smaller gets another grid; panels that the file opens again come back."""
    path = tmp_path / "p.toml"
    text = resolve("perceptron").read_text(encoding="utf-8")
    hidden = text.replace("[show]", '[show]\nhide = ["equation"]') if "[show]" in text else None
    assert hidden
    path.write_text(hidden, encoding="utf-8")
    async with running(Opening().read(path)) as (app, pilot):
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        room = app.screen.query_one("#panels").region
        assert app.screen.query_one("#chart").region.width == room.width
        path.write_text(text, encoding="utf-8")
        await pilot.press("R")
        await pilot.pause()
        assert app.screen.query_one("#equation").display
        assert (
            app.screen.query_one("#equation").region.width + app.screen.query_one("#chart").region.width == room.width
        )
