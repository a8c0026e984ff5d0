"""How long the first wrong update of a long file of numbers takes to be found, beside reading the file."""

import csv
import json
import tempfile
from pathlib import Path
from time import process_time

import numpy as np

from gdsim.cli import main
from gdsim.interop.diagnosis import diagnose
from gdsim.interop.numbers import read_numbers
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from tests.benchmarks.measures import beside, median

UPDATES, ROUNDS = 10_000, 5
WRONG = {"the first update wrong": 1, "a late update wrong": 9_000, "all right": None}


def diagnosing():
    """Processor time of reading and diagnosing, in turns with reading by the csv or json module alone."""
    scenario = load_file(resolve("mazur"))
    with tempfile.TemporaryDirectory() as folder:
        for file in (Path(folder) / "trace.jsonl", Path(folder) / "trace.csv"):
            main(["export", "mazur", str(file), "--corrected", "--updates", str(UPDATES)])
            for what, row in WRONG.items():
                given = planted(read_numbers(file), row)
                found = diagnose(scenario, given).first
                assert (None if found is None else found.update) == row
                ours, theirs = [], []
                for _ in range(ROUNDS):
                    theirs.append(seconds(plainly, file))
                    ours.append(seconds(read_numbers, file) + seconds(diagnose, scenario, given))
                ratio = median(ours) / median(theirs)
                yield beside(f"diagnose {UPDATES:,} updates, {file.suffix}, {what}", ours, theirs, ratio, 3)


def planted(numbers, row):
    """Return the numbers with one of them wrong."""
    columns = dict(numbers.columns)
    name = next(name for name in columns if name.startswith("W1"))
    columns[name] = np.array(columns[name])
    if row is not None:
        columns[name][row] += 1e-3
    return numbers._replace(columns=columns)


def plainly(file):
    """Read a trace into numbers with the standard library."""
    with file.open(newline="") as lines:
        if file.suffix == ".jsonl":
            return [json.loads(line) for line in lines]
        rows = csv.reader(lines)
        return next(rows), [[float(cell) if cell else np.nan for cell in row] for row in rows]


def seconds(work, *given):
    """Return the processor time of a call."""
    begun = process_time()
    work(*given)
    return process_time() - begun
