"""Mistakes in a scenario, in plain words: what pydantic or a check found, what is allowed, a near spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, get_args

from gdsim.errors import Mistake
from gdsim.scenario import limits

if TYPE_CHECKING:  # listing the bundled scenarios does not load pydantic
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]
"""Where in the file: keys and list positions from the top, ``("network", "layers", 0, "units")``."""

_SHOWN_CHARACTERS = 40
_BARE_KEY = r"[A-Za-z0-9_-]{1,60}\Z"
_MANY_KEYS = 9
"""For a table with more keys than this, a message names a near spelling, if there is one, instead of all keys."""

_ELSEWHERE = {
    "linear": "identity",
    "logistic": "sigmoid",
    "sgd": "gradient-descent",
    "nag": "nesterov",
    "glorot": "xavier",
    "kaiming": "he",
    "bce": "binary-cross-entropy",
    "log-loss": "binary-cross-entropy",
    "cross-entropy": "categorical-cross-entropy",
    "standardize": "standard",
    "z-score": "standard",
}
"""Other programs' and texts' names for activations, rules, starting weights, losses and scalings."""

REFUSED = "refused"
"""The type of a pydantic error whose message states what is allowed."""

_ALLOWED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "dict_type": "a table",
    "model_type": "a table",
    "tuple_type": "a list",
    "int_parsing_size": "a smaller whole number",
}
_BOUNDS = {
    "greater_than": ("gt", "a number above {}"),
    "greater_than_equal": ("ge", "at least {}"),
    "less_than": ("lt", "below {}"),
    "less_than_equal": ("le", "at most {}"),
    "too_long": ("max_length", "at most {}"),
    "too_short": ("min_length", "at least {}"),
}


class RefusedError(ValueError):
    """A refused value: what is wrong, what is allowed, and its path relative to where the error is caught.

    hint may be a function, called only when the hint is read, because finding near spellings takes a while.
    """

    def __init__(self, what: str, hint: str | Callable[[], str] = "", path: Path = ()) -> None:
        self.what, self.path, self._hint = what, path, hint
        super().__init__(what)

    @property
    def hint(self) -> str:
        """What is allowed."""
        return self._hint if isinstance(self._hint, str) else self._hint()


class Report:
    """The mistakes found so far in one scenario."""

    def __init__(self) -> None:
        self.found: list[tuple[Path, str, str]] = []
        self.uncounted = 0

    @property
    def is_full(self) -> bool:
        """Whether there are already more mistakes than will be shown, so that further checks are useless."""
        return len(self.found) > limits.MISTAKES

    def add(self, path: Path, what: str, hint: str = "") -> None:
        """Add a mistake at `path`."""
        self.found.append((path, what, hint))

    @contextmanager
    def at(self, *path: str | int) -> Iterator[None]:
        """Add, at `path`, the RefusedError or group of them that ends the block."""
        try:
            yield
        except* RefusedError as group:
            for refused in group.exceptions:
                assert isinstance(refused, RefusedError)
                self.add((*path, *refused.path), refused.what, refused.hint)

    def has(self, path: Path) -> bool:
        """Whether there is a mistake at `path` or inside it."""
        return any(other[: len(path)] == path for other, _, _ in self.found)

    def mistakes(
        self, line: Callable[[Path], int | None], text: Callable[[int | None], str] = lambda _line: ""
    ) -> tuple[Mistake, ...]:
        """Return the mistakes in file order: at most `limits.MISTAKES`, then how many more there are.

        line: returns the line of a path; text: returns the text of a line of the file.
        """
        mistakes = [Mistake(dotted(path), what, hint, line(path)) for path, what, hint in self.found]
        mistakes.sort(key=lambda mistake: (mistake.line is None, mistake.line or 0))
        mistakes = [replace(mistake, text=text(mistake.line)) for mistake in mistakes[: limits.MISTAKES + 1]]
        left_out = len(self.found) + self.uncounted - limits.MISTAKES
        if left_out > 0:
            mistakes[limits.MISTAKES :] = [Mistake("", f"and {counted(left_out, 'more mistake')}")]
        return tuple(mistakes)


def in_words(error: ErrorDetails, model: type[BaseModel]) -> tuple[Path, str, str]:
    """Return the path, what was found and what is allowed for one of pydantic's errors in a `model`."""
    path, kind, value, context = error["loc"], error["type"], error["input"], error.get("ctx", {})
    if isinstance(context.get("error"), RefusedError):
        return path, context["error"].what, context["error"].hint
    if kind == REFUSED:
        return path, found(value), error["msg"]
    if kind == "missing":
        return path, "missing", "required"
    if kind == "extra_forbidden":
        known = _keys_at(path[:-1], model)
        close = near(path[-1], known) if len(known) > _MANY_KEYS else ""
        return path, "unknown key", close or one_of(known, path[-1])
    if kind == "literal_error":
        names = re.findall("'([^']*)'", context["expected"])
        return path, found(value), one_of(names if names[0][0].isalnum() else [f'"{name}"' for name in names], value)
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        bound = context[name]
        words = words.replace("a number", "a whole number") if isinstance(bound, int) else words
        return path, found(value), words.format(int(bound) if float(bound).is_integer() else bound)
    if kind == "float_type" and isinstance(value, int) and not isinstance(value, bool):
        return path, found(value), "a number below 1e308"
    return path, found(value), _ALLOWED.get(kind, error["msg"])


