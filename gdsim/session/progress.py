"""A learner's progress, and where each scenario was left, kept in a file in the user's data folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import monotonic, sleep
from typing import Annotated, Protocol

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gdsim.errors import GdsimError
from gdsim.i18n import _
from gdsim.scenario import limits
from gdsim.scenario.course import Course
from gdsim.scenario.library import Summary, folder
from gdsim.scenario.place import Place
from gdsim.session.session import Session
from gdsim.session.steps import Way, way_to

try:
    import fcntl
except ImportError:  # Windows: if two programs write at once, the last one wins
    fcntl = None  # type: ignore[assignment]

_MOST_BYTES = 4_000_000
_PATIENCE = 2.0
"""Seconds to wait while another program holds the lock."""

_UNWRITTEN = {"scenarios": {"__all__": {"scenario"}}}
"""Fields left out of the file, where the key of a record tells its scenario."""

_Indices = Annotated[frozenset[Annotated[int, Field(ge=0, le=limits.FIGURES)]], Field(max_length=limits.FIGURES)]


@dataclass(frozen=True, slots=True)
class Record(Place):
    """The progress in one scenario: the place where its run was left, and what was reached.

    goals, questions: indices, from 0, of the goals reached and of the questions answered rightly. is_finished: whether
    the learner has reached the end of the run.
    """

    goals: _Indices = frozenset()
    questions: _Indices = frozenset()
    is_finished: bool = False


class Progress(BaseModel):
    """The progress in all scenarios, by scenario key. last: the key of the scenario opened last."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: int = 1
    last: str = ""
    scenarios: Mapping[str, Record] = Field(default_factory=dict)

    def of(self, summary: Summary) -> Record | None:
        """Return the record of a scenario, None if it was never opened."""
        return self.scenarios.get(key_of(summary.path))

    def state(self, summary: Summary) -> str:
        """Return ``done``, ``begun`` or nothing; done means all goals reached, or without goals the run finished."""
        record = self.of(summary)
        if record is None:
            return ""
        is_done = len(record.goals) >= len(summary.goals) if summary.goals else record.is_finished
        return "done" if is_done else "begun"

    def next_step(self, course: Course, closed: frozenset[int] = frozenset()) -> Summary | None:
        """Return the scenario to continue with: the first that is not done, searching on from the one opened last.

        closed: chapters to leave out, by number from 0. Returns None if all other scenarios are done.
        """
        chapters = [chapter for number, chapter in enumerate(course.chapters) if number not in closed]
        scenarios = [each for chapter in chapters for each in chapter.scenarios]
        keys = [key_of(each.path) for each in scenarios]
        at = keys.index(self.last) if self.last in keys else 0
        return next((each for each in (*scenarios[at:], *scenarios[:at]) if self.state(each) != "done"), None)

    def with_record(self, key: str, record: Record) -> Progress:
        """Return the progress with a scenario's record merged in, and that scenario as the one opened last."""
        before = self.scenarios.get(key, Record())
        merged = replace(
            record,
            goals=record.goals | before.goals,
            questions=record.questions | before.questions,
            is_finished=record.is_finished or before.is_finished,
        )
        return self.model_copy(update={"scenarios": {**self.scenarios, key: merged}, "last": key})

    def is_open(self, course: Course, summary: Summary) -> bool:
        """Whether a scenario may be opened: in a chapter with `in_order`, all scenarios before it must be done."""
        for chapter in course.chapters:
            if summary in chapter.scenarios and chapter.in_order:
                before = chapter.scenarios[: chapter.scenarios.index(summary)]
                return all(self.state(each) == "done" for each in before)
        return True


SIGNS: Mapping[str, str] = {"": "☐", "begun": "◐", "done": "☑"}
"""The sign shown for each state."""


def key_of(path: Path) -> str:
    """Return the key of a scenario: its name if it is bundled or served in a workshop, else its file's full path."""
    if path.parent == folder():
        return path.stem
    is_name = len(path.parts) == 1 and path.suffix != ".toml"
    return path.name if is_name else str(path.resolve())


def record_of(session: Session) -> Record:
    """Return the record to keep of a session."""
    place, reached, answered = asdict(session.place), session.reached, session.answered
    return Record(**place, goals=reached, questions=answered, is_finished=session.is_over)


def resumed(session: Session, record: Record) -> Way:
    """Return the way of a session at its scenario's start to where that was left.

    The session stays at the start if the scenario has changed, or if the run was over.
    """
    with suppress(GdsimError):
        way = way_to(session, record, lambda left: way.start if left.is_over else left)
        return way
    return Way(session, 0)


def with_reached(session: Session, record: Record) -> Session:
    """Return the session with the record's goals and questions, except those the scenario no longer has."""
    goals, asks = range(len(session.scenario.goal)), range(len(session.scenario.ask))
    return replace(session, reached=record.goals & set(goals), answered=record.questions & set(asks))


class ProgressStore(Protocol):
    """A store of one learner's progress. note: a message if it could not be read, else empty."""

    note: str

    def read(self) -> Progress:
        """Return the stored progress."""

    def keep(self, key: str, record: Record) -> None:
        """Merge a scenario's record into the progress. Raises GdsimError if that cannot be stored."""


class ProgressFile:
    """The progress file of one user. note: a message if it could not be read, else empty."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or Path(platformdirs.user_data_dir("gdsim", appauthor=False)) / "progress.json"
        self.note = ""

    def read(self) -> Progress:
        """Return the stored progress; rename a damaged file, and say so in `note`."""
        try:
            with self.path.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
            if len(data) > _MOST_BYTES:
                raise ValueError
            return Progress.model_validate(json.loads(data))
        except FileNotFoundError:
            return Progress()
        except OSError as error:
            self.note = _("{path} cannot be read: {why}").format(path=self.path, why=error.strerror)
            return Progress()
        except (ValueError, RecursionError, ValidationError):
            aside = self.path.with_name(f"{self.path.name}.damaged")
            with suppress(OSError):
                self.path.replace(aside)
            self.note = _("your progress could not be read and starts again from zero; the old file is kept as {path}")
            self.note = self.note.format(path=aside)
            return Progress()

    def keep(self, key: str, record: Record) -> None:
        """Merge a scenario's record into the progress. Raises GdsimError if that cannot be written."""
        self._change(lambda progress: progress.with_record(key, record))

    def reset(self, keys: frozenset[str] | None = None) -> None:
        """Forget the scenarios with these keys, or all for None. Raises GdsimError if that cannot be written."""

        def without(progress: Progress) -> Progress:
            kept = {k: record for k, record in progress.scenarios.items() if keys is not None and k not in keys}
            return Progress(last=progress.last if progress.last in kept else "", scenarios=kept)

        self._change(without)

    def _change(self, change: Callable[[Progress], Progress]) -> None:
        """Read, change and write the progress under the lock; write a new file, which then replaces the old one."""
        new = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._locked():
                text = change(self.read()).model_dump_json(indent=1, exclude=_UNWRITTEN)
                try:
                    with new.open("w", encoding="utf-8") as file:
                        file.write(text + "\n")
                        file.flush()
                        os.fsync(file.fileno())
                    new.replace(self.path)
                finally:
                    new.unlink(missing_ok=True)
        except OSError as error:
            what = _("your progress cannot be saved: {why}").format(why=error.strerror)
            raise GdsimError(str(self.path), what) from None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self.path.with_name(f"{self.path.name}.lock").open("a") as file:
            deadline = monotonic() + _PATIENCE
            while fcntl is not None:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if monotonic() > deadline:
                        raise
                    sleep(0.02)
            yield
