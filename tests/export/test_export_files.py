"""Files are written whole or not at all, and nothing is overwritten unasked."""

import pytest

from gdsim.errors import UsageError
from gdsim.export.files import TEXTS, text_lines, write_file
from gdsim.export.trace.lines import Steps, parse_steps
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session


def failing():
    yield "half\n"
    raise KeyboardInterrupt


def test_an_existing_file_stays(tmp_path):
    """Without force it is left alone; with it, it is replaced, its permissions kept."""
    path = tmp_path / "a.md"
    path.write_text("old")
    path.chmod(0o640)
    with pytest.raises(UsageError, match="exists already; another name, or --force to replace it"):
        write_file(path, ["new\n"])
    assert path.read_text() == "old"
    write_file(path, ["new\n"], force=True)
    assert path.read_text() == "new\n"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("force", [False, True])
def test_nothing_half_written_is_left(tmp_path, force):
    """Ctrl+C in the middle leaves what was there before, and no other file."""
    path = tmp_path / "a.md"
    if force:
        path.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        write_file(path, failing(), force=force)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == ([("a.md", "old")] if force else [])


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    """What cannot be written is said in one line."""
    with pytest.raises(UsageError, match=r"cannot be written: No such file or directory; a file in a folder that"):
        write_file(tmp_path / "none" / "a.md", [])


@pytest.mark.parametrize(
    ("text", "steps"),
    [("1..5", Steps(1, 5)), ("3", Steps(3, 3)), ("10..", Steps(10)), ("..4", Steps(0, 4)), ("0..0", Steps(0, 0))],
)
def test_steps(text, steps):
    """A..B, A.., ..B and A."""
    assert parse_steps(text) == steps


@pytest.mark.parametrize("text", ["", "..", "5..1", "a..b", "-1..2", "1...3", "1..2..3", "1.5", "٣", "9" * 20])
def test_what_is_no_steps(text):
    """Anything else is refused with an example."""
    with pytest.raises(UsageError, match="--steps: found"):
        parse_steps(text)


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_a_part_of_a_trace_is_those_lines_of_the_whole(ending):
    """Steps leave lines out and change none; the head stays."""
    session = Session.open(load_file(resolve("perceptron")))
    whole = list(text_lines(ending, session))
    part = list(text_lines(ending, session, Steps(3, 5)))
    assert part[0] == whole[0]
    assert part[1:] == [line for line in whole if any(is_of(line, number, ending) for number in (3, 4, 5))]
    assert list(text_lines(ending, session, Steps())) == whole
    assert list(text_lines(ending, session, Steps(0, 0))) == whole[:2]


def is_of(line, number, ending):
    return line.startswith(f"{number}," if ending == ".csv" else f'{{"type":"update","update":{number},')


def test_a_session_is_written_as_it_was_walked():
    """Edits, another start and the corrected rule are in the file."""
    session = Session.open(load_file(resolve("local-minima"))).other_start().forward(2).edited("x", 0.5).forward(1)
    rows = [line.split(",") for line in text_lines(".csv", session, Steps(0, 3))]
    start = session.scenario.function.starts[0]["x"]
    assert float(rows[1][4]) == start
    assert float(rows[4][4]) == pytest.approx(session.timeline.state(3).theta[0], abs=0)
    assert set(TEXTS) == {".md", ".csv", ".jsonl"}
