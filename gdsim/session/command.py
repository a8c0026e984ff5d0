"""What a command is, and what comes of running one.

A command is run on a session with the text typed after its name (empty for a key): it returns the session to go on
with, a question to be answered first, something to read, work that takes a while, or an effect that only the surface
(screen, plain mode) can have. Nothing one can do is implemented anywhere else.
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
    """A line to be read. role: "" plain, "right", "wrong" or "quiet"; a screen gives it a colour, never meaning."""

    text: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Something to read.

    lines: what it says; title: what stands over it. is_page: to be read at leisure (a dialog on screen), else a notice
    that passes. is_markdown: the lines are Markdown. copy: what a key copies to the clipboard, where there is such.
    session: the one to go on with, None for the same. is_in_view: whether plain mode says it of `session` anyway.
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
    """Return a notice of these lines that passes."""
    return Text(tuple(TextLine(line, role) for line in lines), title, session=session)


class Choice(NamedTuple):
    """One of several answers: what is answered, and how it is shown. A choice without value is a heading."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """What has to be known before a command can be carried out: a dialog on screen, a line in plain mode.

    title and help: what is asked, and what may be answered. value: the answer proposed, or the choice in effect.
    choices: the answers there are, empty where any line may be typed. answer: takes the line or the choice's value and
    returns what comes of it; raises GdsimError for what cannot be taken, so that the question stays open.
    delete: removes a choice (a branch), None where none can be removed. session: the one to go on with, None for the
    same.
    """

    title: str
    help: str
    value: str
    answer: Callable[[str], Result]
    choices: tuple[Choice, ...] = ()
    delete: Callable[[str], Result] | None = None
    session: Session | None = None


class Work:
    """Something that may take longer than a key should: walked in slices, with progress, until done or stopped.

    steps: does it bit by bit, yielding how far it has come, from 0 to `total`. progress: says that in words.
    result: what comes of it. is_stopped: whether it was ended before it was done.
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
        """How far it has come, in words."""
        return self._progress(self.at)

    def walk(self, seconds: float) -> bool:
        """Go on for some time; return whether it is over. May run in a thread of its own."""
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
        """End it after the bit that is under way; what has been done so far counts."""
        self.is_stopped = True

    def result(self) -> Result:
        """Return what has come of it. Raises GdsimError where it came upon one."""
        if self._error is not None:
            raise self._error
        return self._result(self)

    def finish(self) -> Result:
        """Do all of it, however long that takes, and return what has come of it."""
        while not self.walk(inf):
            pass
        return self.result()


class Act(Enum):
    """What only a surface can do. The argument that comes with each stands beside it."""

    QUIT = "quit"  # none
    LEAVE = "leave"  # none: back one level: the zoomed panel, else the list this scenario was chosen from
    PLAY = "play"  # how many updates in plain mode; a screen plays until it is paused
    FASTER = "faster"  # none
    SLOWER = "slower"  # none
    NEXT_PANEL = "next-panel"  # none
    ZOOM = "zoom"  # none
    CHART = "chart"  # the name of a chart or nothing: a screen shows the next one, plain mode tells of it
    PARAMETERS = "parameters"  # how their names begin: plain mode lists them
    LESSON = "lesson"  # none: a screen turns to it and back, plain mode writes it
    EPOCHS = "epochs"  # none: plain mode lists the latest
    REPAINT = "repaint"  # none
    SAVE_SCREEN = "save-screen"  # the path of an .svg, .html or .cast file
    HELP = "help"  # none: a screen shows its keys, plain mode its words
    ROOM = "room"  # the command's name: what a workshop adds


class Effect(NamedTuple):
    """Something the surface is to do, and what with; session: the one to go on with first, None for the same."""

    act: Act
    argument: str = ""
    session: Session | None = None


Result = Session | Ask | Text | Work | Effect


class Group(Enum):
    """What a command is about: the headings of help."""

    STEP = "steps"
    PLAY = "playing"
    CHANGE = "changes"
    ASK = "questions"
    LOOK = "a closer look"
    FILE = "files"
    ROOM = "workshop"
    PROGRAM = "program"


class Role(Enum):
    """Whom a workshop's commands are for."""

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
"""Keys that a reader knows by another name than Textual's."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing one can do.

    name: how the code and locks call it, and what plain mode takes. keys: Textual's names of its keys, none where a
    screen has no such command. label: one or two words for the key bar; help: a sentence for help, palette and README.
    group: its heading in help. run: see the module. argument: what may follow a word, as help writes it; empty where
    nothing may. by_key: the argument its keys give. rank: its place in the key bar where room is short, 1 first; 0
    keeps it out. lock: the name in [show] lock or hide that closes it. role: who has it in a workshop. local: what
    somebody reads in a workshop who asks for it, where it needs files of this machine; empty where it needs none.
    also: other words that plain mode takes; is_typed: whether it takes any. available: whether it would do something
    now.
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
        """Its keys as a reader knows them."""
        names = (key for key in self.keys if key != "equals_sign" and not key.startswith("upper_"))
        return " ".join(_SHOWN.get(key, key) for key in names)

    @property
    def words(self) -> tuple[str, ...]:
        """What plain mode takes, its name first, then the keys that can be typed; none where plain mode has none."""
        if not self.is_typed or self.role is not Role.EVERYBODY:
            return ()
        keys = (key for key in self.shown.split() if key.isascii() and key not in ("space", "esc"))
        return (self.name, *self.also, *keys)


def by_group(commands: Sequence[Command]) -> list[tuple[str, tuple[Command, ...]]]:
    """Return the commands under the headings of help, in the order of the table."""
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
