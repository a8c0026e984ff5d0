"""Changed lines passed on by themselves: the terminal shows what the whole screen put together would be."""

import asyncio

import pytest
from driving import press

from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.tui.app import GdsimApp, Options
from gdsim.tui.cells import Row, row_of
from gdsim.tui.lines import Lines
from gdsim.tui.updates import Placed, placed_lines

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


def cells(line, depth):
    return (line if isinstance(line, Row) else row_of(line, depth)).cells


class Shown(GdsimApp):
    """An app whose terminal is a grid of cells; counts the times lines came by themselves."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.grid, self.by_themselves = {}, 0

    @property
    def takes_lines(self):
        return bool(self.grid)

    def _display(self, screen, update):
        if update is None:
            return
        self.by_themselves += isinstance(update, Placed)
        _is_whole, lines = placed_lines(update)
        for x, y, line in lines:
            self.grid.update({(x + column, y): cell for column, cell in enumerate(cells(line, self.color_depth))})

    async def wrong_in_the_end(self):
        """The same once the screen has come to rest; a frame is due a moment after what it shows has changed."""
        for _ in range(100):
            if not self.wrong():
                break
            await asyncio.sleep(0.05)
        return self.wrong()

    def wrong(self):
        """The places at which the terminal shows anything but the screen."""
        for lines in self.screen.query(Lines):
            lines._forget_composed()
            lines._styles_cache.clear()
        rows = self.screen._compositor.render_strips()
        wanted = {(x, y): cell for y, strip in enumerate(rows) for x, cell in enumerate(cells(strip, self.color_depth))}
        return [place for place in wanted if self.grid.get(place) != wanted[place]]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize(
    ("name", "ascii_only"),
    [
        ("mountain-descent", False),
        ("mountain-descent", True),
        ("learning-rates", False),
        ("digits", False),
        ("perceptron-xor", False),
    ],
)
async def test_the_terminal_shows_the_screen(name, ascii_only, size):
    """After each key every cell is as Textual would show it, under sheets and notices too."""
    app = Shown(load_file(resolve(name)), Options(ascii_only=ascii_only))
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        for key in KEYS:
            await press(pilot, key)
            assert not await app.wrong_in_the_end(), key
        assert app.by_themselves >= 5
        app.notify("\n".join(["something lies over the panels"] * size[1]), timeout=600)
        for key in ("left", "left", "full_stop"):
            await press(pilot, key)
            assert not await app.wrong_in_the_end(), key
