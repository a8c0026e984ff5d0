"""The run screen through Pilot: every key does what the command table says, at any size."""

import asyncio
import re

import pytest
from driving import arrive, dialog_text, notices, open_names, press, running, text_of, type_line, until, x_of
from textual.events import Resize
from textual.geometry import Size
from textual.widgets import OptionList

from gdsim.scenario.library import names
from gdsim.scenario.load import load_text
from gdsim.session.commands import commands_for
from gdsim.timeline.position import Position
from gdsim.tui.dialogs.ask import ChoiceDialog, LineDialog
from gdsim.tui.dialogs.progress import Progress
from gdsim.tui.dialogs.reader import Reader
from gdsim.tui.panels.chart import ChartPanel
from gdsim.tui.panels.equation import EquationPanel
from gdsim.tui.panels.parameters import ParameterPanel
from gdsim.tui.panels.position import PositionBar
from gdsim.tui.path import PathScreen
from gdsim.tui.run_screen import RunScreen

SMALL, LARGER = (80, 24), [(120, 40), (160, 50)]


async def test_space_walks_down_the_published_hill():
    """Three updates lead to 3.96, 3.9208, 3.882384, and the screen shows them."""
    async with running() as (app, pilot):
        for expected in (3.96, 3.9208, 3.882384):
            await press(pilot, "space")
            assert x_of(app) == pytest.approx(expected, abs=1e-9)
        assert "3.882384" in text_of(app.screen.query_one(ParameterPanel))
        assert text_of(app.screen.query_one("#status")).startswith(" update 3 · loss 3.54337")


@pytest.mark.parametrize("key", ["space", "right", "n"])
async def test_next(key):
    """All three keys make the next update."""
    async with running() as (app, pilot):
        await press(pilot, key)
        assert app.screen.session.position == Position(1)


@pytest.mark.parametrize("key", ["left", "b"])
async def test_back(key):
    """Both keys go one update back, and stay at the start there."""
    async with running(at=2) as (app, pilot):
        await press(pilot, key)
        assert app.screen.session.position == Position(1)
        await press(pilot, key, key)
        assert app.screen.session.position == Position()


async def test_phases_forward_and_back():
    """A full stop reveals value, gradient, update in turn; a comma takes them back."""
    async with running() as (app, pilot):
        panel = app.screen.query_one(EquationPanel)
        await press(pilot, "full_stop")
        assert app.screen.session.position == Position(0, 0)
        assert "[value]" in text_of(panel)
        await press(pilot, "full_stop")
        assert "= +4" in text_of(panel)
        await press(pilot, "full_stop")
        assert app.screen.session.position == Position(1)
        await press(pilot, "comma")
        assert app.screen.session.position == Position(0, 1)


async def test_first_last_restart():
    """End goes to the 298th update of the published run, home to the start; r does too and drops edits."""
    async with running() as (app, pilot):
        await press(pilot, "end")
        await arrive(pilot)
        assert app.screen.session.position == Position(298)
        assert "stopped: min_change" in text_of(app.screen.query_one("#status"))
        await press(pilot, "home")
        assert app.screen.session.position == Position()
        await press(pilot, "right_square_bracket", "space", "r")
        assert app.screen.session.position == Position()
        assert app.screen.session.timeline.edits == ()


async def test_go_to():
    """g asks for an update; a wrong answer is explained and can be mended."""
    async with running() as (app, pilot):
        await press(pilot, "g")
        assert isinstance(app.screen, LineDialog)
        await type_line(pilot, "many")
        assert isinstance(app.screen, LineDialog)
        await type_line(pilot, "10")
        assert app.screen.session.position == Position(10)


async def test_play_and_speed():
    """p plays and pauses; + and - change the speed between 1 and 200."""
    async with running() as (app, pilot):
        await press(pilot, *["plus"] * 9)
        assert app.screen.player.speed == 200
        await press(pilot, *["minus"] * 9)
        assert app.screen.player.speed == 1
        await press(pilot, *["plus"] * 9, "p")
        await pilot.pause(0.3)
        await press(pilot, "p")
        reached = app.screen.session.position.update
        assert 5 <= reached <= 298
        await pilot.pause(0.2)
        assert app.screen.session.position.update == reached


