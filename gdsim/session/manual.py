"""The manual as shown to readers: the choice of topics, and each topic with the program's own tables filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial

from gdsim.errors import UsageError, quoted
from gdsim.explain.mistakes import FLOAT32, MISTAKES
from gdsim.explain.wrapping import broken
from gdsim.i18n import _, current_language
from gdsim.manual import TOPICS, heading, source
from gdsim.scenario.library import summaries
from gdsim.session.command import Ask, Choice, Command, Role, Text, TextLine, key_rows, word_rows

_WIDTH = 66
"""Width of a table in cells, so that it fits into a dialog of 80 columns."""


def contents(commands: Sequence[Command]) -> Ask:
    """Return the list of topics to choose from."""
    choices = tuple(Choice(topic, heading(topic)) for topic in TOPICS)
    return Ask(_("the manual"), "", "", lambda topic: page(topic, commands), choices)


def page(topic: str, commands: Sequence[Command]) -> Text:
    """Return a topic to read. Raises UsageError, which lists the topics, if there is none of this name."""
    if topic not in TOPICS:
        raise UsageError(quoted(topic), _("no topic of the manual"), ", ".join(TOPICS))
    lines = topic_text(topic, commands).rstrip().split("\n")
    return Text(tuple(map(TextLine, lines)), title=topic, is_page=True, is_markdown=True)


def topic_text(topic: str, commands: Sequence[Command]) -> str:
    """Return a topic as Markdown, its placeholders filled in from the program's own tables."""
    return "".join(f"{line}\n" for written in source(topic).splitlines() for line in _filled(written, commands))


def _filled(line: str, commands: Sequence[Command]) -> Iterable[str]:
    """Return the line itself, or the table for which it is a placeholder, indented alike."""
    if line == "{mistakes}":
        return _mistakes()
    table = _TABLES.get(line.strip())
    indent = line[: len(line) - len(line.lstrip())]
    return (line,) if table is None else _aligned(table(commands), indent)


def _aligned(rows: Iterable[tuple[str, str]], indent: str) -> Iterable[str]:
    """Yield the rows as two columns, the second one wrapped."""
    rows = tuple(rows)
    width = max(len(head) for head, _text in rows) + 2
    for head, text in rows:
        for line in broken(text, _WIDTH - len(indent) - width):
            yield f"{indent}{head:<{width}}{line}"
            head = ""


def _mistakes() -> Iterable[str]:
    """Yield the named mistakes as a Markdown list."""
    for mistake in (*MISTAKES, FLOAT32):
        lines = broken(f"- `{mistake.name}`: {_(mistake.does)}", _WIDTH + 12, _WIDTH + 10)
        yield from ("  " * bool(i) + line for i, line in enumerate(lines))


def _keys(commands: Sequence[Command], role: Role = Role.EVERYBODY) -> Iterable[tuple[str, str]]:
    return key_rows([command for command in commands if command.role is role])


@cache
def _scenarios(language: str) -> tuple[tuple[str, str], ...]:
    """Return the names and summaries of the bundled scenarios, read once per language, like the topics."""
    return tuple((each.name, each.summary) for each in summaries(language=language))


_TABLES: Mapping[str, Callable[[Sequence[Command]], Iterable[tuple[str, str]]]] = {
    "{keys}": _keys,
    "{keys of a learner}": partial(_keys, role=Role.LEARNER),
    "{keys of an instructor}": partial(_keys, role=Role.INSTRUCTOR),
    "{words of plain mode}": lambda commands: word_rows([each for each in commands if each.role is Role.EVERYBODY]),
    "{scenarios}": lambda _commands: _scenarios(current_language()),
}
"""The placeholders, each alone on its line, and functions that return the rows to show instead."""
