"""The hand-out: what a spreadsheet reads from it is what happened."""

import csv
import io
import stat
from dataclasses import replace
from datetime import datetime

import pytest
from workshops import ASK

from gdsim.classroom.handout import handout, write_handout
from gdsim.classroom.messages import Answer, Close, Follow, Where
from gdsim.classroom.room import Room
from gdsim.i18n import use_language
from gdsim.scenario.place import Place


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def full_room():
    room = Room().joined("ada", "host", is_instructor=True)[0]
    for name in ("maria", "Eve, the 2nd"):
        room = room.joined(name, "host")[0]
    room = room.after("maria", Follow(False)).after(
        "maria", Where(Place("mazur", 12, edits=("3:update.learning_rate=1",)))
    )
    room = room.after("ada", ASK).after("maria", Answer(1, -1)).after("Eve the 2nd", Answer(1, 1))
    return room.after("ada", Close(1)).after("ada", replace(ASK, text="=cmd()|evil")).left("maria")


def test_who_reached_what_and_said_what():
    """A row a learner; questions are columns with the right answer, once it is revealed, in their heading."""
    eve, maria = rows(handout(full_room()))
    question = "before update 4 of mazur: Which way will w5 move? (down)"
    assert (maria["name"], maria["state"], maria["reached"]) == ("maria", "gone", "mazur 12")
    assert (maria["scenario"], maria["update"], maria["changed"]) == ("mazur", "12", "3:update.learning_rate=1")
    assert (maria[question], maria["right"], maria["answered"]) == ("down", "1", "1")
    assert (eve["name"], eve["state"], eve["reached"]) == ("Eve the 2nd", "here", "mazur 3")
    assert (eve[question], eve["right"], eve["answered"]) == ("up", "0", "1")
    assert eve["before update 4 of mazur: =cmd()|evil"] == ""


def test_no_cell_is_a_formula():
    """A text that a spreadsheet would compute is shown as text."""
    ask = replace(ASK, words=("=1+1", "-2", "@x"))
    room = full_room().after("ada", Close(2)).after("ada", ask).after("maria", Answer(3, 1))
    cells = [cell for row in csv.reader(io.StringIO(handout(room))) for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_hand_outs_never_overwrite(tmp_path):
    """Each is a new file only its owner reads, named by the time."""
    now = datetime(2026, 3, 1, 9, 30, 5)
    first, second = (write_handout(full_room(), tmp_path / "new", now) for _ in range(2))
    assert (first.name, second.name) == ("workshop-2026-03-01-093005.csv", "workshop-2026-03-01-093005-2.csv")
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert first.read_bytes().startswith(b"\xef\xbb\xbf")
    assert first.read_text(encoding="utf-8-sig").replace("\n", "\r\n").count("\r\n") == 3


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    """The error is the operating system's, for the caller to tell."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        write_handout(Room(), tmp_path / "file", datetime.now())


def test_an_empty_room_has_a_heading():
    """Nobody came: one line."""
    use_language("en")
    assert handout(Room()) == "name,state,reached,scenario,update,changed,right,answered\r\n"
