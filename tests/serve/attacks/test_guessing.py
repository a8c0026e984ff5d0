"""Guessing codes over real connections from many addresses: so many a second are judged, and nobody else waits."""

import asyncio
import os
import sys
import time
from contextlib import suppress

import asyncssh
import pytest
from over_ssh import CODE, Workshop, left_with, read_until, screen, step, visit

from gdsim.serve.admission import WRONG_BY_ADDRESS, WRONG_IN_ALL

CONNECTIONS = 1000 if "GDSIM_ATTACKS" in os.environ else 120
ADDRESSES = 20
AT_ONCE = 60

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="all of 127.0.0.0/8 is loopback on Linux alone")


async def guess(workshop, number):
    """Offer a wrong code from one of the addresses; return whether the server said it is wrong."""
    judged = []

    class Guesser(asyncssh.SSHClient):
        def password_auth_requested(self):
            judged.append(time.monotonic())
            return f"wrong-code-{number}" if len(judged) == 1 else None

    address = f"127.0.0.{2 + number % ADDRESSES}"
    asking = {"preferred_auth": "password", "client_factory": Guesser, "login_timeout": 60}
    try:
        await workshop.connect(f"guess{number}", code=None, local_addr=(address, 0), **asking)
    except asyncssh.PermissionDenied:
        return len(judged) > 1  # asked once more: this one was judged
    except (asyncssh.Error, OSError):
        return False
    raise AssertionError("a wrong code opened the door")


async def test_wrong_codes_from_twenty_addresses(tmp_path):
    """At most twenty a second are judged in all and five of an address, beyond what a bucket holds at first."""
    with Workshop(tmp_path, "mountain-descent") as workshop:
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(number):
            async with turns:
                return number % ADDRESSES, await guess(workshop, number)

        begun = time.monotonic()
        async with visit(workshop) as process:
            guessing = [asyncio.ensure_future(one(number)) for number in range(CONNECTIONS)]
            await step(process)
            tried = await asyncio.gather(*guessing)
            seconds = time.monotonic() - begun
        judged = [address for address, is_judged in tried if is_judged]
        assert 0 < len(judged) <= WRONG_IN_ALL * (seconds + 1)
        most = max(map(judged.count, set(judged)))
        assert most <= WRONG_BY_ADDRESS * (seconds + 1)
        print(f"{CONNECTIONS} tries in {seconds:.0f} s: {len(judged)} judged, of one address at most {most}")
        async with asyncio.timeout(60):
            while True:  # who knows the code is let in as soon as the guessing is over
                with suppress(asyncssh.Error, OSError):
                    async with workshop.connect(code=CODE) as connection:
                        process = await screen(connection)
                        await read_until(process, b"quit")
                        assert await left_with(process) == 0
                        break
                await asyncio.sleep(0.2)
