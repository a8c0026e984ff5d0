"""Screens as plain values, taken from a running app or from an app without a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextvars import copy_context
from dataclasses import replace
from functools import lru_cache
from threading import Thread
from typing import Any

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.app import App

from gdsim.explain.pages import page_at
from gdsim.explain.status import status_line
from gdsim.export.screen.frame import Cell, Frame, Look
from gdsim.i18n import _
from gdsim.session import Session
from gdsim.tui._textual import strips_of
from gdsim.tui.display import DisplayApp, Options
from gdsim.tui.palettes import mixed
from gdsim.tui.run_screen import RunScreen

Row = tuple[Cell, ...]


def frame_of(app: App[Any], session: Session) -> Frame:
    """Return the app's current screen, which shows `session`."""
    title, words = _described(session)
    return Frame(_rows(app), _ground(app), title, words)


def frames(sessions: Sequence[Session], size: tuple[int, int], options: Options | None = None) -> list[Frame]:
    """Return the run screen for each of `sessions`, `size` (columns, rows) large; no terminal is needed.

    Starts a separate app in a separate thread, so that another app or a notebook can call this.
    """
    taken: list[Frame] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(_take(sessions, size, options or Options(), taken))
        except BaseException as error:  # raised again in the caller's thread
            raised.append(error)

    thread = Thread(target=copy_context().run, args=(run,), name="frames", daemon=True)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]
    return taken


class _Stage(DisplayApp):
    """An app that shows one session after another."""

    def __init__(self, session: Session, options: Options) -> None:
        super().__init__(replace(options, has_motion=False))
        self._session = session

    def get_default_screen(self) -> RunScreen:
        return RunScreen(self._session, ascii_only=self.options.ascii_only)


async def _take(sessions: Sequence[Session], size: tuple[int, int], options: Options, taken: list[Frame]) -> None:
    app = _Stage(sessions[0], options)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for session in sessions:
            screen = app.screen
            assert isinstance(screen, RunScreen)
            screen.show(session)
            screen.check_gradient()
            await pilot.pause()
            taken.append(frame_of(app, session))


def _described(session: Session) -> tuple[str, str]:
    """Return a frame's title and its full text for this session."""
    status = status_line(session.timeline, session.position)
    page = page_at(session.timeline, session.position, session.focus, names=session.names)
    lines = (" = ".join(filter(None, (e.symbol, e.formula, e.substituted, e.value))) for e in page.lines)
    words = (session.scenario.title, status, page.title, page.sentence, *lines, *page.notes)
    return _("{title}: {status}").format(title=session.scenario.title, status=status), "\n".join(words)


def _rows(app: App[Any]) -> tuple[Row, ...]:
    """Return the lines of an app's screen as cells."""
    theme, ground = app.ansi_theme, _ground(app)
    return tuple(row_of(strip, theme, ground) for strip in strips_of(app.screen))


def row_of(line: Iterable[Segment], theme: TerminalTheme, ground: Look) -> Row:
    """Return a line as cells."""
    return _row(tuple(segment[:2] for segment in line), theme, ground)


@lru_cache(maxsize=4096)
def _row(runs: tuple[tuple[str, Style | None], ...], theme: TerminalTheme, ground: Look) -> Row:
    """Return the cells of a line; cached, since most lines stay the same from frame to frame."""
    looks = ((text, _look(style, theme, ground)) for text, style in runs)
    return tuple(cell for text, look in looks for letter in text for cell in _cells_of(letter, look))


@lru_cache(maxsize=8192)
def _cells_of(letter: str, look: Look) -> tuple[Cell, ...]:
    width = cell_len(letter)
    return (Cell(letter, look), *(Cell("", look) for _ in range(width - 1))) if width else ()


@lru_cache(maxsize=2048)
def _look(style: Style | None, theme: TerminalTheme, ground: Look) -> Look:
    """Return a style with its colours resolved: terminal colours, dim and reverse included."""
    if style is None:
        return ground
    color = _hex(style.color, theme, ground.color, is_text=True)
    background = _hex(style.bgcolor, theme, ground.background, is_text=False)
    if style.dim:
        color = mixed(color, background, 0.5)
    if style.reverse:
        color, background = background, color
    return Look(color, background, bool(style.bold), bool(style.italic), bool(style.underline))


def _hex(color: Color | None, theme: TerminalTheme, otherwise: str, *, is_text: bool) -> str:
    if color is None or color.is_default:
        return otherwise
    return color.get_truecolor(theme, foreground=is_text).hex


def _ground(app: App[Any]) -> Look:
    """Return the colours of an empty part of the screen: the theme's, or else a typical terminal's."""
    style = app.screen.rich_style
    theme = app.ansi_theme
    return Look(
        _hex(style.color, theme, theme.foreground_color.hex, is_text=True),
        _hex(style.bgcolor, theme, theme.background_color.hex, is_text=False),
    )
