"""The bus of several hosts: Redis, which keeps the last values and passes changes on.

Keys, under ``gdsim:ROOM:``: ``sequence``, the number of the last change; ``values``, a hash of the last record of each
key; ``hosts``, a sorted set of hosts by the time of their last heartbeat; ``life``, a random text that changes when
Redis has lost its data. Changes are published on the channel ``gdsim:ROOM``. The last host to leave deletes everything;
otherwise it expires a day after the last change.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from gdsim.classroom.bus import ALIVE, BEAT, Receive, Record, Reported, Standing
from gdsim.errors import UsageError
from gdsim.i18n import _

_TIMEOUT = 3.0
_FIRST_WAIT, _LONGEST_WAIT = 0.1, 2.0
_KEPT = 24 * 3600
_SOON = 0.2
"""Seconds to wait for a published change that the sequence number already counts."""

_PUT = """
local sequence = redis.call('INCR', KEYS[1])
local record = sequence .. ' ' .. ARGV[2]
redis.call('HSET', KEYS[2], ARGV[1], record)
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('PUBLISH', KEYS[5], record)
"""

_BEAT = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
redis.call('ZADD', KEYS[3], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', '(' .. (now - ARGV[2]))
redis.call('EXPIRE', KEYS[3], ARGV[3])
redis.call('SET', KEYS[4], ARGV[4], 'NX')
redis.call('EXPIRE', KEYS[4], ARGV[3])
return {redis.call('GET', KEYS[1]) or '0', redis.call('GET', KEYS[4]), redis.call('ZRANGE', KEYS[3], 0, -1)}
"""

_FETCH = """
return {redis.call('GET', KEYS[1]) or '0', redis.call('HVALS', KEYS[2])}
"""

_LEAVE = """
redis.call('ZREM', KEYS[3], ARGV[1])
if redis.call('ZCARD', KEYS[3]) == 0 then redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4]) end
"""

_LOST = (RedisError, OSError, TimeoutError, ValueError, TypeError)
"""What is raised while Redis is away, or when it returns data that no host has written."""


