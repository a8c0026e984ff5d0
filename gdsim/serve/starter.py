"""Learners' processes: forked from the warm one, which is started again when it dies; or begun from nothing."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from gdsim.errors import GdsimError
from gdsim.serve.confine import adopt_orphans, clean_environment
from gdsim.serve.log import Log
from gdsim.serve.options import ServeOptions
from gdsim.tui.seat import Seat, seat_text

_BUFFER = 32_768
"""Bytes a socket between server and screen holds back at most, so that a screen knows soon when its line is behind."""

_LONGEST_ANSWER = 65_536
_RESTARTS = (0.0, 0.2, 1.0, 3.0)
"""Seconds before the warm process is started again, by how often it died in a row."""

_PAINTED_SECONDS, _FORKED_SECONDS = 5.0, 10.0
"""How long a fork may take: of a painted process, and of the warm one itself."""

_RUN = (
    "import sys; sys.path[:] = sys.argv.pop(1).split({sep!r}); "
    "from gdsim.serve.{module} import main; sys.exit(main(sys.argv[1:]))"
)
"""What a process of the server runs: found where the server itself was found, whatever the folder it is in."""


def received(end: socket.socket, most: int) -> bytes | None:
    """Return what has come, at most `most` bytes; empty when the other end is gone, None when nothing has come."""
    try:
        return end.recv(most)
    except (BlockingIOError, InterruptedError):
        return None
    except OSError:
        return b""


class StartError(Exception):
    """A process that could not be started."""


@dataclass(frozen=True, slots=True)
class Child:
    """A learner's process: its number, the server's ends of its sockets, and its exit status once it has ended."""

    pid: int
    screen: socket.socket
    control: socket.socket
    ended: asyncio.Future[int]

    def kill(self) -> None:
        """End it at once; it is ours and not waited for yet, so the number means no other."""
        if not self.ended.done():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Close the sockets; a screen that still lives ends by that."""
        self.screen.close()
        self.control.close()


class Reaper:
    """Waits for every process of this one, its own and adopted ones."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._expected: dict[int, asyncio.Future[int]] = {}
        self._early: dict[int, int] = {}
        loop.add_signal_handler(signal.SIGCHLD, self._reap)

    def expect(self, pid: int) -> asyncio.Future[int]:
        """Return the exit status of a process, when it has ended: a signal's number negative."""
        future: asyncio.Future[int] = self._loop.create_future()
        if pid in self._early:
            future.set_result(self._early.pop(pid))
        else:
            self._expected[pid] = future
        return future

    def close(self) -> None:
        """Wait for no more."""
        self._loop.remove_signal_handler(signal.SIGCHLD)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            future = self._expected.pop(pid, None)
            if future is None:
                self._early[pid] = os.waitstatus_to_exitcode(status)
            elif not future.done():
                future.set_result(os.waitstatus_to_exitcode(status))


@dataclass(frozen=True, slots=True)
class Ready:
    """What the first process told when it was ready.

    scenarios: with the hash of each; user: whom it runs as; is_off_network: whether it has no network.
    """

    scenarios: Mapping[str, str]
    user: str
    is_off_network: bool


