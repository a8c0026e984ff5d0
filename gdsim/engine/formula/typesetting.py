"""The text of expressions: its tokens, the errors for anything else, and terms written out as text."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from gdsim.engine.formula.evaluation import FUNCTIONS
from gdsim.engine.formula.terms import CONSTANTS, PAIRED, Binary, Call, Constant, Negative, Number, Term, Variable
from gdsim.i18n import _

MAX_LENGTH = 500
"""The most characters an expression may have."""

MAX_NESTING = 50
"""How deep operators and calls may be nested, and parentheses too."""

WRITE_CHARACTER = {"^": "**", "÷": "/", "√": "sqrt(…)", "|": "abs(…)"}
WRITE_CHARACTER |= dict.fromkeys("×·⋅", "*") | dict.fromkeys("−–", "-")
WRITE_CHARACTER |= dict.fromkeys("[{（", "(") | dict.fromkeys("]}）", ")")
WRITE_CHARACTER |= {sign: f"**{digit}" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
"""What to type instead of characters of other notations."""

WRITE_NAME = {"π": "pi", "σ": "sigmoid(…)", "ln": "log(…)", "pow": "**"}
"""What to type instead of names of other notations."""

_OTHER = re.escape("".join(WRITE_CHARACTER))
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<name>[^\W\d{_OTHER}][^\W{_OTHER}]*)
    | (?P<operator>\*\*|[-+*/(),])
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_CARET_MARGIN = 60


class ExpressionError(ValueError):
    """A text that is not an expression.

    text: the whole text; position: the column of the fault, from 0; what: the fault and, if known, how to correct it.
    """

    def __init__(self, text: str, position: int, what: str) -> None:
        self.text = text
        self.position = position
        self.what = what
        super().__init__(what)

    def caret(self) -> str:
        """Return the text around the fault, safe to print, and under it a line with a caret at the fault."""
        start, end = max(0, self.position - _CARET_MARGIN), self.position + _CARET_MARGIN
        before = ("…" if start else "") + _printable(self.text[start : self.position])
        after = _printable(self.text[self.position : end]) + ("…" if end < len(self.text) else "")
        return f"{before}{after}\n{' ' * sum(map(_columns, before))}^"


class Token(NamedTuple):
    """A number, name or operator of an expression; is_call: a name with its argument after it."""

    kind: str
    text: str
    position: int
    is_call: bool = False


def tokens_of(text: str, variables: Sequence[str]) -> list[Token]:
    """Return the tokens of a well-formed expression in the given variables.

    Numbers are finite, names known, parentheses paired, operators between values.
    Raises ExpressionError for any other text.
    """
    if len(text) > MAX_LENGTH:
        what = _("an expression has at most {limit} characters, this one has {count}")
        raise ExpressionError(text, MAX_LENGTH, what.format(limit=MAX_LENGTH, count=len(text)))
    tokens = _cut(text)
    for token in tokens:
        if token.kind == "number" and not math.isfinite(float(token.text)):
            raise ExpressionError(text, token.position, _("this number is too large"))
        if token.kind == "name":
            _check_name(text, token, variables)
    _check_order(text, tokens)
    _check_parentheses(text, tokens)
    return tokens


def _cut(text: str) -> list[Token]:
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind, found = str(match.lastgroup), match.group()
        if kind == "other" or found in WRITE_CHARACTER:
            raise _foreign(text, match.start(), found)
        if kind == "name":
            is_call = text[match.end() :].lstrip().startswith("(") and (found in FUNCTIONS or found in PAIRED)
            tokens.append(Token(kind, found, match.start(), is_call))
        elif kind != "space":
            tokens.append(Token(kind, found, match.start()))
    return tokens


def _foreign(text: str, position: int, found: str) -> ExpressionError:
    shown = found if found.isprintable() else f"U+{ord(found):04X}"
    if found in WRITE_CHARACTER:
        what = _("{found} is not supported; write {instead}").format(found=shown, instead=WRITE_CHARACTER[found])
    else:
        what = _("{found} is not allowed in an expression").format(found=shown)
    return ExpressionError(text, position, what)


def _check_name(text: str, token: Token, variables: Sequence[str]) -> None:
    """Raise ExpressionError unless the name is a variable, a constant, or a function with its argument."""
    name = token.text
    if token.is_call or name in variables or name in CONSTANTS:
        return
    if name in FUNCTIONS:
        what = _("{name} needs its value in parentheses: {name}(…)").format(name=name)
    elif name in PAIRED:
        what = _("{name} takes two values: {name}(…, …)").format(name=name)
    elif name in WRITE_NAME:
        what = _("{found} is not supported; write {instead}").format(found=name, instead=WRITE_NAME[name])
    elif all(letter in variables for letter in name):
        what = _("to multiply, write {instead}").format(instead="*".join(name))
    else:
        what = _unknown(name, variables)
    raise ExpressionError(text, token.position, what)


def _unknown(name: str, variables: Sequence[str]) -> str:
    known = {known.casefold(): known for known in (*FUNCTIONS, *PAIRED, *CONSTANTS, *variables)}
    near = get_close_matches(name.casefold(), known, n=1)
    if near:
        return _("unknown name {name}; did you mean {near}?").format(name=name, near=known[near[0]])
    if not variables:
        return _("unknown name {name}; there are no variables here").format(name=name)
    listed = ", ".join(variables[:8]) + ("…" if len(variables) > 8 else "")
    return _("unknown name {name}; the variables are {variables}").format(name=name, variables=listed)


def _check_order(text: str, tokens: Sequence[Token]) -> None:
    """Raise ExpressionError unless values and operators alternate, with a value at both ends."""
    end = Token("end", "", len(text))
    for before, token in pairwise((Token("operator", "(", 0), *tokens, end)):
        wants_value = before.is_call or (before.kind == "operator" and before.text != ")")
        if wants_value and not (token.kind in {"number", "name"} or token.text in {"(", "+", "-"}):
            what = _("a value is missing at the end") if token is end else _("expected a number, a name or ( here")
            raise ExpressionError(text, token.position, what)
        if not wants_value and (token.kind in {"number", "name"} or token.text == "("):
            what = _("an operator is missing here; to multiply, write {instead}")
            raise ExpressionError(text, token.position, what.format(instead=f"{before.text}*{token.text}"))


def _check_parentheses(text: str, tokens: Sequence[Token]) -> None:
    """Raise ExpressionError unless all parentheses are paired and at most MAX_NESTING are open at a time.

    A function of two values must have one comma between its parentheses; no other comma is allowed.
    """
    opened: list[Token] = []
    functions: list[str] = []
    start = Token("operator", "(", 0)
    for before, token in pairwise((start, *tokens)):
        if token.text == "(":
            opened.append(token)
            functions.append(before.text if before.is_call and before.text in PAIRED else "")
            if len(opened) > MAX_NESTING:
                what = _("parentheses are nested more than {limit} levels deep").format(limit=MAX_NESTING)
                raise ExpressionError(text, token.position, what)
        elif token.text == ")":
            if not opened:
                raise ExpressionError(text, token.position, _("this ) has no matching ("))
            opened.pop()
            if functions.pop() in PAIRED:
                raise ExpressionError(text, token.position, _("a comma and a second value are missing here"))
        elif token.text == ",":
            if not functions or functions[-1] not in PAIRED:
                what = _("unexpected comma: functions take one value; write decimals with a point")
                raise ExpressionError(text, token.position, what)
            functions[-1] = ""
    if opened:
        raise ExpressionError(text, opened[-1].position, _("this ( is never closed"))


def _printable(text: str) -> str:
    """Return `text` on one line, with � for each character that could disturb a terminal."""
    return "".join(" " if char.isspace() else char if char.isprintable() else "�" for char in text)


def _columns(char: str) -> int:
    """Return the number of terminal columns a character takes."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


