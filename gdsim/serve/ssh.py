"""SSH: who logs in and how, and the one thing a connection is for: a screen on a terminal.

asyncssh allows more than that by default. `accept` lists what a connection may do here; `Connection`, `Learner` and
`gdsim.serve.limits` refuse what asyncssh leaves to handlers, each time with a line in the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import asyncssh
from asyncssh.constants import (
    DISC_BY_APPLICATION,
    DISC_NO_MORE_AUTH_METHODS_AVAILABLE,
    OPEN_ADMINISTRATIVELY_PROHIBITED,
    OPEN_RESOURCE_SHORTAGE,
)

from gdsim import __version__
from gdsim.serve import admission, limits
from gdsim.serve.admission import Arrival
from gdsim.serve.connections import Connections
from gdsim.serve.learner import Learner
from gdsim.serve.limits import LimitedChannel, LimitedConnection
from gdsim.serve.terminal import printable

log = logging.getLogger(__name__)

INSTRUCTOR = "instructor"
"""The user name that needs a code even where everybody else is let in without one."""

_CLOSE_SECONDS = 3
_MOST_REFUSALS = 20
"""Refusals logged per connection."""


def accept(
    connections: Connections, key: asyncssh.SSHKey, authorized: asyncssh.SSHAuthorizedKeys | None
) -> Callable[[Arrival, bytes], None]:
    """Return what starts SSH on an admitted connection, given what it has sent already.

    The options say what a connection may do: everything not listed here is off.
    """
    patience = connections.options.patience
    options = asyncssh.SSHServerConnectionOptions(
        config=None,
        server_factory=lambda: Connection(connections),
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
        kex_algs=limits.KEY_EXCHANGES,
        encryption_algs=limits.CIPHERS,
        mac_algs=limits.MACS,
        signature_algs=limits.SIGNATURES,
        compression_algs=["none"],
        login_timeout=patience.login,
        keepalive_interval=patience.silence,
        keepalive_count_max=patience.silences,
        tcp_keepalive=True,
        rdns_lookup=False,
        allow_pty=True,
        x11_forwarding=False,
        agent_forwarding=False,
        sftp_factory=None,
        allow_scp=False,
        line_editor=False,
        encoding=None,
        window=limits.WINDOW,
        max_pktsize=limits.WINDOW,
    )

    def start(arrival: Arrival, data: bytes) -> None:
        connection = LimitedConnection(asyncio.get_running_loop(), options)
        connection.set_extra_info(arrival=arrival)
        arrival.transport.set_protocol(connection)
        connection.connection_made(arrival.transport)
        if data:
            connection.data_received(data)

    return start


class Connection(asyncssh.SSHServer):
    """One connection: its login, and what it asks for."""

    _arrival: Arrival
    _connection: LimitedConnection

    def __init__(self, connections: Connections) -> None:
        self._connections, self._limiter = connections, connections.limiter
        self._options = connections.options
        self._name = ""
        self._tries = 0
        self._refused: set[str] = set()
        self._is_instructor = False
        self._learner: Learner | None = None
        self._asked: asyncio.TimerHandle | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Keep the SSH connection and its arrival."""
        assert isinstance(conn, LimitedConnection)
        conn.guarded = self
        self._connection, self._arrival = conn, conn.get_extra_info("arrival")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._limiter.closed(self._arrival)
        if self._asked is not None:
            self._asked.cancel()

    def clogged(self, is_clogged: bool) -> None:
        """Note whether the connection is clogged: the client does not read."""
        if self._learner is not None:
            self._learner.clogged(is_clogged)

    def refused(self, what: str) -> None:
        """Log a refusal, once for each `what`."""
        if what in self._refused or len(self._refused) >= _MOST_REFUSALS:
            return
        self._refused.add(what)
        log.info("%s@%s: refused %s", self._name, self._arrival.address, what)

    def timed_out(self, why: str) -> None:
        """Log that a connection was ended because the client took too long."""
        log.info("%s@%s: timed out: %s", self._name, self._arrival.address, why)

    # Logging in.

    def begin_auth(self, username: str) -> bool:
        """Return whether this user needs a code."""
        self._arrival.is_silent = False
        self._name = printable(username, 32)
        return not self._options.is_open or username == INSTRUCTOR

    def password_auth_supported(self) -> bool:
        """Whether a code may be sent as a password."""
        return True

    def kbdint_auth_supported(self) -> bool:
        """Whether a code may be asked for."""
        return True

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
        """Ask for the code."""
        return "", "", "", [("Workshop code: ", False)]

    def validate_kbdint_response(self, username: str, responses: Any) -> bool:
        """Return whether the answer is a code."""
        return len(responses) == 1 and self.validate_password(username, responses[0])

    def validate_password(self, username: str, password: str) -> bool:
        """Return whether a password is a code. Tries are counted as they arrive, whether or not they are answered."""
        self._tries += 1
        now = asyncio.get_running_loop().time()
        if self._tries > admission.TRIES or not self._limiter.may_try(self._arrival.address, now):
            self._end_login("too many tries")
            return False
        role = admission.role_of(password, self._options)
        if role is not None:
            self._is_instructor = role == "instructor"
            return True
        log.info(
            "%s@%s: wrong code",
            printable(username, 32),
            self._arrival.address,
            extra={"kind": f"code {self._arrival.address}"},
        )
        self._limiter.failed(self._arrival.address, now)
        if self._tries >= admission.TRIES:
            self._end_login("wrong code; that was the last try")
        return False

    def auth_completed(self) -> None:
        """Admit the client, who now has to ask for a screen in time."""
        self._arrival.is_waiting = self._arrival.is_silent = False
        loop = asyncio.get_running_loop()
        self._asked = loop.call_later(self._options.patience.screen, self._cut, "no screen was requested")

    # What a connection may ask for.

    def session_requested(self) -> Any:
        """Offer a screen, once."""
        if self._learner is not None:
            self.refused("a second session")
            raise asyncssh.ChannelOpenError(OPEN_RESOURCE_SHORTAGE, "gdsim serve: one screen per connection")
        is_instructor = self._is_instructor
        self._learner = Learner(self._connections, self, self._arrival.address, is_instructor=is_instructor)
        return LimitedChannel(self._connection), self._learner

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

    tap_requested = tun_requested

    def screen_asked(self) -> None:
        """Stop waiting: the client has asked for a screen."""
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None

    def close_soon(self) -> None:
        """End the connection in a few seconds, its screen having ended."""
        asyncio.get_running_loop().call_later(_CLOSE_SECONDS, self._cut, "")

    def _end_login(self, why: str) -> None:
        self._connection.disconnect(DISC_NO_MORE_AUTH_METHODS_AVAILABLE, why)

    def _forward(self, what: str) -> Any:
        self.refused(what)
        raise asyncssh.ChannelOpenError(OPEN_ADMINISTRATIVELY_PROHIBITED, "gdsim serve forwards nothing")

    def _cut(self, why: str) -> None:
        if why:
            self.timed_out(why)
        self._connection.disconnect(DISC_BY_APPLICATION, why)
