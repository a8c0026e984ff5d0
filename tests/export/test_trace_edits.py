"""A trace replays a branch: the edits of a session, written on its command line, give its states to the last bit."""

import csv
import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdsim.cli import main
from gdsim.engine.edits import Edit
from gdsim.export.files import TRACE_FORMATS
from gdsim.export.trace.jsonl import jsonl_lines
from gdsim.scenario.build import build
from gdsim.scenario.edits import edits_of
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.timeline.timeline import Timeline


def records(scenario, run, edits):
    return [json.loads(line) for line in jsonl_lines(scenario, run, edits)]


def test_the_trace_says_where_what_is_changed():
    """Header and edit lines name the edits; x is 2 at 13 by hand, and set to 3 at 20 with its loss (3 − 2)² = 1."""
    scenario = load_file(resolve("mountain-descent"), [("stop", {"max_updates": 22})])
    run = build(scenario)
    edits = edits_of(scenario, run, ["20:x=3.0", "12:update.learning_rate=0.5"])
    trace = records(scenario, run, edits)
    assert trace[0]["edits"] == ["12:update.learning_rate=0.5", "20:x=3.0"]
    changed = [record for record in trace if record["type"] == "edit"]
    assert [record["after"] for record in changed] == [12, 20]
    assert changed[1] | {"key": "x", "value": 3.0, "loss": 1.0, "parameters": {"x": 3.0}} == changed[1]
    by_number = {record["update"]: record for record in trace if record["type"] == "update"}
    assert by_number[13]["parameters"]["x"] == pytest.approx(2.0)
    assert by_number[21]["loss_before"] == 1.0
    assert (trace[-1]["updates"], trace[-1]["stopped"]) == (22, "max_updates")


def test_csv_and_table_replay_too():
    """Rows of the csv are the updates under the edits; the table has a line for each edit."""
    scenario = load_file(resolve("mountain-descent"), [("stop", {"max_updates": 14})])
    run = build(scenario)
    edits = edits_of(scenario, run, ["12:update.learning_rate=0.5"])
    rows = list(csv.reader(io.StringIO("".join(TRACE_FORMATS["csv"](scenario, run, edits)))))
    assert len(rows) == 1 + 15
    assert float(rows[14][4]) == pytest.approx(2.0)
    table = "".join(TRACE_FORMATS["table"](scenario, run, edits))
    assert "from here on: η 0.5" in table


EDITS = st.lists(
    st.one_of(
        st.builds(Edit, st.integers(0, 30), st.just("update.learning_rate"), st.sampled_from([0.01, 0.1, 1.0])),
        st.builds(Edit, st.integers(0, 30), st.just("update.rule"), st.sampled_from(["adam", "momentum", "nesterov"])),
        st.builds(Edit, st.integers(0, 30), st.just("W1[0,0]"), st.floats(-2, 2)),
        st.builds(Edit, st.integers(0, 30), st.just("seed"), st.integers(0, 9)),
    ),
    max_size=4,
)

SHUFFLED = [("update.batch", 3), ("update.order", "shuffled"), ("stop", {"max_updates": 40})]


@given(EDITS)
@settings(max_examples=25, deadline=None)
def test_the_trace_of_a_branch_is_the_branch(edits):
    """Whatever is edited where, trace and timeline agree in every parameter of every update, bit for bit."""
    scenario = load_file(resolve("backprop"), SHUFFLED)
    run = build(scenario)
    edits = edits_of(scenario, run, map(str, edits))
    timeline = Timeline(run)
    for edit in edits:
        timeline = timeline.branch(edit)
    seen = {}
    for record in records(scenario, run, edits):
        if record["type"] in ("update", "edit"):
            number = record["update"] if record["type"] == "update" else record["after"]
            blocks = [np.ravel(block) for block in record["parameters"].values()]
            seen[number] = np.concatenate(blocks)
    for number, theta in seen.items():
        assert np.array_equal(timeline.state(number).theta, theta)
    assert timeline.reach(1000) == max(seen)


def test_the_command_line_takes_edits(capsys):
    """`gdsim trace S --edit …` replays them; a wrong one is exit status 2 and one line."""
    assert main(["trace", "mountain-descent", "--updates", "3", "--edit", "1:x=2.5", "--format", "jsonl"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[3] == {
        "type": "edit", "after": 1, "key": "x", "value": 2.5, "loss": 0.25, "parameters": {"x": 2.5},
    }  # fmt: skip
    assert main(["trace", "mountain-descent", "--edit", "1:y=2.5"]) == 2
    assert "edit 1:y=2.5: y: no such parameter or setting; parameters: x" in capsys.readouterr().err
    assert main(["trace", "mountain-descent", "--edit", "1:corrected=true"]) == 2
    assert "no published slip" in capsys.readouterr().err


def test_another_start(capsys):
    """--start N runs from the scenario's N-th starting point, counted from 1."""
    assert main(["trace", "local-minima", "--start", "2", "--updates", "1", "--format", "jsonl"]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[1])
    scenario = load_file(resolve("local-minima"))
    assert first["parameters"] == dict(scenario.function.starts[0])
    assert main(["trace", "local-minima", "--start", "99"]) == 2
