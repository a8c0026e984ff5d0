"""``gdsim list`` and ``gdsim progress``: lists the scenarios of a course, and shows or resets the progress in it."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from gdsim.i18n import LANGUAGES, _, speak
from gdsim.scenario.course import course_path, load_course
from gdsim.session.course import Guide, course_line, path_lines
from gdsim.session.progress import ProgressFile, Record, key_of

_YES = ("y", "yes", "是")


def list_command(options: Namespace) -> int:
    """Print the scenarios of the default course, in its order."""
    speak(LANGUAGES[0] if options.json else options.lang, sys.stdout.encoding)
    course = load_course(course_path())
    if options.json:
        entries = [
            {
                "name": s.name,
                "title": s.title,
                "summary": s.summary,
                "source": s.source,
                "kind": s.kind,
                "chapter": chapter.title,
                "minutes": chapter.minutes,
                "goals": list(s.goals),
            }
            for chapter, s in course.places()
        ]
        sys.stdout.write(json.dumps(entries, ensure_ascii=False, indent=2) + "\n")
        return 0
    width = max((len(s.name) for s in course.scenarios), default=0)
    for number, chapter in enumerate(course.chapters, 1):
        minutes = _("{count} min").format(count=chapter.minutes)
        sys.stdout.write(f"{number} {chapter.title} · {minutes}\n")
        sys.stdout.writelines(f"  {s.name:<{width}}  {s.summary}\n" for s in chapter.scenarios)
    return 0


def progress_command(options: Namespace) -> int:
    """Print the progress in a course, or reset it after asking."""
    speak(options.lang, sys.stdout.encoding)
    file = ProgressFile()
    if options.reset is not None:
        return _reset(file, options.reset)
    course = load_course(course_path(options.course), language=LANGUAGES[0] if options.json else None)
    progress = file.read()
    if file.note:
        sys.stderr.write(f"gdsim: {file.note}\n")
    if not options.json:
        lines = [course.title, course_line(course, progress), "", *path_lines(Guide(lambda: course, file))]
        sys.stdout.writelines(f"{line}\n" for line in lines)
        return 0
    rows = []
    for chapter, each in course.places():
        record = progress.of(each) or Record()
        row = {"name": each.name, "chapter": chapter.title, "state": progress.state(each) or "new"}
        goals = {"goals": len(each.goals), "goals_reached": len(record.goals)}
        questions = {"questions": each.questions, "questions_right": len(record.questions)}
        rows.append({**row, **goals, **questions, "update": record.update})
    sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    return 0


def _reset(file: ProgressFile, course: str) -> int:
    """Ask for confirmation, then reset the progress in a course, or all progress if `course` is empty."""
    keys = frozenset(key_of(each.path) for each in load_course(course_path(course)).scenarios) if course else None
    question = (
        _("Forget all progress?") if keys is None else _("Forget the progress in {course}?").format(course=course)
    )
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin is None or sys.stdin.readline().strip().lower() not in _YES:
        sys.stderr.write(_("Nothing was changed.") + "\n")
        return 0
    file.reset(keys)
    sys.stderr.write(_("Forgotten.") + "\n")
    return 0
