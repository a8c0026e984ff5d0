"""Commands, and the results they can have.

A command runs on a session with the text typed after its name (for a key, its `by_key`). It returns the session to
continue with, a question to answer first, a text to read, work that takes a while, or an effect that only the surface
(screen, plain mode) can have. Whatever a learner can do is implemented as a command and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import inf
from time import monotonic
from typing import NamedTuple

from gdsim.errors import GdsimError
from gdsim.i18n import _
from gdsim.session.session import Session


class TextLine(NamedTuple):
    """A line of text. role: "" (plain), "right", "wrong" or "quiet"; it sets the colour on screen, not the meaning."""

    text: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text to read.

    title: the heading above the lines. is_page: whether to show it until dismissed (a dialog on screen), not as a
    passing notice. is_markdown: the lines are Markdown. copy: what a key copies to the clipboard, empty for nothing.
    session: the session to continue with, None for the same. is_in_view: whether plain mode's block on `session`
    already says it.
    """

    lines: tuple[TextLine, ...]
    title: str = ""
    is_page: bool = False
    is_markdown: bool = False
    copy: str = ""
    session: Session | None = None
    is_in_view: bool = False

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(line.text for line in self.lines)


def said(*lines: str, title: str = "", role: str = "", session: Session | None = None) -> Text:
    """Return a passing notice of these lines."""
    return Text(tuple(TextLine(line, role) for line in lines), title, session=session)


class Choice(NamedTuple):
    """One of several answers: its value and the text shown for it. A choice without a value is a heading."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to answer before a command can run: a dialog on screen, a line in plain mode.

    title: the question; help: what may be answered. value: the proposed answer, or the choice in effect.
    choices: the possible answers, empty if any line may be typed. answer: takes the line or the choice's value and
    returns the result; raises GdsimError for an invalid answer, so that the question stays open.
    delete: removes a choice (a branch), None if none can be removed. session: the session to continue with, None for
    the same.
    """

    title: str
    help: str
    value: str
    answer: Callable[[str], Result]
    choices: tuple[Choice, ...] = ()
    delete: Callable[[str], Result] | None = None
    session: Session | None = None


class Work:
    """Work that may take longer than a key press should: done in time slices, with progress, until over or stopped.

    steps: does the work in small steps, yielding its progress from 0 to `total`. progress: puts that into words.
    result: makes the result. is_stopped: whether the work was told to stop early.
    """

    def __init__(
        self,
        title: str,
        total: int,
        steps: Iterator[int],
        progress: Callable[[int], str],
        result: Callable[[Work], Result],
    ) -> None:
        self.title, self.total, self.at, self.is_stopped = title, total, 0, False
        self._steps, self._progress, self._result = steps, progress, result
        self._error: GdsimError | None = None

    @property
    def progress(self) -> str:
        """The progress in words."""
        return self._progress(self.at)

    def walk(self, seconds: float) -> bool:
        """Continue for `seconds`; return whether the work is over. May run in a separate thread."""
        deadline = monotonic() + seconds
        try:
            for at in self._steps:
                self.at = at
                if self.is_stopped:
                    return True
                if monotonic() > deadline:
                    return False
        except GdsimError as error:
            self._error = error
        return True

    def stop(self) -> None:
        """Stop after the current step; what has been done so far counts."""
        self.is_stopped = True

    def result(self) -> Result:
        """Return the result. Raises the GdsimError that ended the work, if any."""
        if self._error is not None:
            raise self._error
        return self._result(self)

    def finish(self) -> Result:
        """Do all the work, however long it takes, and return the result."""
        while not self.walk(inf):
            pass
        return self.result()


