"""A course in a workshop, on the screens of learners and of the instructor."""

from contextlib import asynccontextmanager

import pytest
from driving import arrive, dialog_text, notices, press, running, shown
from test_room_screens import ClientForTests, receive
from textual.widgets import DataTable

from gdsim.classroom import messages
from gdsim.classroom.messages import Count, CourseState, GoalCounts, GoTo, OnAirState, Progressed, Row
from gdsim.scenario.course import course_path, load_course
from gdsim.scenario.place import Place
from gdsim.tui.app import GdsimApp
from gdsim.tui.dialogs.reader import EndCard
from gdsim.tui.dialogs.roster import Roster
from gdsim.tui.path import PathScreen
from gdsim.tui.run_screen import RunScreen
from gdsim.tui.workshop import Workshop

LED = OnAirState("ada", True, True, "", 0, True)
RIGHT_RATE = ("right_square_bracket", "right_square_bracket", "right_square_bracket")
"""η = 0.1: with it the walk of mountain-descent arrives in time."""


@asynccontextmanager
async def in_course(*, is_instructor=False, progress=(), place=None, size=(120, 40)):
    client = ClientForTests(is_instructor, place)
    client.course, client.progress = load_course(course_path()), progress
    app = GdsimApp()
    app.workshop = Workshop(app, client)
    async with running(app, size=size, notifications=True) as (_app, pilot):
        yield app, pilot, client


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_closed_chapter_cannot_be_opened(size):
    """The list says so, and enter does; once the instructor has opened it, that is told and enter opens it."""
    async with in_course(size=size) as (app, pilot, client):
        await receive(client, pilot, CourseState((), ()))
        assert "1 One slope · 30 min · closed" in shown(app)
        assert "no chapter is open yet" in shown(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, PathScreen)
        assert "has not opened this chapter" in notices(app)
        await receive(client, pilot, CourseState((0,), ()))
        assert "Chapter 1 is open now: One slope" in notices(app)
        assert "1 One slope · 30 min  " in shown(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, RunScreen)


async def test_goals_are_told_and_come_back():
    """The server hears of a goal when it is reached; one who comes back sees it in the list and on the screen."""
    async with in_course() as (app, pilot, client):
        await receive(client, pilot, CourseState((0,), ()))
        await press(pilot, "enter", *RIGHT_RATE, "end")
        await arrive(pilot)
    reached = Progressed("mountain-descent", (0,), (), True)
    assert [each for each in client.told if isinstance(each, Progressed)][-1] == reached
    async with in_course(progress=(reached,), place=Place("mountain-descent", 3)) as (app, pilot, client):
        await receive(client, pilot, CourseState((0,), ()))
        assert "goals 1/2" in shown(app)
        await press(pilot, "escape")
        assert "◐ Walk down" in shown(app)


async def test_what_the_instructor_reaches_is_no_follower_s():
    """A goal of the broadcast counts for nobody who only looks on."""
    async with in_course() as (app, pilot, client):
        place = Place("mountain-descent", 39, edits=("0:update.learning_rate=0.1",))
        await receive(client, pilot, CourseState((0,), ()), LED, GoTo(place))
        assert "goals 0/2" in shown(app)
    assert not [each for each in client.told if isinstance(each, Progressed)]


async def test_the_end_of_a_chapter_counts_the_others():
    """Who has come to the end of a chapter sees how many are where in it, not who, and that the next one is closed."""
    at_work = (Count("mazur", (1,)), Count("mountain-descent", (3,)), Count("quartic-descent", (2,)))
    async with in_course(place=Place("quartic-descent")) as (app, pilot, client):
        await receive(client, pilot, CourseState((0,), at_work))
        await press(pilot, "end")
        await arrive(pilot)
        assert isinstance(app.screen, EndCard)
        text = " ".join(dialog_text(app).split())
        assert "Others still work in this chapter: 3 in mountain-descent, 1 in quartic-descent" in text
        assert "The instructor has not opened this chapter yet." in text
    async with in_course(place=Place("parabola-slope")) as (app, pilot, client):
        await receive(client, pilot, CourseState((0,), at_work))
        await press(pilot, "end")
        await arrive(pilot)
        assert "Others" not in dialog_text(app)


async def test_an_instructor_opens_and_closes_chapters():
    """P lists them, from the path and from a run; enter opens the first that is closed, or closes what is open."""
    async with in_course(is_instructor=True, size=(80, 24)) as (app, pilot, client):
        await receive(client, pilot, CourseState((0,), (Count("mountain-descent", (2,)),)))
        await press(pilot, "P")
        assert "1 One slope · open · 2 learners here" in shown(app)
        await press(pilot, "enter")
        assert client.told == [messages.OpenChapter(1, True)]
        await press(pilot, "enter")  # nothing is closed to the instructor
        assert isinstance(app.screen, RunScreen)
        await press(pilot, "P", "up", "enter")
        assert client.told[-1] == messages.OpenChapter(0, False)


async def test_the_roster_shows_chapters_and_goals():
    """Of each learner the chapter, goals and questions; g shows how many of the room reached each goal, as it comes."""
    rows = [
        Row("maria", False, "learning-rates", 4, False, "", None, False, "here", 3, 2),
        Row("eve", False, "", 0, True, "", None, False, "here"),
        Row("ada", True, "", 0, False, "", None, False, "here"),
    ]
    async with in_course(is_instructor=True) as (app, pilot, client):
        await receive(client, pilot, CourseState((0, 1), ()), messages.Roster(tuple(rows)))
        await press(pilot, "t")
        assert isinstance(app.screen, Roster)
        table = app.screen.query_one(DataTable)
        goals = sum(len(each.goals) for each in client.course.scenarios)
        assert [str(cell) for cell in table.get_row("maria")][:5] == ["maria", "2", "learning-rates", "4", f"3/{goals}"]
        assert str(table.get_row("ada")[4]) == ""
        await press(pilot, "g")
        assert [str(cell) for cell in table.get_row("mountain-descent 1")][:3] == ["1", "mountain-descent", "0/2"]
        await receive(client, pilot, GoalCounts((Count("mountain-descent", (0, 1)),)))
        assert str(table.get_row("mountain-descent 1")[2]) == "1/2"
        await press(pilot, "g")
        assert "maria" in shown(app)
