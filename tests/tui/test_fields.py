"""What a field shows beneath a chart: its colours or shades, level lines, and marks that stand out from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from itertools import chain, pairwise, product

import numpy as np
import pytest
from driving import running
from rich.color import Color, ColorSystem
from rich.style import Style
from textual.strip import Strip

from gdsim.charts.chart import Axis, Chart, Confusion, Field, Role, Series, arrow, line, point, points
from gdsim.charts.table import CHARTS
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session
from gdsim.tui.drawing import draw
from gdsim.tui.eight_bit import downgraded, oklab
from gdsim.tui.palettes import IN_EIGHT_BIT, MARKS, PALETTES, Palette
from gdsim.tui.panels.chart import ChartPanel
from gdsim.tui.themes import THEMES

NAMES = ["dark", "light", "colour-blind"]
HILL = np.exp(-3 * (np.linspace(-1, 1, 41)[:, np.newaxis] ** 2 + np.linspace(-1, 1, 41) ** 2))
ON_HEIGHTS = (Role.PATH, Role.CURRENT, Role.NEXT, Role.TANGENT, Role.LOWEST, Role.COMPARE, Role.COMPARE_2)
ON_REGIONS = (Role.DATA, Role.DATA_ALT, Role.CURRENT, Role.BOUNDARY, Role.COMPARE, Role.COMPARE_2)


def shown(color: str) -> tuple[int, int, int]:
    """Return a colour as a terminal of 256 colours shows it."""
    return downgraded(Color.parse(color), ColorSystem.EIGHT_BIT).get_truecolor()


def lightness(color: str) -> float:
    return float(oklab(Color.parse(color).get_truecolor())[0])


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colours' luminances as WCAG 2 defines it: 1 to 21."""
    low, high = sorted(luminance(each) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(color: str) -> float:
    parts = np.array(Color.parse(color).get_truecolor()) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def chart(*layers: object, angles: tuple[int, int] | None = None) -> Chart:
    field = Field(0.0, 10.0, 0.0, 10.0, HILL, "height")
    return Chart("", Axis("x", 0.0, 10.0), Axis("y", 0.0, 10.0), (field, *layers), angles)  # type: ignore[arg-type]


def rows(drawn: Chart, palette: Palette = PALETTES["none"], size: tuple[int, int] = (62, 18)) -> list[str]:
    return [strip.text for strip in draw(drawn, *size, palette)]


def looks(strips: list[Strip]) -> list[list[tuple[str, Style]]]:
    """Return character and style of each cell, row by row."""
    return [[(glyph, part.style or Style()) for part in strip for glyph in part.text] for strip in strips]


def used(cells: list[list[tuple[str, Style]]]) -> set[str]:
    """Return the colours of half blocks and grounds in some rows of cells."""
    blocks = [look.color for row in cells for glyph, look in row if glyph in "▀▄" and look.color]
    return {each.name for each in (*blocks, *(look.bgcolor for row in cells for _g, look in row)) if each}


@pytest.mark.parametrize("name", NAMES)
def test_heights_grow_lighter_step_by_step(name: str) -> None:
    """Each colour of the scale is lighter than the one below; 256 colours show each as it is, five of them."""
    for palette in (PALETTES[name], IN_EIGHT_BIT[name]):
        assert all(low < high for low, high in pairwise(map(lightness, palette.heights)))
    fields = IN_EIGHT_BIT[name]
    assert len(fields.heights) == 5
    for color in (*fields.heights, fields.level_line, *(each for side in fields.regions[:2] for each in side)):
        assert shown(color) == Color.parse(color).get_truecolor()


async def test_a_terminal_of_256_colours_gets_their_palette() -> None:
    """The screen takes it in place of the palette of the same name, and that one where colours are mixed."""
    async with running("mountain-surface") as (app, _pilot):
        for depth, wanted in ((ColorSystem.EIGHT_BIT, IN_EIGHT_BIT["dark"]), (ColorSystem.TRUECOLOR, PALETTES["dark"])):
            app.set_color_depth(depth)
            assert app.screen.query_one("#chart", ChartPanel).palette is wanted


@pytest.mark.parametrize("name", NAMES)
def test_a_level_line_has_one_colour_that_no_height_has(name: str) -> None:
    """It differs from all of them in lightness, so that it neither vanishes nor breaks."""
    for palette, least in ((PALETTES[name], 0.05), (IN_EIGHT_BIT[name], 0.08)):
        assert all(abs(lightness(palette.level_line) - lightness(each)) > least for each in palette.heights)
        assert palette.level_line in used(looks(draw(chart(), 62, 18, palette)))


@pytest.mark.parametrize("name", NAMES)
def test_a_surface_in_256_colours_has_those_of_its_legend(name: str) -> None:
    """Nothing but the colours of the scale, that of level lines and that of the walls is on view."""
    palette = IN_EIGHT_BIT[name]
    legend, *surface = looks(draw(chart(angles=(30, 40)), 62, 24, palette))
    assert used([legend]) == set(palette.heights)
    assert len(used(surface) - {*palette.heights, palette.level_line}) == 1


@pytest.mark.parametrize("name", ["dark", "light"])
def test_marks_stand_out_from_every_field(name: str) -> None:
    """What lies on a field has a contrast of 3 : 1 with each of its colours, of 2.4 : 1 in 256 colours."""
    for palette, least in ((PALETTES[name], 2.9), (IN_EIGHT_BIT[name], 2.4)):
        pairs = [*product(ON_HEIGHTS, palette.heights), *product(ON_REGIONS, chain(*palette.regions[:2]))]
        found = {(role, ground): contrast(palette.colors[role], ground) for role, ground in pairs}
        assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


def test_sixteen_colours_on_black_are_no_dark_ones() -> None:
    """Plain red, blue and magenta are faint there, above all in numbers and subscripts."""
    palette, theme = PALETTES["sixteen"], THEMES["terminal"]
    used = {*palette.colors.values(), palette.positive, palette.negative, palette.focus, theme.error}
    assert used.isdisjoint({"black", "red", "blue", "magenta", "ansi_red"})


@pytest.mark.parametrize("name", NAMES)
def test_words_in_frames_can_be_read(name: str) -> None:
    """What stands in a panel's frame has a contrast of 4.5 : 1."""
    theme, sheet = THEMES[name], (files("gdsim.tui") / "gdsim.tcss").read_text("utf-8")
    assert theme.background is not None
    assert contrast(theme.variables["quiet"], theme.background) >= 4.5
    assert re.search(r"^Panel \{.*border-title-color: \$quiet; border-subtitle-color: \$quiet;", sheet, re.M)


@pytest.mark.parametrize("name", NAMES)
def test_counts_of_predictions_can_be_read_and_are_coloured(name: str) -> None:
    """However few or many, their ground is no grey, and words on it have a contrast of 2.4 : 1 or more."""
    words = THEMES[name].foreground
    assert words is not None
    counts = np.array([[99, 1], [60, 40]])
    for palette in (PALETTES[name], IN_EIGHT_BIT[name]):
        cells = looks(draw(Confusion("", ("a", "b"), counts), 42, 10, palette))
        grounds = {look.bgcolor.name for row in cells for glyph, look in row if glyph.isdigit() and look.bgcolor}
        assert len(grounds) >= 3
        assert all(np.hypot(*oklab(Color.parse(each).get_truecolor())[1:]) > 0.03 for each in grounds)
        assert min(contrast(words, each) for each in grounds) >= 2.4


@pytest.mark.parametrize("angles", [None, (30, 40)])
def test_no_level_line_lies_behind_a_mark(angles: tuple[int, int] | None) -> None:
    """The cell of a mark has the colour of the heights around it."""
    palette = PALETTES["dark"]
    places = np.linspace(0, 10, 200)
    cells = looks(draw(chart(points(Role.PATH, places, places), angles=angles), 62, 24, palette))
    behind = {look.bgcolor.name for row in cells[1:] for glyph, look in row if glyph == "•" and look.bgcolor}
    assert behind
    assert palette.level_line not in behind


@pytest.mark.parametrize("name", ["none", "sixteen"])
def test_without_colours_the_lowest_heights_are_no_blank(name: str) -> None:
    """They would look like the cells left free around marks; legend, contour and surface have the same sign."""
    for angles in (None, (30, 40)):
        legend, *inside = rows(chart(angles=angles), PALETTES[name])
        assert "·░▒▓█" in legend
        assert {"·", "█"} <= set("".join(inside))


def test_in_sixteen_colours_both_classes_are_densest_where_they_are_surest() -> None:
    """Each side of a threshold has its class's hue, and is lightest where the two meet."""
    field = Field(0.0, 10.0, 0.0, 10.0, np.linspace(0, 1, 50)[np.newaxis], "output", 0.0, 1.0, 0.5)
    strips = draw(Chart("", Axis("", 0.0, 10.0), Axis("", 0.0, 10.0), (field,)), 63, 13, PALETTES["sixteen"])
    row = [(glyph, look.color.name) for glyph, look in looks(strips)[5] if look.color and glyph in "░▒▓"]
    assert list(dict.fromkeys(row)) == [("▓", "cyan"), ("░", "cyan"), ("░", "yellow"), ("▓", "yellow")]


@pytest.mark.parametrize("names", [(), ("a", "b", "c")])
def test_samples_stand_out_from_regions_in_ascii(names: tuple[str, ...]) -> None:
    """What regions are drawn in is no letter, no digit, and no mark of what lies on them."""
    scale = {"low": 0.0, "high": 1.0, "threshold": 0.5} if not names else {"names": names}
    field = Field(0.0, 10.0, 0.0, 10.0, np.linspace(0, max(1, len(names) - 1), 50)[np.newaxis], "output", **scale)  # type: ignore[arg-type]
    drawn = Chart("", Axis("", 0.0, 10.0), Axis("", 0.0, 10.0), (field,))
    row = draw(drawn, 63, 13, PALETTES["none"], ascii_only=True)[5].text.partition("|")[2]
    ground = set(row)
    assert len(ground) == (len(names) or 4)
    assert not any(sign.isalnum() or sign.isspace() for sign in ground)
    assert ground.isdisjoint(MARKS[role].ascii for role in ON_REGIONS)


def test_a_cell_in_which_two_regions_meet_has_the_colour_of_its_middle() -> None:
    """Beneath a line there is room for one colour: that of the larger part, not always of the lower half."""
    palette = PALETTES["dark"]
    for share, wanted in ((0.4, palette.regions[0]), (0.6, palette.regions[1])):
        # The threshold lies a little above or below y = 5, which is the middle of a row.
        values = np.clip(np.linspace(-5, 5, 101) + share, 0, 1)[:, np.newaxis]
        field = Field(0.0, 10.0, 0.0, 10.0, values, "output", 0.0, 1.0, 0.5)
        mark = points(Role.PATH, 5.0, 5.0)
        strips = draw(Chart("", Axis("", 0.0, 10.0), Axis("", 0.0, 10.0), (field, mark)), 62, 18, palette)
        (ground,) = (look.bgcolor for row in looks(strips)[1:] for glyph, look in row if glyph == "•")
        assert ground is not None
        assert ground.name in wanted


def test_the_shaft_of_an_arrow_is_whole() -> None:
    """It has no gaps, as its sign in the legend has none, though a tangent of the same role is dashed."""
    drawn = Chart(
        "", Axis("", 0.0, 10.0), Axis("", 0.0, 10.0), (arrow(Role.TANGENT, np.array([1, 5]), np.array([8, 5]), "w"),)
    )
    row = next(row for row in rows(drawn)[1:] if "→" in row)
    shaft = row[row.index("⠤") if "⠤" in row else row.index("⠒") : row.index("→")]
    assert len(shaft) > 30
    assert all("\u2800" < glyph <= "\u28ff" for glyph in shaft)


@pytest.mark.parametrize(("head", "sign"), [((-20, 5), "←"), ((30, 5), "→"), ((5, 40), "↑"), ((5, -40), "↓")])
def test_an_arrow_out_of_the_window_ends_in_its_head_at_the_edge(head: tuple[int, int], sign: str) -> None:
    """Without it, a shaft would be a line that nothing explains."""
    drawn = Chart(
        "", Axis("", 0.0, 10.0), Axis("", 0.0, 10.0), (arrow(Role.TANGENT, np.array([5, 5]), np.array(head)),)
    )
    assert sum(row.count(sign) for row in rows(drawn)) == 1


def test_no_run_stands_at_the_head_of_another_runs_arrow() -> None:
    """A letter beside an arrowhead would look like what the arrow belongs to."""
    here = point(Role.COMPARE, np.array([8.0, 5.0]), "momentum", "A")
    drawn = chart(arrow(Role.TANGENT, np.array([1, 5]), np.array([8, 5]), "gradient"), here)
    shown = "\n".join(rows(drawn)[2:])
    assert "→" in shown
    assert "A" in shown
    assert "→A" not in shown
    assert "A→" not in shown


@pytest.mark.parametrize("size", [(38, 10), (40, 11), (62, 18), (86, 27)])
@pytest.mark.parametrize("name", ["bug-hunt-and", "perceptron", "hyperplane", "perceptron-xor"])
def test_the_arrow_of_the_weights_touches_no_sample(name: str, size: tuple[int, int]) -> None:
    """Its head would seem to belong to it; where it starts on the line is free."""
    session = Session.open(load_file(resolve(name)))
    for update in (6, 12, 16):
        drawn = CHARTS["boundary"].build(session.after(update).view)
        assert isinstance(drawn, Chart)
        text = "\n".join(rows(drawn, size=size)[1:])
        assert not re.search("[○×⊚⊗◉][←→↑↓↖↗↘↙]|[←→↑↓↖↗↘↙][○×⊚⊗◉]", text)


@pytest.mark.parametrize("classes", [(Role.DATA, Role.DATA), (Role.DATA, Role.DATA_ALT)])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_no_sample_hides_another(classes: tuple[Role, Role], ascii_only: bool) -> None:
    """Of samples that fall in one cell the later ones stand beside it; the current point hides none but its own."""
    samples = [points(role, [5.0, 5.05, x], [5.0, 5.05, 5.0]) for role, x in zip(classes, (1.0, 5.02), strict=True)]
    now = point(Role.CURRENT, np.array([1.0, 5.0]))
    axes = Axis("", 0.0, 10.0), Axis("", 0.0, 10.0)
    drawn = draw(Chart("", *axes, (*samples, now)), 62, 18, PALETTES["none"], ascii_only=ascii_only)
    shown = "".join(strip.text for strip in drawn)
    assert sum(shown.count(MARKS[role][ascii_only]) for role in {*classes}) == 5


@pytest.mark.parametrize("role", [Role.BEFORE, Role.BOUNDARY, Role.MARGIN, Role.TANGENT])
@pytest.mark.parametrize("make", [line, arrow])
def test_a_line_says_when_it_is_out_of_view(role: Role, make: Callable[..., Series]) -> None:
    """The legend names nothing that is not there without saying so."""
    for y, is_off in ((5.0, False), (50.0, True)):
        ends = ([0, 10], [y, y]) if make is line else (np.array([0, y]), np.array([10, y]))
        text = "\n".join(rows(chart(make(role, *ends, "limit"))))
        assert ("limit (off)" in text) == is_off


def test_a_margin_is_told_from_the_line_without_colour() -> None:
    """It is dashed, the line is not."""
    drawn = CHARTS["boundary"].build(Session.open(load_file(resolve("perceptron-xor"))).after(10).view)
    assert isinstance(drawn, Chart)
    text = "\n".join(rows(drawn))
    assert "╌╌ margin" in text
    assert "── line" in text
    assert MARKS[Role.MARGIN].dash != MARKS[Role.BOUNDARY].dash


@pytest.mark.parametrize("name", ["dark", "none"])
@pytest.mark.parametrize("size", [(40, 12), (48, 10), (62, 18), (86, 27)])
def test_a_surface_names_its_front_corners_and_axes(name: str, size: tuple[int, int]) -> None:
    """There is a free row below the surface, so that none of the five has to be left out."""
    drawn = CHARTS["surface-3d"].build(Session.open(load_file(resolve("racing-balls"))).after(10).view)
    assert isinstance(drawn, Chart)
    bare = replace(drawn, layers=drawn.layers[:1])
    text = "\n".join(rows(bare, PALETTES[name], size)[1:])
    front, *others = (text.find(name) for name in ("(−1.8, −1.7)", "(−1.8, 1.7)", "(1.8, −1.7)", " x", " y"))
    assert min(others) > 0
    assert front > text.rindex("\n")


@pytest.mark.parametrize("width", [34, 50, 80])
@pytest.mark.parametrize("height", [10, 14, 24])
def test_the_number_of_a_level_line_stands_on_it_and_covers_no_other(width: int, height: int) -> None:
    """Where rings lie close together, a number interrupts its own; where that cannot be, it is left out."""
    places = np.linspace(-1, 1, 401)
    field = Field(0.0, 10.0, 0.0, 10.0, 100 * np.exp(-3 * (places[:, np.newaxis] ** 2 + places**2)))
    drawn = Chart("", Axis("", 0.0, 10.0), Axis("", 0.0, 10.0), (field,))
    inside = [re.split("[│┤]", row)[1] for row in rows(drawn, PALETTES["dark"], (width, height))[:-2]]
    found = [(number, row) for row, text in enumerate(inside) for number in re.finditer(r"\d+", text)]
    assert len(found) > 1
    x, y = (np.linspace(-1, 1, count) for count in (len(inside[0]), 2 * len(inside)))
    heights = 100 * np.exp(-3 * (y[::-1, np.newaxis] ** 2 + x**2))
    for number, row in found:
        # A line runs between a sample and the one to its right or the one above it.
        part = heights[max(0, 2 * row - 1) : 2 * row + 2, number.start() : number.end() + 1]
        assert {each for each in (20, 40, 60, 80) if part.min() < each < part.max()} == {int(number[0])}


def test_heights_of_level_lines_are_written_in_full() -> None:
    """Up to five digits before the point there is no power of ten: 170, not 1.7e+02."""
    field = Field(0.0, 10.0, 0.0, 10.0, np.linspace(0, 40_000, 41) + np.zeros((2, 1)))
    drawn = Chart("", Axis("", 0.0, 10.0), Axis("", 0.0, 10.0), (field,))
    text = "\n".join(rows(drawn)[:-2])
    assert re.findall(r"\d+000", text)
    assert not re.search(r"\de", text)


@pytest.mark.parametrize("ascii_only", [False, True])
def test_numbers_of_level_lines_stand_apart(ascii_only: bool) -> None:
    """Four cells or more of a row lie between two of them: in ASCII a digit of the field could be read as a third."""
    field = Field(0.0, 10.0, 0.0, 10.0, np.linspace(-10, 10, 41) + np.zeros((2, 1)))
    drawn = Chart("", Axis("", 0.0, 10.0), Axis("", 0.0, 10.0), (field,))
    shown = [strip.text[3:] for strip in draw(drawn, 34, 14, PALETTES["none"], ascii_only=ascii_only)][:12]
    found = [list(re.finditer(r" [-−]?[26] ", row)) for row in shown]
    assert sum(map(len, found)) == 4
    assert all(later.start() - one.end() > 3 for numbers in found for one, later in pairwise(numbers))
