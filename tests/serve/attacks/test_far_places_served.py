"""A far update of a long run: who is there comes back to it, and who follows comes after; nobody is ended."""

import asyncio
import os
import time
from contextlib import AsyncExitStack

from over_ssh import INSTRUCTOR_CODE, Workshop, came, left_with, read_until, screen
from small_hill import HILL

FAR = 3_000_000 if "GDSIM_ATTACKS" in os.environ else 80_000
SOON = 0.5 if "GDSIM_ATTACKS" in os.environ else 5.0
"""Seconds a first frame may take."""


async def far_gone(watched):
    """Go to the far update, and return how long that took."""
    watched.press(b"g")
    await watched.until("go to update")
    watched.press(str(FAR).encode() + b"\r")
    return await there(watched, FAR)


async def there(watched, update):
    """Wait until an update is reached, however long the way is."""
    begun = time.monotonic()
    while f"update {update} ·" not in watched.text:
        assert time.monotonic() - begun < 600, watched.text
        try:
            await asyncio.wait_for(watched.until(f"update {update} ·"), 60)
        except (AssertionError, TimeoutError):
            assert "on the way" in watched.text, watched.text
    return time.monotonic() - begun


async def test_far_places(tmp_path):
    """Two followers come after; an instructor whose line drops there is back at once, first on the way, then there."""
    scenario = tmp_path / "far.toml"
    scenario.write_text(HILL.replace("= 20", "= 10_000_000").replace("= 0.01", "= 1e-7"))
    with Workshop(tmp_path, str(scenario)) as workshop:
        async with AsyncExitStack() as stack:
            ada = await came(stack, workshop, "ada", code=INSTRUCTOR_CODE)
            followers = [await came(stack, workshop, size=size) for size in ((120, 40), (100, 30))]
            ada.press(b"f")
            await ada.until("on air")
            seconds = {"there": await far_gone(ada)}
            begun = time.monotonic()
            for each in followers:
                await there(each, FAR)
            seconds["followers"] = time.monotonic() - begun
            ada.press(b" ")
            for each in (ada, *followers):
                await there(each, FAR + 1)

            # The instructor's line drops there.
            ada.process.channel.get_connection().abort()
            begun = time.monotonic()
            back = await stack.enter_async_context(workshop.connect("ada", code=INSTRUCTOR_CODE))
            process = await screen(back)
            await read_until(process, b"quit")
            seconds["first frame"] = time.monotonic() - begun
            assert seconds["first frame"] < SOON
            await read_until(process, f"update {FAR + 1} ".encode())
            seconds["back"] = time.monotonic() - begun
            process.stdin.write(b" ")
            for each in followers:
                await there(each, FAR + 2)
                assert await left_with(each.process, b"\x03") == 130
            assert await left_with(process, b"\x03") == 130
        print(f"update {FAR}: " + ", ".join(f"{what} {each:.1f} s" for what, each in seconds.items()))
        assert "the screen stopped" not in workshop.logged
        assert "the screen was stopped" not in workshop.logged
