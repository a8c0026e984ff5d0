"""What if, the position bar, locks and the command line through Pilot."""

import pytest
from driving import choose, dialog_text, notices, open_names, press, running, text_of, type_line, x_of
from locked_scenario import closed
from textual.widgets import OptionList

from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_text
from gdsim.scenario.place import Place
from gdsim.timeline.position import Position
from gdsim.tui.dialogs.ask import ChoiceDialog, LineDialog
from gdsim.tui.dialogs.reader import Reader
from gdsim.tui.panels.chart import ChartPanel
from gdsim.tui.panels.position import PositionBar, branch_points, extent
from gdsim.tui.run_screen import RunScreen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_another_learning_rate_leaves_a_ghost(size):
    """w, η, 0.5: x is 2 one update on, the ghost goes on with 0.01; title, status, legend and bar tell."""
    async with running(at=12, size=size) as (app, pilot):
        await press(pilot, "w")
        assert isinstance(app.screen, ChoiceDialog)
        await choose(pilot, "rate")
        assert isinstance(app.screen, LineDialog)
        await type_line(pilot, "half")
        assert isinstance(app.screen, LineDialog)
        await type_line(pilot, "0.5")
        assert isinstance(app.screen, RunScreen)
        await press(pilot, "space")
        assert x_of(app) == pytest.approx(2.0)
        assert "1 as given" in text_of(app.screen.query_one("#chart", ChartPanel))
        assert "branch 2: η 0.5 from 12" in text_of(app.screen.query_one("#title"))
        status = text_of(app.screen.query_one("#status"))
        assert ("loss 2.366 lower than branch 1, parameters 1.538 apart" in status) == (size[0] == 120)
        assert ("vs branch 1: loss −2.366, ‖Δθ‖ 1.538" in status) == (size[0] == 80)
        assert branch_points(app.screen.session.view) == {12}
        assert "┬" in text_of(app.screen.query_one(PositionBar))


async def test_every_change_has_its_sheet():
    """Rule, parameter, seed and correction each make a branch; escape leaves without one."""
    shuffled = [("update.batch", 2), ("update.order", "shuffled")]
    async with running("backprop", shuffled, at=3) as (app, pilot):
        await press(pilot, "w", "escape")
        assert len(app.screen.session.branches.all) == 1
        await press(pilot, "w")
        await choose(pilot, "rule")
        assert isinstance(app.screen, ChoiceDialog)
        app.screen.query_one(OptionList).highlighted = 5
        await press(pilot, "enter", "w")
        await choose(pilot, "parameter")
        await type_line(pilot, "W1[0,0] = 2")
        await press(pilot, "w")
        await choose(pilot, "seed")
        await type_line(pilot, "1.5")
        assert isinstance(app.screen, LineDialog)
        await type_line(pilot, "9")
        edits = [str(edit) for edit in app.screen.session.timeline.edits]
        assert edits == ["3:update.rule=adam", "3:W1[0,0]=2.0", "3:seed=9"]
        assert len(app.screen.session.branches.all) == 4
    async with running("admissions-neuron", at=1) as (app, pilot):
        await press(pilot, "w")
        await choose(pilot, "corrected")
        assert app.screen.session.timeline.run_at(1).is_corrected
        assert not app.screen.session.is_corrected


async def test_switching_and_deleting_from_the_tree():
    """The dialog lists the tree; enter goes over at the same update, d deletes and shows what is left."""
    async with running(at=12) as (app, pilot):
        await press(pilot, "w")
        await choose(pilot, "rate")
        await type_line(pilot, "0.5")
        await press(pilot, "space", "w")
        texts = [str(option.prompt) for option in app.screen.query_one(OptionList).options]
        assert any(text.startswith("* └─ 2  η 0.5 from 12") for text in texts)
        await choose(pilot, "switch 1")
        assert app.screen.session.position == Position(13)
        assert x_of(app) == pytest.approx(2 + 2 * 0.98**13)
        await press(pilot, "w")
        choices = app.screen.query_one(OptionList)
        choices.highlighted = choices.get_option_index("switch 1")
        await press(pilot, "d")
        assert isinstance(app.screen, ChoiceDialog)
        choices = app.screen.query_one(OptionList)
        choices.highlighted = choices.get_option_index("switch 2")
        await press(pilot, "d")
        assert isinstance(app.screen, RunScreen)
        assert app.screen.session.view.comparisons == ()
        assert "branch" not in text_of(app.screen.query_one("#status"))


