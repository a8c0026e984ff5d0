"""The files that come with gdsim for running a workshop: each is tried, as far as this machine lets it."""

import contextlib
import copy
import os
import random
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
from over_ssh import Workshop, needs_ssh, until

import gdsim
from gdsim.cli.parser import build_parser

DEPLOY = Path(gdsim.__file__).parent / "serve" / "deploy"


def needs(command):
    return pytest.mark.skipif(shutil.which(command) is None, reason=f"{command} is not installed")


def parsed(arguments):
    """Return what the command line makes of arguments."""
    return build_parser().parse_args(arguments)


@needs("systemd-analyze")
def test_systemd_takes_the_unit(tmp_path):
    """systemd-analyze verify has nothing to say, once the program is where the unit has it."""
    text = (DEPLOY / "gdsim-serve.service").read_text()
    unit = tmp_path / "gdsim-serve.service"
    unit.write_text(text.replace("/opt/gdsim/bin/gdsim", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_s_command_is_one_there_is():
    """The options of the unit, and those its comment shows, are options of gdsim serve."""
    text = (DEPLOY / "gdsim-serve.service").read_text()
    command = re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)[1]
    more = re.search(r"GDSIM_OPTIONS=(.*)$", text, re.MULTILINE)[1]
    _program, *arguments = shlex.split(command.replace("$GDSIM_OPTIONS", more).replace("${STATE_DIRECTORY}", "/state"))
    options = parsed(arguments)
    assert (options.host, options.port, options.handouts) == ("0.0.0.0", 2222, Path("/state/handouts"))


def test_the_container_s_command_is_one_there_is():
    """The entry point, followed by the options its comment shows; what is copied and installed is there."""
    text = (DEPLOY / "Containerfile").read_text()
    entry = re.findall(r'"([^"]*)"', re.search(r"^ENTRYPOINT (.*)$", text, re.MULTILINE)[1])
    more = re.search(r"gdsim-serve (--code .*)$", text, re.MULTILINE)[1]
    options = parsed([*entry[1:], *shlex.split(more)])
    assert (entry[0], options.host_key) == ("gdsim", Path("/data/host_key"))
    assert "cluster" in (Path(gdsim.__file__).parents[1] / "pyproject.toml").read_text()


@needs_ssh
def test_the_container_s_command_serves(tmp_path):
    """With the paths of the volume on this machine: the key is kept, a learner gets in."""
    text = (DEPLOY / "Containerfile").read_text()
    entry = re.findall(r'"([^"]*)"', re.search(r"^ENTRYPOINT (.*)$", text, re.MULTILINE)[1])
    arguments = [
        each.replace("/data", str(tmp_path / "volume")) for each in entry[2:] if each not in ("--port", "2222")
    ]
    with Workshop(tmp_path, *arguments, "mazur") as workshop, workshop.ssh() as terminal:
        terminal.until("before the first update")
        assert (tmp_path / "volume" / "host_key").stat().st_mode & 0o777 == 0o600


@contextlib.contextmanager
def balancer(folder, ports):
    """HAProxy with the configuration that is shipped, but for its addresses; its own port."""
    text = (DEPLOY / "haproxy.cfg").read_text()
    for name, port in zip(("one", "two"), ports, strict=True):
        text, count = re.subn(rf"server {name} \S+", f"server {name} 127.0.0.1:{port}", text)
        assert count == 1
    for _try in range(20):
        own = random.randrange(20_000, 32_000)  # no system hands these out to outgoing connections
        config = folder / "haproxy.cfg"
        config.write_text(text.replace("bind :2222", f"bind 127.0.0.1:{own}"))
        process = subprocess.Popen(["haproxy", "-db", "-f", config], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", own), 1) as line:
                line.settimeout(5)
                if line.recv(64).startswith(b"SSH-2.0-gdsim"):
                    break
            time.sleep(0.05)
        else:
            process.kill()
            process.wait(20)
            continue
        try:
            yield own
        finally:
            process.kill()
            process.wait(20)
        return
    raise AssertionError("haproxy did not start")


@needs("haproxy")
@needs_ssh
def test_hosts_behind_haproxy(tmp_path, redis_server):
    """A learner whose host is killed logs in again at the same address, and is at another host where she was."""
    redis = pytest.importorskip("redis")
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    shared = ["mazur", "--bus", redis_server.url, "--proxy-protocol", "127.0.0.1", "--host-key", tmp_path / "key"]
    with (
        Workshop(folders[0], *shared) as one,
        Workshop(folders[1], *shared) as two,
        balancer(tmp_path, (one.port, two.port)) as port,
    ):
        client = copy.copy(one)
        client.port = port
        with client.ssh("-b", "127.0.0.2", name="maria") as maria:
            maria.until("before the first update")
            maria.send("    ")
            maria.until("update 4 ·")
            until(lambda: any("maria: joined as learner from 127.0.0.2\n" in each.logged for each in (one, two)))
            host = one if "maria: joined" in one.logged else two
            other = two if host is one else one
            kept = redis.Redis.from_url(redis_server.url)
            until(lambda: b'update\\":4' in (kept.hget("gdsim:workshop:values", "member/maria") or b""))
            kept.close()
            for pid in [host.process.pid, *host.processes]:
                os.kill(pid, signal.SIGKILL)
            host.stop()
            assert maria.ended() != 0
        with client.ssh("-b", "127.0.0.3", name="maria") as maria:
            maria.until("update 4 ·")
            until(lambda: "maria: joined as learner from 127.0.0.3" in other.logged)


@needs("redis-server")
def test_redis_takes_its_configuration(tmp_path):
    """redis-server starts with it, at another address; it wants the password, and writes nothing."""
    text = (
        (DEPLOY / "redis.conf").read_text().replace("bind 10.0.0.20", "bind 127.0.0.1").replace("port 6379", "port 0")
    )
    config = tmp_path / "redis.conf"
    config.write_text(f"{text}\nunixsocket {tmp_path}/redis.sock\ndir {tmp_path}\n")
    with subprocess.Popen(["redis-server", config], stdout=subprocess.DEVNULL) as process:
        try:
            until(lambda: process.poll() is not None or (tmp_path / "redis.sock").exists())
            with socket.socket(socket.AF_UNIX) as line:
                line.connect(str(tmp_path / "redis.sock"))
                line.sendall(b"PING\r\n")
                assert line.recv(100).startswith(b"-NOAUTH")
                line.sendall(b"AUTH PASSWORD\r\nSET a b\r\n")
                answer = b""
                while answer.count(b"+OK") < 2:
                    answer += line.recv(100)
        finally:
            process.terminate()
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".sock") == ["redis.conf"]


def test_files_are_in_the_package():
    """They are found beside the code, wherever it is installed."""
    names = {path.name for path in DEPLOY.iterdir()}
    assert names == {"gdsim-serve.service", "Containerfile", "haproxy.cfg", "redis.conf"}
