"""The path: a course's chapters and scenarios, the progress in each, and which comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text as Styled
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from gdsim.errors import GdsimError
from gdsim.i18n import _
from gdsim.scenario.course import Chapter
from gdsim.scenario.library import Summary
from gdsim.session import Session
from gdsim.session.command import Result, Role, Text, TextLine
from gdsim.session.commands import COMMANDS, commands_for
from gdsim.session.course import Guide, chapter_line, chapter_lines, counts, course_line, matches
from gdsim.session.manual import contents
from gdsim.session.progress import SIGNS
from gdsim.tui.ascii_letters import lettered
from gdsim.tui.dialogs.ask import ask_dialog
from gdsim.tui.dialogs.dialog import Prose
from gdsim.tui.dialogs.reader import Reader
from gdsim.tui.display import is_current
from gdsim.tui.panels.chart import ChartPanel
from gdsim.tui.panels.part import ScreenState

if TYPE_CHECKING:
    from gdsim.tui.workshop import Workshop

ROOM_COMMANDS = ("roster", "chapters", "hand-out")
"""The instructor's commands that need no run."""

_PREVIEW_WAITS = 0.2
"""Seconds the cursor rests on a scenario before the preview of its first chart is drawn."""

_LARGEST_PREVIEW = 100_000
"""The most bytes of samples for which a scenario gets a preview: larger ones take too long to read."""


