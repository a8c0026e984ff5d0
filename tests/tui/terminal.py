"""A real terminal for tests: a program on a pty, its screen kept by pyte."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

import pyte

# What pyte does not know: private sequences other than set and reset of modes, and device control strings.
_UNKNOWN = re.compile(rb"\x1b\[[<>=?][0-9;]*[a-gi-km-zA-Z$]|\x1bP.*?\x1b\\", re.DOTALL)


class Terminal:
    """`gdsim` with arguments, on a terminal of a size; `run` puts no questions of its own, so that keys step."""

    def __init__(
        self,
        *arguments,
        columns=120,
        rows=40,
        environment=None,
        program=("-m", "gdsim"),
        executable=sys.executable,
    ):
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            settings = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
            kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES")}
            os.execve(executable, [executable, *program, *arguments], kept | settings | (environment or {}))
        self._size(columns, rows)
        self.status = None

    def _size(self, columns, rows):
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        self._size(columns, rows)

    @property
    def line(self):
        """The terminal's side of the line, whose settings are those the program sets."""
        return self._fd

    def vanish(self):
        """Close the terminal as a closed window does."""
        os.close(self._fd)
        self._fd = os.open(os.devnull, os.O_RDONLY)

    def stopped(self, seconds=30):
        """Read until the program is stopped, as by ctrl+z, and return whether that came."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.pump(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
            if pid:
                while select.select([self._fd], [], [], 0.1)[0]:
                    self.pump(0)
                return os.WIFSTOPPED(status)
        return False

    @property
    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def send(self, keys):
        os.write(self._fd, keys.encode())

    def pump(self, seconds):
        """Read what comes within a time; False when the program has closed the line."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            data = b""
        self.raw += data
        self._stream.feed(_UNKNOWN.sub(b"", data))
        return bool(data)

    def until(self, wanted, seconds=60):
        """Read until the screen shows `wanted`; fail with the screen when it does not come."""
        deadline = time.monotonic() + seconds
        while wanted not in self.text:
            assert time.monotonic() < deadline, f"never showed {wanted!r}:\n{self.text}"
            if not self.pump(0.05):
                break
        assert wanted in self.text, f"ended without {wanted!r}:\n{self.text}"

    def ended(self, seconds=40):
        """Read to the end and return the exit status."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.pump(0.05):
            pass
        while self.status is None and time.monotonic() < deadline:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            else:
                time.sleep(0.02)
        assert self.status is not None, f"did not end:\n{self.text}"
        return self.status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)
