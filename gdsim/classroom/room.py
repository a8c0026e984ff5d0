"""A room: who is in it, the broadcast, questions and answers, and everybody's progress in a course.

Immutable: every change returns a new room. The people of one room may be connected to several hosts: each host holds
the whole room, makes the changes of its own people, and takes over those of other hosts record by record.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Annotated

from pydantic import Field

from gdsim.classroom.messages import (
    MOST_ENTRIES,
    Answer,
    Ask,
    Broadcast,
    Close,
    Count,
    Counts,
    CourseState,
    Follow,
    GoalCounts,
    Message,
    Number,
    OpenChapter,
    Progressed,
    Question,
    Reveal,
    Sign,
    State,
    Where,
    checked,
)
from gdsim.scenario.place import Place, Text

MOST_MEMBERS = 5_000
"""People a room remembers at most; beyond that, of those who are away, the one who joined first is forgotten."""

MOST_QUESTIONS = MOST_ENTRIES
"""Questions in one workshop at most."""


@checked
class Given:
    """An answer given: the number of the question, and 1, -1, 0 for more, less, neither."""

    question: Number
    value: Sign


@checked
class Reached:
    """The furthest update somebody has reached in a scenario."""

    scenario: Text
    update: Number


@checked
class Member:
    """Somebody who is or was in the room.

    host: the host they are connected to; place: where their own screen is, None before there is one.
    is_following: whether they are shown a broadcast instead. reached: the furthest update in each scenario; progress:
    what was reached alone in each scenario.
    """

    name: Text
    host: Text
    is_instructor: bool = False
    state: State = "here"
    is_following: bool = True
    place: Place | None = None
    answers: Annotated[tuple[Given, ...], Field(max_length=MOST_ENTRIES)] = ()
    reached: Annotated[tuple[Reached, ...], Field(max_length=MOST_ENTRIES)] = ()
    progress: Annotated[tuple[Progressed, ...], Field(max_length=MOST_ENTRIES)] = ()

    def answer_to(self, question: int) -> int | None:
        """Return the answer given to a question, None for none."""
        return next((given.value for given in self.answers if given.question == question), None)

    def standing_at(self, place: Place) -> Member:
        """Return the member moved to a place."""
        here = Reached(place.scenario, place.update)
        others = tuple(each for each in self.reached if each.scenario != place.scenario)
        known = next((each for each in self.reached if each.scenario == place.scenario), here)
        reached = (*others, here if here.update >= known.update else known)
        return replace(self, place=place, reached=reached[-MOST_ENTRIES:])

    def having_reached(self, now: Progressed) -> Member:
        """Return the member with progress in a scenario added to what was reached there before."""
        before = next((each for each in self.progress if each.scenario == now.scenario), Progressed(now.scenario))
        goals, questions = sorted({*before.goals, *now.goals}), sorted({*before.questions, *now.questions})
        is_finished = before.is_finished or now.is_finished
        both = Progressed(now.scenario, tuple(goals[:MOST_ENTRIES]), tuple(questions[:MOST_ENTRIES]), is_finished)
        others = tuple(each for each in self.progress if each.scenario != now.scenario)
        return replace(self, progress=(*others, both)[-MOST_ENTRIES:])


@checked
class OnAir:
    """The broadcast: by whom, and its place; while it is off, those of the last one."""

    is_on: bool = False
    instructor: Text = ""
    place: Place | None = None


@checked
class Asked:
    """A question put to the room. ask: as the instructor's screen sent it; is_open: until its answer is revealed."""

    id: Annotated[int, Field(ge=1, le=10**12)]
    ask: Ask
    is_open: bool = True

    def word(self, value: int) -> str:
        """Return the word for an answer of 1, -1 or 0."""
        return self.ask.words[(1, -1, 0).index(value)]

    def put(self, given: int | None) -> Question:
        """Return the message that puts the question. given: the receiver's answer so far, None for none."""
        ask = self.ask
        return Question(self.id, ask.place, ask.quantity, ask.form, ask.text, ask.words, given)


