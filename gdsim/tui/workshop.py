"""What a screen does in a workshop: it follows or leads, answers or asks, and goes where the room goes.

An app takes part in a workshop if it is given a `Workshop` with a client, its connection to the server:

    app = GdsimApp(scenario, options)
    app.workshop = Workshop(app, client)

scenario: the only one served, None if there are several to choose from. The app asks the client what is served and
who sits at this screen, and calls `attach` once it runs, in its own event loop. From then on the client passes every
message of the server to `receive`, and calls `close` when the server is gone; `tell` sends a message, at once and in
order. Screens reach the client only through the `Workshop`: there is one per app, and it outlives the run screens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from textual.screen import ModalScreen

from gdsim.classroom import messages
from gdsim.classroom.messages import Message, Progressed
from gdsim.classroom.view import RoomView
from gdsim.errors import GdsimError, UsageError
from gdsim.explain.answers import choices, reveal, right_direction
from gdsim.explain.questions import prediction_named, predictions
from gdsim.i18n import _
from gdsim.scenario.course import Course
from gdsim.scenario.place import Place
from gdsim.scenario.scenario import Scenario
from gdsim.session import Session
from gdsim.session.command import Ask, Choice, Result, Role
from gdsim.session.commands import command_named
from gdsim.session.course import Guide
from gdsim.session.progress import Record, with_reached
from gdsim.session.steps import Way, way_to
from gdsim.tui.dialogs.ask import ask_dialog
from gdsim.tui.dialogs.dialog import Dialog
from gdsim.tui.dialogs.room import AnswersDialog, RoomQuestion, RoomVerdict
from gdsim.tui.dialogs.roster import Roster
from gdsim.tui.panels.part import RoomLine
from gdsim.tui.path import PathScreen
from gdsim.tui.room import (
    RoomProgress,
    chapters_ask,
    closed_chapters,
    instructor_line,
    learner_line,
    opened_notices,
    others_lines,
)

if TYPE_CHECKING:
    from gdsim.tui.app import GdsimApp
    from gdsim.tui.run_screen import RunScreen

_TELL_SECONDS = 0.1
"""The least seconds between two reports of where a screen stands."""


class Client(Protocol):
    """A screen's connection to the server of its workshop.

    is_instructor: whether an instructor sits at this screen. place, progress: this person's place, None for somebody
    new, and progress when the connection dropped. scenarios: the served scenarios by name, without paths of this
    machine; course: the served course in this person's language, or all scenarios as one chapter without a title.
    """

    is_instructor: bool
    place: Place | None
    progress: tuple[Progressed, ...]
    scenarios: Mapping[str, Scenario]
    course: Course

    def tell(self, message: Message) -> None:
        """Send a message to the server; drop it if it is too long to send."""

    def attach(self, receive: Callable[[Message], None], close: Callable[[], None]) -> None:
        """Pass the server's messages to `receive` from now on, and call `close` when the server is gone.

        The client handles `Resize` and `Whole` itself, as they concern the terminal. Called in the running event loop.
        """


class Workshop:
    """An app's part in a workshop. view: what is known of the room; guide: this person's guide through the course."""

    def __init__(self, app: GdsimApp, client: Client) -> None:
        self.client = client
        self.view = RoomView()
        progress = RoomProgress(client)
        self.guide = Guide(lambda: client.course, progress, lambda: closed_chapters(client.course, self.view.course))
        self._app = app
        self._place: Place | None = None
        self._reported: Place | None = None
        self._reported_at = 0.0
        self._is_telling = self._is_over = False
        self._next: Place | None = None
        self._commands: Mapping[str, Callable[[RunScreen], None]] = {
            "follow": self._follow,
            "ask": self._answer,
            "broadcast": self._broadcast,
            "ask-room": self._ask_room,
        }
        self._anywhere: Mapping[str, Callable[[], None]] = {
            "roster": self._show_roster,
            "chapters": self._show_chapters,
            "hand-out": self._hand_out,
        }

    @property
    def role(self) -> Role:
        """The role that decides which commands there are."""
        return Role.INSTRUCTOR if self.client.is_instructor else Role.LEARNER

    @property
    def line(self) -> RoomLine:
        """The room line for this person."""
        return (instructor_line if self.client.is_instructor else learner_line)(self.view)

    # Beginning and end.

    def start(self) -> None:
        """Start taking part."""
        self.client.attach(self.receive, self._app.exit)

    def returned(self) -> Way | None:
        """Return the way to this person's last place; None for somebody new, or if the place no longer exists."""
        place = self.client.place
        if place is None:
            return None
        try:
            return self._way_to(place)
        except GdsimError:
            return None

    def leave(self) -> None:
        """Report where this screen stands now, unless that was reported already."""
        if self._place is not None and self._place != self._reported:
            self._reported, self._reported_at = self._place, monotonic()
            self.client.tell(messages.Where(self._place))

    def end(self) -> None:
        """Report where this screen stands, and stop taking part."""
        self.leave()
        self._is_over = True

    def scenario(self, name: str) -> Scenario:
        """Return a served scenario by name. Raises UsageError for any other name."""
        served = self.client.scenarios
        if name not in served:
            raise UsageError(name, _("is not served here"), ", ".join(served))
        return served[name]

    # For run screens.

    def arrive(self) -> None:
        """Ask the open question, if any, on the run screen, which has just opened or arrived."""
        screen = self._app.run_screen
        if screen is not None and self.view.question is not None:
            self._asked(screen, self.view.question)

    def allowed(self, before: Session, after: Session) -> Session | None:
        """Return the session to go on with when `after` was chosen on this screen, None to stay at `before`.

        A learner's own step away from a broadcast ends following. An instructor whose question is open must stay, since
        any other place could give away the answer.
        """
        if after.place == before.place:
            return after
        if self.client.is_instructor:
            if self._is_asking(before):
                self._app.clear_notifications()
                text = _("Your question is still open. Press Q to see the answers, then enter to reveal the right one.")
                self._app.notify(text)
                return None
        elif self.view.is_led:
            self._tell(messages.Follow(False))
            self._app.notify(_("You are on your own from here; press f to follow again."))
            return replace(after, quiz=after.quiz.closed())
        return after

    def stands(self, session: Session) -> None:
        """Report where this screen stands: at once, but at most once every `_TELL_SECONDS`."""
        self._place = session.place
        if self._is_telling or self._place == self._reported:
            return
        since = monotonic() - self._reported_at
        if since < _TELL_SECONDS:
            self._is_telling = True
            self._app.set_timer(_TELL_SECONDS - since, self._tell_again)
        else:
            self.leave()

    def others(self, session: Session) -> list[str]:
        """Return what others still work on, for a session at the end of a chapter."""
        return others_lines(self.client.course, self.view.course, session.scenario.name)

    def leave_broadcast(self) -> None:
        """Stop following the broadcast, if this screen follows one."""
        if self.view.is_led:
            self._tell(messages.Follow(False))

    def perform(self, name: str) -> None:
        """Run one of the workshop's commands."""
        screen = self._app.run_screen
        if name in self._anywhere:
            self._anywhere[name]()
        elif screen is not None:
            self._commands[name](screen)

    # A learner's commands.

    def _follow(self, screen: RunScreen) -> None:
        is_following = not self.view.air.is_following
        self._tell(messages.Follow(is_following))
        if not is_following and screen.session.quiz.open:
            self._carry(screen, replace(screen.session, quiz=screen.session.quiz.closed()))

    def _answer(self, screen: RunScreen) -> None:
        """Answer the instructor's question if one is open; else predict something, as outside a workshop."""
        if self.view.is_to_answer and self.view.question is not None:
            self._put(screen, self.view.question)
        else:
            screen.perform(command_named("ask"))

    # An instructor's commands.

    def _broadcast(self, _screen: RunScreen) -> None:
        self._tell(messages.Broadcast(not self.view.air.is_on))

    def _hand_out(self) -> None:
        self._tell(messages.HandoutWanted())

    def _show_roster(self) -> None:
        self._open(Roster(self.view, self.client.course))

    def _show_chapters(self) -> None:
        """Offer the chapters; choosing one opens or closes it."""
        if self.client.course.has_chapters:
            self._open(ask_dialog(chapters_ask(self.client.course, self.view.course, self._tell)))
        else:
            self._app.notify(_("No course is served here."))

    def _open(self, dialog: Dialog[Any]) -> None:
        if self._app.run_screen is not None:
            self._app.run_screen.pause()
        self._app.push_screen(dialog)

    def _ask_room(self, screen: RunScreen) -> None:
        """Ask everybody about the next update; if a question is open, show its answers so far."""
        screen.pause()
        if self.view.question is not None:
            self._show_answers()
            return
        session = screen.session
        found = predictions(session.timeline, session.position, session.focus)
        offered = {str(number): each for number, each in enumerate(found) if each.form != "value"}
        if not offered:
            self._app.notify(_("There is nothing left to predict about this update."))
            return

        def answer(number: str) -> Result:
            question = offered[number]
            if question.form != "value" and question.form != "choice":
                right, words = right_direction(question, session.timeline), choices(question, session.timeline)
                place, text = session.place, question.text
                self._tell(messages.Ask(place, question.quantity, question.form, text, words, right))
            return screen.session

        texts = tuple(Choice(number, each.text) for number, each in offered.items())
        screen.take(Ask(_("what do you ask everybody?"), "", texts[0].value, answer, texts))

    def _show_answers(self) -> None:
        question = self.view.question
        if question is None:
            return

        def closed(is_revealed: bool | None) -> None:
            if is_revealed:
                self._tell(messages.Close(question.id))

        self._app.push_screen(AnswersDialog(self.view), closed)

    def _is_asking(self, session: Session) -> bool:
        """Whether the open question is about the update that comes next here."""
        return self.view.question is not None and self.view.question.place == session.place

    # Messages from the server.

    def receive(self, message: Message) -> None:
        """Handle a message from the server, unless the app is exiting."""
        if self._is_over or not self._app.screen_stack:
            return
        match message:
            case messages.Notice(text, severity):
                self._app.notify(text, severity=severity, timeout=8)
            case messages.Goodbye():
                self._app.exit()
            case messages.GoTo(place):
                self._go_to(place)
            case _:
                self._receive_room(message)

    def _receive_room(self, message: Message) -> None:
        before, self.view = self.view, self.view.received(message)
        for each in self._app.screen_stack:
            if isinstance(each, AnswersDialog | Roster):
                each.show_room(self.view)
            elif isinstance(each, PathScreen) and each.is_mounted:
                each.show_room()
        for notice in opened_notices(self.client.course, before.course, self.view.course):
            self._app.notify(notice, timeout=10)
        screen = self._app.run_screen
        if screen is None or not screen.is_mounted:
            return
        screen.refresh_parts()
        match message:
            case messages.Question():
                self._asked(screen, message)
            case messages.Reveal(number) if before.question is not None and before.question.id == number:
                self._revealed(screen, before.question, message)

    def _go_to(self, place: Place) -> None:
        """Go to a place in a served scenario. A way under way is finished first, or stopped if it leads elsewhere."""
        app, screen = self._app, self._app.run_screen
        if screen is not None and screen.way is not None:
            self._next = place
            if place.scenario != screen.session.scenario.name or place.update < screen.way.target:
                screen.way.stop()
            return
        try:
            if screen is not None and screen.session.scenario.name == place.scenario:
                screen.pause()
                if place != screen.session.place:
                    self._close_dialogs()
                screen.travel(way_to(screen.session, place))
                return
            other = app.screen_of(self._way_to(place))
        except GdsimError as error:
            app.notify(str(error), severity="error", timeout=8)
            return
        while isinstance(app.screen, ModalScreen):
            app.pop_screen()
        app.show(other)

    def arrived(self, screen: RunScreen, session: Session, *, is_stopped: bool) -> None:
        """Show the session at the end of a way, then follow the instructor if they have moved on meanwhile."""
        place, self._next = self._next, None
        if is_stopped and place is None:
            self.leave_broadcast()
        self._carry(screen, session)
        if place is not None:
            self._go_to(place)
        else:
            self.arrive()

    def _way_to(self, place: Place) -> Way:
        """Return the way to a place, with this person's progress there. Raises GdsimError if there is none."""
        record = self.guide.progress.scenarios.get(place.scenario, Record())
        return way_to(with_reached(Session.open(self.scenario(place.scenario), place), record), place)

    def _carry(self, screen: RunScreen, session: Session) -> None:
        """Show a session that was not chosen on this screen."""
        self._app.clear_notifications()
        screen.show(session)

    def _close_dialogs(self, *others: type[Dialog[Any]]) -> None:
        """Close the dialogs over the run screen, except those marked `stays`, unless they are among `others`."""
        while isinstance(self._app.screen, ModalScreen):
            dialog = self._app.screen
            if isinstance(dialog, Dialog) and dialog.stays and not isinstance(dialog, others):
                return
            self._app.pop_screen()

    def _asked(self, screen: RunScreen, question: messages.Question) -> None:
        """Ask a follower the question, show an instructor the answers, and notify a learner who walks alone."""
        if self.client.is_instructor:
            self._close_dialogs(RoomVerdict, AnswersDialog)
        elif not self.view.is_led:
            name = self.view.air.instructor
            self._app.notify(_("{name} is asking a question; press f to answer.").format(name=name), timeout=10)
            return
        else:
            self._close_dialogs(RoomVerdict, RoomQuestion)
        session = _with_question(screen.session, question)
        if session is None:
            return
        self._carry(screen, session)
        if self.client.is_instructor:
            self._show_answers()
        elif self.view.answer is None:
            self._put(screen, question)

    def _put(self, screen: RunScreen, question: messages.Question) -> None:
        """Open the dialog in which a learner answers the room's question."""
        if not screen.session.quiz.open:
            session = _with_question(screen.session, question)
            if session is None:
                return
            self._carry(screen, session)

        def answered(value: int | None) -> None:
            if value is not None and self.view.question is not None:
                self._tell(messages.Answer(self.view.question.id, value))

        self._app.push_screen(RoomQuestion(screen.session), answered)

    def _revealed(self, screen: RunScreen, question: messages.Question, revealed: messages.Reveal) -> None:
        """Show the answer and make the update; tell a learner who answered and walked on whether they were right."""
        self._close_dialogs(RoomQuestion, AnswersDialog)
        is_here = self.client.is_instructor or self.view.is_led
        session = _with_question(screen.session, question) if is_here else None
        if session is not None:
            self._show_answer(screen, session, revealed)
        elif revealed.answer is not None and not self.client.is_instructor:
            right, word = (question.words[(1, -1, 0).index(each)] for each in (revealed.right, revealed.answer))
            text = _("✓ {truth}") if right == word else _("✗ {truth}, you said {answer}")
            self._app.notify(text.format(truth=right, answer=word), title=question.text)

    def _show_answer(self, screen: RunScreen, session: Session, revealed: messages.Reveal) -> None:
        """Make the update asked about and show the right answer. session: with the question still open."""
        answer = None if self.client.is_instructor else revealed.answer
        quiz = session.quiz.answered_with(float(revealed.right if answer is None else answer))
        shown = reveal(quiz, session.timeline, session.position, session.names)
        counted = session.quiz.closed() if answer is None else shown.quiz
        focus = shown.workings[0].focus or session.focus
        self._carry(screen, replace(session.at(shown.position), quiz=counted, focus=focus))
        self._app.push_screen(RoomVerdict(replace(session, quiz=quiz), shown, revealed.counts, answer))

    # Messages to the server.

    def _tell(self, message: Message) -> None:
        """Send the server a message, and show its effect without waiting for a reply."""
        self.client.tell(message)
        self.view = self.view.sent(message)
        screen = self._app.run_screen
        if screen is not None:
            screen.refresh_parts()

    def _tell_again(self) -> None:
        self._is_telling = False
        self.leave()


def _with_question(session: Session, question: messages.Question) -> Session | None:
    """Return the session with the room's question open, None if it does not stand before the update asked about.

    While the question is open, panels hide what would give the answer away.
    """
    if session.place != question.place:
        return None
    found = prediction_named(session.timeline, session.position.update + 1, question.quantity, question.form)
    return None if found is None else replace(session, quiz=session.quiz.opened((found,)))
