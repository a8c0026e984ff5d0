"""The roster of a workshop: who is here, their places and progress; and how many learners reached each goal."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import DataTable, Static

from gdsim.classroom.messages import Row
from gdsim.classroom.view import RoomView
from gdsim.i18n import _
from gdsim.scenario.course import Course
from gdsim.tui.ascii_letters import lettered
from gdsim.tui.dialogs.dialog import Dialog
from gdsim.tui.room import instructor_line

COLUMNS = ("name", "chapter", "scenario", "update", "goals", "questions", "follows", "last answer", "state")
OF_COURSE = ("chapter", "goals", "questions")
"""The columns shown only if a course is served."""

GOAL_COLUMNS = ("chapter", "scenario", "reached", "goal")

STATES = {"here": "here", "gone": "gone", "crashed": "crashed"}


class Roster(Dialog[None]):
    """A table of everybody who is or was here, or of the goals. Answers are shown on demand: others may look on."""

    BINDINGS = [
        ("escape,t,q", "dismiss(None)", "back"),
        ("n", "answers", "answers by name"),
        ("g", "goals", "goals"),
    ]
    AUTO_FOCUS = "#roster"
    stays = True

    def __init__(self, room: RoomView, course: Course) -> None:
        super().__init__()
        self._room, self._course = room, course
        self._chapters = {
            each.name: str(number) for number, chapter in enumerate(course.chapters, 1) for each in chapter.scenarios
        }
        self._has_answers = self._has_goals = False
        self._columns: tuple[str, ...] = ()
        self._shown: dict[str, tuple[str, ...]] = {}

    def compose(self) -> ComposeResult:
        yield Static(id="roster-title", markup=False)
        yield DataTable(id="roster", cursor_type="row", zebra_stripes=True)
        yield Static(
            _("↑ ↓ scroll · g goals / people · n show / hide answers · esc goes back"),
            id="roster-keys",
        )

    def on_mount(self) -> None:
        self.show_room(self._room)

    @property
    def _table(self) -> DataTable[Text]:
        return self.query_one(DataTable)

    def action_answers(self) -> None:
        """Switch between showing answers and showing only who has answered."""
        self._has_answers = not self._has_answers
        self.show_room(self._room)

    def action_goals(self) -> None:
        """Switch between the people and how many reached each goal."""
        self._has_goals = not self._has_goals
        self.show_room(self._room)

    def show_room(self, room: RoomView) -> None:
        """Show the room's current state; update only the cells that changed, if the rows are the same."""
        self._room = room
        if not self.query("#roster"):
            return
        parts = instructor_line(room).parts
        self.query_one("#roster-title", Static).update(lettered(self.app, " " + "".join(text for text, _look in parts)))
        columns: tuple[str, ...] = GOAL_COLUMNS if self._has_goals else COLUMNS
        columns = tuple(name for name in columns if self._course.has_chapters or name not in OF_COURSE)
        found = self._goals() if self._has_goals else self._people()
        rows = {key: tuple(row[name] for name in columns) for key, row in found.items()}
        if columns == self._columns and list(rows) == list(self._shown):
            for name, cells in rows.items():
                for column, cell, was in zip(columns, cells, self._shown[name], strict=True):
                    if cell != was:
                        self._table.update_cell(name, column, self._text(cell), update_width=True)
        else:
            self._fill(columns, rows)
        self._columns, self._shown = columns, rows

    def _fill(self, columns: tuple[str, ...], rows: dict[str, tuple[str, ...]]) -> None:
        table = self._table
        at, top = table.cursor_row, table.scroll_y
        table.clear(columns=columns != self._columns)
        if columns != self._columns:
            for name in columns:
                table.add_column(_(name), key=name)
        for name, cells in rows.items():
            table.add_row(*map(self._text, cells), key=name)
        table.move_cursor(row=min(at, max(0, len(rows) - 1)), scroll=False)
        table.scroll_to(y=top, animate=False)

    def _text(self, cell: str) -> Text:
        return Text(lettered(self.app, cell))

    # People.

    def _people(self) -> dict[str, dict[str, str]]:
        return {row.name: self._cells(row) for row in sorted(self._room.rows.values(), key=_order)}

    def _cells(self, row: Row) -> dict[str, str]:
        """Return a person's cell for each column."""
        is_led = self._room.air.is_on and row.is_following and not row.is_instructor and row.state == "here"
        follows = _("✓ follows") if row.is_following else _("alone")
        return {
            "name": row.name,
            "chapter": self._chapters.get(row.scenario, ""),
            "scenario": _("with you") if is_led else row.scenario,
            "update": "" if is_led or not row.scenario else str(row.update),
            "goals": _of(row, row.goals, sum(len(each.goals) for each in self._course.scenarios)),
            "questions": _of(row, row.questions, sum(each.questions for each in self._course.scenarios)),
            "follows": _("instructor") if row.is_instructor else follows,
            "last answer": self._answer(row),
            "state": _(STATES[row.state]),
        }

    def _answer(self, row: Row) -> str:
        if row.is_instructor:
            return ""
        if self._room.question is not None and not self._has_answers:
            return _("answered") if row.is_answered else "…"
        if not row.answer or not self._has_answers:
            return _("answered") if row.answer else ""
        mark = {True: " ✓", False: " ✗", None: ""}[row.is_right]
        return row.answer + mark

    # Goals.

    def _goals(self) -> dict[str, dict[str, str]]:
        reached = {each.scenario: each.learners for each in self._room.goals.reached}
        learners = sum(not row.is_instructor for row in self._room.rows.values())
        rows = {}
        for each in self._course.scenarios:
            counts = (*reached.get(each.name, ()), *[0] * len(each.goals))
            for place, goal in enumerate(each.goals):
                row = {"chapter": self._chapters[each.name], "scenario": each.name, "goal": goal}
                rows[f"{each.name} {place}"] = row | {"reached": f"{counts[place]}/{learners}"}
        return rows


def _of(row: Row, number: int, count: int) -> str:
    """Return ``reached/all`` for a learner; empty for an instructor, or if there is nothing to reach."""
    return "" if row.is_instructor or not count else f"{number}/{count}"


def _order(row: Row) -> tuple[bool, bool, str]:
    return row.is_instructor, row.state != "here", row.name.casefold()
