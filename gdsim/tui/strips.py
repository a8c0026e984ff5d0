"""Lines of styled text: composed of runs, padded and wrapped to a width."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from gdsim.explain.wrapping import broken, has_wide, is_narrow

Run = tuple[str, Style]
"""A stretch of text in one style."""


PLAIN = Style()
"""The widget's own colours. Not None, since Textual's filters need a style on every segment."""


def blank(width: int) -> Strip:
    """Return an empty line."""
    return strip_of([], width)


def strip_of(runs: Sequence[Run], width: int) -> Strip:
    """Return one line of styled text, cut or filled to `width` cells."""
    segments = [Segment(text, style) for text, style in runs if text]
    missing = width - sum(cell_len(text) for text, _style in runs)
    if missing > 0:
        segments.append(Segment(" " * missing, PLAIN))
    return Strip(segments, width) if missing >= 0 else Strip(segments).adjust_cell_length(width, PLAIN)


def filled(text: str, width: int) -> str:
    """Return `text` padded on the right to `width` cells; wide characters take two."""
    return text + " " * (width - cell_len(text))


def filled_before(text: str, width: int) -> str:
    """Return `text` padded on the left to `width` cells; wide characters take two."""
    return " " * (width - cell_len(text)) + text


@lru_cache(maxsize=128)
def wrapped(text: str, width: int, indent: str = "") -> tuple[str, ...]:
    """Return `text` wrapped into lines of at most `width` cells, all but the first indented by `indent`."""
    if width <= len(indent) + 4:
        return (text,)
    if has_wide(text):
        first_line, *others = broken(text, width, width - len(indent))
        return first_line, *(indent + line for line in others)
    if len(text) <= width and is_narrow(text):
        return (text.rstrip(),)
    first, *rest = Content(text).wrap(width)
    if not rest:
        return (first.plain.rstrip(),)
    tail = Content(text[len(first.plain) :].lstrip()).wrap(width - len(indent))
    return first.plain.rstrip(), *(indent + line.plain.rstrip() for line in tail)
