"""A room over real SSH: instructor and learners see each other's doing, drop out, come back, on one host and on two."""

import csv
import os
import signal

import pytest
from over_ssh import INSTRUCTOR_CODE, Workshop, needs_ssh, until

pytestmark = needs_ssh


def until_shown(terminal, condition):
    """Read until what a terminal shows fulfils a condition."""
    until(lambda: condition(terminal.text) or (terminal.pump(0.05) and False), what=lambda: terminal.text)


@pytest.fixture
def room(tmp_path):
    """A workshop on one scenario, with a folder for hand-outs."""
    with Workshop(tmp_path, "mazur", "--handouts", str(tmp_path / "out")) as made:
        yield made


def test_a_lesson(room):
    """Broadcast, question, answer, reveal, hand-out: every key of the workshop once."""
    with (
        room.ssh(name="ada", code=INSTRUCTOR_CODE) as ada,
        room.ssh(name="maria", columns=80, rows=24) as maria,
    ):
        ada.until("off air · 1 learner here")
        maria.until("no broadcast yet")
        ada.send("   f")
        maria.until("following ada")
        maria.until("update 3 ·")
        ada.send(".")
        maria.until("phase 1 of")
        ada.send(",Q")
        ada.until("what do you ask everybody?")
        ada.send("\r")
        ada.until("1 has not answered yet")
        maria.until("Which way will w5 move?")
        maria.send("-")
        maria.until("you said down")
        ada.until("everybody has answered")
        ada.send("\r")
        maria.until("✓ down (Δw5 = −0.0423715)")
        maria.until("0.275944 to 0.268233.")
        ada.until("It is down")
        ada.send("\rt")
        ada.until("with you")
        ada.send("n")
        ada.until("down ✓")
        ada.send("t")
        ada.until("loss by update")
        ada.send("h")
        ada.until("Hand-out written on the server")
        (written,) = (room.folder / "out").iterdir()
        (row,) = csv.DictReader(written.read_text(encoding="utf-8-sig").splitlines())
        assert (row["name"], row["reached"], row["right"]) == ("maria", "mazur 4", "1")


def test_a_learner_comes_back_after_a_crash(room):
    """The instructor sees that the screen crashed; the next login under the name is where it was, edits and all."""
    with room.ssh(name="ada", code=INSTRUCTOR_CODE) as ada:
        ada.until("off air")
        before = room.children
        with room.ssh(name="maria") as maria:
            maria.until("before the first update")
            maria.send("  [ ")
            maria.until("update 3 ·")
            maria.until("η 0.2")
            ada.send("t")
            ada.until("maria")
            ada.until("mazur     3")
            (screen,) = set(room.children) - set(before)
            os.kill(screen, signal.SIGKILL)
            assert maria.ended() == 128 + 9
        ada.until("crashed")
        with room.ssh(name="maria") as maria:
            maria.until("update 3 ·")
            maria.until("η 0.2")
            until_shown(ada, lambda text: "crashed" not in text)


def test_a_dropped_line_is_taken_up_again(room):
    """The first ssh is stopped, so that nobody says goodbye or answers; the next one gets the name and the place."""
    with room.ssh(name="maria") as maria:
        maria.until("before the first update")
        maria.send("     ")
        maria.until("update 5 ·")
        os.kill(maria.pid, signal.SIGSTOP)
        with room.ssh(name="maria") as again:
            again.until("update 5 ·")
            again.send(" ")
            again.until("update 6 ·")
        os.kill(maria.pid, signal.SIGCONT)
    assert "maria 2" not in room.logged


def test_namesakes_who_are_both_here_are_two(room):
    """The second maria begins at the beginning; the roster shows both."""
    with room.ssh(name="maria") as first:
        first.until("before the first update")
        first.send("     ")
        first.until("update 5 ·")
        with room.ssh(name="maria") as second, room.ssh(name="ada", code=INSTRUCTOR_CODE) as ada:
            second.until("before the first update")
            ada.until("2 learners here")
            ada.send("t")
            ada.until("maria 2")
        first.send(" ")
        first.until("update 6 ·")


def test_two_servers_one_room(tmp_path, redis_server):
    """An instructor at one server leads a learner at the other, who comes back at the first when hers is killed."""
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    with (
        Workshop(folders[0], "mazur", "--bus", redis_server.url) as one,
        Workshop(folders[1], "mazur", "--bus", redis_server.url) as other,
        one.ssh(name="ada", code=INSTRUCTOR_CODE) as ada,
        other.ssh(name="maria") as maria,
    ):
        ada.until("1 learner here")
        maria.until("no broadcast yet")
        ada.send("  f")
        maria.until("following ada")
        maria.until("update 2 ·")
        maria.send(" ")  # one step alone: the server has to learn of both, in their order
        maria.until("alone")
        maria.until("update 3 ·")
        ada.send("t")
        ada.until("mazur     3")
        for pid in [other.process.pid, *other.processes]:
            os.kill(pid, signal.SIGKILL)
        other.stop()
        assert maria.ended() != 0
        with one.ssh(name="maria") as back:
            back.until("update 3 ·")
            back.until("alone · ada is in mazur, after update 2")
            ada.send("t")
            ada.until("1 learner here")