def _keys_at(path: Path, model: type[BaseModel]) -> tuple[str, ...]:
    """Return the keys allowed in the table at `path`."""
    for part in path:
        if isinstance(part, str):
            model = next(_models_in(model.model_fields[part].annotation))
    return tuple(model.model_fields)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Yield the models in a type annotation."""
    if isinstance(annotation, type) and hasattr(annotation, "model_fields"):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def dotted(path: Path) -> str:
    """Return `path` as written after --set: ``network.layers.0.units``; unusual keys quoted."""
    return ".".join(str(part) if isinstance(part, int) or re.match(_BARE_KEY, part) else shown(part) for part in path)


def shown(value: object) -> str:
    """Return `value` as TOML would write it, on one short line free of control characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{safe_line(value, _SHOWN_CHARACTERS)}"'
    if isinstance(value, int) and value.bit_length() > 1000:
        return f"a whole number of about {value.bit_length() * 3 // 10} digits"
    if isinstance(value, int | float):
        return safe_line(repr(value), _SHOWN_CHARACTERS)
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "an empty list" if not value else f"a list of {len(value)}"
    return "a date or time"


def refuse_all(wrong: Sequence[RefusedError]) -> None:
    """Raise the mistakes, if any, as one group."""
    if wrong:
        raise ExceptionGroup("mistakes", wrong)


def found(value: object) -> str:
    """Return the usual beginning of a mistake: ``found "sigmod"``."""
    return f"found {shown(value)}"


def near(word: object, names: Iterable[str]) -> str:
    """Return ``did you mean sigmoid?``, or nothing when none of `names` is close to `word`."""
    if not isinstance(word, str) or len(word) > limits.NAME_CHARACTERS:
        return ""
    by_lower = {name.lower(): name for name in names}
    elsewhere = _ELSEWHERE.get(word.lower().replace("_", "-"))
    if elsewhere in by_lower:
        return f"did you mean {elsewhere}?"
    close = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return f"did you mean {by_lower[close[0]]}?" if close else ""


def one_of(names: Sequence[str], word: object = None) -> str:
    """Return ``one of a, b, c; did you mean b?``."""
    allowed = names[0] if len(names) == 1 else f"one of {', '.join(names)}"
    return join(f"only {allowed}" if len(names) == 1 else allowed, near(word, names))


def join(*parts: str) -> str:
    """Return the parts that are not empty, separated by semicolons."""
    return "; ".join(part for part in parts if part)


def counted(count: int, singular: str, plural: str = "") -> str:
    """Return ``1 sample`` or ``3 samples``."""
    return f"{count} {singular if count == 1 else plural or singular + 's'}"


def safe_line(text: str, characters: int) -> str:
    """Return the beginning of `text` on one line free of control characters, at most `characters` long."""
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: characters + 1])
    return safe if len(safe) <= characters else safe[: characters - 1] + "…"
