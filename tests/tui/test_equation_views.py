"""The place of the equations: whole update, chain rule and lesson in turn, each beside the charts."""

import pytest
from driving import arrive, press, running, shown, text_of
from locked_scenario import closed

from gdsim.scenario.place import Place
from gdsim.timeline.position import Position
from gdsim.tui.panels.chart import ChartPanel
from gdsim.tui.panels.equation import EquationPanel

SIZES = [(80, 24), (120, 40), (160, 50)]


def equation(app):
    return text_of(app.screen.query_one(EquationPanel))


def title(app):
    return str(app.screen.query_one(EquationPanel).border_title)


async def to_equations(pilot):
    """Focus the place of the equations."""
    pilot.app.screen.query_one(EquationPanel).focus()
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_v_turns_from_the_whole_update_to_the_chain_rule_and_the_lesson(size):
    """Three views in a ring, the charts staying as they are."""
    async with running("mazur", at=1, size=size) as (app, pilot):
        chart = app.screen.query_one("#chart", ChartPanel).shown
        await to_equations(pilot)
        await press(pilot, "v")
        assert "∂C/∂a²₁" in equation(app)
        assert "factor 1 of 3" in title(app)
        await press(pilot, "v")
        assert title(app) == "lesson"
        assert equation(app).lstrip().startswith("☐ ")
        await press(pilot, "v")
        assert "update" in title(app)
        assert app.screen.query_one("#chart", ChartPanel).shown == chart


async def test_full_stop_and_comma_walk_along_the_factors():
    """From the loss back to w6 (it changes most): neuron, neuron, edge; the run itself stays where it is."""
    async with running("mazur", at=1) as (app, pilot):
        await to_equations(pilot)
        await press(pilot, "v")
        assert app.screen.session.view.lit == (2, 0, None)
        assert "▸(a²₁" in text_of(app.screen.query_one("#chart"))
        assert "┏∂C/∂a²₁" in equation(app)
        await press(pilot, "full_stop", "full_stop", "full_stop")
        assert app.screen.session.view.lit == (2, 0, 1)
        assert "factor 3 of 3" in title(app)
        assert "┏∂z²₁/∂w6" in equation(app)
        await press(pilot, "comma", "comma", "comma")
        assert app.screen.session.view.lit == (2, 0, None)
        assert app.screen.session.position == Position(1)


async def test_the_whole_product_stands_below_the_boxes():
    """w5 as in the book: three factors and what they come to (Mazur: 0.082167041)."""
    async with running("mazur", place=Place("", 1, is_corrected=True)) as (app, pilot):
        await press(pilot, "tab", "left", "up")
        await to_equations(pilot)
        await press(pilot, "v")
        told = " ".join(equation(app).split())
        assert "= 0.741365 × 0.186816 × 0.593270 = 0.082167" in told


async def test_another_update_keeps_the_chain_rule_in_view():
    """space goes on with the numbers of the next update; inside one no number is given away."""
    async with running("mazur", at=1) as (app, pilot):
        await to_equations(pilot)
        await press(pilot, "v")
        before = equation(app)
        await press(pilot, "space")
        assert "factor 1 of 3" in title(app)
        assert equation(app) != before
        await press(pilot, "v", "v", "full_stop", "v")
        assert "The numbers are known once the gradient is" in " ".join(equation(app).split())
        assert app.screen.session.view.lit is None


async def test_a_perceptron_has_whole_update_and_lesson_alone():
    """Without a gradient there is no chain rule to turn to."""
    async with running("perceptron", at=1) as (app, pilot):
        await to_equations(pilot)
        await press(pilot, "v")
        assert title(app) == "lesson"
        await press(pilot, "v")
        assert title(app) != "lesson"


async def test_i_turns_to_the_lesson_and_back_to_the_view_before():
    """From the chain rule to the lesson and back to the same factor; meanwhile the full stop steps as ever."""
    async with running("mazur", at=1) as (app, pilot):
        await to_equations(pilot)
        await press(pilot, "v", "full_stop", "i")
        assert title(app) == "lesson"
        assert app.screen.session.view.lit is None
        await press(pilot, "i")
        assert "factor 2 of 3" in title(app)


async def test_goals_on_the_lesson_are_ticked_as_they_are_reached():
    """At η 0.2 each step leaves 0.6 of the distance to 2: well within 60 updates, and the first box is ticked."""
    async with running() as (app, pilot):
        await press(pilot, "i")
        assert equation(app).count("☐") == len(app.screen.session.scenario.goal)
        await press(pilot, *["right_square_bracket"] * 4, "end")
        await arrive(pilot)
        assert equation(app).startswith("☑ Choose η")


@pytest.mark.parametrize("size", SIZES)
async def test_the_lesson_can_be_read_to_its_end(size):
    """Once it is there the arrow keys scroll it, down to its last line."""
    async with running("mazur", size=size) as (app, pilot):
        await press(pilot, "i", *["pagedown"] * 12)
        last = app.screen.session.scenario.lesson.split()[-1].strip("*.`")
        assert last in equation(app)


async def test_where_the_equations_are_hidden_the_lesson_has_their_place():
    """Its panel is there while it is read, and goes again; the chain rule stays hidden."""
    async with running(closed(hide='"equation"')) as (app, pilot):
        panel = app.screen.query_one(EquationPanel)
        await press(pilot, "space", "i")
        assert panel.display
        assert "secret" in equation(app)
        await press(pilot, "v")
        assert not panel.display
        assert app.screen.session.focus.factor is None


@pytest.mark.parametrize("size", SIZES)
async def test_ascii_alone_does_for_boxes_and_lesson(size):
    """Under --ascii no sign beyond ASCII is drawn in either view."""
    async with running("mazur", at=1, ascii_only=True, size=size) as (app, pilot):
        await to_equations(pilot)
        for _view in range(2):
            await press(pilot, "v")
            assert shown(app).isascii()
