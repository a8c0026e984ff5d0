"""The path: what is reached, what comes next, finding, and coming back to where one left."""

import pytest
from driving import arrive, notices, press, running, shown, text_of, until
from textual.widgets import OptionList

from gdsim.i18n import LANGUAGES, use_language
from gdsim.manual import TOPICS
from gdsim.scenario.course import course_path, load_course
from gdsim.session.progress import ProgressFile, Record
from gdsim.tui.app import GdsimApp
from gdsim.tui.dialogs.reader import EndCard
from gdsim.tui.display import Options
from gdsim.tui.path import PathScreen
from gdsim.tui.run_screen import RunScreen


def learner(tmp_path):
    return GdsimApp(
        options=Options(course=lambda: load_course(course_path()), progress=ProgressFile(tmp_path / "progress.json"))
    )


async def test_the_path_goes_on_where_one_left(tmp_path):
    """Enter opens what comes next; after esc or q the same place is offered, and enter goes on there."""
    async with running(learner(tmp_path)) as (app, pilot):
        await press(pilot, "enter", "space", "space", "escape")
        assert isinstance(app.screen, PathScreen)
        assert "◐ Walk down" in shown(app)
        assert "left after update 2" in shown(app)
        await press(pilot, "enter", "space", "q")
    async with running(learner(tmp_path), size=(80, 24)) as (app, pilot):
        await press(pilot, "enter")
        assert app.screen.session.clock == 3


@pytest.mark.parametrize("opened", [(), ("enter",)])
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_manual_is_read_on_screen(tmp_path, opened, size):
    """M offers every topic, on the path and in a run; the one chosen is shown, its key table included."""
    async with running(learner(tmp_path), size=size) as (app, pilot):
        await press(pilot, *opened, "M")
        choices = app.screen.query_one(OptionList)
        assert [choices.get_option_at_index(n).id for n in range(choices.option_count)] == list(TOPICS)
        await press(pilot, "enter")
        assert "Every key of the screen" in shown(app)
        assert "go one update back" in shown(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, RunScreen if opened else PathScreen)


async def test_a_goal_reached_is_kept_at_once(tmp_path):
    """What is reached is written when it is reached, and shown in the path."""
    async with running(learner(tmp_path)) as (app, pilot):
        await press(pilot, "enter", "right_square_bracket", "right_square_bracket", "right_square_bracket", "end")
        assert ProgressFile(tmp_path / "progress.json").read().scenarios["mountain-descent"].goals == {0}
        await press(pilot, "escape", "escape")
        assert "goals 1/2" in shown(app)


async def test_the_end_is_a_card_that_goes_on(tmp_path):
    """At the end a card says what is reached and what comes next; enter opens that, another key acts on the run."""
    async with running(learner(tmp_path), size=(80, 24)) as (app, pilot):
        await press(pilot, "enter", "end")
        await arrive(pilot)
        assert isinstance(app.screen, EndCard)
        assert "Next: The same hill, from the left" in shown(app)
        card = app.screen
        await press(pilot, "space", "n", "end")
        assert app.screen is card, "there is nowhere to go on to: the card that says so stays"
        await press(pilot, "left")
        assert app.screen.session.clock == 297
        await press(pilot, "space")
        assert isinstance(app.screen, RunScreen)
        await press(pilot, "space")
        assert isinstance(app.screen, EndCard)
        await press(pilot, "enter")
        assert app.screen.session.scenario.name == "mountain-descent-left"
        await press(pilot, "escape")
        assert isinstance(app.screen, PathScreen)


async def test_the_end_of_a_run_opened_by_name_leads_on(tmp_path):
    """Where there is no path below, enter at the card opens what comes next, and again at the end of that."""
    course = load_course(course_path())
    progress = ProgressFile(tmp_path / "progress.json")
    async with running("mountain-descent", course=lambda: course, progress=progress) as (app, pilot):
        for each in course.scenarios[1:3]:
            await press(pilot, "end")
            await arrive(pilot)
            await until(pilot, lambda: isinstance(app.screen, EndCard))
            await press(pilot, "enter")
            await until(pilot, lambda name=each.name: app.screen.session.scenario.name == name)


