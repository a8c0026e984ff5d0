"""The messages between a workshop's server and a learner's process: frozen values, one per line.

Either end treats the other as hostile: `decode` accepts exactly what `encode` writes, within limits, and raises
MessageError for everything else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, dataclass_transform, get_args

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from gdsim.errors import GdsimError
from gdsim.scenario.place import Index, Place, Text

LONGEST_LINE = 65_536
"""Bytes of a line at most, including its end."""

MOST_ENTRIES = 256
"""Entries of a list at most."""

_MOST_UNREAD = 1_000_000
"""Bytes that may wait for a peer that does not read."""

STRICT = ConfigDict(strict=True, extra="forbid", revalidate_instances="always")
"""No conversions, no unknown fields; values are checked before they are sent, too."""

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True)
def checked(kind: type[_T]) -> type[_T]:
    """Make a class a frozen dataclass whose fields pydantic checks."""
    return with_config(STRICT)(dataclass(frozen=True, slots=True)(kind))


class MessageError(GdsimError):
    """A line that is not a message, or a message that may not be sent."""

    def __init__(self, what: str) -> None:
        super().__init__("message", what)


Number = Annotated[int, Field(ge=-(10**12), le=10**12)]
Words = Annotated[tuple[Text, ...], Field(min_length=3, max_length=3)]
"""The words for 1, -1, 0 as answers to a question."""

Indices = Annotated[tuple[Index, ...], Field(max_length=MOST_ENTRIES)]
"""Goals or questions by their places in a scenario's file, from 0."""

Sign = Annotated[int, Field(ge=-1, le=1)]
"""More, less, neither: a learner's answer, and the right one."""

State = Literal["here", "gone", "crashed"]
Form = Literal["sign", "larger-or-smaller"]


@checked
class Row:
    """One line of the instructor's roster.

    scenario and update: empty and 0 for a learner who is here and follows a broadcast, so is where the instructor is.
    answer: the last one in words, empty for none; is_right: None until it is revealed.
    is_answered: whether the open question has been answered.
    goals, questions: how many were reached and how many answered right, in all scenarios.
    """

    name: Text
    is_instructor: bool
    scenario: Text
    update: Number
    is_following: bool
    answer: Text
    is_right: bool | None
    is_answered: bool
    state: State
    goals: Number = 0
    questions: Number = 0


# From a screen to the server.


@checked
class Where:
    """The screen has moved to another place."""

    place: Place


@checked
class Follow:
    """The learner follows the instructor from now on, or works alone."""

    is_on: bool


@checked
class Answer:
    """The learner's answer to the open question: 1, -1, 0 for more, less, neither."""

    question: Number
    value: Sign


@checked
class Broadcast:
    """The instructor starts or stops broadcasting."""

    is_on: bool


@checked
class Ask:
    """The instructor opens a question about the next update.

    quantity and form: as in `gdsim.explain.questions`; text and the words for 1, -1, 0: as the instructor reads them;
    right: the right answer, which the server keeps to itself until it is revealed.
    """

    place: Place
    quantity: Text
    form: Form
    text: Text
    words: Words
    right: Sign


@checked
class Close:
    """The instructor closes a question: its answer is revealed to everybody."""

    question: Number


@checked
class HandoutWanted:
    """The instructor wants the hand-out, with what everybody reached and answered, written on the server."""


@checked
class Progressed:
    """What the learner has reached in a scenario so far, and whether they have reached the end of its run."""

    scenario: Text
    goals: Indices = ()
    questions: Indices = ()
    is_finished: bool = False


@checked
class OpenChapter:
    """The instructor opens or closes a chapter of the course, by its number from 0."""

    chapter: Number
    is_open: bool


@checked
class Failed:
    """The screen ends with an error. text: what it says, without anything about the machine it ran on."""

    text: Text


@checked
class Busy:
    """The screen has used half of the processor time it has for one thing; when all is used, it is ended."""


# From the server to a screen.


@checked
class Resize:
    """The terminal has a new size, in cells."""

    width: Number
    height: Number


@checked
class OnAirState:
    """The state of the broadcast, shown in the status line.

    instructor: who broadcasts or did last, empty for nobody yet; is_here: whether they are here; is_on: whether a
    broadcast is on; scenario, update: its place; is_following: whether this screen follows, or will when one starts.
    """

    instructor: Text
    is_here: bool
    is_on: bool
    scenario: Text
    update: Number
    is_following: bool


@checked
class GoTo:
    """Go to this place now."""

    place: Place


@checked
class Roster:
    """New and changed rows of the roster, identified by name."""

    rows: Annotated[tuple[Row, ...], Field(max_length=MOST_ENTRIES)]


@checked
class Question:
    """A question is open: see `Ask`. answer: the one this learner has given already, None for none."""

    id: Number
    place: Place
    quantity: Text
    form: Form
    text: Text
    words: Words
    answer: Sign | None


