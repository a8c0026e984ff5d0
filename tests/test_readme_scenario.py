"""The README's chapter on writing a scenario: its blocks, put together, are a file, and what it shows comes out."""

import json
import re
import shlex
from pathlib import Path

import pytest

from gdsim.cli import main
from gdsim.scenario.library import names
from gdsim.scenario.load import load_file
from gdsim.session import Session

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
CHAPTER = README.split("## Write your own scenario\n", 1)[1].split("\n## ", 1)[0]
BLOCKS = re.findall(r"^```(toml|console)\n(.*?)^```$", CHAPTER, re.MULTILINE | re.DOTALL)
MENDED = ("min_chnage", "min_change")


def matches(shown, said):
    """Whether what was said is what is shown, where … stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, shown.split("…"))), said, re.DOTALL) is not None


def follow(folder, capsys):
    """Do all that the chapter says, in its order, and return the file that is made."""
    path = folder / "valley.toml"
    text = ""
    for language, block in BLOCKS:
        if language == "toml":
            text = text.replace(*MENDED) + block
            path.write_text(text, encoding="utf-8")
            continue
        for command, shown in re.findall(r"^\$ gdsim (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            words, _, target = command.partition(" > ")
            main(shlex.split(words))
            said = "".join(capsys.readouterr())
            if target:
                (folder / target).write_text(said, encoding="utf-8")
            else:
                assert matches(shown, said), f"{command}\n{said}"
    return path


@pytest.fixture
def made(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    return follow(tmp_path, capsys)


def test_what_the_chapter_shows_comes_out(made):
    """Each command says what the README shows beneath it, and the file it ends with is one with runs and a question."""
    assert len(BLOCKS) >= 8
    scenario = load_file(made)
    assert (len(scenario.expect), len(scenario.compare), len(scenario.ask)) == (3, 1, 1)
    assert Session.open(scenario).forward(1).timeline.state(1).theta.tolist() == pytest.approx([3.76, 0.2])


def test_the_file_ends_checked(made, capsys):
    """The finished file passes check, and the schema it names lies beside it."""
    assert main(["check", str(made)]) == 0
    assert capsys.readouterr().out.endswith("all checks passed\n")
    schema = made.parent / re.match(r"#:schema \./(\S+)", made.read_text())[1]
    assert "function" in json.loads(schema.read_text())["properties"]


def test_the_schema_knows_every_key_of_the_file(made):
    """What the chapter writes is what an editor completes: every key at the top and in its tables is in the schema."""
    schema = json.loads((made.parent / "gdsim.schema.json").read_text())
    for key, value in load_file(made).source_table.items():
        described = schema["properties"][key]
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                reference = re.search(r'"\$ref": "#/\$defs/(\w+)"', json.dumps(described))[1]
                assert set(part) <= set(schema["$defs"][reference]["properties"]), key


def test_scenarios_it_names_exist():
    """A copy is made of a scenario there is."""
    assert set(re.findall(r"--like ([a-z-]+)", CHAPTER)) <= set(names())
