"""A scenario's texts in another language: shown where the file has them, refused where they do not fit."""

from __future__ import annotations

from contextvars import copy_context

import pytest

from gdsim.errors import ScenarioError
from gdsim.i18n import use_language
from gdsim.scenario.library import summaries
from gdsim.scenario.load import load_file, load_text
from gdsim.scenario.scenario import in_language
from gdsim.session import Session

TEXT = """
format = 1
title = "A hill"
summary = "One line"
lesson = "Look."
function = { expression = "x**2", start = { x = 1.0 } }
update = { learning_rate = 0.1 }
compare = [{ label = "slow", set = { "update.learning_rate" = 0.01 } }]
ask = [{ before = 1, quantity = "change.x", form = "sign", question = "Which way?" }]
"""

CHINESE = """
[translations.zh]
title = "一座山"
summary = "一行"
lesson = "看。"
compare = ["慢"]
ask = ["往哪边？"]
"""


def in_context(language: str, what):
    """Return what a function gives where `language` is spoken; here the language stays as it is."""
    context = copy_context()
    context.run(use_language, language)
    return context.run(what)


def test_every_text_is_shown_in_the_language_it_is_asked_for():
    """Title, summary, lesson, labels and questions change; the file's own stay with the scenario as it was read."""
    scenario = load_text(TEXT + CHINESE, "hill")
    chinese = in_language(scenario, "zh")
    assert (chinese.title, chinese.summary, chinese.lesson) == ("一座山", "一行", "看。")
    assert [run.label for run in chinese.compared] == [section.label for section in chinese.compare] == ["慢"]
    assert [each.question for each in chinese.ask] == ["往哪边？"]
    assert (scenario.title, scenario.compared[0].label, scenario.ask[0].question) == ("A hill", "slow", "Which way?")
    assert in_language(scenario, "en") is scenario


def test_what_is_not_translated_is_shown_as_the_file_has_it():
    """Every key of a translation may be left out."""
    chinese = in_language(load_text(TEXT + "[translations.zh]\nlesson = '看。'\n", "hill"), "zh")
    assert (chinese.title, chinese.lesson) == ("A hill", "看。")
    assert chinese.compared[0].label == "slow"


def test_a_session_speaks_the_language_of_its_context():
    """The scenario on view has its Chinese texts, and its compared run the Chinese label."""
    scenario = load_text(TEXT + CHINESE, "hill")
    session = in_context("zh", lambda: Session.open(scenario))
    assert session.scenario.title == "一座山"
    assert [beside.label for beside in session.comparisons] == ["慢"]
    assert Session.open(scenario).scenario is scenario


@pytest.mark.parametrize(
    ("added", "mistake"),
    [
        ("[translations.fr]\ntitle = 'Une colline'", "translations.fr: unknown key; only zh"),
        ("[translations.zh]\nnaming = '山'", "translations.zh.naming: unknown key"),
        ("[translations.zh]\ncompare = ['慢', '快']", "translations.zh.compare: 2 texts; [[compare]] has 1 table"),
        ("[translations.zh]\nask = ['甲', '乙', '丙']", "translations.zh.ask: 3 texts; [[ask]] has 1 table"),
        ("[translations.zh]\nnote = '笔误'", "translations.zh.note: found without as_published"),
        ("[translations.zh]\ntitle = '两\\n行'\nsummary = ''", "translations.zh.summary"),
        ("[translations]\nzh = 3", "translations.zh: found 3; a table"),
    ],
)
def test_a_translation_that_does_not_fit_is_a_mistake(added: str, mistake: str):
    """Languages gdsim does not speak, unknown keys, lists of another length: each is named by its path."""
    with pytest.raises(ScenarioError) as raised:
        load_text(TEXT + added + "\n", "hill")
    assert mistake in str(raised.value)


def test_a_compared_run_cannot_have_texts_of_its_own():
    """Texts belong to the scenario; a setting of [[compare]] that changes them is refused."""
    text = TEXT.replace('"update.learning_rate" = 0.01', '"translations.zh.title" = "山"')
    with pytest.raises(ScenarioError, match="cannot differ between compared runs"):
        load_text(text, "hill")


def test_the_list_of_scenarios_follows_the_language():
    """The picker and `gdsim list` show titles and summaries in the language of the context."""
    first = in_context("zh", summaries)[0]
    assert (first.title, first.summary) == (load_file(first.path).translations.zh.title, first.summary)
    assert summaries()[0].title == load_file(first.path).title
