"""Dialogs for a question to the room: to answer it, to see the answers come in, to see which was right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from gdsim.classroom.messages import Counts
from gdsim.classroom.view import RoomView
from gdsim.errors import GdsimError
from gdsim.explain.answers import Reveal, choices, equation, read_answer, right_direction, verdict_lines
from gdsim.i18n import _, ngettext
from gdsim.session import Session
from gdsim.tui.ascii_letters import draws_in_ascii, lettered
from gdsim.tui.dialogs.dialog import Dialog, Prose
from gdsim.tui.dialogs.question import QuestionView
from gdsim.tui.drawing.columns import bar
from gdsim.tui.strips import filled

_LONGEST_BAR = 40


class RoomQuestion(QuestionView[int]):
    """Asks the instructor's question, without hints; closes with the answer, or None if it is left for now."""

    BINDINGS = [("escape", "dismiss(None)", "leave")]
    stays = True

    def answer(self, text: str) -> None:
        """Close with the answer, or say why it is refused."""
        try:
            self.dismiss(int(read_answer(self.session.quiz.open[0], text)))
        except GdsimError as error:
            self.refuse(error)

    @property
    def heading(self) -> str:
        """The dialog's title."""
        number = self.session.quiz.open[0].before
        return _("the instructor asks · before update {number}").format(number=number)


class AnswersDialog(Dialog[bool]):
    """Shows an instructor how many gave each answer, as they come in; enter reveals which is right."""

    BINDINGS = [("enter", "dismiss(True)", "reveal"), ("escape,Q,upper_q", "dismiss(False)", "leave open")]
    stays = True

    def __init__(self, room: RoomView) -> None:
        super().__init__()
        self._room = room

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -question") as dialog:
            dialog.border_title = _("asking everybody")
            dialog.border_subtitle = _("enter reveals the answer · esc leaves it open")
            question = self._room.question
            yield self.line("" if question is None else question.text)
            yield Prose(id="answers-bars")
            yield Prose(id="answers-waiting", classes="prompt-help")

    def on_mount(self) -> None:
        self.show_room(self._room)

    def on_resize(self) -> None:
        self.call_after_refresh(self.show_room, self._room)

    def show_room(self, room: RoomView) -> None:
        """Show the answers so far."""
        self._room = room
        if room.question is None or room.counts is None or not self.query(".dialog"):
            return
        counts, width = room.counts, self.query_one(".dialog").content_size.width
        lines = count_lines(room.question.words, counts, width, ascii_only=draws_in_ascii(self.app))
        self.query_one("#answers-bars", Static).update("\n".join(lines))
        waiting = ngettext("{count} has not answered yet", "{count} have not answered yet", counts.waiting)
        text = waiting.format(count=counts.waiting) if counts.waiting else _("everybody has answered")
        self.query_one("#answers-waiting", Static).update(text)


class RoomVerdict(Dialog[None]):
    """Shows the right answer, how many gave each answer, and the working."""

    BINDINGS = [("enter,space,escape,q,full_stop", "dismiss(None)", "goes on")]
    stays = True

    def __init__(self, session: Session, shown: Reveal, counts: Counts, answer: int | None) -> None:
        """answer: the one given on this screen; None if there was none: `shown` then reveals the right answer."""
        super().__init__()
        self._session, self._shown, self._counts, self._answer = session, shown, counts, answer

    def compose(self) -> ComposeResult:
        answer = self._session.quiz.answers[0]
        with VerticalScroll(classes="dialog -question") as dialog:
            dialog.border_title = _("before update {number}").format(number=answer.question.before)
            dialog.border_subtitle = _("enter goes on")
            yield self.line(answer.question.text, "prompt-help")
            yield from self._said()
            yield Prose(id="answers-bars")
            for line in self._shown.workings[0].lines:
                yield self.line("  " + equation(line), "prompt-help")

    def _said(self) -> Iterator[Widget]:
        verdict = self._shown.verdicts[0]
        if self._answer is None:
            yield self.line(_("It is {truth}.").format(truth=verdict.truth))
            return
        first, *rest = verdict_lines(self._session.quiz.answers[0], verdict)
        yield self.line(first, "-right" if verdict.is_right else "-wrong")
        yield from map(self.line, rest)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw_bars)

    def _draw_bars(self) -> None:
        question, timeline = self._session.quiz.answers[0].question, self._session.timeline
        width = self.query_one(".dialog").scrollable_content_region.width
        lines = count_lines(
            choices(question, timeline),
            self._counts,
            width,
            ascii_only=draws_in_ascii(self.app),
            right=right_direction(question, timeline),
        )
        self.query_one("#answers-bars", Static).update(lettered(self.app, "\n".join(lines)))


def count_lines(
    words: Sequence[str], counts: Counts, width: int, *, ascii_only: bool, right: int | None = None
) -> list[str]:
    """Return a line for each answer: its words, a bar, how many gave it, and a mark if it is the right one."""
    numbers = (counts.more, counts.less, counts.neither)
    most, names = max(1, *numbers), max(map(cell_len, words))
    room = max(4, min(_LONGEST_BAR, width - names - 12))
    mark = "< " + _("right") if ascii_only else "✓ " + _("right")
    lines = []
    for value, word, number in zip((1, -1, 0), words, numbers, strict=True):
        drawn = filled(bar(number / most, room, ascii_only), room)
        lines.append(f"{filled(word, names)}  {drawn} {number:>4}" + (f"  {mark}" if value == right else ""))
    return lines
