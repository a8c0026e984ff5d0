"""What the parts of the run screen share: one session, and a way to show another."""

from __future__ import annotations

from textual.screen import Screen

from gdsim.explain.gradient_check import GradientIndicator
from gdsim.session import Session
from gdsim.tui.keys import KEYS, Key


class SessionScreen(Screen[None]):
    """A screen about one session. The session is replaced as a whole; `show` draws it."""

    session: Session
    ascii_only: bool
    indicator: GradientIndicator | None = None

    @property
    def key_table(self) -> tuple[Key, ...]:
        """The keys of this screen, for footer, palette and help."""
        return KEYS

    def show(self, session: Session) -> None:
        """Make `session` the one on screen."""
        raise NotImplementedError

    def refresh_parts(self) -> None:
        """Let every part of the screen show what it is to show now."""
        raise NotImplementedError

    def pause(self) -> None:
        """Stop playing."""
        raise NotImplementedError

    def available(self) -> frozenset[str]:
        """Return the actions that would do something now."""
        raise NotImplementedError

    def tell_end(self) -> None:
        """Say why the run is over."""
        raise NotImplementedError
