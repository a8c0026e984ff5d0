"""Clients that keep the server waiting: each is let go after its time, with a line in the log, and nobody else is."""

import asyncio
import os
import re
import signal
import sys
from contextlib import AsyncExitStack, suppress

import asyncssh
import pytest
from over_ssh import INSTRUCTOR_CODE, came, left_with, modes_left_on, needs_ssh, prepared, screen, step, until, visit
from test_serve_screen import CLEAN

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="screens have such limits on Linux")

ENDLESS = '''
"""An engine that never comes back where the learning rate is high, and screens with seconds of processor time."""
from gdsim.serve import confinement
from gdsim.timeline.segment import Segment

confinement.allow_time.__defaults__ = (3,)
advance = Segment.advance

def stuck(segment):
    while segment.run.learning_rate > 0.3:
        pass
    return advance(segment)

Segment.advance = stuck
'''


HANGING = '''
"""A screen that never draws, for some."""
import time

from gdsim.serve.client import Client

connect = Client.connect.__func__

async def hang(kind, profile, *more):
    if {when}:
        time.sleep(60)
    return await connect(kind, profile, *more)

Client.connect = classmethod(hang)
'''


@pytest.fixture(scope="module")
def impatient(tmp_path_factory):
    """A server that waits for clients a few seconds at most: longer than any of them needs for what it should do."""
    folder = tmp_path_factory.mktemp("impatient")
    patience = "Patience(login=4, screen=3, silence=0.4, silences=11)"
    with prepared(folder, patience=patience) as served:
        yield served
        assert served.stop() == 0
        until(lambda: not served.processes)


async def closed(reader):
    """Wait until the server has closed a connection."""
    async with asyncio.timeout(60):
        with suppress(ConnectionError):
            while await reader.read(65_536):
                pass


async def test_a_login_takes_only_so_long(impatient):
    """Who says nothing, who greets and says no more, and who never finds the code: each is let go, and it is logged."""
    dumb, curt = [await asyncio.open_connection("127.0.0.1", impatient.port) for _number in range(2)]
    curt[1].write(b"SSH-2.0-curt\r\n")
    searching = asyncio.Event()

    class Searching(asyncssh.SSHClient):
        async def password_auth_requested(self):
            searching.set()
            await asyncio.Event().wait()

    name = impatient.somebody()
    asking = {"client_factory": Searching, "preferred_auth": "password", "login_timeout": 120}
    login = asyncio.ensure_future(impatient.connect(name, None, **asking))
    await asyncio.wait_for(searching.wait(), 60)
    for reader, writer in (dumb, curt):
        await closed(reader)
        writer.close()
    with pytest.raises((asyncssh.Error, OSError)):
        await asyncio.wait_for(login, 60)
    impatient.until_logged(f"{name}@127.0.0.1: timed out: no login")
    until(lambda: impatient.logged.count(" @127.0.0.1: timed out: no login") == 2)
    assert impatient.children == []


async def test_who_logs_in_and_asks_for_no_screen(impatient):
    """A connection is for a screen: without one it is ended, while others stay as long as they like."""
    name = impatient.somebody()
    async with visit(impatient) as well:
        async with impatient.connect(name) as idle:
            await asyncio.wait_for(idle.wait_closed(), 60)
        await asyncio.to_thread(impatient.until_logged, f"{name}@127.0.0.1: timed out: no screen was requested")
        await step(well)


@needs_ssh
async def test_a_client_that_stops(impatient):
    """A real `ssh` that is stopped answers no more: its line is cut and its process ended, and neighbours go on."""
    name = impatient.somebody()
    async with visit(impatient) as well:
        others = [impatient.child]
        with impatient.ssh(name=name) as stopped:
            await asyncio.to_thread(stopped.until, "q quit")
            assert len(impatient.children) == len(others) + 1
            os.kill(stopped.pid, signal.SIGSTOP)
            refused = f"{name}@127.0.0.1: timed out: no answer"
            await asyncio.to_thread(impatient.until_logged, refused, 60)
            await asyncio.to_thread(until, lambda: impatient.children == others)
            await asyncio.to_thread(impatient.until_logged, f"{name}: left")
        await step(well)


