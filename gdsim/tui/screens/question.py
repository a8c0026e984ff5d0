"""Sheets at the lower edge of the run screen: a question to answer, and what is said to the answers."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from gdsim.errors import GdsimError
from gdsim.explain.answers import Reveal, choices, equation, hints, known, read_answer, verdict_lines
from gdsim.explain.numbers import in_ascii
from gdsim.explain.questions import HINTS, Quiz
from gdsim.i18n import _
from gdsim.session import Session


class QuestionSheet(ModalScreen[Quiz | None]):
    """Puts the open questions of a session one after another; returns the quiz answered, None when it is left."""

    BINDINGS = [
        ("escape", "dismiss(None)", "leave"),
        ("up,plus", "choose('+')", "more"),
        ("down,minus", "less", "less, or a hint"),
        ("equals_sign,0", "choose('0')", "neither"),
        ("h,question_mark", "hint", "hint"),
    ]
    AUTO_FOCUS = ""

    def __init__(self, session: Session, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._session, self._quiz, self._ascii_only = session, session.quiz, ascii_only

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -question"):
            yield Static(id="question-text", markup=False)
            yield Static(id="question-known", classes="prompt-help", markup=False)
            yield Static(id="question-hints", markup=False)
            yield Input(id="question-answer")
            yield Static(id="question-error", classes="prompt-error", markup=False)

    def on_mount(self) -> None:
        """Put the first question."""
        self._put()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._answer(event.value)

    def action_choose(self, text: str) -> None:
        """Answer more or neither, where a number is not asked for."""
        if not self._is_number:
            self._answer(text)

    def _answer(self, text: str) -> None:
        """Take an answer; explain one that cannot be understood."""
        try:
            value = read_answer(self._quiz.open[0], text)
        except GdsimError as error:
            self._say("question-error", str(error))
            return
        self._quiz = self._quiz.answered_with(value)
        if self._quiz.open:
            self._put()
        else:
            self.dismiss(self._quiz)

    def action_less(self) -> None:
        """Answer less; where a number is asked for, show a hint."""
        if self._is_number:
            self.action_hint()
        else:
            self._answer("-")

    def action_hint(self) -> None:
        """Show one more rung of the ladder."""
        self._quiz = self._quiz.hinted()
        self._put()

    @property
    def _is_number(self) -> bool:
        return self._quiz.open[0].form == "value"

    def _put(self) -> None:
        """Show the open question, what is known, the hints so far and how to answer."""
        quiz, timeline = self._quiz, self._session.timeline
        question = quiz.open[0]
        count, number = len(quiz.open) + len(quiz.answers), len(quiz.answers) + 1
        sheet = self.query_one(".sheet")
        sheet.border_title = _("before update {number}").format(number=question.before)
        if count > 1:
            sheet.border_title += " · " + _("question {number} of {count}").format(number=number, count=count)
        sheet.border_subtitle = self._keys()
        self._say("question-text", question.text)
        self._say("question-known", known(question, timeline))
        self._say("question-hints", "\n".join(hints(quiz, timeline, self._session.names)))
        self._say("question-error", "")
        answer = self.query_one(Input)
        answer.display = self._is_number
        if self._is_number:
            answer.focus()
        else:
            answer.value = ""
            self.set_focus(None)

    def _keys(self) -> str:
        """Return which keys answer this question."""
        hint = ""
        if self._quiz.hints < HINTS:
            hint = _("↓ hint · ") if self._is_number else _("h hint · ")
        if self._is_number:
            text = _("enter answers · ") + hint + _("esc leaves")
        else:
            more, less, neither = choices(self._quiz.open[0], self._session.timeline)
            up, down = ("+", "-") if self._ascii_only else ("↑", "↓")  # the signs answer as the arrow keys do
            text = f"{up} {more} · {down} {less} · = {neither} · " + hint + _("esc leaves")
        return self._lettered(text)

    def _say(self, id_: str, text: str) -> None:
        part = self.query_one(f"#{id_}", Static)
        part.update(self._lettered(text))
        part.display = bool(text)

    def _lettered(self, text: str) -> str:
        if not self._ascii_only:
            return text
        return in_ascii(text.replace("↓", _("down key")))


class VerdictSheet(ModalScreen[None]):
    """Shows for each answer whether it is right, the slip recognised, and the working."""

    BINDINGS = [("enter,space,escape,q,full_stop", "dismiss(None)", "goes on")]

    def __init__(self, quiz: Quiz, shown: Reveal, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._quiz, self._shown, self._ascii_only = quiz, shown, ascii_only

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="sheet -question") as sheet:
            sheet.border_title = _("before update {number}").format(number=self._quiz.answers[0].question.before)
            score = self._shown.quiz.score
            sheet.border_subtitle = " · ".join(filter(None, (score, _("enter goes on"))))
            for answer, verdict, working in zip(
                self._quiz.answers, self._shown.verdicts, self._shown.workings, strict=True
            ):
                if len(self._quiz.answers) > 1:
                    yield self._line(answer.question.text, "prompt-help")
                first, *rest = verdict_lines(answer, verdict)
                yield self._line(first, "-right" if verdict.is_right else "-wrong")
                for text in rest:
                    yield self._line(text)
                for line in working.lines:
                    yield self._line("  " + equation(line), "prompt-help")

    def _line(self, text: str, classes: str = "") -> Static:
        return Static(in_ascii(text) if self._ascii_only else text, classes=classes, markup=False)
