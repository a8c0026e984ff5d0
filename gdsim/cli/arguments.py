"""Arguments of commands: how a table lists them, functions that parse their values, and shared arguments."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError, BooleanOptionalAction
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from gdsim.i18n import LANGUAGES
from gdsim.manual import TOPICS

THEME_NAMES = ("dark", "light", "colour-blind", "terminal", "terminal-light")
"""The names of the screen's themes, here so that they are known without loading the screen."""

_LOOKS = ("size", "theme", "ascii")
EXPORTS: Mapping[str, tuple[str, ...]] = {
    ".svg": ("at", *_LOOKS),
    ".html": ("at", "steps", "phases", *_LOOKS),
    ".cast": ("steps", "phases", "speed", *_LOOKS),
    ".md": ("steps",),
    ".csv": ("steps",),
    ".jsonl": ("steps",),
}
"""The file extensions of exports, and the options that apply to each."""


class Argument(NamedTuple):
    """An argument of a command: its name or flag, its settings for argparse, and how shtab completes it."""

    name: str
    settings: Mapping[str, Any]
    completion: Mapping[str, str] | None = None


def argument(name: str, help: str = "", **settings: Any) -> Argument:
    """Return an argument; settings: those of `ArgumentParser.add_argument`."""
    return Argument(name, {"help": help, **settings})


def switch(name: str, help: str, **settings: Any) -> Argument:
    """Return a flag, which is on if given."""
    return argument(name, help, action="store_true", **settings)


def several(name: str, help: str, **settings: Any) -> Argument:
    """Return an option that may be repeated."""
    return argument(name, help, action="append", default=[], **settings)


def scenario(name: str, help: str, **settings: Any) -> Argument:
    """Return an argument that is a scenario: a bundled name or a .toml file."""
    return Argument(name, {"help": help, "metavar": "SCENARIO", **settings}, _SCENARIO_COMPLETION)


def file(name: str, help: str, *, metavar: str = "FILE", **settings: Any) -> Argument:
    """Return an argument that is the path of any file."""
    return Argument(name, {"help": help, "metavar": metavar, **settings}, _FILE_COMPLETION)


_SCENARIO_COMPLETION = {
    "bash": "_gdsim_scenario_files",
    "zsh": "_gdsim_scenario_files",
    "fish": "(_gdsim_scenario_files)",
}
"""How shtab completes a scenario, by shell; `completion` defines the functions."""

_FILE_COMPLETION = {"bash": "_shtab_compgen_files", "zsh": "_files", "fish": "(__fish_complete_path (commandline -ct))"}
"""The same as `shtab.FILE`, without loading shtab."""


def count(text: str) -> int:
    """Return a whole number, 0 or more."""
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(f"found {text!r}, a whole number of at least 0 is expected")
    return int(text)


def positive(text: str) -> int:
    """Return a whole number, 1 or more."""
    number = count(text)
    if number < 1:
        raise ArgumentTypeError("at least 1 is expected")
    return number


def port(text: str) -> int:
    """Return a port number; 0 means any port."""
    number = count(text)
    if number > 65_535:
        raise ArgumentTypeError(f"found {text}, a port is at most 65535")
    return number


def size(text: str) -> tuple[int, int]:
    """Return the columns and rows in a text such as ``120x40``."""
    match = re.fullmatch(r"(\d{1,3})x(\d{1,3})", text, re.ASCII)
    columns, rows = (int(match[1]), int(match[2])) if match else (0, 0)
    if not (60 <= columns <= 400 and 16 <= rows <= 200):
        raise ArgumentTypeError(f"found {text!r}, such as 120x40 is expected, from 60x16 to 400x200")
    return columns, rows


