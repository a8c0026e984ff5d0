"""Every bundled scenario is told in Chinese as it is in English."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from gdsim.scenario.library import resolve, summaries
from gdsim.scenario.load import load_file


@pytest.mark.parametrize("name", [each.name for each in summaries()])
def test_every_bundled_scenario_is_told_in_chinese(name: str):
    """All texts a bundled scenario has, it has in Chinese; the lesson has the same headings, lists and keys."""
    scenario = load_file(resolve(name))
    texts = scenario.translations.zh
    assert texts is not None
    for key in ("title", "summary", "lesson"):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in getattr(texts, key)), key
    assert len(texts.compare) == len(scenario.compare)
    assert len(texts.ask) == len(scenario.ask)
    note = scenario.as_published.note if scenario.as_published else None
    assert bool(texts.note) == bool(note)
    assert _outline(texts.lesson) == _outline(scenario.lesson)


def test_several_scenarios_have_questions_to_choose_from():
    """At least three do, and something is said to every option, in both languages."""
    found = 0
    for each in summaries():
        scenario = load_file(resolve(each.name))
        asked = [ask for ask in scenario.ask if ask.form == "choice"]
        texts = scenario.translations.zh
        found += bool(asked)
        for ask, options, words in zip(asked, texts.options, texts.words, strict=True):
            assert all(len(ask.options) == len(told) for told in (ask.words, options, words)), each.name
    assert found >= 3


@pytest.mark.parametrize("name", [each.name for each in summaries()])
def test_emphasis_in_chinese_is_understood(name: str):
    """No mark of emphasis is left over where Markdown did not take it for one, as after Chinese punctuation."""
    texts = load_file(resolve(name)).translations.zh
    assert texts is not None
    for token in MarkdownIt().enable("table").parse(texts.lesson):
        for part in token.children or ():
            assert part.type != "text" or "*" not in part.content


def _outline(lesson: str) -> list[str]:
    """Return what keys a lesson names and how many items its lists have, in their order."""
    return [*re.findall(r"`[^`]+`", lesson), *re.findall(r"^(?:\*|#+|\d\.|\|)(?= |-)", lesson, re.MULTILINE)]
