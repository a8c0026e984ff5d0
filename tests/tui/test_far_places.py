"""A far update is reached in the background: the first frame does not wait for it, and nobody is left behind."""

from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from driving import arrive, dialog_text, press, running, until
from small_hill import HILL
from test_room_screens import ClientForTests, receive

from gdsim.classroom.messages import Follow, GoTo, OnAirState
from gdsim.scenario.load import load_text
from gdsim.scenario.place import Place
from gdsim.session import Session
from gdsim.session.progress import ProgressFile, key_of, record_of, resumed
from gdsim.session.steps import way_to
from gdsim.tui.app import GdsimApp
from gdsim.tui.dialogs.progress import Progress
from gdsim.tui.run_screen import RunScreen
from gdsim.tui.workshop import Workshop

FAR = load_text(HILL.replace("= 20", "= 10_000_000").replace("= 0.01", "= 1e-7"), "far")
FARTHEST = 10_000_000
THERE = 150_000
FOLLOWING = OnAirState("ada", True, True, "far", THERE, True)


@asynccontextmanager
async def travelling(place=None, *, size):
    client = ClientForTests(False, place)
    client.scenarios = {"far": FAR}
    app = GdsimApp(FAR)
    app.workshop = Workshop(app, client)
    async with running(app, size=size) as (_app, pilot):
        yield app, pilot, client


def update(app):
    return app.run_screen.session.position.update


async def test_the_first_frame_does_not_wait():
    """`--at` and an edit on the way: a screen at the start with its progress, then at the place."""
    async with running(FAR, place=Place("", THERE, edits=("50000:x=3.0",)), size=(80, 24)) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, Progress))
        assert update(app) == 0
        await until(pilot, lambda: f"of at most {THERE}" in dialog_text(app))
        await arrive(pilot)
        assert update(app) == THERE
        assert app.run_screen.session.timeline.state(50_000).theta[0] == 3.0


async def test_who_comes_back_is_still_there_for_the_server():
    """On the way back no place is told; once there, keys work on."""
    async with travelling(Place("far", THERE), size=(80, 24)) as (app, pilot, client):
        await until(pilot, lambda: isinstance(app.screen, Progress))
        assert client.places == []
        await arrive(pilot)
        await press(pilot, "space")
        assert update(app) == THERE + 1
        await until(pilot, lambda: client.places[-1:] and client.places[-1].place.update == THERE + 1)


async def test_a_way_that_is_stopped_ends_where_it_is():
    """Escape stops: from there one walks on by oneself."""
    async with travelling(Place("far", FARTHEST), size=(80, 24)) as (app, pilot, _client):
        await until(pilot, lambda: isinstance(app.screen, Progress))
        await press(pilot, "escape")
        await arrive(pilot)
        stopped = update(app)
        assert 0 < stopped < FARTHEST
        await press(pilot, "space")
        assert update(app) == stopped + 1


async def test_a_way_that_begins_before_its_screen_is_there():
    """It is walked once, when the screen is there, and its end does not come a second time over what follows."""
    async with running(FAR, size=(80, 24)) as (app, pilot):
        screen = app.screen_of(way_to(Session.open(FAR), Place("far", 1)))
        app.push_screen(screen)
        screen.travel(way_to(Session.open(FAR), Place("far", THERE)))
        await until(pilot, lambda: isinstance(app.screen, Progress))
        await pilot.pause(0.3)
        assert [type(each) for each in app.screen_stack[1:]] == [RunScreen, Progress]
        await arrive(pilot)
        assert update(app) == THERE
        await press(pilot, "space")
        await pilot.pause(0.5)
        assert update(app) == THERE + 1


async def test_a_follower_comes_after():
    """The instructor steps on meanwhile; who follows ends at the last of these places, and follows still."""
    async with travelling(size=(80, 24)) as (app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(Place("far", THERE)))
        for further in (1, 2, 3):
            await receive(client, pilot, GoTo(Place("far", THERE + further)))
        await until(pilot, lambda: update(app) == THERE + 3)
        assert client.told == []


async def test_an_instructor_who_turns_back_is_followed_at_once():
    """A way nobody wants any more is given up."""
    async with travelling(size=(80, 24)) as (app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(Place("far", FARTHEST)), GoTo(Place("far", 5)))
        await until(pilot, lambda: update(app) == 5)
        assert client.told == []


async def test_a_follower_who_stops_walks_alone():
    """As with any key of one's own."""
    async with travelling(size=(80, 24)) as (app, pilot, client):
        await receive(client, pilot, FOLLOWING, GoTo(Place("far", FARTHEST)))
        await until(pilot, lambda: isinstance(app.screen, Progress))
        await press(pilot, "escape")
        await arrive(pilot)
        assert client.told == [Follow(False)]


@pytest.mark.parametrize("is_left_at_once", [True, False])
async def test_progress_is_kept_as_it_was(tmp_path, is_left_at_once):
    """Who leaves on the way is brought to the same place the next time."""
    file, key = ProgressFile(tmp_path / "progress.json"), key_of(Path(FAR.where))
    left = record_of(Session.open(FAR).after(THERE))
    file.keep(key, left)
    async with running(FAR, progress=file, size=(80, 24)) as (app, pilot):
        app.push_screen(app.screen_of(resumed(Session.open(FAR), left)))
        await until(pilot, lambda: isinstance(app.screen, Progress))
        if not is_left_at_once:
            await arrive(pilot)
        await press(pilot, "ctrl+c")
    assert file.read().scenarios[key].update == THERE
