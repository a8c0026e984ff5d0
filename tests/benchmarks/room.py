"""A workshop to be measured: a server with its processes, and people who notice when something is drawn."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncssh

CODE, INSTRUCTOR = "amber-otter-lamp", "basil-tiger-moon"
SIZE = (120, 40)
SCENARIO = "mountain-descent"

_SERVE = """
import sys
from pathlib import Path
from gdsim.serve.options import ServeOptions
from gdsim.serve.server import serve
folder = Path(sys.argv[1])
sys.exit(serve(ServeOptions((sys.argv[4],), port=0, code=sys.argv[2], instructor_code=sys.argv[3],
    host_key=folder / "key", log=folder / "log", max_learners=700)))
"""


class Server:
    """A server, and its processes."""

    def __init__(self, folder):
        command = [sys.executable, "-c", _SERVE, folder, CODE, INSTRUCTOR, SCENARIO]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r":(\d+)", self.process.stdout.readline())[1])
        for line in self.process.stdout:
            if line.startswith("ctrl+c"):
                break

    def memory(self):
        """Return the bytes of memory of all its processes, what several share counted in parts."""
        return sum(_pss(pid) for pid in (self.process.pid, *self.descendants()))

    def descendants(self):
        """Return the numbers of its processes."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(stat.parent.name)] = int(fields[1])
        return [pid for pid in parents if pid != self.process.pid and self._is_above(pid, parents)]

    def screens(self):
        """Return the processes of learners: they give way to others."""
        nice = os.getpriority(os.PRIO_PROCESS, self.process.pid)
        found = []
        for pid in self.descendants():
            try:
                if os.getpriority(os.PRIO_PROCESS, pid) > nice:
                    found.append(pid)
            except ProcessLookupError:
                continue
        return found

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def _is_above(self, pid, parents):
        while pid in parents:
            pid = parents[pid]
            if pid == self.process.pid:
                return True
        return False


class Person(asyncssh.SSHClientSession):
    """Somebody at a terminal."""

    def __init__(self, name, code=CODE):
        self.name, self._code = name, code
        self.joined = 0.0
        self.bytes = 0
        self.last = 0.0
        self._read = b""
        self._wanted = b"quit"
        self._came = asyncio.Event()

    async def join(self, server):
        """Log in, and wait until the whole screen is there."""
        begun = time.perf_counter()
        self._connection = await asyncssh.connect(
            "127.0.0.1",
            server.port,
            username=self.name,
            password=self._code,
            known_hosts=None,
            client_keys=None,
            agent_path=None,
            config=None,
            login_timeout=120,
        )
        self._channel, _ = await self._connection.create_session(
            lambda: self, term_type="xterm-256color", term_size=SIZE, encoding=None
        )
        await self._came.wait()
        self.joined = time.perf_counter() - begun
        self._wanted = self._read = b""

    def data_received(self, data, datatype):
        """Note what was drawn, and when."""
        self.last = time.perf_counter()
        self.bytes += len(data)
        if self._wanted:
            self._read += data
            if self._wanted not in self._read:
                return
        self._came.set()

    async def settle(self, seconds=0.3, longest=5.0):
        """Wait until nothing has been drawn for a while."""
        begun = time.perf_counter()
        while (now := time.perf_counter()) - begun < longest and (left := max(self.last, begun) + seconds - now) > 0:
            await asyncio.sleep(left)

    def press(self, keys):
        """Type something, and wait for what it draws from here on."""
        self.watch()
        self._channel.write(keys)

    def watch(self):
        """Wait from here on for what others draw."""
        self._came.clear()

    async def painted(self):
        """Wait until something is drawn after a key."""
        await self._came.wait()

    def leave(self):
        self._connection.abort()


async def join_all(server, people, seconds):
    """Let everybody join, fifty a second; return whether all did in a time."""

    async def join(person, offset):
        await asyncio.sleep(offset)
        await person.join(server)

    return await within(seconds, [join(person, number / 50) for number, person in enumerate(people)])


async def within(seconds, work):
    """Do several things at once; return whether all were done in a time."""
    done, pending = await asyncio.wait([asyncio.ensure_future(each) for each in work], timeout=seconds)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()
    return not pending


def _pss(pid):
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