@checked
class Counts:
    """Answers so far: how many said more, less, neither; and how many learners here have yet to answer."""

    question: Number
    more: Number
    less: Number
    neither: Number
    waiting: Number


@checked
class Reveal:
    """The question is closed: its right answer, this learner's (None for none), and the counts of all answers."""

    question: Number
    right: Sign
    answer: Sign | None
    counts: Counts


@checked
class Count:
    """How many learners are in a scenario, or have reached each of its goals."""

    scenario: Text
    learners: Annotated[tuple[Number, ...], Field(max_length=MOST_ENTRIES)]


Tally = Annotated[tuple[Count, ...], Field(max_length=MOST_ENTRIES)]


@checked
class CourseState:
    """Which chapters of the course are open, by number from 0, and how many learners are in each scenario."""

    chapters: Annotated[tuple[Number, ...], Field(max_length=MOST_ENTRIES)]
    at_work: Tally


@checked
class GoalCounts:
    """How many learners have reached each goal, in the scenarios where anybody has reached one."""

    reached: Tally


@checked
class Whole:
    """Redraw the whole screen, preceded by `gdsim.tui.terminal_profile.WHOLE`."""


@checked
class Notice:
    """A line to show for a while."""

    text: Text
    severity: Literal["information", "warning", "error"] = "information"


@checked
class Goodbye:
    """The workshop is over for this screen: show the line and end."""

    text: Text


Message = (
    Where
    | Follow
    | Answer
    | Broadcast
    | Ask
    | Close
    | HandoutWanted
    | Progressed
    | OpenChapter
    | Failed
    | Busy
    | Resize
    | OnAirState
    | GoTo
    | Roster
    | Question
    | Counts
    | Reveal
    | CourseState
    | GoalCounts
    | Whole
    | Notice
    | Goodbye
)


def encode(message: Message) -> bytes:
    """Return a message as a line: the name of its class, a space, and its fields as JSON.

    Raises MessageError for a message that `decode` would refuse.
    """
    name = type(message).__name__
    line = f"{name} {_written(_adapters()[name], message)}\n".encode()
    if len(line) > LONGEST_LINE:
        raise _too_long()
    return line


def decode(line: bytes) -> Message:
    """Return the message in a line, with or without its line end. Raises MessageError."""
    if len(line) > LONGEST_LINE:
        raise _too_long()
    name, _space, parts = line.partition(b" ")
    adapter = _adapters().get(name.decode(errors="replace"))
    if adapter is None:
        raise MessageError("of an unknown kind")
    message: Message = _read(adapter, parts)
    return message


def to_json(value: object) -> str:
    """Return a value of the types messages are made of as JSON text. Raises MessageError."""
    kind: Any = type(value)
    return _written(_adapter(kind), value)


def from_json(text: str, kind: type[_T]) -> _T:
    """Return the value that `to_json` wrote, checked as messages are. Raises MessageError."""
    wanted: Any = kind
    value: _T = _read(_adapter(wanted), text)
    return value


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@cache
def _adapters() -> Mapping[str, TypeAdapter[Any]]:
    """Return the adapter for each kind of message, by name; all are made together, before processes are forked."""
    return {kind.__name__: _adapter(kind) for kind in get_args(Message)}


def _written(adapter: TypeAdapter[Any], value: object) -> str:
    try:
        return adapter.dump_json(adapter.validate_python(value)).decode()
    except ValidationError as error:
        raise _refusal(error) from None


def _read(adapter: TypeAdapter[Any], text: bytes | str) -> Any:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> MessageError:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(each) for each in first["loc"])
    return MessageError(f"{where}: {first['msg']}" if where else first["msg"])


def _too_long() -> MessageError:
    return MessageError(f"longer than {LONGEST_LINE} bytes")


class MessageLine(asyncio.Protocol):
    """A stream of messages.

    receive: called with each message; report: called with the error of a line that is not a message; lost: called when
    the other end is gone, or sends a line too long to be a message.
    """

    def __init__(
        self, receive: Callable[[Message], None], report: Callable[[str], None], lost: Callable[[], None]
    ) -> None:
        self._receive, self._report, self._lost = receive, report, lost
        self._transport: asyncio.Transport | None = None
        self._line = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start receiving."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Receive the messages that have arrived."""
        *lines, self._line = (self._line + data).split(b"\n")
        for line in lines:
            try:
                message = decode(line)
            except MessageError as error:
                self._report(str(error))
            else:
                self._receive(message)
        if len(self._line) > LONGEST_LINE:
            self._report(f"a line is longer than {LONGEST_LINE} bytes")
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Report that the other end is gone."""
        self._transport = None
        self._lost()

    def send(self, message: Message) -> None:
        """Send a message; drop it if it is invalid or the peer does not read."""
        if self._transport is None or self._transport.get_write_buffer_size() > _MOST_UNREAD:
            return
        with suppress(MessageError):
            self._transport.write(encode(message))

    def close(self) -> None:
        """Stop receiving; what was sent still goes out."""
        if self._transport is not None:
            self._transport.close()
