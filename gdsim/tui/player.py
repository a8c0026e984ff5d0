"""Playing: how many updates are due, however long a frame took."""

from __future__ import annotations

from dataclasses import dataclass, replace

SPEEDS = (1, 2, 5, 10, 20, 50, 100, 200)
"""The speeds of play, in updates per second."""
FRAMES_A_SECOND = 30


@dataclass(frozen=True, slots=True)
class Player:
    """The speed of play, and how many updates have been played since when.

    since: the time (seconds) when play began or its speed changed, None while paused; played: updates since then.
    """

    speed: int = 5
    since: float | None = None
    played: int = 0

    @property
    def is_playing(self) -> bool:
        """Whether play is on."""
        return self.since is not None

    @property
    def interval(self) -> float:
        """Seconds between frames."""
        return 1 / min(self.speed, FRAMES_A_SECOND)

    def toggled(self, now: float) -> Player:
        """Return the player paused if it was playing, else playing from `now` on."""
        return replace(self, since=None if self.is_playing else now, played=0)

    def with_speed(self, up: bool, now: float) -> Player:
        """Return the player one speed faster or slower."""
        index = SPEEDS.index(self.speed) + (1 if up else -1)
        speed = SPEEDS[max(0, min(index, len(SPEEDS) - 1))]
        return replace(self, speed=speed, since=None if self.since is None else now, played=0)

    def due(self, now: float) -> int:
        """Return how many updates are still to be played by `now`."""
        return 0 if self.since is None else max(0, int((now - self.since) * self.speed) - self.played)

    def caught_up(self, count: int, now: float) -> Player:
        """Return the player after `count` more updates; if it is more than a second late, it drops the backlog."""
        late = self.due(now) - count
        if late > self.speed:
            return replace(self, since=now, played=0)
        return replace(self, played=self.played + count)
