"""SSH: who logs in and how, and the one thing a connection is for, a screen on a terminal.

asyncssh opens more than that by default. What a connection may do here is listed in `options_for`; what is left to
its handlers is refused in `Guard`, `Visit` and `Line`, each with a line in the log.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import asyncssh
from asyncssh.constants import (
    DISC_BY_APPLICATION,
    DISC_NO_MORE_AUTH_METHODS_AVAILABLE,
    OPEN_ADMINISTRATIVELY_PROHIBITED,
    OPEN_RESOURCE_SHORTAGE,
)
from asyncssh.packet import SSHPacket

from gdsim import __version__
from gdsim.language import use_language
from gdsim.serve import gate
from gdsim.serve.door import Arrival, Doorkeeper
from gdsim.serve.hall import Hall
from gdsim.serve.learner import Learner
from gdsim.serve.log import Log
from gdsim.serve.terminal_care import KNOWN_VARIABLES, language_for, printable, terminal_for
from gdsim.tui.seat import Seat, clamped

INSTRUCTOR = "instructor"
"""Who is asked for a code where everybody else is let in without."""

_KEEPALIVE_SECONDS, _KEEPALIVES = 15, 3
_WINDOW = 32_768
"""Bytes of keys a client may send before any are taken."""

_SEND_BUFFER = 65_536
_ASKED_SECONDS = 20
"""How long a connection that has logged in may take to ask for its screen."""

_CLOSE_SECONDS = 3
_ALIVE_SECONDS = 1.5
"""How long a peer may take to give a sign of life."""

_LONGEST_VARIABLE = 64
_MOST_REFUSALS = 20
"""Refusals of one connection that are written down."""

_NO_SHELL = "there is no shell here and no files, only the screen: ssh -t -p PORT NAME@HOST"


class Codes:
    """What opens the door. authorized: keys; None where no keys do."""

    def __init__(self, code: str, instructor: str, *, is_open: bool, has_keys: bool) -> None:
        self.code, self.instructor, self.is_open, self.has_keys = code, instructor, is_open, has_keys

    def role(self, offered: str) -> str | None:
        """Return what a code makes of who offers it, None for a wrong one."""
        is_instructor, is_learner = gate.is_code(offered, self.instructor), gate.is_code(offered, self.code)
        return "instructor" if is_instructor else "learner" if is_learner and not self.is_open else None


class Front:
    """What all connections share."""

    def __init__(self, codes: Codes, hall: Hall, keeper: Doorkeeper, log: Log) -> None:
        self.codes, self.hall, self.keeper, self.log = codes, hall, keeper, log
        self.options: asyncssh.SSHServerConnectionOptions | None = None

    def serve(self, arrival: Arrival, transport: asyncio.Transport, data: bytes) -> None:
        """Speak SSH with a connection that was let in; `data` is what it has said already."""
        assert self.options is not None
        guard = Guard(asyncio.get_running_loop(), self.options)
        guard.set_extra_info(arrival=arrival)
        transport.set_protocol(guard)
        guard.connection_made(transport)
        if data:
            guard.data_received(data)


def options_for(
    front: Front, key: asyncssh.SSHKey, authorized: asyncssh.SSHAuthorizedKeys | None
) -> asyncssh.SSHServerConnectionOptions:
    """Return what a connection may do. Everything that is not named here is off."""
    return asyncssh.SSHServerConnectionOptions(
        config=None,
        server_factory=lambda: Visit(front),
        server_version=f"gdsim_{__version__}",
        server_host_keys=[key],
        authorized_client_keys=authorized,
        public_key_auth=authorized is not None,
        password_auth=True,
        kbdint_auth=True,
        host_based_auth=False,
        gss_host=None,
        gss_kex=False,
        gss_auth=False,
        x509_trusted_certs=None,
        compression_algs=["none"],
        login_timeout=gate.LOGIN_SECONDS,
        keepalive_interval=_KEEPALIVE_SECONDS,
        keepalive_count_max=_KEEPALIVES,
        tcp_keepalive=True,
        rdns_lookup=False,
        allow_pty=True,
        x11_forwarding=False,
        agent_forwarding=False,
        sftp_factory=None,
        allow_scp=False,
        line_editor=False,
        encoding=None,
        window=_WINDOW,
        max_pktsize=_WINDOW,
    )


class Guard(asyncssh.SSHServerConnection):
    """A connection that may fail to log in only so often, and that tells when its peer reads too slowly."""

    visit: Visit
    _failed = 0

    async def reload_config(self) -> None:
        """Keep the options: they are the same for everybody."""

    def send_userauth_failure(self, partial_success: bool) -> None:
        """Answer a request that failed; too many are the end."""
        self._failed += 1
        if self._failed > gate.REQUESTS:
            self.disconnect(DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "too many requests to log in")
        else:
            super().send_userauth_failure(partial_success)

    async def is_alive(self) -> bool:
        """Return whether the peer answers, which it does whatever it makes of the question."""
        with suppress(TimeoutError, OSError, asyncssh.Error):
            await asyncio.wait_for(self._make_global_request(b"keepalive@openssh.com"), _ALIVE_SECONDS)
            return self._transport is not None
        return False

    def pause_writing(self) -> None:
        """Note that the peer does not read."""
        self.visit.clogged(True)

    def resume_writing(self) -> None:
        """Note that the peer reads again."""
        self.visit.clogged(False)


class Visit(asyncssh.SSHServer):
    """One connection: its login, and what it asks for."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._arrival = Arrival(0, "?")
        self._connection: Guard | None = None
        self._wrong = 0
        self._refused: set[str] = set()
        self._is_instructor = False
        self._line: Line | None = None
        self._asked: asyncio.TimerHandle | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Note whose connection this is."""
        assert isinstance(conn, Guard)
        conn.visit = self
        self._connection = conn
        self._arrival = conn.get_extra_info("arrival")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._front.keeper.closed(self._arrival.number)
        if self._asked is not None:
            self._asked.cancel()

    def clogged(self, is_clogged: bool) -> None:
        """Note whether the peer reads what is sent."""
        if self._line is not None:
            self._line.clogged(is_clogged)

    def refused(self, what: str) -> None:
        """Write down that something was asked for which there is not."""
        if what in self._refused or len(self._refused) >= _MOST_REFUSALS:
            return
        self._refused.add(what)
        name = printable(self._connection.get_extra_info("username") or "", 32) if self._connection else ""
        self._front.log.say(f"{name}@{self._arrival.address}: refused {what}")

    # Logging in.

    def begin_auth(self, username: str) -> bool:
        """Return whether somebody has to say a code."""
        self._front.keeper.spoken(self._arrival.number)
        return not self._front.codes.is_open or username == INSTRUCTOR

    def public_key_auth_supported(self) -> bool:
        """Whether keys open the door."""
        return False  # those of the file are known to asyncssh itself

    def password_auth_supported(self) -> bool:
        """Whether a code may be sent as a password."""
        return True

    def kbdint_auth_supported(self) -> bool:
        """Whether a code may be asked for."""
        return True

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
        """Ask for the code."""
        return "", "", "", [("Workshop code: ", False)]

    async def validate_kbdint_response(self, username: str, responses: Any) -> bool:
        """Return whether the answer is a code."""
        return len(responses) == 1 and await self.validate_password(username, responses[0])

    async def validate_password(self, username: str, password: str) -> bool:
        """Return whether a password is a code; wrong ones are answered late where there were many."""
        role = self._front.codes.role(password)
        if role is not None:
            self._is_instructor = role == "instructor"
            return True
        self._wrong += 1
        now, keeper, address = asyncio.get_running_loop().time(), self._front.keeper, self._arrival.address
        keeper.failures = keeper.failures.after(address, now)
        self._front.log.say(f"{printable(username, 32)}@{address}: wrong code")
        is_last = self._wrong >= gate.TRIES
        await asyncio.sleep(keeper.failures.delay(address, now))
        if is_last and self._connection is not None:
            self._connection.disconnect(DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "wrong code; that was the last try")
        return False

    def auth_completed(self) -> None:
        """Let somebody in, who now has to ask for a screen."""
        self._front.keeper.admitted(self._arrival.number)
        loop = asyncio.get_running_loop()
        self._asked = loop.call_later(_ASKED_SECONDS, self._cut, "no screen was asked for")

    # What a connection may ask for.

    def session_requested(self) -> Any:
        """Offer a screen, once."""
        if self._line is not None or self._connection is None:
            self.refused("a second session")
            raise asyncssh.ChannelOpenError(OPEN_RESOURCE_SHORTAGE, "gdsim serve: one screen a connection")
        self._line = Line(self._front, self, self._arrival, self._is_instructor)
        channel = Channel(self._connection, asyncio.get_running_loop(), self)
        return channel, self._line

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> Any:
        """Refuse -L and -D."""
        return self._forward(f"forwarding to {printable(dest_host, 64)}:{dest_port}")

    def unix_connection_requested(self, dest_path: str) -> Any:
        """Refuse -L to a socket."""
        return self._forward("forwarding to a socket")

    def server_requested(self, listen_host: str, listen_port: int) -> Any:
        """Refuse -R."""
        self.refused(f"forwarding from port {listen_port}")
        return False

    def unix_server_requested(self, listen_path: str) -> Any:
        """Refuse -R from a socket."""
        self.refused("forwarding from a socket")
        return False

    def tun_requested(self, unit: int | None) -> Any:
        """Refuse -w."""
        return self._forward("a tunnel")

    def tap_requested(self, unit: int | None) -> Any:
        """Refuse -w."""
        return self._forward("a tunnel")

    def screen_asked(self) -> None:
        """Note that a screen was asked for."""
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None

    async def is_alive(self) -> bool:
        """Return whether the client gives a sign of life."""
        return self._connection is not None and await self._connection.is_alive()

    def close_soon(self) -> None:
        """End the connection, some time after its screen has ended."""
        asyncio.get_running_loop().call_later(_CLOSE_SECONDS, self._cut, "")

    def _forward(self, what: str) -> Any:
        self.refused(what)
        raise asyncssh.ChannelOpenError(OPEN_ADMINISTRATIVELY_PROHIBITED, "gdsim serve forwards nothing")

    def _cut(self, why: str) -> None:
        if self._connection is not None:
            if why:
                self.refused(f"to wait: {why}")
            self._connection.disconnect(DISC_BY_APPLICATION, why)


class Channel(asyncssh.SSHServerChannel[bytes]):
    """The channel of a screen; it keeps few variables of the client's, and lends it nothing."""

    def __init__(self, connection: Guard, loop: asyncio.AbstractEventLoop, visit: Visit) -> None:
        super().__init__(connection, loop, True, False, False, 0, 0, None, "strict", _WINDOW, _WINDOW)
        self._visit = visit
        self.refusals: list[str] = []

    def _process_env_request(self, packet: SSHPacket) -> bool:
        """Keep a variable that tells about the terminal."""
        name, value = packet.get_string(), packet.get_string()
        packet.check_end()
        known = name.decode("ascii", errors="replace")
        if known in KNOWN_VARIABLES and len(value) <= _LONGEST_VARIABLE:
            self._env[name] = value
            return True
        self._visit.refused(f"the variable {printable(known, 32)}")
        return False

    def _process_x11_req_request(self, packet: SSHPacket) -> bool:
        """Refuse -X."""
        return self._refuse("X11 forwarding")

    def _process_auth_agent_req_at_openssh_dot_com_request(self, packet: SSHPacket) -> bool:  # type: ignore[override]
        """Refuse -A."""
        return self._refuse("agent forwarding")

    def _refuse(self, what: str) -> bool:
        self._visit.refused(what)
        if what not in self.refusals:
            self.refusals.append(what)
        return False


