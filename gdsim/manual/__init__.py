"""The manual that travels with the program: ``LANGUAGE/TOPIC.md``, one file a topic and language."""

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
"""The topics, in the order of their list."""


NOTEBOOK = Path(__file__).with_name("example.ipynb")
"""An example for Jupyter, which `gdsim new` copies."""


def source(topic: str) -> str:
    """Return a topic as it is written, in the language of the context, with its placeholders."""
    return _read(current_language(), topic)


@cache
def _read(language: str, topic: str) -> str:
    """Return a file, read once: a learner's process in a workshop may have no right to."""
    return (Path(__file__).parent / language / f"{topic}.md").read_text(encoding="utf-8")


def heading(topic: str) -> str:
    """Return what a topic is about: the heading of its file."""
    return source(topic).partition("\n")[0].lstrip("# ")


def topic_list() -> str:
    """Return the topics with a line each, and how to read one."""
    width = max(map(len, TOPICS))
    return "".join(("gdsim help TOPIC\n\n", *(f"  {topic:<{width}}  {heading(topic)}\n" for topic in TOPICS)))
