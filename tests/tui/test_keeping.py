"""Files and the run screen: s saves what is on view, R reads the scenario's file again."""

import json

import pytest
from driving import dialog_text, notices, press, running, type_line
from textual.widgets import Input

from gdsim.scenario.library import resolve
from gdsim.scenario.load import Opening, load_file
from gdsim.timeline.position import Position
from gdsim.tui.dialogs.ask import LineDialog
from gdsim.tui.dialogs.reader import Reader
from gdsim.tui.run_screen import RunScreen

HILL = """format = 1
title = "A hill"
summary = "s"
[function]
expression = "(x - 2)**2"
start = { x = 4.0 }
[update]
learning_rate = 0.1
"""


async def save(pilot, name=None):
    """Press s, type a name where one is given, and wait until the file is written."""
    await press(pilot, "s")
    if name is not None:
        pilot.app.screen.query_one(Input).value = name
    await press(pilot, "enter")
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_save_proposes_a_free_name_and_overwrites_nothing(here):
    """Enter saves the screen as a picture, a new one each time; a name that is taken is refused."""
    async with running(notifications=True) as (app, pilot):
        await press(pilot, "space")
        await save(pilot)
        await save(pilot)
        await save(pilot, "gdsim-mountain-descent-1.svg")
        assert isinstance(app.screen, LineDialog)
        assert "exists already; another name" in str(app.screen.query_one(".prompt-error").content)
        await type_line(pilot, "picture.png")
        assert "unknown file extension; .svg, .html" in str(app.screen.query_one(".prompt-error").content)
        await press(pilot, "escape")
    names = sorted(path.name for path in here.iterdir())
    assert names == ["gdsim-mountain-descent-1-2.svg", "gdsim-mountain-descent-1.svg"]
    picture = (here / names[0]).read_text()
    assert "update 1 · loss 3.8416" in picture
    assert "save to a file" not in picture, "the dialog itself is not in the picture"


@pytest.mark.parametrize("ending", [".svg", ".html", ".md", ".csv", ".jsonl", ".cast"])
async def test_save_writes_what_was_done(here, ending):
    """Whatever the format: the updates made so far and no more, with what was changed by hand."""
    async with running() as (_app, pilot):
        await press(pilot, "space", "right_square_bracket", "space")
        await save(pilot, f"walk{ending}")
    text = (here / f"walk{ending}").read_text()
    if ending in (".svg", ".html"):
        assert "update 2 · loss" in text
        assert "η 0.02" in text
    elif ending == ".md":
        assert "3.96 − 0.02·3.92" in text
        assert "## Update 3" not in text
    elif ending == ".csv":
        assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["0", "1", "2"]
        assert float(text.splitlines()[-1].split(",")[4]) == pytest.approx(3.96 - 0.02 * 3.92)
    elif ending == ".jsonl":
        assert [json.loads(line)["type"] for line in text.splitlines()] == ["header", *["update"] * 2, "edit", "update"]
    else:
        assert len(text.splitlines()) == 1 + 3 + 1


async def test_save_says_why_not(here):
    """A folder that does not exist is told, and the run goes on."""
    async with running(notifications=True) as (app, pilot):
        await save(pilot, "none/a.md")
        assert "cannot be written" in notices(app)
        assert isinstance(app.screen, RunScreen)


async def test_reload_keeps_the_position(tmp_path):
    """After the file changed, R shows the new run at the same update and phase."""
    path = tmp_path / "hill.toml"
    path.write_text(HILL)
    async with running(load_file(path), at=3, notifications=True) as (app, pilot):
        await press(pilot, "full_stop")
        assert app.screen.session.position == Position(3, 0)
        path.write_text(HILL.replace("0.1", "0.25").replace("A hill", "Another hill"))
        await press(pilot, "R")
        assert app.screen.session.position == Position(3, 0)
        assert app.screen.session.scenario.title == "Another hill"
        assert app.screen.session.timeline.state(3).theta[0] == pytest.approx(2 + 2 * 0.5**3)
        assert "Another hill" in app.screen.query_one("#title").render_line(0).text


async def test_a_change_of_the_file_is_noticed_once(tmp_path):
    """The next key press tells that the file was changed, and which key reads it; not again until it changes again."""
    path = tmp_path / "hill.toml"
    path.write_text(HILL)
    async with running(load_file(path), notifications=True) as (app, pilot):
        await press(pilot, "space")
        assert not notices(app)
        path.write_text(HILL + "# more\n")
        await press(pilot, "space", "space")
        assert notices(app).count("Press R") == 1


async def test_a_file_with_mistakes_leaves_the_run_alone(tmp_path):
    """The mistakes are shown with the lines they are in; the run on view stays until they are mended."""
    path = tmp_path / "hill.toml"
    path.write_text(HILL)
    async with running(load_file(path), at=2) as (app, pilot):
        path.write_text(HILL.replace("0.1", '"fast"'))
        await press(pilot, "R")
        assert isinstance(app.screen, Reader)
        assert '8 | learning_rate = "fast"' in dialog_text(app)
        await press(pilot, "escape")
        assert app.screen.session.position == Position(2)
        path.unlink()
        await press(pilot, "space", "R")
        assert "no such file" in dialog_text(app)


async def test_reload_keeps_settings_start_and_correction(tmp_path):
    """--set holds for the file read again; the start and the corrected rule stay chosen while there are such."""
    path = tmp_path / "minima.toml"
    path.write_text(resolve("local-minima").read_text())
    opening = Opening((("stop.max_updates", 7),), lock=("rule",))
    async with running(opening.read(path), opening=opening) as (app, pilot):
        await press(pilot, "o", "space", "R")
        assert app.screen.session.start == 1
        assert app.screen.session.timeline.run.stop.max_updates == 7
        assert app.screen.session.scenario.show.lock == ("rule",)
