"""Files looked at every now and then: what tells whether any was written anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from time import sleep

_SECONDS = 0.3
"""Between one look and the next; a look costs a few microseconds a file."""

Stamps = Mapping[Path, tuple[int, int] | None]


def stamps(files: Iterable[Path]) -> Stamps:
    """Return when each file was last written, in nanoseconds, and its size in bytes; None for one that is not there."""
    return {path: _stamp(path) for path in files}


def wait_for_change(before: Stamps) -> None:
    """Return when one of the files is not as it was; a file that is gone is waited for.

    Editors write a file in several steps, or put another in its place, so it has to stay as it is for a while.
    """
    while True:
        sleep(_SECONDS)
        now = stamps(before)
        if now != before and None not in now.values() and _is_settled(now):
            return


def files_of(scenario: Path, table: Mapping[str, object]) -> Iterator[Path]:
    """Yield the file of a scenario and the data files it names. table: as read, empty where it could not be."""
    yield scenario
    data = table.get("data")
    if isinstance(data, Mapping):
        yield from (scenario.parent / str(data[key]) for key in ("file", "images", "labels") if key in data)


def _is_settled(now: Stamps) -> bool:
    sleep(_SECONDS / 3)
    return stamps(now) == now


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size
