"""One screen over SSH: the session between its channel and its learner."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import asyncssh

from gdsim.i18n import use_language
from gdsim.serve.connections import Connections
from gdsim.serve.learner import ExitReason, Learner
from gdsim.serve.limits import LimitedChannel
from gdsim.serve.terminal import KNOWN_VARIABLES, language_for, printable, terminal_for
from gdsim.tui.terminal_profile import TerminalProfile, clamped

if TYPE_CHECKING:
    from gdsim.serve.ssh import Connection

_SEND_BUFFER = 65_536
_NO_SHELL = "only the screen is available, no shell or files: ssh -t -p PORT NAME@HOST"


class Session(asyncssh.SSHServerSession[bytes]):
    """The session of a screen, between its channel and its learner."""

    def __init__(self, connections: Connections, connection: Connection, address: str, *, is_instructor: bool) -> None:
        self._connections, self._connection, self._address = connections, connection, address
        self._is_instructor = is_instructor
        self._channel: LimitedChannel | None = None
        self._learner: Learner | None = None
        self._term: str | None = None
        self._refusal = ""
        self._is_full = self._is_clogged = self._is_held = False

    # What the client asks for.

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Keep the channel."""
        assert isinstance(chan, LimitedChannel)
        self._channel = chan
        chan.set_write_buffer_limits(_SEND_BUFFER)

    def pty_requested(self, term_type: str, term_size: Any, term_modes: Any) -> bool:
        """Note the terminal's type."""
        self._term = term_type
        return True

    def shell_requested(self) -> bool:
        """Accept; if there is no terminal, the started session says why it has no screen."""
        if self._term is None:
            self._refuse("a session without a terminal", "a screen needs a terminal: ssh -t -p PORT NAME@HOST")
        return True

    def exec_requested(self, command: str) -> bool:
        """Refuse to run a command, and say so."""
        self._refuse("to run a command", _NO_SHELL)
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """Refuse sftp and the like, and say so."""
        self._refuse(f"the subsystem {printable(subsystem, 32)}", _NO_SHELL)
        return True

    def session_started(self) -> None:
        """Start the screen, or say why there is none."""
        channel = self._channel
        assert channel is not None
        self._connection.screen_asked()
        variables = {name: value for name, value in channel.get_environment().items() if name in KNOWN_VARIABLES}
        terminal = terminal_for(self._term or "", variables)
        if terminal.is_dumb and not self._refusal:
            self._refuse("a terminal that can only write lines", "this terminal cannot show a screen")
        width, height, _x, _y = channel.get_terminal_size()
        profile = TerminalProfile(
            size=clamped(width, height),
            colors=terminal.colors,
            theme=terminal.theme,
            is_ascii=terminal.is_ascii,
            language=language_for(variables, terminal),
            is_instructor=self._is_instructor,
        )
        if not self._refusal:
            full = self._connections.refuses(profile)
            if full is not None:
                use_language(profile.language)
                self._refuse("a learner: the workshop is full", full())
        if self._refusal:
            self._say(self._refusal)
            self.finish(1)
            return
        for refusal in channel.refusals:
            self._say(f"{refusal} is not allowed")
        name = str(channel.get_connection().get_extra_info("username"))
        self._learner = self._connections.open_screen(name, self._address, profile, terminal, self)
        if self._is_full or self._is_clogged:
            self._learner.full(True)

    # Input, and the state of the connection.

    def data_received(self, data: bytes, datatype: Any) -> None:
        """Pass on keys."""
        if self._learner is not None:
            self._learner.typed(data)

    def eof_received(self) -> bool:
        """End the connection: a learner whose input has ended has left."""
        if self._learner is not None:
            self._learner.end(lambda: ExitReason(0))
        return True

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """Pass on the terminal's new size."""
        if self._learner is not None:
            self._learner.resized(width, height)

    def pause_writing(self) -> None:
        """Note that the channel accepts no more for now."""
        self._is_full = True
        self._tell_full()

    def resume_writing(self) -> None:
        """Note that the channel accepts data again."""
        self._is_full = False
        self._tell_full()

    def clogged(self, is_clogged: bool) -> None:
        """Note whether the connection is clogged: the client does not read."""
        self._is_clogged = is_clogged
        self._tell_full()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the learner go."""
        self._channel = None
        if self._learner is not None:
            self._learner.gone()
        self._connection.close_soon()

    # Called by the learner.

    def write(self, data: bytes) -> None:
        """Send bytes to the terminal."""
        if self._channel is not None:
            with suppress(OSError, BrokenPipeError):
                self._channel.write(data)

    def finish(self, status: int) -> None:
        """Send the exit status and end the channel; a connection the client leaves open is cut soon after."""
        if self._channel is not None:
            with suppress(OSError):
                self._channel.exit(status)
        self._connection.close_soon()

    def hold(self, is_held: bool) -> None:
        """Stop or resume reading keys."""
        if is_held == self._is_held or self._channel is None:
            return
        self._is_held = is_held
        if is_held:
            self._channel.pause_reading()
        else:
            self._channel.resume_reading()

    async def is_alive(self) -> bool:
        """Return whether the client answers a keepalive request."""
        return await self._connection.is_alive()

    def _tell_full(self) -> None:
        if self._learner is not None:
            self._learner.full(self._is_full or self._is_clogged)

    def _refuse(self, what: str, said: str) -> None:
        self._connection.refused(what)
        self._refusal = said

    def _say(self, text: str) -> None:
        if self._channel is not None:
            end = "\n" if self._term is None else "\r\n"
            with suppress(OSError):
                self._channel.write_stderr(f"gdsim serve: {text}{end}".encode(errors="replace"))
