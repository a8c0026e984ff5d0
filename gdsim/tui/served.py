"""The application as a workshop serves it: the ordinary screens, on a line that leads to a guest of this machine."""

from __future__ import annotations

import asyncio
import re
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from rich.color import ColorSystem
from rich.console import RenderableType
from textual.driver import Driver
from textual.screen import Screen

from gdsim.classroom.messages import Failed, Goodbye, Message, MessageError, Notice, Place, Resize, Where, Whole
from gdsim.errors import GdsimError, UsageError
from gdsim.i18n import _
from gdsim.scenario.library import Summary
from gdsim.scenario.scenario import Scenario
from gdsim.session import Session
from gdsim.tui.app import Options
from gdsim.tui.link import Link
from gdsim.tui.places import place_of, session_at
from gdsim.tui.room_app import RoomApp
from gdsim.tui.screens.in_room import InRoom
from gdsim.tui.screens.instructor import Instructor
from gdsim.tui.screens.learner import Learner
from gdsim.tui.screens.picker import PickerScreen
from gdsim.tui.screens.run import RunScreen
from gdsim.tui.seat import WHOLE, Seat
from gdsim.tui.socket_driver import SocketDriver
from gdsim.tui.terminal import EIGHT_BIT, SIXTEEN, TRUE_COLOR

FAILED = 70
"""The exit status after an error of ours, as sysexits.h has it."""

_CLOSED = frozenset({"save", "reload"})
"""Actions a guest has no use for: the files would be those of the server."""

_TELL_SECONDS = 0.1
"""Between two reports of where a screen stands."""

_DEPTHS = {SIXTEEN: ColorSystem.STANDARD, EIGHT_BIT: ColorSystem.EIGHT_BIT, TRUE_COLOR: ColorSystem.TRUECOLOR}

