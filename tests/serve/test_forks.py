"""Processes forked for learners are children of the server's, in whichever way they were forked."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the warm process is forked on Linux")

_PROGRAM = """
import os, random, signal, sys, time
from gdsim.serve import forks
from gdsim.serve.confine import adopt_orphans
adopt_orphans()
server = os.getpid()
read, write = os.pipe()
warm = os.fork()
if warm == 0:
    if sys.argv[1] == "adopted":
        forks._CLONE = {}
    for status in (7, 8):
        if forks.fork_of(server) == 0:
            line = " ".join(map(str, (os.getpid(), os.getppid() == server, random.random())))
            os.write(write, (line + "\\n").encode())
            os._exit(status)
    painted = forks.fork_of(server)
    if painted == 0:
        if forks.fork_of(server) == 0:
            os.write(write, f"{os.getpid()} {os.getppid() == server} {random.random()}\\n".encode())
            os._exit(9)
        os._exit(0)
    os._exit(0)
os.waitpid(warm, 0)
ended = {}
try:
    while True:
        pid, status = os.waitpid(-1, 0)
        ended[pid] = os.waitstatus_to_exitcode(status)
except ChildProcessError:
    pass
os.close(write)
lines = [line.split() for line in os.read(read, 65536).decode().splitlines()]
print(sorted(ended[int(pid)] for pid, _is_child, _drawn in lines))
print({is_child for _pid, is_child, _drawn in lines})
print(len({drawn for _pid, _is_child, drawn in lines}))
"""


@pytest.mark.parametrize("way", ["sisters", "adopted"])
def test_a_fork_is_a_child_of_the_server(way):
    """One forked as a sister, and one whose parent ends at once; from the warm process and from another fork.

    The server is told how each ended, and what each draws at random is its own.
    """
    command = [sys.executable, "-c", _PROGRAM, way]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert said.splitlines() == ["[7, 8, 9]", "{'True'}", "3"]
