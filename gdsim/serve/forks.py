"""A fork for a learner, adopted by the server."""

from __future__ import annotations

import json
import os
import socket

from gdsim.serve.confine import die_with

LONGEST_REQUEST = 65_536


def fork_for(number: int, control: socket.socket, server: int, descriptors: list[int]) -> bool:
    """Fork a process for request `number` of the server's, which adopts it; return whether this is it.

    The server is told its number; there the socket of messages to the server is closed, elsewhere its descriptors.
    """
    read, write = os.pipe()
    between = os.fork()
    if between == 0:
        pid = os.fork()
        if pid:
            os.write(write, pid.to_bytes(8, "big"))
            os._exit(0)
        for each in (read, write):
            os.close(each)
        control.close()
        die_with(server)
        for each in descriptors:
            os.set_blocking(each, False)
        return True
    os.close(write)
    for each in descriptors:
        os.close(each)
    told = os.read(read, 8)
    os.close(read)
    say(control, {"spawned": number, "pid": int.from_bytes(told, "big")})
    os.waitpid(between, 0)
    return False


def say(control: socket.socket, message: dict[str, object]) -> None:
    """Send the server a message."""
    control.sendall(json.dumps(message).encode())
