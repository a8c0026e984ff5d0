"""The manual shipped with the program: ``LANGUAGE/TOPIC.md``, one file per topic and language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gdsim.i18n import current_language

TOPICS = (
    "keys",
    "scenarios",
    "courses",
    "workshop",
    "python",
    "own-code",
    "export",
    "writing",
    "terminals",
    "speed",
    "glossary",
)
"""The topics, in the order in which `topic_list` shows them."""


NOTEBOOK = Path(__file__).with_name("example.ipynb")
"""An example for Jupyter, which `gdsim new` copies."""


def source(topic: str) -> str:
    """Return the source of a topic in the language of the context, its placeholders not filled in."""
    return _read(current_language(), topic)


@cache
def _read(language: str, topic: str) -> str:
    """Return a topic's file, read only once: a learner's process in a workshop may have no right to read it."""
    return (Path(__file__).parent / language / f"{topic}.md").read_text(encoding="utf-8")


def heading(topic: str) -> str:
    """Return the heading of a topic's file, which says what the topic is about."""
    return source(topic).partition("\n")[0].lstrip("# ")


def topic_list() -> str:
    """Return a list of the topics, one line each, and the command that shows one."""
    width = max(map(len, TOPICS))
    return "".join(("gdsim help TOPIC\n\n", *(f"  {topic:<{width}}  {heading(topic)}\n" for topic in TOPICS)))
