"""`gdsim serve` from start to end: checks the options, listens, and shuts down."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import resource
import signal
import socket
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import asyncssh
from platformdirs import user_data_path

from gdsim.classroom.bus import Bus, NoBus
from gdsim.errors import GdsimError, UsageError
from gdsim.serve import admission
from gdsim.serve.connections import Connections
from gdsim.serve.listener import Listener
from gdsim.serve.log import Log, log_to
from gdsim.serve.options import ServeOptions
from gdsim.serve.ssh import INSTRUCTOR, accept
from gdsim.serve.workers import Ready, Workers

log = logging.getLogger(__name__)

_BACKLOG = 512
_ALGORITHM = "ssh-ed25519"


def serve(options: ServeOptions) -> int:
    """Serve a workshop until SIGINT, SIGTERM or SIGHUP, and return the exit status. Raises GdsimError."""
    options = _settled(options)
    handler = log_to(options.log)
    key, authorized = host_key(options.host_key), _authorized(options.authorized_keys)
    with suppress(OSError, ValueError):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        return asyncio.run(_serve(options, key, authorized, handler))
    finally:
        logging.getLogger("gdsim").removeHandler(handler)
        handler.close()


async def _serve(
    options: ServeOptions, key: asyncssh.SSHKey, authorized: asyncssh.SSHAuthorizedKeys | None, handler: Log
) -> int:
    loop = asyncio.get_running_loop()
    signals: asyncio.Queue[int] = asyncio.Queue()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, signals.put_nowait, number)
    workers = Workers(options)
    try:
        ready = await workers.begin()
        connections = Connections(options, workers, _bus(options), ready)
        handler.told = lambda problem: loop.call_soon_threadsafe(connections.log_fails, problem)
        await connections.workshop.open()
        server = await _listen(
            options, partial(Listener, connections.limiter, options.balancers, accept(connections, key, authorized))
        )
        port = server.sockets[0].getsockname()[1]
        print("\n".join(_welcome(options, ready, key, port)), flush=True)  # noqa: T201
        log.info("%s: the workshop ends", signal.Signals(await signals.get()).name)
        server.close()
        workers.stop()
        await connections.close()
        await asyncio.sleep(0.2)  # let the last bytes go out
        handler.told = lambda _problem: None
        connections.limiter.abort_all()
        await asyncio.sleep(0)
    finally:
        workers.close()
        await asyncio.sleep(0)  # let its pipe close
    return 0


def _bus(options: ServeOptions) -> Bus:
    if not options.bus:
        return NoBus()
    from gdsim.classroom.redis_bus import RedisBus

    return RedisBus(options.bus, options.room)


async def _listen(options: ServeOptions, listener: partial[Listener]) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    try:
        return await loop.create_server(listener, options.host, options.port, backlog=_BACKLOG)
    except (OSError, socket.gaierror) as error:
        what = f"cannot listen there: {error.strerror or error}"
        raise GdsimError(f"{options.host}:{options.port}", what, "another --host or --port") from None


def _settled(options: ServeOptions) -> ServeOptions:
    """Return the options with codes filled in and paths made absolute. Raises UsageError."""
    code, instructor = options.code or admission.new_code(), options.instructor_code or admission.new_code()
    if admission.is_code(code, instructor):
        raise UsageError("--instructor-code", "is the learners' code", "another one")
    scenarios = tuple(str(Path(name).resolve()) if name.endswith(".toml") else name for name in options.scenarios)
    return replace(
        options,
        code=code,
        instructor_code=instructor,
        scenarios=scenarios,
        folder=None if options.folder is None else options.folder.resolve(),
        course=None if options.course is None else options.course.resolve(),
        handouts=options.handouts.resolve(),
    )


def is_loopback(host: str) -> bool:
    """Whether an address can be reached only from this machine."""
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
    """Return the lines printed for the instructor at the start."""
    host = options.host
    shown = socket.gethostname() if host in ("0.0.0.0", "::", "") else host
    command = f"ssh -p {port} NAME@{shown}"
    lines = [
        f"gdsim serve: listening on {host}:{port}",
        f"  learners      {command}    " + ("no code" if options.is_open else f"code {options.code}"),
        f"  instructor    {command.replace('NAME', INSTRUCTOR)}    code {options.instructor_code}",
        f"  fingerprint   {key.get_fingerprint()} (ED25519)",
    ]
    if options.authorized_keys is not None:
        lines.append(f"  keys          those in {options.authorized_keys} are let in without a code")
    kept = "have no network" if ready.is_off_network else "are NOT cut off from the network: that needs root on Linux"
    user = f"run as the user {ready.user}" if ready.user else "run as this user"
    lines.append(f"  screens       {user} and {kept}")
    lines.append("ctrl+c ends the workshop")
    return lines


def host_key(path: Path | None) -> asyncssh.SSHKey:
    """Return the server's host key, created if there is none yet; only its owner can read the file.

    path: None for the one in the user's data folder. Raises GdsimError for a file that cannot be read or written, or
    that holds no usable key.
    """
    path = path or user_data_path("gdsim") / "serve_host_key"
    try:
        if not path.exists():
            _keep(path, asyncssh.generate_private_key(_ALGORITHM).export_private_key())
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        key = asyncssh.import_private_key(path.read_bytes())
    except OSError as error:
        what = f"cannot be {'read' if path.exists() else 'written'}: {error.strerror}"
        raise GdsimError(str(path), what, "another file for --host-key") from None
    except asyncssh.KeyImportError as error:
        raise GdsimError(str(path), f"is not a private key without a passphrase: {error}", "--host-key FILE") from None
    if key.get_algorithm() != _ALGORITHM:
        raise GdsimError(
            str(path), f"is a key of the kind {key.get_algorithm()}", f"--host-key with one of {_ALGORITHM}"
        )
    return key


def _keep(path: Path, key: bytes) -> None:
    """Write a key under a temporary name first, so that a file called `path` is always complete."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
    try:
        os.link(draft, path)  # fails if another server was quicker: its key is as good
    except FileExistsError:
        pass
    finally:
        draft.unlink()
