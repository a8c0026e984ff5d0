"""A learner's and an instructor's screens in a workshop: what keys tell the server, and what its messages show."""

from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from driving import arrive, dialog_text, notices, press, running, shown, text_of
from textual.widgets import DataTable, OptionList

from gdsim.classroom import messages
from gdsim.classroom.messages import Answer, Counts, Follow, GoTo, OnAirState, Question, Reveal, Row
from gdsim.i18n import use_language
from gdsim.scenario.course import course_of
from gdsim.scenario.library import names, resolve, summaries
from gdsim.scenario.load import load_file
from gdsim.scenario.place import Place
from gdsim.session.command import Group, Role
from gdsim.session.commands import commands_for
from gdsim.timeline.position import Position
from gdsim.tui.app import GdsimApp
from gdsim.tui.dialogs.ask import ChoiceDialog, LineDialog
from gdsim.tui.dialogs.question import QuestionDialog
from gdsim.tui.dialogs.reader import Reader
from gdsim.tui.dialogs.room import AnswersDialog, RoomQuestion, RoomVerdict
from gdsim.tui.dialogs.roster import Roster
from gdsim.tui.display import Options
from gdsim.tui.path import PathScreen
from gdsim.tui.run_screen import RunScreen
from gdsim.tui.workshop import Workshop

SIZES = [(80, 24), (120, 40)]
FOLLOWING = OnAirState("ada", True, True, "", 0, True)
ALONE = OnAirState("ada", True, True, "mazur", 3, False)
AT_3 = Place("mazur", 3)
WORDS = ("up", "down", "stays")
QUESTION = Question(1, AT_3, "change.W2[0,0]", "sign", "Which way will w5 move?", WORDS, None)
REVEAL = Reveal(1, -1, None, Counts(1, 4, 12, 1, 2))


class Served(dict):
    """The bundled scenarios, each read when it is asked for."""

    def __contains__(self, name):
        return name in names()

    def __missing__(self, name):
        self[name] = load_file(resolve(name))
        return self[name]


class ClientForTests:
    """A server that keeps what it is told; where the screen stands apart from the rest."""

    def __init__(self, is_instructor, place=None):
        self.is_instructor, self.place = is_instructor, place
        self.scenarios, self.course, self.progress = Served(), course_of(summaries()), ()
        self.told, self.places = [], []

    def tell(self, message):
        (self.places if isinstance(message, messages.Where) else self.told).append(message)

    def attach(self, receive, close):
        self.receive, self.close = receive, close


@asynccontextmanager
async def in_room(name="mazur", *, is_instructor=False, place=None, size=(120, 40), at=0, **options):
    client = ClientForTests(is_instructor, place)
    app = GdsimApp(None if name is None else load_file(resolve(name)), Options(place=Place(update=at), **options))
    app.workshop = Workshop(app, client)
    async with running(app, size=size, notifications=True) as (_app, pilot):
        yield app, pilot, client


def line(app):
    return text_of(app.run_screen.query_one("#workshop")).strip()


def place(app):
    position = app.run_screen.session.position
    return position.update, position.phase


async def receive(client, pilot, *told):
    for message in told:
        client.receive(message)
        await pilot.pause()


# Following.


@pytest.mark.parametrize("size", SIZES)
async def test_a_follower_is_where_the_instructor_is(size):
    """Scenario, update, phase and edits; the line says who is followed, and the key that walks alone."""
    async with in_room(size=size) as (app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(Place("mazur", 4, 2, edits=("3:update.learning_rate=0.1",))))
        session = app.run_screen.session
        assert session.position == Position(4, 2)
        assert session.timeline.run_at(4).learning_rate == 0.1
        assert "following ada" in line(app)
        assert "f unfollows" in line(app)
        assert client.told == []


async def test_one_s_own_step_is_the_first_of_a_walk_alone():
    """It is made, the server is told once, and f comes back."""
    async with in_room() as (app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(AT_3))
        await press(pilot, "space", "space")
        assert place(app) == (5, None)
        assert client.told == [Follow(False)]
        assert "alone" in line(app)
        assert "f follows" in line(app)
        await receive(client, pilot, ALONE)
        assert "ada is in mazur, after update 3" in line(app)
        await press(pilot, "f")
        assert client.told == [Follow(False), Follow(True)]
        await receive(client, pilot, FOLLOWING, GoTo(AT_3))
        assert place(app) == (3, None)
        assert "following ada" in line(app)