async def test_milestone_of_a_perceptron_is_its_next_correction():
    """m goes to the next correction: updates 1, 3, 6, 7 of the first epoch are the four mistakes (devfest order)."""
    async with running("perceptron") as (app, pilot):
        seen = []
        for _ in range(4):
            await press(pilot, "m")
            await arrive(pilot)
            seen.append(app.screen.session.timeline.state(app.screen.session.position.update).corrections)
        assert seen == [1, 2, 3, 4]
        assert app.screen.session.position.update <= 7


async def test_learning_rate_keys():
    """[ and ] step through 1-2-5, l takes a number; they hold from here on and leave the past alone."""
    async with running(at=2) as (app, pilot):
        await press(pilot, "right_square_bracket")
        assert app.screen.session.timeline.run_at(2).learning_rate == 0.02
        await press(pilot, "left_square_bracket", "left_square_bracket")
        assert app.screen.session.timeline.run_at(2).learning_rate == 0.005
        await press(pilot, "l")
        await type_line(pilot, "0.5")
        await press(pilot, "space")
        assert x_of(app) == pytest.approx(2.0)
        assert app.screen.session.timeline.run_at(1).learning_rate == 0.01


async def test_edit_a_parameter():
    """e sets a parameter by name from here on."""
    async with running(at=1) as (app, pilot):
        await press(pilot, "e")
        await type_line(pilot, "y = 3")
        assert isinstance(app.screen, LineDialog)
        await type_line(pilot, "x = −3")
        assert x_of(app) == -3.0
        assert "loss 25" in text_of(app.screen.query_one("#status"))


async def test_choose_a_rule():
    """u offers the rules; the chosen one holds from here on."""
    async with running() as (app, pilot):
        await press(pilot, "u")
        assert isinstance(app.screen, ChoiceDialog)
        app.screen.query_one(OptionList).highlighted = 1
        await press(pilot, "enter", "space")
        assert "momentum" in text_of(app.screen.query_one("#status"))


async def test_published_and_corrected_are_one_key_apart():
    """c changes between both runs at the same update; the indicator differs for the slip and agrees without it."""
    async with running("admissions-neuron", at=1) as (app, pilot):
        assert x_of(app) == pytest.approx(0.02249998, abs=5e-9)
        await until(pilot, lambda: "gradient ✗" in text_of(app.screen.query_one("#title")))
        await press(pilot, "c")
        assert x_of(app) == pytest.approx(0.01 + 8.37e-8, abs=5e-11)
        await until(pilot, lambda: "gradient ✓" in text_of(app.screen.query_one("#title")))
        await press(pilot, "c")
        assert x_of(app) == pytest.approx(0.02249998, abs=5e-9)


async def test_the_gradient_indicator_names_the_worst_parameter():
    """The title says for which parameter the check fails, at 80 columns as well, and nothing of the kind corrected."""
    async with running("mazur", at=1, size=(80, 24)) as (app, pilot):
        await until(pilot, lambda: text_of(app.screen.query_one("#title")).endswith("gradient ✗ w4"))
        await press(pilot, "c")
        await until(pilot, lambda: text_of(app.screen.query_one("#title")).endswith("gradient ✓"))


async def test_full_gradient_check():
    """k nudges every parameter, tells of every block, and says so in the title."""
    async with running("mazur", at=1) as (app, pilot):
        await press(pilot, "k")
        assert isinstance(app.screen, Reader)
        assert "✗ W1: furthest apart at w4" in dialog_text(app)
        assert "✓ W2" in dialog_text(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, RunScreen)


