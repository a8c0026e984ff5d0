"""Limits and refusals: how much of anything a client may ask for, and what it is refused.

asyncssh lets clients do some things before they log in that no public hook can limit. They are limited here: this is
the only file that uses names private to asyncssh.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import asyncssh
from asyncssh.constants import (
    DISC_BY_APPLICATION,
    DISC_NO_MORE_AUTH_METHODS_AVAILABLE,
    MSG_IGNORE,
    MSG_KEXINIT,
    MSG_USERAUTH_REQUEST,
)
from asyncssh.kex import get_kex_algs
from asyncssh.packet import SSHPacket

from gdsim.serve import admission
from gdsim.serve.rates import TokenBucket
from gdsim.serve.terminal import KNOWN_VARIABLES, printable

if TYPE_CHECKING:
    from gdsim.serve.ssh import Connection

WINDOW = 32_768
"""Bytes of keys a client may send before any are read."""

CIPHERS = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes256-ctr",
    "aes192-ctr",
    "aes128-ctr",
)
MACS = ("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512")
KEY_EXCHANGES = tuple(
    name
    for name in (
        "mlkem768x25519-sha256",
        "sntrup761x25519-sha512",
        "sntrup761x25519-sha512@openssh.com",
        "curve25519-sha256",
        "curve25519-sha256@libssh.org",
        "ecdh-sha2-nistp256",
    )
    if name.encode() in get_kex_algs()
)
"""Those of them that the installed libraries support. Larger groups cost the server seconds per handshake."""

SIGNATURES = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-256",
    "rsa-sha2-512",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)

_ALIVE_SECONDS = 1.5
"""Seconds a client has to answer a keepalive request."""

_BYTES, _BYTES_BURST = 65_536.0, 2_097_152.0
_MESSAGES, _MESSAGES_BURST = 200.0, 500.0
"""What a client may send: per second, and in a burst. A key takes some 60 bytes and one message."""

_PART = 1024
"""Bytes read at a time: some 30 messages."""

_LONGEST_FLOOD = 10.0
"""Seconds of paused reading, in all, after which a connection that never slows down is ended."""

_LONGEST_VARIABLE = 64


class LimitedConnection(asyncssh.SSHServerConnection):
    """A connection with limits on what it may ask for.

    guarded: is told what was refused, and whether the client reads.
    """

    guarded: Connection
    _requests = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start counting what arrives."""
        now = asyncio.get_running_loop().time()
        self._received = (
            TokenBucket(_BYTES, _BYTES_BURST, now),
            TokenBucket(_MESSAGES, _MESSAGES_BURST, now),
        )
        self._flooded = 0.0
        self._unread = b""
        self._next: asyncio.TimerHandle | None = None
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None = None) -> None:
        """Stop reading."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes, datatype: Any = None) -> None:
        """Read what arrives part by part, so that others get their turns in between."""
        self._unread += data
        if self._next is None:
            self._read()

    def _read(self) -> None:
        """Read one part of what arrived; wait if that is too much, and end the connection if it stays too much."""
        self._next = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        seconds = max(bucket.seconds(now) for bucket in self._received)
        self._flooded += seconds
        if self._flooded > _LONGEST_FLOOD:
            self._stop()
            self.guarded.refused("a flood of messages")
            self.disconnect(DISC_BY_APPLICATION, "too many messages")
            return
        if not seconds:
            if all(bucket.left(now) >= bucket.most / 2 for bucket in self._received):
                self._flooded = 0.0
            part, self._unread = self._unread[:_PART], self._unread[_PART:]
            self._received[0].take(len(part))
            super().data_received(part)
        if not isinstance(self._transport, asyncio.Transport) or self._transport.is_closing():
            return
        if self._unread:
            self._transport.pause_reading()
            self._next = loop.call_later(seconds, self._read)
        else:
            self._transport.resume_reading()

    def _stop(self) -> None:
        self._unread = b""
        if self._next is not None:
            self._next.cancel()

    def process_packet(self, pkttype: int, pktid: int, packet: SSHPacket) -> Any:
        """Count login requests as they arrive, whether or not they are answered."""
        if pkttype == MSG_KEXINIT:
            return self._agree(pktid, packet)
        if pkttype == MSG_USERAUTH_REQUEST:
            self._requests += 1
            if self._requests > admission.REQUESTS:
                self.disconnect(DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "too many requests to log in")
                return True
        return super().process_packet(pkttype, pktid, packet)

    async def _agree(self, pktid: int, packet: SSHPacket) -> None:
        """Agree on algorithms; ignore a key exchange that the client started on a wrong guess.

        A guess is wrong if either side prefers another algorithm (RFC 4253, 7.1). asyncssh takes it as right if both
        sides merely support it; Dropbear's client, which guesses, does not.
        """
        said = SSHPacket(packet.get_full_payload()[1:])
        said.get_bytes(16)
        wanted = [said.get_namelist()[:1] for _list in range(10)][:2]
        is_guessed = said.get_boolean()
        agreeing: Any = super().process_packet(MSG_KEXINIT, pktid, packet)
        await agreeing
        ours = [[KEY_EXCHANGES[0].encode()], [SIGNATURES[0].encode()]]
        self._ignore_first_kex = is_guessed and wanted != ours

    def send_packet(self, pkttype: int, *args: bytes, handler: Any = None) -> None:
        """Send a packet, without the empty one asyncssh puts before each to help ciphers that are not offered here."""
        if pkttype != MSG_IGNORE:
            super().send_packet(pkttype, *args, handler=handler)

    def log_received_packet(self, pkttype: int, pktid: int | None, packet: Any, note: str = "") -> None:
        """Count a message."""
        self._received[1].take(1)

    async def reload_config(self) -> None:
        """Keep the options: they are the same for everybody."""

    def _login_timer_callback(self) -> None:
        """End a connection that took too long to log in."""
        self.guarded.timed_out("no login")
        super()._login_timer_callback()

    def _keepalive_timer_callback(self) -> None:
        """Ask a silent client whether it is there, or end the connection if it was asked too often."""
        if self._keepalive_count >= self._keepalive_count_max:
            self.guarded.timed_out("no answer")
        super()._keepalive_timer_callback()

    async def is_alive(self) -> bool:
        """Return whether the client answers a keepalive request; a refusal is an answer, too."""
        with suppress(TimeoutError, OSError, asyncssh.Error):
            await asyncio.wait_for(self._make_global_request(b"keepalive@openssh.com"), _ALIVE_SECONDS)
            return self._transport is not None
        return False

    def pause_writing(self) -> None:
        """Note that the client does not read."""
        self.guarded.clogged(True)

    def resume_writing(self) -> None:
        """Note that the client reads again."""
        self.guarded.clogged(False)


class LimitedChannel(asyncssh.SSHServerChannel[bytes]):
    """The channel of a screen: keeps few of the client's variables, and refuses X11 and agent forwarding.

    refusals: what was refused, to be told to the client.
    """

    def __init__(self, connection: LimitedConnection) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(connection, loop, True, False, False, 0, 0, None, "strict", WINDOW, WINDOW)
        self.connection = connection
        self.refusals: list[str] = []

    def log_received_packet(self, pkttype: int, pktid: int | None, packet: Any, note: str = "") -> None:
        """Count a message."""
        self.connection.log_received_packet(pkttype, pktid, packet, note)

    def _process_env_request(self, packet: SSHPacket) -> bool:
        """Keep a variable that describes the terminal; refuse all others."""
        name, value = packet.get_string(), packet.get_string()
        packet.check_end()
        known = name.decode("ascii", errors="replace")
        if known in KNOWN_VARIABLES and len(value) <= _LONGEST_VARIABLE:
            self._env[name] = value
            return True
        self.connection.guarded.refused(f"the variable {printable(known, 32)}")
        return False

    def _process_x11_req_request(self, packet: SSHPacket) -> bool:
        """Refuse -X."""
        return self._refuse("X11 forwarding")

    def _process_auth_agent_req_at_openssh_dot_com_request(self, packet: SSHPacket) -> bool:  # type: ignore[override]
        """Refuse -A."""
        return self._refuse("agent forwarding")

    def _refuse(self, what: str) -> bool:
        self.connection.guarded.refused(what)
        if what not in self.refusals:
            self.refusals.append(what)
        return False
