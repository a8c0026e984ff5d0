"""What is typed after a command, read: whole numbers, numbers, and any text shown back."""

from __future__ import annotations

from math import isfinite

from gdsim.errors import UsageError
from gdsim.i18n import _


def count(text: str, default: int | None = None) -> int:
    """Return a whole number from 0 typed by somebody, `default` for nothing typed."""
    if not text and default is not None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise UsageError(shown(text), _("not a whole number"), _("a whole number from 0"))
    return int(text)


def number(text: str) -> float:
    """Return a finite number typed by somebody."""
    try:
        value = float(text.replace("−", "-"))
    except ValueError:
        raise UsageError(shown(text), _("not a number"), _("a number such as 0.1 or 1e-3")) from None
    if not isfinite(value):
        raise UsageError(shown(text), _("not a finite number"), _("a number such as 0.1 or 1e-3"))
    return value


def shown(text: str) -> str:
    """Return a typed text in quotes, short and free of control characters."""
    safe = "".join(c if c.isprintable() else "?" for c in text[:41])
    return f'"{safe}"' if len(safe) <= 40 else f'"{safe[:40]}…"'
