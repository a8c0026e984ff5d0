"""Sheets over the run screen: a line to type, a list to choose from, a text to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, ProgressBar, Static
from textual.widgets.option_list import Option

from gdsim.errors import GdsimError
from gdsim.i18n import _
from gdsim.tui.ascii_letters import lettered
from gdsim.tui.wrapping import broken_markdown, has_wide

Parse = Callable[[str], object]
"""Turns what was typed into a value; raises GdsimError or ValueError when it cannot."""


class AskLine(ModalScreen[object]):
    """Asks for one line; what cannot be understood is explained and can be typed again. Escape leaves."""

    BINDINGS = [("escape", "dismiss(None)", "leave")]

    def __init__(self, title: str, help_text: str, value: str, parse: Parse) -> None:
        super().__init__()
        self._title, self._help, self._value, self._parse = title, help_text, value, parse

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = lettered(self.app, self._title)
            sheet.border_subtitle = _("enter accepts · esc leaves")
            yield Static(lettered(self.app, self._help), classes="prompt-help", markup=False)
            yield Input(self._value)
            yield Static("", classes="prompt-error", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(self._parse(event.value))
        except (GdsimError, ValueError) as error:
            self.query_one(".prompt-error", Static).update(lettered(self.app, str(error)))


class Choose(ModalScreen[str | None]):
    """Offers a list of (value, text); enter takes one, escape leaves."""

    BINDINGS = [("escape", "dismiss(None)", "leave")]

    def __init__(self, title: str, options: Sequence[tuple[str, str]], current: str) -> None:
        super().__init__()
        self._title, self._options, self._current = title, options, current

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = lettered(self.app, self._title)
            sheet.border_subtitle = _("↑ ↓ move · enter accepts · esc leaves")
            choices = OptionList(
                *(Option(lettered(self.app, text), id=value) for value, text in self._options), markup=False
            )
            choices.highlighted = [value for value, _text in self._options].index(self._current)
            yield choices

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


class Reader(ModalScreen[None]):
    """Shows a text to read, Markdown or ready lines; escape, q, i or ? closes it."""

    BINDINGS = [("escape,q,i,question_mark", "dismiss(None)", "close")]

    def __init__(self, title: str, text: str, *, is_markdown: bool = True) -> None:
        super().__init__()
        self._title, self._text, self._is_markdown = title, text, is_markdown

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="sheet -reader") as sheet:
            sheet.border_title = lettered(self.app, self._title)
            sheet.border_subtitle = _("↑ ↓ scroll · esc closes")
            if self._is_markdown:
                from textual.widgets import Markdown  # a tenth of the start-up, and no first frame shows any

                yield Markdown(lettered(self.app, self._text, is_markdown=True), open_links=False)
            else:
                yield Static(lettered(self.app, self._text), markup=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self._break_lines)

    def _break_lines(self) -> None:
        """Break lines of Chinese, which Textual breaks at spaces only, at the width there is."""
        if self._is_markdown and has_wide(self._text):
            from textual.widgets import Markdown

            markdown = self.query_one(Markdown)
            text = lettered(self.app, self._text, is_markdown=True)
            markdown.update(broken_markdown(text, markdown.scrollable_content_region.width - 1))


class Working(ModalScreen[None]):
    """Shows how far a long run has come; escape stops it where it is."""

    BINDINGS = [("escape,q", "cancel", "stop here")]

    def __init__(self, title: str, first: int, target: int, cancel: Callable[[], None], text: str = "") -> None:
        """`text` says how far the run has come, with ``{update}`` and ``{target}`` in it."""
        super().__init__()
        self._title, self._first, self._target, self._cancel = title, first, target, cancel
        self._text = text or _("update {update} of at most {target}")

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = lettered(self.app, self._title)
            sheet.border_subtitle = _("esc stops here")
            yield Static("", id="working-count", markup=False)
            yield ProgressBar(total=max(1, self._target - self._first), show_eta=False)

    def show(self, update: int) -> None:
        """Show that the run has come to `update`, while the sheet is there: a run may begin before it and end after."""
        for count in self.query("#working-count").results(Static):
            count.update(self._text.format(update=update, target=self._target))
        for bar in self.query(ProgressBar):
            bar.update(progress=update - self._first)

    def action_cancel(self) -> None:
        """Stop the run where it is."""
        self._cancel()
