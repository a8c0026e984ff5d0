"""What the environment tells of a terminal, and that each kind gets what it can show."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from terminal import Terminal

from gdsim.charts.chart import Role
from gdsim.tui.ascii_letters import cell_for_cell
from gdsim.tui.palettes import PALETTES
from gdsim.tui.terminal import EIGHT_BIT, NO_COLORS, SIXTEEN, TRUE_COLOR, terminal_of
from gdsim.tui.themes import PALETTE_OF

COLORS = {
    "COLORTERM": ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, TRUE_COLOR),
    "the 256 of its name": ({"TERM": "xterm-256color"}, EIGHT_BIT),
    "tmux and its name": ({"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, EIGHT_BIT),
    "tmux by an old name": ({"TERM": "screen", "TMUX": "/tmp/tmux-0/default,1,0"}, EIGHT_BIT),
    "tmux that has all": ({"TERM": "screen", "TMUX": "x", "COLORTERM": "truecolor"}, TRUE_COLOR),
    "screen, with COLORTERM from outside": ({"TERM": "screen", "COLORTERM": "truecolor"}, SIXTEEN),
    "screen with 256": ({"TERM": "screen-256color", "COLORTERM": "truecolor"}, EIGHT_BIT),
    "kitty over SSH": ({"TERM": "xterm-kitty"}, TRUE_COLOR),
    "an old xterm": ({"TERM": "xterm"}, SIXTEEN),
    "the console": ({"TERM": "linux", "COLORTERM": "truecolor"}, SIXTEEN),
    "vt100": ({"TERM": "vt100", "COLORTERM": "truecolor"}, NO_COLORS),
    "NO_COLOR": ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, NO_COLORS),
    "an empty NO_COLOR": ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": ""}, TRUE_COLOR),
    "a browser": ({"TERM": "dumb", "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver"}, TRUE_COLOR),
    "nothing": ({}, SIXTEEN),
}


@pytest.mark.parametrize("name", COLORS)
def test_colours_follow_what_the_environment_tells(name):
    """As many colours as can be shown; where COLORTERM was inherited by a terminal that misreads it, TERM decides."""
    environment, colors = COLORS[name]
    assert terminal_of(environment, "utf-8").colors == colors


@pytest.mark.parametrize("arguments", [("run", "mazur"), ("learn",), ("run", "mazur", "--plain")])
def test_a_notebooks_cell_gets_a_hint(arguments):
    """`!gdsim run` in a cell, which nobody can type into, is status 2 and names what shows the run there."""
    cell = {"TERM": "xterm-color", "PAGER": "cat", "GIT_PAGER": "cat"}  # as ipykernel sets them
    with Terminal(*arguments, environment=cell) as terminal:
        assert terminal.ended() == 2
        assert f"gdsim.load('{arguments[1] if arguments[0] == 'run' else 'NAME'}').show()" in terminal.text


@pytest.mark.parametrize(
    ("ground", "theme"),
    [
        ("0;15", "light"),
        ("0;default;15", "light"),
        ("0;7", "light"),
        ("15;0", "dark"),
        ("15;default", "dark"),
        ("7;8", "dark"),
        ("", "dark"),
        ("x", "dark"),
        ("0;" + "9" * 99, "dark"),
    ],
)
def test_theme_follows_the_ground(ground, theme):
    """COLORFGBG names the background last; what it does not tell is taken as dark."""
    terminal = terminal_of({"TERM": "xterm-256color", "COLORFGBG": ground}, "utf-8")
    assert terminal.theme == theme
    few = terminal_of({"TERM": "xterm", "COLORFGBG": ground}, "utf-8")
    assert few.theme == {"light": "terminal-light", "dark": "terminal"}[theme]


@pytest.mark.parametrize(
    ("term", "encoding", "is_ascii"),
    [
        ("xterm", "utf-8", False),
        ("xterm", "UTF8", False),
        ("xterm", "iso8859-1", True),
        ("xterm", None, True),
        ("linux", "utf-8", True),
        ("vt220", "utf-8", True),
        ("screen", "utf-8", False),
        ("screen.linux", "utf-8", True),
        ("linux-16color", "utf-8", True),
        ("screen.xterm-256color", "utf-8", False),
    ],
)
def test_letters_follow_encoding_and_kind(term, encoding, is_ascii):
    """ASCII where the encoding has no more, and where the terminal's own letters lack braille and Greek."""
    assert terminal_of({"TERM": term}, encoding).is_ascii is is_ascii


@pytest.mark.parametrize(
    ("locale", "is_ascii"),
    [
        ({"LC_ALL": "C"}, True),
        ({"LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"}, True),
        ({"LANG": "C"}, True),
        ({"LC_ALL": "C.UTF-8", "LANG": "C"}, False),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, False),
        ({"LC_ALL": "", "LANG": "de_DE.UTF-8"}, False),
    ],
)
def test_who_names_the_c_locale_gets_ascii(locale, is_ascii):
    """LC_ALL comes before LC_CTYPE, that before LANG; Python itself writes UTF-8 in the C locale."""
    assert terminal_of({"TERM": "xterm", **locale}, "utf-8").is_ascii is is_ascii


def test_every_theme_has_colours_for_the_same_roles():
    """A role added to one palette is added to all, next step and ghosts aside where there are only 16 colours."""
    for name in PALETTE_OF.values():
        left_out = set(Role) - set(PALETTES[name].colors)
        assert left_out <= ({Role.NEXT, Role.GHOST} if name.startswith("sixteen") else set())


