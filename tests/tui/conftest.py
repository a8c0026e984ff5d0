"""Screens are read when they have settled, however busy the machine is."""

import asyncio
from time import monotonic, process_time

import pytest
from textual import app as textual_app
from textual import pilot as textual_pilot
from textual._context import active_app

_LIMIT = 30.0
_WORK_LIMIT = 1.0
"""Seconds of processor time that a run to its end or a full check gets; a test may want to stop a longer one."""

_TURNS = 3


@pytest.fixture(autouse=True)
def _settled(monkeypatch):
    """Let a pilot wait until nothing is left to do.

    Textual's own wait watches the processor time of the process, which also stands still when another process has
    the processor.
    """
    monkeypatch.setattr(textual_app, "wait_for_idle", settle)
    monkeypatch.setattr(textual_pilot, "wait_for_idle", settle)


async def settle(_least=0.0, _most=0.0):
    """Return when for several turns of the event loop nobody had anything to do and the screen was drawn."""
    app, loop = active_app.get(), asyncio.get_running_loop()
    end, worked, turns = monotonic() + _LIMIT, process_time() + _WORK_LIMIT, 0
    while turns < _TURNS and monotonic() < end:
        await asyncio.sleep(0)
        if loop._ready:
            turns = 0
        elif _is_due(app) or (_is_working(app) and process_time() < worked):
            turns = 0
            await asyncio.sleep(0.001)
        else:
            turns += 1


def _is_working(app):
    return any(not worker.is_finished for worker in app.workers)


def _is_due(app):
    """Whether a timer has yet to lay out or draw the screen in front, or to light its lamp."""
    if not app._screen_stack:
        return app.is_running
    screen = app.screen
    timers = (app._resize_timer, getattr(screen, "_lamp_timer", None))
    waits = screen._callbacks or screen._layout_required or screen._repaint_required or screen._dirty_widgets
    waits = waits or getattr(screen, "_changed", None)
    return bool(waits) or any(timer is not None for timer in timers)
