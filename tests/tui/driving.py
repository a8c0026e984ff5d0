"""What tests of the screens do through Pilot: open a scenario, press keys, read what is shown."""

from __future__ import annotations

from contextlib import asynccontextmanager
from time import monotonic

from textual.widgets import Input, OptionList, Static

from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.scenario.place import Place
from gdsim.tui._textual import strips_of
from gdsim.tui.app import GdsimApp
from gdsim.tui.dialogs.progress import Progress
from gdsim.tui.display import Options

_SECONDS = 30


@asynccontextmanager
async def running(run="mountain-descent", overrides=(), *, size=(120, 40), notifications=False, at=0, **options):
    """Yield an app and its pilot once the first frame is there.

    run: the name of a scenario, a scenario, an app, or None for the path. at: the update to open at. options: those of
    the app.
    """
    if isinstance(run, str):
        run = load_file(resolve(run), overrides=overrides)
    app = run if isinstance(run, GdsimApp) else GdsimApp(run, Options(**{"place": Place(update=at), **options}))
    async with app.run_test(size=size, notifications=notifications) as pilot:
        await pilot.pause()
        yield app, pilot


def text_of(widget):
    """Return the lines of a widget, whatever lies over it."""
    return "\n".join(widget.render_line(y).text.rstrip() for y in range(widget.content_size.height))


def shown(app):
    """Return what the terminal shows."""
    return "\n".join(strip.text for strip in strips_of(app.screen))


def dialog_text(app):
    """Return the texts of the dialog in front."""
    return "\n".join(str(part.visual) for part in app.screen.query(Static) if part.display)


def notices(app):
    """Return the notices that can be read now, as one text. The app has to run with notifications."""
    return " ".join(str(toast.render()) for toast in app.screen.query("Toast"))


def x_of(app):
    """Return the first parameter at the update on view."""
    session = app.screen.session
    return session.timeline.state(session.position.update).theta[0]


def open_names(app):
    """Return the names of the commands that would do something now."""
    return {command.name for command in app.run_screen.open_commands()}


async def press(pilot, *keys):
    """Press keys one after another, each once the screen has answered the one before."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def until(pilot, holds):
    """Wait until a condition holds."""
    deadline = monotonic() + _SECONDS
    while not holds():
        assert monotonic() < deadline, shown(pilot.app)
        await pilot.pause(0.01)


async def arrive(pilot):
    """Wait until work that is under way is over."""
    await until(pilot, lambda: not isinstance(pilot.app.screen, Progress))
    await pilot.pause()


async def type_line(pilot, text):
    """Type a line over what the dialog in front proposes."""
    pilot.app.screen.query_one(Input).value = text
    await press(pilot, "enter")


async def choose(pilot, value):
    """Choose from the dialog in front."""
    choices = pilot.app.screen.query_one(OptionList)
    choices.highlighted = choices.get_option_index(value)
    await press(pilot, "enter")
