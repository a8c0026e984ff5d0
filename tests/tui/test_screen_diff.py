"""What is sent to a terminal: the cells that differ, so that it shows what the whole frame would."""

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from gdsim.tui.screen_diff import ScreenDiff

WIDTH, HEIGHT = 12, 3
TRUE = ColorSystem.TRUECOLOR
UNITS = ["a", "b", " ", "│", "⣿", "中", "文"]
STYLES = [
    None,
    Style(color="#ffd75f"),
    Style(color="#ffd75f", bgcolor="#11131c"),
    Style(bgcolor="red", bold=True),
    Style(color="#ffd75f", bold=True, underline=True),
    Style(color="#d5d9e8", bold=True),
    Style(color="color(123)", underline=True),
    Style(reverse=True),
]


@st.composite
def rows(draw):
    """One row of styled characters, some of them two cells wide."""
    segments, room = [], WIDTH
    while room:
        unit = draw(st.sampled_from(UNITS)) if room > 1 else "x"
        segments.append(Segment(unit, draw(st.sampled_from(STYLES))))
        room -= segments[-1].cell_length
    return Strip(segments, WIDTH)


frames = st.lists(rows(), min_size=HEIGHT, max_size=HEIGHT)


class Shown:
    """A terminal that does not wrap, as a screen sets it up."""

    def __init__(self):
        self._screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.Stream(self._screen)
        self._stream.feed("\x1b[?7l")

    def feed(self, text):
        self._stream.feed(text)

    @property
    def cells(self):
        """What is seen of each cell: a blank has no foreground of its own, and no weight."""
        return [[seen(self._screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]


def seen(cell):
    is_bare = cell.data == " " and not (cell.reverse or cell.underscore or cell.strikethrough)
    return cell._replace(fg="", bold=False) if is_bare else cell


def whole(strips):
    """A frame as each of its segments by itself, with all of its style."""
    lines = []
    for y, strip in enumerate(strips):
        lines.append(f"\x1b[{y + 1};1H")
        lines += [f"\x1b[0;{Strip.render_ansi(s.style, TRUE) if s.style else ''}m{s.text}" for s in strip]
    return "".join(lines)


def lines(*texts, style=None):
    return [Strip([Segment(text, style)]) for text in texts]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(frames, st.booleans()), min_size=1, max_size=5))
def test_the_terminal_shows_the_frame(steps):
    """After every update each cell is as if the whole frame had been sent, also after anything was written there."""
    diff, ours = ScreenDiff(), Shown()
    for strips, is_disturbed in steps:
        if is_disturbed:
            ours.feed("\x1b[H\x1b[2Jsomething else")
            diff.forget()
        ours.feed(diff.update(strips, WIDTH, TRUE))
        theirs = Shown()
        theirs.feed(whole(strips))
        assert ours.cells == theirs.cells


@given(frames)
def test_what_is_shown_already_costs_nothing(strips):
    """A frame that is sent again sends nothing."""
    diff = ScreenDiff()
    diff.update(strips, WIDTH, TRUE)
    assert diff.update([Strip(list(strip)) for strip in strips], WIDTH, TRUE) == ""


def test_a_digit_that_changes_costs_a_move_and_the_digit():
    """Of a row that differs only the cells that do are sent."""
    diff = ScreenDiff()
    diff.update(lines("loss 3.54", "update 3 "), 9, TRUE)
    assert diff.update(lines("loss 3.54", "update 4 "), 9, TRUE) == "\x1b[2;8H4\x1b[m"


def test_cells_close_together_are_sent_in_one():
    """Five equal cells between two that differ are sent with them, six are passed over."""
    diff = ScreenDiff()
    diff.update(lines("1 345 7 901234 6"), 16, TRUE)
    assert diff.update(lines("2 345 8 901234 6"), 16, TRUE) == "\x1b[1;1H2 345 8\x1b[m"
    assert diff.update(lines("2 345 9 901234 7"), 16, TRUE).count("H") == 2


def test_a_new_size_sends_everything():
    """Nothing is known of a terminal whose size has changed."""
    diff = ScreenDiff()
    diff.update(lines("abc", "def"), 3, TRUE)
    assert "abcd" in diff.update(lines("abcd", "defg"), 4, TRUE)
    assert "abcd" in diff.update(lines("abcd"), 4, TRUE)


def test_characters_of_uncertain_width_send_their_row_whole():
    """Terminals disagree about the width of some characters, so nothing is put in place after them."""
    diff = ScreenDiff()
    diff.update(lines("☺ it is 3"), 9, TRUE)
    assert "☺ it is 4" in diff.update(lines("☺ it is 4"), 9, TRUE)


@pytest.mark.parametrize(
    ("depth", "code"),
    [(TRUE, "38;2;255;215;95"), (ColorSystem.EIGHT_BIT, "38;5;221"), (ColorSystem.STANDARD, "93")],
)
def test_colours_are_those_the_terminal_has(depth, code):
    """One style is sent to every terminal in the colours of that one."""
    style = Style(color="#ffd75f")
    for other in (TRUE, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD):
        ScreenDiff().update(lines("x", style=style), 1, other)
    assert ScreenDiff().update(lines("x", style=style), 1, depth) == f"\x1b[1;1H\x1b[{code}mx\x1b[m"
