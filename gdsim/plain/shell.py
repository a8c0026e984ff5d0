"""Plain mode: reads a command a line, writes a block of text a step. No cursor, no colour, no drawing."""

from __future__ import annotations

from dataclasses import replace
from io import TextIOWrapper
from typing import TextIO

from gdsim.errors import GdsimError
from gdsim.explain.letters import in_ascii, is_kept
from gdsim.language import _
from gdsim.plain.blocks import block
from gdsim.plain.commands import QUIT, understand
from gdsim.session import Session


def run_plain(session: Session, typed: TextIO | None, stream: TextIO, *, ascii_only: bool = False) -> int:
    """Show `session`, then do what each typed line says until it says quit or there are no more; return status 0.

    What cannot be understood is answered with what is allowed. `ascii_only` is chosen by itself where `stream` cannot
    write the letters of formulas.
    """
    ascii_only = ascii_only or not _can_write(stream, "−·ηδ²₁≈…")
    if isinstance(typed, TextIOWrapper):
        typed.reconfigure(errors="replace")
    is_prompted = typed is not None and typed.isatty()
    _write(stream, f"{session.scenario.title}\n{_('help lists the commands.')}\n\n{block(session)}", ascii_only)
    while True:
        if is_prompted:
            stream.write("> ")
            stream.flush()
        line = typed.readline() if typed is not None else ""
        if not line:
            return 0
        try:
            command, argument = understand(line)
            if command is QUIT:
                return 0
            for shown in command.act(session, argument):
                if isinstance(shown, Session):
                    session = shown if _is_still_asking(session, shown) else replace(shown, quiz=shown.quiz.closed())
                _write(stream, block(session) if isinstance(shown, Session) else shown, ascii_only)
        except GdsimError as error:
            _write(stream, str(error), ascii_only)


def _is_still_asking(before: Session, after: Session) -> bool:
    """Whether a question that is open still belongs where the session has come to."""
    return after.position == before.position and after.timeline is before.timeline


def _write(stream: TextIO, text: str, ascii_only: bool) -> None:
    """Write a block and an empty line, and push it out."""
    stream.write((_plain(text, stream) if ascii_only else text) + "\n\n")
    stream.flush()


def _plain(text: str, stream: TextIO) -> str:
    """Return `text` in ASCII, with the letters of the language spoken where `stream` can write them, else a ``?``."""
    text = in_ascii(text)
    return "".join(c if c.isascii() or (is_kept(c) and _can_write(stream, c)) else "?" for c in text)


def _can_write(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
