"""Predict, then reveal on the screen: every key, at both sizes, and nothing given away."""

from functools import partial

import pytest
from driving import choose, dialog_text, notices, open_names, press, running, text_of, type_line
from textual.widgets import OptionList

from gdsim.charts.chart import Role
from gdsim.charts.kinds.activation import place_of
from gdsim.charts.table import CHARTS
from gdsim.timeline.position import Position
from gdsim.tui.dialogs.ask import ChoiceDialog
from gdsim.tui.dialogs.question import QuestionDialog
from gdsim.tui.dialogs.reader import Verdict
from gdsim.tui.panels.equation import EquationPanel
from gdsim.tui.panels.parameters import ParameterPanel
from gdsim.tui.run_screen import RunScreen

SIZES = [(80, 24), (120, 40)]


asking = partial(running, is_asking=True)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["space", "full_stop", "a"])
async def test_a_question_comes_before_its_update(key, size):
    """Next, phase and a put the question of update 1; the answer reveals it with ✗, the slip and the working."""
    async with asking(size=size) as (app, pilot):
        await press(pilot, key)
        assert isinstance(app.screen, QuestionDialog)
        assert "Which way will x move" in dialog_text(app)
        assert app.run_screen.session.position == Position()
        await press(pilot, "up")
        assert isinstance(app.screen, Verdict)
        said = dialog_text(app)
        assert "✗ down (Δx = −0.04), you said up" in said
        assert "wrong sign" in said
        assert "Δx = −η·f′(x) = −0.01·4 = −0.04" in said
        assert app.run_screen.session.position == Position(1)
        await press(pilot, "enter")
        assert isinstance(app.screen, RunScreen)


async def test_an_open_question_gives_nothing_away():
    """While it is open the panels show the place before the update: no gradient, no phases, no tangent with a slope."""
    async with asking(at=3) as (app, pilot):
        screen = app.screen
        before = text_of(screen.query_one(EquationPanel)), text_of(screen.query_one(ParameterPanel))
        await press(pilot, "space")
        assert isinstance(app.screen, QuestionDialog)
        view = screen.session.view
        assert view.is_asking
        assert (text_of(screen.query_one(EquationPanel)), text_of(screen.query_one(ParameterPanel))) == before
        assert "3.764768" not in "".join(before)
        chart = CHARTS["curve"].build(view)
        assert Role.TANGENT not in {layer.role for layer in chart.layers}
        await press(pilot, "down", "enter")
        chart = CHARTS["curve"].build(screen.session.view)
        assert Role.TANGENT in {layer.role for layer in chart.layers}


async def test_a_neuron_does_not_show_the_z_that_is_asked_for():
    """Before the first update the next z is not marked on the activation while a question is open."""
    async with asking("saturated-neuron") as (app, pilot):
        await press(pilot, "space")
        assert isinstance(app.screen, QuestionDialog)
        assert place_of(app.run_screen.session.view).z is None


async def test_questions_are_never_put_in_play():
    """Playing, going to the end or to an update passes by every question."""
    async with asking() as (app, pilot):
        await press(pilot, *["plus"] * 8, "p")
        await pilot.pause(0.5)
        await press(pilot, "p")
        assert isinstance(app.screen, RunScreen)
        assert app.screen.session.position.update >= 4
        await press(pilot, "home", "g")
        await type_line(pilot, "2")
        assert app.screen.session.position == Position(2)


async def test_a_question_can_be_left_and_is_not_put_twice():
    """Escape leaves it; the next key makes the update; after going back it is not put again, but a predicts."""
    async with asking() as (app, pilot):
        await press(pilot, "space", "escape")
        assert isinstance(app.screen, RunScreen)
        assert app.screen.session.position == Position()
        await press(pilot, "space", "b", "space")
        assert app.screen.session.position == Position(1)
        await press(pilot, "b", "a")
        assert isinstance(app.screen, ChoiceDialog)


async def test_without_questions_only_a_puts_them():
    """Unless --questions is given, space makes the update; a puts the scenario's question."""
    async with asking(is_asking=False) as (app, pilot):
        await press(pilot, "space", "b")
        assert app.screen.session.position == Position()
        await press(pilot, "a")
        assert isinstance(app.screen, QuestionDialog)


