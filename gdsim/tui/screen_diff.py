"""What to send so that a terminal shows the next frame: the spans of cells that differ from the last frame sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter

from rich.cells import cell_len
from rich.color import Color, ColorSystem
from rich.style import Style
from textual.strip import Strip

from gdsim.explain.wrapping import is_narrow
from gdsim.tui.eight_bit import downgraded

Look = tuple[str, str, str]
"""The codes of a style's attributes, foreground and background. A blank has no foreground."""

Cell = tuple[str, Look]
"""A character with its combining marks (empty for the right half of a wide one), and its look."""

_PLAIN: Look = ("", "39", "49")
_UNSEEN = ("", "1", "2")  # attributes invisible on a blank and ended by one code: none, bold, dim
_LONGEST_GAP = 5  # the most equal cells that are cheaper to resend than to skip with a cursor move


class ScreenDiff:
    """The rows last sent to a terminal."""

    def __init__(self) -> None:
        self._sent: list[_Row | None] = []
        self._width = 0

    def forget(self) -> None:
        """Assume nothing about the terminal's contents: the next update sends every cell."""
        self._sent = []

    def update(self, strips: Sequence[Strip], width: int, depth: ColorSystem) -> str:
        """Return what makes the terminal show `strips`, each `width` cells wide; empty if it shows them already."""
        if (len(strips), width) != (len(self._sent), self._width):
            self._sent, self._width = [None] * len(strips), width
        spans: list[tuple[Look, int, int, list[Cell]]] = []
        for y, strip in enumerate(strips):
            sent = self._sent[y]
            if sent is None or sent.strip != strip:
                row = self._sent[y] = _Row(strip, depth)
                spans += [(row.cells[first][1][::-1], y, first, row.cells[first:end]) for first, end in row.spans(sent)]
        return _painted(spans)


def _painted(spans: list[tuple[Look, int, int, list[Cell]]]) -> str:
    """Return what paints spans (first look reversed, row, column, cells), those with like first looks in sequence."""
    parts: list[str] = []
    shown = _PLAIN
    for _look, y, x, span in sorted(spans, key=itemgetter(0, 1, 2)):
        parts.append(f"\x1b[{y + 1};{x + 1}H")
        for look, cells in groupby(span, itemgetter(1)):
            now = look if look[1] else (shown[0] if shown[0] in _UNSEEN else "", shown[1], look[2])
            parts += [change(shown, now), *(character for character, _look in cells)]
            shown = now
    return "".join([*parts, "\x1b[m"]) if parts else ""


class _Row:
    """A strip and its cells."""

    def __init__(self, strip: Strip, depth: ColorSystem) -> None:
        self.strip = strip
        self.cells: list[Cell] = []
        self.is_even = True  # each character takes one cell on every terminal
        for text, style, control in strip:
            if control is None:
                self._add(text, _PLAIN if style is None else codes_of(style, depth))

    def _add(self, text: str, look: Look) -> None:
        if is_narrow(text):
            blank = " ", look if look[0] else ("", "", look[2])
            self.cells += [blank if character == " " else (character, look) for character in text]
            return
        self.is_even = False
        for character in text:
            if width := cell_len(character):
                self.cells += [(character, look), *[("", look)] * (width - 1)]
            elif self.cells:  # a mark combines with the character before it, with the left half of a wide one
                at = -1 if self.cells[-1][0] or len(self.cells) == 1 else -2
                self.cells[at] = self.cells[at][0] + character, self.cells[at][1]

    def spans(self, sent: _Row | None) -> Iterator[tuple[int, int]]:
        """Yield the first cell and the end of each span to send to a terminal that shows `sent`.

        Terminals disagree about the width of some characters, so a row that contains any is sent whole.
        """
        if sent is None or not (self.is_even and sent.is_even) or len(self.cells) != len(sent.cells):
            yield 0, len(self.cells)
            return
        different = [x for x, (new, old) in enumerate(zip(self.cells, sent.cells, strict=True)) if new != old]
        apart = (at for at in range(1, len(different)) if different[at] - different[at - 1] > _LONGEST_GAP + 1)
        for first, end in pairwise([0, *apart, len(different)] if different else []):
            yield different[first], different[end - 1] + 1


@lru_cache(maxsize=4096)
def codes_of(style: Style, depth: ColorSystem) -> Look:
    """Return a style's codes at a colour depth. `Style.render` will not do: it caches codes made for other depths."""
    text, ground = (downgraded(color or Color.default(), depth) for color in (style.color, style.bgcolor))
    foreground, background = text.get_ansi_codes(foreground=True), ground.get_ansi_codes(foreground=False)
    return Strip.render_ansi(style.without_color, depth), ";".join(foreground), ";".join(background)


@lru_cache(maxsize=4096)
def change(before: Look, after: Look) -> str:
    """Return what turns the look `before` into `after`; 22 ends bold and dim alone, 0 all attributes and colours."""
    codes: list[str] = []
    if before[0] and before[0] != after[0]:
        codes = ["22" if before[0] in _UNSEEN else "0"]
        before = ("", *(_PLAIN if codes == ["0"] else before)[1:])
    codes += [new for old, new in zip(before, after, strict=True) if new != old]
    return f"\x1b[{';'.join(codes)}m" if codes else ""
