"""What each command takes: its arguments, with their help and what may stand there."""

from __future__ import annotations

import re
from argparse import Action, ArgumentParser, ArgumentTypeError, BooleanOptionalAction, _ArgumentGroup
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from gdsim.i18n import LANGUAGES
from gdsim.manual import TOPICS

SCENARIO, FILE = "SCENARIO", "FILE"
"""Metavars that shell completion knows: a bundled name or a .toml file; any file."""

THEME_NAMES = ("dark", "light", "colour-blind", "terminal", "terminal-light")
"""The names of the screen's themes, known without loading the screen."""

TRACE_FORMATS = ("table", "jsonl", "csv")
SHELLS = ("bash", "zsh", "fish")

_LOOKS = ("size", "theme", "ascii")
EXPORTS: Mapping[str, tuple[str, ...]] = {
    ".svg": ("at", *_LOOKS),
    ".html": ("at", "steps", "phases", *_LOOKS),
    ".cast": ("steps", "phases", "speed", *_LOOKS),
    ".md": ("steps",),
    ".csv": ("steps",),
    ".jsonl": ("steps",),
}
"""The extensions of files that can be exported, and the options that apply to each."""

_LOCK_HELP = "changes to lock, beside those the scenario locks: learning-rate,edit,rule,seed,corrected,what-if,go,end"
_HIDE_HELP = "panels, table columns and charts to hide, beside those the scenario hides: gradient,equation,lesson"


def add_run(parser: ArgumentParser) -> None:
    """Add the arguments of ``gdsim run``."""
    _add_scenario(parser, is_optional=True)
    parser.set_defaults(course=None)
    _add_run_options(parser)


def _add_run_options(parser: ArgumentParser) -> None:
    _add_overrides(parser)
    _add_which_run(parser)
    group = parser.add_argument_group("how it is shown")
    group.add_argument("--at", type=count, default=0, metavar="N", help="start at update N")
    _add_path(group, "--beside", "NUMBERS", "draw the run of a program of your own beside it, up to where they part")
    group.add_argument(
        "--memory", type=count, default=64, metavar="MB", help="memory for stored states of the run (64)"
    )
    group.add_argument("--plain", action="store_true", help="plain text and typed commands instead of a screen")
    group.add_argument(
        "--ascii",
        action=BooleanOptionalAction,
        help="use ASCII characters only; the default where the terminal shows no others",
    )
    group.add_argument(
        "--theme",
        choices=THEME_NAMES,
        help="colours of the screen; default: GDSIM_THEME, else the theme that suits the terminal",
    )
    group.add_argument("--no-motion", action="store_true", help="nothing moves by itself on the screen")
    group.add_argument("--lock", action="append", default=[], metavar="NAMES", help=_LOCK_HELP)
    group.add_argument("--hide", action="append", default=[], metavar="NAMES", help=_HIDE_HELP)
    group.add_argument(
        "--questions", action="store_true", help="stop at the scenario's questions until they are answered"
    )
    _add_language(group)


def add_learn(parser: ArgumentParser) -> None:
    """Add the arguments of ``gdsim learn``: those of ``gdsim run``, with a course instead of a scenario."""
    _add_course(parser)
    parser.set_defaults(scenario=None)
    _add_run_options(parser)


def add_progress(parser: ArgumentParser) -> None:
    """Add the arguments of ``gdsim progress``."""
    _add_course(parser)
    parser.add_argument("--json", action="store_true", help="print a row for each scenario as JSON")
    parser.add_argument(
        "--reset", nargs="?", const="", metavar="COURSE", help="forget what is reached in a course, or all; asks first"
    )
    _add_language(parser)


def _add_course(parser: ArgumentParser) -> None:
    text = "a path to a course's .toml file; default: the bundled course"
    _complete_files(parser.add_argument("course", nargs="?", metavar="COURSE", help=text))


def add_list(parser: ArgumentParser) -> None:
    """Add the arguments of ``gdsim list``."""
    parser.add_argument(
        "--json",
        action="store_true",
        help="print all there is to know of each scenario as JSON",
    )
    _add_language(parser)


def add_trace(parser: ArgumentParser) -> None:
    """Add the arguments of ``gdsim trace``."""
    _add_scenario(parser)
    _add_overrides(parser)
    _add_which_run(parser)
    parser.add_argument("--format", choices=TRACE_FORMATS, help="default: table on a terminal, else jsonl")
    parser.add_argument("--phases", action="store_true", help="include the phases of every update (jsonl)")


