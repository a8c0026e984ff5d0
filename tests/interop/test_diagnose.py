"""`gdsim diagnose`: what it reads, what it says, its exit statuses, and the homework it marks."""

import csv
import json
import os
import subprocess
import sys
from contextlib import suppress
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gdsim.cli import main
from gdsim.errors import GdsimError
from gdsim.i18n import LANGUAGES
from gdsim.interop.diagnosis import diagnose
from gdsim.interop.numbers import Digits, digits_of, read_numbers
from gdsim.interop.report import report_lines
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from tests.manual import blocks, source

HOMEWORK = Path(__file__).parent / "homework"


def mazur(updates=12, slope=True, eta=0.5):
    """Return the rows of Mazur's example by hand, right or without σ′ in the hidden δ."""
    W1, W2 = np.array([[0.15, 0.2], [0.25, 0.3]]), np.array([[0.4, 0.45], [0.5, 0.55]])
    x, y, rows = np.array([0.05, 0.1]), np.array([0.01, 0.99]), []
    for _ in range(updates):
        h = 1 / (1 + np.exp(-(W1 @ x + 0.35)))
        o = 1 / (1 + np.exp(-(W2 @ h + 0.6)))
        d2 = (o - y) * o * (1 - o)
        d1 = W2.T @ d2 * (h * (1 - h) if slope else 1)
        row = {"a1": h, "a2": o, "loss_before": 0.5 * ((o - y) ** 2).sum(), "delta2": d2, "delta1": d1}
        row |= {"dW1": np.outer(d1, x), "dW2": np.outer(d2, h)}
        W2, W1 = W2 - eta * np.outer(d2, h), W1 - eta * np.outer(d1, x)
        rows.append(row | {"W1": W1, "W2": W2})
    return rows


def written(rows, file, only=None, **names):
    """Write rows as JSON lines, columns renamed."""
    chosen = [{names.get(key, key): np.asarray(value).tolist() for key, value in row.items()} for row in rows]
    lines = [{key: value for key, value in row.items() if only is None or key in only} for row in chosen]
    file.write_text("".join(f"{json.dumps(row)}\n" for row in lines), "utf-8")
    return str(file)


def told(capsys, *words, status=1):
    """Return what `gdsim diagnose` prints."""
    assert main(["diagnose", *words, "--lang", "en"]) == status
    out, err = capsys.readouterr()
    return err if status == 2 else out


def test_all_right_is_status_0(tmp_path, capsys):
    """Over all updates handed in."""
    assert told(capsys, "mazur", written(mazur(), tmp_path / "a.jsonl"), status=0) == (
        "All numbers agree, over 12 updates.\n"
    )


def test_the_first_wrong_number_is_told_with_its_equation_and_the_mistake(tmp_path, capsys):
    """Both values, the phase, what was left out, how to see it."""
    said = told(capsys, "mazur", written(mazur(slope=False), tmp_path / "a.jsonl"))
    assert said.startswith("update 1, phase 5 of 7, backprop of layer 1\n  delta1[0,0]: yours")
    assert "yours 0.0363503, right 0.00877135" in said
    assert "δ¹₁ = ∂C/∂a¹₁·σ′(z¹₁)" in said
    assert "Your numbers are those of slope-left-out-hidden:\n  σ′ is left out of δ of the hidden neurons." in said
    assert "over 12 updates" in said
    assert said.endswith("gdsim run mazur --as-published slope-left-out-hidden\n")


def test_json_for_graders(tmp_path, capsys):
    """The form of the design, with points."""
    said = told(capsys, "mazur", written(mazur(slope=False), tmp_path / "a.jsonl"), "--json", "--points")
    found = json.loads(said)
    assert found["first"] == {
        "update": 1,
        "phase": "backprop",
        "layer": 1,
        "quantity": "delta1[0,0]",
        "yours": pytest.approx(0.03635030639),
        "right": pytest.approx(0.00877135468),
    }
    assert found["mistakes"] == ["slope-left-out-hidden"]
    assert found["agrees_with_mistakes"] is True
    wrong = {phase for phase, is_right in found["phases"].items() if not is_right}
    assert wrong == {"backprop", "gradient", "update"}
    assert (found["total"], found["of"]) == (5, 6)  # what follows rightly from one mistake counts


def test_an_unknown_mistake_is_said_plainly_with_what_is_right(tmp_path, capsys):
    """A wrong number of its own, and the phases that agree."""
    rows = mazur()
    rows[3]["delta1"] = rows[3]["delta1"] + [0.001, 0.0]
    said = told(capsys, "mazur", written(rows, tmp_path / "a.jsonl"))
    assert said.startswith("update 4, phase 5 of 7")
    assert "No known mistake produces your numbers." in said
    assert "Right in this update: forward, loss, output-delta, gradient, update." in said


