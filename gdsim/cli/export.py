"""``gdsim export``: writes a run to a file: a picture of the screen, a page, a recording, a table, a worked example."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from gdsim.cli.arguments import EXPORTS
from gdsim.cli.options import load_scenario, place_of
from gdsim.errors import UsageError
from gdsim.export.files import check_free, text_lines, write_file
from gdsim.export.screen import PICTURES
from gdsim.export.trace.lines import Steps, parse_steps
from gdsim.i18n import LANGUAGES, speak
from gdsim.session import Session
from gdsim.session.steps import way_to

_FOR_PROGRAMS = (".csv", ".jsonl")
"""Extensions of files that programs read; they are the same in every language."""


def export_command(options: Namespace) -> int:
    """Check that the options fit the file, then write the requested updates."""
    path = Path(options.file)
    _check_options(path, options)
    if not options.force:  # fails before a long run, not after it
        check_free(path)
    session = _session(options)
    steps = None if options.steps is None else parse_steps(options.steps)
    is_picture = path.suffix in PICTURES
    lines = _pictures(session, steps, options) if is_picture else text_lines(path.suffix, session, steps)
    write_file(path, lines, force=options.force)
    sys.stderr.write(f"wrote {path}\n")
    return 0


def _pictures(session: Session, steps: Steps | None, options: Namespace) -> Iterator[str]:
    """Return the text of a picture of the screen, a page to step through, or a recording."""
    from gdsim.tui.display import Options
    from gdsim.tui.pictures import SCREENS, Shot

    look = Options(ascii_only=options.ascii, theme=options.theme)
    shot = Shot(options.at or 0, steps, options.phases, options.size or Shot().size, options.speed, look)
    return SCREENS[Path(options.file).suffix](session, shot)


def _check_options(path: Path, options: Namespace) -> None:
    """Raise UsageError for an unknown extension, options that do not apply to it, and --at with --steps."""
    takes = EXPORTS.get(path.suffix)
    if takes is None:
        raise UsageError(options.file, "unknown file extension", f"a name that ends in {', '.join(EXPORTS)}")
    for name in dict.fromkeys(option for each in EXPORTS.values() for option in each):
        if getattr(options, name) not in (None, False) and name not in takes:
            having = ", ".join(ending for ending, each in EXPORTS.items() if name in each)
            raise UsageError(f"--{name}", f"does not apply to a {path.suffix} file", f"it applies to {having}")
    if options.at is not None and options.steps is not None:
        raise UsageError("--at", "not allowed with --steps", "one update or several")


def _session(options: Namespace) -> Session:
    """Return a session at the start of the requested run, with its edits made."""
    scenario = load_scenario(options)
    speak(LANGUAGES[0] if Path(options.file).suffix in _FOR_PROGRAMS else options.lang, sys.stdout.encoding)
    place = replace(place_of(options), update=0)
    return way_to(Session.open(scenario, place), place).session()