class Rank(IntEnum):
    """How tightly a written term binds."""

    SUM = 1
    PRODUCT = 2
    POWER = 3
    ATOM = 4


RANKS = {"+": Rank.SUM, "-": Rank.SUM, "*": Rank.PRODUCT, "/": Rank.PRODUCT, "**": Rank.POWER}

TYPED_SIGNS = {"+": " + ", "-": " - ", "*": "*", "/": "/", "**": "**"}
BOOK_SIGNS = {"+": " + ", "-": " − ", "*": "·", "/": "/", "**": "^"}
BOOK_NAMES = {"pi": "π", "sqrt": "√", "sigmoid": "σ", "log": "ln", "relu": "ReLU", "log2": "log₂", "log10": "log₁₀"}
BOOK_NAMES |= {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

Written = tuple[str, Rank]


class Style(NamedTuple):
    """How a formula is written: `typed` as a user types it, else as in a book; `variable` writes a variable."""

    typed: bool
    variable: Callable[[Variable], Written]


def in_symbols(term: Term, *, typed: bool) -> str:
    """Return `term` with its variables by name: ``(x − 2)²``, or ``(x - 2)**2`` as typed."""
    return _written(term, Style(typed, lambda variable: (variable.name, Rank.ATOM)))[0]


def in_numbers(term: Term, write: Callable[[int], str]) -> str:
    """Return `term` as in a book with the text ``write(index)`` for each variable: ``2·(3.9208 − 2)``."""
    return _written(term, Style(False, lambda variable: _figure(write(variable.index))))[0]


def plain_number(value: float) -> str:
    """Return the shortest text that reads back as `value`: ``2``, ``0.5``, ``1e-10``."""
    return repr(value).removesuffix(".0")


def _figure(text: str) -> Written:
    """Return a written number with its rank: ``1.2e-5`` and ``1.2·10⁻⁵`` need parentheses where ``12`` does not."""
    if text.startswith(("-", "−")) or "·" in text or "×" in text:
        return text, Rank.PRODUCT
    return text, Rank.POWER if "e" in text else Rank.ATOM


def _written(term: Term, style: Style) -> Written:
    match term:
        case Number(value):
            return _figure(plain_number(value))
        case Constant(name):
            return name if style.typed else BOOK_NAMES.get(name, name), Rank.ATOM
        case Variable():
            return style.variable(term)
        case Negative(inner):
            return ("-" if style.typed else "−") + _right(inner, Rank.PRODUCT, style), Rank.PRODUCT
        case Call(function, argument):
            return _call(function, argument, style), Rank.ATOM
        case Binary("**", base, exponent):
            return _power(base, exponent, style), Rank.POWER
        case Binary(operator, left, right) if operator in PAIRED:
            return f"{operator}({_written(left, style)[0]}, {_written(right, style)[0]})", Rank.ATOM
        case Binary(operator, left, right):
            rank = RANKS[operator]
            sign = (TYPED_SIGNS if style.typed else BOOK_SIGNS)[operator]
            return _enclosed(_written(left, style), rank) + sign + _right(right, Rank(rank + 1), style), rank


def _power(base: Term, exponent: Term, style: Style) -> str:
    below = _enclosed(_written(base, style), Rank.ATOM)
    raised = "" if style.typed else _raised(exponent)
    if raised:
        return below + raised
    return below + (TYPED_SIGNS if style.typed else BOOK_SIGNS)["**"] + _right(exponent, Rank.POWER, style)


def superscript(number: int | str) -> str:
    """Return a whole number as a superscript."""
    return str(number).translate(_SUPERSCRIPTS)


def _raised(exponent: Term) -> str:
    """Return a whole number, negative or not, as a superscript; empty for any other exponent."""
    match exponent:
        case Number(value):
            digits = plain_number(value)
        case Negative(Number(value)):
            digits = "-" + plain_number(value)
        case _:
            return ""
    return superscript(digits) if digits.removeprefix("-").isdigit() else ""


def _call(function: str, argument: Term, style: Style) -> str:
    inner = _written(argument, style)[0]
    if style.typed:
        return f"{function}({inner})"
    if function == "abs" and "|" not in inner:
        return f"|{inner}|"
    return f"{BOOK_NAMES.get(function, function)}({inner})"


def _right(term: Term, least: Rank, style: Style) -> str:
    """Return the operand right of a sign, in parentheses if it starts with a minus or binds less than `least`."""
    text, rank = _written(term, style)
    return f"({text})" if text.startswith(("-", "−")) else _enclosed((text, rank), least)


def _enclosed(written: Written, least: Rank) -> str:
    """Return the text, in parentheses if it binds less than `least`."""
    text, rank = written
    return text if rank >= least else f"({text})"