def test_two_mistakes_are_named_where_the_numbers_begin_late(tmp_path, capsys):
    """A slope left out and the step without a learning rate, printed from update 120 on."""
    rows = [{"update": n, **row} for n, row in enumerate(mazur(140, slope=False, eta=1.0), 1)][119:]
    said = told(capsys, "mazur", written(rows, tmp_path / "a.jsonl", ("update", "W1", "W2", "a2")))
    assert "Your numbers are those of learning-rate-missing:" in said
    assert "Your numbers are those of slope-left-out-hidden:" in said
    assert "agrees with both at once, over 21 updates" in said


def test_a_page_is_written(tmp_path, capsys):
    """With the phases marked, and the points."""
    page = tmp_path / "back.html"
    told(capsys, "mazur", written(mazur(slope=False), tmp_path / "a.jsonl"), "--html", str(page), "--points")
    assert "<td>backprop<td>✗<td>0" in page.read_text("utf-8")
    assert "slope-left-out-hidden" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("only", "names"),
    [
        (("W1", "W2"), {}),
        (("delta1",), {}),
        (("dW2", "loss_before"), {}),
        (
            None,
            {"W1": "W_1", "dW1": "W1.grad", "dW2": "grad_W2", "delta1": "dz1", "a2": "y_hat", "loss_before": "cost"},
        ),
        (None, {"W1": "w1_no"}),
    ],
)
def test_a_part_of_the_quantities_by_many_names(only, names, tmp_path):
    """Any subset, as learners call them; what is not known is told and the rest compared."""
    numbers = read_numbers(Path(written(mazur(), tmp_path / "a.jsonl", only, **names)))
    found = diagnose(load_file(resolve("mazur")), numbers)
    assert found.agrees
    assert list(found.unknown) == ([] if "w1_no" not in names.values() else ["w1_no"])


def test_a_column_that_is_not_known_is_told_with_the_nearest_names(tmp_path, capsys):
    """Counted from 0, as files are."""
    file = tmp_path / "a.csv"
    file.write_text('update,"W1[0,0]","W1[2,1]"\n1,0.14978072,0.3\n', "utf-8")
    said = told(capsys, "mazur", str(file), status=0)
    assert said.startswith("W1[2,1] does not name a number of this run; it has")
    assert "with indices from 0" in said


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
@pytest.mark.parametrize(
    "name", ["mountain-descent", "perceptron", "mazur", "quadratic-fit", "learning-rates", "backprop"]
)
def test_a_trace_agrees_with_itself(name, suffix, tmp_path, capsys):
    """What `gdsim export` writes of the corrected run is what diagnose expects."""
    file = tmp_path / f"a{suffix}"
    assert main(["export", name, str(file), "--corrected", "--updates", "40"]) == 0
    capsys.readouterr()
    told(capsys, name, str(file), status=0)


def test_arrays_of_numpy_are_read(tmp_path, capsys):
    """Parameters before each update, or only the last state; transposed where only that fits."""
    rows = mazur()
    np.savez(tmp_path / "a.npz", **{name: np.array([row[name] for row in rows]) for name in rows[0]})
    told(capsys, "mazur", str(tmp_path / "a.npz"), status=0)
    np.save(tmp_path / "W2.npy", np.array([row["W2"] for row in rows]))
    told(capsys, "mazur", str(tmp_path / "W2.npy"), status=0)
    np.savez(tmp_path / "b.npz", W2=np.array([row["W2"].T for row in rows]))
    told(capsys, "mazur", str(tmp_path / "b.npz"), status=0)
    theta = np.array([np.concatenate([row["W1"].ravel(), row["W2"].ravel()]) for row in rows])
    dtype = [(f"W1[{i // 2},{i % 2}]" if i < 4 else f"W2[{(i - 4) // 2},{i % 2}]", float) for i in range(8)]
    np.save(tmp_path / "c.npy", np.array([tuple(row) for row in theta], dtype=dtype))
    told(capsys, "mazur", str(tmp_path / "c.npy"), status=0)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("1,2\n3,4\n", "has no header"),
        ("update,W1\n1,hello\n", "row 1, W1: 'hello' is not a number"),
        ("update,W1\n1\n", "row 1 has 1 cells; 2, one per column"),
        ("apple,pear\n1,2\n", "has no column that names a number of this run"),
        ('{"W1": [[1, 2]\n', "is not JSON lines"),
        ("update,loss\n0.5,1\n", "has update numbers that are not whole numbers"),
    ],
)
def test_what_cannot_be_compared_is_status_2(content, says, tmp_path, capsys):
    """One sentence, with what is wanted."""
    file = tmp_path / "a.csv"
    file.write_text(content, "utf-8")
    assert says in told(capsys, "mazur", str(file), status=2)
    assert "cannot be read" in told(capsys, "mazur", str(tmp_path / "none.csv"), status=2)


