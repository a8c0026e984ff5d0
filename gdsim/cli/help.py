"""``gdsim help``: the manual that travels with the program, one Markdown file a topic and language."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from gdsim.cli.arguments import TOPICS
from gdsim.i18n import current_language, language_for, use_language
from gdsim.scenario.library import summaries
from gdsim.session.command import Role
from gdsim.session.commands import COMMANDS, commands_for, key_rows, word_rows
from gdsim.tui.wrapping import broken

_MANUAL = Path(__file__).parents[1] / "manual"
"""``LANGUAGE/TOPIC.md``; the heading of a topic is its line in the list of topics."""

_WIDTH = 78


def help_command(options: Namespace) -> int:
    """Print a topic, or the list of topics."""
    use_language(language_for(options.lang, os.environ, sys.stdout.encoding))
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


def _keys(role: Role = Role.EVERYBODY) -> Iterable[tuple[str, str]]:
    return key_rows(tuple(command for command in COMMANDS if command.role is role))


_TABLES: Mapping[str, Callable[[], Iterable[tuple[str, str]]]] = {
    "{keys}": _keys,
    "{keys of a learner}": partial(_keys, Role.LEARNER),
    "{keys of an instructor}": partial(_keys, Role.INSTRUCTOR),
    "{words of plain mode}": lambda: word_rows(commands_for()),
    "{scenarios}": lambda: ((each.name, each.summary) for each in summaries()),
}
"""The placeholders, each alone on its line, and the rows that are shown instead."""
