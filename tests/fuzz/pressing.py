"""Keys pressed on a run screen without a terminal."""

from gdsim.session import Session
from gdsim.session.commands import commands_for
from gdsim.tui.app import GdsimApp
from gdsim.tui.display import Options
from gdsim.tui.run_screen import RunScreen

_OTHERS = ("up", "down", "enter", "escape", "shift+tab", "pagedown", "backspace", "ctrl+p", "1", "2", "0", "x")
NAMES = tuple(key for each in commands_for() for key in each.keys if each.name not in ("save", "quit")) + _OTHERS
"""What is pressed: every key but the one that writes files and the one that ends it all, and keys of dialogs."""


async def press(session: Session, keys: list[str], *, ascii_only: bool, size: tuple[int, int]) -> None:
    """Show a session and press keys; raises what the application raises, and fails if it ends with a fault."""
    app = GdsimApp(None, Options(ascii_only=ascii_only))
    async with app.run_test(size=size) as pilot:
        await app.push_screen(RunScreen(session, ascii_only=ascii_only, guide=app.guide, has_path=True))
        for key in keys:
            if not app.is_running:
                break
            await pilot.press(key)
    assert app.return_code in (0, None)
