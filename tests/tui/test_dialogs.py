"""Dialogs and keys that arrive together: a dialog closes once, and what is typed too early does no harm."""

from itertools import repeat

import pytest
from driving import press, running
from textual.events import Key

from gdsim.classroom.messages import Counts
from gdsim.classroom.view import RoomView
from gdsim.scenario.course import course_of
from gdsim.session.command import Text, TextLine, Work
from gdsim.timeline.position import Position
from gdsim.tui.dialogs.dialog import Dialog
from gdsim.tui.dialogs.progress import Progress
from gdsim.tui.dialogs.reader import Verdict
from gdsim.tui.dialogs.room import AnswersDialog, RoomQuestion
from gdsim.tui.dialogs.roster import Roster
from gdsim.tui.run_screen import RunScreen

OPENED_BY_A_KEY = ["g", "l", "e", "u", "w", "a", "d", "D", "y", "s", "k", "question_mark", "M", "ctrl+p"]


async def press_together(pilot, *keys):
    """Send keys as one packet of a terminal does: all are read before the first is answered."""
    for key in keys:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))
    await pilot.pause()
    await pilot.pause()


@pytest.mark.parametrize("key", OPENED_BY_A_KEY)
async def test_a_dialog_that_is_closed_twice_is_closed_once(key):
    """The run is in front again, however many escapes come with the key that opens the dialog, or after it."""
    async with running("mazur", at=1) as (app, pilot):
        await press_together(pilot, key, "escape", "escape")
        await press_together(pilot, "escape", "escape", "escape")
        assert isinstance(app.screen, RunScreen)
        await press(pilot, key)
        assert not isinstance(app.screen, RunScreen)
        await press_together(pilot, "escape", "escape", "escape")
        assert isinstance(app.screen, RunScreen)
        await press(pilot, "space")
        assert app.screen.session.position == Position(2)


def endless():
    """Work that ends when it is stopped."""
    return Work("endless", 10, repeat(0), lambda _at: "on and on", lambda _work: Text((TextLine("stopped"),)))


def dialogs(session):
    quiz = session.quiz
    return {
        "progress": lambda: Progress(endless()),
        "verdict": lambda: Verdict(Text((TextLine("right", "right"),), title="before update 1")),
        "room question": lambda: RoomQuestion(session),
        "answers": lambda: AnswersDialog(RoomView(counts=Counts(1, 0, 0, 0, len(quiz.open)))),
        "roster": lambda: Roster(RoomView(), course_of(())),
    }


@pytest.mark.parametrize("name", ["progress", "verdict", "room question", "answers", "roster"])
async def test_dialogs_that_no_key_opens_close_once_too(name):
    """Progress, verdict and the dialogs of a workshop."""
    async with running(is_asking=True) as (app, pilot):
        await press(pilot, "space")
        session = app.run_screen.session
        await press(pilot, "escape")
        app.push_screen(dialogs(session)[name]())
        await pilot.pause()
        await press_together(pilot, "escape", "escape", "escape")
        for _turn in range(50):
            if not isinstance(app.screen, Dialog):
                break
            await pilot.pause(0.05)
        assert isinstance(app.screen, RunScreen)


async def test_the_lines_of_a_run_keep_their_width():
    """The style of a progress bar, which Textual calls `Bar` too, is not that of title, position, status and keys."""
    async with running() as (app, pilot):
        app.push_screen(Progress(endless()))
        await pilot.pause()
        app.push_screen(app.screen_of(app.way_into(app.run_screen.session.scenario)))
        await pilot.pause()
        assert {bar.size.width for bar in app.screen.query("#title, #position, #status, #keys")} == {120}


async def test_a_question_is_answered_once():
    """Two answers in one packet are one: the verdict is that of the first, and the second does not answer it away."""
    async with running(is_asking=True) as (app, pilot):
        await press(pilot, "space")
        await press_together(pilot, "down", "down", "up")
        assert isinstance(app.screen, Verdict)
        assert app.run_screen.session.quiz.answered == 1


async def test_keys_typed_before_a_dialog_is_there_do_not_step_the_run():
    """What follows the key that opens a dialog in one packet is not the run's any more."""
    async with running() as (app, pilot):
        await press_together(pilot, "question_mark", "n", "n", "n")
        assert not isinstance(app.screen, RunScreen)
        assert app.is_running
        assert app.run_screen.session.position == Position()
