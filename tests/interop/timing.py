"""How long the first wrong update of a long trace takes to be found, beside reading the trace.

`python -m tests.interop.timing` prints seconds of processor time and their ratio to reading the file as a person would:
by the csv module or json and float, and by numpy.genfromtxt.
"""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

from gdsim.cli import main
from gdsim.interop.diagnosis import diagnose
from gdsim.interop.numbers import read_numbers
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file

UPDATES, WRONG, ROUNDS = 10_000, 9_000, 5


def plainly(file: Path) -> object:
    """Read a trace into numbers with the standard library."""
    with file.open(newline="") as lines:
        if file.suffix == ".jsonl":
            return [json.loads(line) for line in lines]
        rows = csv.reader(lines)
        return next(rows), [[float(cell) if cell else np.nan for cell in row] for row in rows]


def by_numpy(file: Path) -> object:
    """Read a trace of CSV with the function of numpy that takes empty cells."""
    return np.genfromtxt(file, delimiter=",", skip_header=1)


def seconds(work, *given) -> float:
    """Return the processor time of a call."""
    begin = process_time()
    work(*given)
    return process_time() - begin


def measure(file: Path) -> None:
    """Print how long reading a trace takes, and finding a wrong number in it as well."""
    scenario = load_file(resolve("mazur"))
    plain = median(seconds(plainly, file) for _ in range(ROUNDS))
    numpy = median(seconds(by_numpy, file) for _ in range(ROUNDS)) if file.suffix == ".csv" else None
    read = median(seconds(read_numbers, file) for _ in range(ROUNDS))
    numbers = read_numbers(file)
    for name, row in (("first update wrong", 1), ("late update wrong", WRONG), ("all right", None)):
        columns = dict(numbers.columns)
        key = next(name for name in columns if name.startswith("W1"))
        if row is not None:
            columns[key] = np.array(columns[key])
            columns[key][row] += 1e-3
        given = numbers._replace(columns=columns)
        found = diagnose(scenario, given)
        assert (found.first.update if found.first else None) == row
        all_ = read + median(seconds(diagnose, scenario, given) for _ in range(ROUNDS))
        beside = f"{all_ / plain:.1f} × plain reading ({plain:.2f} s)"
        beside += f", {all_ / numpy:.1f} × numpy's ({numpy:.2f} s)" if numpy else ""
        print(f"{file.suffix:6} {name:18} read {read:.2f} s, all {all_:.2f} s: {beside}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".jsonl", ".csv"):
            path = Path(folder) / f"trace{suffix}"
            main(["export", "mazur", str(path), "--corrected", "--updates", str(UPDATES)])
            measure(path)
