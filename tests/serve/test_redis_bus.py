"""The bus in Redis: nothing missed, nothing out of date, and a Redis that goes away and comes back."""

import asyncio
import contextlib

import pytest
from workshops import ASK, enter, until, workshop

from gdsim.classroom.messages import Broadcast, GoTo, Where
from gdsim.errors import UsageError
from gdsim.scenario.place import Place

redis = pytest.importorskip("redis")

from gdsim.classroom.bus import Standing  # noqa: E402
from gdsim.classroom.redis_bus import RedisBus  # noqa: E402


class Ear:
    """What one end of a bus has heard."""

    def __init__(self, url, room="workshop"):
        self.bus = RedisBus(url, room)
        self.records = []
        self.standings = []

    async def __aenter__(self):
        self.name = f"host {id(self)}"
        await self.bus.open(self.name, self.records.append, self.standings.append)
        return self

    async def __aexit__(self, *_error):
        await self.bus.close()

    @property
    def values(self):
        return {record.key: record.value for record in self.records}


@contextlib.asynccontextmanager
async def raw(url):
    client = redis.asyncio.Redis.from_url(url)
    yield client
    await client.aclose()


async def test_changes_arrive_in_order_with_their_numbers(redis_server):
    """Each with its number, the scenario's hash and the host; not what one said oneself."""
    async with Ear(redis_server.url) as one, Ear(redis_server.url) as other:
        for number in range(20):
            one.bus.put(f"key {number}", "value", "hash")
        await until(lambda: len(other.records) == 20)
        assert [record.sequence for record in other.records] == list(range(1, 21))
        assert [record.key for record in other.records] == [f"key {number}" for number in range(20)]
        assert {(record.scenario_hash, record.host) for record in other.records} == {("hash", one.name)}
        assert one.records == []


async def test_a_newcomer_hears_the_last_values(redis_server):
    """Of each key the last one, before `open` is through."""
    async with Ear(redis_server.url) as one:
        for value in ("a", "b", "c"):
            one.bus.put("air", value)
        one.bus.put("other", "d")
        async with raw(redis_server.url) as client:
            while not await client.hexists("gdsim:workshop:values", "other"):
                await asyncio.sleep(0.01)
        async with Ear(redis_server.url) as other:
            assert other.values == {"air": "c", "other": "d"}
        async with Ear(redis_server.url, "another room") as apart:
            assert apart.records == []


async def test_a_gap_in_the_numbers_fetches_the_last_values(redis_server):
    """A change nobody published comes with the next one that is; a lost last one comes within seconds."""
    async with Ear(redis_server.url) as one, Ear(redis_server.url) as other, raw(redis_server.url) as client:
        one.bus.put("a", "1")
        await until(lambda: other.values == {"a": "1"})
        await client.incr("gdsim:workshop:sequence")
        await client.hset("gdsim:workshop:values", "b", '2 ["b","third","","missed"]')
        one.bus.put("a", "3")
        await until(lambda: other.values == {"a": "3", "b": "missed"})
        await client.incr("gdsim:workshop:sequence")
        await client.hset("gdsim:workshop:values", "b", '4 ["b","third","","the last"]')
        await until(lambda: other.values == {"a": "3", "b": "the last"})


async def test_the_last_one_counts_for_everybody(redis_server):
    """Two hosts that change the same thing at once end with the same value, that which came last."""
    async with Ear(redis_server.url) as one, Ear(redis_server.url) as other, raw(redis_server.url) as client:
        for round_number in range(30):
            one.bus.put("air", f"one {round_number}")
            other.bus.put("air", f"other {round_number}")
            if round_number % 3 == 0:
                await asyncio.sleep(0)
        for end in (one, other):
            end.bus.put(f"end {end.name}", "everything before is sent")
            while not await client.hexists("gdsim:workshop:values", f"end {end.name}"):
                await asyncio.sleep(0.01)
        last = (await client.hget("gdsim:workshop:values", "air")).decode()
        wanted = "one 29" if "one 29" in last else "other 29"
        loser = other if wanted == "one 29" else one
        await until(lambda: loser.values["air"] == wanted)


@pytest.mark.parametrize(
    "line",
    [b"", b"x", b"7", b'7 {"a":1}', b"7 [1,2,3,4]", b'7 ["a","b"]', b"\xff\xfe", b"7 " + b"[" * 100_000, b"- []"],
)
async def test_lines_that_are_no_records_are_passed_over(redis_server, line):
    """Whoever else publishes on the channel, the bus goes on."""
    async with Ear(redis_server.url) as one, Ear(redis_server.url) as other, raw(redis_server.url) as client:
        await client.hset("gdsim:workshop:values", "evil", line)
        await client.publish("gdsim:workshop", line)
        one.bus.put("a", "1")
        await until(lambda: other.values == {"a": "1"})


