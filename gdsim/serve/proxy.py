"""The PROXY protocol, version 2: a balancer says before everything else from where a connection came to it.

https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
_HEAD = 16
LONGEST = 1024
"""Bytes of a header that is read: addresses and what a balancer may add."""

_VERSION = 2
_LOCAL, _PROXY = 0, 1
_TCP4, _TCP6 = 0x11, 0x21


class NoHeader(Exception):  # noqa: N818
    """What came is no header."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header: where the connection came from, empty for the balancer's own; and how many bytes it takes."""

    address: str
    length: int


def header(data: bytes) -> Header | None:
    """Return the header that `data` begins with, None while it is not complete. Raises NoHeader."""
    if data[: len(SIGNATURE)] != SIGNATURE[: len(data)]:
        raise NoHeader
    if len(data) < _HEAD:
        return None
    version, command = data[12] >> 4, data[12] & 15
    family, length = data[13], int.from_bytes(data[14:16], "big")
    if version != _VERSION or command not in (_LOCAL, _PROXY) or _HEAD + length > LONGEST:
        raise NoHeader
    if len(data) < _HEAD + length:
        return None
    if command == _LOCAL:
        return Header("", _HEAD + length)
    size = {_TCP4: 4, _TCP6: 16}.get(family)
    if size is None or length < 2 * size + 4:
        raise NoHeader
    return Header(str(ipaddress.ip_address(data[_HEAD : _HEAD + size])), _HEAD + length)
