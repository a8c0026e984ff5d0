"""Inside GNU screen, which has no second screen of its own and names itself after the terminal it stands on."""

import os
import shlex
import shutil
import subprocess
import sys

import pytest
from terminal import Terminal

pytestmark = pytest.mark.skipif(shutil.which("screen") is None, reason="GNU screen is not installed")

ESCAPES = {"home": "\x1b[1~", "end": "\x1b[4~", "right": "\x1b[C"}
GDSIM = f"{shlex.quote(sys.executable)} -m gdsim"


@pytest.mark.parametrize("outside", ["xterm-256color", "vt100"])
def test_a_run_in_a_shell_in_screen(tmp_path, outside):
    """Keys, the run itself, ctrl+z, fg and q work in a shell inside; nothing of the run stays behind."""
    sockets = tmp_path / "sockets"
    sockets.mkdir(mode=0o700)
    settings = tmp_path / "screenrc"
    settings.write_text("startup_message off\ndefutf8 on\ndefscrollback 0\n")
    shell = ["screen", "-U", "-c", str(settings), "bash", "--norc", "--noprofile", "-i"]
    program = ("-c", "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])", *shell)
    environment = {"TERM": outside, "COLORTERM": "", "SCREENDIR": str(sockets), "PS1": "shell$ ", "TMUX": ""}
    try:
        _step_through(program, environment)
    finally:  # where the test was cut short, screen waits for somebody to come back
        left = {**os.environ, **environment}
        subprocess.run(["screen", "-X", "quit"], env=left, stdout=subprocess.DEVNULL, check=False)


def _step_through(program, environment):
    with Terminal(program=program, columns=100, rows=30, environment=environment) as terminal:
        terminal.until("shell$")
        terminal.send(f"{GDSIM} run mountain-descent\r")
        terminal.until("update 0")
        terminal.send(f" {ESCAPES['right']}n")
        terminal.until("3.882384")
        terminal.send(ESCAPES["home"])
        terminal.until("update 0")
        terminal.send(ESCAPES["end"])
        terminal.until("stopped: min_change")
        assert "╭" in terminal.text.splitlines()[1]
        terminal.send("\x1a")
        terminal.until("Stopped")
        assert "stopped: min_change" not in terminal.text
        terminal.send("fg\r")
        terminal.until("stopped: min_change")
        terminal.send("b")
        terminal.until("update 297 ")
        terminal.send("q")
        terminal.until("shell$")
        assert "update 297" not in terminal.text
        terminal.send("exit\r")
        assert terminal.ended() == 0
