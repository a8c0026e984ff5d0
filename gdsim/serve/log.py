"""The log of a workshop: a limited number of printable lines, written without blocking the server."""

from __future__ import annotations

import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gdsim.errors import GdsimError
from gdsim.serve.terminal import printable

_LONGEST_LINE = 500
_QUIET_SECONDS, _KIND_SECONDS = 1.0, 60.0
_MOST_LINES = 500
"""Lines logged per second."""

_MOST_WAITING = 2000
"""Lines that may wait to be written."""

_LAST_SECONDS = 1.0
"""Seconds the last lines may take to be written at the end."""


class Log(logging.Handler):
    """Writes lines in its own thread, and drops those that cannot be written or that nobody reads.

    It bypasses Python's buffers, which the program would wait for at its end. told: called, from any thread, with the
    problem when one begins, and with an empty text when lines are written again.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self.told: Callable[[str], object] = lambda _problem: None
        self._descriptor, self._problem = descriptor, ""
        self._lines: queue.Queue[str | None] = queue.Queue(_MOST_WAITING)
        self._writing = threading.Thread(target=self._write, name="log", daemon=True)
        self._writing.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a line to be written."""
        try:
            self._lines.put_nowait(self.format(record) + "\n")
        except queue.Full:
            self._tell("nobody reads it")

    def close(self) -> None:
        """Write the waiting lines, within `_LAST_SECONDS`."""
        with suppress(queue.Full):
            self._lines.put_nowait(None)
            self._writing.join(_LAST_SECONDS)
        super().close()

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            left = line.encode(errors="replace")
            try:
                while left:
                    left = left[os.write(self._descriptor, left) :]
            except OSError as error:
                self._tell(error.strerror or str(error))
            else:
                self._tell("")

    def _tell(self, problem: str) -> None:
        if problem == self._problem:
            return
        self._problem = problem
        if problem and self._descriptor != sys.stderr.fileno():
            with suppress(OSError, ValueError):
                sys.stderr.write(f"gdsim serve: the log cannot be written: {problem}; the workshop continues\n")
        self.told(problem)


class _Quiet(logging.Filter):
    """Limits lines per second and makes each printable: strangers decide how much is logged, and its characters.

    Of records with the same `kind` one a second passes; the next one says how many were left out in between.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, tuple[float, int]] = {}
        self._since, self._lines = 0.0, 0

    def filter(self, record: logging.LogRecord) -> bool:
        now, kind, text = time.monotonic(), getattr(record, "kind", ""), record.getMessage()
        if now - self._since > _QUIET_SECONDS:
            self._since, self._lines = now, 0
            self._last = {each: last for each, last in self._last.items() if now - last[0] < _KIND_SECONDS}
        last, missed = self._last.get(kind, (-_QUIET_SECONDS, 0))
        if kind and now - last < _QUIET_SECONDS:
            self._last[kind] = (last, missed + 1)
            return False
        if kind:
            self._last[kind] = (now, 0)
        self._lines += 1
        record.msg = printable(f"{text} (and {missed} more like it)" if missed else text, _LONGEST_LINE)
        record.args = ()
        return self._lines <= _MOST_LINES


def log_to(path: Path | None) -> Log:
    """Send the log to a file, or to stderr for None. Raises GdsimError if the file cannot be opened."""
    try:
        written = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        descriptor = sys.stderr.fileno() if path is None else os.open(path, written, 0o666)
    except OSError as error:
        raise GdsimError(str(path), f"cannot be written: {error.strerror}", "another file for --log") from None
    handler = Log(descriptor)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    handler.addFilter(_Quiet())
    logger = logging.getLogger("gdsim")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    return handler
