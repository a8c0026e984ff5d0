"""Turns a lesson's Markdown into lines in the screen's colours."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from rich.theme import Theme
from textual.strip import Strip

from gdsim.explain.wrapping import broken_markdown

_LOOKS = {
    "markdown.h1": "strong",
    "markdown.h2": "strong",
    "markdown.h3": "strong",
    "markdown.code": "accent",
    "markdown.code_block": "accent",
    "markdown.item.bullet": "quiet",
    "markdown.item.number": "quiet",
    "markdown.block_quote": "quiet",
    "markdown.table.border": "quiet",
    "markdown.table.header": "strong",
}
"""Rich's style names for Markdown, and the screen's look for each."""


def lesson_strips(source: str, width: int, console: Console, style: Callable[[str], Style]) -> list[Strip]:
    """Return a Markdown lesson in lines of `width` cells."""
    from rich.markdown import Heading, Markdown  # takes a tenth of the startup time, and few open a lesson at once

    class LeftHeading(Heading):
        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            yield Text(self.text.plain, self.style_name)

    class Lesson(Markdown):
        elements = {**Markdown.elements, "heading_open": LeftHeading}

    theme = Theme({name: style(look) for name, look in _LOOKS.items()})
    options = console.options.update(width=width, height=None)
    with console.use_theme(theme):
        lines = console.render_lines(Lesson(broken_markdown(source, width)), options)
    lines = lines[1:] if lines and not "".join(segment.text for segment in lines[0]).strip() else lines
    return [Strip([Segment(text, look or Style.null()) for text, look, *_rest in line], width) for line in lines]
