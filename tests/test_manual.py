"""``gdsim help`` and the manual: every topic is there in each language, and what it shows is so."""

import doctest
import io
import re

import pytest
from rich.cells import cell_len

from gdsim.cli import main
from gdsim.cli.parser import COMMANDS as PARSED
from gdsim.engine.activations import ACTIVATIONS
from gdsim.engine.rules import RULES
from gdsim.i18n import LANGUAGES, use_language
from gdsim.manual import TOPICS
from gdsim.scenario import limits
from gdsim.scenario.library import summaries
from gdsim.session.command import Role
from gdsim.session.commands import COMMANDS
from gdsim.session.manual import topic_text
from tests.manual import FOLDER, commands, parse, source

EVERY = [(topic, language) for language in LANGUAGES for topic in TOPICS]


@pytest.fixture(autouse=True)
def english():
    """Leave no test in another language than it began in."""
    yield
    use_language("en")


def said(capsys, *words):
    """Return what a command writes that succeeds."""
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_has_every_topic_with_a_line(language, capsys):
    """`gdsim help` names each topic once, with what it is about, within 80 columns."""
    lines = said(capsys, "help", "--lang", language).splitlines()[2:]
    assert [line.split()[0] for line in lines] == list(TOPICS)
    assert all(len(line.split()) > 1 and cell_len(line) <= 80 for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_file_for_each_topic_and_no_other(language):
    """No page is out of reach, and none is missing in a language."""
    assert sorted(path.stem for path in (FOLDER / language).iterdir()) == sorted(TOPICS)


@pytest.mark.parametrize(("topic", "language"), EVERY)
def test_a_topic_fits_80_columns_with_all_tables_filled_in(topic, language, capsys):
    """What is printed needs no wrapping, and no placeholder is left."""
    lines = said(capsys, "help", topic, "--lang", language).splitlines()
    assert lines[0].startswith("# ")
    assert [line for line in lines if cell_len(line) > 80] == []
    assert not any(line.strip().startswith("{") and line.strip().endswith("}") for line in lines)


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_show_the_same(topic):
    """A translation has the chapters, commands and key tables of the English text."""
    shape = r"^(#+) |^ *(\{.*\})$|^```(\w+)$"
    english, chinese = (re.findall(shape, source(topic, language), re.MULTILINE) for language in LANGUAGES)
    assert english == chinese
    assert list(commands(source(topic, "en"))) == list(commands(source(topic, "zh")))


@pytest.mark.parametrize(("word", "meant"), [("glosary", "glossary"), ("Keys", "keys"), ("xyz", "")])
def test_an_unknown_topic_gets_the_topics_and_a_near_spelling(word, meant, capsys):
    """A wrong topic is a mistake of usage that names the right ones."""
    assert main(["help", word]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert all(topic in err for topic in TOPICS)
    assert ("did you mean" in err) == bool(meant)
    assert f"did you mean {meant}?" in err or not meant


@pytest.mark.parametrize("scenario", [["mountain-descent"], []])
def test_plain_mode_has_the_manual(scenario, monkeypatch, capsys):
    """`help TOPIC` says what `gdsim help TOPIC` prints, in a run and at the list of scenarios; none gets the topics."""
    monkeypatch.setattr("sys.stdin", io.StringIO("help courses\nhelp me\nquit\n"))
    shown = said(capsys, "run", *scenario, "--plain")
    assert topic_text("courses", COMMANDS) in shown
    assert '"me": no topic of the manual; keys, scenarios, ' in shown


def test_keys_and_words_are_those_of_the_program():
    """Every key and every word, with what it does, is in the topic that tells about it."""
    keys, workshop = (re.sub(r"\s+", " ", topic_text(topic, COMMANDS)) for topic in ("keys", "workshop"))
    for command in COMMANDS:
        assert not command.keys or f"{command.shown} {command.help}" in (
            keys if command.role is Role.EVERYBODY else workshop
        )
        heading = f"{', '.join(command.words)} {command.argument}".rstrip()
        assert not command.words or f"{heading} {command.help}" in keys


def test_scenarios_are_those_bundled():
    """Every scenario is listed with its summary."""
    text = re.sub(r"\s+", " ", topic_text("scenarios", COMMANDS))
    assert all(f"{each.name} {each.summary}" in text for each in summaries())


def does(words, monkeypatch):
    """Return the status of a command, of the screen's in plain mode; tests of their own start servers and check all."""
    plain = ["--plain"] if words[0] in ("run", "learn") and "--plain" not in words else []
    monkeypatch.setattr("sys.stdin", io.StringIO("next\n"))
    return 0 if words[0] == "serve" or words == ["check", "--all"] else main([*words, *plain])


@pytest.mark.parametrize("topic", TOPICS)
def test_commands_do_what_they_say(topic, tmp_path, monkeypatch):
    """Each command line the manual shows is understood and succeeds."""
    monkeypatch.chdir(tmp_path)
    assert main(["export", "mazur", "mine.jsonl", "--corrected", "--updates", "50"]) == 0
    for words in commands(source(topic)):
        parse(words)
        assert does(words, monkeypatch) == 0, words


@pytest.mark.parametrize("name", PARSED)
def test_examples_of_help_do_what_they_say(name, tmp_path, monkeypatch):
    """Each example of `gdsim COMMAND --help` succeeds, where the files it names are there."""
    monkeypatch.chdir(tmp_path)
    for file in ("mine.csv", "mine.jsonl"):
        assert main(["export", "mazur", file, "--corrected", "--updates", "50"]) == 0
    if name != "new":
        assert main(["new", "my-hill.toml"]) == main(["new", "--course", "my-course.toml"]) == 0
    examples = "\n".join(PARSED[name].examples)
    for words in commands(f"```sh\n{examples}\n```\n"):
        if "--watch" not in words:  # it goes on for ever
            assert does(words, monkeypatch) == 0, words


def test_commands_are_found():
    """The test above looks at something: the manual shows at least this many command lines."""
    assert sum(len(list(commands(source(topic)))) for topic in TOPICS) > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_python_examples_come_out(language):
    """What the manual types into Python gives what it shows."""
    examples = doctest.DocTestParser().get_doctest(source("python", language), {}, "python.md", "python.md", 0)
    assert len(examples.examples) >= 6
    assert doctest.DocTestRunner().run(examples).failed == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_those_there_are(language):
    """The chapter on writing a scenario lists every activation and every update rule, and no other."""
    listed = re.findall(r"^- [^`]*((?:`[a-z-]+`\s*)+)", source("writing", language), re.MULTILINE)
    assert [re.findall(r"[a-z-]+", names) for names in listed] == [list(ACTIVATIONS), list(RULES)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_limits_are_those_kept(language):
    """Every limit the chapter on scenarios names is the one in code."""
    text = source("writing", language).rpartition("\n## ")[2]
    wanted = (limits.LAYERS, limits.UNITS, limits.PARAMETERS, limits.SAMPLES, limits.UPDATES, limits.COMPARED_RUNS)
    assert [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)] == [*wanted, limits.VARIABLES]
