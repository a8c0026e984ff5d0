"""Forks whose parent is the server: it waits for them, may kill them by their numbers, and they die with it."""

from __future__ import annotations

import ctypes
import json
import os
import platform
import signal
import socket

from gdsim.serve.confine import die_with

LONGEST_REQUEST = 65_536

_CLONE = {"x86_64": 56, "aarch64": 220}
"""The number of the system call, by the kind of machine."""

_CLONE_PARENT = 0x8000


def fork_for(number: int, control: socket.socket, server: int, descriptors: list[int]) -> bool:
    """Fork a process for request `number` of the server's; return whether this is it.

    The server is told its number. There the socket of messages to the server is closed, elsewhere the descriptors.
    """
    pid = fork_of(server)
    if pid == 0:
        control.close()
        for each in descriptors:
            os.set_blocking(each, False)
        return True
    for each in descriptors:
        os.close(each)
    say(control, {"spawned": number, "pid": pid})
    return False


def fork_of(server: int) -> int:
    """Fork a process that is a child of the server's and dies with it; return its number, 0 in the process itself."""
    pid = _fork_sister() if os.getppid() == server else -1
    if pid < 0:
        pid = _fork_orphan()
    if pid == 0:
        die_with(server)
    return pid


def say(control: socket.socket, message: dict[str, object]) -> None:
    """Send the server a message."""
    control.sendall(json.dumps(message).encode())


def _fork_sister() -> int:
    """Fork a process with the parent this one has; return -1 where that is not to be had.

    It saves a second fork, which costs more than everything else about a new screen. `os.fork` does not know how, so
    what it does before and after the system call is done here. This process has one thread.
    """
    call = _CLONE.get(platform.machine())
    if call is None or not hasattr(ctypes, "pythonapi"):
        return -1
    python, system = ctypes.pythonapi, ctypes.PyDLL(None)  # neither lets go of the interpreter's lock
    system.syscall.restype = ctypes.c_long
    for step in (python.PyOS_BeforeFork, python.PyOS_AfterFork_Child, python.PyOS_AfterFork_Parent):
        step.restype = None
    python.PyOS_BeforeFork()
    pid = int(system.syscall(call, _CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0))
    (python.PyOS_AfterFork_Child if pid == 0 else python.PyOS_AfterFork_Parent)()
    return pid


def _fork_orphan() -> int:
    """Fork a process from one that ends at once, so that the server adopts it."""
    read, write = os.pipe()
    between = os.fork()
    if between == 0:
        pid = os.fork()
        if pid:
            os.write(write, pid.to_bytes(8, "big"))
            os._exit(0)
        os.close(read)
        os.close(write)
        return 0
    os.close(write)
    pid = int.from_bytes(os.read(read, 8), "big")
    os.close(read)
    os.waitpid(between, 0)
    return pid
