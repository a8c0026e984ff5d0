"""What a host may run out of, and what may fail below it: those who are there go on, and the instructor is told."""

import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack, suppress

import asyncssh
import pytest
from over_ssh import INSTRUCTOR_CODE, Workshop, came, left_with, prepared, screen, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc and limits of Linux are needed")


async def step(watched, update):
    """Make an update on a screen."""
    watched.press(b" ")
    await watched.until(f"update {update} ·")


async def test_a_full_disk_for_log_and_hand_out(tmp_path):
    """Both are told to the instructor; of the hand-out no part is left; everybody goes on."""
    before = "resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))"
    with prepared(tmp_path, before) as workshop:
        async with AsyncExitStack() as stack:
            learner = await came(stack, workshop)
            ada = await came(stack, workshop, "ada", code=INSTRUCTOR_CODE)
            await ada.until("log cannot be written")
            ada.press(b"h")
            await ada.until("hand-out could not be written")
            assert list((tmp_path / "out").iterdir()) == []
            await step(learner, 1)
            for each in (ada, learner):
                assert await left_with(each.process, b"\x03") == 130
        assert workshop.stop() == 0


async def test_a_log_that_nobody_reads(tmp_path):
    """A pipe that is full holds up nobody, neither now nor at the end."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, b"x" * 65_536)
    os.set_blocking(writing, True)
    before = f"sys.stderr = open({writing}, 'w')"
    try:
        os.set_inheritable(writing, True)
        with prepared(tmp_path, before, log=None, pass_fds=(writing,)) as workshop:
            async with AsyncExitStack() as stack:
                learner = await came(stack, workshop)
                await step(learner, 1)
                assert await left_with(learner.process, b"\x03") == 130
            assert workshop.stop() == 0
    finally:
        os.close(reading)
        os.close(writing)


async def test_descriptors_run_out(tmp_path):
    """Who comes too late waits or is turned away; who is there goes on; then there is room again."""
    before = "resource.setrlimit(resource.RLIMIT_NOFILE, (48, 48))"
    with prepared(tmp_path, before) as workshop:
        async with AsyncExitStack() as stack:
            early = await came(stack, workshop)
            silent = [
                await asyncio.wait_for(asyncio.open_connection("127.0.0.1", workshop.port), 20) for _number in range(60)
            ]
            await asyncio.sleep(1)
            await step(early, 1)
            for _reader, writer in silent:
                writer.close()
            late = await came(stack, workshop)
            await step(late, 1)
            await step(early, 2)
            for each in (early, late):
                assert await left_with(each.process, b"\x03") == 130
        assert workshop.stop() == 0


NO_FORK = """
import os, sys
from pathlib import Path
fork = os.fork
def no_fork():
    if Path({full!r}).exists():
        raise BlockingIOError(11, "Resource temporarily unavailable")
    return fork()
os.fork = no_fork
"""


async def test_processes_run_out(tmp_path):
    """Who comes then is told to come again; who is there goes on; then there is room again."""
    full = tmp_path / "full"
    (tmp_path / "sitecustomize.py").write_text(NO_FORK.format(full=str(full)))
    with prepared(tmp_path, f"sys.path.insert(0, {str(tmp_path)!r})") as workshop:
        async with AsyncExitStack() as stack:
            early = await came(stack, workshop)
            full.touch()
            async with workshop.connect() as connection:
                process = await screen(connection)
                ended = await asyncio.wait_for(process.wait(), 120)
                assert ended.exit_status == 71
                assert b"no screen could be started" in ended.stdout
            await step(early, 1)
            full.unlink()
            late = await came(stack, workshop)
            await step(late, 1)
            await step(early, 2)
            assert await left_with(late.process, b"\x03") == 130
            assert await left_with(early.process, b"\x03") == 0  # the fork server that knew its status is gone
        assert workshop.stop() == 0


async def test_a_fork_server_that_answers_nothing(tmp_path):
    """Nobody waits for it without end: not who leaves, not who comes, for whom there is a new one, and not SIGTERM."""
    with prepared(tmp_path, "from gdsim.serve import workers\nworkers.LONGEST_PATIENCE = 5") as workshop:
        async with AsyncExitStack() as stack:
            early = await came(stack, workshop)
            os.kill(workshop.fork_server, signal.SIGSTOP)
            assert await left_with(early.process, b"\x03") == 0  # nobody tells its status
            late = await came(stack, workshop)
            await step(late, 1)
            os.kill(workshop.fork_server, signal.SIGSTOP)
            coming = await screen(await stack.enter_async_context(workshop.connect()))
            await asyncio.sleep(1)
            workshop.process.send_signal(signal.SIGTERM)
            for each in (late.process, coming):
                ended = await asyncio.wait_for(each.wait(), 20)
                assert ended.exit_status == 0
                assert b"the workshop is over" in ended.stdout
        assert await asyncio.to_thread(workshop.process.wait, 20) == 0
        until(lambda: not workshop.processes, what=lambda: workshop.processes)


async def test_the_clock_is_set_back(tmp_path):
    """An hour back in the middle: keys, idle times, wrong codes and joins go on as before."""
    back = tmp_path / "back"
    before = f"now = time.time\ntime.time = lambda: now() - 3600 * Path({str(back)!r}).exists()"
    with prepared(tmp_path, before) as workshop:
        async with AsyncExitStack() as stack:
            early = await came(stack, workshop)
            back.touch()
            await step(early, 1)
            with pytest.raises(asyncssh.PermissionDenied):
                await workshop.connect(code="wrong-wrong-wrong", preferred_auth="password")
            late = await came(stack, workshop)
            await step(late, 1)
            await asyncio.sleep(2)
            await step(early, 2)
            for each in (early, late):
                assert await left_with(each.process, b"\x03") == 130
        assert workshop.stop() == 0


async def test_everything_at_once(tmp_path):
    """A learner's process killed, another stopped, a line cut, the fork server killed: two more go on."""
    with Workshop(tmp_path, "mountain-descent") as workshop:
        async with AsyncExitStack() as stack:
            there, pids = [], []
            for _number in range(4):
                there.append(await came(stack, workshop))
                pids += set(workshop.children) - set(pids)
            os.kill(pids[0], signal.SIGKILL)
            ended = await asyncio.wait_for(there[0].process.wait(), 20)
            assert ended.exit_status == 128 + signal.SIGKILL
            assert b"\x1b[?1049l" in ended.stdout
            os.kill(pids[1], signal.SIGSTOP)
            there[2].process.channel.get_connection().abort()
            os.kill(workshop.fork_server, signal.SIGKILL)
            await step(there[3], 1)
            fifth = await came(stack, workshop)
            await step(fifth, 1)
            assert await left_with(fifth.process, b"\x03") == 130
            assert await left_with(there[3].process, b"\x03") == 0  # the fork server that knew its status is gone
        until(lambda: not workshop.children, what=lambda: workshop.children)
        workshop.until_logged("the fork server ended; it is being restarted")
        assert workshop.stop() == 0
