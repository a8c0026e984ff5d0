"""A workshop under load: joins, keys, memory and bytes of learners and followers, beside a fresh process for each.

The clients are asyncssh's, in this process, on loopback; what they cost is in every time measured. Load is bounded: at
most 200 learners and 500 followers, a key a second each, for a few seconds.
"""

import asyncio
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from tests.benchmarks.measures import Row, median, milliseconds, percentile

LEARNERS, FOLLOWERS = (1, 10, 50, 100, 200), (50, 200, 500)
FRESH = (1, 10, 50)
"""Learners with a fresh process each; more of them would take minutes to begin."""

_CODE, _INSTRUCTOR = "amber-otter-lamp", "basil-tiger-moon"
_SECONDS = 4
_SIZE = (120, 40)

_SERVE = """
import sys
from pathlib import Path
from gdsim.serve.options import ServeOptions
from gdsim.serve.serving import serve
folder, is_fresh = Path(sys.argv[1]), sys.argv[2] == "fresh"
sys.exit(serve(ServeOptions(("mountain-descent",), port=0, code=sys.argv[3], instructor_code=sys.argv[4],
    host_key=folder / "key", log=folder / "log", max_learners=700, is_fresh=is_fresh)))
"""


@dataclass(frozen=True)
class Measured:
    """Seconds from the login to the first screen and from a key to its frame, bytes a key, and memory a learner."""

    joins: tuple[float, ...]
    keys: tuple[float, ...]
    bytes_a_key: float
    memory: float


