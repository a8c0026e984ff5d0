"""Dialogs that ask for a command's input: a line to type or a list to choose from."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from gdsim.errors import GdsimError
from gdsim.i18n import _
from gdsim.session.command import Ask, Choice, Result
from gdsim.tui.ascii_letters import lettered
from gdsim.tui.dialogs.dialog import Dialog


def ask_dialog(ask: Ask) -> AskDialog:
    """Return the dialog that asks a question."""
    return ChoiceDialog(ask) if ask.choices else LineDialog(ask)


class AskDialog(Dialog[Result]):
    """Closes with the result of the answer; if the answer is refused, says why and asks again."""

    BINDINGS = [("escape", "dismiss(None)", "leave")]

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self.ask = ask

    def answer(self, text: str) -> None:
        """Close with the result of an answer, or say why it is refused."""
        self.close_with(self.ask.answer, text)

    def close_with(self, take: Callable[[str], Result], text: str) -> None:
        """Close with what `take` makes of a text; if it raises GdsimError, say why and stay open."""
        try:
            result = take(text)
        except GdsimError as error:
            self.query_one(".prompt-error", Static).update(lettered(self.app, str(error)))
        else:
            self.dismiss(result)


class LineDialog(AskDialog):
    """Asks for one line."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = lettered(self.app, self.ask.title)
            dialog.border_subtitle = _("enter accepts · esc leaves")
            yield self.line(self.ask.help, "prompt-help")
            yield Input(self.ask.value)
            yield self.line("", "prompt-error")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.answer(event.value)


class ChoiceDialog(AskDialog):
    """Offers a list of choices; enter takes one, d deletes one if the question allows it."""

    BINDINGS = [("d,delete", "delete", "delete")]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = lettered(self.app, self.ask.title)
            leave = _("↑ ↓ move · enter accepts · esc leaves")
            dialog.border_subtitle = leave if self.ask.delete is None else _("d deletes a branch") + " · " + leave
            if self.ask.help:
                yield self.line(self.ask.help, "prompt-help")
            choices = OptionList(*map(self._option, self.ask.choices), markup=False)
            values = [choice.value for choice in self.ask.choices]
            if self.ask.value in values:
                choices.highlighted = values.index(self.ask.value)
            yield choices
            yield self.line("", "prompt-error")

    def _option(self, choice: Choice) -> Option:
        text = lettered(self.app, choice.text)
        return Option(text, id=choice.value) if choice.value else Option(text, disabled=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.answer(event.option_id or "")

    def action_delete(self) -> None:
        """Delete the choice under the cursor."""
        option = self.query_one(OptionList).highlighted_option
        if self.ask.delete is not None and option is not None and option.id is not None:
            self.close_with(self.ask.delete, option.id)
