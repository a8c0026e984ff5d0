"""What the server of a workshop and a screen in it tell each other: frozen values, one JSON object a line.

The screen of a learner or of the instructor is a process of its own; its line to the server carries these messages
and nothing else. Either end takes the other for hostile: `decoded` accepts exactly what `encoded` writes, within
bounds, and raises MessageError for everything else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from gdsim.errors import GdsimError

LONGEST_LINE = 65_536
"""Bytes of a line at most, its end included."""

MOST_ENTRIES = 256
"""Entries of a list at most."""

LONGEST_TEXT = 1_000
"""Characters of a text at most; those of a longer notice are cut by who writes it."""

_MOST = 10**12
"""Whole numbers lie between ± this."""

_T = TypeVar("_T")


class MessageError(GdsimError):
    """A line that is no message, or a message that is too long to be sent."""

    def __init__(self, what: str) -> None:
        super().__init__("message", what)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands: everything that leads there again.

    scenario: the name it is served under; update: updates made, also those of compared runs that go on longer;
    phase: as in `gdsim.timeline.position.Position`; start, is_corrected and edits: which run, as `Session.open` takes
    them.
    """

    scenario: str
    update: int = 0
    phase: int | None = None
    start: int = 0
    is_corrected: bool = False
    edits: tuple[str, ...] = ()


