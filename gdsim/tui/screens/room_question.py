"""Sheets for a question to the room: to answer it, to see the answers come in, to see which was right."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from gdsim.classroom.messages import Counts
from gdsim.classroom.view import RoomView
from gdsim.explain.answers import Reveal as Revealed
from gdsim.explain.answers import choices, equation, right_direction, verdict_lines
from gdsim.i18n import _, ngettext
from gdsim.session import Session
from gdsim.tui.ascii_letters import lettered
from gdsim.tui.drawing.columns import bar
from gdsim.tui.screens.question import QuestionSheet
from gdsim.tui.strips import filled

_LONGEST_BAR = 40


class RoomQuestionSheet(QuestionSheet):
    """Puts the instructor's question; returns the quiz answered, None when it is left for now."""

    def action_hint(self) -> None:
        """Give no hints: everybody thinks for themselves."""

    def _put(self) -> None:
        super()._put()
        self.query_one(".sheet").border_title = _("the instructor asks · before update {number}").format(
            number=self._quiz.open[0].before
        )

    def _keys(self) -> str:
        more, less, neither = choices(self._quiz.open[0], self._session.timeline)
        return self._lettered(f"↑ {more} · ↓ {less} · = {neither} · " + _("esc leaves"))


class AnswersSheet(ModalScreen[bool]):
    """Shows an instructor how many gave each answer, as they come in; enter reveals which is right."""

    BINDINGS = [("enter", "dismiss(True)", "reveal"), ("escape,Q,upper_q", "dismiss(False)", "leave open")]

    def __init__(self, room: RoomView, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._room, self._ascii_only = room, ascii_only

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -question") as sheet:
            sheet.border_title = _("everybody is asked")
            sheet.border_subtitle = _("enter reveals the answer · esc leaves it open")
            question = self._room.question
            yield Static("" if question is None else lettered(self.app, question.text), markup=False)
            yield Static(id="answers-bars", markup=False)
            yield Static(id="answers-waiting", classes="prompt-help", markup=False)

    def on_mount(self) -> None:
        self.show_room(self._room)

    def on_resize(self) -> None:
        self.call_after_refresh(self.show_room, self._room)

    def show_room(self, room: RoomView) -> None:
        """Show the answers there are by now."""
        self._room = room
        if room.question is None or room.counts is None or not self.query(".sheet"):
            return
        counts, width = room.counts, self.query_one(".sheet").content_size.width
        lines = count_lines(room.question.words, counts, width, ascii_only=self._ascii_only)
        self.query_one("#answers-bars", Static).update("\n".join(lines))
        waiting = ngettext("{count} has not answered yet", "{count} have not answered yet", counts.waiting)
        text = waiting.format(count=counts.waiting) if counts.waiting else _("everybody has answered")
        self.query_one("#answers-waiting", Static).update(text)


class RoomVerdictSheet(ModalScreen[None]):
    """Shows which answer was right, what all said, and the working."""

    BINDINGS = [("enter,space,escape,q,full_stop", "dismiss(None)", "goes on")]

    def __init__(
        self, session: Session, shown: Revealed, counts: Counts, answer: int | None, *, ascii_only: bool = False
    ) -> None:
        """answer: what was said here, None for nothing; `shown` then is of the right one."""
        super().__init__()
        self._session, self._shown, self._counts = session, shown, counts
        self._answer, self._ascii_only = answer, ascii_only

    def compose(self) -> ComposeResult:
        working, verdict = self._shown.workings[0], self._shown.verdicts[0]
        answer = self._session.quiz.answers[0]
        with VerticalScroll(classes="sheet -question") as sheet:
            sheet.border_title = _("before update {number}").format(number=answer.question.before)
            sheet.border_subtitle = _("enter goes on")
            yield self._line(answer.question.text, "prompt-help")
            if self._answer is None:
                yield self._line(_("It is {truth}.").format(truth=verdict.truth))
            else:
                first, *rest = verdict_lines(answer, verdict)
                yield self._line(first, "-right" if verdict.is_right else "-wrong")
                yield from (self._line(text) for text in rest)
            yield Static(id="answers-bars", markup=False)
            for line in working.lines:
                yield self._line("  " + equation(line), "prompt-help")

    def on_mount(self) -> None:
        self.call_after_refresh(self._draw_bars)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw_bars)

    def _draw_bars(self) -> None:
        answer, timeline = self._session.quiz.answers[0], self._session.timeline
        words, width = choices(answer.question, timeline), self.query_one(".sheet").scrollable_content_region.width
        right = right_direction(answer.question, timeline)
        lines = count_lines(words, self._counts, width, ascii_only=self._ascii_only, right=right)
        self.query_one("#answers-bars", Static).update("\n".join(lines))

    def _line(self, text: str, classes: str = "") -> Static:
        return Static(lettered(self.app, text), classes=classes, markup=False)


def count_lines(
    words: Sequence[str], counts: Counts, width: int, *, ascii_only: bool, right: int | None = None
) -> list[str]:
    """Return a line for each answer: the words, a bar, how many gave it, and a mark at the right one."""
    numbers = (counts.more, counts.less, counts.neither)
    most, names = max(1, *numbers), max(map(cell_len, words))
    room = max(4, min(_LONGEST_BAR, width - names - 12))
    mark = "< " + _("right") if ascii_only else "✓ " + _("right")
    lines = []
    for value, word, number in zip((1, -1, 0), words, numbers, strict=True):
        drawn = filled(bar(number / most, room, ascii_only), room)
        lines.append(f"{filled(word, names)}  {drawn} {number:>4}" + (f"  {mark}" if value == right else ""))
    return lines
