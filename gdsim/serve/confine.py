"""What a learner's process may do, which is little: its user, its limits, its end with the server's."""

from __future__ import annotations

import ctypes
import os
import pwd
import resource
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_MEMORY = 512 * 2**20
"""Bytes of address space a learner's process may add to what it was forked with."""

_FILES = 64
_BUSY_SECONDS = 20
"""Seconds of processor time after which a process that has not come back to its loop is ended."""

_NICE = 5
"""Learners' processes give way to the one that serves all."""

_CLONE_NEWNET = 0x40000000
_SET_PDEATHSIG, _SET_CHILD_SUBREAPER, _SET_NO_NEW_PRIVS = 1, 36, 38

_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONHOME", "SYSTEMROOT")
"""Variables of the server's environment that its processes get; none that Textual reads is among them."""


@dataclass(frozen=True, slots=True)
class Guest:
    """The user learners' processes run as. name: empty for the server's own, who then is not root."""

    name: str
    uid: int
    gid: int


def can_fork_warm() -> bool:
    """Whether this system lets a process of the server adopt and outlive its children's own."""
    return sys.platform == "linux"


def guest() -> Guest:
    """Return the user learners' processes run as: nobody when the server is root, else the server's own."""
    if os.geteuid() != 0:
        return Guest("", os.getuid(), os.getgid())
    entry = pwd.getpwnam("nobody")
    return Guest(entry.pw_name, entry.pw_uid, entry.pw_gid)


def clean_environment() -> dict[str, str]:
    """Return the environment for the server's processes: nothing of what a terminal or Textual would be told by."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # One thread each: the machine has many learners, and a thread would not live through a fork.
    return kept | dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def adopt_orphans() -> None:
    """Become the parent of processes whose own has ended, so that they can be waited for, and killed by number."""
    if sys.platform == "linux":
        _prctl(_SET_CHILD_SUBREAPER, 1)


def leave_network() -> bool:
    """Take this process and those it will fork off every network; return whether that was allowed."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET) == 0)


def become(user: Guest) -> None:
    """Run as a guest from here on, for good."""
    if user.name:
        os.setgroups([])
        os.setgid(user.gid)
        os.setuid(user.uid)


def die_with(parent: int) -> None:
    """End when the process `parent`, which has to be this one's parent by now or soon, does."""
    deadline = time.monotonic() + 5
    while os.getppid() != parent:
        if time.monotonic() > deadline:
            os._exit(1)
        time.sleep(0.0002)
    if sys.platform == "linux":
        _prctl(_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def limit(user: Guest, processes: int) -> None:
    """Set the limits of one learner's process.

    processes: of all learners together, where they have a user of their own.
    """
    os.nice(_NICE)
    if sys.platform == "linux":
        _prctl(_SET_NO_NEW_PRIVS, 1)
        size = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        _set(resource.RLIMIT_AS, size + _MEMORY)
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_FSIZE, 0)
    _set(resource.RLIMIT_NOFILE, _FILES)
    if user.name:
        _set(resource.RLIMIT_NPROC, processes)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    allow_time()


def allow_time(seconds: int = _BUSY_SECONDS) -> None:
    """Grant more processor time; a process that does not come back to ask again is ended."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _set(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