@given(st.text())
def test_cell_for_cell_keeps_the_width(text):
    """Whatever stands there, its replacement is as many characters long where each was one cell wide."""
    letters = "".join(letter for letter in text if "\u2500" <= letter <= "\u28ff" or letter.isascii())
    assert len(cell_for_cell(letters.replace(" · ", ""))) >= len(letters)
    assert cell_for_cell(letters).isascii()


SGR = re.compile(rb"\x1b\[([0-9;]*)m")


def colours(raw):
    """The kinds of colour codes in what a program wrote."""
    kinds = set()
    for found in SGR.findall(raw):
        plain = re.sub(rb"[34]8;(2;\d+;\d+;\d+|5;\d+)", b"", found)
        kinds |= {"rgb"} if re.search(rb"[34]8;2;", found) else set()
        kinds |= {"256"} if re.search(rb"[34]8;5;", found) else set()
        kinds |= {"16"} if re.search(rb"(^|;)(3[0-7]|9[0-7]|4[0-7]|10[0-7])(;|$)", plain) else set()
    return kinds


KINDS = {
    "true colour": ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, {"rgb"}),
    "256": ({"TERM": "xterm-256color", "COLORTERM": ""}, {"256"}),
    "256, light": ({"TERM": "xterm-256color", "COLORTERM": "", "COLORFGBG": "0;15"}, {"256"}),
    "colour-blind": ({"TERM": "xterm-256color", "GDSIM_THEME": "colour-blind"}, {"rgb"}),
    "16": ({"TERM": "xterm", "COLORTERM": ""}, {"16"}),
    "16, light": ({"TERM": "xterm", "COLORTERM": "", "COLORFGBG": "0;15"}, {"16"}),
    "console": ({"TERM": "linux", "COLORTERM": ""}, {"16"}),
    "NO_COLOR": ({"NO_COLOR": "1"}, set()),
    "an empty NO_COLOR, as no-color.org asks": ({"NO_COLOR": ""}, {"rgb"}),
    "vt100": ({"TERM": "vt100"}, set()),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_says_the_same_with_the_colours_it_has(name):
    """The same numbers and words on every kind of terminal, in no more colours than it has.

    Nothing is sent that an old one would print: requests with the signs < > $ are newer than it.
    """
    environment, expected = KINDS[name]
    with Terminal("run", "mountain-descent", environment={"TMUX": "", **environment}) as terminal:
        terminal.until("update 0")
        terminal.send("  ..")
        terminal.until("phase 2 of 3: gradient")
        slope = "f'(x)" if environment.get("TERM") in ("linux", "vt100") else "f′(x)"
        for words in ("3.920800", "+3.841600", slope, "other starts"):
            terminal.until(words)
        terminal.send("q")
        assert terminal.ended() == 0
        # Setting everything back uses no colour.
        assert colours(terminal.raw) - ({"16"} if "256" in expected else set()) == expected
        is_old = environment.get("TERM") in ("linux", "vt100")
        assert is_old is not any(newer in terminal.raw for newer in (b"\x1b[>", b"\x1b[<u", b"\x1b[?2026$p"))


@pytest.mark.parametrize("scenario", ["mazur", "perceptron"])
def test_ascii_draws_ascii_only(scenario):
    """Panels, frames, bars, help, lesson, list and palette: under --ascii no sign beyond ASCII reaches the terminal."""
    with Terminal("run", scenario, "--ascii") as terminal:
        terminal.until("update 0")
        for keys, shown in [
            (" .", "phase 1"),
            ("?", "next update"),
            ("?", "paused"),
            ("i", "esc closes"),
            ("i", "paused"),
        ]:
            terminal.send(keys)
            terminal.until(shown)
        terminal.send("l")
        terminal.until("learning rate eta")
        terminal.send("\x03")
        assert terminal.ended() == 130
        assert terminal.raw.isascii(), set(terminal.raw.decode()) - set(map(chr, range(128)))


def test_a_theme_asked_for_is_used():
    """--theme wins over GDSIM_THEME and over what the terminal tells."""
    environment = {"COLORFGBG": "0;15", "GDSIM_THEME": "light"}
    with Terminal("run", "mountain-descent", "--theme", "colour-blind", environment=environment) as terminal:
        terminal.until("update 0")
        terminal.send("q")
        assert terminal.ended() == 0
        assert b"38;2;86;180;233" in terminal.raw


def test_a_theme_there_is_not_is_refused():
    """A GDSIM_THEME that is no theme is named with those there are."""
    with Terminal("run", "mountain-descent", environment={"GDSIM_THEME": "pink"}) as terminal:
        assert terminal.ended() == 2
        assert "colour-blind" in terminal.text


def test_letters_beside_keys_that_terminals_swallow():
    """N and B do what end and home do."""
    with Terminal("run", "mountain-descent") as terminal:
        terminal.until("update 0")
        terminal.send("N")
        terminal.until("stopped: min_change")
        terminal.send("B")
        terminal.until("update 0 · loss 4")
        terminal.send("q")
        assert terminal.ended() == 0


def test_the_c_locale_gets_ascii():
    """Under LC_ALL=C nothing beyond ASCII is sent, unless --no-ascii says so."""
    for options, is_ascii in (((), True), (("--no-ascii",), False)):
        with Terminal("run", "mountain-descent", *options, environment={"LC_ALL": "C"}) as terminal:
            terminal.until("update 0")
            terminal.send("q")
            terminal.ended()
            assert terminal.raw.isascii() == is_ascii
