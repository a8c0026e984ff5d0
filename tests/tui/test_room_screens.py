"""A learner's and an instructor's screens in a workshop: what keys tell the server, and what its messages show."""

from dataclasses import replace

import pytest
from driving import press
from textual.widgets import DataTable, OptionList, Static

from gdsim.classroom.messages import (
    Air,
    Answer,
    Ask,
    Broadcast,
    Close,
    Counts,
    Follow,
    GoTo,
    HandoutWanted,
    Place,
    Question,
    Reveal,
    Roster,
    Row,
)
from gdsim.i18n import use_language
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.timeline.position import Position
from gdsim.tui._textual import strips_of
from gdsim.tui.app import Options
from gdsim.tui.keys import INSTRUCTOR_KEYS, KEYS, LEARNER_KEYS
from gdsim.tui.panels.bars import KeyBar, RoomBar
from gdsim.tui.room_app import RoomApp
from gdsim.tui.screens.instructor import Instructor
from gdsim.tui.screens.learner import Learner
from gdsim.tui.screens.picker import PickerScreen
from gdsim.tui.screens.question import QuestionSheet
from gdsim.tui.screens.reading import help_text
from gdsim.tui.screens.room_question import AnswersSheet, RoomQuestionSheet, RoomVerdictSheet
from gdsim.tui.screens.room_roster import RosterScreen
from gdsim.tui.screens.sheets import AskLine, Choose, Reader

SIZES = [(80, 24), (120, 40)]
FOLLOWING = Air("ada", True, True, "", 0, True)
ALONE = Air("ada", True, True, "mazur", 3, False)
AT_3 = Place("mazur", 3)
WORDS = ("up", "down", "stays")
QUESTION = Question(1, AT_3, "change.W2[0,0]", "sign", "Which way will w5 move?", WORDS, None)
REVEAL = Reveal(1, -1, None, Counts(1, 4, 12, 1, 2))


class RoomForTests(RoomApp):
    def __init__(self, name="mazur", screen=Learner, **options):
        super().__init__(None if name is None else load_file(resolve(name)), Options(**options))
        self.told = []
        self._screen = screen

    def tell(self, message):
        self.told.append(message)

    def new_screen(self, session):
        return self._screen(session, ascii_only=self._options.ascii_only)


def line(app):
    return app.run_screen.query_one(RoomBar).render_line(0).text.strip()


def sheet_text(app):
    return "\n".join(str(part.visual) for part in app.screen.query(Static) if part.display)


def place(app):
    position = app.run_screen.session.position
    return position.update, position.phase


async def hear(app, pilot, *messages):
    for message in messages:
        app.hear_room(message)
        await pilot.pause()


def toasts(app):
    return " ".join(each.message for each in app._notifications)


# Following.


@pytest.mark.parametrize("size", SIZES)
async def test_a_follower_is_where_the_instructor_is(size):
    """Scenario, update, phase and edits; the line says who is followed, and the key that walks alone."""
    app = RoomForTests()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await hear(app, pilot, FOLLOWING, GoTo(Place("mazur", 4, 2, edits=("3:update.learning_rate=0.1",))))
        session = app.run_screen.session
        assert session.position == Position(4, 2)
        assert session.timeline.run_at(4).learning_rate == 0.1
        assert "following ada" in line(app)
        assert "f walks alone" in line(app)
        assert app.told == []


async def test_one_s_own_step_is_the_first_of_a_walk_alone():
    """It is made, the server is told once, and f comes back."""
    app = RoomForTests()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await hear(app, pilot, FOLLOWING, GoTo(AT_3))
        await press(pilot, "space", "space")
        assert place(app) == (5, None)
        assert app.told == [Follow(False)]
        assert "alone" in line(app)
        assert "f follows" in line(app)
        await hear(app, pilot, ALONE)
        assert "ada is in mazur, after update 3" in line(app)
        await press(pilot, "f")
        assert app.told == [Follow(False), Follow(True)]
        await hear(app, pilot, FOLLOWING, GoTo(AT_3))
        assert place(app) == (3, None)
        assert "following ada" in line(app)


@pytest.mark.parametrize("key", ["z", "v", "tab", "i", "question_mark", "y"])
async def test_looking_around_is_no_walk(key):
    """Panels, charts, lesson and help leave one with the instructor."""
    app = RoomForTests()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await hear(app, pilot, FOLLOWING, GoTo(AT_3))
        await press(pilot, key)
        assert app.told == []