State = Literal["here", "gone", "crashed"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the instructor's roster.

    scenario and update: empty and 0 for one who is here and follows a broadcast, so stands where the instructor stands.
    answer: the last one in words, empty for none; is_right: None while it is not revealed.
    is_answered: whether the question that is open has been answered.
    """

    name: str
    is_instructor: bool
    scenario: str
    update: int
    is_following: bool
    answer: str
    is_right: bool | None
    is_answered: bool
    state: State


# From a screen to the server.


@dataclass(frozen=True, slots=True)
class Where:
    """The screen stands elsewhere than before."""

    place: Place


@dataclass(frozen=True, slots=True)
class Follow:
    """The learner follows the instructor from now on, or walks alone."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The learner's answer to the open question: 1, -1, 0 for more, less, neither."""

    question: int
    value: int


@dataclass(frozen=True, slots=True)
class Broadcast:
    """The instructor begins or ends broadcasting."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """The instructor opens a question about the next update.

    quantity and form: as in `gdsim.explain.questions`; text and the words for 1, -1, 0: as the instructor reads them;
    right: the right one of these, kept by the server until the answer is revealed.
    """

    place: Place
    quantity: str
    form: Literal["sign", "larger-or-smaller"]
    text: str
    words: tuple[str, ...]
    right: int


@dataclass(frozen=True, slots=True)
class Close:
    """The instructor ends a question: its answer is revealed to everybody."""

    question: int


@dataclass(frozen=True, slots=True)
class HandoutWanted:
    """The instructor wants who reached what, and all answers, written to a file of the server."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The screen ends by an error; what it says, without anything about the machine it ran on."""

    text: str


# From the server to a screen.


@dataclass(frozen=True, slots=True)
class Resize:
    """The terminal has another size, in cells."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Air:
    """What goes on in the room: shown in the status line.

    instructor: who broadcasts or did last, empty for nobody yet; is_here: whether that one is; is_on: whether a
    broadcast is on; scenario, update: where; is_following: whether this screen follows, or will when one begins.
    """

    instructor: str
    is_here: bool
    is_on: bool
    scenario: str
    update: int
    is_following: bool


@dataclass(frozen=True, slots=True)
class GoTo:
    """Stand here now."""

    place: Place


@dataclass(frozen=True, slots=True)
class Roster:
    """Rows of the roster that are new or have changed, told apart by name."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question is open: see `Ask`. answer: what this learner has said to it before, None for nothing."""

    id: int
    place: Place
    quantity: str
    form: Literal["sign", "larger-or-smaller"]
    text: str
    words: tuple[str, ...]
    answer: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Answers so far: how many said more, less, neither; and how many of those asked have yet to answer."""

    question: int
    more: int
    less: int
    neither: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Reveal:
    """The question is closed: its right answer, what this learner said (None for nothing), what all said."""

    question: int
    right: int
    answer: int | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Whole:
    """Draw the whole screen again, with `gdsim.tui.seat.WHOLE` before it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A line to show for a while."""

    text: str
    severity: Literal["information", "warning", "error"] = "information"


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The workshop is over for this screen: show the line and end."""

    text: str


Message = (
    Where
    | Follow
    | Answer
    | Broadcast
    | Ask
    | Close
    | HandoutWanted
    | Failed
    | Resize
    | Air
    | GoTo
    | Roster
    | Question
    | Counts
    | Reveal
    | Whole
    | Notice
    | Goodbye
)

KINDS: Mapping[str, type[Message]] = {kind.__name__: kind for kind in get_args(Message)}
"""Every message by the name it has in its line."""


def encoded(message: Message) -> bytes:
    """Return a message as a line, its end included. Raises MessageError for one that would not be accepted."""
    name, parts = type(message).__name__, _plain(message)
    _checked(parts, KINDS[name], name)
    line = _written({"message": name, **parts}).encode() + b"\n"
    if len(line) > LONGEST_LINE:
        raise _too_long()
    return line


def decoded(line: bytes) -> Message:
    """Return the message a line holds, with its end or without. Raises MessageError."""
    if len(line) > LONGEST_LINE:
        raise _too_long()
    value = _read(line.decode("utf-8", errors="surrogateescape"))
    kind = value.pop("message", None)
    if not isinstance(kind, str) or kind not in KINDS:
        raise MessageError("of no known kind")
    message = _checked(value, KINDS[kind], kind)
    assert isinstance(message, Message)
    return message


def _too_long() -> MessageError:
    return MessageError(f"longer than {LONGEST_LINE} bytes")


def to_json(value: object) -> str:
    """Return a dataclass made of what messages are made of as JSON text."""
    return _written(_plain(value))


def from_json(text: str, kind: type[_T]) -> _T:
    """Return the dataclass that `to_json` wrote, checked as messages are. Raises MessageError."""
    value = _checked(_read(text), kind, kind.__name__)
    assert isinstance(value, kind)
    return value


def _written(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _plain(value: object) -> dict[str, object]:
    """Return a dataclass as JSON has it."""
    kind: Any = type(value)
    return {name: _plain_part(getattr(value, name)) for name in _names(kind)}


def _plain_part(value: object) -> object:
    if isinstance(value, str | int | None):
        return value
    return [_plain_part(each) for each in value] if isinstance(value, tuple) else _plain(value)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(part.name for part in fields(kind))


def _read(text: str) -> dict[str, object]:
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise MessageError("not a JSON object")
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key twice")
    return value


def _no_constant(name: str) -> object:
    raise ValueError(name)


_Reader = Callable[[object, str], object]
"""What returns a value read from JSON, which stands somewhere, as what a type says. Raises MessageError."""


def _checked(value: object, kind: type, where: str) -> object:
    return _reader(kind)(value, where)


@cache
def _reader(kind: Any) -> _Reader:
    """Return what reads values of a type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
        return partial(_read_parts, kind, readers)
    if origin is UnionType and NoneType in arguments:
        return partial(_read_optional, _reader(arguments[0]))
    if origin is tuple:
        return partial(_read_list, _reader(arguments[0]))
    if origin is Literal:
        return partial(_read_choice, arguments)
    return _read_text if kind is str else partial(_read_atom, kind)


def _read_parts(kind: Callable[..., object], readers: Mapping[str, _Reader], value: object, where: str) -> object:
    if not isinstance(value, dict) or value.keys() != readers.keys():
        raise MessageError(f"{where}: its parts are {', '.join(readers) or 'none'}")
    return kind(**{name: read(value[name], f"{where}.{name}") for name, read in readers.items()})


def _read_optional(read: _Reader, value: object, where: str) -> object:
    return None if value is None else read(value, where)


def _read_list(read: _Reader, value: object, where: str) -> object:
    if not isinstance(value, list) or len(value) > MOST_ENTRIES:
        raise MessageError(f"{where}: not a list of at most {MOST_ENTRIES}")
    return tuple([read(each, where) for each in value])


def _read_choice(choices: tuple[str, ...], value: object, where: str) -> object:
    if not isinstance(value, str) or value not in choices:
        raise MessageError(f"{where}: not one of {', '.join(choices)}")
    return value


def _read_text(value: object, where: str) -> object:
    text = _read_atom(str, value, where)
    assert isinstance(text, str)
    if len(text) > LONGEST_TEXT:
        raise MessageError(f"{where}: longer than {LONGEST_TEXT} characters")
    if not text.replace("\n", "").isprintable():
        raise MessageError(f"{where}: not all printable")
    return text


def _read_atom(kind: type, value: object, where: str) -> object:
    if type(value) is not kind:
        raise MessageError(f"{where}: not of the kind {kind.__name__}")
    if isinstance(value, int) and not -_MOST <= value <= _MOST:
        raise MessageError(f"{where}: out of range")
    return value
