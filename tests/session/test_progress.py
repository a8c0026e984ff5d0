"""Progress: kept whole, by two programs at once, and never in the way of learning."""

import json
import multiprocessing
import os
import sys
from pathlib import Path
from shutil import rmtree

import pytest

from gdsim.errors import GdsimError
from gdsim.scenario.course import course_path, load_course
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.scenario.place import Place
from gdsim.session import Session
from gdsim.session.course import Guide
from gdsim.session.goals import watched
from gdsim.session.progress import ProgressFile, Record, record_of, resumed, with_reached
from gdsim.session.steps import way_to


@pytest.fixture
def file(tmp_path):
    return ProgressFile(tmp_path / "data" / "progress.json")


def hill(at=0, edits=()):
    place = Place("", at, edits=edits)
    return way_to(Session.open(load_file(resolve("mountain-descent")), place), place).session()


def test_a_session_is_had_again_where_it_was_left(file):
    """Edits, update and what is reached come back."""
    session = watched(hill(7, ("0:update.learning_rate=0.1", "3:x=3.0")))[0]
    file.keep("mountain-descent", record_of(session))
    record = ProgressFile(file.path).read().scenarios["mountain-descent"]
    again = resumed(with_reached(Session.open(session.scenario), record), record).session()
    assert again.position == session.position
    assert again.timeline.edits == session.timeline.edits


def test_goals_stay_reached(file):
    """What was reached once stays reached; a finished run begins anew."""
    session, _new = watched(hill(60, ("0:update.learning_rate=0.1",)))
    file.keep("mountain-descent", record_of(session))
    file.keep("mountain-descent", Record(update=3))
    record = file.read().scenarios["mountain-descent"]
    assert record.goals == {0}
    assert resumed(Session.open(session.scenario), record_of(session)).session().clock == 0


def test_what_a_scenario_has_no_more_is_left_out():
    """Edits that a changed scenario does not take, and goals it has no more, do no harm."""
    record = Record(edits=("5:y=1",), update=9, goals=frozenset({0, 7}))
    session = resumed(with_reached(hill(), record), record).session()
    assert session.clock == 0
    assert session.reached == {0}


def test_the_next_step_and_the_end(file):
    """The scenario open last comes next while it is not done, then the first after it, and nothing at the end."""
    course = load_course(course_path())
    assert file.read().next_step(course).name == "mountain-descent"
    file.keep("parabola-slope", Record())
    assert file.read().next_step(course).name == "parabola-slope"
    file.keep("parabola-slope", Record(goals=frozenset({0, 1})))
    assert file.read().next_step(course).name == "quartic-descent"
    for each in course.scenarios:
        file.keep(each.name, Record(goals=frozenset(range(len(each.goals)))))
    assert file.read().next_step(course) is None


def test_a_file_keeps_its_form(file):
    """A file that an earlier version wrote is read, and what is written has the same keys, all beside each other."""
    record = {"goals": [0], "questions": [], "is_finished": False, "edits": ["0:x=1.0"] * 300, "update": 9}
    record = {**record, "phase": 1, "start": 0, "is_corrected": False}
    text = json.dumps({"format": 1, "last": "mazur", "scenarios": {"mazur": {**record, "newer": 1}}})
    file.path.parent.mkdir()
    file.path.write_text(text, "utf-8")
    assert file.read().scenarios == {"mazur": Record("", 9, 1, edits=("0:x=1.0",) * 300, goals=frozenset({0}))}
    file.keep("mountain-descent", record_of(hill(3)))
    scenarios = json.loads(file.path.read_text("utf-8"))["scenarios"]
    assert scenarios["mazur"] == record
    assert scenarios["mountain-descent"].keys() == record.keys()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"scenarios": 3}', '{"scenarios": {"a": {"update": -1}}}', "[" * 99999]
)
def test_a_damaged_file_is_set_aside(file, text):
    """Progress begins anew beside the damaged file, which is kept, and a word tells of it."""
    file.path.parent.mkdir()
    file.path.write_text(text, "utf-8")
    assert file.read().scenarios == {}
    assert "progress.json.damaged" in file.note
    assert (file.path.parent / "progress.json.damaged").read_text("utf-8") == text
    file.keep("mazur", Record())
    assert "mazur" in ProgressFile(file.path).read().scenarios


def _keep_many(path, name):
    for number in range(20):
        ProgressFile(path).keep(f"{name}{number}", Record())


def test_two_programs_at_once_lose_nothing(file):
    """What two programs write in turn is all there, and nothing is left beside the file but its lock."""
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_keep_many, args=(file.path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(file.read().scenarios) == 40
    assert sorted(path.name for path in file.path.parent.iterdir()) == ["progress.json", "progress.json.lock"]


@pytest.mark.skipif(not Path("/dev/full").exists() or sys.platform != "linux", reason="no /dev/full")
def test_a_disk_that_is_full_is_told(file, tmp_path):
    """What cannot be written is told, and what was kept before is still there."""
    file.keep("mazur", Record())
    before = file.path.read_text("utf-8")
    (file.path.parent / f"progress.json.{os.getpid()}.new").symlink_to("/dev/full")
    with pytest.raises(GdsimError, match="No space left"):
        file.keep("backprop", Record())
    assert file.path.read_text("utf-8") == before


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    """Where there is no place for the file, that is told too."""
    (tmp_path / "data").write_text("")
    with pytest.raises(GdsimError, match="cannot be saved"):
        ProgressFile(tmp_path / "data" / "progress.json").keep("mazur", Record())


def test_a_failure_is_told_once_and_again_after_it_was_gone(tmp_path):
    """Each key would tell it otherwise; but a disk that was mended and fails once more is news."""
    folder = tmp_path / "data"
    guide = Guide(lambda: load_course(course_path()), ProgressFile(folder / "progress.json"))
    folder.write_text("")
    assert "cannot be saved" in guide.keep(hill())
    assert guide.keep(hill(1)) == ""
    folder.unlink()
    assert guide.keep(hill(2)) == ""
    rmtree(folder)
    folder.write_text("")
    assert "cannot be saved" in guide.keep(hill(3))


def test_resetting_forgets_what_is_named(file):
    """Some scenarios, or all, are forgotten."""
    file.keep("mazur", Record())
    file.keep("backprop", Record())
    file.reset(frozenset({"mazur"}))
    assert set(json.loads(file.path.read_text("utf-8"))["scenarios"]) == {"backprop"}
    file.reset()
    assert file.read().scenarios == {}
