"""The watchdog: a screen that draws nothing in its first seconds is ended and begun anew."""

from __future__ import annotations

import asyncio
from pathlib import Path

PATIENCE = 2.0
"""Seconds a screen has for its first bytes, when it does not even use the processor."""

LONGEST_PATIENCE = 20.0
"""Seconds a screen has that waits for its turn on a busy machine."""

_LOOK_SECONDS = 0.5


async def is_painting(pid: int, first: asyncio.Event) -> bool:
    """Wait for the first bytes of a process; return False when they do not come and it does nothing about it."""
    loop = asyncio.get_running_loop()
    begun, worked = loop.time(), -1
    moved = begun
    while not first.is_set():
        try:
            await asyncio.wait_for(first.wait(), _LOOK_SECONDS)
        except TimeoutError:
            now, work = loop.time(), _processor_time(pid)
            if work != worked:
                worked, moved = work, now
            if now - moved >= PATIENCE - _LOOK_SECONDS or now - begun > LONGEST_PATIENCE:
                return False
    return True


def _processor_time(pid: int) -> int:
    """Return the processor time a process has used, in ticks; 0 where that cannot be known."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])
