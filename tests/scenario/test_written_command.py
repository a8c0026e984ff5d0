"""The command that leads to a place: every setting and edit in it, quoted so that a shell gives them back."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdsim.cli.options import load_scenario
from gdsim.cli.parser import build_parser
from gdsim.scenario.edits import setting_text
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.scenario.place import Place
from gdsim.scenario.settings import parse_setting
from gdsim.session import Session
from gdsim.session.changes import command_lines
from gdsim.session.steps import way_to

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)
VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-(2**62), 2**62), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)


@given(VALUES)
def test_a_setting_reads_back_as_it_was(value):
    """Whatever value a setting has, its text means the same value again."""
    assert parse_setting(setting_text("a.b", value)) == ("a.b", value)


def replayed(command):
    """Return the session that a command line opens, by way of a shell's words and the parser."""
    program, *words = shlex.split(command)
    assert program == "gdsim"
    options = build_parser().parse_args(words)
    scenario = load_scenario(options)
    edits = tuple(options.edits)
    place = Place("", getattr(options, "at", 0), None, options.start - 1, options.corrected, edits)
    return way_to(Session.open(scenario, place), place).session()


SETTINGS = [
    ("title", 'it\'s η "quoted" $HOME `x`'),
    ("update.learning_rate", 0.03),
    ("seed", 7),
    ("stop.max_updates", 60),
    ("function.starts", [{"x": -1.5}]),
]


def test_the_command_leads_back_bit_for_bit():
    """Settings, seed, start, edits and update are in it; a shell's words open the same session at the same state."""
    session = Session.open(load_file(resolve("mountain-descent"), SETTINGS)).after(9).other_start().forward(9)
    session = session.edited("update.rule", "momentum").forward(3).what_if("x", 1 / 3).forward(4)
    command, *_others = command_lines(session)
    words = shlex.split(command)
    assert words[:3] == ["gdsim", "run", "mountain-descent"]
    assert "--seed 7 --updates 60" in command
    assert words[-2:] == ["--at", "16"]
    again = replayed(command)
    assert again.position == session.position
    assert again.timeline.edits == session.timeline.edits
    assert again.timeline.state(16).theta.tobytes() == session.timeline.state(16).theta.tobytes()
    assert again.scenario.title == session.scenario.title


def test_other_branches_have_commands_of_their_own():
    """Below the first come the trace and every other branch, each under a comment; a shell leaves comments alone."""
    session = Session.open(load_file(resolve("admissions-neuron")), Place(is_corrected=True)).after(2)
    session = session.what_if("update.learning_rate", 0.5).forward(1)
    lines = command_lines(session)
    assert lines == (
        "gdsim run admissions-neuron --corrected --edit 2:update.learning_rate=0.5 --at 3",
        "# without a screen:",
        "gdsim trace admissions-neuron --corrected --edit 2:update.learning_rate=0.5",
        "# branch 1, as given:",
        "gdsim run admissions-neuron --corrected --at 3",
    )
    for line in lines:
        if not line.startswith("#"):
            assert replayed(line).scenario.name == "admissions-neuron"


def test_inside_an_update_the_phase_is_told():
    """--at leads to an update; the full stops to its phases are said."""
    from gdsim.timeline.position import Position

    session = Session.open(load_file(resolve("mountain-descent"))).at(Position(4, 1))
    assert command_lines(session)[:2] == (
        "gdsim run mountain-descent --at 4",
        "# inside the next update: . . shows its phases",
    )


def test_a_file_is_called_by_its_path(tmp_path, monkeypatch):
    """A scenario of one's own is called by the path it was opened with, quoted; a namesake of a bundled one too."""
    text = resolve("mountain-descent").read_text(encoding="utf-8")
    for name in ("my hill.toml", "mountain-descent.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    command = command_lines(Session.open(load_file("my hill.toml")))[0]
    assert command == "gdsim run 'my hill.toml'"
    assert command_lines(Session.open(load_file("mountain-descent.toml")))[0] == "gdsim run mountain-descent.toml"


@pytest.mark.parametrize("command", ["run", "trace"])
def test_locks_are_kept_in_a_run_and_mean_nothing_to_a_trace(command):
    """What an instructor locks and hides is in the command of the screen only."""
    scenario = load_file(resolve("mountain-descent"), [("show.lock", ["rule"]), ("show.hide", ["gradient"])])
    (line,) = [each for each in command_lines(Session.open(scenario)) if each.startswith(f"gdsim {command}")]
    assert ("show.lock" in line) == (command == "run")
    if command == "run":
        assert replayed(line).scenario.show.lock == ("rule",)