def wide_net(*units, samples):
    """The settings of a net with tanh layers of these units, so wide that only some parameters are nudged."""
    layers = [{"units": each, "activation": "tanh", "init": {"method": "normal", "scale": 0.3}} for each in units]
    layers.append({"units": 1, "activation": "sigmoid", "init": {"method": "normal"}})
    data = {"dataset": "moons", "options": {"samples": samples}}
    return [("network.layers", layers), ("data", data), ("expect", []), ("ask", []), ("translations", {})]


async def test_full_gradient_check_of_a_wide_net():
    """Where only some parameters are nudged at every update the title says so; k nudges all of them."""
    async with running("backprop", wide_net(60, samples=200), at=1) as (app, pilot):
        await until(pilot, lambda: "(24/241)" in text_of(app.screen.query_one("#title")))
        await press(pilot, "k")
        await until(pilot, lambda: isinstance(app.screen, Reader))
        assert "all 241 parameters" in dialog_text(app)


async def test_a_full_gradient_check_can_be_stopped():
    """Of a check of 3 901 parameters that would take long, escape shows at once what some of them have told."""
    async with running("backprop", wide_net(60, 60, samples=2000), at=1) as (app, pilot):
        await press(pilot, "k")
        await until(pilot, lambda: isinstance(app.screen, Progress))
        await until(pilot, lambda: "of 3901" in text_of(app.screen.query_one("#progress-text")))
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(app.screen, Reader))
        found = re.search(r"agrees with nudging (\d+) parameters of 3901", " ".join(dialog_text(app).split()))
        assert found, dialog_text(app)
        assert 0 < int(found[1]) < 3901
        await press(pilot, "escape")
        assert isinstance(app.screen, RunScreen)
        assert app.screen.session.position == Position(1)


async def test_other_start():
    """o goes to the scenario's next starting point, and round again."""
    async with running("local-minima") as (app, pilot):
        starts = []
        for _ in range(app.screen.session.start_count + 1):
            starts.append(x_of(app))
            await press(pilot, "o")
        assert starts[0] == starts[-1]
        assert len(set(starts)) == len(starts) - 1


async def test_panels_zoom_and_charts():
    """tab moves the focus round the panels; z zooms one and puts it back; v shows each chart there is."""
    async with running("backprop") as (app, pilot):
        focused = []
        for _ in range(4):
            await press(pilot, "tab")
            focused.append(app.screen.focused.id)
        assert sorted(focused) == ["chart", "equation", "loss", "parameters"]
        await press(pilot, "z")
        assert [panel.id for panel in app.screen.query("Panel") if panel.display] == [app.screen.focused.id]
        assert text_of(app.screen.query_one("#status")).startswith(" update 0")
        await press(pilot, "escape")
        assert all(panel.display for panel in app.screen.query("Panel"))
        panel, seen = app.screen.query_one("#chart", ChartPanel), set()
        for _ in range(12):
            seen.add(panel.shown)
            await press(pilot, "v")
        assert {"network", "loss"} <= seen
        assert app.screen.query_one("#loss", ChartPanel).shown not in seen


async def test_lesson_and_help():
    """i turns to the lesson, ? shows every key of the table; escape leaves both."""
    async with running(size=(120, 60)) as (app, pilot):
        await press(pilot, "i")
        assert "Look at" in text_of(app.screen.query_one("#equation"))
        await press(pilot, "escape")
        assert "Look at" not in text_of(app.screen.query_one("#equation"))
        await press(pilot, "question_mark")
        assert isinstance(app.screen, Reader)
        told = " ".join(dialog_text(app).split())
        assert all(each.shown in told and each.help in told for each in commands_for() if each.keys)
        await press(pilot, "escape")
        assert isinstance(app.screen, RunScreen)


async def test_quit():
    """q ends the app."""
    async with running() as (app, pilot):
        await press(pilot, "q")
    assert app.return_code == 0


async def test_every_action_is_in_the_palette():
    """ctrl+p reaches every action that works now by name."""
    async with running() as (app, _pilot):
        titles = [command.title for command in app.get_system_commands(app.screen)]
        for command in app.screen.open_commands():
            assert any(f"[{command.shown}]" in title for title in titles) or not command.keys, command.name