async def test_the_command_sheet_shows_and_copies():
    """y shows the command that leads here; y again hands it to the terminal's clipboard."""
    async with running(at=12) as (app, pilot):
        await press(pilot, "right_square_bracket", "space", "y")
        assert isinstance(app.screen, Reader)
        expected = "gdsim run mountain-descent --edit 12:update.learning_rate=0.02 --at 13"
        assert dialog_text(app).splitlines()[0] == expected
        await press(pilot, "y")
        assert app.clipboard == expected
        await press(pilot, "escape")
        assert isinstance(app.screen, RunScreen)


async def test_edits_and_start_of_the_command_line():
    """The screen opens where --edit, --start and --at lead."""
    async with running("local-minima", place=Place("", 3, None, 1, edits=("3:x=1.5",))) as (app, _pilot):
        assert x_of(app) == 1.5
        assert app.screen.session.start == 1


async def test_the_bar_shows_where_we_are_and_takes_clicks():
    """A click at the right end goes to the last update there may be; the middle of a finished run is its middle."""
    async with running() as (app, pilot):
        bar = app.screen.query_one(PositionBar)
        await press(pilot, "space", "space")
        assert extent(app.screen.session.view) == 20
        assert "20 …" in text_of(bar)
        await press(pilot, "end")
        assert text_of(bar).endswith("● 298 end")
        await pilot.click("#position", offset=(3, 0))
        await pilot.pause()
        assert app.screen.session.position == Position(0)
        line = text_of(bar)
        first, last = line.index("0") + 2, line.rindex("298") - 2
        await pilot.click("#position", offset=((first + last) // 2, 0))
        await pilot.pause()
        assert abs(app.screen.session.position.update - 149) <= 2


async def test_the_bar_marks_questions_and_knows_ascii():
    """Questions of the scenario stand before the update they precede; with --ascii the bar is plain ASCII."""
    text = resolve("mountain-descent").read_text(encoding="utf-8")
    text = text.split("[[ask]]")[0] + '[[ask]]\nbefore = 10\nquantity = "change.x"\nform = "sign"\nquestion = "?"\n'
    async with running(load_text(text, "hill.toml"), ascii_only=True, at=2) as (app, pilot):
        await press(pilot, "right_square_bracket")
        shown = text_of(app.screen.query_one(PositionBar))
        assert shown.isascii()
        assert shown.count("?") == 1
        assert shown.index("?") > shown.index("@")


@pytest.mark.parametrize(
    ("lock", "keys", "actions"),
    [
        ("learning-rate", ("[", "]", "l", "S"), {"rate-down", "rate-up", "rate", "schedule"}),
        ("rule", ("u", "C"), {"rule", "clip"}),
        ("edit", ("e",), {"set"}),
        ("corrected", ("c",), {"corrected"}),
        ("what-if", ("w",), {"what-if"}),
    ],
)
async def test_locked_keys_change_nothing_and_are_not_offered(lock, keys, actions):
    """A locked key opens no dialog and changes nothing, is not in footer or palette, and what-if does not offer it."""
    changes = {"rate", "rule", "parameter", "seed", "corrected", "schedule", "clip"}
    async with running(closed(f'"{lock}"'), notifications=True) as (app, pilot):
        await press(pilot, "space")
        session = app.screen.session
        await press(pilot, *keys)
        assert isinstance(app.screen, RunScreen)
        assert (app.screen.session.timeline, app.screen.session.is_corrected) == (session.timeline, False)
        assert actions.isdisjoint(open_names(app))
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert not any(f"[{key}]" in title for title in titles for key in keys)
        assert notices(app)
        if lock != "what-if":
            await press(pilot, "w")
            offered = [option.id for option in app.screen.query_one(OptionList).options]
            assert set(offered) == changes - actions - {"parameter" if lock == "edit" else ""}


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 50)])
@pytest.mark.parametrize("hide", ["chart", "loss", "parameters", "equation", "network", "lesson", "gradient", "change"])
async def test_hidden_parts_stay_closed_and_the_rest_has_room(hide, size):
    """A hidden panel is not on screen and the others fill it; a hidden column, chart or lesson is not to be had."""
    async with running(closed(hide=f'"{hide}"'), size=size) as (app, pilot):
        await press(pilot, "space")
        panels = {panel.id: panel for panel in app.screen.query("Panel")}
        if hide in panels:
            assert not panels[hide].display
        for panel in panels.values():
            if panel.display and panel.is_on_screen:
                assert panel.region.height >= 4
                assert panel.region.right <= size[0]
                assert text_of(panel).strip()
        await press(pilot, *["tab"] * 5)
        assert app.screen.focused is None or app.screen.focused.display
        if hide in ("gradient", "change"):
            assert hide not in text_of(panels["parameters"]).splitlines()[0]
        if hide == "network":
            assert panels["chart"].shown != "network"
        if hide == "lesson":
            await press(pilot, "i")
            assert not app.screen.session.is_reading
            assert "lesson" not in open_names(app)
