"""``gdsim serve``: a workshop over SSH."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from importlib.util import find_spec

from gdsim.errors import UsageError
from gdsim.scenario.course import course_path
from gdsim.serve import admission
from gdsim.serve.options import ServeOptions
from gdsim.serve.server import is_loopback, serve


def serve_command(options: Namespace) -> int:
    """Serve until interrupted."""
    if options.open and not options.yes_open and not is_loopback(options.host):
        raise UsageError("--open", f"anybody who can reach {options.host} gets in", "--yes-open if that is intended")
    if options.bus and find_spec("redis") is None:
        raise UsageError("--bus", "redis is not installed", "pip install '.[cluster]' in a copy of gdsim")
    if options.folder is not None and not options.folder.is_dir():
        raise UsageError("--scenarios", f"{options.folder} is not a folder", "a folder of .toml files")
    if options.course is not None and (options.scenarios or options.folder is not None):
        raise UsageError("--course", "not allowed with other scenarios", "a course alone, or scenarios")
    if options.open_course and options.course is None:
        raise UsageError("--open-course", "found without a course", "--course FILE --open-course")
    return serve(
        ServeOptions(
            scenarios=tuple(options.scenarios),
            folder=options.folder,
            course=None if options.course is None else course_path(options.course),
            is_course_open=options.open_course,
            host=options.host,
            port=options.port,
            code=_code("--code", options.code),
            instructor_code=_code("--instructor-code", options.instructor_code),
            authorized_keys=options.authorized_keys,
            is_open=options.open,
            host_key=options.host_key,
            max_learners=options.max_learners,
            idle_timeout=options.idle_timeout,
            log=options.log,
            bus=options.bus,
            room=options.room,
            handouts=options.handouts,
            balancers=tuple(options.proxy_protocol),
        )
    )


def _code(option: str, given: Sequence[str] | None) -> str:
    """Return the code an option gives, empty if none. Raises UsageError for a weak code that is not given twice."""
    code = given[-1] if given else ""
    why = admission.weakness(code)
    if given and why and given.count(code) == 1:
        raise UsageError(option, why, f"three words, 8 characters, or give {option} twice to confirm a short code")
    return code
