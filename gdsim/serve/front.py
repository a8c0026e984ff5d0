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
    MSG_IGNORE,
    OPEN_ADMINISTRATIVELY_PROHIBITED,
    OPEN_RESOURCE_SHORTAGE,
)

from gdsim import __version__
from gdsim.serve import gate
from gdsim.serve.door import Arrival, Doorkeeper
from gdsim.serve.hall import Hall
from gdsim.serve.log import Log
from gdsim.serve.options import Patience
from gdsim.serve.session import WINDOW, Channel, Line
from gdsim.serve.terminal_care import printable

INSTRUCTOR = "instructor"
"""Who is asked for a code where everybody else is let in without."""

_CIPHERS = ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes256-ctr", "aes192-ctr", "aes128-ctr"]
"""One of the first two is known to every client of the last ten years. What many clients would rather take, chacha20,
costs the server six times as much a packet: asyncssh puts it together from several ciphers."""

_CLOSE_SECONDS = 3
_ALIVE_SECONDS = 1.5
"""How long a peer may take to give a sign of life."""

_MOST_REFUSALS = 20
"""Refusals of one connection that are written down."""


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

    def __init__(self, codes: Codes, hall: Hall, keeper: Doorkeeper, log: Log, patience: Patience) -> None:
        self.codes, self.hall, self.keeper, self.log, self.patience = codes, hall, keeper, log, patience
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
        encryption_algs=_CIPHERS,
        compression_algs=["none"],
        login_timeout=front.patience.login,
        keepalive_interval=front.patience.silence,
        keepalive_count_max=front.patience.silences,
        tcp_keepalive=True,
        rdns_lookup=False,
        allow_pty=True,
        x11_forwarding=False,
        agent_forwarding=False,
        sftp_factory=None,
        allow_scp=False,
        line_editor=False,
        encoding=None,
        window=WINDOW,
        max_pktsize=WINDOW,
    )


class Guard(asyncssh.SSHServerConnection):
    """A connection that may fail to log in only so often, and that tells when its peer reads too slowly."""

    visit: Visit
    _failed = 0

    def send_packet(self, pkttype: int, *args: bytes, handler: Any = None) -> None:
        """Send a packet, without the empty one asyncssh sends before each: that helps ciphers that are not offered."""
        if pkttype != MSG_IGNORE:
            super().send_packet(pkttype, *args, handler=handler)

    def log_sent_packet(self, pkttype: int, pktid: int | None, packet: Any, note: str = "") -> None:
        """Describe no packet: nobody reads that."""

    def log_received_packet(self, pkttype: int, pktid: int | None, packet: Any, note: str = "") -> None:
        """Describe no packet."""

    async def reload_config(self) -> None:
        """Keep the options: they are the same for everybody."""

    def send_userauth_failure(self, partial_success: bool) -> None:
        """Answer a request that failed; too many are the end."""
        self._failed += 1
        if self._failed > gate.REQUESTS:
            self.disconnect(DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "too many requests to log in")
        else:
            super().send_userauth_failure(partial_success)

    def _login_timer_callback(self) -> None:
        """End a connection that took too long to log in."""
        self.visit.refused("to wait: nobody has logged in")
        super()._login_timer_callback()

    def _keepalive_timer_callback(self) -> None:
        """Ask a peer that has been silent whether it is there, or end the connection where it was asked too often."""
        if self._keepalive_count >= self._keepalive_count_max:
            self.visit.refused("to wait: there is no answer")
        super()._keepalive_timer_callback()

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
        self._name = ""
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
        self._front.log.say(f"{self._name}@{self._arrival.address}: refused {what}")

    # Logging in.

    def begin_auth(self, username: str) -> bool:
        """Return whether somebody has to say a code."""
        self._front.keeper.spoken(self._arrival.number)
        self._name = printable(username, 32)
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
        self._asked = loop.call_later(self._front.patience.screen, self._cut, "no screen was asked for")

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