class Act(Enum):
    """What only a surface can do. The comment after each act describes its argument."""

    QUIT = "quit"  # none
    LEAVE = "leave"  # none: goes back one level: from a zoomed panel, else the lesson, else to the list of scenarios
    PLAY = "play"  # how many updates in plain mode; a screen plays until it is paused
    FASTER = "faster"  # none
    SLOWER = "slower"  # none
    NEXT_PANEL = "next-panel"  # none
    ZOOM = "zoom"  # none
    CHART = "chart"  # the name of a chart or nothing: a screen shows the next one, plain mode describes it
    PARAMETERS = "parameters"  # the beginning of their names: plain mode lists them
    LESSON = "lesson"  # none: a screen shows or hides it, plain mode writes it
    EPOCHS = "epochs"  # none: plain mode lists the latest
    REPAINT = "repaint"  # none
    SAVE_SCREEN = "save-screen"  # the path of an .svg, .html or .cast file
    HELP = "help"  # none: a screen shows its keys, plain mode its words
    ROOM = "room"  # the name of the command, which a workshop adds


class Effect(NamedTuple):
    """An act for the surface, with its argument. session: the session to show before it, None for the same."""

    act: Act
    argument: str = ""
    session: Session | None = None


Result = Session | Ask | Text | Work | Effect


class Group(Enum):
    """The topics of commands: the headings of help."""

    STEP = "steps"
    PLAY = "playing"
    CHANGE = "changes"
    ASK = "questions"
    LOOK = "a closer look"
    FILE = "files"
    ROOM = "workshop"
    PROGRAM = "program"


class Role(Enum):
    """Who may use a command in a workshop."""

    EVERYBODY = "everybody"
    LEARNER = "learner"
    INSTRUCTOR = "instructor"


def _always(_session: Session) -> bool:
    return True


_SHOWN: Mapping[str, str] = {
    "left": "←",
    "right": "→",
    "full_stop": ".",
    "comma": ",",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "plus": "+",
    "minus": "-",
    "question_mark": "?",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "escape": "esc",
}
"""The usual names of keys that Textual names differently."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command, with all that screen, plain mode, help and locks need to know about it.

    name: its name in code and locks, and its word in plain mode. keys: Textual's names of its keys, empty if it has
    none. label: one or two words for the key bar; help: a sentence for help, palette and README. group: its heading in
    help. run: see the module. argument: what may follow its word, as help writes it; empty if nothing may. by_key: the
    argument that its keys pass. rank: its priority in a narrow key bar, 1 first; 0 keeps it out. lock: the name in
    [show] lock or hide that disables it. role: who may use it in a workshop. local: the error text in a workshop if it
    needs this machine's files, else empty. also: its other words in plain mode; is_typed: whether plain mode has it.
    available: whether it would do something now.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: Group
    run: Callable[[Session, str], Result]
    argument: str = ""
    by_key: str = ""
    rank: int = 0
    lock: str = ""
    role: Role = Role.EVERYBODY
    local: str = ""
    also: tuple[str, ...] = ()
    is_typed: bool = True
    available: Callable[[Session], bool] = _always

    @property
    def shown(self) -> str:
        """Its keys by their usual names."""
        names = (key for key in self.keys if key != "equals_sign" and not key.startswith("upper_"))
        return " ".join(_SHOWN.get(key, key) for key in names)

    @property
    def words(self) -> tuple[str, ...]:
        """Its words in plain mode: its name, `also`, then keys that can be typed; empty if plain mode lacks it."""
        if not self.is_typed or self.role is not Role.EVERYBODY:
            return ()
        keys = (key for key in self.shown.split() if key.isascii() and key not in ("space", "esc"))
        return (self.name, *self.also, *keys)


def by_group(commands: Sequence[Command]) -> list[tuple[str, tuple[Command, ...]]]:
    """Return the headings of help, each with its commands, in the order given."""
    groups = dict.fromkeys(command.group for command in commands)
    return [(_(group.value), tuple(each for each in commands if each.group is group)) for group in groups]


def key_rows(commands: Sequence[Command]) -> list[tuple[str, str]]:
    """Return keys and help of the commands that have keys: for help on screen and the README's tables."""
    return [(command.shown, _(command.help)) for command in commands if command.keys]


def word_rows(commands: Sequence[Command]) -> list[tuple[str, str]]:
    """Return words and help of the commands that have words: for help in plain mode."""
    return [
        (f"{', '.join(command.words)} {command.argument}".rstrip(), _(command.help))
        for command in commands
        if command.words
    ]
