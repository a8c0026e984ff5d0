"""The table of all commands, from which keys, words, key bar, palette, help and locks are derived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import partial

from gdsim.errors import UsageError, quoted
from gdsim.i18n import _
from gdsim.session import changes, files, looking, manual, questions, steps
from gdsim.session.command import Act, Command, Effect, Group, Result, Role
from gdsim.session.goals import goal_hints
from gdsim.session.session import Session
from gdsim.timeline.position import Position


def _moved(session: Session) -> bool:
    return session.position != Position()


def _goes_on(session: Session) -> bool:
    return not session.is_at_end


def _correctable(session: Session) -> bool:
    return session.is_correctable


def _ruled(session: Session) -> bool:
    return not session.timeline.run.stop.on_epoch


def _nudgeable(session: Session) -> bool:
    return session.nudging is None or not session.nudging.is_complete


def _changeable(session: Session) -> bool:
    return bool(changes.changeable(session)) or _branched(session)


def _branched(session: Session) -> bool:
    return len(session.branches.all) > 1


def _asked(session: Session) -> bool:
    return bool(session.quiz.open)


def _hintable(session: Session) -> bool:
    return _asked(session) or bool(goal_hints(session))


def _effect(act: Act) -> Callable[[Session, str], Result]:
    """Return a command that leaves an act to the surface."""
    return lambda _session, argument: Effect(act, argument)


def _room(name: str) -> Callable[[Session, str], Result]:
    """Return a command that the workshop carries out."""
    return lambda _session, _argument: Effect(Act.ROOM, name)


def _manual(_session: Session, argument: str) -> Result:
    return manual.page(argument, COMMANDS) if argument else manual.contents(COMMANDS)


def _help(session: Session, argument: str) -> Result:
    return _manual(session, argument) if argument else Effect(Act.HELP)


# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("next", ("space", "right", "n"), "next", "make the next update; an empty line does the same",
            Group.STEP, steps.next_updates, argument="[N]", rank=1, available=_goes_on),
    Command("back", ("left", "b"), "back", "go one update back",
            Group.STEP, steps.back, argument="[N]", rank=3, available=_moved),
    Command("phase", ("full_stop",), "phase",
            "reveal the next phase of this update; in the chain rule, go to the next factor",
            Group.STEP, steps.phase, rank=4, available=_goes_on),
    Command("phase-back", ("comma",), "phase back", "go one phase back, or one factor",
            Group.STEP, steps.phase_back, available=_moved),
    Command("first", ("home", "B"), "first", "go to the start of the run",
            Group.STEP, lambda session, _argument: session.at(Position()), available=_moved),
    Command("last", ("end", "N"), "last", "go to the end of the run",
            Group.STEP, steps.last, rank=13, lock="end", available=_goes_on),
    Command("go", ("g",), "go to", "go to update N",
            Group.STEP, steps.go, argument="[N]", rank=12, lock="go"),
    Command("milestone", ("m",), "milestone", "go to the next correction (perceptron) or the end of the epoch",
            Group.STEP, steps.milestone, rank=10, available=_goes_on),
    Command("restart", ("r",), "restart", "go back to the start with the same weights, undoing all changes",
            Group.STEP, lambda session, _argument: session.restarted(), available=_moved),
    Command("start", ("o",), "start", "go to another starting point",
            Group.STEP, lambda session, _argument: session.other_start(), rank=8,
            available=lambda session: session.start_count > 1),

    Command("play", ("p",), "play", "play or pause; in plain mode show the next N updates in short, 20 by default",
            Group.PLAY, steps.play, argument="[N]", rank=5, available=_goes_on),
    Command("faster", ("plus", "equals_sign"), "faster", "play faster (up to 200 updates a second)",
            Group.PLAY, _effect(Act.FASTER), is_typed=False),
    Command("slower", ("minus",), "slower", "play slower (down to 1 update a second)",
            Group.PLAY, _effect(Act.SLOWER), is_typed=False),

    Command("rate-down", ("left_square_bracket",), "η down", "lower the learning rate (1-2-5 steps)",
            Group.CHANGE, partial(changes.step_rate, up=False), rank=6, lock="learning-rate"),
    Command("rate-up", ("right_square_bracket",), "η up", "raise the learning rate (1-2-5 steps)",
            Group.CHANGE, partial(changes.step_rate, up=True), rank=6, lock="learning-rate"),
    Command("rate", ("l",), "type η", "set the learning rate from here on",
            Group.CHANGE, changes.edit("update.learning_rate"), argument="[NUMBER]", lock="learning-rate"),
    Command("set", ("e",), "edit", "set a parameter from here on",
            Group.CHANGE, changes.edit("edit"), argument="[NAME NUMBER]", lock="edit"),
    Command("rule", ("u",), "rule", "choose the update rule from here on",
            Group.CHANGE, changes.edit("update.rule"), argument="[NAME [FORM]]", lock="rule", available=_ruled),
    Command("schedule", ("S", "upper_s"), "schedule",
            "let the learning rate follow a schedule from here on, such as step 50 0.5",
            Group.CHANGE, changes.edit("update.schedule"), argument="[KIND NUMBERS]", lock="learning-rate",
            available=_ruled),
    Command("clip", ("C", "upper_c"), "clip", "limit the gradient that the rule sees: norm 1, value 0.5 or none",
            Group.CHANGE, changes.edit("update.clip"), argument="[LIMIT]", lock="rule", available=_ruled),
    Command("corrected", ("c",), "corrected", "switch between the rule as published and corrected",
            Group.CHANGE, changes.corrected, rank=4, lock="corrected", available=_correctable),
    Command("what-if", ("w",), "what-if",
            "branch here and keep the run so far as a ghost, with a change such as rate 0.5, rule adam, x 3, "
            "seed 7, corrected; or switch branches",
            Group.CHANGE, changes.what_if, argument="[CHANGE]", rank=9, lock="what-if", available=_changeable),
    Command("branches", (), "branches", "list the branches, each below the one it left",
            Group.CHANGE, changes.branches),
    Command("switch", (), "switch", "switch to branch N",
            Group.CHANGE, changes.switch, argument="[N]", available=_branched),
    Command("drop", (), "drop", "delete branch N",
            Group.CHANGE, changes.drop, argument="[N]", available=_branched),

    Command("ask", ("a",), "predict", "answer a question, or predict something of the next update",
            Group.ASK, questions.ask, argument="[N]", rank=9, available=lambda session: not session.is_over),
    Command("do", ("d",), "do it", "do a step yourself: work out a delta or a change, with hints",
            Group.ASK, questions.do_step, argument="[N or QUANTITY]", available=lambda session: not session.is_over),
    Command("answer", (), "answer", "answer the question: a number, or + - 0",
            Group.ASK, questions.answer, argument="ANSWER", available=_asked),
    Command("hint", ("I", "upper_i"), "hint",
            "show a hint for the goal; for an open question formulas, then numbers, then the answer",
            Group.ASK, questions.hint, also=("h",), available=_hintable),
    Command("skip", (), "skip", "leave the question unanswered",
            Group.ASK, questions.skip, available=_asked),
    Command("bug", ("D", "upper_d"), "name bug", "name the bug of a published run",
            Group.ASK, questions.name_bug, argument="[NAME]", rank=8, available=_correctable),
    Command("score", ("A",), "score", "keep score of the answers, or stop keeping it",
            Group.ASK, questions.score),

    Command("nudge", ("x",), "nudge", "nudge one parameter and measure the loss; N of them, or all",
            Group.LOOK, looking.nudge, argument="[N or all]", rank=9, available=_nudgeable),
    Command("nudge-all", ("X",), "nudge all", "nudge every remaining parameter",
            Group.LOOK, lambda session, _argument: looking.nudge(session, looking.ALL), available=_nudgeable),
    Command("check", ("k",), "check",
            "compare the gradient with nudging (all: every parameter), and the figures of the source with the run's",
            Group.LOOK, looking.check, argument="[all]", by_key="all", available=_moved),
    Command("neuron", (), "neuron",
            "put the numbers of this neuron, or of the weight of one of its inputs, into equations; counted from 1, "
            "or by name: a1[2], w1[2,3]",
            Group.LOOK, looking.neuron, argument="LAYER [UNIT [INPUT]]"),
    Command("chain", (), "chain rule",
            "take the gradient of a weight apart by the chain rule, or leave that; . and , move along its factors",
            Group.LOOK, looking.chain, argument="[NAME]", lock="equation", available=looking.has_chain),
    Command("sample", (), "sample", "look at the next sample, at sample N, or at the next one answered wrongly",
            Group.LOOK, looking.sample, argument="[N or wrong]"),
    Command("sample-next", ("greater_than_sign",), "sample",
            "go to the next sample of this update: drawing, equations and picture follow",
            Group.LOOK, partial(looking.in_hand, by=1), rank=10, available=looking.has_samples),
    Command("sample-back", ("less_than_sign",), "sample back", "go to the previous sample",
            Group.LOOK, partial(looking.in_hand, by=-1), available=looking.has_samples),
    Command("z", (), "z", "show the activations and their slopes at this z",
            Group.LOOK, looking.z, argument="NUMBER"),
    Command("params", (), "parameters",
            "show all parameters (of many, the largest changes), those whose names begin with NAME, or all by change "
            "or by name",
            Group.LOOK, _effect(Act.PARAMETERS), also=("parameters",), argument="[NAME]", lock="parameters"),
    Command("chart", ("v",), "chart",
            "show the next view in the focused place: charts, or whole update, chain rule and lesson; plain mode tells "
            "what a chart shows",
            Group.LOOK, _effect(Act.CHART), argument="[NAME]", rank=7),
    Command("epochs", (), "epochs", "list mistakes, or loss and accuracy, of the latest epochs",
            Group.LOOK, _effect(Act.EPOCHS)),
    Command("panel", ("tab",), "panel", "go to the next panel",
            Group.LOOK, _effect(Act.NEXT_PANEL), is_typed=False, rank=11),
    Command("zoom", ("z",), "zoom", "zoom the panel",
            Group.LOOK, _effect(Act.ZOOM), is_typed=False),
    Command("lesson", ("i",), "lesson", "turn to the lesson with its goals, and back",
            Group.LOOK, _effect(Act.LESSON), rank=2, lock="lesson"),

    Command("command", ("y",), "command", "show the command line that leads here",
            Group.FILE, changes.command),
    Command("save", ("s",), "save",
            "save the updates so far to a file (.md worked out, .csv or .jsonl their numbers), or the screen",
            Group.FILE, files.save, argument="[FILE]", local="in a workshop nothing is saved"),
    Command("reload", ("R", "upper_r"), "reload", "read the scenario's file again, at the same update",
            Group.FILE, files.reload, local="in a workshop scenarios stay as they are",
            available=lambda session: session.scenario.folder is not None),

    Command("repaint", ("ctrl+l",), "repaint", "redraw the whole screen",
            Group.PROGRAM, _effect(Act.REPAINT), is_typed=False),
    Command("scenarios", ("escape",), "list", "go back to the list this scenario was chosen from",
            Group.PROGRAM, _effect(Act.LEAVE), rank=2),
    Command("help", ("question_mark",), "help", "show this list, or a topic of the manual",
            Group.PROGRAM, _help, argument="[TOPIC]", rank=1),
    Command("manual", ("M", "upper_m"), "manual", "read the manual: choose a topic",
            Group.PROGRAM, _manual, argument="[TOPIC]"),
    Command("quit", ("q",), "quit", "leave; the end of input does the same",
            Group.PROGRAM, _effect(Act.QUIT), rank=2),

    Command("follow", ("f",), "follow", "follow the instructor / go on alone",
            Group.ROOM, _room("follow"), rank=2, role=Role.LEARNER),
    Command("ask", ("a",), "answer", "answer the instructor's question; with none open, predict the next change",
            Group.ROOM, _room("ask"), rank=1, role=Role.LEARNER),
    Command("broadcast", ("f",), "broadcast", "start / stop broadcasting what you see to those who follow",
            Group.ROOM, _room("broadcast"), rank=2, role=Role.INSTRUCTOR),
    Command("roster", ("t",), "roster", "who is here, where they are and what they answered",
            Group.ROOM, _room("roster"), rank=2, role=Role.INSTRUCTOR),
    Command("ask-room", ("Q", "upper_q"), "ask", "ask everybody about the next update / see the answers",
            Group.ROOM, _room("ask-room"), rank=2, role=Role.INSTRUCTOR),
    Command("chapters", ("P", "upper_p"), "chapters", "open a chapter of the course to the learners, or close it",
            Group.ROOM, _room("chapters"), role=Role.INSTRUCTOR),
    Command("hand-out", ("h",), "hand-out", "write everybody's goals and answers to a CSV file on the server",
            Group.ROOM, _room("hand-out"), role=Role.INSTRUCTOR),
)
# fmt: on
"""All commands, in the order of help and the README. A role's command replaces everybody's of the same name."""

_BY_WORD: Mapping[str, Command] = {word: command for command in COMMANDS for word in command.words}
_NEXT = COMMANDS[0]


def commands_for(role: Role = Role.EVERYBODY, *, is_served: bool = False) -> tuple[Command, ...]:
    """Return the commands for a role in a workshop, or for everybody outside one; those of the group program come last.

    is_served: whether this machine's files are out of reach.
    """
    own = {command.name for command in COMMANDS if command.role is role}
    chosen = [
        command
        for command in COMMANDS
        if (command.role is role or (command.role is Role.EVERYBODY and command.name not in own))
        and not (is_served and command.local)
    ]
    return tuple(sorted(chosen, key=lambda command: command.group is Group.PROGRAM))


def command_named(name: str, role: Role = Role.EVERYBODY) -> Command:
    """Return the command with this name. Raises KeyError if there is none."""
    return {command.name: command for command in commands_for(role)}[name]


def is_locked(command: Command, session: Session) -> bool:
    """Whether the scenario, or an instructor, has disabled a command."""
    show = session.scenario.show
    return bool(command.lock) and (command.lock in show.lock or command.lock in show.hide)


def is_open(command: Command, session: Session) -> bool:
    """Whether a command would do something now and is not locked."""
    return not is_locked(command, session) and command.available(session)


def run_command(command: Command, session: Session, argument: str = "", *, is_served: bool = False) -> Result:
    """Run a command. Raises UsageError if it is locked or a workshop refuses it, and GdsimError if it fails."""
    if is_served and command.local:
        raise UsageError(command.name, _(command.local), _("y shows a command that leads here on your machine"))
    if is_locked(command, session):
        raise UsageError(command.lock, _("this scenario keeps it as it is"))
    return command.run(session, argument)


def understand(line: str) -> tuple[Command, str]:
    """Return the command and the argument of a typed line. Raises UsageError if no command accepts the line."""
    word, _space, argument = line.strip().partition(" ")
    command = _NEXT if not word else _BY_WORD.get(word) or _BY_WORD.get(word.lower())
    if command is None:
        close = get_close_matches(word.lower()[:40], _BY_WORD, n=1)
        hint = _("did you mean {word}?").format(word=close[0]) if close else _("help lists the commands")
        raise UsageError(quoted(word), _("no such command"), hint)
    argument = argument.strip()
    if argument and not command.argument:
        raise UsageError(command.words[0], _("takes nothing after it, found {found}").format(found=quoted(argument)))
    return command, argument
