"""A room's rules: names, coming back, walking alone or along, questions."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from workshops import ASK, copied

from gdsim.classroom.bus import changes, with_record
from gdsim.classroom.messages import Answer, Broadcast, Close, Counts, Follow, Reveal, Where
from gdsim.classroom.room import LONGEST_NAME, MOST_MEMBERS, MOST_QUESTIONS, Given, Member, Reached, Room, clean_name
from gdsim.scenario.place import Place

HILL = Place("mountain-descent", 4, None, 1, False, ("2:update.learning_rate=0.5",))


def room_of(*names, instructor="ada"):
    room = Room().joined(instructor, "host", is_instructor=True)[0]
    for name in names:
        room = room.joined(name, "host")[0]
    return room


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("maria", "maria"),
        ("  Jean-Luc O'Neil ", "Jean-Luc O'Neil"),
        ("李雷", "李雷"),
        ("Zoë", "Zoë"),
        ("ann\x1b[2J\x1b]0;pwned\x07", "ann2J0pwned"),
        ("a\u202eb\u200bc\ufeffd", "abcd"),
        ("x" * 10_000, "x" * LONGEST_NAME),
        ("e" + "\u0301" * 500, "é\u0301\u0301"),
        ("../../etc/passwd", "etcpasswd"),
        ("=1+1", "11"),
        ("", "learner"),
        ("\x00\x07 --", "learner"),
        ("🎉🎉", "learner"),
    ],
)
def test_names_are_cleaned(typed, shown):
    """A name is letters, figures and joints; nothing in it moves a cursor or another's text."""
    assert clean_name(typed) == shown


@given(st.text(max_size=200))
def test_clean_names_stay_clean(typed):
    """Whatever is typed gives a short printable name, and that name gives itself."""
    name = clean_name(typed)
    assert 0 < len(name) <= LONGEST_NAME
    assert name.isprintable()
    assert cell_len(name) <= 2 * LONGEST_NAME
    assert clean_name(name) == name


def test_two_of_one_name_are_told_apart():
    """The second maria is maria 2, and both come back to what was theirs."""
    room, first = Room().joined("maria", "host")
    room, second = room.joined("maria", "host")
    assert (first.name, second.name) == ("maria", "maria 2")
    room = room.after("maria", Where(HILL)).after("maria 2", Where(Place("mazur", 2))).left("maria").left("maria 2")
    room, back = room.joined("maria", "other")
    assert (back.name, back.place, back.host) == ("maria", HILL, "other")
    room, back = room.joined("maria", "other")
    assert (back.name, back.place) == ("maria 2", Place("mazur", 2))


def test_a_learner_never_gets_an_instructors_place():
    """Logging in as the instructor who is away gives another name, not the role."""
    room, member = room_of().left("ada").joined("ada", "host")
    assert (member.name, member.is_instructor) == ("ada 2", False)
    room, member = room.joined("ada", "host", is_instructor=True)
    assert (member.name, member.is_instructor) == ("ada", True)


def test_coming_back_finds_everything():
    """Scenario, update, edits, answers and whether one follows are as they were."""
    room = room_of("maria").after("maria", Follow(False)).after("maria", Where(HILL))
    room = room.after("ada", ASK).after("maria", Answer(1, -1))
    back = room.left("maria", "crashed").joined("maria", "host")[1]
    assert back == room.members["maria"]
    assert (back.place, back.answers, back.is_following) == (HILL, (Given(1, -1),), False)


def test_followers_are_where_the_instructor_is():
    """While a broadcast is on; one who walks on alone starts where the broadcast was."""
    room = room_of("maria", "eve").after("eve", Follow(False)).after("eve", Where(HILL))
    room = (
        room.after("ada", Where(Place("mazur", 3)))
        .after("ada", Broadcast(True))
        .after("ada", Where(Place("mazur", 5, 1)))
    )
    maria, eve = room.members["maria"], room.members["eve"]
    assert room.place_of(maria) == Place("mazur", 5, 1)
    assert room.place_of(eve) == HILL
    assert room.after("maria", Where(HILL)) is room  # what a follower's screen says of being moved does not move it
    alone = room.after("maria", Follow(False))
    assert alone.members["maria"].place == Place("mazur", 5, 1)
    assert alone.after("maria", Where(HILL)).place_of(alone.members["maria"]) == Place("mazur", 5, 1)
    over = room.after("ada", Broadcast(False)).after("ada", Where(Place("mazur", 9)))
    assert over.place_of(over.members["maria"]) == Place("mazur", 5, 1)


