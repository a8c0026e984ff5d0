"""The manual's chapter on writing a scenario: its blocks, put together, are a file, and what it shows comes out."""

import json
import re
import shlex

import pytest

from gdsim.cli import main
from gdsim.i18n import LANGUAGES
from gdsim.scenario.load import load_file
from gdsim.session import Session
from tests.manual import matches, source

MENDED = ("min_chnage", "min_change")


def blocks(language):
    """Return the chapter's files and commands, as far as the file is built up."""
    chapter = re.split(r"^## ", source("writing", language), flags=re.MULTILINE)
    return re.findall(r"^```(toml|console)\n(.*?)^```$", "".join(chapter[:5]), re.MULTILINE | re.DOTALL)


def follow(language, folder, capsys):
    """Do all that the chapter says, in its order, and return the file that is made."""
    path = folder / "valley.toml"
    text = ""
    for kind, block in blocks(language):
        if kind == "toml":
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


@pytest.fixture(params=LANGUAGES)
def made(request, tmp_path, monkeypatch, capsys):
    """The file the chapter leads to."""
    monkeypatch.chdir(tmp_path)
    assert len(blocks(request.param)) >= 8
    return follow(request.param, tmp_path, capsys)


def test_what_the_chapter_shows_comes_out(made):
    """Each command says what the manual shows beneath it, and the file it ends with is one with runs and a question."""
    scenario = load_file(made)
    assert (len(scenario.expect), len(scenario.compare), len(scenario.ask)) == (3, 1, 1)
    assert Session.open(scenario).forward(1).timeline.state(1).theta.tolist() == pytest.approx([3.76, 0.2])


def test_the_file_ends_checked(made, capsys):
    """The finished file passes check, and the schema it names lies beside it."""
    assert main(["check", str(made)]) == 0
    assert capsys.readouterr().out.endswith("all checks passed\n")
    schema = made.parent / re.match(r"#:schema \./(\S+)", made.read_text(encoding="utf-8"))[1]
    assert "function" in json.loads(schema.read_text(encoding="utf-8"))["properties"]


def test_the_schema_knows_every_key_of_the_file(made):
    """What the chapter writes is what an editor completes: every key at the top and in its tables is in the schema."""
    schema = json.loads((made.parent / "gdsim.schema.json").read_text(encoding="utf-8"))
    for key, value in load_file(made).source_table.items():
        described = schema["properties"][key]
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                reference = re.search(r'"\$ref": "#/\$defs/(\w+)"', json.dumps(described))[1]
                assert set(part) <= set(schema["$defs"][reference]["properties"]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chinese_texts_shown_are_understood(language, made):
    """The last table of the chapter, added to the file it leads to, is a part of a scenario."""
    text = re.findall(r"^```toml\n(\[translations.*?)^```$", source("writing", language), re.MULTILINE | re.DOTALL)
    made.write_text(made.read_text(encoding="utf-8") + "\n" + text[0], encoding="utf-8")
    assert load_file(made).title
