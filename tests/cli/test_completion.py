"""Completion in the shells themselves, where they are installed: what they offer is what the parser takes."""

import shutil
import subprocess

import pytest

from gdsim.cli import main
from gdsim.cli.arguments import EXPORTS
from gdsim.scenario.library import names

CASES = [
    ("gdsim che", {"check"}),
    ("gdsim list --j", {"--json"}),
    ("gdsim run x --theme li", {"light"}),
    ("gdsim trace --format js", {"jsonl"}),
    ("gdsim run mountain-su", {"mountain-surface"}),
    ("gdsim export mountain-descent pic", {"picture.svg"}),
    ("gdsim check perceptron mine", {"mine.toml"}),
    ("gdsim export --theme dark mountain-su", {"mountain-surface"}),
    ("gdsim new --like mountain-su", {"mountain-surface"}),
]


@pytest.fixture
def folder(tmp_path):
    """A folder with a scenario and a picture in it."""
    (tmp_path / "mine.toml").touch()
    (tmp_path / "picture.svg").touch()
    return tmp_path


def script(shell, capsys):
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(("typed", "expected"), CASES)
def test_bash(typed, expected, folder, capsys):
    """bash completes each to what the parser takes there."""
    words = f"COMP_WORDS=({typed}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1))"
    ask = f'{words}; _shtab_gdsim; printf "%s\\n" "${{COMPREPLY[@]}}"'
    command = ["bash", "-c", f"{script('bash', capsys)}\n{ask}"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=True)
    assert (set(done.stdout.split()), done.stderr) == (expected, "")


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_offers_scenarios_where_they_belong(folder, capsys):
    """A scenario's place offers all of them; the file's place of export none."""
    ask = 'COMP_WORDS=({}); COMP_CWORD={}; _shtab_gdsim; printf "%s\\n" "${{COMPREPLY[@]}}"'
    offered = {}
    for typed, place in (('gdsim export ""', 2), ('gdsim export mazur ""', 3), ('gdsim check mazur ""', 3)):
        command = ["bash", "-c", f"{script('bash', capsys)}\n{ask.format(typed, place)}"]
        offered[typed] = set(
            subprocess.run(command, capture_output=True, text=True, cwd=folder, check=True).stdout.split()
        )
    assert set(names()) <= offered['gdsim export ""']
    assert not set(names()) & offered['gdsim export mazur ""']
    assert set(names()) <= offered['gdsim check mazur ""']


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(("typed", "expected"), CASES)
def test_fish(typed, expected, folder, capsys, monkeypatch):
    """fish offers each what the parser takes there."""
    monkeypatch.setenv("HOME", str(folder))
    asked = f"{script('fish', capsys)}\ncomplete -C '{typed}'"
    done = subprocess.run(["fish", "-c", asked], capture_output=True, text=True, cwd=folder, check=True)
    offered = {line.split("\t")[0] for line in done.stdout.splitlines()}
    assert expected <= offered
    assert all(word.startswith(typed.split()[-1]) for word in offered)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_the_installed_file_for_bash(folder, capsys):
    """Sourced with the command's name, as bash-completion does it, it completes that command."""
    (folder / "gdsim").write_text(script("bash", capsys))
    ask = 'COMP_WORDS=(gdsim che); COMP_CWORD=1; _shtab_gdsim; printf "%s\\n" "${COMPREPLY[@]}"'
    command = ["bash", "-c", f"set -- gdsim; . ./gdsim\n{ask}"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=True)
    assert (done.stdout.split(), done.stderr) == (["check"], "")


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_the_installed_file_for_fish(folder, capsys):
    """Sourced by fish when it first completes gdsim, it completes it."""
    (folder / "gdsim.fish").write_text(script("fish", capsys))
    command = ["fish", "--no-config", "-c", "source gdsim.fish; complete -C 'gdsim che'"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=True)
    assert "check" in {line.split("\t")[0] for line in done.stdout.splitlines()}


def test_endings_are_those_of_files(capsys):
    """The help of the file to export names every ending, in every shell's script."""
    for shell in ("zsh", "fish"):
        assert " ".join(EXPORTS) in script(shell, capsys)
