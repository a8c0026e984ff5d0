"""A learner's process: forked from a fork server that has imported this module and everything a screen needs."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import os
import random
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from pkgutil import walk_packages
from time import monotonic
from typing import Any

import numpy as np
import rich
from textual.css.stylesheet import Stylesheet

from gdsim.classroom.messages import Busy
from gdsim.errors import GdsimError
from gdsim.i18n import LANGUAGES, use_language
from gdsim.manual import TOPICS
from gdsim.scenario import library
from gdsim.scenario.course import Course, course_of, load_course
from gdsim.scenario.library import resolve, summary_of
from gdsim.scenario.load import load_file
from gdsim.scenario.place import Place
from gdsim.scenario.scenario import Scenario
from gdsim.serve.client import Client
from gdsim.serve.confinement import (
    allow_time,
    become,
    confine,
    die_with_server,
    leave_network,
    unprivileged_user,
    warn_of_end,
)
from gdsim.serve.workers import SETTINGS, Ready
from gdsim.session.commands import COMMANDS
from gdsim.session.manual import topic_text
from gdsim.tui.app import GdsimApp
from gdsim.tui.served import FAILED, Catalogue, served, served_app
from gdsim.tui.terminal_profile import TerminalProfile

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGUSR1)
_RENEW_SECONDS = 1.0

_FLOORS = ("engine", "scenario", "timeline", "charts", "explain", "session", "classroom", "tui")

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
"""Modules that Textual and Python load only when they are first needed."""


def run(
    profile: TerminalProfile, screen: socket.socket, messages: socket.socket, stderr: Connection, processes: int
) -> None:
    """Show one learner's screen until it ends, then exit with its status."""
    os.dup2(stderr.fileno(), 2)
    os.dup2(stderr.fileno(), 1)
    status = FAILED
    try:
        _keep_only(screen, messages)
        die_with_server()
        user = unprivileged_user()
        if user is not None:
            become(user)
        begin_anew(profile)
        confine(None if user is None else processes)
        if isinstance(CATALOGUE, GdsimError):
            raise CATALOGUE
        with asyncio.Runner(loop_factory=_loop) as runner:
            status = runner.run(_draw(profile, CATALOGUE, screen, messages)).return_code or 0
    except Exception:
        traceback.print_exc(file=sys.__stderr__)
    sys.exit(status)


def report(answer: Connection) -> None:
    """Tell the server what is served, or the mistake found in a scenario."""
    if isinstance(CATALOGUE, GdsimError):
        answer.send(str(CATALOGUE))
    else:
        user = unprivileged_user()
        name = "" if user is None else user.pw_name
        answer.send(Ready(hashes(CATALOGUE), CATALOGUE.courses, name, IS_OFF_NETWORK))


def begin_anew(profile: TerminalProfile) -> None:
    """Reset what a fork inherits but must not share with others.

    Also leave the process group: if the fork server died while a member was stopped, the whole group would get SIGHUP.
    """
    os.setpgid(0, 0)
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    random.seed()
    np.random.seed()
    os.environ.pop("NO_COLOR", None)
    if not profile.colors:
        os.environ["NO_COLOR"] = "1"
    use_language(profile.language)


def load() -> None:
    """Load everything a screen may ever load.

    Learners' processes run as a user who may be unable to read any file of this program.
    """
    for language in (*LANGUAGES[1:], LANGUAGES[0]):
        use_language(language)
        for topic in TOPICS:
            topic_text(topic, COMMANDS)
    for floor in _FLOORS:
        package = import_module(f"gdsim.{floor}")
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if module.name != "gdsim.classroom.redis_bus":
                import_module(module.name)
    for name in _LOADED_LATE:
        import_module(name)
    for module in walk_packages(rich.__path__, "rich."):
        with suppress(ImportError):  # parts that need other programs, such as notebooks
            import_module(module.name)


async def _draw(
    profile: TerminalProfile, catalogue: Catalogue, screen: socket.socket, messages: socket.socket
) -> GdsimApp:
    client = await Client.connect(profile, catalogue, screen, messages)
    warn_of_end(lambda: client.tell(Busy()))
    app = served_app(profile, client, STYLESHEETS.get(profile.theme))
    await app.run_async(size=profile.size)
    await client.close()
    return app


