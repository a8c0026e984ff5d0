"""``gdsim diagnose``: where are the numbers of somebody's own program wrong, and by which mistake?"""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from pathlib import Path

from gdsim.cli.options import load_scenario
from gdsim.export.files import write_file
from gdsim.i18n import language_for, use_language
from gdsim.interop.diagnosis import diagnose
from gdsim.interop.numbers import read_numbers
from gdsim.interop.report import report_html, report_json, report_lines

_AGREES, _DIFFERS = 0, 1


def diagnose_command(options: Namespace) -> int:
    """Print what is found and return 0 where all numbers agree, 1 where one differs."""
    use_language(language_for(options.lang, os.environ, sys.stdout.encoding))
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
    return _AGREES if found.agrees else _DIFFERS
