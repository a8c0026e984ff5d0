"""The roster of a workshop: who is here, where they are, whether they follow, and what they answered last."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import DataTable, Static

from gdsim.classroom.messages import Row
from gdsim.classroom.view import RoomView
from gdsim.i18n import _
from gdsim.tui.ascii_letters import lettered
from gdsim.tui.dialogs.dialog import Dialog
from gdsim.tui.room_line import instructor_line

COLUMNS = ("name", "scenario", "update", "walks", "last answer", "state")

STATES = {"here": "here", "gone": "gone", "crashed": "crashed"}


class Roster(Dialog[None]):
    """A table of everybody who is or was here. What somebody answered is shown on demand, as others may look on."""

    BINDINGS = [
        ("escape,t,q", "dismiss(None)", "back"),
        ("n", "answers", "answers by name"),
    ]
    AUTO_FOCUS = "#roster"
    stays = True

    def __init__(self, room: RoomView) -> None:
        super().__init__()
        self._room = room
        self._has_answers = False
        self._shown: dict[str, tuple[str, ...]] = {}

    def compose(self) -> ComposeResult:
        yield Static(id="roster-title", markup=False)
        yield DataTable(id="roster", cursor_type="row", zebra_stripes=True)
        yield Static(_("↑ ↓ scroll · n shows answers by name, or hides them · esc goes back"), id="roster-keys")

    def on_mount(self) -> None:
        table = self._table
        for name in COLUMNS:
            table.add_column(_(name), key=name)
        self.show_room(self._room)

    @property
    def _table(self) -> DataTable[Text]:
        return self.query_one(DataTable)

    def action_answers(self) -> None:
        """Show what was answered, or only that it was."""
        self._has_answers = not self._has_answers
        self.show_room(self._room)

    def show_room(self, room: RoomView) -> None:
        """Show the room as it is by now: rows that changed, in their places."""
        self._room = room
        if not self.query("#roster"):
            return
        parts = instructor_line(room).parts
        self.query_one("#roster-title", Static).update(lettered(self.app, " " + "".join(text for text, _look in parts)))
        rows = {row.name: self._cells(row) for row in sorted(room.rows.values(), key=_order)}
        if list(rows) == list(self._shown):
            for name, cells in rows.items():
                for column, cell, was in zip(COLUMNS, cells, self._shown[name], strict=True):
                    if cell != was:
                        self._table.update_cell(name, column, self._text(cell), update_width=True)
        else:
            self._fill(rows)
        self._shown = rows

    def _fill(self, rows: dict[str, tuple[str, ...]]) -> None:
        table = self._table
        at, top = table.cursor_row, table.scroll_y
        table.clear()
        for name, cells in rows.items():
            table.add_row(*map(self._text, cells), key=name)
        table.move_cursor(row=min(at, max(0, len(rows) - 1)), scroll=False)
        table.scroll_to(y=top, animate=False)

    def _text(self, cell: str) -> Text:
        return Text(lettered(self.app, cell))

    def _cells(self, row: Row) -> tuple[str, ...]:
        is_led = self._room.air.is_on and row.is_following and not row.is_instructor and row.state == "here"
        follows = _("✓ follows") if row.is_following else _("alone")
        walks = _("instructor") if row.is_instructor else follows
        where = _("with you") if is_led else row.scenario
        update = "" if is_led or not row.scenario else str(row.update)
        return row.name, where, update, walks, self._answer(row), _(STATES[row.state])

    def _answer(self, row: Row) -> str:
        if row.is_instructor:
            return ""
        if self._room.question is not None and not self._has_answers:
            return _("answered") if row.is_answered else "…"
        if not row.answer or not self._has_answers:
            return _("answered") if row.answer else ""
        mark = {True: " ✓", False: " ✗", None: ""}[row.is_right]
        return row.answer + mark


def _order(row: Row) -> tuple[bool, bool, str]:
    return row.is_instructor, row.state != "here", row.name.casefold()
