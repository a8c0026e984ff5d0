"""Learners' programs with and without a mistake: run, their numbers written as they write them, and diagnosed.

`python -m tests.interop.learners` prints how many of the planted mistakes are found and named.
"""

from __future__ import annotations

import json
import runpy
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gdsim.interop.diagnosis import Diagnosis, diagnose
from gdsim.interop.numbers import read_numbers
from gdsim.scenario.build import build
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from tests.interop.later_plants import LATER, LATER_PLANTS
from tests.interop.plants import FORMATS, PAIRS, PHASE_OF, PLANTS, SCENARIO_OF

PROGRAMS = Path(__file__).parent / "programs"


def scenario_of(program: str):
    """Return the scenario a program is about."""
    return load_file(resolve(SCENARIO_OF[program]) if program in SCENARIO_OF else PROGRAMS / f"{program}.toml")


def numbers_of(program: str, folder: Path, plant=(), digits: int | None = None) -> Path:
    """Run a program, lines of it replaced, and return the file of its numbers."""
    source = (PROGRAMS / f"{program}.py").read_text("utf-8")
    for old, new in plant:
        assert old in source, (program, old)
        source = source.replace(old, new)
    script, given = folder / f"{program}.py", folder / "given.npz"
    script.write_text(source, "utf-8")
    scenario = scenario_of(program)
    run = build(scenario, corrected=True)
    parts = run.model.layout.views(run.start.theta)
    np.savez(given, X=run.model.inputs, Y=run.model.targets, raw=scenario.dataset.raw_inputs, **parts)
    before, sys.argv = sys.argv, [str(script), str(given)]
    try:
        with np.errstate(all="ignore"):
            rows = runpy.run_path(str(script))["rows"]
    finally:
        sys.argv = before
    return written(rows, folder / f"{program}.{FORMATS[program]}", digits)


def written(rows: list[dict], file: Path, digits: int | None) -> Path:
    """Write rows by the ending of the file; rounded ones, which arrays cannot be, as JSON lines."""
    if digits is not None and file.suffix == ".npz":
        file = file.with_suffix(".jsonl")
    if file.suffix == ".npz":
        np.savez(file, **{name: np.array([row[name] for row in rows]) for name in rows[0]})
    elif file.suffix == ".csv":
        names = list(dict.fromkeys(name for row in rows for name in row))
        lines = [",".join(f'"{name}"' if "," in name else name for name in names)]
        lines += [",".join(_text(row[name], digits) if name in row else "" for name in names) for row in rows]
        file.write_text("\n".join(lines) + "\n", "utf-8")
    else:
        with file.open("w", encoding="utf-8") as out:
            for row in rows:
                parts = (f"{json.dumps(name)}: {_json(np.asarray(value), digits)}" for name, value in row.items())
                out.write("{" + ", ".join(parts) + "}\n")
    return file


def _text(value: float, digits: int | None) -> str:
    if isinstance(value, int | np.integer):
        return str(value)
    return repr(float(value)) if digits is None else f"{value:.{digits}g}"


def _json(value: np.ndarray, digits: int | None) -> str:
    if value.ndim:
        return "[" + ", ".join(_json(part, digits) for part in value) + "]"
    if value.dtype == np.float32 and digits is None:
        return str(value)
    text = _text(value[()], digits)
    return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(text, text)


@dataclass(frozen=True)
class Trial:
    """A program with mistakes planted (none: the right program), and what is found."""

    program: str
    mistakes: tuple[str, ...]
    found: Diagnosis

    @property
    def named(self) -> tuple[str, ...]:
        return tuple(mistake.name for mistake in self.found.mistakes)

    @property
    def is_named(self) -> bool:
        """Whether exactly what was planted is named."""
        return sorted(self.named) == sorted(self.mistakes)

    @property
    def is_told_as_well(self) -> bool:
        """Whether another is named that makes the same numbers, and what was planted is told beside it."""
        also = {mistake.name for mistake in self.found.also}
        return not self.is_named and bool(self.named) and set(self.mistakes) <= also

    @property
    def is_found(self) -> bool:
        """Whether a difference is found, and in the phase of the mistake where the program hands that in."""
        if self.mistakes == ("float32",):
            return self.found.agrees
        phase = PHASE_OF.get(self.mistakes[0])
        is_given = phase is not None and self.found.phases.get(phase) is not None
        return self.found.first is not None and (not is_given or self.found.first.phase == phase)


def trials(digits: int | None = None):
    """Yield every trial: the right programs, those with one mistake, those with two."""
    plants = [*((p, (), ()) for p in FORMATS), *((p, (m,), lines) for p, m, lines in (*PLANTS, *LATER_PLANTS)), *PAIRS]
    for program, mistakes, lines in plants:
        if digits is not None and "float32" in mistakes:
            continue  # four digits are the same in single precision
        with tempfile.TemporaryDirectory() as folder:
            file = numbers_of(program, Path(folder), lines, digits)
            found = diagnose(scenario_of(program), read_numbers(file))
        yield Trial(program, tuple(mistakes), found)


def main() -> None:
    """Print the counts, of the programs written later apart, and every trial that did not come out."""
    for digits in (None, 4):
        counts = {"first": Counter(), "later": Counter()}
        for trial in trials(digits):
            count = counts["later" if trial.program in LATER else "first"]
            if not trial.mistakes:
                count["right programs"] += 1
                count["agree"] += trial.found.agrees and not trial.named
                continue
            count["planted"] += 1
            count["found in its phase"] += trial.is_found
            count["named rightly"] += trial.is_named
            count["another with the same numbers"] += trial.is_told_as_well
            count["named another"] += bool(trial.named) and not (trial.is_named or trial.is_told_as_well)
            count["named nothing"] += not trial.named
            if not (trial.is_found and trial.is_named):
                also = [mistake.name for mistake in trial.found.also]
                print(" ", trial.program, *trial.mistakes, "named", *trial.named, "also", *also)
        for group, count in (*counts.items(), ("all", counts["first"] + counts["later"])):
            print("all digits" if digits is None else f"{digits} digits", group, dict(count))


if __name__ == "__main__":
    main()
