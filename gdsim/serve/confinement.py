"""Confines a learner's process: sets its user and resource limits, and makes it end with the server."""

from __future__ import annotations

import ctypes
import fcntl
import multiprocessing
import os
import pwd
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import wait
from pathlib import Path
from types import FrameType

_MEMORY = 512 * 2**20
"""Bytes of address space a learner's process may add to what it had after the fork."""

_FILES = 64
_BUSY_SECONDS = 20
"""Seconds of processor time a process may use without returning to its event loop; then it is ended."""

_FRAMES = 10
"""Calls logged, innermost last, of a process that is about to be ended."""

_NICE = 5
"""Niceness added to learners' processes, so that they give way to the server."""

_CLONE_NEWNET = 0x40000000
_SET_NO_NEW_PRIVS = 38

_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONHOME", "SYSTEMROOT", "TMPDIR")
"""Environment variables that the server keeps; Textual reads none of them."""


def unprivileged_user() -> pwd.struct_passwd | None:
    """Return the user learners' processes run as: nobody if the server is root, else None for the server's own user."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def clean_environment() -> dict[str, str]:
    """Return the environment for the server's processes, without variables that configure a terminal or Textual."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # One thread each: the machine serves many learners, and threads do not survive a fork.
    return kept | dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def leave_network() -> bool:
    """Cut this process and its future forks off from every network; return whether that was allowed."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET) == 0)


def become(user: pwd.struct_passwd) -> None:
    """Run as `user` from now on, permanently."""
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def die_with_server() -> None:
    """End when the server ends, however it ends: the server's end of a pipe closes then.

    The kernel sends the signal, so a busy or stopped process ends, too.
    """
    server = multiprocessing.parent_process()
    if server is None:
        return
    fcntl.fcntl(server.sentinel, fcntl.F_SETOWN, os.getpid())
    if sys.platform == "linux":
        fcntl.fcntl(server.sentinel, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(server.sentinel, fcntl.F_SETFL, os.O_RDONLY | os.O_ASYNC)
    if wait([server.sentinel], 0):
        os._exit(1)


def confine(processes: int | None) -> None:
    """Give up every right a learner's process does not need.

    processes: how many its user may have, None if that is the server's own.
    """
    os.nice(_NICE)
    if sys.platform == "linux":
        _prctl(_SET_NO_NEW_PRIVS, 1)
        size = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        _set(resource.RLIMIT_AS, size + _MEMORY)
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_FSIZE, 0)
    _set(resource.RLIMIT_NOFILE, _FILES)
    if processes is not None:
        _set(resource.RLIMIT_NPROC, processes)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    allow_time()


def warn_of_end(warn: Callable[[], None]) -> None:
    """Call `warn` when half of the granted processor time is used up without a return to the event loop.

    stderr, which the server logs, says where the process is then.
    """

    def half_used(_number: int, frame: FrameType | None) -> None:
        traceback.print_stack(frame, _FRAMES, sys.__stderr__)  # Textual has taken sys.stderr
        warn()

    signal.signal(signal.SIGPROF, half_used)


def allow_time(seconds: int = _BUSY_SECONDS) -> None:
    """Grant more processor time; a process that does not ask again in time is warned, then ended."""
    if signal.getsignal(signal.SIGPROF) is not signal.SIG_DFL:
        signal.setitimer(signal.ITIMER_PROF, seconds / 2)
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