class Server:
    """A server, and its processes."""

    def __init__(self, folder, how):
        command = [sys.executable, "-c", _SERVE, folder, how, _CODE, _INSTRUCTOR]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r":(\d+)", self.process.stdout.readline())[1])
        for line in self.process.stdout:
            if line.startswith("ctrl+c"):
                break

    def memory(self):
        """Return the bytes of memory of all its processes, what several share counted in parts."""
        return sum(_pss(pid) for pid in (self.process.pid, *self.children()))

    def children(self):
        """Return the numbers of its processes."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == self.process.pid:
                found.append(int(stat.parent.name))
        return found

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.process.stdout.close()


class Client:
    """Somebody at a terminal."""

    def __init__(self, server, name, code=_CODE):
        self._server, self._name, self._code = server, name, code
        self.joined = 0.0

    async def join(self, stack):
        begun = time.perf_counter()
        self._connection = await stack.enter_async_context(
            asyncssh.connect(
                "127.0.0.1",
                self._server.port,
                username=self._name,
                password=self._code,
                known_hosts=None,
                client_keys=None,
                agent_path=None,
                config=None,
                login_timeout=120,
            )
        )
        self._process = await self._connection.create_process(
            term_type="xterm-256color", term_size=_SIZE, encoding=None
        )
        read = b""
        while b"quit" not in read:
            data = await self._process.stdout.read(65_536)
            if not data:
                raise RuntimeError(f"{self._name} was refused: {read[-200:]}")
            read += data
        self.joined = time.perf_counter() - begun

    async def settle(self):
        """Read what else is drawn."""
        while True:
            try:
                await asyncio.wait_for(self._process.stdout.read(65_536), 0.3)
            except TimeoutError:
                return

    def press(self, key):
        self._process.stdin.write(key)

    async def painted(self):
        """Wait for bytes, and return how many came at once."""
        return len(await self._process.stdout.read(65_536))


async def _learners(server, count, stack):
    before = server.memory()
    clients = [Client(server, f"learner{number}") for number in range(count)]
    await _join_all(clients, stack)
    await asyncio.gather(*(client.settle() for client in clients))
    memory = (server.memory() - before) / count
    for client in clients:
        client.press(b" ")
    await asyncio.gather(*(client.settle() for client in clients))
    keys, sizes = [], []

    async def walk(client, offset):
        await asyncio.sleep(offset)
        for _number in range(_SECONDS):
            begun = time.perf_counter()
            client.press(b" ")
            sizes.append(await client.painted())
            keys.append(time.perf_counter() - begun)
            await asyncio.sleep(max(0.0, 1 - (time.perf_counter() - begun)))

    await asyncio.gather(*(walk(client, number / count) for number, client in enumerate(clients)))
    return Measured(tuple(client.joined for client in clients), tuple(keys), sum(sizes) / len(sizes), memory)


async def _join_all(clients, stack):
    """Let everybody join, fifty a second."""

    async def join(client, offset):
        await asyncio.sleep(offset)
        await client.join(stack)

    await asyncio.gather(*(join(client, number / 50) for number, client in enumerate(clients)))


async def _followers(server, count, stack):
    instructor = Client(server, "ada", _INSTRUCTOR)
    await instructor.join(stack)
    first = [Client(server, f"early{number}") for number in range(2)]
    await _join_all(first, stack)
    instructor.press(b"f")
    await instructor.settle()
    instructor.press(b" ")
    await instructor.settle()
    for client in first:
        await client.settle()
    before = server.memory()
    clients = [Client(server, f"follower{number}") for number in range(count)]
    await _join_all(clients, stack)
    await asyncio.gather(*(client.settle() for client in clients))
    memory = (server.memory() - before) / count
    latest, sizes = [], []
    for _number in range(5):
        begun = time.perf_counter()
        instructor.press(b" ")

        async def painted(client, begun=begun):
            sizes.append(await client.painted())
            return time.perf_counter() - begun

        latest.append(max(await asyncio.gather(*(painted(client) for client in clients))))
        await asyncio.gather(*(client.settle() for client in (instructor, *first, *clients)))
    return Measured(tuple(client.joined for client in clients), tuple(latest), sum(sizes) / len(sizes), memory)


def _measured(how, count, kind):
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files[1], files[1]))

    async def measure(server):
        async with AsyncExitStack() as stack:
            return await kind(server, count, stack)

    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder, how)
        try:
            return asyncio.run(measure(server))
        finally:
            server.stop()


def serve():
    """Yield a row for each goal of a workshop."""
    if sys.platform != "linux":
        return
    for count in LEARNERS:
        ours = _measured("forked", count, _learners)
        peer = _measured("fresh", count, _learners) if count in FRESH else None
        yield from _learner_rows(count, ours, peer)
    for count in FOLLOWERS:
        ours = _measured("forked", count, _followers)
        slowest, memory = median(ours.keys), ours.memory / 2**20
        name = f"{count} followers"
        painted = milliseconds(slowest)
        yield Row(f"{name}: key → painted everywhere", painted, "", painted, "≤ 100 ms", slowest <= 0.1)
        yield Row(f"{name}: memory each", f"{memory:.2f} MB", "", f"{memory:.2f} MB", "≤ 0.1 MB", memory <= 0.1)


def _learner_rows(count, ours, peer):
    name = f"{count} learner{'s' if count > 1 else ''}"

    def row(what, figure, shown, goal, limit):
        beside = "" if peer is None else shown(figure(peer))
        value = figure(ours)
        ratio = "" if peer is None else f"{value / figure(peer):.2f}"
        return Row(f"{name}: {what}", shown(value), beside, ratio, goal, limit is None or value <= limit)

    def p99(values):
        return percentile(values, 0.99)

    join = 0.15 if count == 1 else 0.5 if count == 50 else None
    yield row("join → painted, p50", lambda m: median(m.joins), milliseconds, "", None)
    goal = "" if join is None else f"≤ {milliseconds(join)}"
    yield row("join → painted, p99", lambda m: p99(m.joins), milliseconds, goal, join)
    yield row("key → painted, p50", lambda m: median(m.keys), milliseconds, "", None)
    yield row("key → painted, p99", lambda m: p99(m.keys), milliseconds, "≤ 50 ms", 0.05)
    yield row("memory each (PSS)", lambda m: m.memory / 2**20, lambda v: f"{v:.1f} MB", "≤ 12 MB", 12)
    yield row("bytes a key, 256 colours", lambda m: m.bytes_a_key, lambda v: f"{v:.0f}", "≤ 512", 512)


def _pss(pid):
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
