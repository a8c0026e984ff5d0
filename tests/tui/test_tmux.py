"""Inside tmux, under several values of TERM: what stands on the screen, and ctrl+z with a shell's own fg."""

import os
import shlex
import shutil
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


_LEFT_OUT = {"NO_COLOR", "COLORTERM", "TMUX", "COLORFGBG", "COLUMNS", "LINES"}


class Tmux:
    """A tmux server of its own with one window, in which a shell or a program runs."""

    def __init__(self, folder, command, term, variables=()):
        self._socket = str(folder / "tmux")
        kept = {k: v for k, v in os.environ.items() if k not in _LEFT_OUT}
        self._environment = kept | {"LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
        configuration = folder / "tmux.conf"
        # Programs inside get the TERM of a terminal with no tmux around it, as inside SSH.
        configuration.write_text(f'set -g default-terminal "{term}"\nset -g default-size 100x30\n')
        inside = " ".join(["env", "-u", "TMUX", *map(shlex.quote, variables), command])
        self._tmux("-f", str(configuration), "new-session", "-d", "-x", "100", "-y", "30", inside)

    def _tmux(self, *arguments):
        command = ["tmux", "-u", "-S", self._socket, *arguments]
        return subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False).stdout

    def send(self, *keys):
        self._tmux("send-keys", *keys)

    @property
    def text(self):
        return self._tmux("capture-pane", "-p")

    def until(self, wanted, seconds=30):
        deadline = time.monotonic() + seconds
        while wanted not in (text := self.text):
            assert time.monotonic() < deadline, f"never showed {wanted!r}:\n{text}"
            time.sleep(0.1)
        return text

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._tmux("kill-server")


GDSIM = f"{shlex.quote(sys.executable)} -m gdsim"


@pytest.mark.parametrize("term", ["xterm-256color", "tmux-256color", "screen", "linux", "vt100"])
def test_every_kind_of_terminal_shows_the_run(tmp_path, term):
    """Whatever TERM is called, title, numbers, equation, table, status and keys stand in their places, unbroken."""
    with Tmux(tmp_path, f"{GDSIM} run mountain-descent", term) as tmux:
        tmux.until("update 0")
        tmux.send("Space", "Right", "n")
        tmux.until("3.882384")
        tmux.send("B")
        tmux.until("update 0")
        tmux.send("N")
        lines = tmux.until("stopped: min_change").splitlines()
        assert lines[0].startswith(" gdsim ")
        assert lines[28].startswith(" update 298")
        assert lines[29].startswith(" space") or "back" in lines[29]
        assert all(len(line) <= 100 for line in lines)
        is_ascii = term in ("linux", "vt100")
        assert "\n".join(lines).isascii() is is_ascii
        assert ("╭" in lines[1]) is not is_ascii


def test_a_dumb_terminal_gets_plain_mode(tmp_path):
    """TERM=dumb asks for nothing: plain mode comes by itself and takes typed lines."""
    with Tmux(tmp_path, f"{GDSIM} run mountain-descent", "screen", ["TERM=dumb"]) as tmux:
        tmux.until("help lists the commands")
        tmux.send("next 3", "Enter")
        tmux.until("x = 3.882384")


def test_ctrl_z_and_fg_in_a_shell(tmp_path):
    """ctrl+z gives the shell's own screen back, with what was typed before; fg shows the run where it was."""
    with Tmux(tmp_path, "PS1='shell$ ' bash --norc --noprofile -i", "screen-256color") as tmux:
        tmux.until("shell$")
        tmux.send(f"echo be''fore; {GDSIM} run mountain-descent; echo status $?", "Enter")
        tmux.until("update 0")
        tmux.send("Space", "Space")
        tmux.until("update 2 ")
        tmux.send("C-z")
        text = tmux.until("Stopped")
        assert "before" in text
        assert "update 2" not in text
        tmux.send("fg", "Enter")
        tmux.until("update 2 ")
        tmux.send("Space")
        tmux.until("update 3 ")
        tmux.send("C-c")
        assert "update 3" not in tmux.until("shell$ ")
