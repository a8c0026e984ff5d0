"""What `gdsim run` loads on the way to its first frame: what the frame shows, and not what keys may ask for later."""

from pathlib import Path

import pytest
from terminal import Terminal

from gdsim.charts.table import CHARTS
from gdsim.cli.parser import COMMANDS

PROGRAM = Path(__file__).with_name("first_frame.py").read_text(encoding="utf-8")

MOST = 150
"""Modules of its own before the first frame of a hill: each takes up to half a millisecond to find, read and run."""

LATE = {
    "pages of phases": ("pages_", "rule_lines", "loss_terms", "both_rules", "slip_notes"),
    "answers to questions": ("predictions", "verdicts", "reveal", "working", "slips", "bugs"),
    "words for branches, and the gradient check": ("branches", "check", "neuron"),
}
"""Modules of `gdsim.explain`, by what a learner asks for: names, or what they begin with."""

ELSEWHERE = (
    "gdsim.engine.formula.derivatives",
    "gdsim.engine.formula.derivatives",
    "gdsim.engine.gradient_check",
    "gdsim.timeline.nudging",
    "gdsim.scenario.edits",
    "gdsim.scenario.checks",
    "gdsim.scenario.data.load",
    "gdsim.scenario.data.tables",
    "gdsim.scenario.data.idx",
    "gdsim.tui.answers",
    "gdsim.tui.long_column",
    "gdsim.tui.network_drawing",
    "gdsim.tui.picture",
    "gdsim.tui.side_by_side",
    "gdsim.tui.frames",
    "gdsim.tui.screens.palette",
    "gdsim.tui.screens.picker",
    "gdsim.tui.screens.question",
    "gdsim.tui.screens.sheets",
    "plotext",
    "pydantic_core.core_schema",
    "sympy",
    "asyncssh",
    "gzip",
    "json",
    "shlex",
)
"""Other modules a hill, whose source gives its derivative, does without at first."""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """Return the modules there are when `gdsim run mountain-descent` is about to send its first frame."""
    listed = tmp_path_factory.mktemp("start") / "modules"
    with Terminal(str(listed), "run", "mountain-descent", program=("-c", PROGRAM)) as terminal:
        terminal.until("update 0 · loss 4")
        terminal.send("q")
        assert terminal.ended() == 0
    return frozenset(listed.read_text().split())


def test_only_the_command_and_the_charts_on_view_are_loaded(loaded: frozenset[str]) -> None:
    """Of the tables of commands and of charts the entries on view alone: the hill, and the loss beside it."""
    commands = {module for module in COMMANDS.values() if f"gdsim.cli.{module}" in loaded}
    files = {kind.built_by.partition(".")[0] for kind in CHARTS.values()}
    assert commands == {"run"}
    assert {file for file in files if f"gdsim.charts.{file}" in loaded} == {"curve", "loss"}


@pytest.mark.parametrize("asked_for", LATE)
def test_what_keys_ask_for_is_loaded_after_the_first_frame(asked_for: str, loaded: frozenset[str]) -> None:
    """Pages, verdicts, checks: none before there is an update."""
    explain = [name.removeprefix("gdsim.explain.") for name in loaded if name.startswith("gdsim.explain.")]
    names = LATE[asked_for]
    assert [name for name in explain if name in names or name.startswith(tuple(n for n in names if n[-1] == "_"))] == []


def test_a_hill_does_without_the_rest(loaded: frozenset[str]) -> None:
    """No other source of samples, no other way of drawing, no sheet, no package that only they need."""
    assert sorted(loaded.intersection(ELSEWHERE)) == []


def test_what_is_loaded_at_first_stays_little(loaded: frozenset[str]) -> None:
    """A module more on the way to the first frame is for every start: where it can wait, it is loaded when needed."""
    own = sorted(name for name in loaded if name.partition(".")[0] == "gdsim")
    assert len(own) <= MOST, "\n".join(own)
