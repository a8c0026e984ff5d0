"""The table of everything one can do: nothing twice, nothing without a way to it, locks that close what they name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from locked_scenario import closed
from typed_lines import after, result_of

from gdsim.errors import GdsimError, UsageError
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.scenario.schema import LOCKS as KNOWN_LOCKS
from gdsim.session import Session, lock_of
from gdsim.session.changes import CHANGES, changeable
from gdsim.session.command import Act, Ask, Effect, Group, Role, Text, key_rows, word_rows
from gdsim.session.commands import (
    COMMANDS,
    command_named,
    commands_for,
    is_open,
    run_command,
    understand,
)

ROLES = list(Role)
LOCKS = {
    "go": {"go"},
    "end": {"last"},
    "learning-rate": {"rate", "rate-down", "rate-up", "schedule"},
    "edit": {"set"},
    "rule": {"rule", "clip"},
    "corrected": {"corrected"},
    "what-if": {"what-if"},
    "seed": set(),
}
"""Which commands each lock of [show] closes; a seed is changed by what-if alone."""


def opened(name="mountain-descent", at=0, **options):
    return Session.open(load_file(resolve(name)), **options).after(at)


@pytest.mark.parametrize("role", ROLES)
def test_every_command_can_be_reached_and_no_key_or_name_is_given_twice(role):
    """Each has keys or words; within what a role has, a key and a name mean one command."""
    commands = commands_for(role)
    assert all(command.keys or command.words for command in commands)
    keys = [key for command in commands for key in command.keys]
    assert len(keys) == len(set(keys))
    names = [command.name for command in commands]
    assert len(names) == len(set(names))


def test_no_word_means_two_commands():
    """Every word is understood as its own command, in capital letters too where these are not another's word."""
    words = {word: command for command in COMMANDS for word in command.words}
    assert len(words) == sum(len(command.words) for command in COMMANDS)
    for word, command in words.items():
        assert understand(word)[0] is command
        assert understand(f"  {word.upper()} ")[0] is words.get(word.upper(), command)


def test_a_word_that_is_another_commands_key_is_known():
    """z zooms on screen and shows activations in plain mode, h writes a hand-out or hints: no other letter differs."""
    keys = {key: command for command in COMMANDS for key in command.shown.split()}
    differing = {word for command in COMMANDS for word in command.words if keys.get(word, command).name != command.name}
    assert differing == {"z", "h"}


@pytest.mark.parametrize("role", ROLES)
def test_help_says_every_command_once(role):
    """Help on screen and in plain mode have a row for each command that can be reached there."""
    commands = commands_for(role)
    keyed, worded = key_rows(commands), word_rows(commands)
    assert len(keyed) == sum(bool(command.keys) for command in commands)
    assert len(worded) == sum(bool(command.words) for command in commands)
    assert all(text for _row, text in (*keyed, *worded))
    assert commands[-1].group is Group.PROGRAM


def test_a_role_has_its_own_and_what_everybody_has():
    """A workshop adds commands; a learner's own `ask` stands for everybody's; alone there are none of a workshop's."""
    own = {role: {each.name for each in commands_for(role)} for role in ROLES}
    assert own[Role.LEARNER] == own[Role.EVERYBODY] | {"follow"}
    assert own[Role.INSTRUCTOR] == own[Role.EVERYBODY] | {"broadcast", "roster", "ask-room", "chapters", "hand-out"}
    assert command_named("ask", Role.LEARNER).role is Role.LEARNER
    assert command_named("ask", Role.INSTRUCTOR).role is Role.EVERYBODY


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_closes_the_commands_it_names_and_no_other(lock):
    """A command that is locked is not open, and says so in one sentence however it is run."""
    session, free = Session.open(closed(f'"{lock}"')), Session.open(closed())
    assert set(LOCKS) == set(KNOWN_LOCKS)
    shut = {command.name for command in COMMANDS if command.lock == lock}
    assert shut == LOCKS[lock]
    assert shut == {each.name for each in COMMANDS if is_open(each, free) and not is_open(each, session)}
    for name in shut:
        for argument in ("", "1"):
            with pytest.raises(UsageError) as told:
                run_command(command_named(name), session, argument)
            assert str(told.value) == f"{lock}: this scenario keeps it as it is"


