"""Completion at zsh's own prompt, which needs a terminal; tests/cli has the other shells."""

import shlex
import shutil

import pytest
from terminal import Terminal

from gdsim.cli import main

CASES = {
    "gdsim che": "check",
    "gdsim list --j": "--json",
    "gdsim run x --theme col": "colour-blind",
    "gdsim trace --format js": "jsonl",
    "gdsim run mountain-su": "mountain-surface",
    "gdsim export mountain-descent pic": "picture.svg",
    "gdsim check perceptron mine": "mine.toml",
    "gdsim new --like mountain-su": "mountain-surface",
}


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh(tmp_path, capsys, monkeypatch):
    """Each is completed, when tab is pressed, to what the parser takes there."""
    (tmp_path / "mine.toml").touch()
    (tmp_path / "picture.svg").touch()
    assert main(["completion", "zsh"]) == 0
    (tmp_path / "completion.zsh").write_text(capsys.readouterr().out)
    monkeypatch.chdir(tmp_path)
    settings = {"ZDOTDIR": str(tmp_path), "HOME": str(tmp_path)}
    program = ("-c", "import os; os.execvp('zsh', ['zsh', '-f', '-i'])")
    with Terminal(program=program, columns=100, rows=40, environment=settings) as terminal:
        terminal.send("PS1='ready> '; autoload -U compinit; compinit -u -D; source ./completion.zsh; clear\r")
        terminal.until("ready> ")
        for typed, completed in CASES.items():
            terminal.send(f"clear\r{typed}\t")
            terminal.until(f"ready> {typed.rpartition(' ')[0]} {completed}")
            terminal.send("\x15\r")
        terminal.send("exit\r")
        terminal.ended()


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_the_installed_file_for_zsh(tmp_path, capsys):
    """Found by compinit in a folder of functions, it completes gdsim at the first tab and at the second."""
    assert main(["completion", "zsh"]) == 0
    (tmp_path / "_gdsim").write_text(capsys.readouterr().out)
    settings = {"ZDOTDIR": str(tmp_path), "HOME": str(tmp_path)}
    shell = ("-c", "import os; os.execvp('zsh', ['zsh', '-f', '-i'])")
    with Terminal(program=shell, columns=100, rows=40, environment=settings) as terminal:
        folder = shlex.quote(str(tmp_path))
        terminal.send(f"PS1='ready> '; fpath=({folder} $fpath); autoload -U compinit; compinit -u -D; clear\r")
        terminal.until("ready> ")
        for typed, completed in (("gdsim che", "check"), ("gdsim run mountain-su", "mountain-surface")):
            terminal.send(f"clear\r{typed}\t")
            terminal.until(f"ready> {typed.rpartition(' ')[0]} {completed}")
            terminal.send("\x15\r")
        terminal.send("exit\r")
        terminal.ended()
