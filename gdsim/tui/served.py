"""The application as a workshop serves it: the ordinary app with a client, on a line that leads to a guest."""

from __future__ import annotations

import asyncio
import re
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rich.color import ColorSystem
from textual.driver import Driver

from gdsim.classroom.messages import Failed, Message, MessageError, Place, Resize, Whole
from gdsim.scenario.library import Summary
from gdsim.scenario.scenario import Scenario
from gdsim.tui.app import GdsimApp
from gdsim.tui.display import Options
from gdsim.tui.link import Link
from gdsim.tui.seat import WHOLE, Seat
from gdsim.tui.socket_driver import SocketDriver
from gdsim.tui.terminal import EIGHT_BIT, SIXTEEN, TRUE_COLOR

FAILED = 70
"""The exit status after an error of ours, as sysexits.h has it."""

_DEPTHS = {SIXTEEN: ColorSystem.STANDARD, EIGHT_BIT: ColorSystem.EIGHT_BIT, TRUE_COLOR: ColorSystem.TRUECOLOR}

_PATH = re.compile(r"(?<![\w.])~?(?:/[\w.+@-]+)+/?")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a workshop offers: its scenarios by name, and a line about each by language."""

    scenarios: Mapping[str, Scenario]
    summaries: Mapping[str, Sequence[Summary]]


class LinkClient:
    """The client of a workshop's screen on a link."""

    def __init__(self, seat: Seat, link: Link, offer: Offer) -> None:
        self.seat, self.link = seat, link
        self.scenarios, self._summaries = offer.scenarios, offer.summaries
        self.show_whole: Callable[[], None] = lambda: None
        self.resize: Callable[[int, int], None] = lambda _width, _height: None

    @property
    def is_instructor(self) -> bool:
        """Whether an instructor sits at this screen."""
        return self.seat.is_instructor

    @property
    def place(self) -> Place | None:
        """Where this person stood when their line dropped, None for one who is new."""
        return self.seat.place

    @property
    def summaries(self) -> Sequence[Summary]:
        """A line about each scenario, in this person's language."""
        return self._summaries[self.seat.language]

    def tell(self, message: Message) -> None:
        """Send a message to the server; one that is too long to be sent is dropped."""
        try:
            self.link.tell(message)
        except MessageError:  # such as a place with more edits than a message takes
            return
        self.link.flush()

    def attach(self, receive: Callable[[Message], None], close: Callable[[], None]) -> None:
        """Hand the server's messages to `receive` from now on, and call `close` when the server is gone."""

        def take(message: Message) -> None:
            match message:
                case Resize(width, height):
                    self.resize(width, height)
                case Whole():
                    self.show_whole()
                case _:
                    receive(message)

        self.link.open(asyncio.get_running_loop(), take, close)


class ServedApp(GdsimApp):
    """Shows one of the scenarios that are served, to whoever is at the other end of a link."""

    def __init__(self, seat: Seat, link: Link, offer: Offer) -> None:
        self.link = link
        self.client = LinkClient(seat, link, offer)
        self.client.show_whole, self.client.resize = self._show_whole, self._resize
        only = next(iter(offer.scenarios.values())) if len(offer.scenarios) == 1 else None
        super().__init__(only, _options(seat), self.client)
        # The depth is this learner's; what Textual read at its import knows none.
        self.set_color_depth(_DEPTHS.get(seat.colors))

    def get_driver_class(self) -> type[Driver]:
        """Return the driver for a link."""
        return SocketDriver

    def seated(self, seat: Seat) -> None:
        """Go on for somebody, where everything has been drawn for nobody: send it whole, in the size it is now."""
        self.client.seat = seat
        if seat.size != tuple(self.size):
            self._resize(*seat.size)
        if self.workshop is not None:
            self.workshop.come_back()
        self.call_after_refresh(self.repaint)

    def _resize(self, width: int, height: int) -> None:
        if isinstance(self._driver, SocketDriver):
            self._driver.resize(width, height)

    def _show_whole(self) -> None:
        if self._driver is not None:
            self._driver.write(WHOLE.decode())
            self.repaint()

    def _handle_exception(self, error: Exception) -> None:
        """End the screen; the learner gets the message alone, the server's log the whole story."""
        self.client.tell(Failed(told(error)))
        traceback.print_exception(error, file=sys.__stderr__)
        self.exit(return_code=FAILED)
        self._close_messages_no_wait()


def told(error: Exception) -> str:
    """Return an error as a guest is told it: what it is and says, without places on this machine."""
    says = error.strerror or "" if isinstance(error, OSError) else str(error)
    text = _PATH.sub("…", f"{type(error).__name__}: {says}".strip().rstrip(":"))
    return "".join(each if each.isprintable() else " " for each in text)[:200]


def served(scenario: Scenario) -> Scenario:
    """Return a scenario as it is served: by its name, with no place on this machine."""
    update = {"where": scenario.name, "folder": None}
    compared = tuple(replace(each, scenario=each.scenario.model_copy(update=update)) for each in scenario.compared)
    return scenario.model_copy(update={**update, "compared": compared})


def _options(seat: Seat) -> Options:
    return Options(ascii_only=seat.is_ascii, theme=seat.theme, is_without_color=not seat.colors)
