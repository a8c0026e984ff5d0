"""Where an instructor keeps panels closed, the others take their room."""

from itertools import combinations

import pytest
from driving import running
from textual.geometry import Size

from gdsim.scenario.library import resolve
from gdsim.scenario.load import Opening
from gdsim.tui.arrangement import PANELS, arranged
from gdsim.tui.panels.part import Panel

SUBSETS = [frozenset(some) for count in range(5) for some in combinations(PANELS, count)]


@pytest.mark.parametrize("size", [(80, 24), (80, 40), (120, 30), (120, 40)])
def test_every_open_panel_takes_a_rectangle(size):
    """Whatever is closed, each cell of the grid belongs to an open panel, and the cells of a panel form a rectangle."""
    for closed in SUBSETS:
        panels = [name for name in PANELS if name not in closed]
        areas, columns, rows = arranged(panels, Size(*size))
        assert len(columns.split()) == max(1, len(areas[0]))
        assert len(rows.split()) == len(areas)
        assert len({len(row) for row in areas}) == 1
        letters = set("".join(areas))
        left_out = {"l"} if size[1] < 32 and "chart" in panels else set()
        assert letters == {name[0] for name in panels} - left_out
        for letter in letters:
            stretches = {(row.index(letter), row.rindex(letter)) for row in areas if letter in row}
            assert len(stretches) == 1, (closed, letter)
            assert "".join("x" if letter in row else " " for row in areas).strip().count(" ") == 0


def test_a_low_screen_has_one_chart():
    """The second chart is shown where it is the only one open, and not beside the first."""
    assert arranged({"chart", "equation", "loss"}, Size(120, 30)).areas == ("ce",)
    assert arranged({"equation", "loss", "parameters"}, Size(120, 30)).areas == ("el", "pp")


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