@pytest.mark.parametrize("key", ["z", "v", "tab", "i", "question_mark", "y"])
async def test_looking_around_is_no_walk(key):
    """Panels, charts, lesson and help leave one with the instructor."""
    async with in_room() as (_app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(AT_3))
        await press(pilot, key)
        assert client.told == []


async def test_without_a_broadcast_one_walks_as_one_likes():
    """Steps tell nothing about following; f says that one stays alone when a broadcast begins."""
    async with in_room(size=(80, 24)) as (app, pilot, client):
        assert "no broadcast yet" in line(app)
        await press(pilot, "space", "space", "f")
        assert client.told == [Follow(False)]
        await receive(client, pilot, OnAirState("ada", True, False, "mazur", 3, False))
        assert "ada is off air" in line(app)


async def test_another_scenario_takes_the_place_of_the_one_on_view():
    """However often it changes, there is one run screen; what is not served is told and changes nothing."""
    async with in_room(name=None) as (app, pilot, client):
        assert isinstance(app.screen, PathScreen)
        await receive(client, pilot, FOLLOWING, GoTo(AT_3))
        await press(pilot, "i")
        await receive(client, pilot, GoTo(Place("perceptron", 2)))
        await receive(client, pilot, GoTo(AT_3), GoTo(Place("mountain-descent", 7)))
        assert sum(isinstance(screen, RunScreen) for screen in app.screen_stack) == 1
        assert app.run_screen.session.scenario.name == "mountain-descent"
        assert place(app) == (7, None)
        assert "following ada" in line(app)
        await receive(client, pilot, GoTo(Place("no-such", 1)))
        assert "no-such" in notices(app)
        assert app.run_screen.session.scenario.name == "mountain-descent"


async def test_a_scenario_of_one_s_own_is_a_walk_alone():
    """Picked from the list while a broadcast is on, it is not taken away by the next step."""
    async with in_room(name=None) as (app, pilot, client):
        await receive(client, pilot, FOLLOWING)
        await press(pilot, "enter")
        assert client.told == [Follow(False)]
        assert "alone" in line(app)


async def test_what_was_said_stays_said():
    """An answer is not forgotten when the server tells something else before it has heard of it."""
    async with in_room() as (app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(AT_3), QUESTION)
        await press(pilot, "up")
        await receive(client, pilot, replace(FOLLOWING, is_here=False))
        assert "you said up" in line(app)
        await press(pilot, "a")
        assert not isinstance(app.screen, RoomQuestion)


async def test_texts_stay_open_and_choices_do_not():
    """Help goes on being read; a list that asks something about a place that is left goes."""
    async with in_room() as (app, pilot, client):
        await receive(client, pilot, FOLLOWING)
        await press(pilot, "question_mark")
        await receive(client, pilot, GoTo(AT_3))
        assert isinstance(app.screen, Reader)
        await press(pilot, "escape", "l")
        assert isinstance(app.screen, LineDialog)
        await receive(client, pilot, GoTo(Place("mazur", 4)))
        assert isinstance(app.screen, RunScreen)


async def test_an_instructor_who_is_away_is_told():
    """The broadcast stays; the line says that nobody is there just now."""
    async with in_room() as (app, pilot, client):
        await receive(client, pilot, replace(FOLLOWING, is_here=False))
        assert "who is away just now" in line(app)


# A learner's questions.


@pytest.mark.parametrize("size", SIZES)
async def test_a_question_is_answered_and_revealed(size):
    """The dialog opens by itself, panels keep the answer back, a key answers; then ✓, what all said, and the update."""
    async with in_room(size=size) as (app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(AT_3), QUESTION)
        assert isinstance(app.screen, RoomQuestion)
        assert "Which way will w5 move?" in dialog_text(app)
        assert app.run_screen.session.view.is_asking
        assert "a question: press a" in line(app)
        await press(pilot, "h", "down")
        assert client.told == [Answer(1, -1)]
        assert "you said down; waiting for others" in line(app)
        assert app.run_screen.session.view.is_asking
        await receive(client, pilot, replace(REVEAL, answer=-1), GoTo(Place("mazur", 4)))
        assert isinstance(app.screen, RoomVerdict)
        said = dialog_text(app)
        assert "✓ down (Δw5 = −0.0423715)" in said
        bars = [row.split() for row in said.splitlines() if row.startswith(WORDS)]
        assert [row[2] if row[1].startswith("█") else row[1] for row in bars] == ["4", "12", "1"]
        assert "✓ right" in next(row for row in said.splitlines() if row.startswith("down"))
        assert place(app) == (4, None)
        assert client.told == [Answer(1, -1)]
        await press(pilot, "enter")
        assert isinstance(app.screen, RunScreen)