@dataclass(frozen=True, slots=True)
class Room:
    """Members by name, the broadcast, and questions by number.

    chapters: whether each chapter of the course is open, by number from 0; empty where no course is served.
    """

    members: Mapping[str, Member] = field(default_factory=dict)
    air: OnAir = OnAir()
    asked: Mapping[int, Asked] = field(default_factory=dict)
    chapters: Mapping[int, bool] = field(default_factory=dict)

    # Messages from screens.

    def after(self, name: str, message: Message) -> Room:
        """Return the room after a message from somebody's screen; a message that is not allowed changes nothing."""
        member = self.members.get(name)
        if member is None:
            return self
        if isinstance(message, Where):
            return self if self.is_carried(member) else self._at(member, message.place)
        return (self._after_instructor if member.is_instructor else self._after_learner)(member, message)

    def _at(self, member: Member, place: Place) -> Room:
        """Return the room after a screen has moved; the broadcaster's screen takes followers along."""
        room = self.with_member(member.standing_at(place))
        is_broadcaster = self.air.is_on and self.air.instructor == member.name
        return room.with_air(replace(self.air, place=place)) if is_broadcaster else room

    def _after_learner(self, member: Member, message: Message) -> Room:
        match message:
            case Follow(is_on) if is_on != member.is_following:
                # A learner who stops following starts where the broadcast took them.
                return self.with_member(replace(self._standing(member), is_following=is_on))
            case Answer(number, value) if self.is_open(number):
                others = tuple(given for given in member.answers if given.question != number)
                return self.with_member(replace(member, answers=(*others, Given(number, value))))
            case Progressed():
                return self.with_member(member.having_reached(message))
        return self

    def _after_instructor(self, member: Member, message: Message) -> Room:
        match message:
            case Broadcast(True):
                return self.with_air(OnAir(True, member.name, member.place or self.air.place))
            case Broadcast(False) if self.air.is_on:
                members = {each.name: self._standing(each) for each in self.members.values()}
                return replace(self, members=members, air=replace(self.air, is_on=False))
            case Ask(place) if self.open_question is None and len(self.asked) < MOST_QUESTIONS:
                # The question's place is the instructor's, and is broadcast.
                room = self.with_member(member.standing_at(place)).with_air(OnAir(True, member.name, place))
                return room.with_question(Asked(max(self.asked, default=0) + 1, message))
            case Close(number) if self.is_open(number):
                return self.with_question(replace(self.asked[number], is_open=False))
            case OpenChapter(chapter, is_open):
                return self.with_chapter(chapter, is_open)
        return self

    def with_air(self, air: OnAir) -> Room:
        """Return the room with a new state of the broadcast, which takes followers along."""
        room = replace(self, air=air)
        if air.place is None or not air.is_on:
            return room
        carried = {m.name: m.standing_at(air.place) for m in self.members.values() if room.is_taken_along(m)}
        return replace(room, members={**self.members, **carried})

    def with_member(self, member: Member) -> Room:
        """Return the room with a member added or replaced."""
        return replace(self, members={**self.members, member.name: member})

    def with_question(self, asked: Asked) -> Room:
        """Return the room with a question added or replaced."""
        return replace(self, asked={**self.asked, asked.id: asked})

    def with_chapter(self, chapter: int, is_open: bool) -> Room:
        """Return the room with a chapter opened or closed; unchanged if the course has no such chapter."""
        if self.chapters.get(chapter, is_open) == is_open:
            return self
        return replace(self, chapters={**self.chapters, chapter: is_open})

    def _standing(self, member: Member) -> Member:
        """Return the member moved to the place they are shown."""
        place = self.place_of(member)
        return member if place is None else member.standing_at(place)

    def is_open(self, question: int) -> bool:
        """Whether a question is open for answers."""
        return question in self.asked and self.asked[question].is_open

    # Who is here.

    def name_for(self, wanted: str, *, is_instructor: bool = False) -> str:
        """Return the name for somebody who logs in as `wanted`: the same one for somebody who comes back.

        If somebody here has that name, or anybody had it in another role, a number is added.
        """
        taken = {
            name
            for name, member in self.members.items()
            if member.state == "here" or member.is_instructor != is_instructor
        }
        return next(name for name in numbers(clean_name(wanted)) if name not in taken)

    def joined(self, wanted: str, host: str, *, is_instructor: bool = False) -> tuple[Room, Member]:
        """Return the room with a new or returning member, and that member; a returning one is where they were."""
        name = self.name_for(wanted, is_instructor=is_instructor)
        known = self.members.get(name)
        if known is None:
            member = Member(name, host, is_instructor, is_following=not is_instructor)
        else:
            member = replace(known, host=host, state="here")
        members = dict(self.members)
        members.pop(name, None)
        while len(members) >= MOST_MEMBERS:
            del members[next((each for each in members if members[each].state != "here"), next(iter(members)))]
        return replace(self, members={**members, name: member}), member

    def left(self, name: str, state: State = "gone") -> Room:
        """Return the room with a member marked as gone or crashed, who may come back."""
        member = self.members.get(name)
        if member is None or member.state != "here":
            return self
        return self.with_member(replace(self._standing(member), state=state))

    def without_host(self, host: str) -> Room:
        """Return the room with everybody gone who was connected to a host."""
        room = self
        for member in self.members.values():
            if member.host == host:
                room = room.left(member.name)
        return room

    def is_carried(self, member: Member) -> bool:
        """Whether a member is shown the broadcast."""
        return self.air.is_on and member.is_following and not member.is_instructor

    def is_taken_along(self, member: Member) -> bool:
        """Whether a member is here and is shown the broadcast."""
        return member.state == "here" and self.is_carried(member)

    def place_of(self, member: Member) -> Place | None:
        """Return a member's place: the broadcast's or their own; None before the first step."""
        return self.air.place if self.is_carried(member) and self.air.place is not None else member.place

    # Questions and the course.

    @property
    def open_question(self) -> Asked | None:
        """The question that is open for answers."""
        return next((asked for asked in self.asked.values() if asked.is_open), None)

    def counts(self, question: int) -> Counts:
        """Return how many learners gave each answer to a question, and how many of those here gave none."""
        given = [member.answer_to(question) for member in self.learners]
        waiting = sum(1 for m in self.learners if m.state == "here" and m.answer_to(question) is None)
        return Counts(question, given.count(1), given.count(-1), given.count(0), waiting)

    def reveal(self, question: int, answer: int | None) -> Reveal:
        """Return the message that reveals a closed question. answer: the receiver's, None for none."""
        return Reveal(question, self.asked[question].ask.right, answer, self.counts(question))

    @property
    def learners(self) -> list[Member]:
        """Everybody who is or was here, except instructors."""
        return [member for member in self.members.values() if not member.is_instructor]

    @property
    def course_state(self) -> CourseState:
        """Which chapters are open, and how many of the learners here are in each scenario."""
        places = [self.place_of(member) for member in self.learners if member.state == "here"]
        at_work = Counter(place.scenario for place in places if place is not None)
        counts = tuple(Count(scenario, (learners,)) for scenario, learners in sorted(at_work.items()))
        return CourseState(tuple(number for number, is_open in self.chapters.items() if is_open), counts[:MOST_ENTRIES])

    @property
    def goal_counts(self) -> GoalCounts:
        """How many learners have reached each goal."""
        reached: dict[str, Counter[int]] = {}
        for member in self.learners:
            for each in member.progress:
                reached.setdefault(each.scenario, Counter()).update(each.goals)
        counts = [
            Count(scenario, tuple(goals[place] for place in range(max(goals) + 1))[:MOST_ENTRIES])
            for scenario, goals in reached.items()
            if goals
        ]
        return GoalCounts(tuple(counts[:MOST_ENTRIES]))


# Names: hostile input, cleaned before others see it.

LONGEST_NAME = 24
"""Characters of a name at most."""

NAMELESS = "learner"
"""The name of somebody whose own has nothing that can be shown."""

_JOINTS = " -_.'"
_MOST_MARKS = 2


def clean_name(name: str) -> str:
    """Return a name as it is shown: letters, digits and single joints between them, at most `LONGEST_NAME` characters.

    Control and formatting characters, emoji and everything else are removed, and so are marks piled on a letter.
    """
    kept, marks = "", 0
    for character in unicodedata.normalize("NFKC", name[: 20 * LONGEST_NAME]):
        kind = unicodedata.category(character)
        marks = marks + 1 if kind[0] == "M" else 0
        is_joint = character in _JOINTS and kept[-1:] not in _JOINTS
        if kind[0] in "LN" or 0 < marks <= _MOST_MARKS or is_joint:
            kept += character
    return unicodedata.normalize("NFC", kept[:LONGEST_NAME]).strip(_JOINTS) or NAMELESS


def numbers(name: str) -> Iterator[str]:
    """Yield names that distinguish people of the same name: the name, then the name with numbers from 2 on."""
    yield name
    yield from (f"{name} {number}" for number in count(2))
