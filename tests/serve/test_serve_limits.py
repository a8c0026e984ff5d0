"""How much a client may ask for: tries, messages, keys; and which algorithms it may use."""

import asyncio
import contextlib

import asyncssh
import pytest
from asyncssh.constants import MSG_IGNORE, MSG_USERAUTH_REQUEST
from asyncssh.packet import Boolean, String
from over_ssh import CODE, left_with, read_until, screen

from gdsim.serve.admission import WRONG_BY_ADDRESS, WRONG_IN_ALL, Limiter
from gdsim.serve.options import Patience
from gdsim.serve.rates import TokenBucket


def test_so_many_wrong_codes_a_second_are_judged():
    """Five from an address and twenty in all; elsewhere and a second later there are others."""
    limiter = Limiter(100)
    for _number in range(int(WRONG_BY_ADDRESS)):
        assert limiter.may_try("192.0.2.1", 1.0)
        limiter.failed("192.0.2.1", 1.0)
    assert not limiter.may_try("192.0.2.1", 1.0)
    assert limiter.may_try("192.0.2.2", 1.0)
    assert limiter.may_try("192.0.2.1", 2.0)
    judged = 0
    for number in range(100):
        if limiter.may_try(f"192.0.3.{number}", 5.0):
            limiter.failed(f"192.0.3.{number}", 5.0)
            judged += 1
    assert judged == WRONG_IN_ALL


def test_a_bucket_refills_up_to_its_most():
    """A debt is paid at the rate, and what is saved has an end."""
    bucket = TokenBucket(10, 20, 0.0)
    bucket.take(50)
    assert bucket.seconds(0.0) == 3
    assert bucket.seconds(3.0) == 0
    assert bucket.left(100.0) == 20


def test_a_login_has_the_time_of_opensshs():
    """Learners compare the fingerprint first."""
    assert Patience().login == 120


async def test_tries_sent_at_once_are_three(workshop):
    """Whoever sends a hundred codes without waiting for answers, the right one last, gets three of them judged."""
    codes = [*(f"wrong {number}" for number in range(99)), CODE]

    class Hasty(asyncssh.SSHClient):
        def connection_made(self, conn):
            self.connection = conn

        def password_auth_requested(self):
            for code in codes:
                parts = (String("hasty"), String("ssh-connection"), String("password"), Boolean(False), String(code))
                self.connection.send_packet(MSG_USERAUTH_REQUEST, *parts)
            return CODE

    with pytest.raises((asyncssh.Error, OSError)):
        await workshop.connect("hasty", code=None, preferred_auth="password", client_factory=Hasty)
    assert workshop.logged.count("hasty@127.0.0.1: wrong code") <= 3
    assert "hasty: joined" not in workshop.logged


async def test_a_flood_of_messages_ends_its_connection(workshop):
    """It is read more and more slowly, then the connection ends; a neighbour notices nothing."""
    async with workshop.connect() as well, workshop.connect("flood") as connection:
        process = await screen(well)
        await read_until(process, b"quit")

        async def flood():
            while not connection.is_closed():
                for _number in range(500):
                    connection.send_packet(MSG_IGNORE, String(b""))
                await asyncio.sleep(0.01)

        flooding = asyncio.create_task(flood())
        process.stdin.write(b" ")
        await read_until(process, b"3.96")
        async with asyncio.timeout(60):
            await connection.wait_closed()
        flooding.cancel()
        with contextlib.suppress(asyncio.CancelledError, asyncssh.Error, OSError):
            await flooding
        assert await left_with(process) == 0
    await asyncio.to_thread(workshop.until_logged, "flood@127.0.0.1: refused a flood of messages")


@pytest.mark.parametrize(
    ("kind", "offered"),
    [
        ("kex_algs", "diffie-hellman-group14-sha1"),
        ("kex_algs", "diffie-hellman-group18-sha512"),
        ("kex_algs", "diffie-hellman-group-exchange-sha256"),
        ("encryption_algs", "aes256-cbc"),
        ("mac_algs", "hmac-sha1"),
    ],
)
async def test_weak_and_costly_algorithms_are_refused(workshop, kind, offered):
    """No SHA-1, no CBC, no group whose exchange costs the server a second."""
    more = {"encryption_algs": ["aes256-ctr"]} if kind == "mac_algs" else {}
    with pytest.raises((asyncssh.KeyExchangeFailed, asyncssh.ConnectionLost)):
        await workshop.connect(**{kind: [offered]}, **more)


@pytest.mark.parametrize("cipher", ["aes128-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes256-ctr"])
async def test_ciphers_of_todays_clients(workshop, cipher):
    """Each of them carries a screen."""
    async with workshop.connect(encryption_algs=[cipher], kex_algs=["curve25519-sha256"]) as connection:
        process = await screen(connection)
        await read_until(process, b"quit")
        assert connection.get_extra_info("send_cipher") == cipher
        assert await left_with(process) == 0
