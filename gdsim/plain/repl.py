"""Plain mode: reads one command per line and writes one block of text per step. No cursor, no colour, no drawing."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from io import TextIOWrapper
from typing import NamedTuple, TextIO

from gdsim.errors import GdsimError, UsageError, quoted
from gdsim.explain.numbers import in_ascii, is_kept
from gdsim.i18n import _, can_write
from gdsim.plain.charts import chart_lines
from gdsim.plain.describe import block, brief, epoch_words, parameter_lines
from gdsim.scenario.course import course_of
from gdsim.scenario.library import summaries
from gdsim.session import Session
from gdsim.session.changes import command_lines
from gdsim.session.command import Act, Ask, Choice, Command, Effect, Result, Text, by_group, word_rows
from gdsim.session.commands import COMMANDS, command_named, commands_for, run_command, understand
from gdsim.session.course import Guide, end_lines, matches, path_lines
from gdsim.session.goals import goal_sentence, reached_sentence, watched
from gdsim.session.looking import lesson_source
from gdsim.session.manual import page

_LETTERS = "−·ηδ²₁≈…"
"""Characters used in formulas; a stream that cannot write them gets ASCII."""

_SIGNS = "+-−=<>↑↓.0123456789"
"""The first characters that mark a line as an answer to an open question, unless it is a command."""

_LEAVE, _AGAIN = ("quit", "q"), ("list", "help", "?")
"""The words that leave the list of scenarios, and those that show it again."""


def run_plain(
    session: Session,
    typed: TextIO | None,
    stream: TextIO,
    *,
    ascii_only: bool = False,
    guide: Guide | None = None,
) -> int:
    """Show `session`, then carry out each typed line until quit or the end of input; return status 0.

    A line that is not understood is answered with what is allowed. `ascii_only` is implied if `stream` cannot write
    the characters of formulas.
    """
    _Repl(session, Streams.of(typed, stream, ascii_only=ascii_only), guide=guide).run()
    return 0


def choose_plain(
    opened: Callable[[str], Session],
    typed: TextIO | None,
    stream: TextIO,
    *,
    ascii_only: bool = False,
    guide: Guide | None = None,
) -> int:
    """List the bundled scenarios and step through the one chosen, until quit or the end of input; return status 0.

    opened: returns a session on the named scenario; a GdsimError it raises is shown, and another can be chosen.
    """
    streams = Streams.of(typed, stream, ascii_only=ascii_only)
    guide = guide or Guide(lambda: course_of(summaries()), None)
    while (session := _chosen(opened, streams, guide)) is not None:
        if not _Repl(session, streams, is_chosen=True, guide=guide).run():
            break
    return 0


class Streams(NamedTuple):
    """The input and output of plain mode. typed: the lines to read, None if there is no input."""

    typed: TextIO | None
    stream: TextIO
    ascii_only: bool

    @classmethod
    def of(cls, typed: TextIO | None, stream: TextIO, *, ascii_only: bool = False) -> Streams:
        """Return the two streams; ASCII is implied if `stream` cannot write the characters of formulas."""
        if isinstance(typed, TextIOWrapper):
            typed.reconfigure(errors="replace")
        return cls(typed, stream, ascii_only or not can_write(_LETTERS, stream.encoding))

    def read(self) -> str | None:
        """Return the next typed line without its newline; None at the end of input."""
        if self.typed is None:
            return None
        if self.typed.isatty():
            self.stream.write("> ")
            self.stream.flush()
        line = self.typed.readline()
        return line.removesuffix("\n") if line else None

    def write(self, text: str) -> None:
        """Write a block and an empty line, and flush; the lines that join branches become ASCII."""
        text = text.replace("└─", "`-")
        self.stream.write((self._plain(text) if self.ascii_only else text) + "\n\n")
        self.stream.flush()

    def _plain(self, text: str) -> str:
        """Return `text` in ASCII, but keep the current language's letters if they can be written, else write ``?``."""
        text = in_ascii(text)
        return "".join(c if c.isascii() or (is_kept(c) and can_write(c, self.stream.encoding)) else "?" for c in text)


