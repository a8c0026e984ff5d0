"""A course over real SSH: its order, chapters that open, goals live in the roster, and back after a dropped line."""

import csv
import os
import signal

from over_ssh import INSTRUCTOR_CODE, Workshop, needs_ssh

pytestmark = needs_ssh

COURSE = """
format = 1
title = "Two hills"
summary = "Short walks"

[[chapter]]
title = "From the right"
aim = "Step against the slope"
scenarios = ["mountain-descent"]

[[chapter]]
title = "A parabola"
aim = "Where the slope points"
scenarios = ["parabola-slope"]
"""
RIGHT_RATE = "]]]"


def test_a_course_in_a_workshop(tmp_path, redis_server):
    """Two hosts of one room: a chapter opens on both, a goal is seen at the other, and is there again after a crash."""
    course = tmp_path / "course.toml"
    course.write_text(COURSE, "utf-8")
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    arguments = ("--course", str(course), "--bus", redis_server.url, "--handouts", str(tmp_path / "out"))
    with (
        Workshop(folders[0], *arguments) as one,
        Workshop(folders[1], *arguments) as other,
        one.ssh(name="ada", code=INSTRUCTOR_CODE) as ada,
    ):
        ada.until("1 From the right · closed")
        with other.ssh(name="maria", columns=80, rows=24) as maria:
            maria.until("no chapter is open yet")
            maria.send("\r")
            maria.until("has not opened")
            ada.send("P")
            ada.until("chapters of the course")
            ada.send("\r")
            maria.until("Chapter 1 is open")
            maria.send("\r")
            maria.until("before the first update")
            ada.send("t")
            ada.until("0/4")
            maria.send(RIGHT_RATE + "N")
            maria.until("The run is over")
            maria.until("☑ Choose η so that the walk arrives within 60 updates")
            ada.until("1/4")
            for pid in other.children:
                os.kill(pid, signal.SIGKILL)
            assert maria.ended() == 128 + 9
        with one.ssh(name="maria", columns=80, rows=24) as back:
            back.until("goals 1/2")
            back.send("\x1b")
            back.until("◐ Walk down")
            ada.send("g")
            ada.until("1/1")
            ada.send("qh")
            ada.until("Hand-out written")
    (written,) = (tmp_path / "out").iterdir()
    (row,) = csv.DictReader(written.read_text(encoding="utf-8-sig").splitlines())
    assert (row["name"], row["chapter"], row["goals reached of 4"]) == ("maria", "From the right", "1")


def test_an_open_course_waits_for_nobody(tmp_path):
    """With --open-course every chapter is open from the start."""
    with Workshop(tmp_path, "--course", "hill-to-network", "--open-course") as made, made.ssh() as maria:
        maria.until("1 One slope · 30 min")
        maria.send("\r")
        maria.until("before the first update")
