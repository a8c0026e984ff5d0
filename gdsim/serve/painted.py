"""Painted processes: a screen is drawn once for nobody, and forked for everybody who comes to one like it.

The fork happens inside a callback of the running event loop, so that a learner's process goes on where the painted one
stands: with the screen composed, styled and drawn. What must not be shared is made anew at once: the loop's pipe to
itself, randomness, limits; the sockets of the link are replaced where they are, by those of the learner. The loop waits
with poll, which keeps nothing outside the process.

Whoever asks and finds none, or one that does not work, forks a process that draws for itself.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import select
import signal
import socket
import sys
import threading
import traceback
from contextlib import suppress
from dataclasses import dataclass, replace
from time import monotonic
from typing import NoReturn

import numpy as np

from gdsim.serve.child import begin_anew
from gdsim.serve.confine import Guest, limit
from gdsim.serve.forks import LONGEST_REQUEST, fork_for, fork_of, say
from gdsim.serve.holes import fill
from gdsim.serve.loops import ScreenLoop
from gdsim.serve.rehearsal import until_quiet
from gdsim.tui.link import Link
from gdsim.tui.seat import Seat, seat_of
from gdsim.tui.served import FAILED, Offer, ServedApp

_MOST = 8
"""Painted processes at a time; the one not asked for the longest goes first."""

_ASKED_OFTEN = 2
"""How often a kind of screen has been asked for when one is painted."""

_MOST_COUNTED = 500
"""Kinds whose askers are counted at a time; clients may claim thousands of sizes."""

_PATIENCE = 3.0
"""Seconds from its beginning on that whoever asks waits for one that is being painted."""

_QUIET_SECONDS, _LONGEST_SECONDS = 0.05, 20.0
_READY = b"ready"


@dataclass(frozen=True, slots=True)
class House:
    """What all learners' processes share.

    offer: what is served; control: the socket of messages to the server; user: whom they run as; server: its process;
    processes: how many there may be.
    """

    offer: Offer
    control: socket.socket
    user: Guest
    server: int
    processes: int


class Painted:
    """The painted processes there are, by the kind of their screens, as the warm process sees them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._asked: dict[Seat, int] = {}
        self._processes: dict[Seat, _Process] = {}

    def paint(self, seat: Seat) -> None:
        """Begin to paint what a seat would see."""
        kind = kind_of(seat)
        if len(self._processes) >= _MOST:
            self._end(next(iter(self._processes)))
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = fork_of(self._house.server)
        if pid == 0:
            ours.close()
            self.forget()
            _Painter(kind, theirs, self._house).run()
        theirs.close()
        say(self._house.control, {"painted": pid})
        self._processes[kind] = _Process(pid, ours)

    def pass_on(self, request: bytes, descriptors: list[int], seat: Seat) -> bool:
        """Let a painted process answer a request; return whether one does.

        One that is alike but for its size is better than none: it draws once more.
        """
        wanted = kind_of(seat)
        if len(self._asked) > _MOST_COUNTED:
            self._asked.clear()
        asked = self._asked[wanted] = self._asked.get(wanted, 0) + 1
        if wanted not in self._processes and asked == _ASKED_OFTEN:
            self.paint(seat)
        alike = [kind for kind in self._processes if replace(kind, size=wanted.size) == wanted]
        for kind in sorted(alike, key=lambda kind: kind != wanted):
            process = self._processes[kind] = self._processes.pop(kind)  # the latest asked for stands last
            if process.pass_on(request, descriptors):
                return True
            if process.is_broken:
                self._end(kind)
        return False

    def give_up(self, seat: Seat) -> None:
        """End what may have answered for a seat and did not do its work."""
        wanted = kind_of(seat)
        for kind in [each for each in self._processes if replace(each, size=wanted.size) == wanted]:
            self._end(kind)

    def forget(self) -> None:
        """Let go of all of them, in a process that was forked from the one they belong to."""
        for process in self._processes.values():
            process.forget()
        self._processes.clear()

    def _end(self, kind: Seat) -> None:
        self._processes.pop(kind).end()
        self._asked.pop(kind, None)