class _Repl:
    """Reads lines and carries them out on a session, or takes them as answers to a question.

    is_chosen: whether the session was chosen from the list of scenarios, so that the learner can go back there.
    """

    def __init__(
        self, session: Session, streams: Streams, *, is_chosen: bool = False, guide: Guide | None = None
    ) -> None:
        self._session, self._streams, self._is_chosen, self._guide = session, streams, is_chosen, guide
        self._has_ended = session.is_over
        self._ask: Ask | None = None
        self._left_by: Act | None = None

    def run(self) -> bool:
        """Carry out typed lines until the learner leaves; return whether they go back to the list of scenarios."""
        title = self._session.scenario.title
        self._session, _new = watched(self._session)
        goal = f"\n{sentence}" if (sentence := goal_sentence(self._session)) else ""
        self._streams.write(f"{title}\n{_('help lists the commands.')}{goal}\n\n{block(self._session)}")
        while self._left_by is None and (line := self._streams.read()) is not None:
            try:
                self._tell(self._do(line))
            except GdsimError as error:
                self._streams.write(str(error))
        problem = "" if self._guide is None else self._guide.keep(self._session)
        if problem:
            self._streams.write(problem)
        return self._left_by is Act.LEAVE

    def _do(self, line: str) -> Result:
        """Answer the question asked, else run the typed command; a command instead of an answer drops the question."""
        ask = self._ask
        if ask is None:
            return self._command(line)
        if not line.strip():
            self._ask = None
            return self._session
        try:
            result = ask.answer(_choice(ask, line.strip()))
        except GdsimError:
            if not _is_command(line):
                raise
            self._ask = None
            return self._command(line)
        self._ask = None
        return result

    def _command(self, line: str) -> Result:
        """Run the typed command; a bare number or sign answers the open question of the quiz."""
        is_answer = self._session.quiz.open and line.strip()[:1] in tuple(_SIGNS) and not _is_command(line)
        command, argument = (command_named("answer"), line.strip()) if is_answer else understand(line)
        return run_command(command, self._session, argument)

    def _tell(self, result: Result) -> None:
        match result:
            case Session():
                self._show(result)
            case Text():
                if not result.is_in_view:
                    self._streams.write(result.text)
                self._show(result.session)
            case Ask():
                self._show(result.session)
                self._ask = result
                self._streams.write(ask_text(result))
            case Effect():
                self._show(result.session)
                self._act(result)
            case _:
                self._tell(result.finish())

    def _show(self, session: Session | None) -> None:
        if session is not None:
            self._session, new = watched(session)
            lines = [block(session), *map(reached_sentence, new)]
            if session.is_over and (new or not self._has_ended) and self._guide is not None:
                self._has_ended = True
                lines += end_lines(self._session, self._guide)[1:]
                lines += [_("scenarios goes back to the path.")] if self._is_chosen else []
            self._streams.write("\n".join(lines))

    def _act(self, effect: Effect) -> None:
        """Carry out an effect. Raises UsageError if it needs a screen, or a list to go back to and there is none."""
        session, say = self._session, self._streams.write
        match effect.act:
            case Act.QUIT:
                self._left_by = Act.QUIT
            case Act.LEAVE:
                if not self._is_chosen:
                    what, hint = _("this run was not chosen from the list"), _("gdsim without a command opens it")
                    raise UsageError("scenarios", what, hint)
                self._left_by = Act.LEAVE
            case Act.PLAY:
                self._play(int(effect.argument))
            case Act.CHART:
                say("\n".join(chart_lines(session.view, effect.argument)))
            case Act.PARAMETERS:
                say("\n".join(parameter_lines(session, effect.argument)))
            case Act.LESSON:
                say(lesson_source(session))
            case Act.EPOCHS:
                say("\n".join(epoch_words(session.view)))
            case Act.HELP:
                say(help_text(commands_for()))
            case _:
                hint = _("gdsim export writes it; this run: {line}").format(line=command_lines(session)[0])
                raise UsageError(effect.argument, _("needs a screen"), hint)

    def _play(self, updates: int) -> None:
        session = self._session
        for remaining in reversed(range(updates)):
            session = session.forward(1)
            if session.is_at_end or not remaining:
                break
            self._streams.write(brief(session))
        self._show(session)