class Line(asyncssh.SSHServerSession[bytes]):
    """The session of a screen, between its channel and its learner."""

    def __init__(self, front: Front, visit: Visit, arrival: Arrival, is_instructor: bool) -> None:
        self._front, self._visit, self._arrival = front, visit, arrival
        self._is_instructor = is_instructor
        self._channel: Channel | None = None
        self._learner: Learner | None = None
        self._term: str | None = None
        self._refusal = ""
        self._is_full = self._is_clogged = self._is_held = False

    # What the client asks for.

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Take the channel."""
        assert isinstance(chan, Channel)
        self._channel = chan
        chan.set_write_buffer_limits(_SEND_BUFFER)

    def pty_requested(self, term_type: str, term_size: Any, term_modes: Any) -> bool:
        """Note the terminal."""
        self._term = term_type
        return True

    def shell_requested(self) -> bool:
        """Give a screen where there is a terminal for it."""
        if self._term is None:
            self._refuse("a session without a terminal", "a screen needs a terminal: ssh -t -p PORT NAME@HOST")
        return True

    def exec_requested(self, command: str) -> bool:
        """Refuse to run anything, in words."""
        self._refuse("to run a command", _NO_SHELL)
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """Refuse sftp and the like, in words."""
        self._refuse(f"the subsystem {printable(subsystem, 32)}", _NO_SHELL)
        return True

    def break_received(self, msec: int) -> bool:
        """Take no break."""
        return False

    def session_started(self) -> None:
        """Begin the screen, or say why there is none."""
        channel = self._channel
        assert channel is not None
        self._visit.screen_asked()
        variables = {name: value for name, value in channel.get_environment().items() if name in KNOWN_VARIABLES}
        terminal = terminal_for(self._term or "", variables)
        if terminal.is_dumb and not self._refusal:
            self._refuse("a terminal that can only write lines", "this terminal cannot show a screen")
        width, height, _x, _y = channel.get_terminal_size()
        seat = Seat(
            size=clamped(width, height),
            colors=terminal.colors,
            theme=terminal.theme,
            is_ascii=terminal.is_ascii,
            language=language_for(variables, terminal),
            is_instructor=self._is_instructor,
        )
        if not self._refusal:
            full = self._front.hall.refuses(seat)
            if full is not None:
                use_language(seat.language)
                self._refuse("somebody, there is no room", full())
        if self._refusal:
            self._say(self._refusal)
            self.finish(1)
            return
        for refusal in channel.refusals:
            self._say(f"{refusal} is refused")
        name = str(channel.get_connection().get_extra_info("username"))
        self._learner = self._front.hall.seat(name, self._arrival.address, seat, terminal, self)
        if self._is_full or self._is_clogged:
            self._learner.full(True)

    # What comes and goes.

    def data_received(self, data: bytes, datatype: Any) -> None:
        """Take keys."""
        if self._learner is not None:
            self._learner.typed(data)

    def eof_received(self) -> bool:
        """End: whoever types no more has left."""
        if self._learner is not None:
            self._learner.end(_left)
        return True

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """Note a new size."""
        if self._learner is not None:
            self._learner.resized(width, height)

    def pause_writing(self) -> None:
        """Note that the client takes no more for now."""
        self._is_full = True
        self._tell_full()

    def resume_writing(self) -> None:
        """Note that the client takes more again."""
        self._is_full = False
        self._tell_full()

    def clogged(self, is_clogged: bool) -> None:
        """Note whether the connection takes what is sent."""
        self._is_clogged = is_clogged
        self._tell_full()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the learner go."""
        self._channel = None
        if self._learner is not None:
            self._learner.gone()
        self._visit.close_soon()

    # The outlet of a learner.

    def write(self, data: bytes) -> None:
        """Send bytes to the terminal."""
        if self._channel is not None:
            with suppress(OSError, BrokenPipeError):
                self._channel.write(data)

    def finish(self, status: int) -> None:
        """Send the exit status and end the channel; the connection is cut if the client leaves it open."""
        if self._channel is not None:
            with suppress(OSError):
                self._channel.exit(status)
        self._visit.close_soon()

    def hold(self, is_held: bool) -> None:
        """Take no more keys for now, or take them again."""
        if is_held == self._is_held or self._channel is None:
            return
        self._is_held = is_held
        if is_held:
            self._channel.pause_reading()
        else:
            self._channel.resume_reading()

    async def is_alive(self) -> bool:
        """Return whether the client gives a sign of life."""
        return await self._visit.is_alive()

    def _tell_full(self) -> None:
        if self._learner is not None:
            self._learner.full(self._is_full or self._is_clogged)

    def _refuse(self, what: str, said: str) -> None:
        self._visit.refused(what)
        self._refusal = said

    def _say(self, text: str) -> None:
        if self._channel is not None:
            end = "\n" if self._term is None else "\r\n"
            with suppress(OSError):
                self._channel.write_stderr(f"gdsim serve: {text}{end}".encode(errors="replace"))


def _left() -> Any:
    from gdsim.serve.learner import Ending

    return Ending(0)
