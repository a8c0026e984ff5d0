"""What is sent to a terminal: only what changed, and the same screen as Textual's own output leaves."""

import unicodedata
from itertools import pairwise

import pyte
import pytest
import wcwidth
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, InlineUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from gdsim.tui.moves import place, steps
from gdsim.tui.wire import Difference, Wire
from gdsim.tui.wrapping import is_narrow

SYSTEMS = {"truecolor": ColorSystem.TRUECOLOR, "256": ColorSystem.EIGHT_BIT, "standard": ColorSystem.STANDARD}
COLORS = [None, "#ffd75f", "#11131c", "red", "bright_blue", "color(123)", "default"]
UNITS = [("a", 1), ("b", 1), (" ", 1), ("│", 1), ("e\u0301", 1), ("中", 2), ("한", 2), ("文\u0301", 2), ("⣿", 1)]

colors = st.sampled_from(COLORS)
flags = st.sampled_from([None, True])
looks = st.tuples(colors, colors, flags, flags, flags)


@st.composite
def segments(draw, width):
    """Segments that take exactly `width` cells; wide characters never cut."""
    made = []
    while width:
        color, paper, bold, underline, reverse = draw(looks)
        text = ""
        for unit, cells in draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=4)):
            if cells <= width:
                text, width = text + unit, width - cells
        if text:
            style = Style(color=color, bgcolor=paper, bold=bold, underline=underline, reverse=reverse)
            made.append(Segment(text, draw(st.sampled_from([style, style, None]))))
    return made


@st.composite
def updates(draw, columns, rows):
    """A whole screen, or some of its rows cut into chops, as the compositor makes them."""
    if draw(st.booleans()):
        strips = [[Strip(draw(segments(columns)))] for _ in range(rows)]
        return LayoutUpdate(strips, Region(0, 0, columns, rows))
    chosen = sorted(draw(st.sets(st.integers(0, rows - 1), min_size=1)))
    chops, ends, spans = [{} for _ in range(rows)], [[] for _ in range(rows)], []
    for y in chosen:
        cuts = sorted({0, columns, *draw(st.lists(st.integers(1, columns), max_size=2))})
        for start, end in pairwise(cuts):
            chops[y][start] = Strip(draw(segments(end - start)))
            ends[y].append(end)
        part = draw(st.integers(0, len(cuts) - 2))
        spans.append((y, *draw(st.sampled_from([(0, columns), (cuts[part], cuts[part + 1])]))))
    return ChopsUpdate(chops, spans, ends)


@st.composite
def sequences(draw):
    """Sizes and updates of a session: the first one whole, resizes and forgetting now and then."""
    steps = []
    columns, rows = draw(st.integers(1, 11)), draw(st.integers(1, 4))
    first = LayoutUpdate([[Strip(draw(segments(columns)))] for _ in range(rows)], Region(0, 0, columns, rows))
    steps.append(((columns, rows), first, False))
    later = draw(st.lists(st.tuples(updates(columns, rows), st.booleans()), min_size=1, max_size=6))
    return [*steps, *(((columns, rows), update, forgets) for update, forgets in later)]


def look(cell):
    """What can be seen of a pyte cell: all of it, save the ink of a blank that nothing is drawn on.

    Ink can be seen on a blank that is underlined or struck through, or where it is the ground of it, reversed.
    """
    has_ink = cell.data != " " or cell.underscore or cell.strikethrough or cell.reverse or cell.blink
    return cell if has_ink else (" ", cell.bg)


class Shown:
    """A pyte screen that does not wrap, as Textual sets terminals up; its cells as they look."""

    def __init__(self, columns, rows):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.Stream(self.screen)
        self.stream.feed("\x1b[?7l")

    def feed(self, text):
        self.stream.feed(text)

    @property
    def cells(self):
        """The cells; half of a wide character alone is a space, as terminals have it (pyte keeps the half)."""
        rows = [[self.screen.buffer[y][x] for x in range(self.screen.columns)] for y in range(self.screen.lines)]
        return [[look(self._alone(row, x)) for x in range(len(row))] for row in rows]

    @staticmethod
    def _alone(row, x):
        left_is_wide = x > 0 and is_wide(row[x - 1])
        right_is_half = x + 1 < len(row) and is_half(row[x + 1])
        alone = (is_half(row[x]) and not left_is_wide) or (is_wide(row[x]) and not right_is_half)
        return row[x]._replace(data=" ") if alone else row[x]


def is_wide(cell):
    return bool(cell.data) and wcwidth.wcwidth(cell.data[0]) == 2


def is_half(cell):
    """pyte puts the mark of a wide character on its right half."""
    return not cell.data or bool(unicodedata.combining(cell.data[0]))


def console_of(name):
    return Console(color_system=name, force_terminal=True, width=200)


def send(to, update, size, colors):
    assert to.take(update, size, colors)
    return to.difference()


