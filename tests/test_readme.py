"""The README says what is so: its keys, commands, numbers and pictures are those there are."""

import argparse
import doctest
import html
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gdsim.cli import main
from gdsim.cli.parser import build_parser
from gdsim.explain.mistakes import MISTAKES
from gdsim.manual import topic_list
from gdsim.plain.repl import run_plain
from gdsim.scenario import limits
from gdsim.scenario.library import names, resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session
from gdsim.session.command import key_rows
from gdsim.session.commands import commands_for
from tests.manual import blocks, commands, parse

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text(encoding="utf-8")
PICTURE = ".readme/backprop.svg"


def chapter(heading):
    """Return what stands under a heading."""
    return README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def test_it_is_short():
    """Whatever else there is to say is in the manual."""
    assert len(README.splitlines()) <= 250


def test_key_table_is_the_one_in_code():
    """Every key, in its order, with what it does."""
    rows = re.findall(r"^\| `(.*)` \| (.*) \|$", chapter("Keys"), re.MULTILINE)
    assert rows == key_rows(commands_for())


def test_topics_are_those_of_the_manual():
    """Every topic of `gdsim help` is named with its line."""
    shown = re.findall(r"^- `gdsim help ([\w-]+)`: (.*)$", chapter("The manual"), re.MULTILINE)
    assert shown == [tuple(line.split(maxsplit=1)) for line in topic_list().splitlines()[2:]]


def test_commands_are_those_there_are():
    """The chapter on the manual names every command of the command line."""
    subparsers = next(a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    named = set(re.findall(r"`(?:gdsim )?(\w+)", chapter("The manual")))
    assert set(subparsers.choices) <= named


def test_commands_shown_are_understood():
    """The parser takes each command line in a block or in a sentence, and the scenarios it names are there."""
    inline = re.findall(r"`gdsim ([a-z][^`<>]*)`", README)
    shown = [*commands(README), *map(shlex.split, inline)]
    assert len(shown) > 8
    for words in shown:
        parse(words)


def test_a_workshop_is_three_commands():
    """Two where it is served, one at a learner's desk; what they say is understood."""
    block = README.split("<!-- workshop -->\n```sh\n", 1)[1].split("\n```", 1)[0]
    install, serve = block.splitlines()
    assert install.endswith("pip install -q '.[serve]'")
    options = build_parser().parse_args(shlex.split(serve)[1:])
    assert (options.scenarios, options.port) == (["mountain-descent"], 2222)
    assert load_file(resolve(options.scenarios[0])).name == "mountain-descent"
    assert "ssh -p 2222 maria@HOST" in README


@pytest.mark.parametrize("marker", ["run", "tests"])
def test_one_command_each(marker):
    """One command sets up and runs the main job, one sets up and passes the tests."""
    block = README.split(f"<!-- {marker} -->\n```sh\n", 1)[1].split("\n```", 1)[0]
    assert len(block.splitlines()) == 1
    assert "python3 -m venv" in block


def test_numbers_are_those_in_code():
    """The count of scenarios and the limits of a scenario are what they are said to be."""
    assert f"{len(names())} bundled scenarios" in README
    said = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", chapter("Limits"))]
    kept = [limits.LAYERS, limits.UNITS, limits.PARAMETERS, limits.SAMPLES, limits.UPDATES]
    assert [number for number in said if number != 64] == kept
    assert f"functions of up to {limits.VARIABLES} variables" in README


def test_python_examples_come_out():
    """What the README types into Python gives what it shows."""
    examples = doctest.DocTestParser().get_doctest(README, {}, "README", "README.md", 0)
    assert len(examples.examples) >= 5
    assert doctest.DocTestRunner().run(examples).failed == 0


def test_plain_mode_says_what_is_shown():
    """The lines shown of plain mode are those it writes."""
    block = r"\$ printf '([^']+)' \| gdsim run mountain-descent --plain \| tail -6\n(.*?)```"
    typed, shown = re.search(block, README, re.DOTALL).groups()
    stream = io.StringIO()
    session = Session.open(load_file(resolve("mountain-descent")))
    assert run_plain(session, io.StringIO(typed.replace("\\n", "\n")), stream) == 0
    assert stream.getvalue().splitlines()[-6:] == shown.splitlines()


def test_the_session_of_own_code_comes_out(tmp_path, capsys, monkeypatch):
    """Its program is run, diagnose says what is shown, and the mistakes are as many as there are."""
    text = chapter("Your own code")
    (program,), (session,) = blocks(text, "python"), blocks(text, "console")
    (tmp_path / "mine.py").write_text(program, "utf-8")
    subprocess.run([sys.executable, "mine.py"], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    command, shown = session.split("\n", 1)
    main([*command.removeprefix("$ gdsim ").split(), "--lang", "en"])
    assert capsys.readouterr().out == shown
    assert f"knows {len(MISTAKES)} mistakes" in text


def test_links_lead_somewhere():
    """Every file the README links to is in the checkout."""
    linked = [name for name in re.findall(r"\]\(([^)]+)\)", README) if "://" not in name]
    assert PICTURE in linked
    assert [name for name in linked if not (TOP / name).is_file()] == []


def test_the_picture_is_what_the_command_draws(tmp_path):
    """The picture is small, and its texts are those of the screen that the command beneath it writes."""
    command = re.search(r"`gdsim (export .* picture\.svg .*)`", README)[1]
    drawn = tmp_path / "picture.svg"
    assert main(shlex.split(command.replace("picture.svg", str(drawn)))) == 0
    kept = TOP / PICTURE
    assert kept.stat().st_size < 120_000
    assert texts(kept) == texts(drawn), f"write it anew: gdsim {command.replace('picture.svg', f'{PICTURE} --force')}"


def texts(path):
    """Return the words and numbers an SVG shows, each once."""
    assert ElementTree.parse(path).getroot().tag.endswith("svg")
    shown = re.findall(r">([^<>]+)<", path.read_text(encoding="utf-8"))
    return {text.strip() for text in map(html.unescape, shown) if any(map(str.isalnum, text))}
