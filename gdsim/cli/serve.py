"""``gdsim serve``: a workshop over SSH."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import fields
from importlib.util import find_spec

from gdsim.errors import UsageError
from gdsim.scenario.course import course_path
from gdsim.serve import admission
from gdsim.serve.options import ServeOptions
from gdsim.serve.server import is_loopback, serve


def serve_command(options: Namespace) -> int:
    """Serve until interrupted."""
    if options.is_open and not options.yes_open and not is_loopback(options.host):
        raise UsageError("--open", f"anybody who can reach {options.host} gets in", "--yes-open if that is intended")
    if options.bus and find_spec("redis") is None:
        raise UsageError("--bus", "redis is not installed", "pip install '.[cluster]' in a copy of gdsim")
    if options.folder is not None and not options.folder.is_dir():
        raise UsageError("--scenarios", f"{options.folder} is not a folder", "a folder of .toml files")
    if options.course is not None and (options.scenarios or options.folder is not None):
        raise UsageError("--course", "not allowed with other scenarios", "a course alone, or scenarios")
    if options.is_course_open and options.course is None:
        raise UsageError("--open-course", "found without a course", "--course FILE --open-course")
    options.course = None if options.course is None else course_path(options.course)
    options.code = _code("--code", options.code)
    options.instructor_code = _code("--instructor-code", options.instructor_code)
    names = {field.name for field in fields(ServeOptions)}
    return serve(ServeOptions(**{name: value for name, value in vars(options).items() if name in names}))


def _code(option: str, given: Sequence[str] | None) -> str:
    """Return the code an option gives, empty if none. Raises UsageError for a weak code that is not given twice."""
    code = given[-1] if given else ""
    why = admission.weakness(code)
    if given and why and given.count(code) == 1:
        raise UsageError(option, why, f"three words, 8 characters, or give {option} twice to confirm a short code")
    return code