async def test_who_is_silent_but_there_stays(impatient):
    """Somebody who only looks, longer than one may who gives no answers, is asked and stays."""
    async with visit(impatient) as process:
        await asyncio.sleep(6)
        await step(process)


@LINUX
@needs_ssh
def test_an_endless_loop(tmp_path):
    """A screen that never comes back says so, and is ended by its processor time; the learner's terminal is put back.

    Meanwhile a neighbour goes on, and the instructor sees who crashed.
    """
    (tmp_path / "sitecustomize.py").write_text(ENDLESS)  # which every process of the server's loads, not the server
    before = f"sys.path.insert(0, {str(tmp_path)!r})"
    with (
        prepared(tmp_path, before) as workshop,
        workshop.ssh(name="ada", code=INSTRUCTOR_CODE) as ada,
        workshop.ssh(name="tom") as tom,
        workshop.ssh(name="maria") as maria,
    ):
        for each in (ada, tom, maria):
            each.until("q quit")
        maria.send("]]]]")
        maria.until("η 0.2")
        there = workshop.children
        maria.send("] ")
        tom.send(" ")
        tom.until("update 1 ·")
        maria.until("this is taking too long")
        assert maria.ended(120) == 128 + signal.SIGXCPU
        assert modes_left_on(maria.raw) == CLEAN
        assert b"stopped by SIGXCPU" in maria.raw.rpartition(b"\x1b[?1049l")[2]
        workshop.until_logged("maria: the screen was stopped by SIGXCPU")
        assert re.search(r"\| .*sitecustomize\.py.* in ", workshop.logged)  # where it was busy
        until(lambda: len(workshop.children) == len(there) - 1, what=lambda: workshop.children)
        ada.send("t")
        ada.until("maria")
        ada.until("crashed")
        tom.send(" ")
        tom.until("update 2 ·")
        tom.send("q")
        assert tom.ended() == 0


@LINUX
async def test_a_screen_that_never_draws(tmp_path):
    """It is ended and begun again; after three of them the learner is told, and nobody else notices."""
    (tmp_path / "sitecustomize.py").write_text(HANGING.format(when='profile.name == "stuck"'))
    before = f"sys.path.insert(0, {str(tmp_path)!r})"
    with prepared(tmp_path, before) as workshop:
        async with visit(workshop) as well, workshop.connect("stuck") as connection:
            ended = await asyncio.wait_for((await screen(connection)).wait(), 120)
            assert ended.exit_status == 71
            assert b"no screen could be started" in ended.stdout
            for attempt in (1, 2, 3):
                workshop.until_logged(f"stuck: a screen that drew nothing was stopped (attempt {attempt})")
            await step(well)


@LINUX
async def test_a_mirror_that_never_draws(tmp_path):
    """It is ended, its followers keep their own screens, and the instructor's next step begins another."""
    when = "profile.size == (100, 30) and not profile.name and profile.place.update == 0"
    (tmp_path / "sitecustomize.py").write_text(HANGING.format(when=when))
    with prepared(tmp_path, f"sys.path.insert(0, {str(tmp_path)!r})") as workshop:
        async with AsyncExitStack() as stack:
            instructor = await came(stack, workshop, "ada", code=INSTRUCTOR_CODE)
            followers = [await came(stack, workshop, size=(100, 30)) for _number in range(2)]
            instructor.press(b"f")
            await asyncio.to_thread(until, lambda: len(workshop.children) == 4)
            await asyncio.to_thread(until, lambda: len(workshop.children) == 3)
            instructor.press(b" ")
            for each in followers:
                await each.until("update 1 ·")
            await asyncio.to_thread(until, lambda: len(workshop.children) == 2)
            for each in (instructor, *followers):
                assert await left_with(each.process, b"\x03") == 130