async def test_clicking_a_key_presses_it():
    """The key line can be clicked."""
    async with running() as (app, pilot):
        await pilot.click("#keys", offset=(3, 0))
        await pilot.pause()
        assert app.screen.session.position == Position(1)


async def test_a_diverging_run_stays_usable():
    """With η = 1.05 the hill's walk diverges; the last numbers stay on view and one can go back."""
    async with running(overrides=[("update.learning_rate", 1.05), ("stop.max_updates", 5000)]) as (app, pilot):
        await press(pilot, "end")
        await arrive(pilot)
        assert "stopped: diverged" in text_of(app.screen.query_one("#status"))
        await press(pilot, "left", "v", "v", "home", "space")
        assert x_of(app) == pytest.approx(4 - 1.05 * 4)


async def test_a_long_way_shows_progress_and_can_be_stopped():
    """A run of millions of updates goes to its end in a worker; escape stops it where it is."""
    async with running(overrides=[("stop", {"max_updates": 10_000_000}), ("update.learning_rate", 1e-9)]) as (
        app,
        pilot,
    ):
        await press(pilot, "end")
        await pilot.pause(0.5)
        assert isinstance(app.screen, Progress)
        await press(pilot, "escape")
        for _ in range(50):
            await pilot.pause(0.05)
            if isinstance(app.screen, RunScreen):
                break
        assert isinstance(app.screen, RunScreen)
        assert 0 < app.screen.session.position.update < 10_000_000


async def test_too_small_says_so_and_goes_on():
    """Under 60 × 16 a message; with room again everything is back, at the same update."""
    async with running(at=1) as (app, pilot):
        await pilot.resize_terminal(50, 14)
        await pilot.pause()
        assert app.screen.query_one("#room").display
        assert not app.screen.query_one("#panels").display
        await press(pilot, "space")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert app.screen.query_one("#panels").display
        assert x_of(app) == pytest.approx(3.9208)


async def test_resizing_while_playing():
    """The terminal may change its size while the run plays."""
    async with running("backprop", [("stop.min_loss", 1e-9)]) as (app, pilot):
        await press(pilot, *["plus"] * 2, "p")
        for size in ((80, 24), (61, 17), (40, 10), (160, 50), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.1)
        assert app.screen.player.is_playing
        assert app.screen.session.position.update > 5


async def test_ascii_draws_nothing_but_ascii():
    """With --ascii every panel and bar is plain ASCII but for the scenario's own title."""
    for name in ("mountain-descent", "perceptron", "backprop"):
        async with running(name, ascii_only=True) as (app, pilot):
            await press(pilot, "space", "full_stop")
            for panel in app.screen.query("Panel"):
                for line in text_of(panel).splitlines():
                    assert line.isascii(), line


