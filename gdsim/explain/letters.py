"""The letters of formulas in plain ASCII, for terminals without others: ``δ²₁`` is written ``delta^2_1``."""

from __future__ import annotations

import re
import unicodedata

from gdsim.language import LANGUAGES, current_language

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
    "′": "'",
    "‖": "||",
    "✓": "[ok]",
    "✗": "[x]",
    "\u0302": "_hat",
    "ŷ": "y_hat",
    "“": '"',
    "”": '"',
    "’": "'",
}

_RAISED_RUN, _LOWERED_RUN = f"[{_RAISED}]+", f"[{_LOWERED}]+"
_GREEK_BEFORE_LETTER = f"([{''.join(GREEK)}])(?=[^\\W\\d_])"
_SINGLE = str.maketrans(GREEK | SIGNS)
_UP, _DOWN = str.maketrans(_RAISED, _RAISED_PLAIN), str.maketrans(_LOWERED, _LOWERED_PLAIN)


def in_ascii(text: str) -> str:
    """Return `text` with the letters and signs of formulas written in ASCII; letters of languages stay as they are."""
    text = text.replace(" · ", " | ")
    text = re.sub(_RAISED_RUN, lambda run: "^" + run.group().translate(_UP), text)
    text = re.sub(_LOWERED_RUN, lambda run: "_" + run.group().translate(_DOWN), text)
    text = re.sub(_GREEK_BEFORE_LETTER, r"\1 ", text)
    return text.translate(_SINGLE)


def is_of_language(character: str) -> bool:
    """Whether a character is a letter of a language, or Chinese punctuation, and no sign of formulas."""
    category = unicodedata.category(character)
    is_wide = unicodedata.east_asian_width(character) in ("W", "F")
    return category in ("Lu", "Ll", "Lo", "Mn", "Mc") or (is_wide and category.startswith("P"))


def is_kept(character: str) -> bool:
    """Whether ASCII mode leaves a character as it is: a letter of the language spoken, where that is not English."""
    return current_language() != LANGUAGES[0] and is_of_language(character)
