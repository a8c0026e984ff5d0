"""What tests of the screens do through Pilot: open a scenario, press keys, read what a widget shows."""

from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.tui.app import GdsimApp, Options


def open_app(name="mountain-descent", overrides=(), **options):
    return GdsimApp(load_file(resolve(name), overrides=overrides), Options(**options))


def text_of(widget):
    return "\n".join(widget.render_line(y).text.rstrip() for y in range(widget.content_size.height))


def x_of(app):
    """The first parameter at the update on view."""
    session = app.screen.session
    return session.timeline.state(session.position.update).theta[0]


async def press(pilot, *keys):
    """Press keys one after another, each once the screen has answered the one before."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def tap(pilot, *keys):
    """Press keys one after another, each once the screen has taken in the one before."""
    for key in keys:
        pilot.app.simulate_key(key)
        await pilot.pause(0)
        await pilot.pause(0)
