"""``gdsim completion``: the scripts with which shells complete the command line, written from its parser.

The build of the wheel writes them too (`.ci/completions.py`), where nothing but shtab is installed.
"""

from __future__ import annotations

import sys
from argparse import Namespace

import shtab

from gdsim.cli.parser import build_parser
from gdsim.scenario.library import names

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
    """Print a script with which a shell completes gdsim's command line."""
    sys.stdout.write(script(options.shell))
    return 0


def script(shell: str) -> str:
    """Return the script of a shell."""
    functions = _SCENARIO_FUNCTIONS[shell].format(names=" ".join(names()))
    text = shtab.complete(build_parser(), shell, preamble=functions)
    if shell == "zsh":
        # It would run at once when it is sourced, and completes only the first of several scenarios.
        text = text.replace("$zsh_eval_context[-1] == eval", "$zsh_eval_context[-1] == (eval|file)")
        text = text.replace('"(*)::', '"*:')
    return text + "\n"
