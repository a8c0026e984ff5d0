"""A learner's screen over a real `ssh`: it draws, it leaves the terminal as it was, and passes its exit status on."""

import os
import signal
from pathlib import Path

import pytest
from over_ssh import Workshop, modes_left_on, needs_ssh, seated, until

pytestmark = needs_ssh

CLEAN = (set(), set(), 0)


def test_keys_move_and_quit_ends_with_zero(workshop):
    """The ordinary run screen comes up over SSH, keys step, q leaves with 0 and a terminal as it was."""
    with seated(workshop, name="paula") as terminal:
        terminal.send(" ")
        terminal.until("update 1 ·")
    assert modes_left_on(terminal.raw) == CLEAN
    workshop.until_logged("paula: left")


def test_exit_status_is_passed_on(workshop):
    """What the screen ends with is what ssh ends with: 130 after ctrl+c, as without SSH."""
    with workshop.ssh() as terminal:
        terminal.until("before the first update")
        terminal.send("\x03")
        assert terminal.ended() == 130
        assert modes_left_on(terminal.raw) == CLEAN


def test_terminal_is_clean_after_a_crash(workshop):
    """A screen that is killed leaves a clean terminal, a line that says so, and 128 + the signal's number."""
    with workshop.ssh(name="anna") as terminal:
        terminal.until("before the first update")
        for pid in workshop.children:
            os.kill(pid, signal.SIGKILL)
        assert terminal.ended() == 128 + 9
        assert b"SIGKILL" in terminal.raw.rpartition(b"\x1b[?1049l")[2]
        assert modes_left_on(terminal.raw) == CLEAN
    workshop.until_logged("anna: the screen was stopped by SIGKILL")


def test_terminal_is_clean_after_the_server_stopped(tmp_path):
    """SIGTERM tells everybody, puts terminals back, and leaves no process."""
    with Workshop(tmp_path, "mountain-descent") as workshop, workshop.ssh() as terminal:
        terminal.until("before the first update")
        processes = workshop.processes
        assert len(processes) >= 2
        assert workshop.stop() == 0
        assert terminal.ended() == 0
        assert b"the workshop is over" in terminal.raw.rpartition(b"\x1b[?1049l")[2]
        assert modes_left_on(terminal.raw) == CLEAN
        until(lambda: not [pid for pid in processes if Path(f"/proc/{pid}").exists()], what=lambda: processes)


def test_terminal_is_clean_after_being_kicked(tmp_path):
    """Who presses nothing for the time allowed is told so, and finds a clean terminal."""
    with Workshop(tmp_path, "mountain-descent", "--idle-timeout", "1") as workshop, workshop.ssh() as terminal:
        terminal.until("before the first update")
        assert terminal.ended() == 1
        assert b"you were idle" in terminal.raw
        assert modes_left_on(terminal.raw) == CLEAN


def test_resize(workshop):
    """The screen follows the terminal's size."""
    with seated(workshop) as terminal:
        terminal.resize(80, 24)
        until(lambda: terminal.pump(0.05) and "? help" in terminal.screen.display[23], what=lambda: terminal.text)


@pytest.mark.parametrize(
    ("term", "wanted", "unwanted"),
    [
        ("xterm-256color", b"38;5;", [b"38;2;"]),
        ("xterm-kitty", b"38;2;", [b"38;5;"]),
        ("xterm", b"\x1b[", [b"38;2;", b"38;5;"]),
    ],
)
def test_depth_follows_the_terminal(workshop, term, wanted, unwanted):
    """256 colours, true colour or 16, by the name of the terminal alone: ssh sends no COLORTERM."""
    with seated(workshop, term=term) as terminal:
        pass
    assert wanted in terminal.raw
    assert not any(each in terminal.raw for each in unwanted)


def test_clicks_reach_the_screen(workshop):
    """A click on the key line presses the key: modes for clicks are on, modes for moves are not."""
    with seated(workshop) as terminal:
        row = next(number for number, line in enumerate(terminal.screen.display, 1) if "space next" in line)
        terminal.send(f"\x1b[<0;3;{row}M\x1b[<0;3;{row}m")
        terminal.until("update 1 ·")
    assert b"\x1b[?1000h" in terminal.raw
    assert b"\x1b[?1003h" not in terminal.raw
    assert b"\x1b[?1002h" not in terminal.raw


def test_help_has_an_example_and_a_missing_library_its_command(monkeypatch, capsys):
    """`serve --help` shows a command line; without asyncssh it is said which command installs it."""
    from gdsim.cli import main

    assert main(["serve", "--help"]) == 0
    assert "gdsim serve mountain-descent" in capsys.readouterr().out
    monkeypatch.setattr("gdsim.cli.find_spec", lambda _name: None)
    assert main(["serve"]) == 2
    assert "pip install '.[serve]'" in capsys.readouterr().err
