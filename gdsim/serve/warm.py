"""The warm process: everything imported, nothing running, ready to be forked for a learner.

It is told on a socket of messages whom to fork for; with each comes the pair of sockets that leads to the learner.
Where a screen of the kind has been painted, the request goes on to that process (`gdsim.serve.painted`). Whatever
either forks is a child of the server's: that one waits for it, may kill it, and is the one it dies with. The warm
process may end at any time; learners do not notice.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import rich

import gdsim.charts
import gdsim.engine
import gdsim.explain
import gdsim.scenario.load
import gdsim.timeline
import gdsim.tui
from gdsim.errors import GdsimError
from gdsim.i18n import LANGUAGES, use_language
from gdsim.serve.child import hashes, offer_of, run_child
from gdsim.serve.confine import become, die_with, guest, leave_network
from gdsim.serve.forks import LONGEST_REQUEST, fork_for, say
from gdsim.serve.painted import House, Painted
from gdsim.serve.rehearsal import rehearse
from gdsim.tui.link import Link
from gdsim.tui.seat import Seat, seat_of
from gdsim.tui.served import Offer
from gdsim.tui.terminal import EIGHT_BIT

_LIKELY = (Seat(size=(80, 24), colors=EIGHT_BIT), Seat(size=(120, 40), colors=EIGHT_BIT))
"""The screens most learners see first: `ssh` says nothing of more colours."""

_FLOORS = (gdsim.engine, gdsim.scenario, gdsim.timeline, gdsim.charts, gdsim.explain, gdsim.tui)

_LOADED_LATE = (
    "asyncio.base_events",
    "concurrent.futures.thread",
    "encodings.ascii",
    "encodings.idna",
    "encodings.latin_1",
    "encodings.unicode_escape",
    "html.entities",
    "markdown_it",
    "numpy.linalg",
    "numpy.ma",
    "numpy.random",
    "rich.traceback",
    "textual.command",
    "textual.css.query",
    "textual.layouts.factory",
    "textual.pilot",
    "textual.scrollbar",
    "textual.system_commands",
    "textual.widgets._footer",
    "textual.widgets._input",
    "textual.widgets._markdown",
    "textual.widgets._option_list",
    "textual.widgets._progress_bar",
    "textual.widgets._static",
    "textual.widgets._toast",
    "textual.widgets._tooltip",
)
"""What Textual and Python load when it is first needed."""


def main(arguments: list[str]) -> int:
    """Serve forks until the server is gone. arguments: the socket's number, and a JSON object of settings."""
    control = socket.socket(fileno=int(arguments[0]))
    settings = json.loads(arguments[1])
    server = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl+c in the server's terminal is the server's to answer
    try:
        folder = settings["folder"]
        offer = offer_of(settings["scenarios"], None if folder is None else Path(folder))
    except GdsimError as error:
        say(control, {"refused": str(error)})
        return 2
    _prepare(offer)
    user = guest()
    is_off_network = os.geteuid() == 0 and leave_network()
    become(user)
    die_with(server)
    os.chdir("/")
    say(control, {"ready": hashes(offer), "user": user.name, "is_off_network": is_off_network})
    house = House(offer, control, user, server, settings["processes"])
    painted = Painted(house)
    for seat in _LIKELY:
        painted.paint(seat)
    while True:
        request, descriptors, _flags, _address = socket.recv_fds(control, LONGEST_REQUEST, 2)
        if not request:
            return 0
        _serve(house, painted, request, descriptors)


def _serve(house: House, painted: Painted, request: bytes, descriptors: list[int]) -> None:
    """Have a learner's process forked, from a painted one where there is one of its kind."""
    told = json.loads(request)
    seat = seat_of(told["seat"])
    if told["is_painted"]:
        if painted.pass_on(request, descriptors, seat):
            for each in descriptors:
                os.close(each)
            return
    else:
        painted.give_up(seat)
    if fork_for(told["spawn"], house.control, house.server, descriptors):
        painted.forget()
        run_child(seat, house.offer, Link(*descriptors), house.user, house.processes)


def load() -> None:
    """Load everything a screen may ever load.

    Learners' processes run as a user who may not be able to read a single file of this program.
    """
    for language in LANGUAGES:
        use_language(language)
    use_language(LANGUAGES[0])
    for package in _FLOORS:
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    for name in _LOADED_LATE:
        import_module(name)
    for module in walk_packages(rich.__path__, "rich."):
        with suppress(ImportError):  # parts for other programs, such as notebooks
            import_module(module.name)


def _prepare(offer: Offer) -> None:
    """Load and draw what screens need, and set what is there aside from what comes and goes."""
    load()
    rehearse(offer)
    gc.collect()
    gc.disable()
    gc.freeze()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