def add_export(parser: ArgumentParser) -> None:
    """Add the arguments of ``gdsim export``."""
    _add_scenario(parser)
    _add_overrides(parser)
    _complete_files(
        parser.add_argument("file", metavar=FILE, help=f"the extension picks the format: {' '.join(EXPORTS)}")
    )
    _add_which_run(parser)
    group = parser.add_argument_group("what is written")
    group.add_argument("--at", type=count, metavar="N", help="show the screen after update N (svg, html)")
    group.add_argument("--steps", metavar="A..B", help="write updates A to B; 0 is the start (all but svg)")
    group.add_argument("--phases", action="store_true", help="stop at every phase of an update (html, cast)")
    group.add_argument("--speed", type=_speed, metavar="N", help="updates a second (cast)")
    group.add_argument("--force", action="store_true", help="replace the file where it exists")
    group = parser.add_argument_group("how it is shown")
    group.add_argument("--size", type=_size, metavar="COLUMNSxROWS", help="size of the screen, 120x40 if not given")
    group.add_argument("--ascii", action="store_true", help="draw and write with ASCII characters only")
    group.add_argument("--theme", choices=THEME_NAMES, help="colours of the screen")
    _add_language(group)


def add_check(parser: ArgumentParser) -> None:
    """Add the arguments of ``gdsim check``."""
    _complete_scenarios(
        parser.add_argument("scenarios", nargs="*", metavar=SCENARIO, help="bundled names or paths to .toml files")
    )
    parser.add_argument("--all", action="store_true", help="check every bundled scenario")
    parser.add_argument("--watch", action="store_true", help="check again whenever a file is saved, until ctrl+c")
    _add_overrides(parser)


def add_diagnose(parser: ArgumentParser) -> None:
    """Add the arguments of ``gdsim diagnose``."""
    _add_scenario(parser)
    _complete_files(
        parser.add_argument("numbers", metavar="NUMBERS", help="CSV, JSON lines, .npz or .npy of a program")
    )
    _add_overrides(parser)
    group = parser.add_argument_group("how it is told")
    group.add_argument("--json", action="store_true", help="print one JSON object, for programs that grade")
    group.add_argument("--points", action="store_true", help="give a point to each phase that is right")
    _add_path(group, "--html", FILE, "write a page to hand back as well")
    _add_language(group)


def add_new(parser: ArgumentParser) -> None:
    """Add the arguments of ``gdsim new``."""
    _complete_files(
        parser.add_argument(
            "file", metavar=FILE, help="file to write: a new one that ends in .toml, or in .ipynb for a notebook"
        )
    )
    group = parser.add_mutually_exclusive_group()
    _complete_scenarios(group.add_argument("--like", metavar=SCENARIO, help="copy this scenario instead"))
    group.add_argument("--course", action="store_true", help="write a course to start from instead")


def add_serve(parser: ArgumentParser) -> None:
    """Add the arguments of ``gdsim serve``."""
    _complete_scenarios(
        parser.add_argument(
            "scenarios",
            metavar=SCENARIO,
            nargs="*",
            help="scenarios to serve, by name or file; default: all bundled ones",
        )
    )
    where = parser.add_argument_group("where")
    where.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1); 0.0.0.0 for all")
    where.add_argument("--port", type=_port, default=2222, metavar="N", help="port to listen on (2222); 0 for any")
    where.add_argument(
        "--proxy-protocol",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="accept connections only from the load balancer at this address, which passes on where they come from; "
        "may be repeated",
    )
    who = parser.add_argument_group("who gets in")
    who.add_argument(
        "--code",
        action="append",
        help="code that learners type to log in; default: a new one; a short one takes it twice",
    )
    who.add_argument(
        "--instructor-code",
        action="append",
        metavar="CODE",
        help="code that the instructor types; default: a new one; a short one takes it twice",
    )
    _add_path(who, "--authorized-keys", "FILE", "public keys that log in without a code")
    who.add_argument("--open", action="store_true", help="let everybody log in without a code")
    who.add_argument("--yes-open", action="store_true", help="allow --open on an address that others can reach")
    who.add_argument("--max-learners", type=_positive, default=100, metavar="N", help="learners at a time (100)")
    who.add_argument(
        "--idle-timeout",
        type=count,
        default=3600,
        metavar="SECONDS",
        help="disconnect after so long without a key press (3600)",
    )
    several = parser.add_argument_group("several servers, one room")
    several.add_argument("--bus", default="", metavar="URL", help="address of a Redis they share: redis://HOST:6379/0")
    several.add_argument("--room", default="workshop", metavar="NAME", help="which room of that Redis (workshop)")
    kept = parser.add_argument_group("files")
    _add_path(kept, "--host-key", "FILE", "private host key; made and kept when missing")
    kept.add_argument("--scenarios", dest="folder", type=Path, metavar="FOLDER", help="folder of scenarios to serve")
    kept.add_argument("--handouts", type=Path, metavar="FOLDER", help="folder for hand-outs (the current one)")
    _complete_files(
        kept.add_argument(
            "--course", metavar="COURSE", help="serve a course, by name or file; the instructor opens its chapters"
        )
    )
    kept.add_argument("--open-course", action="store_true", help="open all chapters of the course from the start")
    _add_path(kept, "--log", "FILE", "log of connections and refusals (standard error)")


