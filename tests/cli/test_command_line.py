"""The command line as a user meets it: exit statuses, streams, messages, what is loaded."""

import importlib
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_hill import HILL

from gdsim.cli import main
from gdsim.cli.arguments import THEME_NAMES
from gdsim.cli.parser import COMMANDS

UTF8 = {"PYTHONIOENCODING": "utf-8"}


@pytest.fixture
def hill(tmp_path: Path) -> Path:
    """A small scenario in a file."""
    path = tmp_path / "hill.toml"
    path.write_text(HILL, encoding="utf-8")
    return path


def gdsim(*arguments: object, typed: str = "", environment: dict[str, str] | None = None):
    """Run gdsim in a process of its own, as from a script."""
    command = [sys.executable, "-m", "gdsim", *map(str, arguments)]
    return subprocess.run(command, input=typed, capture_output=True, text=True, encoding="utf-8", env=environment)


def test_success_is_status_0_and_results_go_to_stdout(hill: Path) -> None:
    """What was asked for is on stdout, nothing is on stderr, and the status is 0."""
    done = gdsim("trace", hill)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith('{"type":"header"')


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum"], "did you mean run?"),
        (["trace"], "SCENARIO"),
        (["trace", "mountain-descnt"], "mountain-descent"),
        (["trace", "missing.toml"], "no such file"),
        (["run", "mountain-descent", "--theme", "drak"], "dark"),
        (["run", "mountain-descent", "--at", "-1"], "a whole number of at least 0"),
        (["trace", "mountain-descent", "--set", "update.learning_rat=1"], "learning_rate"),
        (["trace", "mountain-descent", "--set", "nonsense"], "KEY=VALUE"),
        (["trace", "mountain-descent", "--updates", "0"], "stop.max_updates"),
        (["trace", "mountain-descent", "--phases", "--format", "csv"], "--format jsonl"),
        (["check"], "--all"),
        (["check", "nowhere"], "no such scenario"),
        (["new", "hill.txt"], "ends in .toml"),
    ],
)
def test_a_mistake_is_status_2_and_one_clear_message(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong usage and mistakes in scenarios are status 2, with what is allowed on stderr and nothing on stdout."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("gdsim")
    assert said in err
    assert "Traceback" not in err


def test_every_mistake_of_a_scenario_is_reported_at_once(hill: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario with two mistakes gets two lines, each with its place in the file."""
    hill.write_text(HILL.replace("learning_rate = 0.01", "learning_rate = -1\nmomentm = 0.9"), encoding="utf-8")
    assert main(["trace", str(hill)]) == 2
    err = capsys.readouterr().err
    assert "update.learning_rate" in err
    assert "update.momentm" in err


@pytest.mark.parametrize("name", [name for name in COMMANDS if name])
def test_help_of_every_command_has_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`gdsim COMMAND --help` shows a command line that can be tried."""
    assert main([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert "example" in out
    assert f"gdsim {name}" in out


def test_version_and_help_say_what_gdsim_is(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints name and version; `--help` lists every command."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("gdsim ")
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_where_the_table_says(name: str) -> None:
    """The module the table names for a command has the function that carries it out."""
    assert callable(getattr(importlib.import_module(f"gdsim.cli.{COMMANDS[name].module}"), f"{name}_command"))


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"]])
def test_quick_commands_load_nothing_heavy(arguments: list[str]) -> None:
    """Asking for help costs no import of numpy, pydantic-core, Textual, plotext or sympy."""
    assert loaded_by(arguments) & {"numpy", "pydantic_core", "textual", "plotext", "sympy", "asyncssh"} == set()


def test_what_writes_text_loads_no_screen(hill: Path) -> None:
    """A trace, a run in plain text and a hand-out never load Textual, plotext, asyncssh or sympy."""
    for arguments in (["trace", hill], ["run", hill, "--plain"], ["export", hill, hill.with_suffix(".md")]):
        assert loaded_by([*map(str, arguments)]) & {"textual", "plotext", "asyncssh", "sympy"} == set()


def loaded_by(arguments: list[str]) -> set[str]:
    """Return the modules a command line makes Python load, run in a process of its own."""
    program = (
        "import sys; from gdsim.cli import main; main(sys.argv[1:]); sys.stderr.write('\\n' + ' '.join(sys.modules))"
    )
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, input="", capture_output=True, text=True, encoding="utf-8", check=True)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(("arguments", "instead"), [(["run", "mazur"], "gdsim trace"), ([], "gdsim list")])
def test_a_screen_needs_a_terminal(arguments: list[str], instead: str) -> None:
    """A run and the picker into a pipe are status 2, with what needs no terminal."""
    done = gdsim(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert all(text in done.stderr for text in ("not a terminal", "--plain", instead))


def test_options_alone_choose_from_the_list() -> None:
    """Options before no command are those of `run`: the list in plain text, in another language, with locks."""
    arguments = ("--plain", "--lang", "zh", "--lock", "rule")
    done = gdsim(*arguments, typed="mountain-descent\nrule adam\nnext\n", environment={**os.environ, **UTF8})
    assert done.returncode == 0
    *_list, opened, refused, after = done.stdout.strip().split("\n\n")
    assert "η 0.01 · 梯度下降" in opened
    assert refused.startswith("rule: ")
    assert "x = 3.96" in after
    assert "adam" not in after


def test_options_come_after_the_command() -> None:
    """Options before a command are answered with where they belong; an unknown one with how to learn more."""
    done = gdsim("--lang", "zh", "list")
    assert (done.returncode, done.stderr) == (
        2,
        "gdsim: --lang: stands before the command; options come after it: gdsim list … --lang\n",
    )
    assert "gdsim --help" in gdsim("--color").stderr


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [([], "mountain-descent\nnext\n"), (["run"], "mountain-descent\nnext\n"), (["run", "mountain-descent"], "next\n")],
)
def test_a_dumb_terminal_gets_plain_text(
    arguments: list[str], typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """With TERM=dumb the list and a run are in plain text by themselves."""
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert main(arguments) == 0
    assert "x = 3.96 (" in capsys.readouterr().out


def test_a_closed_pipe_ends_a_long_trace_quietly_and_at_once(hill: Path) -> None:
    """`trace | head -1` of a run of ten million updates ends in seconds, without a word."""
    long = HILL.replace("max_updates = 20", "max_updates = 10_000_000").replace("0.01", "1e-9")
    hill.write_text(long, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "gdsim", "trace", str(hill)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as trace:
        assert trace.stdout is not None
        assert trace.stderr is not None
        assert trace.stdout.readline().startswith(b'{"type":"header"')
        began = time.monotonic()
        trace.stdout.close()
        assert trace.stderr.read() == b""
    assert trace.returncode == 0
    assert time.monotonic() - began < 3


def test_a_full_disk_is_reported() -> None:
    """When results cannot be written the status is 2 and the reason is told."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("w") as out:
        done = subprocess.run([sys.executable, "-m", "gdsim", "list"], stdout=out, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("gdsim: standard output: ")
    assert "Traceback" not in done.stderr


def test_ctrl_c_is_status_130(hill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt while a command works ends it with status 130 and no traceback."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gdsim.cli.text.write_lines", interrupted)
    assert main(["trace", str(hill)]) == 130


def test_an_output_without_unicode_is_no_error(hill: Path) -> None:
    """Where stdout takes only ASCII nothing fails: plain mode writes ASCII, lists have ``?``, JSON stays UTF-8."""
    environment = {"PYTHONIOENCODING": "ascii", "PATH": ""}
    done = gdsim("run", hill, "--plain", typed="next\n", environment=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "x = 3.96 (change -0.04, gradient 4)" in done.stdout
    assert done.stdout.isascii()
    assert gdsim("list", environment=environment).returncode == 0
    assert gdsim("trace", hill, environment=environment).returncode == 0


def test_settings_reach_the_run(hill: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--set, --updates and --seed change the scenario: η = 0.5 lands on 2 in one update."""
    options = ["--set", "update.learning_rate=0.5", "--updates", "1", "--seed", "7"]
    assert main(["trace", str(hill), "--format", "jsonl", *options]) == 0
    header, _start, _update, end = capsys.readouterr().out.splitlines()
    assert '"learning_rate":0.5' in header
    assert '"seed":7' in header
    assert '"updates":1,"stopped":"max_updates","parameters":{"x":2.0}' in end


def test_theme_names_are_those_of_the_screen() -> None:
    """The command line offers exactly the themes the screen has, though it does not load it to know them."""
    themes = pytest.importorskip("gdsim.tui.themes")
    assert tuple(themes.THEMES) == THEME_NAMES
