"""Four lines at once send one kind of message without end: a neighbour's keys are answered, the server stays small.

The quick form takes a few seconds each, beside other tests. On a quiet machine `GDSIM_ATTACKS=30` floods for as many
seconds, and keys have the time they are promised.
"""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from over_ssh import CODE, memory, visit

from tests.serve.attacks.flood import BEFORE_LOGIN, MESSAGES

FLOOD = Path(__file__).with_name("flood.py")
SECONDS = float(os.environ.get("GDSIM_ATTACKS", "2"))
LATE, JOIN = (0.05, 0.5) if "GDSIM_ATTACKS" in os.environ else (0.15, 3.0)
"""Seconds a key and joining may take beside a flood, or three times as long as without where that is more."""

SHARE = 0.99 if "GDSIM_ATTACKS" in os.environ else 0.9
"""Of the keys; of the few of the quick form one is as slow as other tests make it."""

LINES = 4
MB = 2**20


async def keys(process, seconds):
    """Press keys for a while; return how long all but the slowest of them took at most to be answered."""
    end, times = time.perf_counter() + seconds, []
    while time.perf_counter() < end:
        with suppress(TimeoutError):  # what is left of the frame before
            while True:
                await asyncio.wait_for(process.stdout.read(65_536), 0.05)
        pressed = time.perf_counter()
        process.stdin.write(b" " if len(times) % 20 < 10 else b"\x1b[D")
        assert await asyncio.wait_for(process.stdout.read(65_536), 20)
        times.append(time.perf_counter() - pressed)
    return sorted(times)[int(SHARE * (len(times) - 1))]


async def join(workshop):
    """Join and leave; return how long the first screen took."""
    begun = time.perf_counter()
    async with visit(workshop):
        return time.perf_counter() - begun


@pytest.mark.parametrize("kind", [*MESSAGES, *(f"{kind}-early" for kind in BEFORE_LOGIN)])
async def test_a_flood_beside_a_learner(workshop, kind):
    """No kind of message, sent after the login or before, delays a neighbour or fills the server's memory."""
    async with visit(workshop) as process:
        await asyncio.sleep(0.5)
        calm, joined, before = await keys(process, 1.5), await join(workshop), memory(workshop.process.pid)
        command = [sys.executable, FLOOD, str(workshop.port), CODE, kind, str(LINES), str(SECONDS + 1.5)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as flood:
            assert await asyncio.to_thread(flood.stdout.readline) == b"flooding\n"
            late = await keys(process, SECONDS)
            came = await join(workshop)
            more = memory(workshop.process.pid) - before
            flood.kill()
        line = f"{kind:24} keys {1000 * calm:4.0f} → {1000 * late:4.0f} ms, joining {joined:.2f} → {came:.2f} s"
        print(f"{line}, {more / MB:+.1f} MB")
        assert more < 20 * MB
        assert came <= max(JOIN, 3 * joined), line
        assert late <= max(LATE, 3 * calm), line
