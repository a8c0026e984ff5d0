"""``gdsim serve``: a workshop over SSH."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from importlib.util import find_spec
from pathlib import Path

from gdsim.cli.command import Command
from gdsim.cli.scenario_options import SCENARIO, count
from gdsim.errors import UsageError

_INSTALL = "pip install 'gdsim[serve]'"


def _options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "scenarios", metavar=SCENARIO, nargs="*", help="what learners may open, by name or file; none: all there are"
    )
    where = parser.add_argument_group("where")
    where.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1); 0.0.0.0 for all")
    where.add_argument("--port", type=_port, default=2222, metavar="N", help="port to listen on (2222); 0 for any")
    where.add_argument(
        "--proxy-protocol",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="a balancer at this address says where connections come from; nobody else may connect; may be repeated",
    )
    who = parser.add_argument_group("who gets in")
    who.add_argument("--code", default="", help="what learners say to get in; made up when not given")
    who.add_argument("--instructor-code", default="", metavar="CODE", help="what the instructor says instead")
    who.add_argument("--authorized-keys", type=Path, metavar="FILE", help="public keys that get in without a code")
    who.add_argument("--open", action="store_true", help="let learners in without a code")
    who.add_argument("--yes-open", action="store_true", help="do so on an address others can reach")
    who.add_argument("--max-learners", type=_some, default=100, metavar="N", help="learners at a time (100)")
    who.add_argument(
        "--idle-timeout", type=count, default=3600, metavar="SECONDS", help="without a key, then the line ends (3600)"
    )
    several = parser.add_argument_group("several servers, one room")
    several.add_argument("--bus", default="", metavar="URL", help="address of a Redis they share: redis://HOST:6379/0")
    several.add_argument("--room", default="workshop", metavar="NAME", help="which room of that Redis (workshop)")
    kept = parser.add_argument_group("files")
    kept.add_argument("--host-key", type=Path, metavar="FILE", help="private key of the server; made and kept if none")
    kept.add_argument("--scenarios", dest="folder", type=Path, metavar="FOLDER", help="scenarios to serve, no others")
    kept.add_argument("--handouts", type=Path, metavar="FOLDER", help="where hand-outs are written (this folder)")
    kept.add_argument("--log", type=Path, metavar="FILE", help="write down who came and what was refused (stderr)")


def _act(options: Namespace) -> int:
    if find_spec("asyncssh") is None:
        raise UsageError("gdsim serve", "asyncssh is not installed", _INSTALL)
    from gdsim.serve.options import ServeOptions
    from gdsim.serve.serving import is_loopback, serve

    if options.open and not options.yes_open and not is_loopback(options.host):
        raise UsageError("--open", f"anybody who reaches {options.host} gets in", "add --yes-open if that is meant")
    if options.bus and find_spec("redis") is None:
        raise UsageError("--bus", "redis is not installed", "pip install 'gdsim[cluster]'")
    if options.folder is not None and not options.folder.is_dir():
        raise UsageError("--scenarios", f"{options.folder} is no folder", "a folder of .toml files")
    return serve(
        ServeOptions(
            scenarios=tuple(options.scenarios),
            folder=options.folder,
            host=options.host,
            port=options.port,
            code=options.code,
            instructor_code=options.instructor_code,
            authorized_keys=options.authorized_keys,
            is_open=options.open,
            host_key=options.host_key,
            max_learners=options.max_learners,
            idle_timeout=options.idle_timeout,
            log=options.log,
            bus=options.bus,
            room=options.room,
            handouts=options.handouts,
            balancers=tuple(options.proxy_protocol),
        )
    )


def _port(text: str) -> int:
    number = count(text)
    if number > 65_535:
        raise ArgumentTypeError(f"found {text}, a port is at most 65535")
    return number


def _some(text: str) -> int:
    number = count(text)
    if number < 1:
        raise ArgumentTypeError("at least 1 is expected")
    return number


COMMAND = Command(
    "serve",
    "serve scenarios to a room of learners over SSH",
    (
        "gdsim serve mountain-descent",
        "gdsim serve --host 0.0.0.0 --code amber-otter-lamp --scenarios lectures/week-1 --log workshop.log",
    ),
    _options,
    _act,
)
