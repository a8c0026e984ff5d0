"""The list of bundled scenarios to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from gdsim.i18n import _
from gdsim.scenario.library import Summary
from gdsim.tui.strips import filled, wrapped

_UNBROKEN = 1000
"""A width at which no text is broken, until the screen has one."""


class PickerScreen(Screen[None]):
    """Shows titles and summaries; enter opens one."""

    BINDINGS = [
        # With priority, since the list has a key of its own for it, which the footer would not name.
        Binding("enter", "open", "open", key_display="enter", priority=True),
        Binding("q", "app.quit", "quit"),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]
    AUTO_FOCUS = "#picker-list"

    @dataclass
    class Picked(Message):
        """A scenario was chosen, by its name."""

        name: str

    def __init__(self, summaries: Sequence[Summary]) -> None:
        super().__init__()
        self._summaries = summaries

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work, for the footer, in the language of the context."""
        return {key: _translated(active) for key, active in super().active_bindings.items()}

    def compose(self) -> ComposeResult:
        yield Static(
            _("gdsim shows gradient descent one update at a time. Choose a scenario; i in it opens its lesson."),
            id="picker-intro",
        )
        options = [Option(self._prompt(each, _UNBROKEN), id=each.name) for each in self._summaries]
        yield OptionList(*options, id="picker-list")
        yield Footer(show_command_palette=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self._break_lines)

    def _break_lines(self) -> None:
        """Break titles and summaries at the width there is, so that they stay in their column."""
        choices = self.query_one(OptionList)
        for each in self._summaries:
            choices.replace_option_prompt(each.name, self._prompt(each, choices.scrollable_content_region.width - 2))

    def _prompt(self, summary: Summary, width: int) -> str:
        """Return a scenario's name, with title and summary in a column beside it."""
        names = max(len(each.name) for each in self._summaries) + 2
        room = max(10, width - names)
        titles, about = wrapped(summary.title, room), wrapped(summary.summary, room)
        lines = [_escape(line) for line in titles] + [f"[dim]{_escape(line)}[/dim]" for line in about]
        heads = [_escape(filled(summary.name, names)), *([" " * names] * (len(lines) - 1))]
        return "\n".join(head + line for head, line in zip(heads, lines, strict=True))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            self.post_message(self.Picked(event.option_id))

    def action_open(self) -> None:
        self.query_one(OptionList).action_select()

    def action_cursor_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_cursor_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()


def _translated(active: ActiveBinding) -> ActiveBinding:
    description = active.binding.description
    return active._replace(binding=replace(active.binding, description=_(description))) if description else active


def _escape(text: str) -> str:
    return text.replace("[", r"\[")
