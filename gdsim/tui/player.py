"""Playing: how many updates are due, however long a frame took."""

from __future__ import annotations

from dataclasses import dataclass, replace

SPEEDS = (1, 2, 5, 10, 20, 50, 100, 200)
"""Updates a second that play can be set to."""
FRAMES_A_SECOND = 30


@dataclass(frozen=True, slots=True)
class Player:
    """The speed of play, and since when how many updates have been played.

    since: the clock (seconds) when play began or its speed changed, None while paused.
    """

    speed: int = 5
    since: float | None = None
    played: int = 0

    @property
    def is_playing(self) -> bool:
        """Whether updates are due as time goes by."""
        return self.since is not None

    @property
    def interval(self) -> float:
        """Seconds between frames."""
        return 1 / min(self.speed, FRAMES_A_SECOND)

    def toggled(self, now: float) -> Player:
        """Return the player paused, or playing from `now` on."""
        return replace(self, since=None if self.is_playing else now, played=0)

    def with_speed(self, up: bool, now: float) -> Player:
        """Return the player one speed faster or slower."""
        index = SPEEDS.index(self.speed) + (1 if up else -1)
        speed = SPEEDS[max(0, min(index, len(SPEEDS) - 1))]
        return replace(self, speed=speed, since=None if self.since is None else now, played=0)

    def due(self, now: float) -> int:
        """Return how many updates should have been played by `now` and have not been."""
        return 0 if self.since is None else max(0, int((now - self.since) * self.speed) - self.played)

    def caught_up(self, count: int, now: float) -> Player:
        """Return the player after `count` more updates; what could not be played by `now` is not made up for."""
        late = self.due(now) - count
        if late > self.speed:
            return replace(self, since=now, played=0)
        return replace(self, played=self.played + count)
