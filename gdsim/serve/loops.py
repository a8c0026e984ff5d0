"""The event loops of the server and of learners' processes."""

from __future__ import annotations

import asyncio
import selectors
import signal
from time import monotonic

from gdsim.serve.confine import allow_time

_RENEW_SECONDS = 1.0


class Loop(asyncio.SelectorEventLoop):
    """An event loop at whose end a signal finds nothing to wake: its own closes that before it stops listening."""

    def close(self) -> None:
        """Close the loop."""
        if not self.is_closed():
            signal.set_wakeup_fd(-1)
        super().close()


class ScreenLoop(Loop):
    """The loop of a learner's process, which is granted processor time as long as it comes round."""

    _renewed = 0.0

    def __init__(self) -> None:
        super().__init__(selectors.PollSelector())  # an epoll would be the one of whoever forked this process

    def renew(self) -> None:
        """Go on running in a process that was forked while it ran: what it wakes itself with is shared by then."""
        asyncio.events._set_running_loop(self)
        signal.set_wakeup_fd(-1)
        self._close_self_pipe()  # type: ignore[attr-defined]
        self._make_self_pipe()  # type: ignore[attr-defined]
        signal.set_wakeup_fd(self._csock.fileno())  # type: ignore[attr-defined]

    def _run_once(self) -> None:
        now = monotonic()
        if now - self._renewed > _RENEW_SECONDS:
            self._renewed = now
            allow_time()
        super()._run_once()  # type: ignore[misc]
