"""Parsing of what is typed after a command: whole numbers, numbers, changes."""

from __future__ import annotations

from math import isfinite

from gdsim.errors import UsageError, quoted
from gdsim.i18n import _


def count(text: str, default: int | None = None) -> int:
    """Return the typed whole number from 0, or `default` if nothing is typed. Raises UsageError for anything else."""
    if not text and default is not None:
        return default
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise UsageError(quoted(text), _("not a whole number"), _("a whole number, at least 0"))
    return int(text)


def number(text: str) -> float:
    """Return the typed finite number; − is accepted as a minus sign too. Raises UsageError for anything else."""
    try:
        value = float(text.replace("−", "-"))
    except ValueError:
        raise UsageError(quoted(text), _("not a number"), _("a number such as 0.1 or 1e-3")) from None
    if not isfinite(value):
        raise UsageError(quoted(text), _("not a finite number"), _("a number such as 0.1 or 1e-3"))
    return value


def assignment(text: str) -> tuple[str, float]:
    """Return name and value of a typed ``x = 3`` or ``x 3``. Raises UsageError for anything else."""
    name, _separator, value = text.replace("=", " ", 1).strip().rpartition(" ")
    if not name:
        raise UsageError("set", _("needs a parameter and a number"), "set x 3")
    return name.strip(), number(value)


def chosen(text: str, number_of_choices: int, where: str) -> int:
    """Return the index, from 0, of the choice whose number, from 1, is typed. Raises UsageError for anything else."""
    if not text.isdecimal() or not 1 <= int(text[:9]) <= number_of_choices:
        allowed = _("a number from 1 to {count}").format(count=number_of_choices)
        raise UsageError(where, _("no such question"), allowed)
    return int(text[:9]) - 1