async def test_a_wrong_answer_is_told_with_its_slip():
    """✗ with both words, and the slip recognised."""
    async with in_room() as (app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(AT_3), QUESTION)
        await press(pilot, "up")
        await receive(client, pilot, replace(REVEAL, answer=1))
        assert "✗ down (Δw5 = −0.0423715), you said up" in dialog_text(app)
        assert "wrong sign" in dialog_text(app)


async def test_who_gave_no_answer_is_told_the_right_one():
    """The dialog to answer goes; no ✓ and no ✗, and nothing is counted."""
    async with in_room() as (app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(AT_3), QUESTION)
        await press(pilot, "escape")
        assert isinstance(app.screen, RunScreen)
        await press(pilot, "a")
        assert isinstance(app.screen, RoomQuestion)
        await receive(client, pilot, REVEAL)
        assert isinstance(app.screen, RoomVerdict)
        assert "It is down (Δw5 = −0.0423715)." in dialog_text(app)
        assert "✗" not in dialog_text(app)
        assert app.run_screen.session.quiz.answered == 0
        assert place(app) == (4, None)
        assert client.told == []


async def test_one_who_walks_alone_is_told_of_a_question():
    """f follows; with the place comes the question. One who answered and walked on is told whether it was right."""
    async with in_room() as (app, pilot, client):
        await receive(client, pilot, ALONE, QUESTION)
        assert isinstance(app.screen, RunScreen)
        assert "ada is asking a question" in notices(app)
        await press(pilot, "f")
        await receive(client, pilot, FOLLOWING, GoTo(AT_3), QUESTION)
        await press(pilot, "down")
        await press(pilot, "space", "space")
        assert client.told == [Follow(True), Answer(1, -1), Follow(False)]
        assert not app.run_screen.session.view.is_asking
        await receive(client, pilot, ALONE, replace(REVEAL, answer=-1))
        assert isinstance(app.screen, RunScreen)
        assert "✓ down" in notices(app)
        assert place(app) == (5, None)


async def test_an_answer_given_before_is_there_again():
    """One who comes back finds the answer; the question is not put twice."""
    async with in_room() as (app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(AT_3), replace(QUESTION, answer=0))
        assert isinstance(app.screen, RunScreen)
        assert "you said stays" in line(app)
        await press(pilot, "a")
        assert not isinstance(app.screen, RoomQuestion)


async def test_with_no_question_open_a_is_what_it_always_is():
    """a lets a learner predict for themselves."""
    async with in_room() as (app, pilot, _client):
        await press(pilot, "a")
        assert isinstance(app.screen, ChoiceDialog | QuestionDialog)


@pytest.mark.parametrize(
    "question",
    [
        replace(QUESTION, quantity="change.W9[7,7]"),
        replace(QUESTION, quantity="nonsense"),
        replace(QUESTION, form="larger-or-smaller", quantity="loss"),
        replace(QUESTION, place=Place("perceptron", 1)),
    ],
)
async def test_a_question_about_nothing_is_not_put(question):
    """What another host asks about something there is not here does no harm."""
    async with in_room() as (app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(AT_3), question, REVEAL)
        assert isinstance(app.screen, RunScreen)
        assert place(app) == (3, None)


# An instructor.


def rows():
    def row(name, **more):
        return replace(Row(name, False, "mazur", 2, False, "", None, False, "here"), **more)

    return (
        row("ada", is_instructor=True),
        row("maria", scenario="", update=0, is_following=True),
        row("李雷", scenario="perceptron", update=14, answer="up", is_right=False),
        row("eve", state="crashed"),
        row("bob", state="gone", is_following=True),
    )


