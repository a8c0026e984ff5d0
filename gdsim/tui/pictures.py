"""Writes the screen as a picture, as a page to step through, or as a recording, by the file's extension.

Also draws a single chart as a picture, as on screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from gdsim.charts.chart import Drawing
from gdsim.export.screen.cast import cast_lines
from gdsim.export.screen.frame import Frame, Look
from gdsim.export.screen.html import html
from gdsim.export.screen.svg import svg
from gdsim.export.trace.lines import ALL, Steps
from gdsim.session import Session
from gdsim.timeline.position import next_phase
from gdsim.tui.display import Options
from gdsim.tui.drawing import draw
from gdsim.tui.frames import frames, row_of
from gdsim.tui.palettes import PALETTES

_SECONDS = 60
_SPEED = 5.0
_FRAMES_A_SECOND = 10.0
_CHART_SIZE = (62, 18)
_PAPER = Look("#24292f", "#ffffff")


@dataclass(frozen=True, slots=True)
class Shot:
    """Which part of a run to show, and how.

    at: the update a single picture shows; steps: the updates a page or recording shows (None: on a page only `at`, in a
    recording the whole run). has_phases: whether to stop at each of their phases. size: columns and rows. speed:
    updates per second, None for 5, or more if a run would not fit into a minute.
    """

    at: int = 0
    steps: Steps | None = None
    has_phases: bool = False
    size: tuple[int, int] = (120, 40)
    speed: float | None = None
    options: Options = field(default_factory=Options)


def picture(session: Session, shot: Shot) -> Iterator[str]:
    """Yield an SVG of the screen after update `shot.at`."""
    (frame,) = frames([session.after(shot.at)], shot.size, shot.options)
    yield svg(frame)


def chart_picture(drawing: Drawing, title: str, words: Sequence[str] = ()) -> str:
    """Return a chart as SVG on a light background, for notebooks; words: a description for those who cannot see it."""
    strips = draw(drawing, *_CHART_SIZE, PALETTES["light"])
    rows = tuple(row_of(strip, DEFAULT_TERMINAL_THEME, _PAPER) for strip in strips)
    return svg(Frame(rows, _PAPER, title, "\n".join(words)))


def page(session: Session, shot: Shot) -> Iterator[str]:
    """Yield an HTML page of the screen at `shot.steps`, or after update `shot.at`."""
    steps = shot.steps or Steps(shot.at, shot.at)
    yield html(session.scenario.title, frames(stops(session, steps, shot.has_phases), shot.size, shot.options))


def recording(session: Session, shot: Shot) -> Iterator[str]:
    """Yield the lines of a recording of the steps asked for, or of the whole run."""
    wanted = stops(session, shot.steps or ALL, shot.has_phases)
    speed = shot.speed or max(_SPEED, len(wanted) / _SECONDS)
    stride = max(1, round(speed / _FRAMES_A_SECOND))
    numbers = [*range(0, len(wanted) - 1, stride), len(wanted) - 1]
    taken = frames([wanted[number] for number in numbers], shot.size, shot.options)
    times = (number / speed for number in numbers)
    yield from cast_lines(list(zip(times, taken, strict=True)), session.scenario.title)


def stops(session: Session, steps: Steps, has_phases: bool = False) -> list[Session]:
    """Return the session at each of `steps` (at least the first) and, with `has_phases`, at the phases between them."""
    found = [session.after(steps.first)]
    while not found[-1].is_at_end and not steps.is_past(found[-1].clock + 1):
        here = found[-1]
        place = next_phase(here.timeline, here.position) if has_phases and not here.is_over else None
        found.append(here.forward(1) if place is None else here.at(place))
    return found


SCREENS: Mapping[str, Callable[[Session, Shot], Iterator[str]]] = {".svg": picture, ".html": page, ".cast": recording}
"""Writers of the screen by file extension."""
