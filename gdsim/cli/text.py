"""Commands without a screen: a run in plain text, a trace, a diagnosis, the manual, the schema of scenario files."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from functools import partial
from io import TextIOWrapper
from pathlib import Path

from gdsim.cli.options import build_run, load_scenario, open_session, opening, place_of
from gdsim.errors import UsageError
from gdsim.export.files import TRACE_FORMATS, write_file, write_lines
from gdsim.export.trace.jsonl import jsonl_lines
from gdsim.i18n import speak
from gdsim.interop.diagnosis import diagnose
from gdsim.interop.numbers import read_numbers
from gdsim.interop.report import report_html, report_json, report_lines
from gdsim.manual import topic_list
from gdsim.plain.repl import choose_plain, run_plain
from gdsim.scenario.course import course_path, load_course
from gdsim.scenario.edits import edits_of
from gdsim.scenario.library import resolve
from gdsim.scenario.place import START
from gdsim.scenario.schema import json_schema
from gdsim.session import Session
from gdsim.session.commands import COMMANDS
from gdsim.session.course import Guide
from gdsim.session.manual import topic_text
from gdsim.session.progress import ProgressFile, Record, resumed, with_reached
from gdsim.tui.terminal import terminal_of


def plain_command(options: Namespace) -> int:
    """Step through a scenario, or one chosen from the list, by typed commands."""
    how = opening(options)
    scenario = None if options.scenario is None else how.read(resolve(options.scenario))
    speak(options.lang, sys.stdout.encoding)
    is_ascii = terminal_of(os.environ, sys.stdout.encoding).is_ascii if options.ascii is None else options.ascii
    file = ProgressFile()
    guide = Guide(lambda: load_course(course_path(options.course)), file)
    if scenario is not None:
        is_typed = sys.stdin is not None and sys.stdin.isatty()  # a script's steps are not a learner's progress
        session = open_session(scenario, options)
        return run_plain(session, sys.stdin, sys.stdout, ascii_only=is_ascii, guide=guide if is_typed else None)

    def opened(name: str) -> Session:
        summary = guide.course.named(name)
        record = file.read().of(summary) or Record()
        session = with_reached(open_session(how.read(summary.path), options), record)
        return resumed(session, record).session() if place_of(options) == START else session

    return choose_plain(opened, sys.stdin, sys.stdout, ascii_only=is_ascii, guide=guide)


def trace_command(options: Namespace) -> int:
    """Print every update of a run."""
    kind = options.format or ("table" if sys.stdout.isatty() and not options.phases else "jsonl")
    if options.phases and kind != "jsonl":
        raise UsageError("--phases", f"cannot be written as {kind}", "--format jsonl")
    scenario = load_scenario(options)
    run = build_run(scenario, options)
    listed = edits_of(scenario, run, options.edits)
    if kind != "table" and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    written = partial(jsonl_lines, has_phases=True) if options.phases else TRACE_FORMATS[kind]
    write_lines(written(scenario, run, listed), sys.stdout)
    return 0


def diagnose_command(options: Namespace) -> int:
    """Print the diagnosis and return 0 if all numbers agree, 1 if one differs."""
    speak(options.lang, sys.stdout.encoding)
    scenario = load_scenario(options)
    found = diagnose(scenario, read_numbers(Path(options.numbers)))
    if options.html is not None:
        write_file(options.html, [report_html(scenario, found, has_points=options.points)], force=True)
    if options.json:
        sys.stdout.write(json.dumps(report_json(found, has_points=options.points), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in report_lines(scenario, found)))
        if options.points:
            points = found.points
            rows = ", ".join(f"{phase} {earned:g}" for phase, earned in points.items())
            sys.stdout.write(f"points: {sum(points.values()):g} of {len(points)} ({rows})\n")
    return 0 if found.agrees else 1


def help_command(options: Namespace) -> int:
    """Print a topic of the manual, or the list of topics."""
    speak(options.lang, sys.stdout.encoding)
    sys.stdout.write(topic_list() if options.topic is None else topic_text(options.topic, COMMANDS))
    return 0


def schema_command(_options: Namespace) -> int:
    """Print the JSON Schema of scenario files."""
    sys.stdout.write(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n")
    return 0
