"""A program on a pty whose bytes are timed: what a learner waits for, and what a line has to carry."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from dataclasses import dataclass
from pathlib import Path

_NOT_HANDED_ON = ("NO_COLOR", "COLUMNS", "LINES", "PYTHONDONTWRITEBYTECODE")
"""What must not reach the program: Python keeps compiled modules, as it does where gdsim is installed."""

COLUMNS, ROWS = 120, 40

QUIET = 0.06
"""Seconds without a byte after which a frame counts as complete."""


@dataclass(frozen=True)
class Answer:
    """What came back: seconds until the last byte, and the bytes."""

    seconds: float
    raw: bytes


class Watched:
    """A program, Python's where none is named, on a terminal; nothing answers what it asks the terminal."""

    def __init__(self, arguments, *, program=sys.executable, environment=None):
        self.began = time.perf_counter()
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            settings = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
            kept = {k: v for k, v in os.environ.items() if k not in _NOT_HANDED_ON}
            os.execve(program, [program, *arguments], kept | settings | (environment or {}))
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def first_screen(self):
        """Return the seconds from the start to the last byte of the first screen, and its bytes."""
        answer = self._burst(self.began, first=30.0, quiet=0.4)
        assert b"\x1b[" in answer.raw, f"no screen came: {answer.raw.decode(errors='replace')}"
        return answer

    def press(self, key, *, quiet=QUIET):
        """Send a key and return what the screen answers."""
        began = time.perf_counter()
        os.write(self.descriptor, key.encode())
        return self._burst(began, first=1.0, quiet=quiet)

    def _burst(self, began, first, quiet):
        parts, last, wait = [], began, first
        while select.select([self.descriptor], [], [], wait)[0]:
            try:
                data = os.read(self.descriptor, 1 << 16)
            except OSError:
                break
            if not data:
                break
            last, wait = time.perf_counter(), quiet
            parts.append(data)
        return Answer(last - began, b"".join(parts))

    def switches(self):
        """Return how often the threads of the program have been put on a processor of their own will so far."""
        total = 0
        for thread in Path(f"/proc/{self.pid}/task").iterdir():
            lines = (thread / "status").read_text("ascii").splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))
        return total

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.descriptor)
