"""Lines of text in their frames: put together by us, the same as Textual puts them together."""

import pytest
from textual.geometry import Region
from textual.widget import Widget

from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.tui.app import GdsimApp, Options
from gdsim.tui.lines import Lines

KEYS = ("space", "full_stop", "tab", "z", "z", "v", "w", "escape", "left", "space", "right_square_bracket", "end")


def cells(strips):
    """Each line as single characters with their looks."""
    return [[(character, style) for text, style, _ in strip for character in text] for strip in strips]


def assert_same(app):
    for lines in app.screen.query(Lines):
        if lines.is_on_screen and lines.outer_size:
            whole = Region(0, 0, *lines.outer_size)
            ours = cells(lines.render_lines(whole))
            lines._styles_cache.clear()
            assert ours == cells(Widget.render_lines(lines, whole)), lines.id
            inner = whole.shrink((1, 1, 1, 1))
            if inner:
                assert cells(lines.render_lines(inner)) == cells(Widget.render_lines(lines, inner)), lines.id


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("mountain-descent", {}),
        ("learning-rates", {"theme": "light"}),
        ("digits", {"ascii_only": True}),
        ("quadratic-fit", {"is_without_color": True}),
        ("perceptron", {"theme": "terminal"}),
    ],
)
async def test_a_line_is_framed_as_textual_frames_it(name, options, size):
    """After every key each line has the characters and looks that Textual's own way gives it."""
    app = GdsimApp(load_file(resolve(name)), Options(**options))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert_same(app)
        for key in KEYS:
            await pilot.press(key)
            await pilot.pause()
            assert_same(app)


async def test_a_change_of_theme_is_taken_up():
    """Lines put together before take the colours of a theme chosen later."""
    app = GdsimApp(load_file(resolve("backprop")), Options(at=2))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        before = cells(app.screen.query_one("#parameters").render_lines(Region(0, 0, 20, 4)))
        for theme in ("light", "colour-blind", "terminal", "dark"):
            app._use(theme)
            await pilot.pause()
            assert_same(app)
        assert cells(app.screen.query_one("#parameters").render_lines(Region(0, 0, 20, 4))) == before
