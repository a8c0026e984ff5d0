"""The commands that are not about one run: list, new, schema, check, completion."""

import io
import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from small_hill import HILL

from gdsim.cli import main
from gdsim.cli.parser import COMMANDS
from gdsim.scenario.library import names
from gdsim.scenario.load import load_file
from gdsim.session.progress import ProgressFile, Record

RIGHT_AND_WRONG = f"""
{HILL.replace("20", "5")}
[[expect]]
after = 1
quantity = "x"
value = 3.96
[[expect]]
after = 2
quantity = "x"
value = WRONG
[[expect]]
after = "stop"
quantity = "stopped"
value = "max_updates"
"""

SLIP = """
format = 1
title = "A line whose bias learns too slowly"
summary = "Half a bias gradient"
[network]
loss = "sse"
[[network.layers]]
units = 1
activation = "identity"
weights = [[1.0]]
biases = [0.0]
[as_published]
bias_gradient_factor = 0.5
note = "The source forgets a factor 2."
[data]
inputs = [[1.0], [2.0]]
targets = [3.0, 5.0]
[update]
learning_rate = 0.01
[stop]
max_updates = 3
[[expect]]
after = 1
quantity = "gradient.b1[0]"
value = -5.0
[[expect]]
after = 1
quantity = "gradient.b1[0]"
value = -10.0
corrected = true
"""


