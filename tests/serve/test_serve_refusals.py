"""Nothing else gets in or out: whatever OpenSSH's clients ask for beside a screen is refused, in words, and logged."""

import shutil
import socket
import subprocess

import asyncssh
import pytest
from over_ssh import left_with, needs_ssh, read_until, screen, seated, until

pytestmark = needs_ssh


@pytest.mark.parametrize(
    ("command", "logged"),
    [
        (("ssh", "-p", "PORT", "HOST", "id"), "refused to run a command"),
        (("ssh", "-p", "PORT", "-s", "HOST", "netconf"), "refused the subsystem netconf"),
        (("sftp", "-P", "PORT", "HOST"), "refused the subsystem sftp"),
        (("scp", "-P", "PORT", "HOST:/etc/passwd", "TO"), "refused the subsystem sftp"),
        (("scp", "-O", "-P", "PORT", "HOST:/etc/passwd", "TO"), "refused to run a command"),
        (("scp", "-O", "-P", "PORT", "FROM", "HOST:"), "refused to run a command"),
    ],
    ids=["exec", "subsystem", "sftp", "scp", "scp-O-from", "scp-O-to"],
)
def test_no_command_and_no_file(workshop, tmp_path, command, logged):
    """Commands, subsystems and copies, old way and new, are refused in words; nothing is run and nothing copied."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    to, source = tmp_path / "to", tmp_path / "from"
    source.write_text("something")
    places = {"PORT": str(workshop.port), "TO": str(to), "FROM": str(source)}
    name = workshop.somebody()
    words = [places.get(word, word.replace("HOST", f"{name}@127.0.0.1")) for word in command]
    ended = workshop.run(*words)
    assert ended.returncode != 0
    assert "only the screen is available" in ended.stderr
    assert not to.exists()
    workshop.until_logged(f"{name}@127.0.0.1: {logged}")


def test_no_session_without_a_terminal(workshop):
    """`ssh -T` is told what is missing."""
    ended = workshop.run("ssh", "-T", "-p", str(workshop.port), "tom@127.0.0.1")
    assert ended.returncode == 1
    assert "a screen needs a terminal" in ended.stderr


def test_a_terminal_that_only_writes_lines_is_told(workshop):
    """TERM=dumb cannot show a screen, and is told so."""
    with workshop.ssh(term="dumb") as terminal:
        assert terminal.ended() == 1
        assert b"cannot show a screen" in terminal.raw


@pytest.mark.parametrize(
    ("option", "logged"),
    [
        ("-L{port}:127.0.0.1:{other}", "refused forwarding to 127.0.0.1:{other}"),
        ("-L{port}:/run/some.sock", "refused forwarding to a socket"),
    ],
)
def test_no_forwarding_from_the_client(workshop, option, logged):
    """What a client forwards (-L, to a port or a socket) is refused as soon as somebody uses it; its screen goes on."""
    port, other = free_port(), free_port()
    with seated(workshop, option.format(port=port, other=other)):
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.settimeout(10)
            assert connection.recv(1) == b""
        workshop.until_logged(logged.format(other=other))


def test_no_socks(workshop):
    """-D is refused at the first connection through it."""
    port = free_port()
    with seated(workshop, f"-D{port}"):
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.settimeout(10)
            connection.sendall(b"\x05\x01\x00")
            assert connection.recv(2) == b"\x05\x00"
            connection.sendall(b"\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x50")
            assert connection.recv(64)[:2] != b"\x05\x00"
        workshop.until_logged("refused forwarding to 127.0.0.1:80")


@pytest.mark.parametrize("option", ["-R{port}:127.0.0.1:{port}", "-R/tmp/gdsim-never-{port}:127.0.0.1:{port}"])
def test_no_forwarding_from_the_server(workshop, option):
    """-R, from a port or a socket, makes the server listen to nothing."""
    port = free_port()
    with workshop.ssh(option.format(port=port), settings={"LogLevel": "INFO"}) as terminal:
        until(lambda: terminal.pump(0.05) and b"forwarding failed" in terminal.raw, what=lambda: terminal.text)
        terminal.until("q quit")
        with pytest.raises(OSError), socket.create_connection(("127.0.0.1", port), 1):  # noqa: PT011
            pass
        terminal.send("q")
        assert terminal.ended() == 0
    workshop.until_logged("refused forwarding from")


def test_no_agent(workshop, tmp_path):
    """-A is refused in words, and makes no folder in the server's /tmp."""
    agent = subprocess.run(["ssh-agent", "-s", "-a", tmp_path / "agent"], capture_output=True, text=True, check=True)
    number = agent.stdout.split("SSH_AGENT_PID=")[1].split(";")[0]
    try:
        with seated(workshop, "-A", settings={"IdentityAgent": str(tmp_path / "agent")}) as terminal:
            pass
        assert b"agent forwarding is not allowed" in terminal.raw
    finally:
        subprocess.run(["kill", number], check=False)
    workshop.until_logged("refused agent forwarding")


async def test_no_x11(workshop):
    """X11 forwarding is refused."""
    async with workshop.connect() as connection:
        with pytest.raises(asyncssh.ChannelOpenError):
            await screen(connection, x11_forwarding=True, x11_display="localhost:10")
    workshop.until_logged("refused X11 forwarding")


async def test_variables_are_few(workshop):
    """Of the variables a client sends only those about its terminal are kept; a thousand are no more than a few.

    An empty NO_COLOR takes no colours away: https://no-color.org.
    """
    name = workshop.somebody()
    variables = {"LD_PRELOAD": "x", "TEXTUAL_DRIVER": "os:system", **{f"V{n}": "x" * 1000 for n in range(1000)}}
    async with workshop.connect(name) as connection:
        process = await screen(connection, env={**variables, "LANG": "zh_CN.UTF-8", "NO_COLOR": ""})
        drawn = await read_until(process, "退出".encode())  # LANG was heard, after a thousand others
        assert b"38;5;" in drawn
        assert await left_with(process) == 0
    workshop.until_logged(f"{name}@127.0.0.1: refused the variable")


def test_a_wrong_code_three_times(workshop):
    """After three wrong codes the connection is ended, and the log names who and from where."""
    name = workshop.somebody()
    ended = workshop.run("ssh", "-T", "-p", str(workshop.port), f"{name}@127.0.0.1", code="wrong-wrong-wrong")
    assert ended.returncode == 255
    workshop.until_logged(f"{name}@127.0.0.1: wrong code")


async def test_tries_are_counted_whatever_their_kind(workshop):
    """One connection gets three answers to codes in all, asked for or sent."""
    tries = 0

    class Guesser(asyncssh.SSHClient):
        def password_auth_requested(self):
            nonlocal tries
            tries += 1
            return f"wrong {tries}" if tries < 100 else None

    with pytest.raises((asyncssh.DisconnectError, ConnectionError)):
        await workshop.connect("guess", code=None, preferred_auth="password", client_factory=Guesser)
    assert tries <= 4


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]