async def test_without_a_broadcast_one_walks_as_one_likes():
    """Steps tell nothing about following; f says that one stays alone when a broadcast begins."""
    app = RoomForTests()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "the instructor shows nothing yet" in line(app)
        await press(pilot, "space", "space", "f")
        assert app.told == [Follow(False)]
        await hear(app, pilot, Air("ada", True, False, "mazur", 3, False))
        assert "ada shows nothing now" in line(app)


async def test_another_scenario_takes_the_place_of_the_one_on_view():
    """However often it changes, there is one run screen; what is not served is told and changes nothing."""
    app = RoomForTests(name=None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, PickerScreen)
        await hear(app, pilot, FOLLOWING, GoTo(AT_3))
        await press(pilot, "i")
        await hear(app, pilot, GoTo(Place("perceptron", 2)))
        await hear(app, pilot, GoTo(AT_3), GoTo(Place("mountain-descent", 7)))
        assert sum(isinstance(screen, Learner) for screen in app.screen_stack) == 1
        assert app.run_screen.session.scenario.name == "mountain-descent"
        assert place(app) == (7, None)
        assert "following ada" in line(app)
        await hear(app, pilot, GoTo(Place("no-such", 1)))
        assert "no-such" in toasts(app)
        assert app.run_screen.session.scenario.name == "mountain-descent"


