"""What there is to choose from: the bundled scenarios for a reader, all that can be typed for a shell."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace

import shtab

from gdsim.cli.parser import build_parser
from gdsim.i18n import LANGUAGES, _, language_for, use_language
from gdsim.scenario.course import course_path, load_course
from gdsim.scenario.library import names


def list_command(options: Namespace) -> int:
    """Print the bundled scenarios in the order of their course."""
    if not options.json:
        use_language(language_for(options.lang, os.environ, sys.stdout.encoding))
    course = load_course(course_path(), language=LANGUAGES[0] if options.json else None)
    if options.json:
        entries = [
            {
                "name": s.name,
                "title": s.title,
                "summary": s.summary,
                "source": s.source,
                "kind": s.kind,
                "chapter": chapter.title,
                "minutes": chapter.minutes,
                "goals": list(s.goals),
            }
            for chapter, s in course.places()
        ]
        sys.stdout.write(json.dumps(entries, ensure_ascii=False, indent=2) + "\n")
        return 0
    width = max((len(s.name) for s in course.scenarios), default=0)
    for number, chapter in enumerate(course.chapters, 1):
        minutes = _("{count} min").format(count=chapter.minutes)
        sys.stdout.write(f"{number} {chapter.title} · {minutes}\n")
        sys.stdout.writelines(f"  {s.name:<{width}}  {s.summary}\n" for s in chapter.scenarios)
    return 0


_SCENARIO_FUNCTIONS = {
    "bash": """gdsim_scenarios="{names}"
_gdsim_scenario_files() {{
  compgen -W "$gdsim_scenarios" -- "$1"
  compgen -f -X "!*.toml" -- "$1"
  compgen -d -- "$1"
}}""",
    "zsh": """gdsim_scenarios=({names})
_gdsim_scenario_files() {{
  compadd -a gdsim_scenarios
  _files -g '*.toml'
}}""",
    "fish": """function _gdsim_scenario_files
  printf '%s\\n' {names}
  __fish_complete_suffix .toml
end""",
}
"""What each shell completes a scenario with: a bundled name, a .toml file or a folder on the way to one."""


def completion_command(options: Namespace) -> int:
    """Print a script with which a shell completes gdsim's command line, written from its parser."""
    functions = _SCENARIO_FUNCTIONS[options.shell].format(names=" ".join(names()))
    script = shtab.complete(build_parser(), options.shell, preamble=functions)
    if options.shell == "zsh":
        # It would run at once when it is sourced, and completes only the first of several scenarios.
        script = script.replace("$zsh_eval_context[-1] == eval", "$zsh_eval_context[-1] == (eval|file)")
        script = script.replace('"(*)::', '"*:')
    sys.stdout.write(script + "\n")
    return 0