class _Selector(selectors.PollSelector):
    """An event loop's selector; grants more processor time whenever the loop comes back to wait."""

    _renewed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        now = monotonic()
        if now - self._renewed > _RENEW_SECONDS:
            self._renewed = now
            allow_time()
        return super().select(timeout)


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.SelectorEventLoop(_Selector())


def _keep_only(*sockets: socket.socket) -> None:
    """Close the descriptors multiprocessing keeps open, which a screen does not need."""
    server = parent_process()
    kept = sorted({0, 1, 2, *(each.fileno() for each in sockets), *([] if server is None else [server.sentinel])})
    for low, high in zip(kept, (*kept[1:], 4096), strict=True):
        os.closerange(low + 1, high)


# What is served.


def catalogue() -> Catalogue | GdsimError:
    """Load what the server's settings say to serve; return it, or the first mistake found."""
    settings = json.loads(os.environ[SETTINGS])
    try:
        courses = {language: _course(settings, language) for language in LANGUAGES}
        found = [served(load_file(each.path)) for each in courses[LANGUAGES[0]].scenarios]
    except GdsimError as error:
        return error
    scenarios = {scenario.name: scenario for scenario in found}
    return Catalogue(scenarios, {language: _without_places(course) for language, course in courses.items()})


def _course(settings: Mapping[str, Any], language: str) -> Course:
    """Return the course that is served, or the scenarios as a course. Raises GdsimError for a mistake in a file."""
    if settings["course"] is not None:
        return load_course(Path(settings["course"]), language=language)
    folder = None if settings["folder"] is None else Path(settings["folder"])
    paths = dict.fromkeys(resolve(name, folder) for name in settings["names"] or library.names(folder))
    return course_of(tuple(summary_of(path, language) for path in paths))


def _without_places(course: Course) -> Course:
    """Return a course without the paths of its files on this machine."""
    chapters = tuple(
        chapter._replace(scenarios=tuple(each._replace(path=Path(each.name)) for each in chapter.scenarios))
        for chapter in course.chapters
    )
    return course._replace(chapters=chapters)


def hashes(offer: Catalogue) -> dict[str, str]:
    """Return each scenario's hash, which distinguishes it from others of the same name."""
    return {name: _hash(scenario) for name, scenario in offer.scenarios.items()}


def _hash(scenario: Scenario) -> str:
    """Return a hash of the table in a scenario's file and of its samples, held-out ones included."""
    digest = hashlib.sha256(json.dumps(scenario.source_table, sort_keys=True, default=str).encode())
    samples = scenario.dataset
    if samples is not None:
        for array in (samples.inputs, samples.targets, samples.test_inputs, samples.test_targets):
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


# What the fork server does before the first learner arrives.


async def _rehearse(offer: Catalogue) -> GdsimApp:
    """Draw a run once, so that every fork inherits what a first screen reads and computes."""
    near, far = socket.socketpair()
    messages, far_messages = socket.socketpair()
    with near, far, messages, far_messages:
        for each in (near, far, messages):
            each.setblocking(False)
        loop = asyncio.get_running_loop()
        profile = TerminalProfile(size=(120, 40), place=Place(next(iter(offer.scenarios))))
        drawing = loop.create_task(_draw(profile, offer, near, messages))
        for key in (b" ", b"q"):
            with suppress(TimeoutError):
                await asyncio.wait_for(loop.sock_recv(far, 65_536), 5)
                await asyncio.sleep(0.2)
            await loop.sock_sendall(far, key)
        return await drawing


STYLESHEETS: dict[str, Stylesheet] = {}
"""The parsed style sheets, by theme."""

if SETTINGS in os.environ:
    os.setpgid(0, 0)  # only the server handles ctrl+c in its terminal
    CATALOGUE = catalogue()
    load()
    if isinstance(CATALOGUE, Catalogue):
        with asyncio.Runner(loop_factory=_loop) as _runner:
            STYLESHEETS["dark"] = _runner.run(_rehearse(CATALOGUE)).stylesheet
        use_language("en")
    IS_OFF_NETWORK = os.geteuid() == 0 and leave_network()
    gc.collect()
    gc.disable()
    gc.freeze()
