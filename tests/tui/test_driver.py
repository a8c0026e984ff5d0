"""What only a line to a terminal shows: bytes, backlog, waking up, and a terminal that was disturbed."""

import os
import re
import select
import time
from pathlib import Path

import pyte
import pytest
from terminal import Terminal


def bytes_until_quiet(terminal, quiet=0.4):
    """Read until nothing comes for a while and return the bytes."""
    before = len(terminal.raw)
    while select.select([terminal.line], [], [], quiet)[0]:
        terminal.pump(0)
    return terminal.raw[before:]


def switches(pid):
    """Return how often the threads of a process have gone to sleep of their own will."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        lines = (thread / "status").read_text("ascii").splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("voluntary"))
    return total


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
def test_walk_down_the_hill(columns, rows):
    """The first screen comes, and keys walk down and back."""
    with Terminal("run", "mountain-descent", columns=columns, rows=rows) as terminal:
        terminal.until("update 0 · loss 4")
        terminal.send("   ")
        terminal.until("update 3 · loss 3.54337")
        terminal.until("3.882384")
        terminal.send("b")
        terminal.until("update 2 ·")
        terminal.send(".")
        terminal.until("phase 1 of 3")


def test_terminal_that_shrinks_while_it_plays():
    """Shrinking below the least size shows a message; growing again shows the run, still playing."""
    with Terminal("run", "mountain-descent", columns=120, rows=40) as terminal:
        terminal.until("update 0")
        terminal.send("p")
        terminal.until("playing")
        terminal.resize(50, 14)
        terminal.until("at least 60 columns")
        terminal.resize(80, 24)
        terminal.until("parameters")
        terminal.send("pq")
        assert terminal.ended() == 0


def test_an_update_sends_only_what_changed():
    """One update of a hill sends at most 1.5 kB, and what the terminal then shows is what a repaint shows."""
    with Terminal("run", "mountain-descent") as terminal:
        terminal.until("update 0 · loss 4")
        bytes_until_quiet(terminal)
        terminal.send("   ")
        terminal.until("update 3 · loss 3.54337")
        bytes_until_quiet(terminal)
        terminal.send(" ")
        assert len(bytes_until_quiet(terminal)) <= 1500
        terminal.until("update 4")
        kept = terminal.text
        terminal.screen.reset()
        terminal.send("\x0c")
        assert len(bytes_until_quiet(terminal)) > 4000
        assert terminal.text == kept


def test_a_frame_without_a_change_sends_nothing():
    """However often Textual draws while screens come and go, no frame is only the cursor's place once more."""
    with Terminal("run", "mountain-descent") as terminal:
        terminal.until("update 0 · loss 4")
        terminal.send(" ?")
        terminal.until("esc closes")
        terminal.send("\x1b")
        terminal.until("update 1 ·")
        bytes_until_quiet(terminal)
        assert b"\x1b[1;1H\x1b[1;1H" not in terminal.raw


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_nothing_wakes_up_while_paused():
    """While nothing happens no thread of the program runs at all."""
    with Terminal("run", "mountain-descent") as terminal:
        terminal.until("update 0")
        terminal.send(" ")
        terminal.until("update 1")
        bytes_until_quiet(terminal, 1.0)
        before = switches(terminal.pid)
        time.sleep(3)
        assert switches(terminal.pid) - before <= 1


def test_only_clicks_and_drags_of_the_mouse_are_asked_for():
    """Moves of the mouse would wake the program for nothing; clicks work the key bar, drags mark text."""
    with Terminal("run", "mountain-descent") as terminal:
        terminal.until("update 0")
        assert b"\x1b[?1000h" in terminal.raw
        assert b"\x1b[?1003h" not in terminal.raw
        row = next(y for y, line in enumerate(terminal.screen.display, 1) if "space next" in line)
        terminal.send(f"\x1b[<0;4;{row}M\x1b[<0;4;{row}m")
        terminal.until("update 1")


def test_play_on_a_slow_line_keeps_up():
    """Read at 5 kB a second, play makes every update, and the screen lags no more than what the system holds back."""
    rate, screen = 5000, pyte.Screen(120, 40)
    stream = pyte.ByteStream(screen)
    slowly = (
        "--set",
        "stop.max_updates=5000",
        "--set",
        "update.learning_rate=0.00001",
        "--set",
        "stop.min_change=1e-99",
    )
    with Terminal("run", "mountain-descent", *slowly) as terminal:
        terminal.until("update 0")
        bytes_until_quiet(terminal)
        stream.feed(_known(terminal.raw))
        terminal.send("p" + "+" * 5)
        slow = Slow(terminal.line, stream, rate)
        slow.read(6)
        terminal.send("p")
        before, deadline = slow.taken, time.monotonic() + 60
        while "paused" not in "\n".join(screen.display) and time.monotonic() < deadline:
            slow.read(0.1)
        assert slow.taken - before < 4 * rate
        shown = int(re.search(r"update (\d+) ·", "\n".join(screen.display))[1])
        assert shown > 400
        terminal.send(" ")
        slow.read(2)
        assert f"update {shown + 1} ·" in "\n".join(screen.display)


class Slow:
    """A terminal that takes so many bytes a second."""

    def __init__(self, descriptor, stream, rate):
        self._descriptor, self._stream, self._rate, self.taken = descriptor, stream, rate, 0

    def read(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.02)
            if not select.select([self._descriptor], [], [], 0)[0]:
                continue
            data = os.read(self._descriptor, int(self._rate * 0.02))
            self.taken += len(data)
            self._stream.feed(_known(data))


def _known(data):
    return re.sub(rb"\x1b\[[<>=?][0-9;]*[a-gi-km-zA-Z$]+", b"", data)
