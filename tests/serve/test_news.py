"""What screens are told: each what it needs, followers the same things, nobody an answer before its time."""

from dataclasses import replace

from workshops import ASK

from gdsim.classroom.messages import (
    Answer,
    Broadcast,
    Close,
    Counts,
    Follow,
    GoTo,
    OnAirState,
    Question,
    Reveal,
    Roster,
    Where,
)
from gdsim.classroom.notifications import ROWS, news
from gdsim.classroom.room import Room
from gdsim.scenario.place import Place


def told(before, after, name):
    return [message for to, message in news(before, after, (name,)) if to == name]


def kinds(messages):
    return [type(message) for message in messages]


def room_of(count=1):
    room = Room().joined("ada", "host", is_instructor=True)[0]
    for number in range(count):
        room = room.joined(f"n{number}", "host")[0]
    return room


def test_a_newcomer_is_told_everything():
    """Where the broadcast is, the open question with an answer given before, and how things stand."""
    room = room_of().after("ada", ASK).after("n0", Answer(1, -1))
    messages = told(Room(), room, "n0")
    assert kinds(messages) == [OnAirState, GoTo, Question]
    assert messages[0] == OnAirState("ada", True, True, "", 0, True)
    assert messages[2].answer == -1
    messages = told(Room(), room, "ada")
    assert kinds(messages) == [OnAirState, Question, Roster, Counts]


def test_nothing_new_is_not_told():
    """No message without a change."""
    room = room_of(3).after("ada", ASK)
    assert list(news(room, room, list(room.members))) == []


def test_followers_get_the_same_object():
    """One message for all who follow, so that a shared screen is told once; those alone hear where it is."""
    before = room_of(500).after("n7", Follow(False)).after("ada", Broadcast(True))
    after = before.after("ada", Where(Place("mazur", 2)))
    messages = list(news(before, after, [name for name in after.members if name != "ada"]))
    moves = [message for name, message in messages if name != "n7"]
    assert len(moves) == 499
    assert all(move is moves[0] for move in moves)
    assert moves[0] == GoTo(Place("mazur", 2))
    assert [message for name, message in messages if name == "n7"] == [OnAirState("ada", True, True, "mazur", 2, False)]


def test_answers_are_told_to_the_instructor_alone():
    """While a question is open learners hear nothing of the answers of others, and nobody which one is right."""
    before = room_of(2).after("ada", ASK)
    after = before.after("n0", Answer(1, 1))
    assert told(before, after, "n1") == []
    counts, roster = (next(m for m in told(before, after, "ada") if isinstance(m, kind)) for kind in (Counts, Roster))
    assert counts == Counts(1, 1, 0, 0, 1)
    assert [(row.name, row.is_answered, row.is_right) for row in roster.rows] == [("n0", True, None)]
    assert all(not isinstance(message, Reveal) for message in told(before, after, "ada"))


def test_everybody_is_told_the_answer_when_it_is_revealed():
    """With what each one said themselves."""
    before = room_of(2).after("ada", ASK).after("n0", Answer(1, 1))
    after = before.after("ada", Close(1))
    assert told(before, after, "n0") == [Reveal(1, -1, 1, Counts(1, 1, 0, 0, 1))]
    assert told(before, after, "n1") == [Reveal(1, -1, None, Counts(1, 1, 0, 0, 1))]
    assert Reveal in kinds(told(before, after, "ada"))


def test_one_who_comes_along_again_is_put_the_question():
    """The place first, then the question, as to a newcomer."""
    before = room_of(1).after("n0", Follow(False)).after("ada", ASK)
    after = before.after("n0", Follow(True))
    assert kinds(told(before, after, "n0")) == [OnAirState, GoTo, Question]


def test_the_roster_tells_what_changed():
    """Only the rows that differ; that of one taken along does not change with each step; all of it in bounded parts."""
    before = room_of(500).after("n3", Follow(False)).after("ada", Broadcast(True))
    after = before.after("ada", Where(Place("mazur", 1)))
    rows = [row.name for message in told(before, after, "ada") if isinstance(message, Roster) for row in message.rows]
    assert rows == ["ada"]
    after = before.after("n3", Where(Place("perceptron", 9)))
    (roster,) = told(before, after, "ada")
    assert [(row.name, row.scenario, row.update, row.is_following) for row in roster.rows] == [
        ("n3", "perceptron", 9, False)
    ]
    whole = [message for message in told(Room(), before, "ada") if isinstance(message, Roster)]
    assert all(len(message.rows) <= ROWS for message in whole)
    assert sum(len(message.rows) for message in whole) == 501


def test_a_row_says_how_somebody_left():
    """Gone and crashed are told apart, and an answer stays in its row, right or not once it is revealed."""
    before = room_of(2).after("ada", ASK).after("n0", Answer(1, -1)).after("n1", Answer(1, 1)).after("ada", Close(1))
    after = before.left("n0").left("n1", "crashed")
    rows = {row.name: row for row in told(before, after, "ada")[-1].rows}
    assert (rows["n0"].state, rows["n0"].answer, rows["n0"].is_right) == ("gone", "down", True)
    assert (rows["n1"].state, rows["n1"].answer, rows["n1"].is_right) == ("crashed", "up", False)


def test_the_instructor_leaving_is_told():
    """Learners hear that nobody is at the controls; the broadcast stays where it is."""
    before = room_of(1).after("ada", Broadcast(True)).after("ada", Where(Place("mazur", 1)))
    after = before.left("ada")
    assert told(before, after, "n0") == [replace(OnAirState("ada", True, True, "", 0, True), is_here=False)]
