"""``gdsim new``: a commented scenario to start from."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from gdsim.cli.command import Command
from gdsim.cli.scenario_options import FILE, SCENARIO
from gdsim.errors import UsageError

_TEMPLATE = Path(__file__).with_name("template.toml")


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar=FILE, help="the file to write; it must not exist yet, and ends in .toml")
    parser.add_argument("--like", metavar=SCENARIO, help="start from this scenario instead of a short commented one")


def _act(options: Namespace) -> int:
    path = Path(options.file)
    if path.suffix != ".toml":
        raise UsageError(options.file, "is not the name of a scenario file", "a name that ends in .toml")
    _write_new(path, _TEMPLATE.read_text(encoding="utf-8") if options.like is None else _copy(options.like))
    sys.stderr.write(f"wrote {path}; next: gdsim check {path}, then gdsim run {path}\n")
    return 0


def _copy(name: str) -> str:
    """Return the text of another scenario, headed by where it comes from. Raises GdsimError when it has mistakes.

    A scenario that reads data files of its own cannot be copied alone.
    """
    from gdsim.scenario.library import resolve
    from gdsim.scenario.load import load_file

    source = resolve(name)
    data = load_file(source).source_table.get("data", {})
    files = [str(data[key]) for key in ("file", "images", "labels") if key in data]
    if files:
        raise UsageError(name, f"reads {', '.join(files)}, which lies beside it", "copy its folder instead")
    text = source.read_text(encoding="utf-8")
    return f"# Copied from {source.stem}. `gdsim check FILE` tells whether its figures still come out.\n\n{text}"


def _write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet. Raises UsageError when it does, or cannot be written."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(str(path), "exists already", "another name; gdsim new never overwrites") from None
    except OSError as error:
        raise UsageError(str(path), f"cannot be written: {error.strerror}", "a file in a folder that exists") from None


COMMAND = Command(
    "new",
    "write a commented scenario to start from",
    ("gdsim new my-hill.toml", "gdsim new my-xor.toml --like backprop"),
    _options,
    _act,
)
