"""What tests of a room share: hosts whose screens keep what they are told, and a Redis of one's own."""

import asyncio
import contextlib
import random
import shutil
import socket
import subprocess
import time
from collections import defaultdict
from pathlib import Path

from gdsim.classroom.bus import NoBus, Record, Standing
from gdsim.classroom.messages import Ask, from_json, to_json
from gdsim.classroom.workshop import Host, Workshop
from gdsim.scenario.place import Place

ASK = Ask(Place("mazur", 3), "change.W2[0,0]", "sign", "Which way will w5 move?", ("up", "down", "stays"), -1)

_PORTS = 20_000, 32_000
"""Ports that no system hands out to outgoing connections."""


async def until(condition, seconds=20.0):
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


class Screens:
    """The screens of one host: what each was told, and which lines are dead."""

    def __init__(self, folder=Path("/nowhere"), hashes=None, language=lambda _name: "en", **course):
        self.told = defaultdict(list)
        self.reports = []
        self.dead = set()
        self.hashes = hashes or {}
        self.host = Host(self.tell, self.is_alive, self.scenario_hash, self.reports.append, folder, language, **course)

    def tell(self, name, message):
        self.told[name].append(message)

    async def is_alive(self, name):
        return name not in self.dead

    def scenario_hash(self, name):
        return self.hashes.get(name, f"hash of {name}")

    def of(self, name, kind):
        """Return what somebody was told, of one kind of message."""
        return [message for message in self.told[name] if isinstance(message, kind)]

    def last(self, name, kind):
        """Return the last message of a kind, None for none."""
        return next(reversed(self.of(name, kind)), None)


@contextlib.asynccontextmanager
async def workshop(bus=None, **options):
    """A workshop of one host, and its screens."""
    screens = Screens(**options)
    made = Workshop(bus or NoBus(), screens.host)
    await made.open()
    try:
        yield made, screens
    finally:
        await made.close()


async def enter(made, name, **options):
    """Let somebody in whose screen is ready at once; return their name."""
    member = await made.join(name, **options)
    made.ready(member.name)
    return member.name


def copied(value):
    """Return a value as it arrives at another host."""
    return from_json(to_json(value), type(value))


class MemoryBus:
    """A bus in the memory of one process: all of one `exchange` hear each other at once."""

    is_shared = True

    def __init__(self, exchange):
        self._receivers, self._last = exchange.setdefault("receivers", {}), exchange.setdefault("last", {})

    async def open(self, host, receive, reported):
        self._host = host
        self._receivers[host] = receive
        for record in list(self._last.values()):
            receive(record)
        reported(Standing(True, is_empty=not self._last))

    def put(self, key, value, scenario_hash=""):
        self._last[key] = record = Record(0, key, value, self._host, scenario_hash)
        for host, receive in list(self._receivers.items()):
            if host != self._host:
                receive(record)

    async def hosts(self):
        return frozenset(self._receivers)

    async def close(self):
        del self._receivers[self._host]


class RedisServer:
    """Debian's redis-server on a free port of loopback, which keeps nothing on disk."""

    def __init__(self, folder):
        self._folder = folder
        self.port = 0
        self.process = None

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        """Start, on the same port as before where there was one."""
        ports = [self.port] if self.port else [random.randrange(*_PORTS) for _try in range(20)]
        for self.port in ports:
            command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--dir"]
            self.process = subprocess.Popen([*command, str(self._folder)], stdout=subprocess.DEVNULL)
            if self._is_up():
                return
            self.stop()
        raise AssertionError("redis-server did not start")

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait(20)
            self.process = None

    def _is_up(self):
        """Wait until this very server answers; whether it does, and another has not taken the port."""
        deadline = time.monotonic() + 20
        while self.process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
                line.sendall(b"CONFIG GET dir\r\n")
                return str(self._folder).encode() in line.recv(4096)
            time.sleep(0.02)
        return False


def has_redis():
    """Whether redis-server is installed."""
    return shutil.which("redis-server") is not None