def speed(text: str) -> float:
    """Return a number of updates per second."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", text, re.ASCII) or not 0.1 <= float(text) <= 200:
        raise ArgumentTypeError(f"found {text!r}, a number from 0.1 to 200 is expected")
    return float(text)


def topic(text: str) -> str:
    """Return a topic of the manual."""
    if text in TOPICS:
        return text
    close = get_close_matches(text.lower(), TOPICS, n=1)
    guess = f"; did you mean {close[0]}?" if close else ""
    raise ArgumentTypeError(f"found {text!r}, one of {', '.join(TOPICS)} is expected{guess}")


A_SCENARIO = "a bundled name (gdsim list) or a path to a .toml file"
SCENARIO = scenario("scenario", A_SCENARIO)
COURSE = file("course", "a path to a course's .toml file; default: the bundled course", metavar="COURSE", nargs="?")
LANGUAGE = argument("--lang", "language of the texts (default: that of the environment)", choices=LANGUAGES)

CHANGES = (
    "changes to the scenario",
    several(
        "--set",
        "set a key of the file, by its dotted path, to a TOML value; may be repeated",
        dest="settings",
        metavar="KEY=VALUE",
    ),
    argument("--seed", "seed of all random choices", type=int, metavar="N"),
    argument("--updates", "largest number of updates", type=int, metavar="N"),
    several(
        "--as-published",
        "make a common mistake, named as gdsim diagnose does: wrong-sign, transposed=used, slope_left_out=hidden",
        metavar="NAME=WHERE",
    ),
    switch("--corrected", "use the corrected rule instead of the published one"),
)

WHICH_RUN = (
    "run",
    argument("--start", "use the scenario's starting point N; the first is 1", type=int, default=1, metavar="N"),
    several(
        "--edit",
        "change something after an update: 12:update.learning_rate=0.5, 20:x=3.0, 5:update.rule=adam, "
        "7:corrected=true, 9:seed=3; may be repeated",
        dest="edits",
        metavar="AFTER:KEY=VALUE",
    ),
)

HOW_SHOWN = (
    "display",
    argument("--at", "start at update N", type=count, default=0, metavar="N"),
    file(
        "--beside",
        "draw your own program's run alongside, up to where the two diverge",
        metavar="NUMBERS",
        type=Path,
    ),
    argument("--memory", "memory for stored states of the run (64)", type=count, default=64, metavar="MB"),
    switch("--plain", "plain text and typed commands instead of a screen"),
    argument(
        "--ascii",
        "use ASCII characters only; the default if the terminal shows no others",
        action=BooleanOptionalAction,
    ),
    argument(
        "--theme",
        "colours of the screen; default: GDSIM_THEME, else the theme that suits the terminal",
        choices=THEME_NAMES,
    ),
    switch("--no-motion", "show nothing that moves by itself"),
    several(
        "--lock",
        "changes to lock, besides those the scenario locks: learning-rate,edit,rule,seed,corrected,what-if,go,end",
        metavar="NAMES",
    ),
    several(
        "--hide",
        "panels, table columns and charts to hide, besides those the scenario hides: gradient,equation,lesson",
        metavar="NAMES",
    ),
    switch("--questions", "stop at the scenario's questions until they are answered"),
    LANGUAGE,
)

SERVE = (
    scenario("scenarios", "scenarios to serve, by name or file; default: all bundled ones", nargs="*"),
    "where",
    argument("--host", "address to listen on (127.0.0.1); 0.0.0.0 for all", default="127.0.0.1"),
    argument("--port", "port to listen on (2222); 0 for any", type=port, default=2222, metavar="N"),
    several(
        "--proxy-protocol",
        "accept connections only from the load balancer at this address, which passes on the clients' "
        "addresses; may be repeated",
        dest="balancers",
        metavar="ADDRESS",
    ),
    "access",
    argument(
        "--code",
        "code that learners type to log in; default: a new one; give a short code twice to confirm it",
        action="append",
    ),
    argument(
        "--instructor-code",
        "code that the instructor types; default: a new one; give a short code twice to confirm it",
        action="append",
        metavar="CODE",
    ),
    file("--authorized-keys", "public keys that log in without a code", type=Path),
    switch("--open", "let everybody log in without a code", dest="is_open"),
    switch("--yes-open", "allow --open on an address that others can reach"),
    argument("--max-learners", "learners at a time (100)", type=positive, default=100, metavar="N"),
    argument(
        "--idle-timeout",
        "disconnect learners after this long without a key press (3600)",
        type=count,
        default=3600,
        metavar="SECONDS",
    ),
    "several servers, one room",
    argument("--bus", "address of the Redis they share: redis://HOST:6379/0", default="", metavar="URL"),
    argument("--room", "name of the room in that Redis (workshop)", default="workshop", metavar="NAME"),
    "files",
    file("--host-key", "private host key; created if missing", type=Path),
    argument("--scenarios", "folder of scenarios to serve", dest="folder", type=Path, metavar="FOLDER"),
    argument("--handouts", "folder for hand-outs (the current one)", type=Path, default=Path(), metavar="FOLDER"),
    file("--course", "serve a course, by name or file; the instructor opens its chapters", metavar="COURSE"),
    switch("--open-course", "open all chapters of the course from the start", dest="is_course_open"),
    file("--log", "log of connections and refusals (standard error)", type=Path),
)
