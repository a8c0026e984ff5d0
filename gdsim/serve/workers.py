"""Learners' processes, as the server sees them: made by multiprocessing's fork server, which has imported the app.

The server's own process stays small: it loads neither Textual nor numpy, and names what it starts instead of
importing it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import os
import pkgutil
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Protocol

from gdsim.classroom.messages import Message, MessageLine
from gdsim.errors import GdsimError
from gdsim.scenario.course import Course
from gdsim.serve.confinement import clean_environment
from gdsim.serve.options import ServeOptions
from gdsim.tui.terminal_profile import TerminalProfile

log = logging.getLogger(__name__)

SETTINGS = "GDSIM_WORKSHOP"
"""The environment variable that tells the fork server what to serve."""

PATIENCE = 2.0
"""Seconds a screen that uses no processor time has to draw its first bytes."""

LONGEST_PATIENCE = 20.0
"""Seconds any screen has to draw its first bytes, even on a busy machine."""

_LOOK_SECONDS = 0.5
_STARTING_EACH = 2
"""Screens that start at the same time, per processor: more would only delay all of them."""

_PRELOAD, _RUN, _REPORT = "gdsim.serve.process", "gdsim.serve.process:run", "gdsim.serve.process:report"

_BUFFER = 32_768
"""Bytes a socket between server and screen buffers at most: a screen soon notices that its connection is behind."""

_LAST = 19
"""The niceness of a process that gives way to all others."""

_NO_STATUS = 255
"""The exit code multiprocessing reports for a process whose fork server has died."""


class Viewer(Protocol):
    """What a worker draws for: a learner or a mirror."""

    def drawn(self, data: bytes) -> None:
        """Handle bytes for the terminal."""

    def received(self, message: Message) -> None:
        """Handle a message from the process."""

    def held(self, is_held: bool) -> None:
        """Note that the process accepts no more keys for now, or accepts them again."""

    def ended(self, status: int) -> None:
        """Note that the process has ended with `status`, and that all its output and messages have arrived."""


class Worker(asyncio.Protocol):
    """A learner's process, and the protocol of the socket for its frames and keys.

    A negative status is the number of the signal that ended it.
    """

    _orphaned: Callable[[], None]

    def __init__(self, viewer: Viewer, name: str) -> None:
        self.pid = 0
        self.first = asyncio.Event()
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._viewer: Viewer | None = viewer
        self._name = name
        self._process: ForkServerProcess | None = None
        self._status: int | None = None
        self._transport: asyncio.Transport | None = None
        self._messages = MessageLine(self._received, self._report, self._settle)
        self._open = 3  # the screen's socket, the messages' socket, the process

    async def begin(
        self,
        process: ForkServerProcess,
        screen: socket.socket,
        messages: socket.socket,
        orphaned: Callable[[], None],
    ) -> None:
        """Start reading what a started process draws and says; call `orphaned` when its fork server dies before it."""
        loop = asyncio.get_running_loop()
        self._process, self.pid, self._orphaned = process, process.pid or 0, orphaned
        loop.add_reader(process.sentinel, self._exited)
        await loop.create_unix_connection(lambda: self._messages, sock=messages)
        await loop.create_unix_connection(lambda: self, sock=screen)
        if self._viewer is None:  # it was let go meanwhile
            self.let_go()

    def press(self, keys: bytes) -> None:
        """Send keys."""
        if self._transport is not None:
            self._transport.write(keys)

    def tell(self, message: Message) -> None:
        """Send a message."""
        self._messages.send(message)

    def pause(self, is_paused: bool) -> None:
        """Stop or resume reading what is drawn; while stopped, the process leaves frames out."""
        if self._transport is not None and not self._transport.is_closing():
            (self._transport.pause_reading if is_paused else self._transport.resume_reading)()

    def give_way(self) -> None:
        """Run the process at the lowest priority, so that a flood of keys delays nobody else."""
        if self._status is None and self._process is not None:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.pid, _LAST)

    def let_go(self) -> None:
        """End the process at once, and report nothing more to the viewer."""
        self._viewer = None
        self.first.set()  # ends the wait in `is_painting`
        self.kill()
        self._messages.close()
        if self._transport is not None:
            self._transport.abort()

    def kill(self) -> None:
        """End the process at once. It has not been reaped yet, so its pid cannot belong to another."""
        if self._status is None and self._process is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def is_painting(self) -> bool:
        """Wait for the first bytes; return False if none come and the process is idle, takes too long or is missing."""
        loop = asyncio.get_running_loop()
        begun, work = loop.time(), -1
        moved = begun
        while not self.first.is_set():
            if not self.pid:
                return False
            with suppress(TimeoutError):
                await asyncio.wait_for(self.first.wait(), _LOOK_SECONDS)
                break
            now, done = loop.time(), _processor_time(self.pid)
            if done != work:
                work, moved = done, now
            if now - moved >= PATIENCE - _LOOK_SECONDS or now - begun > LONGEST_PATIENCE:
                return False
        return True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start reading what is drawn."""
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(0)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Pass on what was drawn."""
        self.first.set()
        if self._viewer is not None:
            self._viewer.drawn(data)

    def pause_writing(self) -> None:
        """Report that the process accepts no more keys for now."""
        if self._viewer is not None:
            self._viewer.held(True)

    def resume_writing(self) -> None:
        """Report that it accepts keys again."""
        if self._viewer is not None:
            self._viewer.held(False)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that nothing more is drawn."""
        self._transport = None
        self._settle()
        if self._open:
            asyncio.get_running_loop().call_later(LONGEST_PATIENCE, self._give_up)

    def _give_up(self) -> None:
        """End without waiting any longer: the fork server does not tell how the process ended, or it did not end."""
        if self._open == 1 and self._status is None and self._process is not None:
            asyncio.get_running_loop().remove_reader(self._process.sentinel)
            self.kill()
            self._settle()

    def _received(self, message: Message) -> None:
        if self._viewer is not None:
            self._viewer.received(message)

    def _report(self, error: str) -> None:
        log.warning("%s: %s", self._name, error, extra={"kind": "message"})
        if "longer" in error:
            self.kill()

    def _exited(self) -> None:
        assert self._process is not None
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        if self._process.exitcode == _NO_STATUS:  # the process lives on, and nobody will know its status
            self._orphaned()
        else:
            self._status = self._process.exitcode
        self._settle()

    def _settle(self) -> None:
        """Count one of the three as ended; the last one ends the worker."""
        self._open -= 1
        if self._open == 0 and self._process is not None:
            with suppress(ValueError):  # it may not have ended as far as its fork server knows
                self._process.close()
            self._status = self._status or 0
            self.ended.set_result(self._status)
            if self._viewer is not None:
                self._viewer.ended(self._status)