def test_list_names_every_bundled_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    """Each bundled scenario has a line with its name and summary under its chapter; --json says more to programs."""
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    order = [line.split()[0] for line in lines if line.startswith("  ")]
    assert sorted(order) == list(names())
    assert main(["list", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert [entry["name"] for entry in entries] == order
    keys = {"name", "title", "summary", "source", "kind", "chapter", "minutes", "goals"}
    assert all(set(entry) == keys for entry in entries)


def test_schema_is_the_json_schema_of_the_format(capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed is one JSON document that knows the sections of a scenario."""
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert {"function", "perceptron", "network", "update", "stop"} <= set(schema["properties"])


def test_new_writes_a_scenario_that_passes_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file to start from is commented, loads, and its figures come out."""
    path = tmp_path / "mine.toml"
    assert main(["new", str(path)]) == 0
    assert path.read_text(encoding="utf-8").count("#") > 10
    assert main(["check", str(path)]) == 0
    assert "all checks passed" in capsys.readouterr().out


@pytest.mark.parametrize("name", names())
def test_new_copies_every_bundled_scenario(name: str, tmp_path: Path) -> None:
    """`new --like` gives a file that means the same as the bundled one."""
    path = tmp_path / "copy.toml"
    assert main(["new", str(path), "--like", name]) == 0
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    assert load_file(path).title == table["title"]


def test_new_never_overwrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that exists stays as it is, and the status is 2."""
    path = tmp_path / "mine.toml"
    path.write_text("precious", encoding="utf-8")
    assert main(["new", str(path)]) == 2
    assert path.read_text(encoding="utf-8") == "precious"
    assert "never overwrites" in capsys.readouterr().err


def test_new_into_a_folder_that_is_missing_is_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the system refuses is reported in words."""
    assert main(["new", str(tmp_path / "nowhere" / "mine.toml")]) == 2
    assert "cannot be written" in capsys.readouterr().err


RIGHT = RIGHT_AND_WRONG.replace("WRONG", "3.9208")
IDENTITY = RIGHT_AND_WRONG.partition("[[expect]]")[0].replace("(x - 2)**2", "tanh(x) - (2*sigmoid(2*x) - 1)")


@pytest.mark.parametrize(
    ("text", "options", "status", "found", "missing"),
    [
        pytest.param(
            RIGHT,
            "",
            0,
            "ok    x after 1 = 3.96, expected 3.96 ± 1e-09|ok    stopped at stop = max_updates, expected max_updates"
            "|gradient after 0 agrees",
            "FAIL",
            id="figures that come out: 4 → 3.96 → 3.9208 by hand",
        ),
        pytest.param(
            RIGHT_AND_WRONG.replace("WRONG", "3.93"),
            "",
            1,
            "FAIL  x after 2 = 3.9208, expected 3.93|ok    stopped at stop",
            "all checks passed",
            id="a wrong figure, and the others looked at all the same",
        ),
        pytest.param(
            RIGHT.replace("after = 2", "after = 9"), "", 1, "FAIL  x after 9", "", id="an update the run never makes"
        ),
        pytest.param(
            SLIP,
            "",
            0,
            "as published: gradient after 0 differs, as its published slip makes it|corrected: gradient after 0 agrees",
            "FAIL",
            id="Σ 2(a − y) is −10, the source's half of it differs from nudging and is expected to",
        ),
        pytest.param(
            SLIP, "--corrected", 0, "corrected: gradient after 0 agrees", "as published", id="the corrected rule alone"
        ),
        pytest.param(RIGHT, "--corrected", 0, "x after 1 = 3.96", "", id="a source without a slip, as ever"),
        pytest.param(
            RIGHT,
            "--set update.learning_rate=0.02 --updates 1 --seed 3",
            1,
            "FAIL  x after 1 = 3.92, expected 3.96|1 updates, stopped: max_updates",
            "",
            id="changes: with η = 0.02 the first step leads to 4 − 0.02·4 = 3.92",
        ),
        pytest.param(
            IDENTITY.replace("x = 4.0", "x = 0.7"),
            "",
            0,
            "ok",
            "FAIL",
            id="tanh(x) − (2σ(2x) − 1) is 0 everywhere: what nudging finds is rounding",
        ),
    ],
)
def test_check_says_what_it_finds_by_lines_and_status(
    text: str, options: str, status: int, found: str, missing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each figure and gradient has a line, ok or FAIL; one that fails makes the status 1."""
    path = tmp_path / "checked.toml"
    path.write_text(text, encoding="utf-8")
    assert main(["check", str(path), *options.split()]) == status
    out = capsys.readouterr().out
    assert all(line in out for line in found.split("|"))
    assert not missing or missing not in out


@pytest.mark.parametrize(("bias", "is_told"), [("own", True), ("shared", False)])
def test_check_tells_a_name_of_biases_trained_apart(
    bias: str, is_told: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One name for two biases is no error, but it looks like one bias: that is said, unless they are one."""
    path = tmp_path / "named.toml"
    layer = f'units = 2\nactivation = "sigmoid"\nbias = "{bias}"\nweights = [[0.1], [0.4]]\nbiases = [0.2, 0.2]'
    path.write_text(
        'format = 1\ntitle = "t"\nsummary = "s"\n[network]\nloss = "half-sse"\n[[network.layers]]\n'
        f'{layer}\nbias_names = ["b", "b"]\n[data]\ninputs = [[1.0]]\ntargets = [[0, 1]]\n'
        "[update]\nlearning_rate = 0.5\n[stop]\nmax_updates = 1\n"
    )
    assert main(["check", str(path)]) == 0
    told = 'layer 1: b names 2 biases, each trained separately; with bias = "shared" they are one'
    assert (told in capsys.readouterr().out) == is_told


def test_check_looks_at_all_scenarios_though_one_has_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    """One that cannot be read is status 2, as is a setting that is none; those after it are checked all the same."""
    path = tmp_path / "right.toml"
    path.write_text(RIGHT, encoding="utf-8")
    assert main(["check", str(tmp_path / "missing.toml"), str(path)]) == 2
    out, err = capsys.readouterr()
    assert "missing.toml" in err
    assert "ok    x after 1" in out
    assert main(["check", str(path), "--set", "nonsense"]) == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_commands_options_and_scenarios(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A script holds every command, every option of `run`, and every bundled scenario."""
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(name in script for name in (*COMMANDS, *names(), "plain", "corrected", "theme"))
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True)
        assert (checked.returncode, checked.stderr) == (0, "")


def test_progress_is_told_and_forgotten(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is reached is told in lines and as JSON, and forgotten only when that is confirmed."""
    ProgressFile().keep("mountain-descent", Record(goals=frozenset({0})))
    assert main(["progress"]) == 0
    assert "◐ mountain-descent" in capsys.readouterr().out
    assert main(["progress", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["goals_reached"] == 1
    for answer, kept in (("", 1), ("no", 1), ("y", 0)):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer + "\n"))
        assert main(["progress", "--reset", "hill-to-network"]) == 0
        assert len(ProgressFile().read().scenarios) == kept


def test_a_new_course_checks_all_its_scenarios(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`new --course` writes a course that `check` takes: every scenario in it, and its own mistakes."""
    file = tmp_path / "mine.toml"
    assert main(["new", "--course", str(file)]) == 0
    assert main(["check", str(file)]) == 0
    checked = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert checked == ["mountain-descent", "parabola-slope", "learning-rates", "local-minima", "all checks passed"]
    file.write_text(file.read_text("utf-8").replace("local-minima", "local-minimum"), "utf-8")
    assert main(["check", str(file)]) == 2
    assert "did you mean local-minima?" in capsys.readouterr().err
