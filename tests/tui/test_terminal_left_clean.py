"""However gdsim ends or pauses, the terminal is as it was before."""

import os
import re
import signal
import termios
import time

import pytest
from terminal import Terminal

MODES = {
    1049: "alternate screen",
    25: "cursor",
    1000: "mouse",
    1003: "mouse movement",
    1006: "mouse",
    1015: "mouse",
    1004: "focus",
    2004: "paste",
    7: "line wrap",
}
ON_BY_DEFAULT = {25, 7}


def modes_left(raw):
    """The private modes that differ from a fresh terminal's after `raw`, and how deep the keyboard stack is."""
    state = {mode: mode in ON_BY_DEFAULT for mode in MODES}
    for mode, letter in re.findall(rb"\x1b\[\?(\d+)([hl])", raw):
        state[int(mode)] = letter == b"h"
    left = {MODES[mode] for mode, is_on in state.items() if mode in MODES and is_on != (mode in ON_BY_DEFAULT)}
    keyboard = raw.count(b"\x1b[>") - raw.count(b"\x1b[<u")
    return left | ({"keyboard"} if keyboard > 0 else set())


def playing(terminal):
    terminal.until("update 0")
    assert "alternate screen" in modes_left(terminal.raw)
    terminal.send("p")
    terminal.until("playing")


@pytest.mark.parametrize(
    ("end", "status"),
    [("q", 0), ("\x03", 130), (signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["q", "ctrl+c", "SIGINT", "SIGTERM", "SIGHUP"],
)
def test_ends_clean(end, status):
    """Keys and signals end a run that plays; modes and line settings are as before, the status tells why."""
    with Terminal("run", "mountain-descent") as terminal:
        before = termios.tcgetattr(terminal.line)
        playing(terminal)
        if isinstance(end, str):
            terminal.send(end)
        else:
            os.kill(terminal.pid, end)
        assert terminal.ended() == status
        assert modes_left(terminal.raw) == set()
        assert termios.tcgetattr(terminal.line) == before
        assert "Traceback" not in terminal.text


def test_ctrl_c_leaves_a_dialog_and_the_picker_too():
    """Where a line is typed, and in the list of scenarios, ctrl+c leaves as everywhere."""
    with Terminal("run", "mountain-descent") as terminal:
        terminal.until("update 0")
        terminal.send("l")
        terminal.until("learning rate")
        terminal.send("\x03")
        assert terminal.ended() == 130
    with Terminal() as terminal:
        terminal.until("From a hill to a network")
        terminal.send("\x03")
        assert terminal.ended() == 130
        assert modes_left(terminal.raw) == set()


def test_ctrl_z_gives_the_terminal_back_and_fg_goes_on():
    """ctrl+z stops the program with the terminal clean; SIGCONT, as fg sends it, shows the run again.

    Old terminals have no second screen, nor has pyte: what was drawn is cleared when gdsim stops and when it ends.
    """
    with Terminal("run", "mountain-descent") as terminal:
        before = termios.tcgetattr(terminal.line)
        terminal.until("update 0")
        terminal.send("  ")
        terminal.until("update 2 ")
        terminal.send("\x1a")
        assert terminal.stopped()
        assert modes_left(terminal.raw) == set()
        assert termios.tcgetattr(terminal.line) == before
        assert not terminal.text.strip()
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.until("update 2 ")
        terminal.send(" ")
        terminal.until("update 3 ")
        terminal.send("q")
        assert terminal.ended() == 0
        assert modes_left(terminal.raw) == set()
        assert not terminal.text.strip()
        assert (terminal.screen.cursor.x, terminal.screen.cursor.y) == (0, 0)


def test_a_stop_from_outside_goes_on_too():
    """SIGSTOP, which no program can prepare for, and SIGCONT: the run is shown again and ends clean."""
    with Terminal("run", "mountain-descent") as terminal:
        terminal.until("update 0")
        os.kill(terminal.pid, signal.SIGSTOP)
        assert terminal.stopped()
        terminal.screen.reset()
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.until("update 0")
        terminal.send(" ")
        terminal.until("update 1 ")
        terminal.send("q")
        assert terminal.ended() == 0
        assert modes_left(terminal.raw) == set()


def test_a_terminal_that_vanishes_ends_the_program():
    """A closed window leaves no process behind that plays on for nobody."""
    with Terminal("run", "mountain-descent") as terminal:
        playing(terminal)
        terminal.vanish()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not os.waitpid(terminal.pid, os.WNOHANG)[0]:
            time.sleep(0.05)
        terminal.status = 129 if time.monotonic() < deadline else None
        assert terminal.status == 129