@dataclass(frozen=True, slots=True)
class Ready:
    """What learners' processes serve and how they run.

    scenarios: the hash of each by name; courses: by language; user: the name they run as, empty for the server's own
    user; is_off_network: whether they have no network.
    """

    scenarios: Mapping[str, str]
    courses: Mapping[str, Course]
    user: str
    is_off_network: bool


class Workers:
    """Starts learners' processes. If the fork server dies, multiprocessing starts it again when needed.

    turns: for screens that start, so that not too many do at the same time.
    """

    def __init__(self, options: ServeOptions) -> None:
        self.turns = asyncio.Semaphore(_STARTING_EACH * (os.cpu_count() or 1))
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([_PRELOAD])
        self._threads = ThreadPoolExecutor(1, "fork server")
        self._fork_server, self._is_stopped = 0, False
        self._processes = 4 * options.max_learners + 64
        self._errors, self._stderr = self._context.Pipe(duplex=False)
        self._reading: asyncio.BaseTransport | None = None
        folder, course = (None if path is None else str(path) for path in (options.folder, options.course))
        settings = {"names": options.scenarios, "folder": folder, "course": course}
        environment = {
            SETTINGS: json.dumps(settings),
            "PYTHONPATH": os.pathsep.join(each or str(Path.cwd()) for each in sys.path),
        }
        kept = clean_environment() | environment
        os.environ.clear()
        os.environ.update(kept)
        os.chdir("/")  # a folder that learners' processes can enter, too
        sys.modules["__main__"].__spec__ = find_spec("gdsim.__main__")  # hides how the server was started

    async def begin(self) -> Ready:
        """Start the fork server and return what it has loaded. Raises GdsimError if a scenario has a mistake."""
        loop = asyncio.get_running_loop()
        errors = os.fdopen(os.dup(self._errors.fileno()), "rb", 0)
        self._reading, _ = await loop.connect_read_pipe(_Errors, errors)
        near, far = self._context.Pipe(duplex=False)
        with near, far:
            process = await self._started(_REPORT, far)
            far.close()
            try:
                found: Ready | str = await loop.run_in_executor(self._threads, near.recv)
            except EOFError:
                raise GdsimError("gdsim serve", "the process that starts screens does not start") from None
            await loop.run_in_executor(self._threads, process.join)
            process.close()
        if isinstance(found, str):
            raise GdsimError("gdsim serve", found)
        return found

    async def start(self, worker: Worker, profile: TerminalProfile) -> None:
        """Start a worker's process for a terminal; if that fails, the worker has no pid."""
        with ExitStack() as far, ExitStack() as near:
            try:
                pairs = _sockets(near, far), _sockets(near, far)
                process = await self._started(
                    _RUN, profile, *(pair[1] for pair in pairs), self._stderr, self._processes
                )
            except (OSError, EOFError) as error:
                log.warning("a process could not be started: %r", error)
                return
            near.pop_all()
        await worker.begin(process, pairs[0][0], pairs[1][0], self._orphaned)

    def stop(self) -> None:
        """Start no more processes; those there are live on without their fork server."""
        self._is_stopped = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._end_fork_server()

    def close(self) -> None:
        """Stop, and read no more errors."""
        self.stop()
        if self._reading is not None:
            self._reading.close()

    async def _started(self, name: str, *arguments: object) -> ForkServerProcess:
        process = self._context.Process(target=_call, args=(name, *arguments), daemon=True)
        starting = self._threads.submit(self._start, process)
        started = asyncio.wrap_future(starting)
        try:
            await self._until(started)
        except asyncio.CancelledError:
            if not starting.cancel():  # it is under way, with sockets that have to stay open until it is done
                with suppress(OSError, EOFError):
                    await self._until(started)
                    process.kill()
            raise
        return process

    def _start(self, process: ForkServerProcess) -> None:
        process.start()
        self._fork_server = _parent(process.pid or 0) or self._fork_server

    async def _until(self, started: asyncio.Future[None]) -> None:
        """Wait until a process has started; a fork server that takes too long is stopped or stuck, and is killed."""
        await asyncio.wait([started], timeout=LONGEST_PATIENCE)
        if not started.done():
            self._end_fork_server()
        await started

    def _end_fork_server(self) -> None:
        """Kill the fork server, which ends whatever waits for it; a stopped one would answer nothing else."""
        if self._fork_server and _parent(self._fork_server) == os.getpid():
            with suppress(ProcessLookupError, ChildProcessError):  # multiprocessing may have noticed its end
                os.kill(self._fork_server, signal.SIGKILL)
                os.waitid(os.P_PID, self._fork_server, os.WEXITED | os.WNOWAIT)

    def _orphaned(self) -> None:
        if not self._is_stopped:
            log.warning("the fork server ended; it is being restarted", extra={"kind": "fork server"})


class _Errors(asyncio.Protocol):
    """Logs what learners' processes write to stderr."""

    _rest = b""

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data)[-65_536:].split(b"\n")
        for line in lines[-50:]:
            log.error("| %s", line.decode("utf-8", errors="replace"))


def _call(name: str, *arguments: object) -> None:
    function: Callable[..., None] = pkgutil.resolve_name(name)
    function(*arguments)


def _sockets(near: ExitStack, far: ExitStack) -> tuple[socket.socket, socket.socket]:
    """Return a pair of sockets with small buffers: the server's end and the other; each closes with its stack."""
    ours, theirs = map(ExitStack.enter_context, (near, far), socket.socketpair())
    for each in (ours, theirs):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
        each.setblocking(False)
    return ours, theirs


def _processor_time(pid: int) -> int:
    """Return the processor time a process has used, in clock ticks; 0 if unknown."""
    return sum(map(int, _stat(pid)[11:13]))


def _parent(pid: int) -> int:
    """Return the process that has started a process; 0 if unknown."""
    return sum(map(int, _stat(pid)[1:2]))


def _stat(pid: int) -> list[str]:
    """Return what Linux knows of a process, from its state on; nothing elsewhere."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
