"""``gdsim export``: a run in a file: a picture of the screen, a page, a recording, a table, a worked example."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gdsim.cli.command import Command
from gdsim.cli.language_options import add_language, speak
from gdsim.cli.run import THEME_NAMES
from gdsim.cli.scenario_options import (
    FILE,
    add_run_options,
    add_scenario_options,
    count,
    load_scenario,
)
from gdsim.errors import UsageError
from gdsim.i18n import LANGUAGES

if TYPE_CHECKING:
    from gdsim.session import Session

_LOOKS = ("size", "theme", "ascii")
_FOR_PROGRAMS = (".csv", ".jsonl")
"""Endings of files that programs read, the same in every language."""

ENDINGS: Mapping[str, tuple[str, ...]] = {
    ".svg": ("at", *_LOOKS),
    ".html": ("at", "steps", "phases", *_LOOKS),
    ".cast": ("steps", "phases", "speed", *_LOOKS),
    ".md": ("steps",),
    ".csv": ("steps",),
    ".jsonl": ("steps",),
}
"""The endings a file may have, and the options that say something about it."""


def _options(parser: ArgumentParser) -> None:
    add_scenario_options(parser)
    parser.add_argument("file", metavar=FILE, help=f"its ending says what is written: {' '.join(ENDINGS)}")
    add_run_options(parser)
    group = parser.add_argument_group("what is written")
    group.add_argument("--at", type=count, metavar="N", help="the screen after update N (svg, html)")
    group.add_argument("--steps", metavar="A..B", help="updates A to B, 0 being the start (all but svg)")
    group.add_argument("--phases", action="store_true", help="stop at every phase of an update (html, cast)")
    group.add_argument("--speed", type=_speed, metavar="N", help="updates a second (cast)")
    group.add_argument("--force", action="store_true", help="replace the file where it exists")
    group = parser.add_argument_group("how it is shown")
    group.add_argument("--size", type=_size, metavar="COLUMNSxROWS", help="size of the screen, 120x40 if not given")
    group.add_argument("--ascii", action="store_true", help="draw and write with ASCII characters only")
    group.add_argument("--theme", choices=THEME_NAMES, help="colours of the screen")
    add_language(group)


def _act(options: Namespace) -> int:
    path = Path(options.file)
    _check_options(path, options)
    from gdsim.export.files import check_free, write_file

    if not options.force:  # said before a long run, not after it
        check_free(path)
    session = _session(options)
    write_file(path, _lines(path.suffix, session, options), force=options.force)
    sys.stderr.write(f"wrote {path}\n")
    return 0


def _check_options(path: Path, options: Namespace) -> None:
    """Raise UsageError for an ending that says nothing, and for an option that says nothing about such a file."""
    takes = ENDINGS.get(path.suffix)
    if takes is None:
        raise UsageError(options.file, "its ending names no format", f"a name that ends in {', '.join(ENDINGS)}")
    for name in dict.fromkeys(option for each in ENDINGS.values() for option in each):
        if getattr(options, name) not in (None, False) and name not in takes:
            having = ", ".join(ending for ending, each in ENDINGS.items() if name in each)
            raise UsageError(f"--{name}", f"says nothing about a {path.suffix} file", f"it is for {having}")
    if options.at is not None and options.steps is not None:
        raise UsageError("--at", "found beside --steps", "one update or several")


def _session(options: Namespace) -> Session:
    """Return the session at the start of the run the command line means, edits made."""
    scenario = load_scenario(options)
    speak(LANGUAGES[0] if Path(options.file).suffix in _FOR_PROGRAMS else options.lang)
    from gdsim.session import Session

    return Session.open(scenario, corrected=options.corrected, start=options.start - 1, edits=options.edits)


def _lines(ending: str, session: Session, options: Namespace) -> Iterator[str]:
    from gdsim.export.files import TEXTS, text_lines
    from gdsim.export.trace.lines import parse_steps

    steps = None if options.steps is None else parse_steps(options.steps)
    if ending in TEXTS:
        return text_lines(ending, session, steps)
    from gdsim.tui.app import Options
    from gdsim.tui.pictures import SCREENS, Shot

    look = Options(ascii_only=options.ascii, theme=options.theme)
    shot = Shot(options.at or 0, steps, options.phases, options.size or Shot().size, options.speed, look)
    return SCREENS[ending](session, shot)


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


COMMAND = Command(
    "export",
    "write a run to a file: svg, html, cast, md, csv or jsonl",
    (
        "gdsim export mountain-descent hill.svg --at 20",
        "gdsim export mazur worked.md --steps 1..1",
        "gdsim export perceptron line.cast --speed 2",
        "gdsim export backprop xor.html --steps 0..3 --phases",
    ),
    _options,
    _act,
)