class Warm:
    """The warm process, whatever becomes of it."""

    def __init__(self, options: ServeOptions, reaper: Reaper, log: Log) -> None:
        self._options, self._reaper, self._log = options, reaper, log
        self._loop = asyncio.get_running_loop()
        self._asked: dict[int, asyncio.Future[int]] = {}
        self._number = self._deaths = 0
        self._is_stopping = False
        self._control: socket.socket | None = None
        self.pid = 0
        self._ready: asyncio.Future[Ready] = self._loop.create_future()
        adopt_orphans()

    async def begin(self) -> Ready:
        """Start it and return what it is ready for. Raises GdsimError when it refuses."""
        self._spawn()
        return await self._ready

    async def start(self, seat: Seat) -> Child:
        """Fork a process for a seat. Raises StartError when that did not come about."""
        for attempt in range(3):
            with suppress(StartError):
                return await self._start(seat, is_painted=attempt == 0)
        raise StartError

    async def stop(self) -> None:
        """End the warm process; learners' processes go on."""
        self._is_stopping = True
        if self._control is not None:
            self._loop.remove_reader(self._control)
            self._control.close()
            self._control = None
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def _start(self, seat: Seat, *, is_painted: bool) -> Child:
        """Ask for a fork. is_painted: of a process that has drawn such a screen, if there is one."""
        try:
            await asyncio.wait_for(asyncio.shield(self._ready), 20)
        except (TimeoutError, GdsimError):
            raise StartError from None
        self._number += 1
        number, (pair, control_pair) = self._number, (sockets(), sockets())
        answer = self._asked[number] = self._loop.create_future()
        request = json.dumps({"spawn": number, "seat": seat_text(seat), "is_painted": is_painted}).encode()
        try:
            assert self._control is not None
            socket.send_fds(self._control, [request], [pair[1].fileno(), control_pair[1].fileno()])
            pid = await asyncio.wait_for(answer, _PAINTED_SECONDS if is_painted else _FORKED_SECONDS)
        except (OSError, TimeoutError, StartError):
            for each in (pair[0], control_pair[0]):
                each.close()
            raise StartError from None
        finally:
            self._asked.pop(number, None)
            for each in (pair[1], control_pair[1]):
                each.close()
        return Child(pid, pair[0], control_pair[0], self._reaper.expect(pid))

    def _spawn(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        self._control = ours
        settings = {
            "scenarios": self._options.scenarios,
            "folder": None if self._options.folder is None else str(self._options.folder),
            "processes": process_limit(self._options),
        }
        process = begin("warm", [str(theirs.fileno()), json.dumps(settings)], [theirs.fileno()], self._log)
        theirs.close()
        self.pid = process.pid
        self._reaper.expect(process.pid).add_done_callback(self._died)
        self._loop.add_reader(ours, self._answered, ours)

    def _answered(self, control: socket.socket) -> None:
        data = received(control, _LONGEST_ANSWER)
        if data is None:
            return
        if not data:
            self._loop.remove_reader(control)
            return
        message = json.loads(data)
        if "spawned" in message:
            answer = self._asked.get(message["spawned"])
            if answer is not None and not answer.done():
                answer.set_result(message["pid"])
        elif "painted" in message:
            self._reaper.expect(message["painted"])
        elif "refused" in message and not self._ready.done():
            self._ready.set_exception(GdsimError("gdsim serve", message["refused"]))
        elif "ready" in message and not self._ready.done():
            self._deaths = 0
            self._ready.set_result(Ready(message["ready"], message["user"], message["is_off_network"]))

    def _died(self, ended: asyncio.Future[int]) -> None:
        self.pid = 0
        if self._control is not None:
            self._loop.remove_reader(self._control)
            self._control.close()
            self._control = None
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(StartError())
        if self._is_stopping:
            return
        if self._ready.done() and self._ready.exception() is None:
            self._ready = self._loop.create_future()
        elif not self._ready.done() and self._deaths >= len(_RESTARTS):
            self._ready.set_exception(GdsimError("gdsim serve", "the process that starts screens does not come up"))
            return
        elif self._ready.done():
            return
        delay = _RESTARTS[min(self._deaths, len(_RESTARTS) - 1)]
        self._deaths += 1
        self._log.say(f"the warm process ended with status {ended.result()}; it is started again")
        self._loop.call_later(delay, self._respawn)

    def _respawn(self) -> None:
        if not self._is_stopping:
            self._spawn()


class Fresh:
    """A new process for each learner: where there is no fork to trust, and to compare with."""

    def __init__(self, options: ServeOptions, reaper: Reaper, log: Log) -> None:
        self._options, self._reaper, self._log = options, reaper, log
        self.pid = 0

    async def begin(self) -> Ready:
        """Return what is served; a scenario with mistakes is found when it is first opened."""
        return Ready({}, "", False)

    async def start(self, seat: Seat) -> Child:
        """Start a process for a seat."""
        pair, control_pair = sockets(), sockets()
        descriptors = [pair[1].fileno(), control_pair[1].fileno()]
        settings = {
            "scenarios": self._options.scenarios,
            "folder": None if self._options.folder is None else str(self._options.folder),
            "processes": process_limit(self._options),
        }
        arguments = [*map(str, descriptors), seat_text(seat), json.dumps(settings)]
        process = begin("fresh", arguments, descriptors, self._log)
        for each in (pair[1], control_pair[1]):
            each.close()
        return Child(process.pid, pair[0], control_pair[0], self._reaper.expect(process.pid))

    async def stop(self) -> None:
        """Do nothing: there is nothing but learners' processes."""


def process_limit(options: ServeOptions) -> int:
    """Return how many processes and threads all learners together may have."""
    return 4 * options.max_learners + 64


def sockets() -> tuple[socket.socket, socket.socket]:
    """Return a pair of sockets that hold little back: the server's end, which does not wait, and the other."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    ours.setblocking(False)
    for each in (ours, theirs):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
    return ours, theirs


def begin(module: str, arguments: Sequence[str], descriptors: Sequence[int], log: Log) -> subprocess.Popen[bytes]:
    """Start a Python process with what a module's `main` does, and log what it writes to stderr."""
    command = [sys.executable, "-P", "-c", _RUN.format(sep=os.pathsep, module=module), os.pathsep.join(sys.path)]
    process = subprocess.Popen(
        [*command, *arguments],
        pass_fds=descriptors,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr is not None
    _log_lines(os.dup(process.stderr.fileno()), log.say)
    process.stderr.close()
    process.returncode = 0  # it is waited for by the reaper, not by this object
    return process


def _log_lines(descriptor: int, say: Callable[[str], None]) -> None:
    loop = asyncio.get_running_loop()
    os.set_blocking(descriptor, False)
    rest = b""

    def read() -> None:
        nonlocal rest
        try:
            data = os.read(descriptor, 65_536)
        except BlockingIOError:
            return
        if not data:
            loop.remove_reader(descriptor)
            os.close(descriptor)
            return
        *lines, rest = (rest + data)[-65_536:].split(b"\n")
        for line in lines[-50:]:
            say("| " + line.decode("utf-8", errors="replace"))

    loop.add_reader(descriptor, read)
