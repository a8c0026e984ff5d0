"""Scenarios by name: those that come with gdsim, and those of any folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from scenario_texts import A_FUNCTION, A_NETWORK

from gdsim.errors import GdsimError
from gdsim.scenario import library


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    (tmp_path / "valley.toml").write_text(A_FUNCTION)
    (tmp_path / "neuron.toml").write_text(A_NETWORK)
    (tmp_path / "broken.toml").write_text("a b")
    (tmp_path / "notes.txt").write_text("no scenario")
    return tmp_path


def test_names_are_those_of_toml_files_in_order(shelf: Path) -> None:
    """A scenario's name is its file's, without the ending."""
    assert library.names(shelf) == ("broken", "neuron", "valley")


def test_a_summary_says_what_a_file_is_about(shelf: Path) -> None:
    """The list shows broken files too, as such."""
    broken, neuron, _ = library.summaries(shelf)
    assert (broken.title, broken.summary, broken.kind) == ("broken", "cannot be read", "")
    assert (neuron.name, neuron.title, neuron.summary, neuron.kind) == ("neuron", "t", "s", "network")
    assert neuron.path == shelf / "neuron.toml"


def test_a_summary_is_safe_to_print(shelf: Path) -> None:
    """A title with escape codes from a stranger's file does not reach the terminal."""
    (shelf / "broken.toml").write_text('title = "\\u001b[2Jx"\nsummary = 3\n')
    assert (library.summaries(shelf)[0].title, library.summaries(shelf)[0].summary) == (" [2Jx", "")


def test_a_name_or_a_path_is_resolved(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name means the library's file; what looks like a path, or is there, is a path."""
    assert library.resolve("valley", shelf) == shelf / "valley.toml"
    assert library.resolve("other.toml", shelf) == Path("other.toml")
    assert library.resolve("some/where", shelf) == Path("some/where")
    monkeypatch.chdir(shelf)
    assert library.resolve("notes.txt", shelf) == Path("notes.txt")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "vally",
            "vally: no such scenario; did you mean valley?; gdsim list names the bundled ones; a path ends in .toml",
        ),
        ("", '"": no such scenario; gdsim list names the bundled ones; a path ends in .toml'),
    ],
)
def test_an_unknown_name_is_refused_with_a_near_one(shelf: Path, name: str, message: str) -> None:
    """A slip in a name is answered with the name it is close to."""
    with pytest.raises(GdsimError) as caught:
        library.resolve(name, shelf)
    assert str(caught.value) == message


def test_the_bundled_scenarios_are_found() -> None:
    """In a checkout they lie beside the package, with their data."""
    assert "mountain-descent" in library.names()
    assert library.resolve("mountain-descent").is_file()
    assert all(summary.kind and summary.summary for summary in library.summaries())


def test_the_list_needs_neither_pydantic_core_nor_numpy() -> None:
    """The picker and the list come up before anything heavy is loaded."""
    code = "import sys; from gdsim.scenario import library; library.summaries(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pydantic_core", "numpy"} & set(loaded)