class RedisBus:
    """A room in Redis.

    While Redis is away, `put` keeps the last value of each key, and sends it when Redis is back.
    """

    def __init__(self, url: str, room: str = "workshop") -> None:
        """Raises UsageError for a `url` that is not a Redis address."""
        self.is_shared = True
        try:
            self._redis = Redis.from_url(
                url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT, retry=Retry(NoBackoff(), 0)
            )
        except ValueError:
            raise UsageError("--bus", _("not a Redis address"), "redis://HOST:6379/0") from None
        self._channel = f"gdsim:{room}"
        names = ("sequence", "values", "hosts", "life")
        self._keys = (*(f"{self._channel}:{name}" for name in names), self._channel)
        self._host = ""
        self._pending: dict[str, str] = {}
        self._is_pending, self._is_tried = asyncio.Event(), asyncio.Event()
        self._seen = 0
        self._life = b""
        self._applied: dict[str, int] = {}
        self._is_overwritten: set[str] = set()
        self._is_there: bool | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self, host: str, receive: Receive, reported: Reported) -> None:
        """Join as `host`; keep trying while Redis cannot be reached."""
        self._host, self._receive, self._reported = host, receive, reported
        for work, name in ((self._listen, "bus listens"), (self._send, "bus sends")):
            self._tasks.append(asyncio.create_task(self._kept_up(work), name=name))
        await self._is_tried.wait()

    def put(self, key: str, value: str, scenario_hash: str = "") -> None:
        """Publish a change."""
        self._pending.pop(key, None)
        self._pending[key] = json.dumps([key, self._host, scenario_hash, value])
        self._is_pending.set()

    async def hosts(self) -> frozenset[str] | None:
        """Return the hosts with a recent heartbeat; None while Redis is away."""
        try:
            return (await self._beat())[2]
        except _LOST:
            return None

    async def close(self) -> None:
        """Leave, once all changes are sent; at once if Redis is away."""
        with suppress(*_LOST):
            async with asyncio.timeout(_TIMEOUT):
                await self._send_pending()
                await self._run(_LEAVE, self._host)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(*_LOST):
            await self._redis.aclose()

    async def _run(self, script: str, *arguments: str | float) -> Any:
        return await self._redis.eval(script, len(self._keys), *self._keys, *arguments)  # type: ignore[misc,no-untyped-call,unused-ignore]

    async def _kept_up(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Run `work` forever; whenever it loses Redis, report that and start again a little later."""
        wait = _FIRST_WAIT
        while True:
            begun = asyncio.get_running_loop().time()
            try:
                await work()
            except _LOST:
                self._say(Standing(False))
            self._is_tried.set()
            lasted = asyncio.get_running_loop().time() - begun
            wait = _FIRST_WAIT if lasted > _LONGEST_WAIT else min(2 * wait, _LONGEST_WAIT)
            await asyncio.sleep(wait)

    def _say(self, standing: Standing) -> None:
        if standing.is_there != self._is_there:
            self._is_there = standing.is_there
            self._reported(standing)

    # Sending.

    async def _send(self) -> None:
        """Send changes as they are put."""
        while True:
            await self._is_pending.wait()
            await self._send_pending()

    async def _send_pending(self) -> None:
        while self._pending:
            key, text = next(iter(self._pending.items()))
            await self._run(_PUT, key, text, _KEPT)
            if self._pending.get(key) == text:
                del self._pending[key]
        self._is_pending.clear()

    # Receiving.

    async def _listen(self) -> None:
        """Receive changes until Redis is lost; each second, send a heartbeat and check for missed changes."""
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(self._channel)
            while (await self._next(subscription, _TIMEOUT)) is None:
                pass  # until the subscription is confirmed: from then on nothing is missed
            await self._look()
            self._is_tried.set()
            beat_at = asyncio.get_running_loop().time() + BEAT
            while True:
                now = asyncio.get_running_loop().time()
                if now >= beat_at:
                    beat_at = now + BEAT
                    await self._look(subscription)
                message = await self._next(subscription, beat_at - now)
                if message is not None and message["type"] == "message":
                    await self._take(message["data"])

    async def _next(self, subscription: PubSub, timeout: float) -> dict[str, Any] | None:
        message: dict[str, Any] | None = await subscription.get_message(timeout=max(0.0, timeout))
        return message

    async def _look(self, subscription: PubSub | None = None) -> None:
        """Send a heartbeat, and fetch what was missed, by the subscription or before there was one."""
        sequence, life, _hosts = await self._beat()
        is_emptied = life != self._life and bool(self._life)
        if life != self._life or sequence < self._seen:
            self._life, self._seen = life, min(0, sequence) - 1
            self._applied.clear()
        elif sequence > self._seen and subscription is not None:
            while (message := await self._next(subscription, _SOON)) is not None:
                if message["type"] == "message":
                    await self._take(message["data"])
        if sequence > self._seen:
            await self._fetch()
        if is_emptied:
            self._is_there = None
        self._say(Standing(True, is_emptied))

    async def _beat(self) -> tuple[int, bytes, frozenset[str]]:
        """Send a heartbeat; return the number of the last change, the `life` of Redis's data, and the hosts."""
        sequence, life, hosts = await self._run(_BEAT, self._host, ALIVE, _KEPT, secrets.token_hex(8))
        return int(sequence), life, frozenset(host.decode(errors="replace") for host in hosts)

    async def _take(self, data: bytes) -> None:
        """Apply a received change, or all last values if one before it was missed."""
        record = _record(data)
        if record is None or record.sequence <= self._seen:
            return
        if record.sequence == self._seen + 1:
            self._seen = record.sequence
            self._apply(record)
        else:
            await self._fetch()

    async def _fetch(self) -> None:
        """Apply every last value that is new."""
        sequence, values = await self._run(_FETCH)
        self._seen = int(sequence)
        records = [record for value in values if (record := _record(value)) is not None]
        for record in sorted(records, key=lambda each: each.sequence):
            # A later number dates from before the sequence was reset.
            self._apply(replace(record, sequence=min(record.sequence, self._seen)))

    def _apply(self, record: Record) -> None:
        if record.sequence <= self._applied.get(record.key, record.sequence - 1):
            return
        self._applied[record.key] = record.sequence
        if record.host != self._host:
            self._is_overwritten.add(record.key)
            self._receive(record)
        elif record.key in self._is_overwritten and record.key not in self._pending:
            # Another host's value arrived before ours came back: ours is the last one, for everybody.
            self._is_overwritten.discard(record.key)
            self._receive(record)


def _record(data: bytes) -> Record | None:
    """Return the record in a published line, None if it holds none."""
    try:
        sequence, _space, text = data.decode().partition(" ")
        key, host, scenario_hash, value = texts = json.loads(text)
        if not all(isinstance(each, str) for each in texts):
            return None
        return Record(int(sequence), key, value, host, scenario_hash)
    except (ValueError, TypeError, RecursionError):
        return None
