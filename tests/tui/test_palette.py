"""The palette takes keys as fast as a terminal can send them."""

import pytest
from driving import running
from terminal import Terminal
from textual.events import Key


@pytest.mark.parametrize("key", ["pageup", "pagedown", "home", "end", "down", "enter"])
async def test_a_key_before_the_list_is_drawn(key):
    """Ctrl+p and a key in the same moment, as over a slow line, break nothing."""
    async with running(size=(80, 24)) as (app, pilot):
        for name in ("ctrl+p", key):
            app.post_message(Key(name, None))
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
    assert app.return_code in (0, None)


def test_keys_that_come_together():
    """Ctrl+p, page down and escape in one piece of input: the palette opens and closes, and the run goes on."""
    with Terminal("run", "mountain-descent") as terminal:
        terminal.until("update 0")
        terminal.send("\x10\x1b[6~\x1b[5~")
        terminal.until("Go to another starting point")
        terminal.send("\x1b")
        terminal.until("─ loss by update ─")
        terminal.send(" ")
        terminal.until("update 1 ")
        terminal.send("q")
        assert terminal.ended() == 0
