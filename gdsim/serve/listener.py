"""Where connections arrive: counts them, refuses them while there are too many, and hands them on to SSH.

Behind a load balancer a connection begins with a PROXY protocol header, version 2, which holds the client's address
(https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt).
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress

from gdsim.serve.admission import Arrival, Limiter

log = logging.getLogger(__name__)

_HEADER_SECONDS = 5.0
_RECEIVE_BUFFER = 32_768
SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
_HEAD = 16
LONGEST = 1024
"""Bytes of a header at most: addresses and what a balancer may add."""

_VERSION = 2
_LOCAL, _PROXY = 0, 1
_TCP4, _TCP6 = 0x11, 0x21


class NoHeader(Exception):  # noqa: N818
    """The data is not a PROXY header."""


def header(data: bytes) -> tuple[str, bytes] | None:
    """Return the client's address, empty for a connection of the balancer's own, and the data after the header.

    None while the header is incomplete. Raises NoHeader.
    """
    if data[: len(SIGNATURE)] != SIGNATURE[: len(data)]:
        raise NoHeader
    if len(data) < _HEAD:
        return None
    version, command = data[12] >> 4, data[12] & 15
    family, length = data[13], int.from_bytes(data[14:16], "big")
    if version != _VERSION or command not in (_LOCAL, _PROXY) or _HEAD + length > LONGEST:
        raise NoHeader
    rest = data[_HEAD + length :]
    if len(data) < _HEAD + length:
        return None
    if command == _LOCAL:
        return "", rest
    size = {_TCP4: 4, _TCP6: 16}.get(family)
    if size is None or length < 2 * size + 4:
        raise NoHeader
    return str(ipaddress.ip_address(data[_HEAD : _HEAD + size])), rest


class Listener(asyncio.Protocol):
    """A connection before SSH takes it over.

    balancers: the only addresses that may connect, each connection with a PROXY header; empty if there are none.
    """

    _transport: asyncio.Transport

    def __init__(self, limiter: Limiter, balancers: Sequence[str], accept: Callable[[Arrival, bytes], None]) -> None:
        self._limiter, self._balancers, self._accept = limiter, balancers, accept
        self._address = "?"
        self._data = b""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit the connection, or wait for its header."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        with suppress(OSError, AttributeError):  # so that a flood is read in small parts
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        peer = transport.get_extra_info("peername")
        address = self._address = str(peer[0]) if peer else "?"
        if not self._balancers:
            self._let_in(address, b"")
        elif address in self._balancers:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_HEADER_SECONDS, self._turn_away, f"{address}: no PROXY header came")
        else:
            self._turn_away(f"{address}: refused: it is not a load balancer")

    def data_received(self, data: bytes) -> None:
        """Read the header."""
        self._data += data
        try:
            found = header(self._data)
        except NoHeader:
            self._turn_away("a balancer's connection without a PROXY header was refused")
            return
        if found is not None:
            self._stop_timer()
            address, rest = found
            self._let_in(address or self._address, rest)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting for a header."""
        self._stop_timer()

    def _let_in(self, address: str, data: bytes) -> None:
        arrival = self._limiter.arrive(address, self._transport)
        if arrival is None:
            self._transport.write(b"gdsim serve: too many connections; try again in a minute\r\n")
            self._transport.close()
        else:
            self._accept(arrival, data)

    def _turn_away(self, why: str) -> None:
        self._stop_timer()
        log.info("%s", why, extra={"kind": "listener"})
        self._transport.abort()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
