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


class NoBus:
    """The bus of a room that has one host: there is nobody to tell."""

    is_shared = False

    async def open(self, host: str, receive: Receive, reported: Reported) -> None:
        """Do nothing."""

    def put(self, key: str, value: str, scenario_hash: str = "", update: int = 0) -> None:
        """Do nothing."""

    async def hosts(self) -> frozenset[str] | None:
        """Return None: no host can be missing."""
        return None

    async def close(self) -> None:
        """Do nothing."""
