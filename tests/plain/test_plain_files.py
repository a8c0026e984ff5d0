"""Files in plain mode: the run saved, the scenario read again; and samples, neurons and weights looked at."""

import io
import json
from pathlib import Path

import pytest
import small_hill
from plain_talk import talk

from gdsim.plain.repl import run_plain
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session

HILL = small_hill.HILL.replace("0.01", "0.1")


@pytest.fixture
def hill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "hill.toml"
    path.write_text(HILL, encoding="utf-8")
    return path


def answers(path: Path, *lines: str) -> list[str]:
    return talk(Session.open(load_file(path)), "".join(f"{line}\n" for line in lines))[1:]


def test_save_writes_the_updates_so_far(hill: Path) -> None:
    """After two updates a .jsonl has these two, by hand 3.6 and 3.28, and a .md works them out."""
    said = answers(hill, "next 2", "save run.jsonl", "s run.md")
    assert said[1:] == ["saved: run.jsonl", "saved: run.md"]
    records = [json.loads(line) for line in Path("run.jsonl").read_text(encoding="utf-8").splitlines()]
    updates = [record["parameters"]["x"] for record in records if record["type"] == "update"]
    assert updates == pytest.approx([4.0, 3.6, 3.28])
    assert "## Update 2" in Path("run.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("save run.txt", ".svg, .html, .md, .csv, .jsonl, .cast"),
        ("save run.svg", "gdsim run"),
        ("save hill.toml", ".md, .csv, .jsonl"),
        ("save none/run.md", "cannot be written"),
        ("save taken.md", "exists already"),
    ],
)
def test_what_cannot_be_saved_is_answered(hill: Path, typed: str, hint: str) -> None:
    """What is wrong is said with what is allowed; nothing is overwritten, and the run goes on."""
    Path("taken.md").write_text("mine", encoding="utf-8")
    *_before, answer, after = answers(hill, typed, "next")
    assert hint in answer
    assert "x = 3.6 (" in after
    assert Path("taken.md").read_text(encoding="utf-8") == "mine"


def test_reload_stands_at_the_same_update(hill: Path) -> None:
    """The file saved with η = 0.25 and read again: after 2 updates x is 2 + 2·0.5² = 2.5."""
    stream, session = io.StringIO(), Session.open(load_file(hill))

    class Typed(io.StringIO):
        def readline(self, size: int | None = -1) -> str:
            line = super().readline(size)
            if line == "reload\n":
                hill.write_text(HILL.replace("0.1", "0.25"), encoding="utf-8")
            return line

    assert run_plain(session, Typed("next 2\nreload\n"), stream) == 0
    *_before, told, block = stream.getvalue().strip().split("\n\n")
    assert told == f"read again: {hill}"
    assert "update 2 " in block
    assert "x = 2.5 (" in block


def test_a_file_with_mistakes_is_told_and_the_run_stays(hill: Path) -> None:
    """The mistake is told with its line, and the run goes on as it was read at first."""
    session = Session.open(load_file(hill))
    hill.write_text(HILL.replace("0.1", '"fast"'), encoding="utf-8")
    *_before, answer, after = talk(session, "reload\nnext\n")
    assert '9 | learning_rate = "fast"' in answer
    assert "x = 3.6 (" in after


def test_a_sample_is_chosen_and_told() -> None:
    """By number, one on, and the next answered wrongly; what is seen of it is told in words."""
    said = answers(resolve("digits"), "sample 3", "sample", "sample wrong", "sample 99999")
    told = [text for text in said if text.startswith("current picture")]
    numbers = [text.split("unseen sample ")[1].split(" ")[0] for text in told]
    assert numbers[:2] == ["3", "4"]
    assert int(numbers[2]) > 4
    assert numbers[3] == told[3].split(" of ")[1].split("\n")[0]


def test_where_nothing_is_chosen_that_is_said(hill: Path) -> None:
    """A run without samples to look at, and numbers too many, are answered with what is so."""
    _block, sample, neuron = answers(hill, "next", "sample", "neuron 1 2 3 4")
    assert "no samples to look at" in sample
    assert "neuron 1 2 3" in neuron


def test_a_weight_is_chosen() -> None:
    """`neuron 1 2 1` puts the first weight of the second neuron into the gradient's equation: w¹₂₁."""
    said = answers(resolve("backprop"), "next", "neuron 1 2 1", "neuron 1 2 2")
    assert "new w¹₂₁ = " in said[-2]
    assert "new w¹₂₂ = " in said[-1]
    for name in ("w¹₂₁", "w1[2,1]", "W1[1,0]"):
        assert "new w¹₂₁ = " in answers(resolve("backprop"), "next", f"neuron {name}")[-1]
    assert "new w¹₂₁ = " in answers(resolve("backprop"), "next", "neuron a1[2]")[-1]