def add_nothing(_parser: ArgumentParser) -> None:
    """Add nothing: the command takes no arguments."""


def add_completion(parser: ArgumentParser) -> None:
    """Add the arguments of ``gdsim completion``."""
    parser.add_argument("shell", choices=SHELLS, help="the shell to write for")


def add_help(parser: ArgumentParser) -> None:
    """Add the arguments of ``gdsim help``."""
    topics = f"what to read about: {', '.join(TOPICS)}; none: list the topics"
    parser.add_argument("topic", nargs="?", type=_topic, choices=TOPICS, metavar="TOPIC", help=topics)
    _add_language(parser)


def _add_scenario(parser: ArgumentParser, *, is_optional: bool = False) -> None:
    _complete_scenarios(
        parser.add_argument(
            "scenario",
            nargs="?" if is_optional else None,
            metavar=SCENARIO,
            help="a bundled name (gdsim list) or a path to a .toml file",
        )
    )


def _add_overrides(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("changes to the scenario")
    group.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="set a key of the file, by its dotted path, to a TOML value; may be repeated",
    )
    group.add_argument("--seed", type=int, metavar="N", help="seed of all random choices")
    group.add_argument("--updates", type=int, metavar="N", help="largest number of updates")
    group.add_argument(
        "--as-published",
        action="append",
        default=[],
        metavar="NAME=WHERE",
        help="make a usual mistake, as gdsim diagnose names it: wrong-sign, transposed=used, slope_left_out=hidden",
    )
    group.add_argument("--corrected", action="store_true", help="use the corrected rule instead of the published one")


def _add_which_run(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("which run")
    group.add_argument(
        "--start", type=int, default=1, metavar="N", help="use the scenario's starting point N; the first is 1"
    )
    group.add_argument(
        "--edit",
        dest="edits",
        action="append",
        default=[],
        metavar="AFTER:KEY=VALUE",
        help="change something after an update: 12:update.learning_rate=0.5, 20:x=3.0, 5:update.rule=adam, "
        "7:corrected=true, 9:seed=3; may be repeated",
    )


def _add_language(parser: ArgumentParser | _ArgumentGroup) -> None:
    parser.add_argument("--lang", choices=LANGUAGES, help="language of the texts (default: that of the environment)")


def _add_path(group: _ArgumentGroup, flag: str, metavar: str, does: str) -> None:
    _complete_files(group.add_argument(flag, type=Path, metavar=metavar, help=does))


def _complete_scenarios(action: Action) -> None:
    action.complete = _SCENARIO_COMPLETION  # type: ignore[attr-defined]


def _complete_files(action: Action) -> None:
    action.complete = _FILE_COMPLETION  # type: ignore[attr-defined]


_SCENARIO_COMPLETION = {
    "bash": "_gdsim_scenario_files",
    "zsh": "_gdsim_scenario_files",
    "fish": "(_gdsim_scenario_files)",
}
"""What shtab completes a scenario with, by shell; `completion.PREAMBLES` has the functions."""

_FILE_COMPLETION = {"bash": "_shtab_compgen_files", "zsh": "_files", "fish": "(__fish_complete_path (commandline -ct))"}
"""The same as `shtab.FILE`, known without loading shtab."""


def count(text: str) -> int:
    """Return a whole number from 0."""
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(f"found {text!r}, a whole number from 0 is expected")
    return int(text)


def _positive(text: str) -> int:
    number = count(text)
    if number < 1:
        raise ArgumentTypeError("at least 1 is expected")
    return number


def _port(text: str) -> int:
    number = count(text)
    if number > 65_535:
        raise ArgumentTypeError(f"found {text}, a port is at most 65535")
    return number


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,3})x(\d{1,3})", text, re.ASCII)
    columns, rows = (int(match[1]), int(match[2])) if match else (0, 0)
    if not (60 <= columns <= 400 and 16 <= rows <= 200):
        raise ArgumentTypeError(f"found {text!r}, such as 120x40 is expected, from 60x16 to 400x200")
    return columns, rows


def _speed(text: str) -> float:
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", text, re.ASCII) or not 0.1 <= float(text) <= 200:
        raise ArgumentTypeError(f"found {text!r}, a number from 0.1 to 200 is expected")
    return float(text)


def _topic(text: str) -> str:
    if text in TOPICS:
        return text
    close = get_close_matches(text.lower(), TOPICS, n=1)
    guess = f"; did you mean {close[0]}?" if close else ""
    raise ArgumentTypeError(f"found {text!r}, one of {', '.join(TOPICS)} is expected{guess}")