_PATH = re.compile(r"(?<![\w.])~?(?:/[\w.+@-]+)+/?")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a workshop offers: its scenarios by name, and a line about each by language."""

    scenarios: Mapping[str, Scenario]
    summaries: Mapping[str, Sequence[Summary]]


class ServedApp(RoomApp):
    """Shows one of the scenarios that are served, to whoever is at the other end of a link."""

    def __init__(
        self,
        seat: Seat,
        link: Link,
        offer: Offer,
    ) -> None:
        self.link = link
        self.seat = seat
        self._scenarios, self._summaries = offer.scenarios, offer.summaries[seat.language]
        self._place: Place | None = None
        self._told: Place | None = None
        self._is_telling = False
        self._told_at = 0.0
        only = next(iter(offer.scenarios.values())) if len(offer.scenarios) == 1 else None
        super().__init__(only, _options(seat))
        # The depth is this learner's; what Textual read at its import knows none.
        self.set_color_depth(_DEPTHS.get(seat.colors))

    def get_driver_class(self) -> type[Driver]:
        """Return the driver for a link."""
        return SocketDriver

    def get_default_screen(self) -> Screen[Any]:
        """Return an empty screen: what comes above it depends on where a learner was before."""
        return Screen()

    def begin(self) -> None:
        self.link.open(asyncio.get_running_loop(), self.heard, self.exit)
        session = self._came_back()
        if session is None:
            super().begin()
            return
        if len(self._scenarios) > 1:
            self.push_screen(PickerScreen(self.offered()))
        self.push_screen(self.screen_of(session))

    def seated(self, seat: Seat) -> None:
        """Go on for somebody, where everything has been drawn for nobody: send it whole, in the size it is now."""
        self.seat = seat
        self._told = None
        if isinstance(self._driver, SocketDriver) and seat.size != tuple(self.size):
            self._driver.resize(*seat.size)
        if seat.place is not None and seat.place.scenario in self._scenarios:
            self.go_to(seat.place)
            self.call_after_refresh(self.repaint)
        elif seat.size == tuple(self.size):
            self.repaint()
        self._tell_place()

    def _came_back(self) -> Session | None:
        """Return the session of one who was here before, None where there was none, or it cannot be had again."""
        place = self.seat.place
        if place is None or place.scenario not in self._scenarios:
            return None
        try:
            return session_at(self._scenarios[place.scenario], place)
        except GdsimError:
            return None

    # What is served.

    def offered(self) -> Sequence[Summary]:
        return self._summaries

    def read(self, name: str) -> Scenario:
        if name not in self._scenarios:
            raise UsageError(name, _("is not served here"), ", ".join(self._scenarios))
        return self._scenarios[name]

    def new_screen(self, session: Session) -> InRoom:
        kind = ServedInstructor if self.seat.is_instructor else ServedLearner
        return kind(session, ascii_only=self.seat.is_ascii)

    # What is heard and told.

    def heard(self, message: Message) -> None:
        """Do what the server says."""
        if isinstance(message, Resize):
            if isinstance(self._driver, SocketDriver):
                self._driver.resize(message.width, message.height)
        elif isinstance(message, Whole):
            self._draw_whole()
        elif isinstance(message, Notice):
            self.notify(message.text, severity=message.severity, timeout=8)
        elif isinstance(message, Goodbye):
            self.exit()
        else:
            self.hear_room(message)

    def _draw_whole(self) -> None:
        if self._driver is not None:
            self._driver.write(WHOLE.decode())
            self.repaint()

    def tell(self, message: Message) -> None:
        """Send a message to the server."""
        try:
            self.link.tell(message)
        except MessageError:  # such as a place with more edits than a message takes
            return

    def stands(self, session: Session) -> None:
        """Let the server know where this screen stands: at once, but while it moves on and on not too often."""
        self._place = place_of(session)
        if self._is_telling or self._place == self._told:
            return
        since = monotonic() - self._told_at
        if since < _TELL_SECONDS:
            self._is_telling = True
            self.set_timer(_TELL_SECONDS - since, self._tell_again)
        else:
            self._tell_place()

    def _tell_again(self) -> None:
        self._is_telling = False
        self._tell_place()

    def _tell_place(self) -> None:
        if self._place is not None and self._place != self._told:
            self._told, self._told_at = self._place, monotonic()
            self.tell(Where(self._place))
            self.link.flush()

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave, when the server knows where from."""
        self._tell_place()
        super().exit(result, return_code, message)

    # What a guest may not do.

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open nothing: a browser would open on the server."""

    def action_suspend_process(self) -> None:
        """Stop for nothing: there is no shell to go to."""

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Write nothing: the file would lie on the server."""

    def _handle_exception(self, error: Exception) -> None:
        """End the screen; the learner gets the message alone, the server's log the whole story."""
        self.tell(Failed(told(error)))
        self.link.flush()
        traceback.print_exception(error, file=sys.__stderr__)
        self.exit(return_code=FAILED)
        self._close_messages_no_wait()


class ServedRunScreen(RunScreen):
    """The run screen without what has to do with files."""

    def show(self, session: Session) -> None:
        """Show a session, and let the server know where it stands.

        Who follows an instructor is drawn to at the same time, not afterwards; of a learner the server hears right
        after what is drawn, so that it wakes up once.
        """
        app = self.app
        assert isinstance(app, ServedApp)
        if app.seat.is_instructor:
            app.stands(session)
            super().show(session)
            return
        super().show(session)
        app.stands(session)

    def available(self) -> frozenset[str]:
        return super().available() - _CLOSED

    def action_save(self) -> None:
        """Say that nothing is saved here."""
        self.app.notify(_("In a workshop nothing is saved; press y for a command that leads here on your machine."))

    def action_reload(self) -> None:
        """Say that nothing is read here."""
        self.app.notify(_("In a workshop scenarios stay as they are."))

    def look_after_file(self) -> None:
        """Look after nothing: what is served stays as it was read."""


class ServedLearner(Learner, ServedRunScreen):
    """The run screen of a learner."""


class ServedInstructor(Instructor, ServedRunScreen):
    """The run screen of an instructor."""


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
