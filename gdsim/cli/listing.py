"""``gdsim list``: the bundled scenarios."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from gdsim.cli.command import Command
from gdsim.cli.language_options import add_language, speak
from gdsim.i18n import LANGUAGES


def _options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="for programs: name, title, summary, source and kind, as in their files"
    )
    add_language(parser)


def _act(options: Namespace) -> int:
    from gdsim.scenario.library import summaries

    if options.json:
        import json

        entries = [
            {"name": s.name, "title": s.title, "summary": s.summary, "source": s.source, "kind": s.kind}
            for s in summaries(language=LANGUAGES[0])
        ]
        sys.stdout.write(json.dumps(entries, ensure_ascii=False, indent=2) + "\n")
        return 0
    speak(options.lang)
    scenarios = summaries()
    width = max((len(s.name) for s in scenarios), default=0)
    sys.stdout.writelines(f"{s.name:<{width}}  {s.summary}\n" for s in scenarios)
    return 0


COMMAND = Command(
    "list", "list the bundled scenarios with their summaries", ("gdsim list", "gdsim list --json"), _options, _act
)
