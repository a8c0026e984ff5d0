"""The three single lines around the panels: title, status, keys."""

from __future__ import annotations

from rich.cells import cell_len
from textual.events import Click
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from gdsim.charts.view import View
from gdsim.explain.check import Lamp
from gdsim.explain.figures import figures_summary
from gdsim.explain.status import is_loss_rising, status_line
from gdsim.language import _
from gdsim.tui.ascii_letters import cell_for_cell, lettered
from gdsim.tui.canvas import fitted
from gdsim.tui.keys import KEYS, Key
from gdsim.tui.panel import Lines, Run, strip_of

_LAMPS = {"agrees": ("✓", "+", "text--good"), "differs": ("✗", "x", "text--bad"), "unknown": ("·", "?", "text--quiet")}

_SEPARATOR = " · "
_ALWAYS = 4
"""Update, loss, rate and the last part, which says why a run is over, are shown however narrow the terminal."""


class Bar(Lines):
    """One line with parts at its left and at its right end."""

    COMPONENT_CLASSES = {"text--quiet", "text--strong", "text--good", "text--bad", "text--key", "text--accent"}

    def between(self, left: list[Run], right: list[Run], width: int) -> list[Strip]:
        """Return one line with `left` and, where there is room for it, `right`."""
        left, right = self._lettered(left), self._lettered(right)
        used = _width_of([*left, *right])
        if used >= width:
            return [strip_of(left, width)]
        return [strip_of([*left, (" " * (width - used), self.style()), *right], width)]

    def _lettered(self, runs: list[Run]) -> list[Run]:
        return [(lettered(self.app, text), style) for text, style in runs]


class TitleBar(Bar):
    """What is run, whether its published figures come out, and whether the gradient check agrees."""

    lamp: var[Lamp | None] = var(None, init=False)
    ascii_only: var[bool] = var(False)

    def watch_lamp(self) -> None:
        self.redraw()

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        """Return the title line."""
        left = [(" gdsim · ", self.style("text--quiet")), (view.scenario.title, self.style("text--strong"))]
        right: list[Run] = []
        figures = figures_summary(view.scenario, view.timeline, view.position)
        if figures:
            right += [(figures, self.style("text--good" if "✗" not in figures else "text--bad")), ("   ", self.style())]
        lamp: list[Run] = (
            [] if self.lamp is None else [(self._lamp_text(self.lamp), self.style(_LAMPS[self.lamp.state][2]))]
        )
        if _width_of([*left, *right, *lamp]) >= width:
            right = []
        if _width_of([*left, *lamp]) >= width:
            room = max(0, width - _width_of(lamp) - 2)
            left = [(" " + fitted(view.scenario.title, room, ascii_only=self.ascii_only), self.style("text--strong"))]
        return self.between(left, [*right, *lamp], width)

    def _lamp_text(self, lamp: Lamp) -> str:
        """Return ``gradient ✗ w5``: the sign, the parameter furthest off, and how many were nudged where not all."""
        mark, plain, _style = _LAMPS[lamp.state]
        parts = [
            _("gradient"),
            plain if self.ascii_only else mark,
            lamp.worst,
            f"({lamp.extent})" if lamp.extent else "",
        ]
        return " ".join(filter(None, parts)) + " "


class StatusBar(Bar):
    """`update K · loss V · η E`, and whether the run plays."""

    playing: var[str] = var("", init=False)

    def watch_playing(self) -> None:
        self.redraw()

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        """Return the status line."""
        text = " " + status_line(view.timeline, view.position, view.overtime)
        parts = text.split(_SEPARATOR)
        while len(parts) > _ALWAYS and cell_len(lettered(self.app, _SEPARATOR.join(parts))) > width:
            del parts[_ALWAYS - 1]
        left: list[Run] = [(_SEPARATOR.join(parts), self.style("text--strong"))]
        if is_loss_rising(view.timeline, view.position):
            left.append((" · " + _("loss rising") + " ▲", self.style("text--bad")))
        return self.between(left, [(self.playing + " ", self.style("text--quiet"))], width)


class KeyBar(Bar):
    """The keys that work now, the most wanted ones where there is not room for all. They can be clicked."""

    available: var[frozenset[str]] = var(frozenset(), init=False)
    has_arrows: var[bool] = var(True, init=False)
    """Whether the arrow keys step through the run, and do not choose something in the focused chart."""

    class Pressed(Message):
        """A key was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def watch_available(self) -> None:
        self.redraw()

    def watch_has_arrows(self) -> None:
        self.redraw()

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        """Return the key line."""
        parts: list[Run] = [(" ", self.style())]
        for key in self._shown(width):
            parts += [(self._key(key), self.style("text--key")), (" " + self._label(key) + "  ", self.style())]
        return [strip_of(parts, width)]

    def _shown(self, width: int) -> list[Key]:
        """Return the keys that fit, in the order of the table."""
        wanted = sorted((key for key in KEYS if key.rank and key.action in self.available), key=lambda key: key.rank)
        chosen, room = [], width - 1
        for key in wanted:
            room -= self._cells(key)
            if room < 0:
                break
            chosen.append(key)
        return [key for key in KEYS if key in chosen]

    def on_click(self, event: Click) -> None:
        """Press the key under the pointer."""
        end = 1
        for key in self._shown(self.content_size.width):
            end += self._cells(key)
            if event.x < end:
                self.post_message(self.Pressed(key.action))
                return

    def _key(self, key: Key) -> str:
        """Return the shortest way to write the key."""
        shortest = next(shown for shown in key.shown.split() if self.has_arrows or shown not in "←→")
        return cell_for_cell(shortest) if lettered(self.app, "·") != "·" else shortest

    def _label(self, key: Key) -> str:
        return lettered(self.app, _(key.label))

    def _cells(self, key: Key) -> int:
        return cell_len(self._key(key)) + cell_len(self._label(key)) + 3


def _width_of(runs: list[Run]) -> int:
    return sum(cell_len(text) for text, _style in runs)
