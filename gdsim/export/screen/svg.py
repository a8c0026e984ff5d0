"""A screen as SVG that looks like the terminal whatever fonts are installed, and loads nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from unicodedata import category

from gdsim.export.screen.frame import (
    CELL_HEIGHT,
    CELL_WIDTH,
    Cell,
    Frame,
    Look,
    blocks,
    dot_path,
    is_drawn,
    line_path,
    stretches,
)

FONTS = "'DejaVu Sans Mono','Cascadia Mono',Menlo,Consolas,'Liberation Mono',monospace"
_MARGIN = 12.0
_BASELINE = 0.74
"""The baseline of letters, as a share of the cell's height from its top."""

_PIECE = re.compile(r"a+(?: a+)*|s")
_TEXT_SIZE = 16.6
_THIN, _DOT = 1.3, 3.4


def svg(frame: Frame) -> str:
    """Return the frame as a standalone picture, with its title and words for people who cannot see it."""
    width, height = frame.width * CELL_WIDTH + 2 * _MARGIN, frame.height * CELL_HEIGHT + 2 * _MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label="{escape(frame.title)}">\n'
        f"<title>{escape(frame.title, quote=False)}</title>\n<desc>{escape(frame.words, quote=False)}</desc>\n"
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{frame.ground.background}"/>\n'
        f'<g transform="translate({_MARGIN:g} {_MARGIN:g})">\n'
    )
    letters = f'<g font-family="{FONTS}" font-size="{_TEXT_SIZE}" xml:space="preserve">\n'
    return head + "".join((*_grounds(frame), *_drawn(frame), letters, *_written(frame))) + "</g>\n</g>\n</svg>\n"


def _grounds(frame: Frame) -> Iterator[str]:
    """Yield the background of every stretch whose background differs from the frame's."""
    for number, row in enumerate(frame.rows):
        for start, cells, _text, look in stretches(row):
            if look.background != frame.ground.background:
                yield (
                    f'<rect x="{start * CELL_WIDTH:g}" y="{number * CELL_HEIGHT:g}" width="{cells * CELL_WIDTH:g}" '
                    f'height="{CELL_HEIGHT:g}" fill="{look.background}" shape-rendering="crispEdges"/>\n'
                )


def _drawn(frame: Frame) -> Iterator[str]:
    """Yield the blocks, then the lines and the dots, each as one path per colour."""
    lines: dict[str, list[str]] = {}
    dots: dict[str, list[str]] = {}
    for number, row in enumerate(frame.rows):
        for column, cell in enumerate(row):
            if len(cell.text) != 1 or cell.text.isascii():
                continue
            x, y, color = column * CELL_WIDTH, number * CELL_HEIGHT, cell.look.color
            lines.setdefault(color, []).append(line_path(cell.text, x, y))
            dots.setdefault(color, []).append(dot_path(cell.text, x, y))
            for left, top, width, height, opacity in blocks(cell.text, x, y):
                yield (
                    f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" fill="{color}" '
                    f'fill-opacity="{opacity:g}" shape-rendering="crispEdges"/>\n'
                )
    for paths, width, cap in ((lines, _THIN, "butt"), (dots, _DOT, "round")):
        for color, parts in paths.items():
            if any(parts):
                yield (
                    f'<path d="{"".join(parts)}" fill="none" stroke="{color}" stroke-width="{width}" '
                    f'stroke-linecap="{cap}"/>\n'
                )


def _written(frame: Frame) -> Iterator[str]:
    """Yield the text, each piece as wide as its cells; symbols, which differ between fonts, stand alone, centred."""
    for number, row in enumerate(frame.rows):
        y = (number + _BASELINE) * CELL_HEIGHT
        for start, end, text, look in _pieces(row):
            if len(text) == 1 and category(text) == "So":
                yield f'<text x="{(start + end) / 2 * CELL_WIDTH:g}" y="{y:g}" text-anchor="middle"{_set(look)}'
            else:
                width = f' textLength="{(end - start) * CELL_WIDTH:g}" lengthAdjust="spacingAndGlyphs"'
                yield f'<text x="{start * CELL_WIDTH:g}" y="{y:g}"{width}{_set(look)}'
            yield f">{escape(text, quote=False)}</text>\n"


def _pieces(row: tuple[Cell, ...]) -> Iterator[tuple[int, int, str, Look]]:
    """Yield first cell, cell after the last, text and look: words one space apart together, every symbol alone."""
    for first, _cells, _text, look in stretches(row):
        cells = row[first : first + _cells]
        kinds = "".join(map(_kind, cells))
        for match in _PIECE.finditer(kinds):
            text = "".join(cell.text for cell in cells[match.start() : match.end()])
            yield first + match.start(), first + match.end(), text, look


def _kind(cell: Cell) -> str:
    """Return ``a`` for a cell with text, ``s`` for one with a symbol, a space for a blank or drawn one."""
    text = cell.text
    if not text:
        return "a"
    if text.isspace() or (len(text) == 1 and not text.isascii() and is_drawn(text)):
        return " "
    return "s" if len(text) == 1 and category(text) == "So" else "a"


def _set(look: Look) -> str:
    """Return the SVG attributes of text in this look."""
    parts = [f' fill="{look.color}"']
    if look.bold:
        parts.append(' font-weight="bold"')
    if look.italic:
        parts.append(' font-style="italic"')
    if look.underline:
        parts.append(' text-decoration="underline"')
    return "".join(parts)
