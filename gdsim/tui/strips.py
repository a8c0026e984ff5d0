"""Lines of styled text: made of runs, filled and broken to a width, given another title."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.cache import FIFOCache
from textual.content import Content
from textual.strip import Strip

from gdsim.tui.wrapping import broken, has_wide, is_narrow

Run = tuple[str, Style]
"""A stretch of text in one style."""


PLAIN = Style()
"""The widget's own colours. Textual's filters need a style on every segment, so None will not do."""


class _Forgetful(FIFOCache[Any, Any]):
    """A cache that keeps nothing."""

    def get(self, key: object, default: Any = None) -> Any:
        return default

    def set(self, key: object, value: object) -> None:
        pass

    __setitem__ = set


_CACHES = tuple(slot for slot in Strip.__slots__ if slot.endswith("_cache") and slot != "_render_cache")
_NOTHING = _Forgetful(0)


class LightStrip(Strip):
    """A strip that does not remember what has been made of it: of ours nothing is made twice.

    Textual's has seven caches, which take as long to make as all the rest, and half of its memory.
    """

    __slots__ = ()

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        self._segments, self._cell_length = list(segments), cell_length
        self._render_cache = self._link_ids = self._cell_count = None
        for cache in _CACHES:
            setattr(self, cache, _NOTHING)


def blank(width: int) -> Strip:
    """Return an empty line."""
    return strip_of([], width)


def strip_of(runs: Sequence[Run], width: int) -> Strip:
    """Return one line of styled text, cut or filled to `width` cells; for a line like one made lately, that one."""
    return _strip_of(tuple(runs), width)


@lru_cache(maxsize=192)
def _strip_of(runs: tuple[Run, ...], width: int) -> Strip:
    segments = [Segment(text, style) for text, style in runs if text]
    missing = width - sum(cell_len(text) for text, _style in runs)
    if missing > 0:
        segments.append(Segment(" " * missing, PLAIN))
    return LightStrip(segments, width) if missing >= 0 else Strip(segments).adjust_cell_length(width, PLAIN)


def filled(text: str, width: int) -> str:
    """Return `text` with spaces after it up to `width` cells; wide characters take two."""
    return text + " " * (width - cell_len(text))


def filled_before(text: str, width: int) -> str:
    """Return `text` with spaces before it up to `width` cells; wide characters take two."""
    return " " * (width - cell_len(text)) + text


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Return `text` broken into lines of at most `width` cells, those after the first behind `indent`."""
    return list(_wrapped(text, width, indent))


@lru_cache(maxsize=128)
def _wrapped(text: str, width: int, indent: str) -> tuple[str, ...]:
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


def retitled(edge: Strip, old: str, new: str) -> Strip | None:
    """Return the edge of a frame with the title `new` for `old`; None where that is not a matter of words alone.

    Such an edge is a corner, a piece of line, the title between blanks, the rest of the line and the other corner.
    """
    segments = list(edge)
    if len(segments) != 5 or segments[2].text != f" {old} " or not is_narrow(old + new) or "[" in new:
        return None
    line, more = segments[3], len(old) - len(new)
    if not new.strip() or len(line.text) + more < 2 or len(set(line.text)) != 1:
        return None
    segments[2] = Segment(f" {new} ", segments[2].style)
    segments[3] = Segment(line.text[0] * (len(line.text) + more), line.style)
    return LightStrip(segments, edge.cell_length)
