"""The commands of plain mode in one table: what they are called, what they take, what they do.

A command is a word or the key the screen has for it. Carrying it out yields what is to be shown, in order: sessions,
the last of which is the one to go on from, and texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from gdsim.engine.edits import next_rate
from gdsim.errors import UsageError
from gdsim.i18n import _
from gdsim.plain.asking import answer, ask, do_step, hint, name_bug, score, skip, with_questions
from gdsim.plain.blocks import brief, check_lines, parameter_lines
from gdsim.plain.branch_commands import branches, command, drop, switch, what_if
from gdsim.plain.chart_words import chart_lines
from gdsim.plain.file_commands import reload, save
from gdsim.plain.looking import neuron, sample, z
from gdsim.plain.run_words import epoch_words
from gdsim.plain.typed import count, number, shown
from gdsim.session import Session
from gdsim.timeline.position import Position, next_milestone, next_phase, previous_phase

Shown = Iterator[Session | str]
Act = Callable[[Session, str], Shown]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its words and keys, the argument it takes as help writes it, what it does, and the doing."""

    words: tuple[str, ...]
    argument: str
    does: str
    act: Act


def _next(session: Session, argument: str) -> Shown:
    updates = count(argument, 1)
    yield with_questions(session) if updates == 1 and session.is_question_due else session.forward(updates)


def _back(session: Session, argument: str) -> Shown:
    yield session.back(count(argument, 1))


def _phase(session: Session, _argument: str) -> Shown:
    if session.is_question_due:
        yield with_questions(session)
        return
    yield session.forward(1) if session.is_over else session.at(next_phase(session.timeline, session.position))


def _phase_back(session: Session, _argument: str) -> Shown:
    is_late = session.extra_updates > 0
    yield session.back() if is_late else session.at(previous_phase(session.timeline, session.position))


def _first(session: Session, _argument: str) -> Shown:
    yield session.at(Position())


def _last(session: Session, _argument: str) -> Shown:
    end = Position(session.timeline.reach(session.timeline.run.stop.max_updates))
    yield session.after(session.longest) if session.is_over else session.at(end)


def _go(session: Session, argument: str) -> Shown:
    yield session.after(count(argument))


def _play(session: Session, argument: str) -> Shown:
    for remaining in reversed(range(count(argument, 20))):
        session = session.forward(1)
        if session.is_at_end or not remaining:
            break
        yield brief(session)
    yield session


def _milestone(session: Session, _argument: str) -> Shown:
    is_over = session.is_over
    yield session.forward(1) if is_over else session.at(next_milestone(session.timeline, session.position))


def _restart(session: Session, _argument: str) -> Shown:
    yield session.restarted()


def _rate(session: Session, argument: str) -> Shown:
    yield session.edited("update.learning_rate", number(argument))


def _rate_down(session: Session, _argument: str) -> Shown:
    yield session.edited("update.learning_rate", next_rate(_current_rate(session), up=False))


def _rate_up(session: Session, _argument: str) -> Shown:
    yield session.edited("update.learning_rate", next_rate(_current_rate(session), up=True))


def _set(session: Session, argument: str) -> Shown:
    name, _separator, value = argument.replace("=", " ", 1).strip().rpartition(" ")
    if not name:
        raise UsageError("set", _("needs a parameter and a number"), "set x 3")
    session = session.edited(name.strip(), number(value))
    yield session


def _rule(session: Session, argument: str) -> Shown:
    yield session.edited("update.rule", argument)


def _corrected(session: Session, _argument: str) -> Shown:
    session = session.corrected()
    yield _("The run with the corrected rule:") if session.is_corrected else _("The run with the rule as published:")
    yield session


def _start(session: Session, _argument: str) -> Shown:
    yield session.other_start()


def _check(session: Session, argument: str) -> Shown:
    if argument not in ("", "all"):
        raise UsageError(shown(argument), _("not something to check"), "check, check all")
    yield "\n".join(check_lines(session, is_full=argument == "all"))


def _nudge(session: Session, argument: str) -> Shown:
    yield session.nudged(None if argument == "all" else count(argument, 1))


def _params(session: Session, argument: str) -> Shown:
    if "parameters" in session.scenario.show.hide:
        raise UsageError("params", _("this scenario keeps them closed"))
    yield "\n".join(parameter_lines(session, argument))


def _chart(session: Session, argument: str) -> Shown:
    yield "\n".join(chart_lines(session.view, argument))


def _epochs(session: Session, _argument: str) -> Shown:
    yield "\n".join(epoch_words(session.view))


def _lesson(session: Session, _argument: str) -> Shown:
    if "lesson" in session.scenario.show.hide:
        raise UsageError("lesson", _("this scenario keeps it closed"))
    yield session.scenario.lesson or _("This scenario has no lesson text.")


def _help(_session: Session, _argument: str) -> Shown:
    yield help_text()


def _leave(_session: Session, _argument: str) -> Shown:
    """Do nothing: whoever runs the commands leaves."""
    yield from ()


