"""Scenario files and the data files they name: what can be read, and what is never touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from scenario_texts import A_FUNCTION, HEAD, NETWORK, UPDATE

from gdsim.errors import ScenarioError
from gdsim.scenario.load import load_file, load_text

CSV = HEAD + UPDATE + NETWORK + '[data]\nfile = "{}"\ninputs = ["a", "b"]\ntargets = ["y"]\n'


def refusal(path: Path) -> str:
    """Return what is said about a file, without the line of it that is shown beneath."""
    with pytest.raises(ScenarioError) as caught:
        load_file(path)
    return str(caught.value).removeprefix(str(path)).split("\n")[0]


def test_reads_a_file_with_a_byte_order_mark_and_carriage_returns(tmp_path: Path) -> None:
    """Editors on other systems write these; they mean nothing."""
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + A_FUNCTION.replace("\n", "\r\n").encode())
    scenario = load_file(path)
    assert (scenario.name, scenario.where, scenario.folder) == ("mine", str(path), tmp_path)


def test_refuses_what_is_no_scenario_file(tmp_path: Path) -> None:
    """Nothing, a folder, a file too large, empty, binary: each is said in its own words."""
    (tmp_path / "large.toml").write_bytes(b"#" * 1_000_001)
    (tmp_path / "empty.toml").touch()
    (tmp_path / "binary.toml").write_bytes(b"title = 1\n\xff\xfe\x00")
    assert refusal(tmp_path / "none.toml") == ": no such file"
    assert refusal(tmp_path) == ": is a folder; a file"
    assert refusal(tmp_path / "large.toml") == ": has 1000001 bytes; at most 1000000"
    assert refusal(tmp_path / "empty.toml") == ": is empty; a scenario; gdsim new writes one to start from"
    assert refusal(tmp_path / "binary.toml") == ":2: is not UTF-8 text; a TOML file"
    assert refusal(tmp_path / "a\0b.toml") == ": cannot be read: not a path"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs POSIX pipes")
def test_never_waits_for_a_pipe_or_a_device(tmp_path: Path) -> None:
    """A pipe nobody writes to and an endless device are refused at once."""
    os.mkfifo(tmp_path / "pipe.toml")
    assert refusal(tmp_path / "pipe.toml") == ": is not a regular file; a file on disk"
    assert refusal(Path("/dev/zero")) == ": is not a regular file; a file on disk"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_says_why_a_file_cannot_be_read(tmp_path: Path) -> None:
    """A file without permission is reported."""
    path = tmp_path / "mine.toml"
    path.write_text(A_FUNCTION)
    path.chmod(0)
    assert refusal(path) == ": cannot be read: Permission denied"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../../etc/passwd", "which lies outside the scenario's folder; a file in that folder"),
        ("sub/../../secret.csv", "which lies outside the scenario's folder; a file in that folder"),
        ("link.csv", "which lies outside the scenario's folder; a file in that folder"),
        ("linked/secret.csv", "which lies outside the scenario's folder; a file in that folder"),
    ],
)
def test_data_files_lie_in_the_scenarios_folder(tmp_path: Path, name: str, message: str) -> None:
    """Neither dots nor links lead a scenario to a file outside its own folder."""
    home = tmp_path / "home"
    (home / "sub").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("a,b,y\n1,2,3\n")
    (home / "link.csv").symlink_to(tmp_path / "secret.csv")
    (home / "linked").symlink_to(tmp_path)
    path = home / "s.toml"
    path.write_text(CSV.format(name))
    assert refusal(path) == f':14: data.file: found "{name}", {message}'


@pytest.mark.parametrize("name", ["/etc/passwd", "C:/secret.csv", "//host/share.csv"])
def test_data_files_have_relative_paths(tmp_path: Path, name: str) -> None:
    """Absolute paths of any system are refused, whether the file exists or not."""
    path = tmp_path / "s.toml"
    path.write_text(CSV.format(name))
    assert refusal(path) == f':14: data.file: found "{name}"; a path relative to the scenario\'s folder'


def test_a_text_that_is_no_file_names_no_data_files() -> None:
    """A scenario without a folder, such as one from a pipe, reads no file at all."""
    with pytest.raises(ScenarioError, match="a scenario that is not a file itself cannot name data files"):
        load_text(CSV.format("points.csv"), "s.toml")


def test_reads_a_data_file_in_a_folder_below(tmp_path: Path) -> None:
    """A data file may lie in a folder of the scenario's folder; its path may have 200 characters."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "points.csv").write_text("a,b,y\n1,2,3\n")
    path = tmp_path / "s.toml"
    path.write_text(CSV.format("data/" + "./" * 92 + "points.csv"))
    dataset = load_file(path).dataset
    assert dataset is not None
    assert dataset.inputs.tolist() == [[1.0, 2.0]]


def test_a_data_file_may_be_missing_or_no_file(tmp_path: Path) -> None:
    """What is wrong with a data file is said at the key that names it."""
    (tmp_path / "folder.csv").mkdir()
    path = tmp_path / "s.toml"
    path.write_text(CSV.format("points.csv"))
    assert refusal(path) == ':14: data.file: "points.csv" no such file'
    path.write_text(CSV.format("folder.csv"))
    assert refusal(path) == ':14: data.file: "folder.csv" is a folder; a file'
