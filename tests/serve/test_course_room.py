"""A course in a room: chapters an instructor opens, goals that are counted and come back, on one host and on two."""

import csv
import io

from workshops import enter, until, workshop

from gdsim.classroom.handout import handout
from gdsim.classroom.messages import Count, CourseState, Follow, GoalCounts, OpenChapter, Progressed, Roster, Where
from gdsim.classroom.room import Room
from gdsim.scenario.course import course_path, load_course
from gdsim.scenario.place import Place

COURSE = load_course(course_path())
DONE = f"scenarios done of {len(COURSE.scenarios)}"
GOALS = f"goals reached of {sum(len(each.goals) for each in COURSE.scenarios)}"
CLOSED = dict.fromkeys(range(len(COURSE.chapters)), False)
FIRST = Progressed("mountain-descent", goals=(0,), questions=(1,))


def served(bus=None):
    return workshop(bus, courses={"en": COURSE})


def room_of(*names):
    room = Room(chapters=CLOSED).joined("ada", "host", is_instructor=True)[0]
    for name in names:
        room = room.joined(name, "host")[0]
    return room


def test_an_instructor_opens_chapters():
    """One by one, and closes them again; a learner cannot, and a chapter the course does not have stays away."""
    room = room_of("maria").after("ada", OpenChapter(0, True)).after("ada", OpenChapter(3, True))
    assert room.course_state.chapters == (0, 3)
    assert room.after("ada", OpenChapter(0, False)).course_state.chapters == (3,)
    assert room.after("maria", OpenChapter(1, True)) is room
    assert room.after("ada", OpenChapter(10, True)) is room
    assert room.after("ada", OpenChapter(-1, True)) is room


def test_what_was_reached_stays_reached():
    """Goals and questions of a scenario add up, whatever order they are told in; an instructor's are not kept."""
    room = room_of("maria").after("maria", FIRST).after("maria", Progressed("mountain-descent", (1,), (), True))
    assert room.members["maria"].progress == (Progressed("mountain-descent", (0, 1), (1,), True),)
    assert room.after("ada", FIRST) is room


def test_learners_are_counted_not_named():
    """How many are in each scenario, of those here, and how many reached each goal, of all who came."""
    room = room_of("maria", "eve", "tom", "ann")
    for name in ("maria", "eve"):
        room = room.after(name, Follow(False)).after(name, Where(Place("mountain-descent", 3))).after(name, FIRST)
    room = room.after("tom", Where(Place("mazur", 1))).after("eve", Progressed("mountain-descent", (1,))).left("eve")
    assert room.course_state.at_work == (Count("mazur", (1,)), Count("mountain-descent", (1,)))
    assert room.goal_counts == GoalCounts((Count("mountain-descent", (2, 1)),))


async def test_a_chapter_opened_is_told_to_everybody():
    """Learners hear which chapters are open; the roster and the counts of goals are the instructor's."""
    async with served() as (made, screens):
        ada, maria = await enter(made, "ada", is_instructor=True), await enter(made, "maria")
        assert screens.last(maria, CourseState) == CourseState((), ())
        made.receive(maria, OpenChapter(0, True))
        assert screens.last(maria, CourseState) == CourseState((), ())
        made.receive(ada, OpenChapter(0, True))
        assert screens.last(maria, CourseState) == CourseState((0,), ())
        made.receive(maria, Where(Place("mountain-descent", 2)))
        made.receive(maria, FIRST)
        await until(lambda: screens.last(ada, GoalCounts) == GoalCounts((Count("mountain-descent", (1,)),)))
        (row,) = screens.last(ada, Roster).rows
        assert (row.name, row.scenario, row.goals, row.questions) == ("maria", "mountain-descent", 1, 1)
        assert not screens.of(maria, GoalCounts)
        assert not screens.of(maria, Roster)


async def test_a_scenario_that_is_not_served_is_passed_over():
    """A screen that claims to be elsewhere, or to have reached something there, changes nothing."""
    async with workshop(courses={"en": COURSE}, hashes={"evil": ""}) as (made, _screens):
        maria = await enter(made, "maria")
        before = made.room
        made.receive(maria, Where(Place("evil", 2)))
        made.receive(maria, Progressed("evil", (0,)))
        assert made.room is before


async def test_a_course_may_be_open_from_the_start():
    """With its chapters open nobody waits for the instructor."""
    async with workshop(courses={"en": COURSE}, is_course_open=True) as (made, screens):
        maria = await enter(made, "maria")
        assert screens.last(maria, CourseState) == CourseState(tuple(range(10)), ())


async def test_progress_comes_back_on_another_host(buses):
    """A chapter opened at one host is open at the other; a learner whose line drops there finds her goals here."""
    async with served(buses()) as (one, screens), served(buses()) as (other, others):
        ada, maria = await enter(one, "ada", is_instructor=True), await enter(other, "maria")
        await until(lambda: len(one.room.members) == len(other.room.members) == 2)
        one.receive(ada, OpenChapter(1, True))
        await until(lambda: others.last(maria, CourseState) == CourseState((1,), ()))
        other.receive(maria, FIRST)
        await until(lambda: screens.last(ada, GoalCounts) == GoalCounts((Count("mountain-descent", (1,)),)))
        others.dead.add(maria)
        back = await one.join("maria")
        assert (back.name, back.host, back.progress) == ("maria", one.id, (FIRST,))
        one.receive("maria", Progressed("mountain-descent", (1,)))
        await until(lambda: other.room.members["maria"].progress[0].goals == (0, 1))


def test_the_hand_out_has_goals_and_progress():
    """Besides the columns there always are: the chapter, how much is done, reached and right, and every goal."""
    room = room_of("maria", "eve").after("maria", Follow(False)).after("maria", Where(Place("learning-rates", 4)))
    room = room.after("maria", Progressed("mountain-descent", (0, 1), (0, 2))).after("maria", FIRST)
    eve, maria = csv.DictReader(io.StringIO(handout(room, COURSE)))
    old = ["name", "state", "reached", "scenario", "update", "changed", "right", "answered"]
    assert list(maria)[: len(old)] == old
    assert (maria["chapter"], maria["scenario"]) == ("Step size and valleys", "learning-rates")
    reached = {key: value for key, value in maria.items() if key.startswith("mountain-descent ")}
    assert list(reached.values()) == ["1", "1"]
    assert maria[DONE] == "1"
    assert maria[GOALS] == "2"
    assert [value for key, value in maria.items() if key.startswith("questions right of")] == ["3"]
    assert (eve["chapter"], eve[DONE], eve[GOALS]) == ("", "0", "0")
    assert "chapter" not in handout(room)