async def test_a_scenario_of_one_s_own_is_a_walk_alone():
    """Picked from the list while a broadcast is on, it is not taken away by the next step."""
    app = RoomForTests(name=None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await hear(app, pilot, FOLLOWING)
        await press(pilot, "enter")
        assert app.told == [Follow(False)]
        assert "alone" in line(app)


async def test_what_was_said_stays_said():
    """An answer is not forgotten when the server tells something else before it has heard of it."""
    app = RoomForTests()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await hear(app, pilot, FOLLOWING, GoTo(AT_3), QUESTION)
        await press(pilot, "up")
        await hear(app, pilot, replace(FOLLOWING, is_here=False))
        assert "you said up" in line(app)
        await press(pilot, "a")
        assert not isinstance(app.screen, RoomQuestionSheet)


async def test_texts_stay_open_and_choices_do_not():
    """A lesson goes on being read; a list that asks something about a place that is left goes."""
    app = RoomForTests()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await hear(app, pilot, FOLLOWING)
        await press(pilot, "i")
        await hear(app, pilot, GoTo(AT_3))
        assert isinstance(app.screen, Reader)
        await press(pilot, "escape", "l")
        assert isinstance(app.screen, AskLine)
        await hear(app, pilot, GoTo(Place("mazur", 4)))
        assert isinstance(app.screen, Learner)


async def test_an_instructor_who_is_away_is_told():
    """The broadcast stays; the line says that nobody is there just now."""
    app = RoomForTests()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await hear(app, pilot, replace(FOLLOWING, is_here=False))
        assert "who is away just now" in line(app)


# A learner's questions.


@pytest.mark.parametrize("size", SIZES)
async def test_a_question_is_answered_and_revealed(size):
    """The sheet opens by itself, panels keep the answer back, a key answers; then ✓, what all said, and the update."""
    app = RoomForTests()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await hear(app, pilot, FOLLOWING, GoTo(AT_3), QUESTION)
        assert isinstance(app.screen, RoomQuestionSheet)
        assert "Which way will w5 move?" in sheet_text(app)
        assert app.run_screen.session.view.is_asking
        assert "a question: press a" in line(app)
        await press(pilot, "h", "down")
        assert app.told == [Answer(1, -1)]
        assert "you said down; others are thinking" in line(app)
        assert app.run_screen.session.view.is_asking
        await hear(app, pilot, replace(REVEAL, answer=-1), GoTo(Place("mazur", 4)))
        assert isinstance(app.screen, RoomVerdictSheet)
        said = sheet_text(app)
        assert "✓ down (Δw5 = −0.0423715)" in said
        bars = [row.split() for row in said.splitlines() if row.startswith(WORDS)]
        assert [row[2] if row[1].startswith("█") else row[1] for row in bars] == ["4", "12", "1"]
        assert "✓ right" in next(row for row in said.splitlines() if row.startswith("down"))
        assert place(app) == (4, None)
        assert app.told == [Answer(1, -1)]
        await press(pilot, "enter")
        assert isinstance(app.screen, Learner)


async def test_a_wrong_answer_is_told_with_its_slip():
    """✗ with both words, and the slip recognised."""
    app = RoomForTests()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await hear(app, pilot, FOLLOWING, GoTo(AT_3), QUESTION)
        await press(pilot, "up")
        await hear(app, pilot, replace(REVEAL, answer=1))
        assert "✗ down (Δw5 = −0.0423715), you said up" in sheet_text(app)
        assert "wrong sign" in sheet_text(app)


async def test_who_gave_no_answer_is_told_the_right_one():
    """The sheet to answer goes; no ✓ and no ✗, and nothing is counted."""
    app = RoomForTests()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await hear(app, pilot, FOLLOWING, GoTo(AT_3), QUESTION)
        await press(pilot, "escape")
        assert isinstance(app.screen, Learner)
        await press(pilot, "a")
        assert isinstance(app.screen, RoomQuestionSheet)
        await hear(app, pilot, REVEAL)
        assert isinstance(app.screen, RoomVerdictSheet)
        assert "It is down (Δw5 = −0.0423715)." in sheet_text(app)
        assert "✗" not in sheet_text(app)
        assert app.run_screen.session.quiz.answered == 0
        assert place(app) == (4, None)
        assert app.told == []


async def test_one_who_walks_alone_is_told_of_a_question():
    """f follows; with the place comes the question. One who answered and walked on is told whether it was right."""
    app = RoomForTests()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await hear(app, pilot, ALONE, QUESTION)
        assert isinstance(app.screen, Learner)
        assert "ada asks a question" in toasts(app)
        await press(pilot, "f")
        await hear(app, pilot, FOLLOWING, GoTo(AT_3), QUESTION)
        await press(pilot, "down")
        await press(pilot, "space", "space")
        assert app.told == [Follow(True), Answer(1, -1), Follow(False)]
        assert not app.run_screen.session.view.is_asking
        await hear(app, pilot, ALONE, replace(REVEAL, answer=-1))
        assert isinstance(app.screen, Learner)
        assert "✓ down" in toasts(app)
        assert place(app) == (5, None)


async def test_an_answer_given_before_is_there_again():
    """One who comes back finds the answer; the question is not put twice."""
    app = RoomForTests()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await hear(app, pilot, FOLLOWING, GoTo(AT_3), replace(QUESTION, answer=0))
        assert isinstance(app.screen, Learner)
        assert "you said stays" in line(app)
        await press(pilot, "a")
        assert not isinstance(app.screen, RoomQuestionSheet)


async def test_with_no_question_open_a_is_what_it_always_is():
    """a lets a learner predict for themselves."""
    app = RoomForTests()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await press(pilot, "a")
        assert isinstance(app.screen, Choose | QuestionSheet)


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
    app = RoomForTests()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await hear(app, pilot, FOLLOWING, GoTo(AT_3), question, REVEAL)
        assert isinstance(app.screen, Learner)
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
    app = RoomForTests(screen=Instructor, at=3)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await hear(app, pilot, Air("ada", True, True, "mazur", 3, False), Roster(rows()))
        assert "on air · 2 learners here · 1 follows" in line(app)
        await press(pilot, "t")
        assert isinstance(app.screen, RosterScreen)
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
        await hear(app, pilot, Roster((changed, replace(rows()[1], name="zoe"))))
        assert [cells[0] for cells in table(app)] == ["maria", "zoe", "李雷", "bob", "eve", "ada"]
        assert table(app)[2] == ["李雷", "perceptron", "15", "alone", "down ✓", "here"]
        await press(pilot, "t")
        assert isinstance(app.screen, Instructor)


async def test_broadcast_and_hand_out_are_keys():
    """f goes on air and off again; h has the hand-out written; walking tells nothing of following."""
    app = RoomForTests(screen=Instructor)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "off air" in line(app)
        await press(pilot, "f")
        await hear(app, pilot, Air("ada", True, True, "mazur", 0, False))
        await press(pilot, "space", "f", "h")
        assert app.told == [Broadcast(True), Broadcast(False), HandoutWanted()]


@pytest.mark.parametrize("size", SIZES)
async def test_asking_everybody(size):
    """Q offers predictions; answers come in as bars; the run waits until enter reveals, then makes the update."""
    app = RoomForTests(screen=Instructor, at=3)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await press(pilot, "Q")
        assert isinstance(app.screen, Choose)
        offered = app.screen.query_one(OptionList)
        texts = [str(offered.get_option_at_index(number).prompt) for number in range(offered.option_count)]
        assert texts[0] == "Which way will w5 move?"
        assert not [text for text in texts if "By how much" in text or "What" in text]
        await press(pilot, "enter")
        (asked,) = app.told
        assert asked == Ask(AT_3, "change.W2[0,0]", "sign", "Which way will w5 move?", WORDS, -1)
        await hear(app, pilot, Air("ada", True, True, "mazur", 3, False), QUESTION, Counts(1, 0, 0, 0, 9))
        assert isinstance(app.screen, AnswersSheet)
        await hear(app, pilot, Counts(1, 2, 6, 0, 1))
        assert "1 has not answered yet" in sheet_text(app)
        bars = {row.split()[0]: row.count("█") for row in sheet_text(app).splitlines() if "  " in row}
        assert bars["down"] >= 3 * bars["up"] - 2 > bars["stays"] == 0
        await press(pilot, "escape", "space", "end", "p", "full_stop")
        assert place(app) == (3, None)
        assert "Your question is open" in toasts(app)
        assert "8 of 9 have answered" in line(app)
        assert app.run_screen.session.view.is_asking
        await press(pilot, "Q", "enter")
        assert app.told == [asked, Close(1)]
        await hear(app, pilot, replace(REVEAL, counts=Counts(1, 2, 6, 0, 1)))
        assert isinstance(app.screen, RoomVerdictSheet)
        assert "It is down (Δw5 = −0.0423715)." in sheet_text(app)
        assert place(app) == (4, None)
        await press(pilot, "enter", "space")
        assert place(app) == (5, None)


async def test_at_the_end_of_a_run_there_is_nothing_to_ask():
    """Q says so."""
    app = RoomForTests(screen=Instructor, at=10**6)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await press(pilot, "Q")
        assert isinstance(app.screen, Instructor)
        assert "Nothing is left to predict" in toasts(app)


async def test_a_second_instructor_is_not_taken_along():
    """Another's question leaves them where they are; Q shows how it stands, and they may reveal it."""
    app = RoomForTests(screen=Instructor, at=7)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await hear(app, pilot, Air("ada", True, True, "mazur", 3, False), QUESTION, Counts(1, 1, 0, 0, 0))
        assert isinstance(app.screen, Instructor)
        await press(pilot, "space", "Q")
        assert isinstance(app.screen, AnswersSheet)
        assert "everybody has answered" in sheet_text(app)
        await press(pilot, "enter")
        assert app.told == [Close(1)]
        await hear(app, pilot, REVEAL)
        assert place(app) == (8, None)


# Keys.


@pytest.mark.parametrize(("screen", "keys"), [(Learner, LEARNER_KEYS), (Instructor, INSTRUCTOR_KEYS)])
async def test_footer_help_and_palette_know_the_keys(screen, keys):
    """Those of the role, where they are served; elsewhere there are none of them."""
    app = RoomForTests(screen=screen, at=3)
    async with app.run_test(size=(160, 40)) as pilot:
        await pilot.pause()
        footer = app.screen.query_one(KeyBar).render_line(0).text
        palette = " ".join(entry.title + entry.help for entry in app.screen.palette_entries())
        for key in keys:
            assert key.does in help_text(app.screen.key_table)
            assert key.does in palette
            assert not key.rank or f"{key.shown} {key.label}" in footer
        await press(pilot, "question_mark")
        assert keys[0].does in sheet_text(app)
    others = {key.action for key in (*LEARNER_KEYS, *INSTRUCTOR_KEYS)} - {"ask"}
    assert not others & {key.action for key in KEYS}


@pytest.mark.parametrize("mine", [LEARNER_KEYS, INSTRUCTOR_KEYS])
def test_no_key_means_two_things(mine):
    """A key of a workshop is none of the run screen's, but where it does that action's work."""
    known = {name: key.action for key in KEYS for name in key.keys}
    for key in mine:
        assert all(known.get(name, key.action) == key.action for name in key.keys)


async def test_the_room_in_ascii():
    """Under --ascii line, bars and marks are ASCII."""
    app = RoomForTests(ascii_only=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await hear(app, pilot, FOLLOWING, GoTo(AT_3), replace(QUESTION, answer=-1), replace(REVEAL, answer=-1))
        shown = "\n".join(strip.text for strip in strips_of(app.screen))
        assert shown.isascii(), sorted({letter for letter in shown if not letter.isascii()})
        assert "#####" in shown


async def test_the_room_in_chinese():
    """The line and the sheets are in the learner's language, whatever the instructor's is."""
    use_language("zh")
    try:
        app = RoomForTests()
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await hear(app, pilot, FOLLOWING, GoTo(AT_3), QUESTION)
            assert "跟随" in line(app)
            assert "Which way" not in sheet_text(app)
    finally:
        use_language("en")