COLUMNS = st.sampled_from(["update", "epoch", "W1", "W1[0,0]", "W1[0][1]", "w1", "x", "w", "loss", "delta1", "a2", "?"])
CELLS = st.sampled_from(["1", "2", "0.15", "", " ", "nan", "-1e400", "x", '"0.3"', "\N{MINUS SIGN}0.2", "[1,2]"])
VALUES = st.recursive(
    st.sampled_from([1, 2, 0.15, None, "NaN", "x", True]),
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.sampled_from(["W1", "values", "a1"]), inside),
    max_leaves=5,
)
CSV = st.lists(COLUMNS, min_size=1, max_size=3).flatmap(
    lambda head: st.lists(st.lists(CELLS, min_size=len(head) - 1, max_size=len(head)), max_size=3).map(
        lambda rows: "\n".join(",".join(row) for row in [[f'"{name}"' for name in head], *rows])
    )
)
KEYS = st.sampled_from(["update", "W1", "x", "w", "loss", "phases", "parameters", "gradient", "a2"])
JSON = st.lists(st.dictionaries(KEYS, VALUES, max_size=4), max_size=3).map(
    lambda rows: "\n".join(json.dumps(row) for row in rows)
)


@pytest.mark.filterwarnings("error")
@given(st.one_of(CSV, JSON, st.text(max_size=40)), st.sampled_from(["mazur", "mountain-descent", "perceptron"]))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gets_a_diagnosis_or_a_sentence(tmp_path, text, name):
    """No traceback and no warning, whatever is handed in."""
    file = tmp_path / "any.csv"
    file.write_text(text, "utf-8", errors="replace")
    with suppress(GdsimError):
        scenario = load_file(resolve(name))
        list(report_lines(scenario, diagnose(scenario, read_numbers(file))))


def test_pickled_objects_are_refused(tmp_path, capsys):
    """They could run code."""
    np.save(tmp_path / "a.npy", np.array([{"W1": 1}], dtype=object), allow_pickle=True)
    assert "cannot be read" in told(capsys, "mazur", str(tmp_path / "a.npy"), status=2)


def test_digits_are_counted_as_they_are_written():
    """Decimals, significant digits, exponents; half a unit of the last place is close enough."""
    assert digits_of(["0.036", "12.5", "1e-3"]) == Digits(3, 3)
    assert digits_of(["1.5e-07"]) == Digits(8, 2)
    assert Digits(3, 2).tolerance(np.array([0.036]))[0] == pytest.approx(0.0005, rel=0.02)
    assert Digits().tolerance(np.array([0.036]))[0] == 0.0


def test_a_program_is_drawn_beside(tmp_path, capsys, monkeypatch):
    """Its run stops where the two part; without every parameter there is none to draw."""
    rows = mazur(slope=False)
    file = written(rows, tmp_path / "a.jsonl")
    monkeypatch.setattr("sys.stdin", StringIO())
    assert main(["run", "mazur", "--plain", "--corrected", "--at", "3", "--beside", file]) == 0
    assert "Y yours · stopped: max_updates · update 1" in capsys.readouterr().out
    part = written(rows, tmp_path / "b.jsonl", ("W1",))
    assert main(["run", "mazur", "--plain", "--beside", part]) == 2
    assert "has no W2[0,0] after update 1" in capsys.readouterr().err


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_session_in_the_manual_comes_out(language, tmp_path, capsys, monkeypatch):
    """Its program is run, and diagnose says what is shown."""
    text = source("own-code", language)
    (tmp_path / "mine.py").write_text(blocks(text, "python")[0], "utf-8")
    subprocess.run([sys.executable, "mine.py"], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    for block in blocks(text, "console"):
        command, shown = block.split("\n", 1)
        main(command.removeprefix("$ gdsim ").split())
        assert capsys.readouterr().out == shown


def test_the_homework_is_marked(tmp_path):
    """The starter's mistake is named and costs one point; mended it has all."""
    source = (HOMEWORK / "starter.py").read_text("utf-8")
    mended = source.replace("delta1 = delta2 @ W2", "delta1 = delta2 @ W2 * a1 * (1 - a1)")
    assert mended != source
    for name, text in (("ann", source), ("bob", mended)):
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
        subprocess.run([sys.executable, tmp_path / f"{name}.py", tmp_path / f"{name}.jsonl"], check=True)
    (tmp_path / "eve.jsonl").write_text("no numbers\n", "utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([sys.executable, HOMEWORK / "grade.py", tmp_path], check=True, env=os.environ | {"PATH": path})
    with (tmp_path / "marks.csv").open(newline="") as file:
        ann, bob, eve = csv.DictReader(file)
    assert (ann["points"], ann["of"]) == ("5.0", "6")
    assert ann["remark"] == "slope-left-out-hidden (update 1, backprop)"
    assert (bob["points"], bob["remark"]) == ("6.0", "all right")
    assert "is not JSON lines" in eve["remark"]
    assert "slope-left-out-hidden" in (tmp_path / "ann.html").read_text("utf-8")