def test_hidden_lesson_and_parameters_are_closed():
    """What [show] hide keeps closed is not opened by its command."""
    session = Session.open(closed(hide='"lesson", "parameters"'))
    for name in ("lesson", "params"):
        assert not is_open(command_named(name), session)
        with pytest.raises(UsageError, match="keeps it as it is"):
            run_command(command_named(name), session)


def test_every_change_of_what_if_has_its_lock():
    """Each of the changes is refused on a branch where its lock is set, and offered where it is not."""
    for key in CHANGES:
        name = "W1[0,0]" if key == "edit" else key
        session = Session.open(closed(f'"{lock_of(name)}"'))
        assert key not in changeable(session)
        assert key in changeable(Session.open(closed()))
        with pytest.raises(UsageError, match="keeps it as it is"):
            session.what_if(name, 1.0)


def test_files_of_this_machine_are_not_served():
    """In a served session save and reload are not offered, and say why when they are run."""
    assert {each.name for each in COMMANDS if each.local} == {"save", "reload"}
    served = {each.name for each in commands_for(is_served=True)}
    assert {each.name for each in commands_for()} - served == {"save", "reload"}
    for name in ("save", "reload"):
        with pytest.raises(UsageError, match="in a workshop"):
            run_command(command_named(name), opened(), "x.md", is_served=True)


@pytest.mark.parametrize(
    ("closed_at", "session"),
    [
        ({"back", "phase-back", "first", "restart", "check"}, opened()),
        ({"next", "phase", "play", "milestone", "last", "ask", "do"}, after(opened(), "last")),
    ],
    ids=["start", "end"],
)
def test_what_would_do_nothing_is_not_available(closed_at, session):
    """At the start nothing leads back, at the end nothing leads on; half way all of that is open."""
    middle = opened(at=3)
    assert closed_at == {each.name for each in COMMANDS if is_open(each, middle) and not is_open(each, session)}


@pytest.mark.parametrize("line", ["rate", "set", "rule", "go", "w", "save", "ask", "do"])
def test_a_command_that_needs_to_know_something_asks(line):
    """Its proposed answer, or the first choice, is taken: it leads on to a session or to another question."""
    asked = result_of(opened(at=4), line)
    assert isinstance(asked, Ask)
    assert asked.title
    if asked.choices:
        assert asked.value in [choice.value for choice in asked.choices]
    assert asked.answer(asked.value) is not None
    with pytest.raises(GdsimError):
        asked.answer("\x00 no such thing")


def test_what_is_asked_and_what_is_typed_do_the_same():
    """Answering is typing the argument: both sessions stand at the same numbers."""
    session = opened(at=3)
    for line, answer in [("rate", "0.5"), ("set", "x = 1"), ("rule", "adam")]:
        asked = result_of(session, line).answer(answer)
        typed = after(session, f"{line} {answer}")
        assert asked.timeline.edits == typed.timeline.edits
        assert asked.forward(1).timeline.state(4).theta == pytest.approx(typed.forward(1).timeline.state(4).theta)


def test_what_if_offers_changes_then_branches_to_go_over_to_or_delete():
    """A change leads to what it needs to know, a branch is gone over to, and a deleted one leaves the offer."""
    session = opened(at=12)
    first = result_of(session, "w")
    assert [choice.value for choice in first.choices] == ["rate", "rule", "parameter", "schedule", "clip"]
    assert first.delete is None
    session = first.answer("rate").answer("0.5").session.what_if("x", 1.0)
    offer = result_of(session, "w")
    heading = [choice.value for choice in offer.choices].index("")
    assert [choice.value for choice in offer.choices[heading + 1 :]] == ["switch 1", "switch 2", "switch 3"]
    assert offer.answer("switch 2").branches.current == "2"
    again = offer.delete("switch 3")
    assert isinstance(again, Ask)
    assert "3" not in [branch.name for branch in again.session.branches.all]
    last = again.delete("switch 2")
    assert isinstance(last, Session)
    assert len(last.branches.all) == 1


