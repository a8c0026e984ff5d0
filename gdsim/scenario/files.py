"""Files that a scenario names: regular files of limited size inside the scenario's folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from gdsim.scenario.mistakes import Path as KeyPath
from gdsim.scenario.mistakes import RefusedError


def data_files(table: Mapping[str, object]) -> list[str]:
    """Return the names of the data files in a scenario's table."""
    data = table.get("data")
    return [str(data[key]) for key in ("file", "images", "labels") if key in data] if isinstance(data, Mapping) else []


def open_regular(path: Path, limit: int) -> BinaryIO:
    """Open `path` for reading. Raises RefusedError unless it is a regular file of at most `limit` bytes.

    Never blocks: a pipe or device is refused, not read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise RefusedError(_why_unreadable(path, error)) from None
    about = os.fstat(descriptor)
    try:
        if stat.S_ISDIR(about.st_mode):
            raise RefusedError("is a folder", "a file")
        if not stat.S_ISREG(about.st_mode):
            raise RefusedError("is not a regular file", "a file on disk")
        if about.st_size > limit:
            raise RefusedError(f"has {about.st_size} bytes", f"at most {limit}")
    except RefusedError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def read_bytes(path: Path, limit: int) -> bytes:
    """Return the content of a regular file of at most `limit` bytes. Raises RefusedError."""
    try:
        with open_regular(path, limit) as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise RefusedError(f"cannot be read: {error.strerror}") from None
    if len(content) > limit:
        raise RefusedError(f"has more than {limit} bytes", f"at most {limit}")
    return content


def inside(folder: Path | None, name: str, at: KeyPath = ()) -> Path:
    """Return the path of data file `name` in the scenario's folder, with links resolved.

    Raises RefusedError, at key `at`, if it lies outside the folder or there is no folder.
    """
    what = f'found "{name}"'
    if folder is None:
        raise RefusedError(what, "a scenario that is not a file itself cannot name data files", at)
    if PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive or PureWindowsPath(name).root:
        raise RefusedError(what, "a path relative to the scenario's folder", at)
    try:
        home = folder.resolve()
        path = (home / name).resolve()
    except (OSError, RuntimeError, ValueError):
        raise RefusedError(what, "a file in the scenario's folder", at) from None
    if not path.is_relative_to(home):
        raise RefusedError(f"{what}, which lies outside the scenario's folder", "a file in that folder", at)
    return path


def _why_unreadable(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return "is a folder"
    return f"cannot be read: {error.strerror if isinstance(error, OSError) else 'not a path'}"
