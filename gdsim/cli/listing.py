"""``gdsim list``: the bundled scenarios."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace

from gdsim.i18n import LANGUAGES, _, language_for, use_language
from gdsim.scenario.course import course_path, load_course


def list_command(options: Namespace) -> int:
    """Print the bundled scenarios in the order of their course."""
    if not options.json:
        use_language(language_for(options.lang, os.environ, sys.stdout.encoding))
    course = load_course(course_path(), language=LANGUAGES[0] if options.json else None)
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
