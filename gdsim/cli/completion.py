"""``gdsim completion``: completion scripts for shells, generated from the parser of the command line.

The wheel's build generates them too (`.ci/completions.py`), with nothing but shtab installed.
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
"""How each shell completes a scenario: with a bundled name, a .toml file or a folder on the way to one."""


def completion_command(options: Namespace) -> int:
    """Print a shell's completion script."""
    sys.stdout.write(script(options.shell))
    return 0


def script(shell: str) -> str:
    """Return a shell's completion script."""
    functions = _SCENARIO_FUNCTIONS[shell].format(names=" ".join(names()))
    text = shtab.complete(build_parser(), shell, preamble=functions)
    if shell == "zsh":
        # When sourced, shtab's script would run at once, and it completes only the first of several scenarios.
        text = text.replace("$zsh_eval_context[-1] == eval", "$zsh_eval_context[-1] == (eval|file)")
        text = text.replace('"(*)::', '"*:')
    return text + "\n"
