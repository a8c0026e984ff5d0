"""How the hosts of one room tell each other what has changed: records by key, the last value of each kept.

Every change of a room gets the room's next sequence number. One who hears a number that does not follow on the last
has missed something, and fetches the last values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

BEAT = 1.0
"""Seconds between two signs of life of a host."""

ALIVE = 5.0
"""Seconds after its last sign of life that a host is taken for dead."""


@dataclass(frozen=True, slots=True)
class Record:
    """The last value of something in a room: JSON text under a key.

    sequence: the room's number of this change; scenario_hash and update: of what is broadcast, empty and 0 for
    other records. host: who made the change.
    """

    room: str
    sequence: int
    key: str
    value: str
    host: str
    scenario_hash: str = ""
    update: int = 0


Receive = Callable[[Record], None]
"""Called with every change another host made, and with an own one that came after another's of the same key."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the bus is there; is_empty: whether it has nothing of the room, or has lost what it had."""

    is_there: bool
    is_empty: bool = False


Reported = Callable[[Standing], None]
"""Called when the bus is lost, and when it is there, once the last values have been received."""


class Bus(Protocol):
    """A way to the other hosts of a room. is_shared: whether there may ever be others."""

    is_shared: bool

    async def open(self, host: str, receive: Receive, reported: Reported) -> None:
        """Join as `host`; what others say is received from now on, and all last values at once."""

    def put(self, key: str, value: str, scenario_hash: str = "", update: int = 0) -> None:
        """Make a change known, in the order of the calls; what cannot be sent now is sent when the bus is back."""

    async def hosts(self) -> frozenset[str] | None:
        """Return the hosts there are, this one among them; None when that cannot be told now."""

    async def close(self) -> None:
        """Leave, once what was put is sent."""


class MemoryBus:
    """The bus of one process: hosts of one `MemoryExchange` hear each other at once."""

    def __init__(self, exchange: MemoryExchange | None = None) -> None:
        self.is_shared = exchange is not None
        self._exchange = exchange or MemoryExchange("room")
        self._host = ""

    async def open(self, host: str, receive: Receive, reported: Reported) -> None:
        """Join as `host`."""
        self._host = host
        records = self._exchange.join(host, receive)
        for record in records:
            receive(record)
        reported(Standing(True, is_empty=not records))

    def put(self, key: str, value: str, scenario_hash: str = "", update: int = 0) -> None:
        """Make a change known."""
        self._exchange.put(key, value, self._host, scenario_hash, update)

    async def hosts(self) -> frozenset[str] | None:
        """Return the hosts there are."""
        return self._exchange.hosts

    async def close(self) -> None:
        """Leave."""
        self._exchange.leave(self._host)


class MemoryExchange:
    """What a server between hosts does, in the memory of one process."""

    def __init__(self, room: str) -> None:
        self._room, self._sequence = room, 0
        self._last: dict[str, Record] = {}
        self._receivers: dict[str, Receive] = {}

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts there are."""
        return frozenset(self._receivers)

    def join(self, host: str, receive: Receive) -> list[Record]:
        """Let a host hear what others put; return the last values there are."""
        self._receivers[host] = receive
        return list(self._last.values())

    def leave(self, host: str) -> None:
        """Let a host hear nothing more."""
        self._receivers.pop(host, None)

    def put(self, key: str, value: str, host: str, scenario_hash: str, update: int) -> None:
        """Keep a value and tell it to everybody else."""
        self._sequence += 1
        self._last[key] = record = Record(self._room, self._sequence, key, value, host, scenario_hash, update)
        for other, receive in list(self._receivers.items()):
            if other != host:
                receive(record)
