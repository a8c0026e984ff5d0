"""`gdsim export`: the format by the ending, the options each takes, and what is refused."""

from xml.etree import ElementTree

import pytest

from gdsim.cli import main
from gdsim.cli.arguments import EXPORTS
from gdsim.export.files import TEXTS
from gdsim.tui.pictures import SCREENS


def complaint(capsys, *arguments):
    """Return what is said on stderr about a refused command line."""
    assert main(["export", *map(str, arguments)]) == 2
    return capsys.readouterr().err


def test_every_ending_has_what_writes_it():
    """The endings the command knows are those the formats have."""
    assert set(EXPORTS) == {*TEXTS, *SCREENS}


@pytest.mark.parametrize("ending", EXPORTS)
def test_writes_each_format(tmp_path, capsys, ending):
    """Each format is written, said on stderr, and not overwritten without --force."""
    path = tmp_path / f"hill{ending}"
    arguments = ["export", "mountain-descent", str(path), "--updates", "2"]
    assert main(arguments) == 0
    assert capsys.readouterr().err == f"wrote {path}\n"
    written = path.read_bytes()
    assert b"Walk down" in written or ending == ".csv"
    assert main(arguments) == 2
    assert capsys.readouterr().err == f"gdsim: {path}: exists already; another name, or --force to replace it\n"
    assert path.read_bytes() == written
    assert main([*arguments, "--force"]) == 0


def test_at_chooses_the_update_of_a_picture(tmp_path):
    """--at N is the screen after update N."""
    path = tmp_path / "hill.svg"
    assert main(["export", "mountain-descent", str(path), "--at", "3", "--size", "80x24"]) == 0
    title = ElementTree.parse(path).find("{http://www.w3.org/2000/svg}title").text
    assert "update 3 · loss 3.543370" in title


def test_a_run_is_exported_as_it_was_changed(tmp_path):
    """--set, --edit and --start mean what they mean for trace."""
    path = tmp_path / "a.csv"
    changes = ["--set", "update.learning_rate=0.5", "--edit", "1:x=3", "--steps", "1..2"]
    assert main(["export", "mountain-descent", str(path), *changes]) == 0
    assert [line.split(",")[4] for line in path.read_text().splitlines()[1:]] == ["2.0", "2.0"]


def test_what_is_refused(tmp_path, capsys):
    """Endings without a format, options that say nothing about one, wrong steps: each in one line, nothing written."""
    file = tmp_path / "a"
    assert complaint(capsys, "mazur", f"{file}.txt").endswith(
        "a.txt: unknown file extension; a name that ends in .svg, .html, .cast, .md, .csv, .jsonl\n"
    )
    assert complaint(capsys, "mazur", f"{file}.md", "--at", 3) == (
        "gdsim: --at: does not apply to a .md file; it applies to .svg, .html\n"
    )
    assert complaint(capsys, "mazur", f"{file}.csv", "--speed", 3) == (
        "gdsim: --speed: does not apply to a .csv file; it applies to .cast\n"
    )
    assert complaint(capsys, "mazur", f"{file}.html", "--at", 3, "--steps", 2) == (
        "gdsim: --at: not allowed with --steps; one update or several\n"
    )
    assert complaint(capsys, "mazur", f"{file}.md", "--steps", "3..1") == (
        "gdsim: --steps: found '3..1'; the last not before the first, such as 1..3\n"
    )
    assert "60x16" in complaint(capsys, "mazur", f"{file}.svg", "--size", "10x10")
    assert list(tmp_path.iterdir()) == []
