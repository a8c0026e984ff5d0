"""What the server writes down: one line a happening, in a file or on stderr; a full disk disturbs nobody."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from gdsim.errors import GdsimError
from gdsim.serve.terminal_care import printable

_LONGEST_LINE = 500
_QUIET_SECONDS = 1.0
"""Happenings of one kind are told once in this time, with how many there were between."""

_MOST_LINES = 500
"""Lines in such a time; those beyond are counted. Strangers decide how many there would be."""


class Log:
    """Writes lines. path: None for stderr. Raises GdsimError when the file cannot be opened."""

    def __init__(self, path: Path | None) -> None:
        try:
            self._file: TextIO = sys.stderr if path is None else path.open("a", encoding="utf-8", errors="replace")
        except OSError as error:
            raise GdsimError(str(path), f"cannot be written: {error.strerror}", "another file for --log") from None
        self._has_failed = False
        self._last: dict[str, tuple[float, int]] = {}
        self._since, self._lines = 0.0, 0

    def say(self, text: str) -> None:
        """Write a line; where that fails it is lost, and stderr is told once."""
        now = time.monotonic()
        if now - self._since > _QUIET_SECONDS:
            missed, self._since, self._lines = self._lines - _MOST_LINES, now, 0
            if missed > 0:
                self._write(f"{missed} lines were left out")
        self._lines += 1
        if self._lines <= _MOST_LINES:
            self._write(text)

    def _write(self, text: str) -> None:
        line = f"{time.strftime('%Y-%m-%d %H:%M:%S')} {printable(text, _LONGEST_LINE)}\n"
        try:
            self._file.write(line)
            self._file.flush()
            self._has_failed = False
        except (OSError, ValueError) as error:
            self._drop_unwritten()
            if not self._has_failed and self._file is not sys.stderr:
                with suppress(OSError, ValueError):
                    sys.stderr.write(f"gdsim serve: the log cannot be written: {error}; the workshop goes on\n")
            self._has_failed = True

    def often(self, kind: str, text: str) -> None:
        """Write a line about something that may happen often: not more than one of a kind a second."""
        now = time.monotonic()
        last, missed = self._last.get(kind, (-_QUIET_SECONDS, 0))
        if now - last < _QUIET_SECONDS:
            self._last[kind] = (last, missed + 1)
            return
        self._last[kind] = (now, 0)
        self.say(f"{text} (and {missed} like it)" if missed else text)

    def close(self) -> None:
        """Write no more."""
        if self._file is not sys.stderr:
            with suppress(OSError, ValueError):
                self._file.close()

    def _drop_unwritten(self) -> None:
        """Forget what a failed write left in the file's buffer, so that it is not tried again with every line."""
        if self._file is sys.stderr:
            return
        with suppress(OSError, ValueError):
            name = self._file.name
            with suppress(OSError):
                self._file.detach().detach().close()  # type: ignore[attr-defined]
            self._file = open(name, "a", encoding="utf-8", errors="replace")  # noqa: SIM115, PTH123
