"""Lines read and blocks written, as plain mode talks."""

from __future__ import annotations

from dataclasses import dataclass
from io import TextIOWrapper
from typing import TextIO

from gdsim.explain.numbers import in_ascii, is_kept

_LETTERS = "−·ηδ²₁≈…"
"""Letters of formulas; a stream that cannot write them gets ASCII."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What is typed and where it is answered. typed: None where nothing can be typed."""

    typed: TextIO | None
    stream: TextIO
    ascii_only: bool

    @classmethod
    def between(cls, typed: TextIO | None, stream: TextIO, *, ascii_only: bool = False) -> Talk:
        """Return the talk between two streams; ASCII is chosen by itself where `stream` has no more."""
        if isinstance(typed, TextIOWrapper):
            typed.reconfigure(errors="replace")
        return cls(typed, stream, ascii_only or not _can_write(stream, _LETTERS))

    def asked(self) -> str | None:
        """Return the next line typed, without its end; None when there are no more."""
        if self.typed is None:
            return None
        if self.typed.isatty():
            self.stream.write("> ")
            self.stream.flush()
        line = self.typed.readline()
        return line.removesuffix("\n") if line else None

    def say(self, text: str) -> None:
        """Write a block and an empty line, and push it out."""
        self.stream.write((self._plain(text) if self.ascii_only else text) + "\n\n")
        self.stream.flush()

    def _plain(self, text: str) -> str:
        """Return `text` in ASCII, with the letters of the language spoken where they can be written, else a ``?``."""
        text = in_ascii(text)
        return "".join(c if c.isascii() or (is_kept(c) and _can_write(self.stream, c)) else "?" for c in text)


def _can_write(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
