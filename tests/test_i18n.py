"""Which language is spoken: as the environment says, for a context alone, on the command line."""

from __future__ import annotations

import threading
from contextvars import copy_context

import pytest

from gdsim.cli import main
from gdsim.i18n import _, current_language, language_of, ngettext, use_language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": ""}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_SG"}, "zh"),
        ({"LANG": "zh_Hans"}, "zh"),
        ({"LANG": "zh-Hans-CN"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "zh_CN.GB18030@pinyin"}, "zh"),
        ({"LANG": "zha_CN.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "fr:zh:en"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en:zh"}, "en"),
        ({"LANG": "C", "LANGUAGE": "zh"}, "en"),
        ({"LANGUAGE": "zh"}, "zh"),
    ],
)
def test_the_environment_names_the_language(environment: dict[str, str], language: str):
    """LC_ALL before LC_MESSAGES before LANG; LANGUAGE lists what is preferred, unless no language is asked for."""
    assert language_of(environment) == language


def test_a_context_has_a_language_of_its_own():
    """What one user chooses is not seen by another in the same process; threads begun in a context follow it."""
    context, heard = copy_context(), []
    context.run(use_language, "zh")
    assert context.run(_, "gradient") == "梯度"
    assert context.run(ngettext, "{count} correction", "{count} corrections", 2) == "{count} 次修正"
    thread = threading.Thread(target=context.copy().run, args=(lambda: heard.append(current_language()),))
    thread.start()
    thread.join()
    assert heard == ["zh"]
    assert (_("gradient"), current_language()) == ("gradient", "en")


def test_a_message_without_a_translation_is_shown_in_english():
    """Nothing is lost where the catalogue has a gap, or where there is no catalogue at all."""
    for language in ("zh", "xx"):
        context = copy_context()
        context.run(use_language, language)
        assert context.run(_, "no such message") == "no such message"


def spoken(capsys, *arguments: str) -> str:
    """Return what a command line writes, in a context of its own."""
    assert copy_context().run(main, arguments) == 0
    return capsys.readouterr().out


def test_the_list_follows_the_language_and_its_json_does_not(capsys, monkeypatch):
    """`gdsim list` speaks as asked; the JSON for programs has the file's own texts in every language."""
    chinese = spoken(capsys, "list", "--lang", "zh")
    assert "从零出发，η 只是缩放 w 和 b" in chinese
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert spoken(capsys, "list") == chinese
    assert spoken(capsys, "list", "--lang", "en") != chinese
    assert "Rosenblatt's perceptron" in spoken(capsys, "list", "--json", "--lang", "zh")


def test_mistakes_are_told_in_english_in_every_language(capsys):
    """Errors name keys and options, and are looked up: they stay as they are."""
    said = []
    for language in ("en", "zh"):
        assert copy_context().run(main, ("run", "no-such", "--plain", "--lang", language)) == 2
        assert copy_context().run(main, ("run", "mazur", "--plain", "--set", "x", "--lang", language)) == 2
        said.append(capsys.readouterr().err)
    assert said[0] == said[1]
    assert said[0].isascii()
