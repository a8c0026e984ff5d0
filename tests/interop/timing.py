"""How long the first wrong update of a long trace takes to be found, beside reading the trace.

`python -m tests.interop.timing` prints seconds and their ratio for each format.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np

from gdsim.cli import main
from gdsim.interop.diagnosis import diagnose
from gdsim.interop.numbers import read_numbers
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file

UPDATES, WRONG = 10_000, 9_000


def measure(file: Path) -> None:
    """Print how long reading a trace takes, and finding a wrong number in it as well."""
    scenario = load_file(resolve("mazur"))
    begin = perf_counter()
    numbers = read_numbers(file)
    read = perf_counter() - begin
    for name, row in (("first update wrong", 1), ("late update wrong", WRONG), ("all right", None)):
        columns = dict(numbers.columns)
        key = next(name for name in columns if name.startswith("W1"))
        if row is not None:
            columns[key] = np.array(columns[key])
            columns[key][row] += 1e-3
        begin = perf_counter()
        found = diagnose(scenario, replace(numbers, columns=columns))
        took = read + perf_counter() - begin
        assert (found.first.update if found.first else None) == row
        print(f"{file.suffix:6} {name:18} read {read:.2f} s, all {took:.2f} s, {took / read:.1f} × reading")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".jsonl", ".csv"):
            path = Path(folder) / f"trace{suffix}"
            main(["export", "mazur", str(path), "--corrected", "--updates", str(UPDATES)])
            measure(path)
