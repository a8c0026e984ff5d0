"""Clients that send one kind of message as fast as they can, on loopback, for a few seconds.

``python flood.py PORT CODE KIND LINES SECONDS``: prints a line once all of them are connected.
"""

import asyncio
import os
import sys
from contextlib import suppress

import asyncssh
from asyncssh.constants import (
    MSG_CHANNEL_DATA,
    MSG_CHANNEL_OPEN,
    MSG_CHANNEL_REQUEST,
    MSG_CHANNEL_WINDOW_ADJUST,
    MSG_DEBUG,
    MSG_GLOBAL_REQUEST,
    MSG_IGNORE,
    MSG_UNIMPLEMENTED,
)
from asyncssh.packet import Boolean, String, UInt32

CHANNEL = UInt32(0)
MESSAGES = {
    "debug": (MSG_DEBUG, Boolean(False), String(""), String("")),
    "ignore": (MSG_IGNORE, String("")),
    "unimplemented": (MSG_UNIMPLEMENTED, UInt32(0)),
    "global-request": (
        MSG_GLOBAL_REQUEST,
        String("tcpip-forward"),
        Boolean(True),
        String("127.0.0.1"),
        UInt32(9),
    ),
    "channel-open": (MSG_CHANNEL_OPEN, String("session"), UInt32(99), UInt32(32768), UInt32(32768)),
    "env": (MSG_CHANNEL_REQUEST, CHANNEL, String("env"), Boolean(False), String("LANG"), String("C")),
    "window-change": (
        MSG_CHANNEL_REQUEST,
        CHANNEL,
        String("window-change"),
        Boolean(False),
        *(UInt32(each) for each in (90, 30, 0, 0)),
    ),
    "signal": (MSG_CHANNEL_REQUEST, CHANNEL, String("signal"), Boolean(False), String("INT")),
    "window-adjust": (MSG_CHANNEL_WINDOW_ADJUST, CHANNEL, UInt32(1)),
    "data": (MSG_CHANNEL_DATA, CHANNEL, String(b" ")),
}
BEFORE_LOGIN = ("debug", "ignore", "unimplemented", "global-request")
_AT_ONCE, _MOST_UNSENT = 200, 1_000_000


async def pour(connection, kind, seconds):
    """Send messages until the time is up or the server has had enough; what it does not read is not piled up."""
    loop, transport = asyncio.get_running_loop(), vars(connection)["_transport"]
    end = loop.time() + seconds
    with suppress(OSError, asyncssh.Error, AttributeError):
        while loop.time() < end:
            if transport.get_write_buffer_size() < _MOST_UNSENT:
                for _number in range(_AT_ONCE):
                    connection.send_packet(*MESSAGES[kind])
            await asyncio.sleep(0.01)


async def line(port, code, kind, seconds, ready):
    """Connect, and pour once all have; `kind` ends in ``-early`` for one that never logs in."""
    is_early = kind.endswith("-early")
    kind = kind.removesuffix("-early")

    class Client(asyncssh.SSHClient):
        def connection_made(self, conn):
            self.connection = conn

        async def password_auth_requested(self):
            if is_early:
                ready.set()
                await pour(self.connection, kind, seconds)
            return code

    options = {"known_hosts": None, "client_keys": None, "agent_path": None, "config": None}
    with suppress(OSError, asyncssh.Error):
        async with asyncssh.connect(
            "127.0.0.1", port, username="flood", client_factory=Client, preferred_auth="password", **options
        ) as connection:
            process = await connection.create_process(term_type="xterm-256color", encoding=None)
            await process.stdout.read(1)
            ready.set()
            await pour(connection, kind, seconds)
            connection.abort()


async def main(port, code, kind, lines, seconds):
    ready = [asyncio.Event() for _number in range(int(lines))]
    tasks = [asyncio.create_task(line(int(port), code, kind, float(seconds), each)) for each in ready]
    await asyncio.gather(*(each.wait() for each in ready))
    sys.stdout.write("flooding\n")
    sys.stdout.flush()
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    os.nice(5)  # who floods has a machine of their own
    asyncio.run(main(*sys.argv[1:]))