async def test_no_notice_lies_over_the_card(tmp_path):
    """What was just reached stands on the card, which says how to get at open questions and goals."""
    async with running(learner(tmp_path), size=(80, 24), notifications=True) as (app, pilot):
        await press(pilot, "enter", *["right_square_bracket"] * 3, "end")
        await arrive(pilot)
        await until(pilot, lambda: isinstance(app.screen, EndCard))
        await pilot.pause()
        assert notices(app) == ""
        assert "☑ Choose η" in shown(app)
        assert "questions 0/3: press a before update 1, 2, 4" in shown(app)
        assert "A goal is still open" in shown(app)


async def test_the_last_card_says_that_it_is_the_last(tmp_path):
    """After the last scenario of the course nothing comes, and the card says so."""
    file = tmp_path / "course.toml"
    chapter = 'title = "T"\naim = "A"\nscenarios = ["mountain-descent"]\n'
    file.write_text(f'format = 1\ntitle = "T"\nsummary = "S"\n[[chapter]]\n{chapter}', "utf-8")
    async with running(None, course=lambda: load_course(file), size=(80, 24)) as (app, pilot):
        await press(pilot, "enter", "end")
        await arrive(pilot)
        assert "This is the end of the course." in shown(app)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_key_bar_of_80_columns_leads_on(tmp_path, language):
    """It names the next update, the lesson, help, the way back to the list and out, before the first update and after;
    a run that was opened by its name has no list to go back to."""
    use_language(language)
    async with running(learner(tmp_path), size=(80, 24)) as (app, pilot):
        for key in ("enter", "space", "space"):
            await press(pilot, key)
            keys = text_of(app.screen.query_one("#keys")).split()
            assert {"space", "i", "esc", "?", "q"} <= set(keys)
    async with running(size=(160, 50)) as (app, _pilot):
        assert "esc" not in text_of(app.screen.query_one("#keys")).split()


async def test_finding(tmp_path):
    """`/` keeps what has a word in title, summary or lesson; enter goes to the list, esc shows all again."""
    async with running(learner(tmp_path), size=(80, 24)) as (app, pilot):
        await press(pilot, "slash", *"xor")
        names = [option.id for option in app.screen.query_one(OptionList).options if option.id]
        assert "perceptron-xor" in names
        assert "mountain-descent" not in names
        await press(pilot, "enter", "enter")
        assert isinstance(app.screen, RunScreen)
        await press(pilot, "escape", "escape")
        assert len(app.screen.query_one(OptionList).options) > 26


async def test_a_chapter_in_order_opens_one_by_one(tmp_path):
    """In a chapter in order the second scenario opens once the goals of the first are reached."""
    file = tmp_path / "course.toml"
    chapter = 'title = "T"\naim = "A"\nin_order = true\nscenarios = ["parabola-slope", "mazur"]\n'
    file.write_text(f'format = 1\ntitle = "T"\nsummary = "S"\n[[chapter]]\n{chapter}', "utf-8")
    progress = ProgressFile(tmp_path / "progress.json")
    async with running(None, course=lambda: load_course(file), progress=progress, size=(80, 24)) as (app, pilot):
        await press(pilot, "down", "enter")
        assert isinstance(app.screen, PathScreen)
        progress.keep("parabola-slope", Record(goals=frozenset({0, 1})))
        await press(pilot, "up", "enter", "escape", "down", "enter")
        assert isinstance(app.screen, RunScreen)


async def test_a_place_that_cannot_be_kept_is_told(tmp_path):
    """Learning goes on where nothing can be written, and that is told."""
    (tmp_path / "file").write_text("")
    progress = ProgressFile(tmp_path / "file" / "progress.json")
    async with running(
        None, course=lambda: load_course(course_path()), progress=progress, size=(80, 24), notifications=True
    ) as (app, pilot):
        await press(pilot, "enter", "space", "escape")
        assert isinstance(app.screen, PathScreen)
        await pilot.pause()
        assert "cannot be saved" in notices(app)