@pytest.mark.parametrize("system", SYSTEMS)
@settings(max_examples=60, deadline=None)
@given(steps=sequences())
def test_same_screen_as_textual(system, steps):
    """After every update the screen is cell for cell the one Textual's own output leaves, also after forgetting."""
    console, to = console_of(system), Wire()
    theirs, ours = Shown(*steps[0][0]), Shown(*steps[0][0])
    for size, update, forgets in steps:
        theirs.feed(update.render_segments(console))
        if forgets:
            to.forget()
            ours.feed("\x1b[2J")
        ours.feed(send(to, update, size, SYSTEMS[system]))
        assert ours.cells == theirs.cells


@settings(max_examples=60, deadline=None)
@given(steps=sequences())
def test_held_back_frames_are_not_missed(steps):
    """Updates taken while nothing is sent show after the next difference, like those sent one by one."""
    console, to = console_of("truecolor"), Wire()
    theirs, ours = Shown(*steps[0][0]), Shown(*steps[0][0])
    for size, update, _forgets in steps:
        theirs.feed(update.render_segments(console))
        assert to.take(update, size, ColorSystem.TRUECOLOR)
    ours.feed(to.difference())
    assert ours.cells == theirs.cells
    assert to.difference() == ""


def screen_of(*lines, style=None):
    strips = [[Strip([Segment(line, style)])] for line in lines]
    return LayoutUpdate(strips, Region(0, 0, len(lines[0]), len(lines)))


def test_only_changed_cells_are_sent():
    """A screen sent again costs nothing; one digit that changes costs a move and the digit."""
    to, size = Wire(), (20, 2)
    send(to, screen_of("loss 3.543370       ", "update 3            "), size, ColorSystem.TRUECOLOR)
    assert send(to, screen_of("loss 3.543370       ", "update 3            "), size, ColorSystem.TRUECOLOR) == ""
    changed = send(to, screen_of("loss 3.543370       ", "update 4            "), size, ColorSystem.TRUECOLOR)
    assert changed == "\x1b[2;8H4"


def lines_of(*lines):
    """A screen of lines of segments: texts with styles."""
    strips = [[Strip([Segment(text, style) for text, style in line])] for line in lines]
    return LayoutUpdate(strips, Region(0, 0, strips[0][0].cell_length, len(strips)))


RED, BLUE, BOLD = Style(color="#ff0000"), Style(color="#0000ff"), Style(color="#ff0000", bold=True)
GROUND, UNDERLINED, REVERSED = Style(bgcolor="#00ff00"), Style(color="#ff0000", underline=True), Style(reverse=True)


def test_colours_are_told_once():
    """What is of one look is sent together, of the next look only what is new is told; the pen is plain at the end."""
    to, size = Wire(), (6, 2)
    send(to, screen_of("      ", "      "), size, ColorSystem.TRUECOLOR)
    text = send(to, lines_of([("abcdef", RED)], [("ab", RED), ("cd", BLUE), ("ef", RED)]), size, ColorSystem.TRUECOLOR)
    assert text == (
        "\x1b[H\x1b[38;2;255;0;0mabcdef\x1b[2Hab\x1b[2Cef"
        "\x1b[2;3H\x1b[38;2;0;0;255mcd\x1b[m"
    )  # fmt: skip
    text = send(to, lines_of([("abcdef", BOLD)], [("ab", RED), ("cd", BLUE), ("ef", RED)]), size, ColorSystem.TRUECOLOR)
    assert text == "\x1b[H\x1b[1;38;2;255;0;0mabcdef\x1b[m"


def test_the_cursor_goes_the_shorter_way():
    """From where it stands by steps, or straight to a place; straight where terminals may see it elsewhere."""
    to, size = Wire(), (20, 3)
    send(to, screen_of("a" * 20, "b" * 20, "c" * 20), size, ColorSystem.TRUECOLOR)
    text = send(to, screen_of("aax" + "a" * 17, "bbx" + "b" * 16 + "x", "cx" + "c" * 18), size, ColorSystem.TRUECOLOR)
    assert text == "\x1b[1;3Hx\x1b[B\bx\x1b[16Cx\x1b[3;2Hx"
    to = Wire()
    send(to, screen_of("中文", "abcd"), (4, 2), ColorSystem.TRUECOLOR)
    text = send(to, screen_of("文文", "abxd"), (4, 2), ColorSystem.TRUECOLOR)
    assert text == "\x1b[H文\x1b[2;3Hx"


@pytest.mark.parametrize("style", [RED, BOLD, Style(dim=True, italic=True)])
def test_a_blank_is_sent_with_any_ink(style):
    """Blanks of another ink differ in nothing that can be seen; a word's blanks are sent with it."""
    to, size = Wire(), (5, 1)
    send(to, lines_of([("a b  ", RED)]), size, ColorSystem.TRUECOLOR)
    assert send(to, lines_of([("a", RED), (" ", style), ("b", RED), ("  ", style)]), size, ColorSystem.TRUECOLOR) == ""
    assert to.difference() == ""
    text = send(to, lines_of([("x", RED), (" ", style), ("y", RED), ("  ", BLUE)]), size, ColorSystem.TRUECOLOR)
    assert text == "\x1b[H\x1b[38;2;255;0;0mx y\x1b[m"


