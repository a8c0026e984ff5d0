"""The README says what is so: its keys, scenarios and commands are those there are."""

import argparse
import doctest
import io
import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gdsim.cli.parser import build_parser
from gdsim.cli.run import THEME_NAMES
from gdsim.plain.shell import run_plain
from gdsim.scenario.library import resolve, summaries
from gdsim.scenario.load import load_file
from gdsim.session import Session
from gdsim.tui.keys import INSTRUCTOR_KEYS, KEYS, LEARNER_KEYS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def table(heading):
    """Rows of the first table after a heading, as tuples of cells; a vertical bar inside a cell is escaped."""
    text = README.split(f"## {heading}\n", 1)[1]
    lines = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE).group().splitlines()[2:]
    return [tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]) for line in lines]


def test_key_table_is_the_one_in_code():
    """Every key, in its order, with what it does."""
    assert table("Keys") == [(f"`{key.shown}`", key.does) for key in KEYS]


@pytest.mark.parametrize(
    ("heading", "keys"), [("Keys of an instructor", INSTRUCTOR_KEYS), ("Keys of a learner", LEARNER_KEYS)]
)
def test_tables_of_a_workshop_are_those_in_code(heading, keys):
    """Every key of a role, in its order, with what it does."""
    assert table(heading) == [(f"`{key.shown}`", key.does) for key in keys]


def test_a_workshop_is_three_commands():
    """Two where it is served, one at a learner's desk; what they say is understood."""
    block = README.split("<!-- workshop -->\n```sh\n", 1)[1].split("\n```", 1)[0]
    install, serve = block.splitlines()
    assert install.endswith("pip install -q '.[serve]'")
    options = build_parser().parse_args(shlex.split(serve)[1:])
    assert (options.scenarios, options.port) == (["mountain-descent"], 2222)
    assert load_file(resolve(options.scenarios[0])).name == "mountain-descent"
    assert "ssh -p 2222 maria@HOST" in README


def test_scenarios_are_those_bundled():
    """Every bundled scenario with its summary."""
    assert table("Scenarios") == [(f"`{each.name}`", each.summary) for each in summaries()]


def test_commands_exist():
    """Every command the table shows is one the parser knows, and none is missing."""
    shown = {match.group(1) for row in table("Commands") if (match := re.match(r"`gdsim (\w+)", row[0]))}
    subparsers = next(a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    assert shown == set(subparsers.choices)


@pytest.mark.parametrize("marker", ["run", "tests"])
def test_one_command_each(marker):
    """One command sets up and runs the main job, one sets up and passes the tests."""
    block = README.split(f"<!-- {marker} -->\n```sh\n", 1)[1].split("\n```", 1)[0]
    assert len(block.splitlines()) == 1
    assert "python3 -m venv" in block


def test_python_examples_come_out():
    """What the README types into Python gives what it shows."""
    examples = doctest.DocTestParser().get_doctest(README, {}, "README", "README.md", 0)
    assert len(examples.examples) >= 6
    assert doctest.DocTestRunner().run(examples).failed == 0


def test_pictures_are_there_and_small():
    """Each picture the README shows is an SVG in the checkout, of less than 120 kB."""
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    for name in pictures:
        path = Path(__file__).parents[1] / name
        assert ElementTree.parse(path).getroot().tag.endswith("svg")
        assert path.stat().st_size < 120_000


def test_plain_mode_says_what_is_shown():
    """The lines shown of plain mode are those it writes."""
    block = r"\$ printf '([^']+)' \| gdsim run mountain-descent --plain \| tail -6\n(.*?)```"
    typed, shown = re.search(block, README, re.DOTALL).groups()
    stream = io.StringIO()
    session = Session.open(load_file(resolve("mountain-descent")))
    assert run_plain(session, io.StringIO(typed.replace("\\n", "\n")), stream) == 0
    assert stream.getvalue().splitlines()[-6:] == shown.splitlines()


def test_themes_are_named():
    """The command table offers every theme there is."""
    row = next(row for row in table("Commands") if row[0] == "`gdsim run SCENARIO`")
    assert "|".join(THEME_NAMES) in row[1].replace("\\|", "|")
