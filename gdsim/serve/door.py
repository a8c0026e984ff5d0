"""Where connections arrive: counted, turned away while there are too many, and handed to SSH with their address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from gdsim.serve import gate
from gdsim.serve.gate import Failures, Limits, Lines
from gdsim.serve.log import Log
from gdsim.serve.proxy import Header, NoHeader, header

_HEADER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """A connection that was let in: its number among all, and the address it came from."""

    number: int
    address: str


class Doorkeeper:
    """Knows every connection there is, and the wrong codes of late."""

    def __init__(self, limits: Limits, log: Log) -> None:
        self.lines = Lines()
        self.failures = Failures()
        self._limits, self._log = limits, log
        self._transports: dict[int, asyncio.Transport] = {}
        self._number = 0

    def arrive(self, address: str, transport: asyncio.Transport) -> Arrival | None:
        """Let a connection in; None where it has to be turned away."""
        why = gate.to_refuse(self.lines, address, self._limits)
        oldest = gate.to_drop(self.lines, address) if why else None
        if oldest is not None:
            self._log.often("dropped", f"{self.lines.addresses[oldest]}: dropped, it said nothing and others wait")
            transport_of_oldest = self._transports.get(oldest)
            self.closed(oldest)
            if transport_of_oldest is not None:
                transport_of_oldest.abort()
            why = gate.to_refuse(self.lines, address, self._limits)
        if why:
            self._log.often("refused", f"{address}: refused, {why}")
            return None
        self._number += 1
        self._transports[self._number] = transport
        self.lines = self.lines.opened(self._number, address)
        return Arrival(self._number, address)

    def spoken(self, number: int) -> None:
        """Note that a connection said who it is."""
        self.lines = self.lines.spoken(number)

    def admitted(self, number: int) -> None:
        """Note that a connection has logged in."""
        self.lines = self.lines.admitted(number)

    def closed(self, number: int) -> None:
        """Note that a connection is over."""
        self.lines = self.lines.closed(number)
        self._transports.pop(number, None)

    def abort_all(self) -> None:
        """Cut every connection."""
        for transport in list(self._transports.values()):
            transport.abort()


class Door(asyncio.Protocol):
    """A connection before SSH has it.

    balancers: addresses that begin with a header of the PROXY protocol, and nobody else may connect; empty for none.
    """

    def __init__(
        self,
        keeper: Doorkeeper,
        balancers: tuple[str, ...],
        serve: Callable[[Arrival, asyncio.Transport, bytes], None],
        log: Log,
    ) -> None:
        self._keeper, self._balancers, self._serve, self._log = keeper, balancers, serve, log
        self._transport: asyncio.Transport | None = None
        self._data = b""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the connection in, or wait for its header."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if peer else "?"
        if not self._balancers:
            self._let_in(address, b"")
        elif address in self._balancers:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_HEADER_SECONDS, self._turn_away, f"{address}: no PROXY header came")
        else:
            self._turn_away(f"{address}: refused, it is no balancer")

    def data_received(self, data: bytes) -> None:
        """Read the header."""
        self._data += data
        try:
            found: Header | None = header(self._data)
        except NoHeader:
            self._turn_away("a balancer's connection without a PROXY header was refused")
            return
        if found is not None:
            self._stop_timer()
            peer = self._transport.get_extra_info("peername") if self._transport else None
            self._let_in(found.address or str(peer[0] if peer else "?"), self._data[found.length :])

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stop_timer()

    def _let_in(self, address: str, data: bytes) -> None:
        assert self._transport is not None
        arrival = self._keeper.arrive(address, self._transport)
        if arrival is None:
            self._transport.write(b"gdsim serve: too many connections; try again in a minute\r\n")
            self._transport.close()
        else:
            self._serve(arrival, self._transport, data)

    def _turn_away(self, why: str) -> None:
        self._stop_timer()
        self._log.often("door", why)
        if self._transport is not None:
            self._transport.abort()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
