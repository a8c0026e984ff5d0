"""One host's room, and two hosts' on one bus, in memory and in Redis."""

import contextlib
from dataclasses import replace

from workshops import ASK, enter, until, workshop

from gdsim.classroom import workshop as workshop_file
from gdsim.classroom.messages import (
    Answer,
    Broadcast,
    Close,
    Counts,
    Follow,
    Goodbye,
    GoTo,
    HandoutWanted,
    Notice,
    OnAirState,
    Question,
    Resize,
    Reveal,
    Roster,
    Where,
)
from gdsim.scenario.place import Place

HILL = Place("mountain-descent", 4)


async def test_a_broadcast_reaches_those_who_follow():
    """At once, with phase and edits; one who walks alone is left alone and can come back."""
    async with workshop() as (room, screens):
        ada, maria, eve = (
            await enter(room, "ada", is_instructor=True),
            await enter(room, "maria"),
            await enter(room, "eve"),
        )
        room.receive(eve, Follow(False))
        room.receive(ada, Where(HILL))
        room.receive(ada, Broadcast(True))
        place = Place("mountain-descent", 5, 1, 1, False, ("5:x=3.0",))
        room.receive(ada, Where(place))
        assert screens.of(maria, GoTo) == [GoTo(HILL), GoTo(place)]
        assert screens.of(eve, GoTo) == []
        room.receive(eve, Follow(True))
        assert screens.of(eve, GoTo) == [GoTo(place)]
        room.receive(ada, Broadcast(False))
        assert screens.last(maria, OnAirState) == OnAirState("ada", True, False, "mountain-descent", 5, True)


async def test_a_question_from_asking_to_the_answer():
    """Counts come in live, a second question waits, the answer comes to all."""
    async with workshop() as (room, screens):
        ada, maria, eve = (
            await enter(room, "ada", is_instructor=True),
            await enter(room, "maria"),
            await enter(room, "eve"),
        )
        room.receive(ada, ASK)
        assert screens.last(maria, Question).text == ASK.text
        room.receive(ada, ASK)
        assert "already open" in screens.last(ada, Notice).text
        room.receive(maria, Answer(1, -1))
        await until(lambda: screens.last(ada, Counts) == Counts(1, 0, 1, 0, 1))
        room.receive(ada, Close(1))
        assert screens.last(eve, Reveal) == Reveal(1, -1, None, Counts(1, 0, 1, 0, 1))
        assert screens.last(maria, Reveal).answer == -1


async def test_what_a_screen_may_not_say_changes_nothing():
    """Messages meant for screens, and an instructor's from a learner's."""
    async with workshop() as (room, screens):
        maria = await enter(room, "maria")
        before = room.room
        for message in (Resize(1, 1), GoTo(HILL), Broadcast(True), Close(1), HandoutWanted(), Roster(())):
            room.receive(maria, message)
        assert room.room is before
        assert screens.reports == []


async def test_a_hand_out_names_its_file_alone(tmp_path):
    """The instructor's screen shows no path of the server; whoever runs it is told where."""
    async with workshop(folder=tmp_path / "out") as (room, screens):
        ada = await enter(room, "ada", is_instructor=True)
        room.receive(ada, HandoutWanted())
        (path,) = (tmp_path / "out").iterdir()
        notice = screens.last(ada, Notice)
        assert notice.text.endswith(path.name)
        assert str(tmp_path) not in notice.text
        assert f"hand-out: {path}" in screens.reports


async def test_everybody_is_told_in_their_language(tmp_path):
    """Notices and the hand-out are in the language of the screen they are for, whatever the server's is."""
    async with workshop(folder=tmp_path, language=lambda name: "zh" if name == "ada" else "en") as (room, screens):
        ada, eve = await enter(room, "ada", is_instructor=True), await enter(room, "eve", is_instructor=True)
        for name in (ada, eve):
            room.receive(name, ASK)
            room.receive(name, ASK)
            room.receive(name, HandoutWanted())
        assert "学习记录" in screens.last(ada, Notice).text
        assert "Hand-out" in screens.last(eve, Notice).text
        heads = [path.read_text(encoding="utf-8-sig").split(",")[0] for path in sorted(tmp_path.iterdir())]
        assert sorted(heads) == ["name", "名称"]


async def test_a_hand_out_that_cannot_be_written_is_told(tmp_path):
    """Why, without the path; nothing else happens."""
    (tmp_path / "file").write_text("")
    async with workshop(folder=tmp_path / "file") as (room, screens):
        ada = await enter(room, "ada", is_instructor=True)
        room.receive(ada, HandoutWanted())
        notice = screens.last(ada, Notice)
        assert notice.severity == "error"
        assert str(tmp_path) not in notice.text


async def test_a_dead_line_is_found_when_its_owner_comes_back():
    """One whose line dropped unnoticed gets name, place and answers back; one whose line is alive keeps them."""
    async with workshop() as (room, screens):
        await enter(room, "ada", is_instructor=True)
        maria = await enter(room, "maria")
        room.receive(maria, Follow(False))
        room.receive(maria, Where(HILL))
        other = await room.join("maria")
        assert (other.name, other.place) == ("maria 2", None)
        screens.dead.add("maria")
        back = await room.join("maria")
        assert (back.name, back.place, back.is_following) == ("maria", HILL, False)
        assert isinstance(screens.told["maria"][-1], Goodbye)


