"""The warm process: everything imported, nothing running, ready to be forked for a learner.

It is told on a socket of messages whom to fork for; with each comes the pair of sockets that leads to the learner. It
forks twice, so that the learner's process is adopted by the server itself: that one waits for it, may kill it, and is
the one it dies with. The warm process may end at any time; learners do not notice.
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
from typing import Any

import rich

import gdsim.charts
import gdsim.engine
import gdsim.explain
import gdsim.scenario
import gdsim.timeline
import gdsim.tui
from gdsim.errors import GdsimError
from gdsim.language import LANGUAGES, use_language
from gdsim.serve.child import hashes, offer_of, run_child
from gdsim.serve.confine import Guest, become, die_with, guest, leave_network
from gdsim.serve.rehearsal import rehearse
from gdsim.tui.link import Link
from gdsim.tui.seat import seat_of
from gdsim.tui.served import Offer

LONGEST_REQUEST = 65_536

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
        _say(control, {"refused": str(error)})
        return 2
    _prepare(offer)
    user = guest()
    is_off_network = os.geteuid() == 0 and leave_network()
    become(user)
    die_with(server)
    os.chdir("/")
    _say(control, {"ready": hashes(offer), "user": user.name, "is_off_network": is_off_network})
    while True:
        request, descriptors, _flags, _address = socket.recv_fds(control, LONGEST_REQUEST, 2)
        if not request:
            return 0
        _serve(control, json.loads(request), descriptors, offer, user, server, settings["processes"])


def _serve(
    control: socket.socket,
    request: dict[str, Any],
    descriptors: list[int],
    offer: Offer,
    user: Guest,
    server: int,
    processes: int,
) -> None:
    """Fork a learner's process and tell its number."""
    read, write = os.pipe()
    between = os.fork()
    if between == 0:
        number = os.fork()
        if number:
            os.write(write, number.to_bytes(8, "big"))
            os._exit(0)
        for each in (read, write, control.fileno()):
            os.close(each)
        control.detach()
        die_with(server)
        for each in descriptors:
            os.set_blocking(each, False)
        run_child(seat_of(request["seat"]), offer, Link(*descriptors), user, processes)
    os.close(write)
    for each in descriptors:
        os.close(each)
    told = os.read(read, 8)
    os.close(read)
    os.waitpid(between, 0)
    _say(control, {"spawned": request["spawn"], "pid": int.from_bytes(told, "big")})


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


def _say(control: socket.socket, message: dict[str, object]) -> None:
    control.sendall(json.dumps(message).encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
