"""The dialog for a question before an update, at the bottom so that the panels stay visible."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from gdsim.errors import GdsimError
from gdsim.explain.answers import choices, hints, known
from gdsim.explain.numbers import in_ascii
from gdsim.explain.questions import HINTS
from gdsim.i18n import _
from gdsim.session import Session
from gdsim.session.command import Result
from gdsim.session.commands import command_named, run_command
from gdsim.tui.ascii_letters import draws_in_ascii
from gdsim.tui.dialogs.dialog import Closed, Dialog, Prose


class QuestionView(Dialog[Closed]):
    """Shows a session's open question, what is known, hints, and the keys that answer."""

    BINDINGS = [
        ("up,plus", "choose('+')", "more"),
        ("down,minus", "less", "less, or a hint"),
        ("equals_sign,0", "choose('0')", "neither"),
        ("h,question_mark", "hint", "hint"),
    ]
    AUTO_FOCUS = ""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -question"):
            yield Prose(id="question-text")
            yield Prose(id="question-known", classes="prompt-help")
            yield Prose(id="question-hints")
            yield Input(id="question-answer")
            yield Prose(id="question-error", classes="prompt-error")

    def on_mount(self) -> None:
        """Show the first question."""
        self.put()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.answer(event.value)

    def action_choose(self, text: str) -> None:
        """Answer "more" or "neither", unless a number is asked for."""
        if not self.is_number:
            self.answer(text)

    def action_less(self) -> None:
        """Answer "less"; if a number is asked for, show a hint."""
        if self.is_number:
            self.action_hint()
        else:
            self.answer("-")

    def action_hint(self) -> None:
        """Show one more hint, if this dialog has hints."""

    def answer(self, text: str) -> None:
        """Answer the open question, or say why the answer is refused."""
        raise NotImplementedError

    def refuse(self, error: GdsimError) -> None:
        """Say why an answer is refused."""
        self._say("question-error", str(error))

    @property
    def is_number(self) -> bool:
        """Whether a number is asked for."""
        return self.session.quiz.open[0].is_typed

    @property
    def heading(self) -> str:
        """The dialog's title."""
        raise NotImplementedError

    @property
    def hint_key(self) -> str:
        """The text about the hint key; empty if there are no hints."""
        return ""

    def put(self) -> None:
        """Show the open question, what is known, the hints so far and the keys that answer."""
        quiz, timeline = self.session.quiz, self.session.timeline
        dialog = self.query_one(".dialog")
        dialog.border_title = self.heading
        dialog.border_subtitle = self._keys()
        self._say("question-text", quiz.open[0].full_text)
        self._say("question-known", known(quiz.open[0], timeline))
        self._say("question-hints", "\n".join(hints(quiz, timeline, self.session.names)))
        self._say("question-error", "")
        answer = self.query_one(Input)
        answer.display = self.is_number
        if self.is_number:
            answer.focus()
        else:
            answer.value = ""
            self.set_focus(None)

    def _keys(self) -> str:
        """Return the keys that answer this question, with what each one answers."""
        if self.is_number:
            is_choice = self.session.quiz.open[0].form == "choice"
            how = _("type the number of an answer, then enter · ") if is_choice else _("enter answers · ")
            text = how + self.hint_key + _("esc leaves")
        else:
            more, less, neither = choices(self.session.quiz.open[0], self.session.timeline)
            up, down = ("+", "-") if draws_in_ascii(self.app) else ("↑", "↓")  # + and - answer like the arrow keys
            text = f"{up} {more} · {down} {less} · = {neither} · " + self.hint_key + _("esc leaves")
        return self._lettered(text)

    def _say(self, id_: str, text: str) -> None:
        """Show a text in one of the dialog's parts; hide the part if the text is empty."""
        part = self.query_one(f"#{id_}", Static)
        part.update(self._lettered(text))
        part.display = bool(text)

    def _lettered(self, text: str) -> str:
        return in_ascii(text.replace("↓", _("down key"))) if draws_in_ascii(self.app) else text


class QuestionDialog(QuestionView[Result]):
    """Asks the open questions in turn; closes with the result of the last answer, or of leaving the questions."""

    BINDINGS = [("escape", "skip", "leave")]

    def answer(self, text: str) -> None:
        """Answer the open question; go on to the next one."""
        self._take("answer", text)

    def action_hint(self) -> None:
        """Show one more hint, if any is left."""
        if self.session.quiz.hints < HINTS:
            self._take("hint")

    def action_skip(self) -> None:
        """Leave the questions unanswered."""
        self._take("skip")

    def _take(self, name: str, text: str = "") -> None:
        if self.app.screen is not self:
            return
        try:
            result = run_command(command_named(name), self.session, text)
        except GdsimError as error:
            self.refuse(error)
            return
        if isinstance(result, Session) and result.quiz.open:
            self.session = result
            self.put()
        else:
            self.dismiss(result)

    @property
    def heading(self) -> str:
        """The dialog's title."""
        quiz = self.session.quiz
        count, number = len(quiz.open) + len(quiz.answers), len(quiz.answers) + 1
        heading = _("before update {number}").format(number=quiz.open[0].before)
        if count > 1:
            heading += " · " + _("question {number} of {count}").format(number=number, count=count)
        return heading

    @property
    def hint_key(self) -> str:
        """The text about the hint key; empty if no hint is left."""
        if self.session.quiz.hints == HINTS or self.session.quiz.open[0].form == "choice":
            return ""
        return _("↓ hint · ") if self.is_number else _("h hint · ")
