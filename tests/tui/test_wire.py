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

from gdsim.tui.wire import Wire
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


class Shown:
    """A pyte screen that does not wrap, as Textual sets terminals up."""

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
        return [[self._alone(row, x) for x in range(len(row))] for row in rows]

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


def test_colours_are_told_once():
    """Of a look only what changes is told, and the pen is plain at the end."""
    to, size = Wire(), (4, 1)
    send(to, screen_of("    "), size, ColorSystem.TRUECOLOR)
    strips = [
        [Strip([Segment("ab", Style(color="#010203", bgcolor="#040506")), Segment("cd", Style(bgcolor="#040506"))])]
    ]
    text = send(to, LayoutUpdate(strips, Region(0, 0, 4, 1)), size, ColorSystem.TRUECOLOR)
    assert text == "\x1b[1H\x1b[38;2;1;2;3;48;2;4;5;6mab\x1b[39mcd\x1b[m"


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
    assert text.startswith("\x1b[1Hab\u2764\ufe0fcx")


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
