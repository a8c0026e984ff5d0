"""A workshop for tests: `gdsim serve` on a free port of loopback, and the clients that come to it."""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncssh
import pyte
import pytest

from tests.tui.terminal import Terminal

CODE, INSTRUCTOR_CODE = "amber-otter-lamp", "basil-tiger-moon"

needs_ssh = pytest.mark.skipif(shutil.which("ssh") is None, reason="openssh-client is not installed")


def until(condition, seconds=20, what="it did not come about"):
    """Wait for a condition, and return what it gave."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, what() if callable(what) else what
        time.sleep(0.02)
    return found


class Workshop:
    """A server, which is stopped and has to leave no process behind."""

    def __init__(self, folder, *arguments, environment=None, codes=True, program=None, pass_fds=()):
        self.folder = Path(folder)
        self.log = self.folder / "log"
        self._errors = self.folder / "errors"
        given = ("--code", CODE, "--instructor-code", INSTRUCTOR_CODE) if codes else ()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEXTUAL", "GDSIM"))}
        command = ["-m", "gdsim", "serve", "--port", "0", *given, "--log", self.log, *arguments]
        if program is not None:
            command = ["-c", program]
        with self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=kept | {"XDG_DATA_HOME": str(self.folder / "data")} | (environment or {}),
                text=True,
                start_new_session=True,
                pass_fds=pass_fds,
            )
        self.welcome = []
        self._count = 0
        for line in self.process.stdout:
            self.welcome.append(line.rstrip("\n"))
            if line.startswith("ctrl+c"):
                break
        found = re.search(r"listening on .*:(\d+)", "\n".join(self.welcome))
        assert found, f"did not start: {self.welcome} {self.errors}"
        self.port = int(found[1])
        self._askpass = self._program("askpass", f"echo {CODE}")

    @property
    def errors(self):
        return self._errors.read_text()

    @property
    def logged(self):
        return self.log.read_text() if self.log.exists() else ""

    @property
    def children(self):
        """The processes of learners: those that give way to others."""
        return [pid for pid in self.processes if _priority(pid) not in (None, self.nice)]

    @property
    def child(self):
        """The process of the one learner there is, once those who left before are gone."""
        until(lambda: len(self.children) == 1, what=lambda: self.children)
        return self.children[0]

    @property
    def processes(self):
        """The numbers of the processes of the server's session, itself left out."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid and fields[0] != "Z" and int(stat.parent.name) != self.process.pid:
                found.append(int(stat.parent.name))
        return sorted(found)

    @property
    def fork_server(self):
        """The number of the process that others are forked from."""
        for pid in self.processes:
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"multiprocessing.forkserver" in line and os.getpriority(os.PRIO_PROCESS, pid) == self.nice:
                return pid
        return None

    @property
    def nice(self):
        return os.getpriority(os.PRIO_PROCESS, self.process.pid)

    def until_logged(self, text, seconds=20):
        """Wait until the log says something."""
        until(lambda: text in self.logged, seconds, lambda: f"never logged {text!r}:\n{self.logged}\n{self.errors}")

    def _program(self, name, does):
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{does}\n")
        path.chmod(0o700)
        return path

    # Clients.

    def connect(self, name=None, code=CODE, **more):
        """Return what connects an asyncssh client that knows the code."""
        options = {"known_hosts": None, "client_keys": None, "agent_path": None, "config": None, **more}
        return asyncssh.connect("127.0.0.1", self.port, username=name or self.somebody(), password=code, **options)

    def options(self, code=CODE, settings=()):
        """Return options of OpenSSH's clients, and an environment in which they say the code."""
        options = {
            "StrictHostKeyChecking": "accept-new",
            "UserKnownHostsFile": str(self.folder / "known"),
            "LogLevel": "ERROR",
            "IdentityAgent": "none",
            "IdentityFile": "none",
            "SendEnv": "-*",
            **dict(settings),
        }
        askpass = self._askpass if code == CODE else self._program("askpass-other", f"echo '{code}'")
        environment = {"SSH_ASKPASS": str(askpass), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ""}
        return ["-F", "none", *(word for pair in options.items() for word in ("-o", "=".join(pair)))], environment

    def somebody(self):
        """Return a name nobody has had here."""
        self._count += 1
        return f"maria{self._count}"

    def ssh(self, *arguments, name=None, term="xterm-256color", code=CODE, columns=120, rows=40, settings=()):
        """Return a real `ssh` on a terminal of its own."""
        options, environment = self.options(code, settings)
        return Terminal(
            *options,
            *arguments,
            "-p",
            str(self.port),
            f"{name or self.somebody()}@127.0.0.1",
            columns=columns,
            rows=rows,
            environment=environment | {"TERM": term},
            program=(),
            executable=shutil.which("ssh"),
        )

    def run(self, *command, code=CODE, seconds=20):
        """Run an OpenSSH client that is not on a terminal, with the options it needs, and return how it ended."""
        options, environment = self.options(code)
        return subprocess.run(
            [command[0], *options, *command[1:]],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    # The end.

    def stop(self, number=signal.SIGTERM):
        """End the server, and return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(20)
        self.process.stdout.close()
        return status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        self.process.stdout.close()


SERVER = """
import os, resource, sys, time
from pathlib import Path
from gdsim.serve.options import Patience, ServeOptions
from gdsim.serve.server import host_key, serve
folder = Path({folder!r})
host_key(folder / "key")
{before}
sys.exit(serve(ServeOptions(("mountain-descent",), port=0, code="{code}", instructor_code="{instructor_code}",
    host_key=folder / "key", handouts=folder / "out", log={log}, patience={patience})))
"""


def prepared(folder, before="", log='folder / "log"', patience="Patience()", **more):
    """Return a workshop whose server begins with some lines of Python, and has other options."""
    codes = {"code": CODE, "instructor_code": INSTRUCTOR_CODE}
    program = SERVER.format(folder=str(folder), before=before, log=log, patience=patience, **codes)
    return Workshop(folder, program=program, **more)


def _priority(pid):
    try:
        return os.getpriority(os.PRIO_PROCESS, pid)
    except ProcessLookupError:
        return None


def modes_left_on(raw):
    """Return the private modes that were set and never reset in what a terminal was sent, and whether keys are."""
    on = set()
    for number, what in re.findall(rb"\x1b\[\?(\d+)([hl])", raw):
        (on.add if what == b"h" else on.discard)(int(number))
    off = {7, 25} - {int(number) for number in re.findall(rb"\x1b\[\?(\d+)h", raw)}
    pushed = len(re.findall(rb"\x1b\[>\d+u", raw)) - len(re.findall(rb"\x1b\[<u", raw))
    return on - {7, 25}, off if on or b"\x1b[?25l" in raw else set(), pushed


@contextlib.contextmanager
def seated(workshop, *arguments, **more):
    """A real `ssh` whose screen has drawn; at the end it is left by a key, with status 0."""
    with workshop.ssh(*arguments, **more) as terminal:
        terminal.until("q quit")
        yield terminal
        terminal.send("q")
        assert terminal.ended() == 0


async def read_until(process, *wanted):
    """Read what a screen draws until one of some bytes has come; return all that was read."""
    read = b""
    async with asyncio.timeout(60):
        while not any(each in read for each in wanted):
            data = await process.stdout.read(65_536)
            assert data, read[-2000:]
            read += data
    return read


async def screen(connection, term="xterm-256color", **more):
    """Return the screen of an asyncssh client that has logged in."""
    return await connection.create_process(term_type=term, encoding=None, **more)


async def left_with(process, keys=b"q"):
    """Press the key that leaves, and return the exit status."""
    process.stdin.write(keys)
    return (await asyncio.wait_for(process.wait(), 20)).exit_status


@contextlib.asynccontextmanager
async def visit(workshop, name=None, leave=b"q", size=(80, 24), **more):
    """A screen that has drawn; at the end it is left by a key, and its exit status is what the key means."""
    async with workshop.connect(name, **more) as connection:
        process = await screen(connection, term_size=size)
        await read_until(process, b"quit")
        yield process
        assert await left_with(process, leave) == (130 if leave == b"\x03" else 0)


async def step(process):
    """Make the first update of the hill, and wait until it is drawn."""
    process.stdin.write(b" ")
    await read_until(process, b"3.96")


def memory(pid):
    """Return the bytes of memory a process has of its own and shares, as they are resident."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024


class Watched:
    """A client and what its terminal shows."""

    def __init__(self, process, size=(120, 40)):
        self.process = process
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.read = b""

    @property
    def text(self):
        return "\n".join(self.screen.display)

    async def until(self, *wanted):
        """Read until the terminal shows all of some texts."""
        await self._until(lambda: all(each in self.text for each in wanted), wanted)

    async def until_gone(self, text):
        """Read until the terminal shows a text no more."""
        await self._until(lambda: text not in self.text, f"nothing but {text}")

    async def _until(self, holds, wanted):
        try:
            async with asyncio.timeout(60):
                while not holds():
                    data = await self.process.stdout.read(65_536)
                    assert data, self.text
                    self.read += data
                    self._stream.feed(_plain(data))
        except TimeoutError:
            raise AssertionError(f"never showed {wanted}:\n{self.text}") from None

    def press(self, keys):
        self.process.stdin.write(keys)


def _plain(data):
    """Return what a terminal is sent without what pyte does not know."""
    return re.sub(rb"\x1b\[[<>=?][0-9;]*[a-gi-km-zA-Z$]|\x1b_.*?\x1b\\|\x1b\[>\d+u|\x1b\[<u", b"", data)


async def came(stack, workshop, name=None, size=(120, 40), **more):
    watched = await coming(stack, workshop, name, size, **more)
    await watched.until("quit")
    return watched


async def coming(stack, workshop, name=None, size=(120, 40), **more):
    """Return somebody who has logged in, whether their screen has drawn or not."""
    connection = await stack.enter_async_context(workshop.connect(name, **more))
    return Watched(await screen(connection, term_size=size), size)
