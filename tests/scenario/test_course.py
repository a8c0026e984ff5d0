"""Course files: read, translated, and refused with what is allowed."""

import pytest

from gdsim.errors import GdsimError
from gdsim.scenario.course import course_path, load_course
from gdsim.scenario.library import names

COURSE = """
format = 1
title = "Mine"
summary = "Two hills"
[[chapter]]
title = "One"
aim = "Begin"
minutes = 10
scenarios = ["mountain-descent", "mazur"]
"""


def test_every_bundled_scenario_is_in_the_bundled_course_once():
    """The path leaves no scenario out and has none twice."""
    assert sorted(each.name for each in load_course(course_path()).scenarios) == list(names())


def test_the_bundled_course_is_told_in_both_languages():
    """Titles and aims of all chapters are translated, and so are the goals shown beside the path."""
    english, chinese = (load_course(course_path(), language=language) for language in ("en", "zh"))
    assert english.title != chinese.title
    for one, other in zip(english.chapters, chinese.chapters, strict=True):
        assert one.title != other.title
        assert one.minutes == other.minutes > 0
        assert all(a.goals != b.goals for a, b in zip(one.scenarios, other.scenarios, strict=True))


def test_a_course_of_ones_own(tmp_path):
    """Bundled names and files beside the course are its scenarios, in its order."""
    (tmp_path / "hill.toml").write_text('title = "Hill"\n', "utf-8")
    file = tmp_path / "course.toml"
    file.write_text(COURSE.replace('"mazur"', '"hill.toml"'), "utf-8")
    assert [each.title for each in load_course(course_path(str(file))).scenarios][1] == "Hill"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"mazur"', '"mazor"', "did you mean mazur?"),
        ('"mazur"', '"mountain-descent"', "each scenario once"),
        ('"mazur"', '"../mazur.toml"', "in the folder of this course"),
        ('"mazur"', '"/etc/mazur.toml"', "in the folder of this course"),
        ("minutes = 10", "minutes = -1", "chapter.0.minutes"),
        ("aim", "iam", "unknown key"),
        ("format = 1", "format = 2", "format"),
        ("title = ", "title == ", "course.toml:3"),
    ],
)
def test_mistakes_are_named(tmp_path, old, new, problem):
    """A mistake in a course is told with its place and what is allowed."""
    file = tmp_path / "course.toml"
    file.write_text(COURSE.replace(old, new, 1), "utf-8")
    with pytest.raises(GdsimError) as refused:
        load_course(file)
    assert problem in str(refused.value)


def test_a_course_there_is_not():
    """A name that is no course is answered with what may be named."""
    with pytest.raises(GdsimError, match="no such course"):
        course_path("hil-to-network-2")