def test_who_reached_what():
    """The furthest update of each scenario counts, also of those taken along, and going back takes nothing away."""
    room = room_of("maria", "eve").after("eve", Follow(False)).after("ada", Broadcast(True))
    for update in (1, 7, 2):
        room = room.after("ada", Where(Place("mazur", update)))
    room = (
        room.after("ada", Where(Place("perceptron", 1)))
        .after("eve", Where(HILL))
        .after("eve", Where(replace(HILL, update=1)))
    )
    assert room.members["maria"].reached == (Reached("mazur", 7), Reached("perceptron", 1))
    assert room.members["eve"].reached == (Reached("mountain-descent", 4),)


def test_only_instructors_broadcast_ask_and_reveal():
    """The messages of a learner's screen change nothing of the kind."""
    room = room_of("maria")
    assert room.after("maria", Broadcast(True)) is room
    assert room.after("maria", ASK) is room
    room = room.after("ada", ASK)
    assert room.after("maria", Close(1)) is room
    assert room.after("ada", Answer(1, 1)) is room
    assert room.after("ada", Follow(True)) is room
    assert room.after("nobody", Where(HILL)) is room


def test_a_question_is_asked_counted_and_closed():
    """Counts are of the last answer of each; those who have not answered and are here are waited for."""
    room = room_of("a", "b", "c", "d").after("ada", ASK)
    assert room.air.is_on
    assert room.air.place == ASK.place
    assert room.after("ada", ASK) is room
    for name, value in (("a", 1), ("b", -1), ("a", -1), ("c", 0)):
        room = room.after(name, Answer(1, value))
    assert room.counts(1) == Counts(1, more=0, less=2, neither=1, waiting=1)
    assert room.left("d").counts(1).waiting == 0
    closed = room.after("ada", Close(1))
    assert closed.open_question is None
    assert closed.after("d", Answer(1, 1)) is closed
    assert closed.reveal(1, closed.members["b"].answer_to(1)) == Reveal(1, -1, -1, closed.counts(1))
    assert closed.after("ada", ASK).open_question.id == 2


@pytest.mark.parametrize("answer", [Answer(2, 1), Answer(-1, 1)])
def test_nonsense_answers_change_nothing(answer):
    """An answer to no question is not taken."""
    room = room_of("maria").after("ada", ASK)
    assert room.after("maria", answer) is room


def test_a_room_is_bounded():
    """Names beyond the most there may be push out those away longest; questions end."""
    members = {f"n{number}": _gone(number) for number in range(MOST_MEMBERS)}
    room = Room(members).joined("maria", "host")[0]
    assert len(room.members) == MOST_MEMBERS
    assert "n0" not in room.members
    assert "maria" in room.members
    room = room_of()
    for number in range(MOST_QUESTIONS + 5):
        room = room.after("ada", ASK).after("ada", Close(number + 1))
    assert len(room.asked) == MOST_QUESTIONS


def _gone(number):
    return Member(f"n{number}", "host", state="gone")


def test_a_dead_host_takes_only_its_own():
    """Everybody whose line it held is gone, nobody else."""
    room = Room().joined("a", "one")[0].joined("b", "two")[0].without_host("one")
    assert [member.state for member in room.members.values()] == ["gone", "here"]


LEARNERS, QUESTIONS = st.sampled_from("ab"), st.integers(1, 3)
PLACES = st.builds(Place, st.just("mazur"), st.integers(0, 9))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.sampled_from("abc")),
        st.tuples(st.just("leave"), st.sampled_from(["a", "b", "a 2", "ada"])),
        st.tuples(st.sampled_from(["a", "b", "ada"]), st.builds(Where, PLACES)),
        st.tuples(LEARNERS, st.builds(Follow, st.booleans())),
        st.tuples(LEARNERS, st.builds(Answer, QUESTIONS, st.integers(-1, 1))),
        st.tuples(
            st.just("ada"), st.one_of(st.builds(Broadcast, st.booleans()), st.just(ASK), st.builds(Close, QUESTIONS))
        ),
    ),
    max_size=30,
)


def taken(room, step):
    """Return the room after one step of a story."""
    match step:
        case ("join", name):
            return room.joined(name, "host")[0]
        case ("leave", name):
            return room.left(name)
    return room.after(*step)


@given(STEPS)
def test_another_host_sees_the_same_room(steps):
    """Whatever happens, a host that hears the changes ends with the same people, places, answers and questions."""
    here, there = room_of(), Room()
    for before, after in _story(room_of(), steps):
        for key, value in changes(before, after):
            there = with_record(there, key, value)
        here = after
    assert there.air == here.air
    assert there.asked == {number: copied(asked) for number, asked in here.asked.items()}
    assert there.members.keys() == here.members.keys()
    for name, member in here.members.items():
        other = there.members[name]
        assert there.place_of(other) == here.place_of(member)
        assert replace(other, place=None, reached=()) == replace(member, place=None, reached=())


def _story(room, steps):
    yield Room(), room
    for step in steps:
        before, room = room, taken(room, step)
        yield before, room
