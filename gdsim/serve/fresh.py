"""A learner's process that was not forked: everything is imported for this one screen."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from gdsim.errors import GdsimError
from gdsim.serve.child import offer_of, run_child
from gdsim.serve.confine import become, die_with, guest, leave_network
from gdsim.serve.warm import load
from gdsim.tui.link import Link
from gdsim.tui.seat import seat_of


def main(arguments: list[str]) -> int:
    """Draw one screen. arguments: the numbers of its two sockets, its seat, and a JSON object of settings."""
    server, settings = os.getppid(), json.loads(arguments[3])
    folder = settings["folder"]
    try:
        offer = offer_of(settings["scenarios"], None if folder is None else Path(folder))
    except GdsimError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    user = guest()
    if user.name:
        load()
        leave_network()
    become(user)
    die_with(server)
    os.chdir("/")
    descriptors = [int(each) for each in arguments[:2]]
    for each in descriptors:
        os.set_blocking(each, False)
    return run_child(seat_of(arguments[2]), offer, Link(*descriptors), user, settings["processes"])
