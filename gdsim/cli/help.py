"""``gdsim help``: the manual that travels with the program, one Markdown file a topic and language."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from gdsim.cli.command import Command
from gdsim.cli.language_options import add_language, speak
from gdsim.i18n import current_language
from gdsim.tui.wrapping import broken

TOPICS = ("keys", "scenarios", "workshop", "python", "export", "writing", "terminals", "speed", "glossary")
"""Every topic, in the order of the list: ``manual/LANGUAGE/TOPIC.md``, whose heading is its line in that list."""

_MANUAL = Path(__file__).parents[1] / "manual"
_WIDTH = 78


def _options(parser: ArgumentParser) -> None:
    topics = f"what to read about: {', '.join(TOPICS)}; none: list the topics"
    parser.add_argument("topic", nargs="?", type=_topic, choices=TOPICS, metavar="TOPIC", help=topics)
    add_language(parser)


def _act(options: Namespace) -> int:
    speak(options.lang)
    sys.stdout.write(topic_list() if options.topic is None else topic_text(options.topic))
    return 0


def topic_list() -> str:
    """Return the topics with a line each, and how to read one."""
    width = max(map(len, TOPICS))
    lines = [f"  {topic:<{width}}  {_source(topic).partition(chr(10))[0].lstrip('# ')}\n" for topic in TOPICS]
    return "".join(("gdsim help TOPIC\n\n", *lines))


def topic_text(topic: str) -> str:
    """Return a topic of the manual as Markdown, its placeholders filled in from the program's own tables."""
    lines = _source(topic).splitlines()
    return "".join(f"{line}\n" for written in lines for line in _filled(written))


def _source(topic: str) -> str:
    return (_MANUAL / current_language() / f"{topic}.md").read_text(encoding="utf-8")


def _filled(line: str) -> Iterable[str]:
    """Return what stands for a line: itself, or the table whose placeholder it is, indented like it."""
    table = _TABLES.get(line.strip())
    indent = line[: len(line) - len(line.lstrip())]
    return (line,) if table is None else _aligned(table(), indent)


def _aligned(rows: Iterable[tuple[str, str]], indent: str) -> Iterable[str]:
    """Yield two columns, the second one wrapped."""
    rows = tuple(rows)
    width = max(len(head) for head, _text in rows) + 2
    for head, text in rows:
        for line in broken(text, _WIDTH - len(indent) - width):
            yield f"{indent}{head:<{width}}{line}"
            head = ""


def _keys(role: str = "EVERYBODY") -> Iterable[tuple[str, str]]:
    from gdsim.session.command import Role
    from gdsim.session.commands import COMMANDS, key_rows

    return key_rows(tuple(command for command in COMMANDS if command.role is Role[role]))


def _words() -> Iterable[tuple[str, str]]:
    from gdsim.session.commands import commands_for, word_rows

    return word_rows(commands_for())


def _scenarios() -> Iterable[tuple[str, str]]:
    from gdsim.scenario.library import summaries

    return ((each.name, each.summary) for each in summaries())


_TABLES: Mapping[str, Callable[[], Iterable[tuple[str, str]]]] = {
    "{keys}": _keys,
    "{keys of a learner}": partial(_keys, "LEARNER"),
    "{keys of an instructor}": partial(_keys, "INSTRUCTOR"),
    "{words of plain mode}": _words,
    "{scenarios}": _scenarios,
}
"""The placeholders, each alone on its line, and the rows that are shown instead."""


def _topic(text: str) -> str:
    """Return a topic for argparse, which tells what is wrong with any other text."""
    if text in TOPICS:
        return text
    close = get_close_matches(text.lower(), TOPICS, n=1)
    guess = f"; did you mean {close[0]}?" if close else ""
    raise ArgumentTypeError(f"found {text!r}, one of {', '.join(TOPICS)} is expected{guess}")


COMMAND = Command(
    "help",
    "read the manual: keys, scenarios, workshops, a glossary and more",
    ("gdsim help", "gdsim help glossary", "gdsim help keys --lang zh"),
    _options,
    _act,
)