@pytest.mark.parametrize(
    ("style", "codes"), [(GROUND, "48;2;0;255;0"), (UNDERLINED, "4;38;2;255;0;0"), (REVERSED, "7")]
)
def test_a_blank_with_something_to_see_is_sent(style, codes):
    """Another paper, a line under it, and ink in the place of paper can be seen on a blank."""
    to, size = Wire(), (3, 1)
    send(to, screen_of("a b"), size, ColorSystem.TRUECOLOR)
    text = send(to, lines_of([("a", None), (" ", style), ("b", None)]), size, ColorSystem.TRUECOLOR)
    assert text == f"\x1b[1;2H\x1b[{codes}m \x1b[m"
    assert send(to, screen_of("a b"), size, ColorSystem.TRUECOLOR) == "\x1b[1;2H "


@given(*(st.integers(0, 29) for _ in range(4)))
def test_steps_lead_where_they_should(x, y, to_x, to_y):
    """Steps from any cell to any other, as a terminal takes them, and the way to a place from anywhere."""
    shown = Shown(30, 30)
    for text in (place(x, y) + steps(to_x - x, to_y - y), place(to_x, to_y)):
        shown.feed(text)
        assert (shown.screen.cursor.x, shown.screen.cursor.y) == (to_x, to_y)


def test_a_difference_is_shown_once_and_leaves_the_cursor_where_it_belongs():
    """As Textual displays it: the text, then the place of the cursor; and nothing at all where nothing differs."""
    to, console = Wire(), console_of("truecolor")
    assert to.take(screen_of("ab"), (2, 1), ColorSystem.TRUECOLOR)
    for cursor, text in (((0, 0), "\x1b[Hab\x1b[H"), ((0, 0), "")):
        assert console._render_buffer(console.render(Difference(to, cursor))) == text


def test_new_size_sends_everything():
    """After a resize every cell is sent, unchanged ones too."""
    to = Wire()
    send(to, screen_of("same", "same"), (4, 2), ColorSystem.TRUECOLOR)
    text = send(to, screen_of("same ", "same ", "     "), (5, 3), ColorSystem.TRUECOLOR)
    assert text.count("same") == 2


def test_characters_of_uncertain_width_send_their_row_whole():
    """Terminals disagree on joined emoji, so a row that holds one is sent from its beginning."""
    to, size = Wire(), (8, 1)
    send(to, LayoutUpdate([[Strip([Segment("ab\u2764\ufe0fcd   ")])]], Region(0, 0, 8, 1)), size, ColorSystem.TRUECOLOR)
    text = send(
        to, LayoutUpdate([[Strip([Segment("ab\u2764\ufe0fcx   ")])]], Region(0, 0, 8, 1)), size, ColorSystem.TRUECOLOR
    )
    assert text.startswith("\x1b[Hab\u2764\ufe0fcx")


@pytest.mark.parametrize("missing", ["spans", "chops", "chop_ends"])
def test_update_that_is_not_understood_is_not_taken(missing):
    """Where the compositor's updates look otherwise than expected, nothing is taken and the sender is told."""
    to, size = Wire(), (4, 1)
    send(to, screen_of("    "), size, ColorSystem.TRUECOLOR)
    update = ChopsUpdate([{0: Strip([Segment("abcd")])}], [(0, 0, 4)], [[4]])
    delattr(update, missing)
    assert not to.take(update, size, ColorSystem.TRUECOLOR)


def test_unknown_kinds_of_update_are_not_taken(monkeypatch):
    """An inline update is Textual's own business; and so is every update when its classes are gone."""
    to = Wire()
    assert not to.take(InlineUpdate([Strip([])]), (4, 1), ColorSystem.TRUECOLOR)
    monkeypatch.setattr("gdsim.tui.updates.UPDATES", ())
    assert not to.take(screen_of("    "), (4, 1), ColorSystem.TRUECOLOR)


def test_partial_update_after_a_loss_is_left_to_textual():
    """When something else was shown, only a whole screen is taken again, and it is sent whole."""
    to, size = Wire(), (4, 1)
    send(to, screen_of("abcd"), size, ColorSystem.TRUECOLOR)
    to.lose()
    assert not to.take(ChopsUpdate([{0: Strip([Segment("abcd")])}], [(0, 0, 4)], [[4]]), size, ColorSystem.TRUECOLOR)
    assert "abcd" in send(to, screen_of("abcd"), size, ColorSystem.TRUECOLOR)


def test_what_is_taken_as_narrow_takes_one_cell():
    """Every character that is not looked up takes one cell, by the tables of Rich and of wcwidth, and none combines."""
    for code in range(0x20, 0x30000):
        if is_narrow(chr(code)):
            assert wcwidth.wcwidth(chr(code)) == cell_len(chr(code)) == 1, hex(code)
            assert not unicodedata.combining(chr(code)), hex(code)