COMMANDS: tuple[Command, ...] = (
    Command(("next", "n"), "[N]", "go on one update, or N; an empty line does the same", _next),
    Command(("back", "b"), "[N]", "go back one update, or N", _back),
    Command(("phase", "."), "", "go on one phase of the update", _phase),
    Command(("phase-back", ","), "", "go back one phase", _phase_back),
    Command(("first", "home"), "", "go to the start of the run", _first),
    Command(("last", "end"), "", "go to the end of the run", _last),
    Command(("go", "g"), "N", "go to update N", _go),
    Command(("play", "p"), "[N]", "show the next N updates in short, 20 unless told", _play),
    Command(("milestone", "m"), "", "go to the next correction (perceptron) or the end of the epoch", _milestone),
    Command(("restart", "r"), "", "go back to the start, same weights, without changes made", _restart),
    Command(("rate", "l"), "NUMBER", "set the learning rate from here on", _rate),
    Command(("rate-down", "["), "", "lower the learning rate (1-2-5 steps)", _rate_down),
    Command(("rate-up", "]"), "", "raise the learning rate (1-2-5 steps)", _rate_up),
    Command(("set", "e"), "NAME NUMBER", "set a parameter from here on", _set),
    Command(("rule", "u"), "NAME", "choose the update rule from here on", _rule),
    Command(
        ("what-if", "w"),
        "[CHANGE]",
        "branch here and keep the run so far beside: w rate 0.5, w rule adam, w x 3, w seed 7, w corrected",
        what_if,
    ),
    Command(("branches",), "", "list the branches, each below the one it left", branches),
    Command(("switch",), "N", "go over to branch N", switch),
    Command(("drop",), "N", "delete branch N", drop),
    Command(("command", "y"), "", "show the command line that leads here", command),
    Command(("corrected", "c"), "", "change between the rule as published and corrected", _corrected),
    Command(("start", "o"), "", "go to the next starting point", _start),
    Command(
        ("neuron",),
        "LAYER [UNIT [INPUT]]",
        "put the numbers of this neuron, or of the weight of one of its inputs, into equations; counted from 1",
        neuron,
    ),
    Command(
        ("sample",), "[N|wrong]", "look at the next sample, at sample N, or at the next one answered wrongly", sample
    ),
    Command(("ask", "a"), "[N]", "answer a question, or choose one about the next update and predict", ask),
    Command(("do", "d"), "[N|QUANTITY]", "do a step yourself: work out a delta or a change", do_step),
    Command(("answer",), "ANSWER", "answer the question: a number, or + - 0", answer),
    Command(("hint", "h"), "", "a hint: formulas, then numbers, then the answer", hint),
    Command(("skip",), "", "leave the question unanswered", skip),
    Command(("bug",), "[NAME]", "name the bug of a published run; without a name: list what it may be", name_bug),
    Command(("score",), "", "keep score of the answers, or stop keeping it", score),
    Command(("nudge", "x"), "[N|all]", "find the gradient on view by nudging one parameter, or N, or all", _nudge),
    Command(("z",), "NUMBER", "show the activations and their slopes at this z", z),
    Command(("params", "parameters"), "[NAME]", "show all parameters, or those whose names begin so", _params),
    Command(
        ("check", "k"),
        "[all]",
        "compare the gradient with nudging (all: every parameter), and the figures of the source with the run's",
        _check,
    ),
    Command(("chart", "v"), "[NAME]", "tell what a chart shows; without a name the main one and the loss", _chart),
    Command(("epochs",), "", "list mistakes, or loss and accuracy, of the latest epochs", _epochs),
    Command(("lesson", "i"), "", "show the lesson text", _lesson),
    Command(
        ("save", "s"), "FILE", "write the updates so far to a file: .md worked out, .csv or .jsonl their numbers", save
    ),
    Command(("reload",), "", "read the scenario's file again, at the same update", reload),
    Command(("help", "?"), "", "show this list", _help),
    Command(("scenarios",), "", "go back to the list this scenario was chosen from", _leave),
    Command(("quit", "q"), "", "leave; so does the end of input", _leave),
)
"""Every command. The first word is its name."""

SCENARIOS, QUIT = COMMANDS[-2:]
_BY_WORD: Mapping[str, Command] = {word: command for command in COMMANDS for word in command.words}


def understand(line: str) -> tuple[Command, str]:
    """Return the command a typed line means, and its argument. Raises UsageError when it means none."""
    word, _space, argument = line.strip().partition(" ")
    command = _BY_WORD.get(word.lower() if word else "next")
    if command is None:
        close = get_close_matches(word.lower()[:40], _BY_WORD, n=1)
        hint = _("did you mean {word}?").format(word=close[0]) if close else _("help lists the commands")
        raise UsageError(shown(word), _("no such command"), hint)
    argument = argument.strip()
    if argument and not command.argument:
        raise UsageError(command.words[0], _("takes nothing after it, found {found}").format(found=shown(argument)))
    return command, argument


def help_text() -> str:
    """Return the list of commands, one a line."""
    heads = [f"{', '.join(command.words)} {command.argument}".rstrip() for command in COMMANDS]
    return "\n".join(f"{head}: {_(command.does)}" for head, command in zip(heads, COMMANDS, strict=True))


def _current_rate(session: Session) -> float:
    return session.timeline.run_at(session.position.update).learning_rate
