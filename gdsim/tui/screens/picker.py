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

from gdsim.language import _
from gdsim.scenario.library import Summary


class PickerScreen(Screen[None]):
    """Shows titles and summaries; enter opens one."""

    BINDINGS = [
        Binding("enter", "open", "open", show=True),
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
        width = max((len(each.name) for each in self._summaries), default=0)
        options = [
            Option(
                f"{each.name:<{width}}  {each.title}\n{'':<{width}}  [dim]{_escape(each.summary)}[/dim]", id=each.name
            )
            for each in self._summaries
        ]
        yield OptionList(*options, id="picker-list")
        yield Footer(show_command_palette=False)

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
