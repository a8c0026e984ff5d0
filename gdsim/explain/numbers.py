"""Numbers as text, in one place: for columns and for equations.

In a column a number has at least six significant digits and, if they fit, at least six decimals, so that decimal points
line up for numbers around 1 and small numbers lose nothing: ``3.920800``, ``0.0384167``. Numbers that need more room
are written as ``8.37242e−08``. The minus is U+2212.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

from gdsim.engine.names import in_ascii as names_in_ascii
from gdsim.i18n import LANGUAGES, current_language, ngettext

DIGITS = 6
NUMBER_WIDTH = 12
"""The width of the widest number that `format_number` writes with six digits, sign included."""

ROUNDING = 1e-14
"""A number smaller than this, relative to the largest it is compared with, is 0 plus a rounding error."""

_FIXED_FROM = 1e-4
_SAME = 1e-12
"""Numbers that differ relatively by less are the same to a reader: 3.9208000000000003 is written 3.9208."""


def format_number(value: float, *, digits: int = DIGITS, signed: bool = False) -> str:
    """Return `value` for a column, at most ``digits + 6`` wide: `digits` significant digits and, if they fit, decimals.

    signed: with a plus before positive numbers. −0 is written as 0. A three-digit exponent costs one digit.
    """
    value = float(value)
    if not math.isfinite(value):
        return _not_finite(value, signed)
    return _with_sign(_column(abs(value), digits), value, signed)


def short_number(value: float, *, digits: int = DIGITS, signed: bool = False) -> str:
    """Return `value` for an equation or a sentence: like `format_number`, but without needless trailing zeros.

    Zeros stay if they show that digits were rounded away: 0.99999999 is ``1.000000``, not ``1``.
    """
    value = float(value)
    if not math.isfinite(value):
        return _not_finite(value, signed)
    text = _column(abs(value), digits)
    return _with_sign(_without_zeros(text, abs(value)), value, signed)


def settled(value: float, *beside: float) -> float:
    """Return `value`, or 0 if it is a mere rounding error compared with the numbers it is the sum of."""
    return 0.0 if abs(value) <= ROUNDING * max(map(abs, beside), default=0.0) else value


def aligned(texts: Sequence[str]) -> list[str]:
    """Return numbers padded for one column: equally wide, with their decimal points aligned."""
    parts = [(len(whole), len(rest)) for whole, _point, rest in (text.partition(".") for text in texts)]
    before = max((whole for whole, _rest in parts), default=0)
    after = max((rest for _whole, rest in parts), default=0)
    width = before + (after + 1 if after else 0)
    return [(" " * (before - whole) + text).ljust(width) for text, (whole, _rest) in zip(texts, parts, strict=True)]


def format_vector(values: Sequence[float], limit: int) -> str:
    """Return ``(0.8, 0.4, … 3 more)``: the first `limit` numbers, and how many were left out."""
    shown = [short_number(value) for value in values[:limit]]
    left_out = len(values) - len(shown)
    if left_out > 0:
        more = ngettext("{count} more", "{count} more", left_out).format(count=left_out)
        shown.append(f"… {more}")
    return f"({', '.join(shown)})"


def _column(size: float, digits: int) -> str:
    """Return a finite number ≥ 0 in fixed-point notation if it fits, else in scientific notation."""
    if size == 0.0:
        return f"{size:.{digits}f}"
    room = digits + 5
    exponent = int(f"{size:.{digits - 1}e}".partition("e")[2])
    if size >= _FIXED_FROM and exponent < digits:
        decimals = digits if exponent >= 0 else max(digits, digits - 1 - exponent)
        text = f"{size:.{decimals}f}"
        if len(text) > room:
            text = f"{size:.{decimals - (len(text) - room)}f}"
        if len(text) <= room:
            return _cut_zeros(text, digits)
    text = f"{size:.{digits - 1}e}"
    text = text if len(text) <= room else f"{size:.{digits - 2}e}"
    return text.replace("e-", "e−")


def _cut_zeros(text: str, decimals: int) -> str:
    """Return `text` without trailing zeros beyond `decimals` decimals."""
    whole, _point, part = text.partition(".")
    return f"{whole}.{part[:decimals]}{part[decimals:].rstrip('0')}"


def _without_zeros(text: str, size: float) -> str:
    """Return `text` without trailing zeros if it equals `size` and is not rounded."""
    if abs(float(text.replace("−", "-")) - size) > _SAME * size or "." not in text:
        return text
    mantissa, e, exponent = text.partition("e")
    return mantissa.rstrip("0").rstrip(".") + e + exponent


def _with_sign(text: str, value: float, signed: bool) -> str:
    if value < 0:
        return "−" + text
    return f"+{text}" if signed and value > 0 else text


def _not_finite(value: float, signed: bool) -> str:
    return "nan" if math.isnan(value) else _with_sign("∞", value, signed)


_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀᵗᶻˡ"
_RAISED_PLAIN = "0123456789-Ttzl"
_LOWERED = "₀₁₂₃₄₅₆₇₈₉ⱼₖₙᵢ"
_LOWERED_PLAIN = "0123456789jkni"

GREEK = {
    "α": "alpha",
    "β": "beta",
    "δ": "delta",
    "ε": "eps",
    "η": "eta",
    "θ": "theta",
    "λ": "lambda",
    "μ": "mu",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "Δ": "Delta",
    "Σ": "sum",
}
SIGNS = {
    "−": "-",
    "–": "-",
    "·": "*",
    "⊙": "*",
    "×": "x",
    "∂": "d",
    "√": "sqrt ",
    "∞": "inf",
    "≈": "~",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "←": "<-",
    "→": "->",
    "…": "...",
    "½": "1/2",
    "°": " deg",
    "′": "'",
    "‖": "||",
    "✓": "[ok]",
    "✗": "[x]",
    "☐": "[ ]",
    "◐": "[-]",
    "☑": "[x]",
    "\u0302": "_hat",
    "ŷ": "y_hat",
    "“": '"',
    "”": '"',
    "’": "'",
}

_RAISED_RUN, _LOWERED_RUN = f"[{_RAISED}]+", f"[{_LOWERED}]+"
_GREEK_BEFORE_LETTER = f"([{''.join(GREEK)}])(?=[^\\W\\d_])"
_TWIG = {"└": "`", "─": "-"}
"""The lines of the tree of branches."""

_SINGLE = str.maketrans(GREEK | SIGNS | _TWIG)
_UP, _DOWN = str.maketrans(_RAISED, _RAISED_PLAIN), str.maketrans(_LOWERED, _LOWERED_PLAIN)


def in_ascii(text: str) -> str:
    """Return `text` with the letters and signs of formulas in ASCII; letters of natural languages stay as they are."""
    text = names_in_ascii(text.replace(" · ", " | "))
    text = re.sub(_RAISED_RUN, lambda run: "^" + run.group().translate(_UP), text)
    text = re.sub(_LOWERED_RUN, lambda run: "_" + run.group().translate(_DOWN), text)
    text = re.sub(_GREEK_BEFORE_LETTER, r"\1 ", text)
    return text.translate(_SINGLE)


def is_of_language(character: str) -> bool:
    """Whether a character is a letter of a natural language or Chinese punctuation, not a sign of formulas."""
    category = unicodedata.category(character)
    is_wide = unicodedata.east_asian_width(character) in ("W", "F")
    return category in ("Lu", "Ll", "Lo", "Mn", "Mc") or (is_wide and category.startswith("P"))


def is_kept(character: str) -> bool:
    """Whether ASCII mode leaves a character as it is: a letter of a language, if the program does not speak English."""
    return current_language() != LANGUAGES[0] and is_of_language(character)