async def test_picker_lists_every_scenario_and_opens_one():
    """Bare gdsim lists the bundled scenarios; enter, as the footer says, opens one, escape comes back to the list."""
    async with running(None, size=(80, 24)) as (app, pilot):
        assert isinstance(app.screen, PathScreen)
        assert sum(bool(option.id) for option in app.screen.query_one(OptionList).options) == len(names())
        shown = {key: active.binding for key, active in app.screen.active_bindings.items() if active.binding.show}
        assert {key: shown[key].description for key in ("enter", "q")} == {"enter": "open", "q": "quit"}
        await press(pilot, "down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, RunScreen)
        await press(pilot, "space", "escape")
        assert isinstance(app.screen, PathScreen)


LOCKED = """
format = 1
title = "locked"
summary = "locked"
[function]
expression = "x**2"
start = { x = 1.0 }
[update]
learning_rate = 0.1
[show]
lock = ["learning-rate", "rule", "edit"]
hide = ["loss"]
"""


async def test_locks_and_hidden_panels():
    """Locked keys change nothing, and hidden panels stay closed."""
    async with running(load_text(LOCKED, "locked.toml")) as (app, pilot):
        await press(pilot, "right_square_bracket", "u", "e", "escape")
        assert app.screen.session.timeline.edits == ()
        assert not app.screen.query_one("#loss").display
        assert {"rate-up", "rule", "set"}.isdisjoint(open_names(app))


@pytest.mark.parametrize(
    ("name", "size"),
    [(name, size) for number, name in enumerate(names()) for size in (SMALL, LARGER[number % len(LARGER)])],
)
async def test_every_scenario_with_every_key(name, size):
    """Every bundled scenario opens at a small and a larger size, takes every key, and no panel is cut off or empty."""
    async with running(name, size=size) as (app, pilot):
        for command in commands_for():
            if command.keys and command.name not in ("quit", "save", "last", "play"):
                await press(pilot, command.keys[0])
                if not isinstance(app.screen, RunScreen):
                    await press(pilot, "escape")
        await press(pilot, "escape", "end")
        await arrive(pilot)
        for panel in app.screen.query("Panel"):
            if panel.display:
                region = panel.region
                assert region.height >= 4, panel.id
                assert region.right <= size[0], panel.id
                assert region.bottom <= size[1], panel.id
                assert text_of(panel).strip(), panel.id


async def test_the_end_is_told_once_as_long_as_it_can_be_read():
    """Whoever presses on at the end is not shown one notice over the other."""
    async with running("perceptron", notifications=True) as (app, pilot):
        for key in ("end", "space", "space", "space"):
            await pilot.press(key)
            await pilot.pause()
        assert notices(app).count("The run is over") == 1


async def test_the_position_bar_knows_what_was_walked():
    """Going on, nothing lies ahead, though panels look at the next update; going back, what was walked does."""
    async with running() as (app, pilot):
        for _step in range(6):
            await press(pilot, "space")
            assert "─" not in text_of(app.screen.query_one(PositionBar))
        await press(pilot, "left", "left", "left")
        bar = text_of(app.screen.query_one(PositionBar))
        assert bar.index("●") < bar.index("─") < bar.index("┄")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_equations_tell_the_whole_update_and_scroll(size):
    """After space the new value is in view (Mazur, w6: 0.408666186), and from above it the way there, z¹₂ first."""
    async with running("mazur", size=size) as (app, pilot):
        await press(pilot, "space")
        panel = app.screen.query_one(EquationPanel)
        assert "[update]" in text_of(panel)
        assert "0.408666" in text_of(panel)
        assert "↑" in panel.border_subtitle
        panel.focus()
        await press(pilot, "pageup", "pageup", "pageup")
        assert text_of(panel).splitlines()[1].startswith("z¹₂ = ")
        await press(pilot, "space")
        assert "new w6" in text_of(panel)


@pytest.mark.parametrize("keys", [(), ("?",), ("escape",)])
async def test_sizes_in_quick_succession_end_in_the_last(keys):
    """A screen that is busy while its terminal is resized several times is laid out in the last size, and rests.

    Textual alone lays the path out in all of them again and again, and never reads another key.
    """
    async with running(None, size=(100, 30)) as (app, pilot):
        await press(pilot, "enter", *keys)
        screen, laid_out = app.screen, []

        def note(_screen):
            laid_out.append(screen.size)
            if len(laid_out) == 50:
                raise asyncio.CancelledError  # ends the screen, which would never rest

        screen.screen_layout_refresh_signal.subscribe(screen, note, immediate=True)
        screen.call_later(asyncio.sleep, 0.3)
        for width, height in ((90, 30), (100, 40), (80, 24)):
            app.post_message(Resize(Size(width, height), Size(width, height)))
            await asyncio.sleep(0.05)
            screen.call_later(lambda: None)
        await pilot.pause(0.5)
        assert {each.size for each in app.screen_stack} == {(80, 24)}
        assert len(laid_out) < 50
