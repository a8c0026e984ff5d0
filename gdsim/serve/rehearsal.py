"""A rehearsal in the warm process: screens are drawn once for nobody, so that what they load and read is there."""

from __future__ import annotations

import asyncio
import os
import socket
from dataclasses import replace

from gdsim.classroom.messages import Place
from gdsim.i18n import use_language
from gdsim.serve.loops import ScreenLoop
from gdsim.tui.link import Link
from gdsim.tui.seat import Seat
from gdsim.tui.served import Offer, ServedApp
from gdsim.tui.terminal import EIGHT_BIT, SIXTEEN

_SEATS = (Seat(colors=EIGHT_BIT, size=(120, 40)), Seat(colors=SIXTEEN, size=(120, 40), theme="terminal"))
"""One for each theme there is for learners."""

_KEYS = (b" ", b".", b" ", b" ", b" ")
_QUIET_SECONDS, _LONGEST_SECONDS = 0.03, 5.0


def rehearse(offer: Offer) -> None:
    """Draw what there is first, in each theme, and a run; the loops it takes are closed again."""
    run = replace(_SEATS[0], place=Place(next(iter(offer.scenarios))))
    for number, seat in enumerate((run, *_SEATS)):
        screen, far_screen = socket.socketpair()
        control, far_control = socket.socketpair()
        for each in (screen, far_screen, control, far_control):
            each.setblocking(False)
        with screen, control, far_screen, far_control:
            _draw(seat, offer, (screen, control), far_screen, _KEYS if number == 0 else ())
    use_language("en")


def _draw(
    seat: Seat, offer: Offer, ends: tuple[socket.socket, socket.socket], far: socket.socket, keys: tuple[bytes, ...]
) -> None:
    loop = ScreenLoop()
    asyncio.set_event_loop(loop)
    # The driver closes what it draws to.
    app = ServedApp(seat, Link(os.dup(ends[0].fileno()), ends[1].fileno()), offer)
    loop.create_task(_press(app, far, keys))
    app.run(loop=loop, size=seat.size)
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    asyncio.set_event_loop(None)


async def _press(app: ServedApp, far: socket.socket, keys: tuple[bytes, ...]) -> None:
    """Press a few keys, each when the screen has been quiet for a little, and leave."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _LONGEST_SECONDS
    try:
        await asyncio.wait_for(loop.sock_recv(far, 65_536), _LONGEST_SECONDS)
        for key in (*keys, b""):
            await until_quiet(far, _QUIET_SECONDS, deadline)
            await loop.sock_sendall(far, key)
    except (TimeoutError, OSError):
        pass
    app.exit()


async def until_quiet(far: socket.socket, seconds: float, deadline: float) -> None:
    """Read what a screen that nobody sees sends until nothing comes for some seconds; end at the loop's `deadline`."""
    loop = asyncio.get_running_loop()
    while loop.time() < deadline:
        try:
            await asyncio.wait_for(loop.sock_recv(far, 65_536), seconds)
        except TimeoutError:
            return
