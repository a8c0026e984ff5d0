"""The application as one of a workshop's screens: what the server says of the room goes to the screen in front."""

from __future__ import annotations

from gdsim.classroom.messages import Follow, GoTo, Message, Place
from gdsim.classroom.view import RoomView
from gdsim.errors import GdsimError
from gdsim.scenario.scenario import Scenario
from gdsim.session import Session
from gdsim.tui.app import GdsimApp, Options
from gdsim.tui.places import session_at
from gdsim.tui.screens.in_room import InRoom
from gdsim.tui.screens.picker import PickerScreen


class RoomApp(GdsimApp):
    """An application whose run screens are in a room."""

    def __init__(self, scenario: Scenario | None = None, options: Options | None = None) -> None:
        super().__init__(scenario, options)
        self.room = RoomView()

    def tell(self, message: Message) -> None:
        """Tell the server something."""
        raise NotImplementedError

    def new_screen(self, session: Session) -> InRoom:
        """Return a learner's or an instructor's screen, that shows a session."""
        raise NotImplementedError

    def screen_of(self, session: Session) -> InRoom:
        screen = self.new_screen(session)
        screen.room = self.room
        return screen

    def say(self, message: Message) -> RoomView:
        """Tell the server what a screen has to say, and return what is then known of the room."""
        self.tell(message)
        self.room = self.room.sent(message)
        return self.room

    def on_picker_screen_picked(self, event: PickerScreen.Picked) -> None:
        """Open a scenario picked from the list; who was led walks alone from there."""
        if self.room.is_led:
            self.say(Follow(False))
        super().on_picker_screen_picked(event)

    def hear_room(self, message: Message) -> None:
        """Take in what the server says of the room."""
        if isinstance(message, GoTo):
            self.go_to(message.place)
            return
        self.room = self.room.received(message)
        screen = self.run_screen
        if screen is not None:
            screen.heard(self.room, message)

    @property
    def run_screen(self) -> InRoom | None:
        """The run screen in front, perhaps under sheets; None at the list of scenarios."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, InRoom)), None)

    def go_to(self, place: Place) -> None:
        """Stand at a place, in a scenario that is served."""
        screen = self.run_screen
        try:
            if screen is not None and screen.session.scenario.name == place.scenario:
                screen.carried(place)
                return
            session = session_at(self.read(place.scenario), place)
        except GdsimError as error:
            self.notify(str(error), severity="error", timeout=8)
            return
        while len(self.screen_stack) > 1 and not isinstance(self.screen, PickerScreen | InRoom):
            self.pop_screen()
        if isinstance(self.screen, InRoom):
            self.switch_screen(self.screen_of(session))
        else:
            self.push_screen(self.screen_of(session))
