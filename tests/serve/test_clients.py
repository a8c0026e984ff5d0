"""Other SSH clients than OpenSSH's connect, draw a screen, and leave the terminal as it was."""

import shutil

import pytest
from over_ssh import CODE, needs_ssh, seated

from tests.tui.terminal import Terminal


def client(workshop, name, *arguments, **environment):
    """Return a client on a terminal of its own, or skip where it is not installed."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    home = {"HOME": str(workshop.folder), "TERM": "xterm-256color"}
    return Terminal(*arguments, environment=home | environment, program=(), executable=path)


def steps_and_leaves(terminal):
    """Check that a screen comes up, answers a key, and that the terminal is put back."""
    terminal.until("q quit")
    terminal.send(" ")
    terminal.until("update 1 ·")
    terminal.send("q")
    assert terminal.ended() == 0
    assert b"\x1b[?1049l" in terminal.raw


def test_dropbear(workshop):
    """dbclient, with the code as a password."""
    where = ("-y", "-y", "-p", str(workshop.port), "dropbear@127.0.0.1")
    with client(workshop, "dbclient", *where, DROPBEAR_PASSWORD=CODE) as terminal:
        steps_and_leaves(terminal)


def test_putty(workshop):
    """plink, PuTTY's client for a terminal."""
    where = ("-ssh", "-t", "-P", str(workshop.port), "-pw", CODE, "putty@127.0.0.1")
    with client(workshop, "plink", *where) as terminal:
        terminal.until("Store key in cache?")
        terminal.send("y\r")
        terminal.until("Press Return to begin session")
        terminal.send("\r")
        steps_and_leaves(terminal)


@needs_ssh
def test_what_is_agreed_on(workshop):
    """OpenSSH says with -vv which algorithms were chosen: none of SHA-1, none of large groups."""
    with seated(workshop, "-vv", settings={"LogLevel": "DEBUG2"}) as terminal:
        said = terminal.raw.decode(errors="replace")
    proposal = said.partition("peer server KEXINIT proposal")[2].partition("kex: algorithm")[0]
    assert "host key algorithms: ssh-ed25519" in proposal
    for weak in ("sha1", "group18", "group-exchange", "cbc", "md5"):
        assert weak not in proposal
