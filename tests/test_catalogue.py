"""The catalogue of translations: complete, compiled, and with the placeholders of the messages."""

from __future__ import annotations

import ast
import string
from collections import Counter

from catalogue import PACKAGE, TABLES, calls, compiled, messages, read, template, texts, translation, untranslated

CATALOGUE = read()
MESSAGES = [message for message in CATALOGUE if message.id]


def forms(message) -> tuple[str, ...]:
    """Return the English forms of a message: itself, or singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def placeholders(text: str) -> set[tuple[str, str | None]]:
    """Return the fields a text puts something into, with their conversions."""
    return {(name, conversion) for _, name, _, conversion in string.Formatter().parse(text) if name is not None}


def test_every_message_has_a_translation():
    """What `python -m tests.catalogue` finds in the package, the catalogue has, and says in Chinese."""
    known = {message.id for message in CATALOGUE}
    missing = [message.id for message in template() if message.id and message.id not in known]
    assert missing == [], "run: python -m tests.catalogue, and translate what it lists"
    assert [message.id for message in untranslated(CATALOGUE)] == []


def test_no_translation_is_left_of_a_message_that_is_gone():
    """The catalogue has no messages that the package does not."""
    assert {message.id for message in CATALOGUE} == {message.id for message in template()}


def test_a_translation_puts_in_what_the_message_does():
    """The same placeholders in Chinese as in English, with the same conversions, and as many lines."""
    wrong = []
    for message in MESSAGES:
        wanted = set().union(*(placeholders(text) for text in forms(message)))
        lines = forms(message)[0].count("\n")
        wrong += [
            (message.id, text)
            for text in translation(message)
            if placeholders(text) != wanted or text.count("\n") != lines
        ]
    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_text():
    """gdsim.mo says what gdsim.po says, message by message."""
    plain = {message.id: message.string for message in MESSAGES if isinstance(message.id, str)}
    plural = {(message.id[0], 0): message.string[0] for message in MESSAGES if not isinstance(message.id, str)}
    assert compiled() == {**plain, **plural}


def test_what_is_translated_by_name_is_listed():
    """Every call that translates something other than a text in it is one of a known table."""
    unknown = [
        f"{path.name}:{call.lineno}: {ast.unparse(call)}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for call in calls(path)
        if texts(call) is None and ast.unparse(call.args[0]) not in TABLES
    ]
    assert unknown == [], "add the expression to TABLES in tests/catalogue.py"


def test_each_message_is_in_the_files_it_is_said_to_be():
    """Messages are found where they are: the list is not empty and knows a text of every floor a learner reads."""
    where = Counter(place.split("/")[1] for _message, place in messages() if "/" in place)
    assert {"charts", "explain", "plain", "tui", "engine"} <= set(where)


def test_the_same_word_is_used_for_the_same_thing():
    """Terms of the glossary: a message about the learning rate says 学习率, one about a gradient 梯度, and so on."""
    terms = {"learning rate": "学习率", "backpropagation": "反向传播", "saturated": "饱和", "perceptron": "感知机"}
    for message in MESSAGES:
        for english, chinese in terms.items():
            if any(english in text.lower() for text in forms(message)):
                assert all(chinese in text for text in translation(message)), message.id