async def test_two_hosts_share_one_room(buses):
    """A broadcast, a question and answers go from host to host; the roster of each shows everybody."""
    async with workshop(buses()) as (one, screens), workshop(buses()) as (other, others):
        ada, maria = await enter(one, "ada", is_instructor=True), await enter(other, "maria")
        eve = await enter(one, "eve")
        await until(lambda: len(one.room.members) == len(other.room.members) == 3)
        one.receive(ada, Broadcast(True))
        for update in range(1, 30):
            one.receive(ada, Where(Place("mazur", update, edits=("0:update.learning_rate=0.1",))))
        await until(lambda: others.last(maria, GoTo) == GoTo(Place("mazur", 29, edits=("0:update.learning_rate=0.1",))))
        one.receive(ada, ASK)
        await until(lambda: others.of(maria, Question))
        other.receive(maria, Answer(1, -1))
        one.receive(eve, Answer(1, 0))
        await until(lambda: screens.last(ada, Counts) == Counts(1, 0, 1, 1, 0))
        one.receive(ada, Close(1))
        await until(lambda: others.last(maria, Reveal) == Reveal(1, -1, -1, Counts(1, 0, 1, 1, 0)))
        names = {row.name for message in screens.of(ada, Roster) for row in message.rows}
        assert names == {"ada", "eve", "maria"}


async def test_one_who_comes_back_elsewhere_is_as_before(buses):
    """A learner whose host died logs in at another host: name, place, edits and answers are there."""
    async with contextlib.AsyncExitStack() as stack:
        one, screens = await stack.enter_async_context(workshop(buses()))
        ada = await enter(one, "ada", is_instructor=True)
        dying = contextlib.AsyncExitStack()
        other, others = await dying.enter_async_context(workshop(buses()))
        stack.push_async_callback(dying.aclose)
        maria = await enter(other, "maria")
        other.receive(maria, Follow(False))
        place = replace(HILL, edits=("4:x=1.0",))
        other.receive(maria, Where(place))
        await until(lambda: "maria" in one.room.members and one.room.members["maria"].place == place)
        one.receive(ada, ASK)
        await until(lambda: others.of(maria, Question))
        other.receive(maria, Answer(1, -1))
        await until(lambda: screens.last(ada, Counts) == Counts(1, 0, 1, 0, 0))
        others.dead.add(maria)  # the host is gone as far as this line is concerned
        back = await one.join("maria")
        assert (back.name, back.place, back.host) == ("maria", place, one.id)
        assert back.answer_to(1) == -1
        await until(lambda: others.last(maria, Goodbye) is not None)
        other.left(maria)
        one.ready("maria")
        assert screens.last("maria", Question).answer == -1
        await until(lambda: other.room.members["maria"].host == one.id)
        assert one.room.members["maria"].state == "here"


async def test_a_live_namesake_at_another_host_keeps_the_name(buses):
    """The other host is asked; its learner is there, so the newcomer gets a number."""
    async with workshop(buses()) as (one, _), workshop(buses()) as (other, _others):
        await enter(other, "maria")
        await until(lambda: "maria" in one.room.members)
        assert (await one.join("maria")).name == "maria 2"


async def test_another_version_of_a_scenario_takes_nobody_along(buses):
    """Followers whose host serves another file under the name stay where they are, and it is reported."""
    async with (
        workshop(buses()) as (one, _),
        workshop(buses(), hashes={"mazur": "another"}) as (other, others),
    ):
        ada, maria = await enter(one, "ada", is_instructor=True), await enter(other, "maria")
        one.receive(ada, Where(Place("mazur", 1)))
        one.receive(ada, Broadcast(True))
        await until(lambda: any("not served here: mazur" in report for report in others.reports))
        one.receive(ada, Where(HILL))
        await until(lambda: others.of(maria, GoTo))
        assert others.of(maria, GoTo) == [GoTo(HILL)]


async def test_a_host_that_dies_takes_only_its_own(buses, monkeypatch):
    """Without a word from it for a while, those whose line it held are gone for the others; nobody else is."""
    monkeypatch.setattr(workshop_file, "SURE", 0.3)
    monkeypatch.setattr(workshop_file, "BEAT", 0.1)
    async with workshop(buses()) as (one, screens):
        ada = await enter(one, "ada", is_instructor=True)
        bus = buses()
        async with workshop(bus) as (other, _others):
            await enter(other, "maria")
            await until(lambda: "maria" in one.room.members)
            bus.put = lambda *_arguments: None  # from here on it says nothing
        await until(lambda: one.room.members["maria"].state == "gone", 30)
        assert one.room.members["ada"].state == "here"
        await until(lambda: any(row.state == "gone" for row in screens.last(ada, Roster).rows))
        assert any("died" in report for report in screens.reports)
