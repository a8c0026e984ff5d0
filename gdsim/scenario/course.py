"""Courses: scenarios grouped into chapters, in learning order, read from a TOML file."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, ValidationError

from gdsim.errors import GdsimError, ScenarioError
from gdsim.i18n import current_language
from gdsim.scenario import limits
from gdsim.scenario.library import Summary, folder, names, summary_of
from gdsim.scenario.mistakes import Report, found, in_words, join, near
from gdsim.scenario.schema_values import Allowed, AtMost, Count, FileName, Line, Section, Several
from gdsim.scenario.toml_text import line_finder, line_text, read_text, read_toml

BUNDLED = "hill-to-network"
"""The course that `gdsim` opens."""


class ChapterSection(Section):
    """A chapter: some scenarios with one aim."""

    title: Line = Field(description="What the chapter is called.")
    aim: Line = Field(description="What is learnt in it.")
    minutes: Count | None = Field(None, description="How long it takes.")
    before: Line | None = Field(None, description="What learners should have seen before.")
    in_order: bool = Field(False, description="true: a scenario opens once the goals of the one before are reached.")
    scenarios: Annotated[Several[FileName], Field(min_length=1), AtMost(limits.LISTED)] = Field(
        description="Bundled names, or .toml files next to this one."
    )


class ChapterTexts(Section):
    """A chapter's texts in another language."""

    title: Line
    aim: Line
    before: Line | None = None


class CourseTexts(Section):
    """The course's texts in another language."""

    title: Line | None = None
    summary: Line | None = None
    chapter: Annotated[Several[ChapterTexts], AtMost(limits.LISTED)] = ()


class CourseFile(Section):
    """A course file: chapters in learning order."""

    format: Annotated[Literal[1], Allowed("1, the format this gdsim reads")] = Field(
        description="Version of the format."
    )
    title: Line = Field(description="What the course is called.")
    summary: Line = Field(description="One line about it.")
    chapter: Annotated[Several[ChapterSection], Field(min_length=1), AtMost(limits.LISTED)] = Field(
        description="The chapters, in their order."
    )
    translations: dict[Literal["zh"], CourseTexts] = Field(default_factory=dict)


class Chapter(NamedTuple):
    """A chapter with summaries of its scenarios. minutes: 0 if the file does not give them."""

    title: str
    aim: str
    minutes: int
    before: str
    in_order: bool
    scenarios: tuple[Summary, ...]


class Course(NamedTuple):
    """A course with its texts in one language."""

    title: str
    summary: str
    chapters: tuple[Chapter, ...]

    @property
    def has_chapters(self) -> bool:
        """Whether any chapter has a title; a plain list of scenarios is one chapter without a title."""
        return any(chapter.title for chapter in self.chapters)

    @property
    def scenarios(self) -> tuple[Summary, ...]:
        """All scenarios, in their order."""
        return tuple(each for chapter in self.chapters for each in chapter.scenarios)

    def places(self) -> Iterator[tuple[Chapter, Summary]]:
        """Yield every scenario with its chapter."""
        for chapter in self.chapters:
            for each in chapter.scenarios:
                yield chapter, each

    def named(self, name: str) -> Summary:
        """Return the scenario called `name`. Raises GdsimError if the course has none."""
        for each in self.scenarios:
            if each.name == name:
                return each
        raise GdsimError(name, "is not in this course", near(name, [each.name for each in self.scenarios]))


def course_of(scenarios: tuple[Summary, ...], title: str = "") -> Course:
    """Return a course of one chapter without a title, which holds `scenarios`."""
    return Course(title, "", (Chapter("", "", 0, "", False, scenarios),))


def course_path(name: str | None = None) -> Path:
    """Return the file of a course, given a bundled name or a path to a .toml file (default: `BUNDLED`).

    Raises GdsimError for an unknown name.
    """
    place, name = folder() / "courses", name or BUNDLED
    if name in names(place):
        return place / f"{name}.toml"
    if name.endswith(".toml") or len(Path(name).parts) > 1:
        return Path(name)
    raise GdsimError(name, "no such course", join(near(name, names(place)), f"{BUNDLED}, or a path that ends in .toml"))


def is_course(table: Mapping[str, object]) -> bool:
    """Whether a TOML file, read as a table, is meant as a course."""
    return "chapter" in table


def load_course(path: Path, *, language: str | None = None) -> Course:
    """Return the course in a file. Raises ScenarioError with every mistake found.

    Its texts are in `language` (default: that of the current context) if the file translates them.
    """
    text, report = read_text(path), Report()
    try:
        file = CourseFile.model_validate(read_toml(text, str(path)))
    except ValidationError as error:
        for details in error.errors(include_url=False)[: limits.MISTAKES]:
            report.add(*in_words(details, CourseFile))
    else:
        course = _course(file, path.parent, language or current_language(), report)
        if not report.found:
            return course
    raise ScenarioError(str(path), report.mistakes(line_finder(text, ()), partial(line_text, text)))


def _course(file: CourseFile, place: Path, language: str, report: Report) -> Course:
    texts = file.translations.get("zh") if language == "zh" else None
    translated = texts.chapter if texts is not None else ()
    if translated and len(translated) != len(file.chapter):
        what = f"{len(translated)} chapters"
        report.add(("translations", language, "chapter"), what, f"the file has {len(file.chapter)}")
        translated = ()
    seen: set[Path] = set()
    chapters = []
    for number, section in enumerate(file.chapter):
        members = tuple(_members(section, number, place, language, seen, report))
        words = translated[number] if translated else section
        chapters.append(
            Chapter(words.title, words.aim, section.minutes or 0, words.before or "", section.in_order, members)
        )
    title = (texts and texts.title) or file.title
    return Course(title, (texts and texts.summary) or file.summary, tuple(chapters))


def _members(
    section: ChapterSection, number: int, place: Path, language: str, seen: set[Path], report: Report
) -> Iterator[Summary]:
    """Yield a chapter's scenarios; report names that are not found, listed twice or outside the course's folder."""
    for position, name in enumerate(section.scenarios):
        at = ("chapter", number, "scenarios", position)
        is_file = name.endswith(".toml")
        path = place / name if is_file else folder() / f"{name}.toml"
        if is_file and (PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name):
            report.add(at, found(name), "a file in the folder of this course")
        elif not path.is_file():
            allowed = join("a bundled name, or a .toml file next to this one", near(name, names()))
            report.add(at, f"{found(name)}, which is not a scenario", allowed)
        elif path in seen:
            report.add(at, found(name), "each scenario once")
        else:
            seen.add(path)
            yield summary_of(path, language)