def test_a_question_that_is_due_comes_before_the_next_update():
    """`next` and `phase` put it; answer, hint and skip drive it; the verdict says right or wrong and why."""
    session = opened(is_asking=True)
    for line in ("next", "phase"):
        asked = after(session, line)
        assert asked.position == session.position
        assert len(asked.quiz.open) == 1
    asked = after(session, "next")
    assert after(asked, "hint").quiz.hints == 1
    assert not after(asked, "skip").quiz.open
    right, wrong = result_of(asked, "answer -"), result_of(asked, "answer +")
    assert (right.lines[0].role, wrong.lines[0].role) == ("right", "wrong")
    assert right.is_page
    assert right.session.position.update == 1
    assert right.session.quiz.right == 1


@pytest.mark.parametrize("line", ["next 2", "rate 0.5", "o", "w rate 0.2"])
def test_going_elsewhere_leaves_the_question(line):
    """A question belongs to the update before it; what leads to another place or run closes it."""
    asked = after(opened(is_asking=True), "next")
    assert not after(asked, line).quiz.open


def test_long_ways_are_walked_in_slices_and_can_be_stopped():
    """A way that is stopped counts as far as it has come; walked to its end it says why the run is over."""
    session = opened()
    way = run_command(command_named("last"), session)
    assert not way.walk(0.0)
    assert 0 < way.at < way.total
    way.stop()
    assert way.walk(1.0)
    assert 0 < way.result().position.update < session.timeline.run.stop.max_updates
    end = result_of(session, "last")
    assert isinstance(end, Text)
    assert end.title == "The run is over"
    assert end.session.is_at_end


def test_a_check_that_is_stopped_tells_of_what_it_has_compared():
    """Stopped before the end, it says how many of the parameters were nudged."""
    check = run_command(command_named("check"), opened("digits", at=1), "all")
    check.walk(0.0)
    check.stop()
    while not check.walk(1.0):
        pass
    assert 0 < check.at < check.total
    assert f"{check.at} parameter" in check.result().lines[0].text


@pytest.mark.parametrize("is_stopped", [True, False])
def test_saving_writes_the_file_whole_or_not_at_all(is_stopped, tmp_path):
    """The lines are worked out in slices; stopped before the last one, nothing is written."""
    path = tmp_path / "run.jsonl"
    saving = run_command(command_named("save"), opened(at=50), str(path))
    assert not saving.walk(0.0)
    assert not path.exists()
    if is_stopped:
        saving.stop()
    while not saving.walk(1.0):
        pass
    assert str(path) in saving.result().text or is_stopped
    assert path.exists() is not is_stopped


def test_what_only_a_surface_can_do_is_left_to_it():
    """Playing, charts, pictures of the screen and leaving come back as effects, with what they need to know."""
    session = opened(at=3)
    assert result_of(session, "play 7") == Effect(Act.PLAY, "7")
    assert result_of(session, "chart loss") == Effect(Act.CHART, "loss")
    assert result_of(session, "save no-such-folder/x.svg") == Effect(Act.SAVE_SCREEN, "no-such-folder/x.svg")
    assert result_of(session, "q") == Effect(Act.QUIT)
    assert run_command(command_named("zoom"), session) == Effect(Act.ZOOM)
    assert run_command(command_named("roster", Role.INSTRUCTOR), session) == Effect(Act.ROOM, "roster")


@given(
    st.one_of(st.text(max_size=40), st.builds("{} {}".format, st.sampled_from(["quit", "next"]), st.text(max_size=9)))
)
def test_any_line_is_a_command_or_told_not_to_be(line):
    """Whatever is typed, it is understood, or refused with a printable sentence."""
    told = ""
    try:
        assert understand(line)[0] in COMMANDS
    except UsageError as error:
        told = str(error)
    assert told.isprintable()
