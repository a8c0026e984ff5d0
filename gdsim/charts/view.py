"""What every chart is a function of: a scenario's timeline, a position in it, and what is looked at closely."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from gdsim.records import dataclass
from gdsim.timeline.position import Focus, Position

if TYPE_CHECKING:
    from gdsim.scenario import Scenario
    from gdsim.timeline.nudging import Nudging
    from gdsim.timeline.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Beside:
    """A timeline drawn beside the main one: a compared run or a ghost, with its label and a mark of its own.

    number: which of the compared runs it is, from 0; it is told from the others by it.
    """

    label: str
    mark: str
    timeline: Timeline
    is_ghost: bool = False
    number: int = 0

    @property
    def sight(self) -> Hashable:
        """What tells it from others that look different."""
        return self.label, self.mark, self.timeline.sight, self.is_ghost, self.number


@dataclass(frozen=True, slots=True)
class View:
    """A timeline at a position; `beside` are drawn at the same update, or at their last where they stopped before.

    overtime: updates that runs beside have made since the main one ended; 0 as long as it has not.
    is_asking: a question about the next update is open, so nothing of it may show.
    nudging: the gradient of the update on view as far as it has been found by nudging, None where nobody nudges.
    """

    scenario: Scenario
    timeline: Timeline
    position: Position
    focus: Focus = Focus()
    beside: tuple[Beside, ...] = ()
    overtime: int = 0
    nudging: Nudging | None = None
    is_asking: bool = False

    @property
    def sight(self) -> Hashable:
        """What tells the view from others of its scenario that look different."""
        own = self.position, self.focus, self.overtime, self.nudging, self.is_asking
        return self.timeline.sight, tuple(each.sight for each in self.beside), own

    @property
    def timelines(self) -> tuple[Timeline, ...]:
        """The main one, then those beside."""
        return self.timeline, *(each.timeline for each in self.beside)

    @property
    def clock(self) -> int:
        """Updates made by whichever run has gone on longest."""
        return self.position.update + self.overtime
