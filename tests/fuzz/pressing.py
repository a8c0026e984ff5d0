"""Keys pressed on a run screen, thousands a minute: one application takes many runs, each on a new screen."""

import asyncio
import atexit
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from contextvars import copy_context
from time import monotonic
from unittest.mock import patch

from textual import app as textual_app
from textual.events import Resize
from textual.geometry import Size

from gdsim.session import Session
from gdsim.session.commands import commands_for
from gdsim.tui.app import GdsimApp
from gdsim.tui.display import Options
from gdsim.tui.run_screen import RunScreen

_OTHERS = ("up", "down", "enter", "escape", "shift+tab", "pagedown", "backspace", "ctrl+p", "1", "2", "0", "x")
NAMES = tuple(key for each in commands_for() for key in each.keys if each.name not in ("save", "quit")) + _OTHERS
"""What is pressed: every key but the one that writes files and the one that ends it all, and keys of sheets."""

_TURNS, _LIMIT = 3, 30.0


class Presser:
    """Applications without a terminal, one with and one without `--ascii`, that show one session after another."""

    def __init__(self) -> None:
        self._loop, self._context = asyncio.new_event_loop(), copy_context()
        self._apps: dict[bool, tuple[GdsimApp, AsyncExitStack]] = {}
        atexit.register(self._close)

    def press(self, session: Session, keys: list[str], *, ascii_only: bool, size: tuple[int, int]) -> None:
        """Show a session and press keys; raises what the application raises, and fails if it ends with a fault."""
        with patch.object(textual_app, "wait_for_idle", settle):
            self._do(self._press(session, keys, ascii_only, size))

    def _do(self, work: Coroutine[object, object, None]) -> None:
        """Do some work in the one context in which the applications were opened."""
        self._loop.run_until_complete(self._loop.create_task(work, context=self._context))

    async def _press(self, session: Session, keys: list[str], ascii_only: bool, size: tuple[int, int]) -> None:
        app = await self._opened(ascii_only)
        try:
            with app._context():
                app._driver._size = Size(*size)
                app.post_message(Resize(Size(*size), Size(*size)))
                await app.push_screen(RunScreen(session, ascii_only=ascii_only))
                for key in keys:
                    await app._press_keys([key])
                    if not app.is_running or app._exception:
                        break
                else:
                    await self._leave(app)
        except BaseException:
            await self._end(ascii_only)
            raise
        if not app.is_running or app._exception:
            await self._end(ascii_only)
            assert app.return_code in (0, None)

    async def _leave(self, app: GdsimApp) -> None:
        """Close the sheets and the run, so that nothing of it is left for the next one."""
        while len(app.screen_stack) > 1 and app.is_running and not app._exception:
            app.pop_screen()
            await settle()
        app.workers.cancel_all()
        app.clear_notifications()
        app.theme = "dark"
        await settle()

    async def _opened(self, ascii_only: bool) -> GdsimApp:
        if ascii_only not in self._apps:
            stack, app = AsyncExitStack(), EmptyApp(None, Options(ascii_only=ascii_only))
            await stack.enter_async_context(app.run_test(size=(80, 24)))
            self._apps[ascii_only] = app, stack
        return self._apps[ascii_only][0]

    async def _end(self, ascii_only: bool) -> None:
        _app, stack = self._apps.pop(ascii_only)
        await stack.aclose()

    def _close(self) -> None:
        for ascii_only in list(self._apps):
            self._do(self._end(ascii_only))
        self._loop.close()


class EmptyApp(GdsimApp):
    """An application that opens nothing by itself."""

    def on_mount(self) -> None:
        """Open nothing."""


async def settle(_least: float = 0.0, _most: float = 0.0) -> None:
    """Return when for several turns of the event loop nobody had anything to do; what is drawn later is drawn later.

    Textual's own wait sleeps for a fiftieth of a second at the least, which would be most of the time taken.
    """
    loop, turns, end = asyncio.get_running_loop(), 0, monotonic() + _LIMIT
    while turns < _TURNS:
        await asyncio.sleep(0)
        turns = 0 if loop._ready else turns + 1
        assert monotonic() < end, "the screen never comes to rest"
