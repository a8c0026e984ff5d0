"""Errors a user can cause or fix; `cli` catches them in one place and prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class GdsimError(Exception):
    """A problem a user can fix: where it is, what is wrong, and what is allowed.

    Its text is one line of the form ``where: what; hint``.
    """

    def __init__(self, where: str, what: str, hint: str = "") -> None:
        self.where = where
        self.what = what
        self.hint = hint
        super().__init__(f"{where}: {what}" + (f"; {hint}" if hint else ""))


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a scenario file: the dotted key path, what is wrong there, and what is allowed.

    line: number of the line in the file, from 1, if known; text: the text of that line, ready to be printed.
    """

    path: str
    what: str
    hint: str = ""
    line: int | None = None
    text: str = ""


class ScenarioError(GdsimError):
    """Every mistake found in one scenario file, in the order of the file.

    Its text has one line per mistake. Below the mistakes of a line it shows that line of the file with its number; a
    mistake in a formula shows the formula instead.
    """

    def __init__(self, where: str, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        count = len(self.mistakes)
        super().__init__(where, f"{count} mistake{'s' if count != 1 else ''}")

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> list[str]:
        lines = []
        for mistake, following in zip(self.mistakes, (*self.mistakes[1:], None), strict=True):
            place = self.where if mistake.line is None else f"{self.where}:{mistake.line}"
            where = f"{place}: {mistake.path}" if mistake.path else place
            said = f"{where}: {mistake.what}" + (f"; {mistake.hint}" if mistake.hint else "")
            lines.append(said)
            if mistake.text and "\n" not in said and (following is None or following.line != mistake.line):
                lines.append(f"  {mistake.line} | {mistake.text}")
        return lines


class UsageError(GdsimError):
    """A command line, typed value or plain-mode line that cannot be understood."""


def quoted(text: str) -> str:
    """Return typed text for use in a message: in quotes, shortened, and free of control characters."""
    safe = "".join(c if c.isprintable() else "?" for c in text[:41])
    return f'"{safe}"' if len(safe) <= 40 else f'"{safe[:40]}…"'
