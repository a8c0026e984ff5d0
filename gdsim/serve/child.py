"""One learner's process, from its fork to its end."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import os
import random
import signal
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import numpy as np

from gdsim.i18n import LANGUAGES, use_language
from gdsim.scenario import library
from gdsim.scenario.library import Summary, resolve
from gdsim.scenario.load import load_file
from gdsim.scenario.scenario import Scenario, in_language
from gdsim.serve.confine import Guest, limit
from gdsim.serve.loops import ScreenLoop
from gdsim.tui.link import Link
from gdsim.tui.seat import Seat
from gdsim.tui.served import FAILED, Offer, ServedApp, served

_RESET = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGUSR1, signal.SIGPIPE)


def offer_of(names: Sequence[str], folder: Path | None) -> Offer:
    """Return what is served: scenarios named, else all of a folder, else all that are bundled.

    Raises GdsimError for the first that has a mistake.
    """
    found = [served(load_file(resolve(name, folder))) for name in names or library.names(folder)]
    scenarios = {scenario.name: scenario for scenario in found}
    return Offer(scenarios, {language: tuple(_lines(scenarios, language)) for language in LANGUAGES})


def _lines(scenarios: Mapping[str, Scenario], language: str) -> Iterator[Summary]:
    for name, scenario in scenarios.items():
        told = in_language(scenario, language)
        yield Summary(name, told.title, told.summary, told.source or "", told.kind, Path(name))


def hashes(offer: Offer) -> dict[str, str]:
    """Return what tells each scenario from others of its name."""
    return {name: _hash(scenario) for name, scenario in offer.scenarios.items()}


def _hash(scenario: Scenario) -> str:
    """Return a hash of what a scenario's file says, and of its samples."""
    digest = hashlib.sha256(json.dumps(scenario.source_table, sort_keys=True, default=str).encode())
    if scenario.dataset is not None:
        digest.update(np.ascontiguousarray(scenario.dataset.inputs).tobytes())
    return digest.hexdigest()[:16]


def run_child(seat: Seat, offer: Offer, link: Link, user: Guest, processes: int) -> NoReturn:
    """Draw one seat's screen until it is left, and end the process with its exit status."""
    status = FAILED
    try:
        begin_anew(seat)
        limit(user, processes)
        status = _run(seat, offer, link)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        with suppress(Exception):
            sys.stderr.flush()
        os._exit(status)


def begin_anew(seat: Seat) -> None:
    """Leave behind what a fork shares with others and should not."""
    for number in _RESET:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.set_wakeup_fd(-1)
    random.seed()
    np.random.seed()
    gc.enable()
    os.environ.pop("NO_COLOR", None)
    if not seat.colors:
        os.environ["NO_COLOR"] = "1"
    use_language(seat.language)


def _run(seat: Seat, offer: Offer, link: Link) -> int:
    loop = ScreenLoop()
    asyncio.set_event_loop(loop)
    app = ServedApp(seat, link, offer)
    app.run(loop=loop, size=seat.size)
    link.flush()
    return app.return_code or 0