def help_text(commands: tuple[Command, ...]) -> str:
    """Return the commands of plain mode, one per line, under the headings of help."""
    lines: list[str] = []
    for heading, members in by_group(commands):
        rows = [f"{words}: {text}" for words, text in word_rows(members)]
        lines += [heading.capitalize(), *rows] if rows else []
    return "\n".join(lines)


def ask_text(ask: Ask) -> str:
    """Return a question and its possible answers: the numbered choices, or else the proposed value."""
    head = ": ".join(filter(None, (ask.title, ask.help)))
    if not ask.choices:
        return _("{question} (now {value})").format(question=head, value=ask.value)
    return "\n".join([head, *(_line(number, choice) for number, choice in _numbered(ask))])


def _line(number: str, choice: Choice) -> str:
    """Return a choice as a line that shows what may be typed for it: its number, and its value if that is a word."""
    if not number:
        return choice.text
    is_word = choice.value != number and " " not in choice.value and not choice.text.startswith(choice.value)
    return f"{number} {choice.value}: {choice.text}" if is_word else f"{number} {choice.text}"


def _choice(ask: Ask, text: str) -> str:
    """Return the value of the choice with the typed number; any other text unchanged."""
    return next((choice.value for number, choice in _numbered(ask) if number == text), text)


def _numbered(ask: Ask) -> list[tuple[str, Choice]]:
    """Return each choice with what to type for it: its value if all are numbers, else its place; empty for headings."""
    values = [choice.value for choice in ask.choices if choice.value]
    has_numbers = all(value.isdigit() for value in values)
    numbers = iter(values if has_numbers else map(str, range(1, len(values) + 1)))
    return [(next(numbers) if choice.value else "", choice) for choice in ask.choices]


def _is_command(line: str) -> bool:
    try:
        understand(line)
    except UsageError:
        return False
    return True


def _chosen(opened: Callable[[str], Session], streams: Streams, guide: Guide) -> Session | None:
    """Show the course and return a session on the chosen scenario; None for quit or at the end of input."""
    course, step = guide.course, guide.next_step
    how = _("Choose a scenario: its number or its name. find WORD looks for one, list shows all, quit leaves.")
    going_on = [_("Everything is done.") if step is None else _("An empty line opens {name}.").format(name=step.name)]
    head = [each for each in (guide.note, course.title, how, *going_on) if each]
    listing = "\n".join([*head, *path_lines(guide)])
    streams.write(listing)
    while (line := streams.read()) is not None:
        word = line.strip().lower()
        if word in _LEAVE:
            return None
        if word in _AGAIN:
            streams.write(listing)
        elif word.startswith("find "):
            found = [each for each in course.scenarios if matches(each, word.removeprefix("find ").strip())]
            streams.write("\n".join(f"{each.name}: {each.summary}" for each in found) or _("nothing found"))
        else:
            try:
                if word.startswith("help "):
                    streams.write(page(word.removeprefix("help ").strip(), COMMANDS).text)
                    continue
                return _opened(opened, guide, step.name if step is not None and not word else word)
            except GdsimError as error:
                streams.write(str(error))
    return None


def _opened(opened: Callable[[str], Session], guide: Guide, word: str) -> Session:
    """Return a session on the scenario that `word` means. Raises GdsimError if there is none, or it is closed."""
    name = _named([each.name for each in guide.course.scenarios], word)
    if why := guide.why_closed(guide.course.named(name)):
        raise UsageError(name, why)
    return opened(name)


def _named(names: list[str], word: str) -> str:
    """Return the name that a typed word means: a number in the list, a name, or the beginning of exactly one name.

    Raises UsageError for anything else.
    """
    if word in names:
        return word
    if word.isascii() and word.isdigit() and 1 <= int(word[:9]) <= len(names):
        return names[int(word[:9]) - 1]
    begun = [name for name in names if name.startswith(word)]
    if len(begun) == 1:
        return begun[0]
    hint = _("a number from 1 to {count}, or a name; an empty line lists them").format(count=len(names))
    near = ", ".join(begun or get_close_matches(word[:40], names, n=1))
    guess = _("did you mean {word}?").format(word=near) if near else ""
    raise UsageError(quoted(word), _("no such scenario"), "; ".join(filter(None, (hint, guess))))
