"""`gdsim serve` from its first line to its last."""

from __future__ import annotations

import asyncio
import ipaddress
import resource
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import asyncssh

from gdsim.classroom.bus import Bus, MemoryBus
from gdsim.errors import GdsimError, UsageError
from gdsim.serve import gate
from gdsim.serve.confine import can_fork_warm
from gdsim.serve.door import Door, Doorkeeper
from gdsim.serve.front import INSTRUCTOR, Codes, Front, options_for
from gdsim.serve.gate import Limits
from gdsim.serve.hall import Hall
from gdsim.serve.host_key import host_key
from gdsim.serve.log import Log
from gdsim.serve.loops import Loop
from gdsim.serve.options import ServeOptions
from gdsim.serve.starter import Fresh, Ready, Reaper, Warm

_BACKLOG = 512


def serve(options: ServeOptions) -> int:
    """Serve a workshop until SIGINT or SIGTERM, and return the exit status. Raises GdsimError."""
    options = _settled(options)
    log = Log(options.log)
    key, authorized = host_key(options.host_key), _authorized(options.authorized_keys)
    with suppress(OSError, ValueError):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        with asyncio.Runner(loop_factory=Loop) as runner:
            return runner.run(_serve(options, log, key, authorized))
    finally:
        log.close()


async def _serve(
    options: ServeOptions, log: Log, key: asyncssh.SSHKey, authorized: asyncssh.SSHAuthorizedKeys | None
) -> int:
    loop = asyncio.get_running_loop()
    ending: asyncio.Future[int] = loop.create_future()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, _end, ending, number)
    reaper = Reaper(loop)
    starter: Warm | Fresh = (Fresh if options.is_fresh or not can_fork_warm() else Warm)(options, reaper, log)
    keeper = Doorkeeper(Limits.for_learners(options.max_learners), log)
    codes = Codes(
        options.code, options.instructor_code, is_open=options.is_open, has_keys=options.authorized_keys is not None
    )
    try:
        ready = await starter.begin()
        hall = Hall(options, starter, _bus(options), ready.scenarios, log)
        front = Front(codes, hall, keeper, log, options.patience)
        front.options = options_for(front, key, authorized)
        await hall.open()
        server = await _listen(options, partial(Door, keeper, options.balancers, front.serve, log))
        port = server.sockets[0].getsockname()[1]
        print("\n".join(_welcome(options, ready, key, port)), flush=True)  # noqa: T201
        log.say(f"{signal.Signals(await ending).name}: the workshop ends")
        server.close()
        await hall.close()
        await asyncio.sleep(0.2)  # the last bytes are on their way
        keeper.abort_all()
        await asyncio.sleep(0)
    finally:
        await starter.stop()
    return 0


def _bus(options: ServeOptions) -> Bus:
    if not options.bus:
        return MemoryBus()
    from gdsim.classroom.redis_bus import RedisBus

    return RedisBus(options.bus, options.room)


def _end(ending: asyncio.Future[int], number: int) -> None:
    if not ending.done():
        ending.set_result(number)


async def _listen(options: ServeOptions, door: partial[Door]) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    try:
        return await loop.create_server(door, options.host, options.port, backlog=_BACKLOG)
    except (OSError, socket.gaierror) as error:
        what = f"cannot listen there: {error.strerror or error}"
        raise GdsimError(f"{options.host}:{options.port}", what, "another --host or --port") from None


def _settled(options: ServeOptions) -> ServeOptions:
    """Return the options with codes, and paths that hold in any folder. Raises UsageError."""
    code, instructor = options.code or gate.new_code(), options.instructor_code or gate.new_code()
    if gate.is_code(code, instructor):
        raise UsageError("--instructor-code", "is the learners' code", "another one")
    for option, given in (("--code", options.code), ("--instructor-code", options.instructor_code)):
        if given and gate.is_guessable(given):
            sys.stderr.write(f"gdsim serve: {option}: this one can be guessed; three words are better\n")
    scenarios = tuple(str(Path(name).resolve()) if name.endswith(".toml") else name for name in options.scenarios)
    folder = options.folder.resolve() if options.folder is not None else None
    return replace(options, code=code, instructor_code=instructor, scenarios=scenarios, folder=folder)


def is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _authorized(path: Path | None) -> asyncssh.SSHAuthorizedKeys | None:
    if path is None:
        return None
    try:
        return asyncssh.read_authorized_keys(str(path))
    except OSError as error:
        raise GdsimError(str(path), f"cannot be read: {error.strerror}", "--authorized-keys FILE") from None
    except ValueError as error:
        raise GdsimError(str(path), f"holds no keys: {error}", "--authorized-keys FILE") from None


def _welcome(options: ServeOptions, ready: Ready, key: asyncssh.SSHKey, port: int) -> list[str]:
    """Return what the instructor is told at the start."""
    host = options.host
    shown = socket.gethostname() if host in ("0.0.0.0", "::", "") else host
    command = f"ssh -p {port} NAME@{shown}"
    lines = [
        f"gdsim serve: listening on {host}:{port}",
        f"  learners      {command}    " + ("no code" if options.is_open else f"code {options.code}"),
        f"  instructor    {command.replace('NAME', INSTRUCTOR)}    code {options.instructor_code}",
        f"  fingerprint   {key.get_fingerprint()} (ED25519)"
        if key.get_algorithm() == "ssh-ed25519"
        else f"  fingerprint   {key.get_fingerprint()} ({key.get_algorithm()})",
    ]
    if options.authorized_keys is not None:
        lines.append(f"  keys          those in {options.authorized_keys} are let in without a code")
    kept = "have no network" if ready.is_off_network else "are NOT kept off the network: that takes root on Linux"
    user = f"run as the user {ready.user}" if ready.user else "run as this user"
    lines.append(f"  screens       {user} and {kept}")
    lines.append("ctrl+c ends the workshop")
    return lines