def table(app):
    found = app.screen.query_one(DataTable)
    return [[str(cell) for cell in found.get_row_at(number)] for number in range(found.row_count)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_roster(size):
    """Who is here comes first; followers are with the instructor; answers by name are shown on demand; it is live."""
    async with in_room(is_instructor=True, at=3, size=size) as (app, pilot, client):
        await receive(client, pilot, OnAirState("ada", True, True, "mazur", 3, False), messages.Roster(rows()))
        assert "on air · 2 learners here · 1 follows" in line(app)
        await press(pilot, "t")
        assert isinstance(app.screen, Roster)
        assert table(app) == [
            ["maria", "with you", "", "✓ follows", "", "here"],
            ["李雷", "perceptron", "14", "alone", "answered", "here"],
            ["bob", "mazur", "2", "✓ follows", "", "gone"],
            ["eve", "mazur", "2", "alone", "", "crashed"],
            ["ada", "mazur", "2", "instructor", "", "here"],
        ]
        await press(pilot, "n")
        assert table(app)[1][4] == "up ✗"
        changed = replace(rows()[2], update=15, answer="down", is_right=True)
        await receive(client, pilot, messages.Roster((changed, replace(rows()[1], name="zoe"))))
        assert [cells[0] for cells in table(app)] == ["maria", "zoe", "李雷", "bob", "eve", "ada"]
        assert table(app)[2] == ["李雷", "perceptron", "15", "alone", "down ✓", "here"]
        await press(pilot, "t")
        assert isinstance(app.screen, RunScreen)


async def test_broadcast_and_hand_out_are_keys():
    """f goes on air and off again; h has the hand-out written; walking tells nothing of following."""
    async with in_room(is_instructor=True) as (app, pilot, client):
        assert "off air" in line(app)
        await press(pilot, "f")
        await receive(client, pilot, OnAirState("ada", True, True, "mazur", 0, False))
        await press(pilot, "space", "f", "h")
        assert client.told == [messages.Broadcast(True), messages.Broadcast(False), messages.HandoutWanted()]


@pytest.mark.parametrize("size", SIZES)
async def test_asking_everybody(size):
    """Q offers predictions; answers come in as bars; the run waits until enter reveals, then makes the update."""
    async with in_room(is_instructor=True, at=3, size=size) as (app, pilot, client):
        await press(pilot, "Q")
        assert isinstance(app.screen, ChoiceDialog)
        offered = app.screen.query_one(OptionList)
        texts = [str(offered.get_option_at_index(number).prompt) for number in range(offered.option_count)]
        assert texts[0] == "Which way will w5 move?"
        assert not [text for text in texts if "By how much" in text or "What" in text]
        await press(pilot, "enter")
        (asked,) = client.told
        assert asked == messages.Ask(AT_3, "change.W2[0,0]", "sign", "Which way will w5 move?", WORDS, -1)
        await receive(client, pilot, OnAirState("ada", True, True, "mazur", 3, False), QUESTION, Counts(1, 0, 0, 0, 9))
        assert isinstance(app.screen, AnswersDialog)
        await receive(client, pilot, Counts(1, 2, 6, 0, 1))
        assert "1 has not answered yet" in dialog_text(app)
        bars = {row.split()[0]: row.count("█") for row in dialog_text(app).splitlines() if "  " in row}
        assert bars["down"] >= 3 * bars["up"] - 2 > bars["stays"] == 0
        await press(pilot, "escape", "space", "end", "p", "full_stop")
        assert place(app) == (3, None)
        assert "Your question is still open" in notices(app)
        assert "8/9 answered" in line(app)
        assert app.run_screen.session.view.is_asking
        await press(pilot, "Q", "enter")
        assert client.told == [asked, messages.Close(1)]
        await receive(client, pilot, replace(REVEAL, counts=Counts(1, 2, 6, 0, 1)))
        assert isinstance(app.screen, RoomVerdict)
        assert "It is down (Δw5 = −0.0423715)." in dialog_text(app)
        assert place(app) == (4, None)
        await press(pilot, "enter", "space")
        assert place(app) == (5, None)


async def test_what_comes_after_the_end_is_passed_over():
    """The server does not know yet that a screen was left."""
    async with in_room() as (_app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(AT_3))
    for message in (GoTo(Place("mazur", 5)), QUESTION, REVEAL, ALONE):
        client.receive(message)


async def test_a_learner_is_told_that_nothing_is_left_to_predict():
    """At the end of a run `a` has no question, and says so."""
    async with in_room(at=10**6) as (app, pilot, _client):
        await arrive(pilot)
        await press(pilot, "a")
        assert isinstance(app.screen, RunScreen)
        assert "there is nothing left to predict" in notices(app)


async def test_at_the_end_of_a_run_there_is_nothing_to_ask():
    """Q says so."""
    async with in_room(is_instructor=True, at=10**6) as (app, pilot, _client):
        await arrive(pilot)
        await press(pilot, "Q")
        assert isinstance(app.screen, RunScreen)
        assert "There is nothing left to predict" in notices(app)


async def test_a_second_instructor_is_not_taken_along():
    """Another's question leaves them where they are; Q shows how it stands, and they may reveal it."""
    async with in_room(is_instructor=True, at=7) as (app, pilot, client):
        await receive(client, pilot, OnAirState("ada", True, True, "mazur", 3, False), QUESTION, Counts(1, 1, 0, 0, 0))
        assert isinstance(app.screen, RunScreen)
        await press(pilot, "space", "Q")
        assert isinstance(app.screen, AnswersDialog)
        assert "everybody has answered" in dialog_text(app)
        await press(pilot, "enter")
        assert client.told == [messages.Close(1)]
        await receive(client, pilot, REVEAL)
        assert place(app) == (8, None)


# Keys.


@pytest.mark.parametrize("role", [Role.LEARNER, Role.INSTRUCTOR])
async def test_footer_help_and_palette_know_the_keys(role):
    """Those of the role, where they are served; elsewhere there are none of them."""
    mine = [command for command in commands_for(role) if command.group is Group.ROOM]
    async with in_room(is_instructor=role is Role.INSTRUCTOR, at=3, size=(160, 40)) as (app, pilot, _client):
        footer = text_of(app.screen.query_one("#keys"))
        palette = " ".join(entry.title for entry in app.get_system_commands(app.screen))
        await press(pilot, "question_mark")
        for command in mine:
            assert command.help in " ".join(dialog_text(app).split())
            assert command.help[1:] in palette
            assert not command.rank or f"{command.shown} {command.label}" in footer
    assert not {command.help for command in mine} & {command.help for command in commands_for()}


@pytest.mark.parametrize("role", list(Role))
def test_no_key_means_two_things(role):
    """Every key belongs to one command of a role."""
    keys = [key for command in commands_for(role, is_served=True) for key in command.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("key", "why"), [("s", "nothing is saved"), ("R", "scenarios stay as they are")])
async def test_nothing_is_saved_or_read_on_the_server(key, why):
    """The keys of files open no dialog and say why."""
    async with in_room() as (app, pilot, _client):
        await press(pilot, "space", key)
        assert isinstance(app.screen, RunScreen)
        assert why in notices(app)


# Beginning and end.


async def test_who_comes_back_stands_where_they_stood():
    """The list is made only when asked for; the server is told where the screen stands, and where it was left."""
    async with in_room(name=None, place=Place("mazur", 4, 2, edits=("3:update.learning_rate=0.1",))) as (
        app,
        pilot,
        client,
    ):
        assert app.screen.session.position == Position(4, 2)
        assert not app.is_screen_installed("path")
        assert client.places[-1].place.update == 4
        await press(pilot, "space", "space", "space")
        app.exit()
    assert client.places[-1].place.update == 7


async def test_the_server_says_something_and_ends():
    """A notice can be read; a goodbye closes the screen, and so does a server that is gone."""
    async with in_room() as (app, pilot, client):
        await receive(client, pilot, messages.Notice("five minutes left", "warning"))
        assert "five minutes left" in notices(app)
        await receive(client, pilot, messages.Goodbye("over"))
        assert not app.is_running
    async with in_room() as (app, pilot, client):
        client.close()
        await pilot.pause()
        assert not app.is_running


async def test_the_room_in_ascii():
    """Under --ascii line, bars and marks are ASCII."""
    async with in_room(ascii_only=True, size=(80, 24)) as (app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(AT_3), replace(QUESTION, answer=-1), replace(REVEAL, answer=-1))
        assert shown(app).isascii(), sorted({letter for letter in shown(app) if not letter.isascii()})
        assert "#####" in shown(app)


async def test_the_room_in_chinese():
    """The line and the dialogs are in the learner's language, whatever the instructor's is."""
    use_language("zh")
    try:
        async with in_room(size=(80, 24)) as (app, pilot, client):
            await receive(client, pilot, FOLLOWING, GoTo(AT_3), QUESTION)
            assert "跟随" in line(app)
            assert "Which way" not in dialog_text(app)
    finally:
        use_language("en")