async def test_a_lost_redis_is_told_and_reached_again(redis_server):
    """What was put meanwhile is sent when it is back, the last value of each; what it forgot is asked for."""
    async with Ear(redis_server.url) as one, Ear(redis_server.url) as other:
        one.bus.put("a", "1")
        await until(lambda: other.values == {"a": "1"})
        redis_server.stop()
        await until(lambda: one.standings[-1] == Standing(False) and other.standings[-1] == Standing(False))
        assert await one.bus.hosts() is None
        for number in range(100):
            one.bus.put("a", str(number))
            one.bus.put("b", str(number))
        redis_server.start()
        await until(lambda: one.standings[-1].is_there and other.standings[-1].is_there)
        await until(lambda: other.values == {"a": "99", "b": "99"})
        assert Standing(True, is_empty=True) in one.standings[1:]


@pytest.mark.parametrize("number", [b"rubbish", b"-7", b"1"])
async def test_a_number_that_is_none_of_ours(redis_server, number):
    """Rubbish in place of the room's number loses the bus until it is gone; one set back loses no change after it."""
    async with Ear(redis_server.url) as one, Ear(redis_server.url) as other, raw(redis_server.url) as client:
        for value in ("1", "2", "3"):
            one.bus.put("a", value)
            await until(lambda value=value: other.values == {"a": value})
        await client.set("gdsim:workshop:sequence", number)
        if number == b"rubbish":
            await until(lambda: other.standings[-1] == Standing(False))
            await client.flushall()
            await until(lambda: one.standings[-1].is_there and other.standings[-1].is_there)
        else:
            await asyncio.sleep(1.5)
        one.bus.put("a", "4")
        await until(lambda: other.values == {"a": "4"})


async def test_an_emptied_redis_is_filled_again(redis_server):
    """Everything the hosts know is there again, for those who come later, too."""
    async with workshop(RedisBus(redis_server.url)) as (one, _), raw(redis_server.url) as client:
        ada = await enter(one, "ada", is_instructor=True)
        one.receive(ada, Where(Place("mazur", 3)))
        one.receive(ada, Broadcast(True))
        one.receive(ada, ASK)
        while int(await client.hlen("gdsim:workshop:values")) < 3:
            await asyncio.sleep(0.01)
        await client.flushall()
        while int(await client.hlen("gdsim:workshop:values")) < 3:
            await asyncio.sleep(0.01)
        async with workshop(RedisBus(redis_server.url)) as (other, _others):
            assert other.room.members.keys() == {"ada"}
            assert other.room.air == one.room.air
            assert other.room.asked == one.room.asked


async def test_without_redis_a_host_serves_its_own(tmp_path, redis_server):
    """A host starts where Redis is not there yet, and joins the others when it is."""
    redis_server.stop()
    async with workshop(RedisBus(redis_server.url)) as (one, screens):
        ada, maria = await enter(one, "ada", is_instructor=True), await enter(one, "maria")
        one.receive(ada, Where(Place("mazur", 3)))
        one.receive(ada, Broadcast(True))
        assert screens.of(maria, GoTo) == [GoTo(Place("mazur", 3))]
        assert any("lost" in report for report in screens.reports)
        redis_server.start()
        async with workshop(RedisBus(redis_server.url)) as (other, others):
            eve = await enter(other, "eve")
            await until(lambda: others.of(eve, GoTo) == [GoTo(Place("mazur", 3))])
            await until(lambda: "eve" in one.room.members)
            redis_server.stop()
            await until(lambda: any("lost" in report for report in others.reports))
            one.receive(ada, Where(Place("mazur", 4)))
            assert screens.last(maria, GoTo) == GoTo(Place("mazur", 4))
            redis_server.start()
            await until(lambda: others.last(eve, GoTo) == GoTo(Place("mazur", 4)))
            await until(lambda: {m.state for m in one.room.members.values()} == {"here"})


def test_other_addresses_are_refused():
    """With what an address looks like, and without the address, which may hold a password."""
    with pytest.raises(UsageError, match="redis://") as error:
        RedisBus("http://user:secret@example.org")
    assert "secret" not in str(error.value)


async def test_a_room_is_taken_away_by_the_last_who_leaves(redis_server):
    """Nothing of it stays in Redis; a room somebody is still in stays."""
    async with raw(redis_server.url) as client:
        async with Ear(redis_server.url) as one:
            async with Ear(redis_server.url) as other:
                other.bus.put("a", "1")
                await until(lambda: one.records)
            assert await client.hlen("gdsim:workshop:values") == 1
        assert await client.keys("*") == []