async def test_a_number_is_answered_with_hints_and_a_mistake_can_be_mended():
    """The change of x is −0.0392; words are refused, ↓ shows the formulas, then the numbers."""
    async with asking(at=1, size=(80, 24)) as (app, pilot):
        await press(pilot, "space")
        await type_line(pilot, "a bit")
        assert "not a number" in dialog_text(app)
        await press(pilot, "down")
        assert "Δx = −η·f′(x)" in dialog_text(app)
        assert "3.92" not in dialog_text(app)
        await press(pilot, "down")
        assert "−0.01·3.92" in dialog_text(app)
        await type_line(pilot, "−0.0392")
        assert "✓ −0.0392" in dialog_text(app)
        assert "With hints: 2 of 3." in dialog_text(app)


async def test_two_questions_are_answered_before_both_are_revealed():
    """Mazur's w5 moves down, w7 up; the second question is put while nothing is revealed."""
    async with asking("mazur", size=(80, 24)) as (app, pilot):
        await press(pilot, "space", "minus")
        assert isinstance(app.screen, QuestionDialog)
        assert app.run_screen.session.position == Position()
        await press(pilot, "plus")
        assert "✓ down (Δw5 = −0.0410835)" in dialog_text(app)
        assert "✓ up (Δw7 = +0.0113013)" in dialog_text(app)


async def test_do_a_step_yourself():
    """d lists deltas and changes; δ of output 1 by hand is 0.138498562, and its phase is revealed then."""
    async with asking("mazur", is_asking=False) as (app, pilot):
        await press(pilot, "d")
        assert isinstance(app.screen, ChoiceDialog)
        assert app.screen.query_one(OptionList).option_count == 12
        await press(pilot, "enter")
        await type_line(pilot, "0.1385")
        assert "✓ 0.138499" in dialog_text(app)
        await press(pilot, "space")
        screen = app.screen
        assert screen.session.position == Position(0, 3)
        assert screen.session.focus.layer == 2
        await press(pilot, "d")
        assert app.screen.query_one(OptionList).option_count == 10


async def test_name_the_bug():
    """y offers the list; a wrong one is told so, the right one with its note."""
    async with asking("mazur", is_asking=False, at=1, notifications=True) as (app, pilot):
        for name, title in (("wrong-sign", "not yet"), ("updated-weights-passed-back", "that is it")):
            await press(pilot, "D")
            await choose(pilot, name)
            assert title in notices(app)
        assert "w5 to w8" in notices(app)


async def test_there_is_no_bug_to_name_where_none_is_published():
    """y is not offered for a run without a published slip, a and d not where the run is over."""
    async with asking(is_asking=False) as (app, _pilot):
        assert "bug" not in open_names(app)
        assert {"ask", "do"} <= open_names(app)
    async with asking(is_asking=False, at=298) as (app, _pilot):
        assert not {"ask", "do"} & open_names(app)


async def test_score_is_shown_when_wanted():
    """A keeps score: after two right answers the status line says so; A again stops."""
    async with asking() as (app, pilot):
        await press(pilot, "A", "space", "down", "enter", "space")
        await type_line(pilot, "-0.0392")
        await press(pilot, "enter")
        assert "2 of 2 · streak 2" in text_of(app.screen.query_one("#status"))
        await press(pilot, "A")
        assert "2 of 2" not in text_of(app.screen.query_one("#status"))


async def test_the_status_line_says_that_a_question_comes():
    """Before update 1 it does, before update 3, where nothing is asked, it does not."""
    for at, is_due in ((0, True), (2, False)):
        async with asking(at=at) as (app, _pilot):
            assert ("a question comes first" in text_of(app.screen.query_one("#status"))) is is_due


async def test_ascii_names_keys_by_signs_that_answer():
    """Without arrows the dialog names + and −, which answer like the arrow keys, and no word stands twice."""
    async with asking(ascii_only=True, size=(80, 24)) as (app, pilot):
        await press(pilot, "a")
        shown = app.screen.query_one(".dialog").border_subtitle
        assert shown.startswith("+ up | - down | = ")
        assert shown.isascii()
        await press(pilot, "minus")
        assert isinstance(app.screen, Verdict)
        assert "[ok] down" in dialog_text(app)


async def test_ascii_sheets():
    """Question and verdict are plain ASCII but for what the scenario's author wrote."""
    async with asking("mazur", is_asking=False, ascii_only=True, size=(80, 24)) as (app, pilot):
        await press(pilot, "d", "enter", "down", "down")
        assert "down key hint" in app.screen.query_one(".dialog").border_subtitle
        assert dialog_text(app).isascii()
        await type_line(pilot, "0.741365")
        assert dialog_text(app).isascii()
        assert "missing sigma'" in dialog_text(app)