class PathScreen(Screen[None]):
    """Shows chapters and scenarios; enter opens one where it was left."""

    BINDINGS = [
        # With priority: the list binds enter too, and its binding does not appear in the footer.
        Binding("enter", "open", "open", key_display="enter", priority=True),
        Binding("slash", "find", "find", key_display="/"),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("M", "manual", "manual", key_display="M"),
        Binding("escape", "leave_search", show=False),
        Binding("q", "app.quit", "quit"),
        *(
            Binding(
                key, f"room({command.name!r})", command.label, key_display=command.shown, show=key == command.keys[0]
            )
            for command in commands_for(Role.INSTRUCTOR)
            if command.name in ROOM_COMMANDS
            for key in command.keys
        ),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    AUTO_FOCUS = "#path-list"

    @dataclass
    class Picked(Message):
        """A scenario was chosen, given by name."""

        name: str

    def __init__(
        self,
        guide: Guide,
        opened: Callable[[str], Session],
        *,
        ascii_only: bool,
        workshop: Workshop | None = None,
    ) -> None:
        """opened: returns the session of a scenario by name, for the preview of its first chart."""
        super().__init__()
        self._guide, self._course, self._opened, self._ascii_only = guide, guide.course, opened, ascii_only
        self._workshop, self._chapters_closed = workshop, [False] * len(self._course.chapters)
        self._progress = guide.progress
        self._wanted, self._previewed = "", ""
        self._preview_timer: Timer | None = None

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work, for the footer, with labels in the current language."""
        return {key: _translated(active) for key, active in super().active_bindings.items()}

    def compose(self) -> ComposeResult:
        yield Static(id="path-title", markup=False)
        yield Static(id="path-room", markup=False)
        yield Input(id="path-search", placeholder=_("find in titles, summaries and lessons"))
        with Horizontal():
            yield OptionList(id="path-list")
            with Vertical(id="path-preview"):
                yield Prose(id="path-about")
                yield ChartPanel(0, id="path-chart")
        yield Footer(show_command_palette=False)

    def post_message(self, message: Message) -> bool:
        """Post a message, unless it is a size that the terminal no longer has."""
        return is_current(message, self) and super().post_message(message)

    def on_mount(self) -> None:
        self.query_one("#path-search").display = False
        self.show_room()
        self._list(self._at_first())

    def show_room(self) -> None:
        """Show the workshop's current room line, and which chapters are open."""
        room = self.query_one("#path-room", Static)
        room.display = self._workshop is not None
        if self._workshop is not None:
            room.update(self._plain("".join(text for text, _look in self._workshop.line.parts)))
        closed = [self._guide.is_closed(chapter) for chapter in self._course.chapters]
        if closed != self._chapters_closed:
            self._chapters_closed = closed
            self._list_anew()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key works: the instructor's keys work only for an instructor."""
        return action != "room" or self._is_instructor

    @property
    def _is_instructor(self) -> bool:
        return self._workshop is not None and self._workshop.client.is_instructor

    def action_room(self, name: str) -> None:
        """Run one of the instructor's commands."""
        if self._workshop is not None:
            self._workshop.perform(name)

    def on_screen_resume(self) -> None:
        """Show the room as it is now; if progress has changed, list the scenarios with the cursor at the next one."""
        self.show_room()
        before, self._progress = self._progress, self._guide.progress
        if self._progress != before:
            self.call_after_refresh(self._list, self._at_first())

    def on_resize(self) -> None:
        self.call_after_refresh(self._list_anew)

    def _list_anew(self) -> None:
        self._list(self._highlighted(self.query_one(OptionList)) or self._at_first())

    def _at_first(self) -> str:
        step = self._guide.next_step
        return step.name if step is not None else self._course.scenarios[0].name

    def _found(self) -> Iterator[tuple[int, Chapter, list[Summary]]]:
        """Yield the number, chapter and matching scenarios of each chapter in which the search finds any."""
        for number, chapter in enumerate(self._course.chapters, 1):
            found = [each for each in chapter.scenarios if matches(each, self._wanted)]
            if found:
                yield number, chapter, found

    def _list(self, at: str) -> None:
        """Rebuild the list, with the cursor at the scenario named `at`."""
        choices, step = self.query_one(OptionList), self._guide.next_step
        width = choices.scrollable_content_region.width - 2
        options, place = [], None
        for number, chapter, found in self._found():
            is_closed = self._guide.is_closed(chapter)
            if heading := chapter_line(number, chapter) + (" · " + _("closed") if is_closed else ""):
                options.append(Option(Styled(self._plain(heading), style="bold", no_wrap=True), disabled=True))
            for each in found:
                place = len(options) if each.name == at else place
                options.append(Option(self._row(each, each is step, width), id=each.name))
        choices.clear_options()
        choices.add_options(options)
        names = [index for index, option in enumerate(options) if option.id]
        choices.highlighted = place if place is not None else next(iter(names), None)
        title = " · ".join(filter(None, (self._course.title, course_line(self._course, self._progress))))
        self.query_one("#path-title", Static).update(self._plain(title))

    def _row(self, summary: Summary, is_next: bool, width: int) -> Styled:
        """Return a scenario's line: its sign, its title, its progress, and whether it comes next."""
        record = self._progress.of(summary)
        sign = self._plain(SIGNS[self._progress.state(summary)])
        after = counts(summary, record)
        if is_next:
            after = _("next") + (" · " if after else "") + after
        after = self._plain(after)
        room = max(10, width - cell_len(sign) - cell_len(after) - 4)
        title = Styled(self._plain(summary.title), style="bold" if is_next else "")
        title.truncate(room, overflow="crop" if self._ascii_only else "ellipsis", pad=True)
        return Styled.assemble(f" {sign} ", title, " ", (after, "dim"), no_wrap=True)

    def _plain(self, text: str) -> str:
        return lettered(self.app, text)

    # The preview.

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Describe the scenario under the cursor; draw its chart once the cursor rests."""
        if event.option_id is None:
            return
        summary = self._course.named(event.option_id)
        self.query_one("#path-about", Static).update(self._plain("\n".join(self._about(summary))))
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(_PREVIEW_WAITS, lambda: self._draw(summary))

    def _about(self, summary: Summary) -> Iterator[str]:
        chapter = next(chapter for chapter, each in self._course.places() if each is summary)
        record = self._progress.of(summary)
        yield summary.title
        yield summary.summary
        yield from (f"{SIGNS['done' if record and n in record.goals else '']} {g}" for n, g in enumerate(summary.goals))
        if record is not None and self._progress.state(summary) == "begun":
            yield _("left after update {update}; enter goes on there").format(update=record.update)
        if self.has_class("-wide"):
            yield ""
            yield from chapter_lines(chapter)

    def _draw(self, summary: Summary) -> None:
        """Draw the first chart of a scenario, unless it has too many samples for a preview."""
        panel = self.query_one("#path-chart", ChartPanel)
        if not self.has_class("-wide") or summary.name == self._previewed:
            return
        self._previewed = summary.name
        try:
            session = self._opened(summary.name)
        except GdsimError:
            panel.display = False
            return
        samples = session.scenario.dataset
        panel.display = samples is None or samples.inputs.nbytes <= _LARGEST_PREVIEW
        if panel.display:
            state = ScreenState(session, session.view, "", None, self._ascii_only, has_arrows=False, room=None)
            self.call_after_refresh(panel.show, state)

    # Keys.

    def action_open(self) -> None:
        search, choices = self.query_one("#path-search", Input), self.query_one(OptionList)
        if search.has_focus:
            choices.focus()
        else:
            choices.action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is None:
            return
        summary = self._course.named(event.option_id)
        why = "" if self._is_instructor else self._guide.why_closed(summary)
        if why:
            self.app.notify(why)
        else:
            self.post_message(self.Picked(event.option_id))

    def action_find(self) -> None:
        """Open the search line; the list shows the scenarios that match."""
        search = self.query_one("#path-search", Input)
        search.display = True
        search.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._wanted = event.value.strip()
        self._list(self._highlighted(self.query_one(OptionList)))

    def action_leave_search(self) -> None:
        """Show all scenarios again."""
        search, choices = self.query_one("#path-search", Input), self.query_one(OptionList)
        search.value, search.display = "", False
        choices.focus()

    def action_help(self) -> None:
        self.app.push_screen(Reader(Text(tuple(map(TextLine, _help().split("\n"))), title=_("the path"), is_page=True)))

    def action_manual(self) -> None:
        """Ask for a topic of the manual, and show it."""

        def show(topic: Result | None) -> None:
            if isinstance(topic, Text):
                self.app.push_screen(Reader(topic))

        self.app.push_screen(ask_dialog(contents(COMMANDS)), show)

    def action_cursor_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_cursor_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()

    @staticmethod
    def _highlighted(choices: OptionList) -> str:
        option = choices.highlighted_option
        return (option.id or "") if option is not None else ""


def _help() -> str:
    return _(
        "The path goes from the top to the bottom, chapter by chapter.\n"
        "☐ not opened yet · ◐ begun · ☑ done: all goals reached or, if it has none, the run followed to its end.\n\n"
        "↑ ↓  choose a scenario\n"
        "enter  open it, where you left it\n"
        "/  find in titles, summaries and lessons; esc shows all\n"
        "M  read the manual\n"
        "q  quit; your place is kept\n\n"
        "In a scenario space makes the next update, i shows the lesson with its goals, ? all keys; esc comes back here."
    )


def _translated(active: ActiveBinding) -> ActiveBinding:
    description = active.binding.description
    return active._replace(binding=replace(active.binding, description=_(description))) if description else active
