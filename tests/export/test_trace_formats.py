"""The trace as a spreadsheet and as a reader sees it; and how any trace leaves: at once, and in constant memory."""

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
from traced_runs import HILL, NETWORK, scenario_and_run

from gdsim.export.files import PROMPT_LINES, TRACE_FORMATS, write_lines
from gdsim.export.trace.jsonl import jsonl_lines
from gdsim.export.trace.rows import table_lines


def test_csv_has_a_column_a_scalar() -> None:
    """One row an update; parameters, gradients and changes by name; numbers equal to those of the JSON lines."""
    scenario, run = scenario_and_run(NETWORK)
    rows = list(csv.reader(io.StringIO("".join(TRACE_FORMATS["csv"](scenario, run)))))
    names = ["W1[0,0]", "W1[1,0]", "b1[0]", "b1[1]", "W2[0,0]", "W2[0,1]", "b2[0]"]
    derived = [f"{what}.{name}" for what in ("gradient", "change") for name in names]
    assert rows[0] == ["update", "epoch", "loss_before", "loss", *names, *derived]
    assert all(len(row) == len(rows[0]) for row in rows)
    assert rows[1][2] == ""
    updates = [line for line in jsonl_lines(scenario, run) if '"type":"update"' in line]
    for row, line in zip(rows[2:], map(json.loads, updates[1:]), strict=True):
        flat = [
            number
            for part in (line["parameters"], line["gradient"], line["change"])
            for block in part.values()
            for number in np.ravel(block)
        ]
        assert [float(cell) for cell in row[4:]] == flat
        assert (int(row[0]), float(row[2]), float(row[3])) == (line["update"], line["loss_before"], line["loss"])


def test_csv_has_columns_for_what_a_schedule_and_clipping_do() -> None:
    """On x² from 4, clipped to 1 with η halved every update: 0.1 and 0.05 times a slope of 1, not of 4 and 3.8."""
    text = HILL.replace("learning_rate", 'schedule = { kind = "exponential", factor = 0.5 }\nlearning_rate')
    scenario, run = scenario_and_run(text, ("update.clip", {"value": 1.0}), ("update.learning_rate", 0.1))
    rows = list(csv.DictReader(io.StringIO("".join(TRACE_FORMATS["csv"](scenario, run)))))
    names = ["update", "epoch", "loss_before", "loss", "learning_rate", "x", "gradient.x", "clipped.x", "change.x"]
    assert list(rows[0]) == names
    assert (rows[0]["learning_rate"], rows[0]["x"], rows[0]["clipped.x"]) == ("", "4.0", "")
    assert [float(row["learning_rate"]) for row in rows[1:3]] == [0.1, 0.05]
    assert [float(row["clipped.x"]) for row in rows[1:3]] == [1.0, 1.0]
    assert [float(row["x"]) for row in rows[1:3]] == pytest.approx([3.9, 3.85])


def test_the_table_shows_what_has_room() -> None:
    """A line is never wider than the terminal; what is left out is said; the end tells why."""
    scenario, run = scenario_and_run(NETWORK)
    narrow = list(table_lines(scenario, run, columns=60))
    assert all(len(line) <= 61 for line in narrow[2:])
    assert "1 of 7 parameters" in narrow[1]
    wide = list(table_lines(scenario, run, columns=300))
    assert "b2[0]" in wide[1]
    assert "stopped: max_updates after 4 updates" in wide[-1]
    assert any(line.startswith("epoch 2: loss") for line in wide)


@pytest.mark.parametrize("kind", list(TRACE_FORMATS))
def test_memory_does_not_grow_with_updates(kind: str) -> None:
    """A run of 4000 updates takes no more memory to trace than one of 400, give or take a few kilobytes."""
    few, many = (peak_of_trace(kind, updates) for updates in (400, 4000))
    assert many < few + 20_000


def peak_of_trace(kind: str, updates: int) -> int:
    """Return the most bytes held at once while a trace of so many updates is read line by line."""
    scenario, run = scenario_and_run(HILL.replace("min_change = 1e-4", ""), ("stop.max_updates", updates))
    for _line in TRACE_FORMATS[kind](scenario, run):
        break
    tracemalloc.start()
    for _line in TRACE_FORMATS[kind](scenario, run):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


class Flushes(io.StringIO):
    """Remembers how much had been written at each flush."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[int] = []

    def flush(self) -> None:
        self.at.append(self.tell())


def test_the_first_lines_leave_at_once() -> None:
    """The first line is pushed out before the second is asked for; later ones wait for a full buffer."""
    stream = Flushes()

    def lines() -> Iterator[str]:
        for number in range(100):
            assert number > PROMPT_LINES or stream.at == list(range(2, 2 * number + 1, 2))
            yield "-\n"

    write_lines(lines(), stream)
    assert stream.getvalue() == "-\n" * 100
    assert stream.at[-1] == 200
    assert len(stream.at) == PROMPT_LINES + 1