class _Process:
    """A painted process, from outside. requests: the way to it, at whose end it ends."""

    def __init__(self, pid: int, requests: socket.socket) -> None:
        self.requests = requests
        self._handle = os.pidfd_open(pid)  # its number may be another's when it has ended
        self.is_broken = False
        self._is_ready = False
        self._deadline = monotonic() + _PATIENCE

    def pass_on(self, request: bytes, descriptors: list[int]) -> bool:
        """Send a request, once it is painted; return whether it was taken."""
        try:
            self._is_ready = self._is_ready or self._becomes_ready()
            if self._is_ready:
                socket.send_fds(self.requests, [request], descriptors)
        except OSError:
            self.is_broken = True
        return self._is_ready and not self.is_broken

    def end(self) -> None:
        """End it; those forked from it go on."""
        with suppress(OSError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        self.forget()

    def forget(self) -> None:
        """Let go of it."""
        self.requests.close()
        os.close(self._handle)

    def _becomes_ready(self) -> bool:
        waiting = select.poll()
        waiting.register(self.requests, select.POLLIN)
        if not waiting.poll(max(0.0, self._deadline - monotonic()) * 1000):
            return False
        self.is_broken = self.requests.recv(len(_READY)) != _READY
        return not self.is_broken


class _Painter:
    """A painted process, and each one forked from it, from inside."""

    def __init__(self, kind: Seat, requests: socket.socket, house: House) -> None:
        self._kind, self._requests, self._house = kind, requests, house
        # Nobody reads what is painted first: the sockets take a whole frame.
        self._screen, self._far_screen = socket.socketpair()
        self._control, self._far_control = socket.socketpair()
        for each in (self._screen, self._far_screen, self._control, self._far_control):
            each.setblocking(False)
        self._link = Link(self._screen.detach(), self._control.detach())
        self._taken: list[bytes] = []

    def run(self) -> NoReturn:
        """Paint, fork for whoever comes; in a learner's process, run to its end."""
        status = FAILED
        try:
            begin_anew(self._kind)
            gc.disable()
            loop = self._loop = ScreenLoop()
            asyncio.set_event_loop(loop)
            self._app = ServedApp(self._kind, self._link, self._house.offer)
            self._settling = loop.create_task(self._settle())
            self._app.run(loop=loop, size=self._kind.size)
            self._settling.cancel()
            self._link.flush()
            status = self._app.return_code or 0
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(status)

    async def _settle(self) -> None:
        """Wait until everything is painted, begin to take requests, and draw what the first keys will show."""
        loop = self._loop
        deadline = loop.time() + _LONGEST_SECONDS
        await asyncio.wait_for(loop.sock_recv(self._far_screen, 65_536), _LONGEST_SECONDS)
        await until_quiet(self._far_screen, _QUIET_SECONDS, deadline)
        if threading.active_count() > 1:  # no thread lives through a fork
            os._exit(FAILED)
        self._set_aside()
        loop.add_reader(self._requests, self._fork)
        self._requests.send(_READY)
        self._set_aside()

    def _set_aside(self) -> None:
        """Keep what there is now apart from what those forked from here make."""
        gc.collect()
        self._taken += fill()
        gc.freeze()

    def _fork(self) -> None:
        request, descriptors, _flags, _address = socket.recv_fds(self._requests, LONGEST_REQUEST, 2)
        if not request:
            os._exit(0)
        told = json.loads(request)
        if not fork_for(told["spawn"], self._house.control, self._house.server, descriptors):
            return
        try:
            self._become(seat_of(told["seat"]), descriptors)
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
            os._exit(FAILED)

    def _become(self, seat: Seat, descriptors: list[int]) -> None:
        """Go on as the process of a learner."""
        self._settling.cancel()
        loop = self._loop
        asyncio.set_event_loop(loop)
        loop.renew()
        loop.remove_reader(self._requests)
        for each in (self._requests, self._far_screen, self._far_control):
            each.close()
        self._link.lead(*descriptors)
        random.seed()
        np.random.seed()
        limit(self._house.user, self._house.processes)
        gc.enable()
        self._app.call_later(self._app.seated, seat)


def kind_of(seat: Seat) -> Seat:
    """Return what seats have in common whose screens look alike."""
    return replace(seat, name="", place=None)
