"""Lines of styled text: composed of runs, padded and wrapped to a width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

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


class Piece(NamedTuple):
    """A piece of a line that may be left out. look: the name of its style.

    rank: if the line is too long, the pieces of the highest rank are left out first, those of rank 0 never. is_gap:
    whether it is a gap that takes the room left over. command: the command that a click on it runs.
    """

    text: str
    look: str = ""
    rank: int = 0
    is_gap: bool = False
    command: str = ""


def fitting(pieces: Iterable[Piece], width: int) -> list[Piece]:
    """Return the pieces that remain if the line has only `width` cells."""
    shown = list(pieces)
    while cells_of(shown) > width and (highest := max(piece.rank for piece in shown)):
        shown = [piece for piece in shown if piece.rank < highest]
    return shown


def cells_of(runs: Iterable[Run | Piece]) -> int:
    """Return how many cells the texts of a line take."""
    return sum(cell_len(run[0]) for run in runs)


def blank(width: int) -> Strip:
    """Return an empty line."""
    return strip_of([], width)


def strip_of(runs: Sequence[Run], width: int) -> Strip:
    """Return one line of styled text, cut or filled to `width` cells."""
    segments = [Segment(text, style) for text, style in runs if text]
    missing = width - cells_of(runs)
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
