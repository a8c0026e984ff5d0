"""Line breaking that suits Chinese: between any two characters, but never before a comma or inside a Latin word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from rich.cells import cell_len

_CLOSING = "，。、；：！？）》」』”’…"
_OPENING = "（《「『“‘"
_ATOM = r"`[^`]*`|[ \t]+|[^\s`]"
_MARKERS = r"[*`]"
_TEXT_LINE = r"(?P<head> {0,3}(?:[*-]|\d\.) +)?(?P<text>\S.*)"
_LEFT_ALONE = r"\s*$|\s*[#|>]|\s*```| {4,}\S"
_LIST_CELLS = 4
"""Cells taken by a list marker and the space around it."""

_NARROWEST = 4
"""The narrowest width, in cells, that fits a wide character and its punctuation."""


_NARROW = re.compile("[ -~¡-¬®-ÿͰ-Ͽ‐-‧‰-⁞⁰-₟←-⇿∀-⋿─-◼✓-✘⠀-⣿]*")


def is_narrow(text: str) -> bool:
    """Whether all characters are known to take one cell each; any others must be looked up one by one."""
    return _NARROW.fullmatch(text) is not None


def has_wide(text: str) -> bool:
    """Whether any character takes two cells."""
    return not is_narrow(text) and any(cell_len(character) == 2 for character in text)


def broken(text: str, width: int, rest: int | None = None, *, is_markdown: bool = False) -> list[str]:
    """Return `text` broken into lines of at most `width` cells, or `rest` from the second on; cut longer words.

    is_markdown: emphasis and code marks take no room, and longer words stay whole.
    """
    measured = partial(_shown_cells, is_markdown=is_markdown)
    lines, used, room = [""], 0, width
    for piece in _pieces(text):
        cells = measured(piece)
        if used and used + measured(piece.rstrip()) > room:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
            used, room = 0, rest or width
            if piece.isspace():
                continue
        while cells > room and not is_markdown:
            head = _cut(piece, room)
            lines[-1], piece = head, piece[len(head) :]
            lines.append("")
            cells, room = measured(piece), rest or width
        lines[-1] += piece
        used += cells
    lines[-1] = lines[-1].rstrip()
    return lines


def broken_lines(text: str, width: int) -> str:
    """Return `text` with its lines broken at `width` cells; a text without wide characters stays as it is."""
    if width < _NARROWEST or not has_wide(text):
        return text
    return "\n".join(part for line in text.split("\n") for part in broken(line, width))


def broken_markdown(source: str, width: int) -> str:
    """Return Markdown with hard breaks that keep the lines of paragraphs and lists within `width` cells.

    Headings, tables and code stay as they are, and so does a source without wide characters.
    """
    return "\n".join(_broken_blocks(source, width)) if has_wide(source) else source


def _broken_blocks(source: str, width: int) -> Iterator[str]:
    gathered, is_fenced, is_before_code = "", False, True
    for line in [*source.splitlines(), ""]:
        is_fence = line.lstrip().startswith("```")
        is_code = line.startswith("    ") and is_before_code and not gathered
        match = re.fullmatch(_TEXT_LINE, line.strip() if gathered else line)
        is_text = not (is_fenced or is_fence or is_code or re.match(_LEFT_ALONE, line.lstrip() if gathered else line))
        if gathered and not (is_text and match is not None and match["head"] is None):
            yield from _broken_block(gathered, width)
            gathered = ""
        if not is_text:
            yield line
        elif gathered:
            gathered = _joined(gathered, line.strip())
        else:
            gathered = line
        is_fenced ^= is_fence
        is_before_code = not line.strip() or is_code


def _broken_block(text: str, width: int) -> Iterator[str]:
    match = re.fullmatch(_TEXT_LINE, text)
    head = (match["head"] or "") if match else ""
    room = width - (_LIST_CELLS if head else 0)
    *lines, last = broken(text[len(head) :], room, is_markdown=True)
    for number, line in enumerate([*(f"{line}\\" for line in lines), last]):
        yield (" " * len(head) if number else head) + line


def _joined(first: str, second: str) -> str:
    """Join two lines of a paragraph, with a space between unless the characters on both sides are wide."""
    is_tight = has_wide(first[-1:]) and has_wide(second[:1])
    return first + ("" if is_tight else " ") + second


def _pieces(text: str) -> Iterator[str]:
    """Yield unbreakable pieces: words with the space after them, code, wide characters with their punctuation."""
    piece = ""
    for match in re.finditer(_ATOM, text, re.ASCII):
        atom = match.group()
        if piece and _may_break(piece[-1], atom[0]):
            yield piece
            piece = ""
        piece += atom
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    """Whether a line may end between two characters."""
    if before in _OPENING or after in _CLOSING or "*" in (before, after) or after.isspace():
        return False
    return before.isspace() or cell_len(before) == 2 or cell_len(after) == 2


def _cut(piece: str, room: int) -> str:
    """Return as much of a piece as fits, at least one character; the rest must not begin with closing punctuation."""
    length = 1
    while length < len(piece) and cell_len(piece[: length + 1]) <= room:
        length += 1
    while length > 1 and piece[length] in _CLOSING:
        length -= 1
    return piece[:length]


def _shown_cells(text: str, *, is_markdown: bool) -> int:
    return cell_len(re.sub(_MARKERS, "", text) if is_markdown else text)
