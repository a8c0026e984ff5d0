"""Looks of cells as a terminal is told them: attributes and colours, and the shortest change from one to another."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip


class Pen(NamedTuple):
    """How a cell looks: codes of Select Graphic Rendition, and the place a link leads to.

    attributes: such as ``1`` for bold; ink, paper: the codes of the colours, empty for the terminal's own.
    """

    attributes: frozenset[str] = frozenset()
    ink: str = ""
    paper: str = ""
    link: str = ""


PLAIN = Pen()

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
"""The code that ends each attribute."""

_OF_INK = frozenset({"1", "2", "3"})
"""Bold, dim and italic, which only ink shows."""


def of(style: Style, colors: ColorSystem) -> Pen:
    """Return the pen of a style on a terminal of so many colours."""
    # Not `render_style`: it takes codes that a style keeps from a terminal of another depth.
    attributes, ink, paper = _parsed(Strip.render_ansi(style, colors))
    link = f"id={style.link_id};{style.link}" if style.link else ""
    return Pen(frozenset(attributes), ink, paper, link)


@lru_cache(maxsize=4096)
def on_blank(pen: Pen) -> Pen:
    """Return how a blank looks that is written with a pen: blanks look the same where this is the same.

    No ink lies on a blank, so its paper alone is seen; unless something is drawn through, under or over it, or turns
    ink into paper, or a link lies on it.
    """
    return pen if pen.link or not pen.attributes <= _OF_INK else Pen(paper=pen.paper)


@lru_cache(maxsize=8192)
def change(before: Pen, after: Pen) -> str:
    """Return the shortest text that turns one pen into another."""
    link = f"\x1b]8;{after.link or ';'}\x1b\\" if before.link != after.link else ""
    anew = [*sorted(after.attributes), *filter(None, (after.ink, after.paper))]
    anew = ["0", *anew] if anew else [""]
    ended = before.attributes - after.attributes
    # The oldest terminals end attributes only all at once; they have no colours.
    if ended and not (ended <= _OFF.keys() and (after.ink or after.paper)):
        return f"{link}\x1b[{';'.join(anew)}m"
    off = {_OFF[each] for each in ended}
    on = {each for each in after.attributes if each not in before.attributes or _OFF.get(each) in off}
    further = [*sorted(off), *sorted(on)]
    if before.ink != after.ink:
        further.append(after.ink or "39")
    if before.paper != after.paper:
        further.append(after.paper or "49")
    if not further:
        return link
    return f"{link}\x1b[{min(';'.join(further), ';'.join(anew), key=len)}m"


def _parsed(codes: str) -> tuple[tuple[str, ...], str, str]:
    """Return attributes, ink and paper of the codes of one sequence."""
    attributes: list[str] = []
    ink = paper = ""
    left = codes.split(";") if codes else []
    while left:
        code = left.pop(0)
        if code in ("38", "48"):
            count = 4 if left and left[0] == "2" else 2
            color = ";".join([code, *left[:count]])
            del left[:count]
        else:
            color = code
        number = int(code)
        if number == 38 or 30 <= number <= 37 or 90 <= number <= 97:
            ink = color
        elif number == 48 or 40 <= number <= 47 or 100 <= number <= 107:
            paper = color
        elif number not in (39, 49):
            attributes.append(code)
    return tuple(attributes), ink, paper
