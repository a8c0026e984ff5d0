"""Four lines at once send one kind of message without end: a neighbour's keys are answered, the server stays small.

The quick form takes a few seconds each, beside other tests. On a quiet machine `GDSIM_ATTACKS=30` floods for as many
seconds, and keys have the time they are promised.
"""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from over_ssh import CODE, left_with, memory, read_until, screen

from tests.serve.attacks.flood import BEFORE_LOGIN, MESSAGES

FLOOD = Path(__file__).with_name("flood.py")
SECONDS = float(os.environ.get("GDSIM_ATTACKS", "2"))
LATE = 0.05 if "GDSIM_ATTACKS" in os.environ else 0.15
"""Seconds a key may take beside a flood, or three times as long as without where that is more."""

LINES = 4
MB = 2**20


async def keys(process, seconds):
    """Press keys for a while; return how long the last but one per cent of them took to be answered."""
    end, times = time.perf_counter() + seconds, []
    while time.perf_counter() < end:
        pressed = time.perf_counter()
        process.stdin.write(b" " if len(times) % 20 < 10 else b"\x1b[D")
        assert await asyncio.wait_for(process.stdout.read(65_536), 20)
        times.append(time.perf_counter() - pressed)
        await asyncio.sleep(0.05)
    return sorted(times)[int(0.99 * (len(times) - 1))]


@pytest.mark.parametrize("kind", [*MESSAGES, *(f"{kind}-early" for kind in BEFORE_LOGIN)])
async def test_a_flood_beside_a_learner(workshop, kind):
    """No kind of message, sent after the login or before, delays a neighbour or fills the server's memory."""
    async with workshop.connect() as connection:
        process = await screen(connection)
        await read_until(process, b"quit")
        await asyncio.sleep(0.5)
        calm, before = await keys(process, 1.5), memory(workshop.process.pid)
        command = [sys.executable, FLOOD, str(workshop.port), CODE, kind, str(LINES), str(SECONDS)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as flood:
            assert await asyncio.to_thread(flood.stdout.readline) == b"flooding\n"
            late = await keys(process, SECONDS)
            more = memory(workshop.process.pid) - before
            assert await asyncio.to_thread(flood.wait, 30) == 0
        assert more < 20 * MB
        assert late <= max(LATE, 3 * calm), f"{1000 * late:.0f} ms beside the flood, {1000 * calm:.0f} ms without"
        assert await left_with(process) == 0
