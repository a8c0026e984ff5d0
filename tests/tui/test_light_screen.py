"""Changed lines passed on by themselves: the same cells as the whole screen put together has there."""

import pytest

from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.tui.app import GdsimApp, Options
from gdsim.tui.light_screen import LightScreen
from gdsim.tui.screens.run import RunScreen

KEYS = (
    "space",
    "space",
    "full_stop",
    "v",
    "tab",
    "w",
    "escape",
    "left",
    "right_square_bracket",
    "space",
    "z",
    "z",
    "end",
)


def cells(strip):
    return [(character, style) for text, style, _ in strip for character in text]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("name", ["mountain-descent", "learning-rates", "digits", "perceptron-xor"])
async def test_lines_by_themselves_show_what_the_screen_shows(name, size, monkeypatch):
    """They cover all that changed, and each cell is the one Textual would show there, under toasts and sheets too."""
    alone, faults = [], []
    refresh = LightScreen._compositor_refresh

    def compared(screen):
        changed, placed = set(screen._compositor._dirty_regions), screen.changed_lines()
        if placed is not None:
            alone.append(placed)
            whole = screen._compositor.render_strips()
            covered = set()
            for x, y, strip in placed.lines:
                covered |= {(column, y) for column in range(x, x + strip.cell_length)}
                if cells(strip) != cells(whole[y].crop(x, x + strip.cell_length)):
                    faults.append((x, y, strip.text))
            wanted = {(x, y) for region in changed for x in region.column_range for y in region.line_range}
            faults.extend(wanted - covered)
        refresh(screen)

    monkeypatch.setattr(RunScreen, "_compositor_refresh", compared)
    app = GdsimApp(load_file(resolve(name)), Options())
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        for key in KEYS:
            await pilot.press(key)
            await pilot.pause()
        app.notify("\n".join(["something else lies over the panels"] * size[1]), timeout=600)
        for _ in range(3):
            await pilot.press("left")
            await pilot.pause()
    assert not faults
    assert len(alone) >= 3
