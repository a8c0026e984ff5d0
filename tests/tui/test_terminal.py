"""`gdsim run` on a real pty: what only a terminal shows."""

import pytest
from terminal import Terminal

LEAVES_CLEAN = (b"\x1b[?1049l", b"\x1b[?25h")
"""The alternate screen is left and the cursor shown again."""


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
def test_walk_down_the_hill(columns, rows):
    """The first screen comes, keys walk down and back, and q leaves the terminal clean with status 0."""
    with Terminal("run", "mountain-descent", columns=columns, rows=rows) as terminal:
        terminal.until("update 0 · loss 4")
        terminal.send("   ")
        terminal.until("update 3 · loss 3.54337")
        terminal.until("3.882384")
        terminal.send("b")
        terminal.until("update 2 ·")
        terminal.send(".")
        terminal.until("phase 1 of 3")
        terminal.send("q")
        assert terminal.ended() == 0
        assert all(sequence in terminal.raw for sequence in LEAVES_CLEAN)


def test_terminal_that_shrinks_while_it_plays():
    """Shrinking below the least size shows a message; growing again shows the run, still playing."""
    with Terminal("run", "mountain-descent", columns=120, rows=40) as terminal:
        terminal.until("update 0")
        terminal.send("p")
        terminal.until("playing")
        terminal.resize(50, 14)
        terminal.until("needs 60 columns")
        terminal.resize(80, 24)
        terminal.until("parameters")
        terminal.send("pq")
        assert terminal.ended() == 0


def test_no_color_is_honoured():
    """With NO_COLOR no colour codes are sent, and the same words are on the screen."""
    with Terminal("run", "mountain-descent", environment={"NO_COLOR": "1"}) as terminal:
        terminal.until("update 0 · loss 4")
        terminal.send("q")
        terminal.ended()
        assert b"38;2;255;215;95" not in terminal.raw


def test_an_empty_no_color_takes_no_colours_away():
    """NO_COLOR counts when it is not empty, as no-color.org asks."""
    with Terminal("run", "mountain-descent", environment={"NO_COLOR": ""}) as terminal:
        terminal.until("update 0 · loss 4")
        terminal.send("q")
        terminal.ended()
        assert b"38;2;255;215;95" in terminal.raw


def test_the_c_locale_gets_ascii():
    """Under LC_ALL=C nothing beyond ASCII is sent, unless --no-ascii says so."""
    for options, is_ascii in (((), True), (("--no-ascii",), False)):
        with Terminal("run", "mountain-descent", *options, environment={"LC_ALL": "C"}) as terminal:
            terminal.until("update 0")
            terminal.send("q")
            terminal.ended()
            assert terminal.raw.isascii() == is_ascii
