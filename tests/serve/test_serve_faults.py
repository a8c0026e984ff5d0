"""What goes wrong in one place disturbs no other, leaves nothing behind, and is seen by the instructor."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from over_ssh import Workshop, read_until, screen, until, visit

from gdsim.serve.workers import Worker

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="/proc is needed")


def test_a_process_that_does_not_come_back_is_ended():
    """An endless loop gets its processor time and no more; coming back to the loop renews it."""
    program = """
import sys
from gdsim.serve.confinement import allow_time
allow_time(1)
if sys.argv[1] == "comes back":
    import time
    begun = time.process_time()
    while time.process_time() - begun < 2.5:
        allow_time(1)
    sys.exit(0)
while True:
    pass
"""
    ends = [
        subprocess.run([sys.executable, "-c", program, how], timeout=60, check=False, stderr=subprocess.DEVNULL)
        for how in ("comes back", "loops")
    ]
    assert ends[0].returncode == 0
    assert ends[1].returncode == -signal.SIGXCPU


async def test_a_full_disk_for_the_log(tmp_path):
    """A log that cannot be written is said once on stderr, and the workshop goes on."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    with Workshop(tmp_path, "mountain-descent", "--log", "/dev/full") as workshop:
        for _number in range(2):
            async with visit(workshop):
                pass
        assert workshop.errors.count("the log cannot be written") == 1
        assert workshop.stop() == 0


@pytest.mark.parametrize("count", [100])
def test_many_join_at_once_and_all_are_told_goodbye(tmp_path, count):
    """A hundred joins in two seconds are all served; SIGTERM with all of them there leaves no process and no socket."""
    with Workshop(tmp_path, "mountain-descent") as workshop:

        async def join(number):
            await asyncio.sleep(2 * number / count)
            connection = await workshop.connect(f"learner{number}", login_timeout=120)
            process = await screen(connection, term_size=(80, 24))
            async with asyncio.timeout(300):
                read = b""
                while b"quit" not in read:
                    read += (data := await process.stdout.read(65_536))
                    assert data, read[-500:]
            return connection, process

        async def everybody():
            there = await asyncio.gather(*(join(number) for number in range(count)))
            assert len(workshop.children) == count
            processes = workshop.processes
            workshop.process.send_signal(signal.SIGTERM)
            told = await asyncio.gather(*(process.stdout.read(-1) for _connection, process in there))
            assert all(b"the workshop is over" in each and b"\x1b[?1049l" in each for each in told)
            for connection, _process in there:
                connection.abort()
            await asyncio.gather(*(connection.wait_closed() for connection, _process in there))
            return processes

        processes = asyncio.run(everybody())
        assert workshop.process.wait(30) == 0
        until(lambda: not [pid for pid in processes if Path(f"/proc/{pid}").exists()], what=lambda: processes)


def test_the_server_killed_takes_everything_along(tmp_path):
    """kill -9 of the server itself leaves no process behind either."""
    if sys.platform != "linux":
        pytest.skip("needs PR_SET_PDEATHSIG")
    with Workshop(tmp_path, "mountain-descent") as workshop:

        async def visit():
            connection = await workshop.connect()
            process = await screen(connection)
            await read_until(process, b"quit")
            found = workshop.processes
            workshop.process.kill()
            await process.wait()
            connection.abort()
            await connection.wait_closed()
            return found

        processes = asyncio.run(visit())
        assert len(processes) >= 2
        until(lambda: not [pid for pid in processes if Path(f"/proc/{pid}").exists()], what=lambda: processes)
        workshop.process.wait(10)


@LINUX
async def test_who_leaves_while_a_process_starts_leaves_none_behind():
    """A process whose learner went before it could be read from is ended as soon as it has begun."""
    started = subprocess.Popen(["sleep", "60"])
    screens, messages = socket.socketpair(), socket.socketpair()
    worker = Worker(Viewer(), "ada")
    worker.let_go()
    try:
        sentinel = os.pidfd_open(started.pid)
        process = SimpleNamespace(pid=started.pid, sentinel=sentinel, exitcode=-9)
        await worker.begin(process, screens[0], messages[0], lambda: None)
        assert started.wait(timeout=5) == -signal.SIGKILL
        await asyncio.sleep(0.1)
    finally:
        started.kill()
        started.wait()
        asyncio.get_running_loop().remove_reader(sentinel)
        os.close(sentinel)
        for ours, theirs in (screens, messages):
            theirs.close()
            ours.close()


class Viewer:
    """Hears nothing: its learner has gone."""
