"""``gdsim new``: writes a commented scenario, a course or a notebook to start from."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from shutil import copyfile

from gdsim.errors import UsageError
from gdsim.export.files import write_file
from gdsim.manual import NOTEBOOK
from gdsim.scenario.files import data_files
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file

_TEMPLATE, _COURSE = (Path(__file__).with_name(name) for name in ("template.toml", "course.toml"))


def new_command(options: Namespace) -> int:
    """Write the requested file, unless it exists."""
    path = Path(options.file)
    is_notebook = path.suffix == ".ipynb" and options.like is None and not options.course
    if path.suffix != ".toml" and not is_notebook:
        allowed = "a name that ends in .toml; .ipynb alone, for the example notebook"
        raise UsageError(options.file, "is not the name of a scenario file", allowed)
    if path.exists():
        raise UsageError(str(path), "exists already", "another name; gdsim new never overwrites")
    template = NOTEBOOK if is_notebook else _COURSE if options.course else _TEMPLATE
    write_file(path, [template.read_text(encoding="utf-8") if options.like is None else _copy(options.like, path)])
    if is_notebook:
        sys.stderr.write(f"wrote {path}; open it in Jupyter\n")
        return 0
    opens = "learn" if options.course else "run"
    sys.stderr.write(f"wrote {path}; next: gdsim check {path}, then gdsim {opens} {path}\n")
    return 0


def _copy(name: str, path: Path) -> str:
    """Return the text of another scenario, below a comment that names it, and copy its data files next to `path`.

    Raises GdsimError if the scenario has mistakes, or a data file already exists there.
    """
    source = resolve(name)
    files = data_files(load_file(source).source_table)
    there = [str(path.parent / file) for file in files if (path.parent / file).exists()]
    if there:
        raise UsageError(there[0], "exists already", f"another folder: {name} brings a data file of this name")
    for file in files:
        (path.parent / file).parent.mkdir(parents=True, exist_ok=True)
        copyfile(source.parent / file, path.parent / file)
    text = source.read_text(encoding="utf-8")
    return f"# Copied from {source.stem}. `gdsim check FILE` checks whether its figures still come out.\n\n{text}"
