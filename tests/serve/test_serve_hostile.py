"""Clients that mean harm, or are broken: nobody else notices, and the server stays as small as it was."""

import asyncio
import re
import socket
from contextlib import suppress

import asyncssh
import pytest
from over_ssh import left_with, memory, read_until, screen, step, until, visit

MB = 2**20


async def neighbour(workshop):
    """Somebody else logs in, makes a step, and leaves; as if nothing was the matter."""
    async with visit(workshop) as process:
        await step(process)


async def test_a_flood_of_connections_that_say_nothing(workshop):
    """Half-open connections by the hundred are dropped for those who have something to say."""
    flood = []
    try:
        for _number in range(500):
            connection = socket.socket()
            connection.setblocking(False)
            connection.connect_ex(("127.0.0.1", workshop.port))
            flood.append(connection)
        await neighbour(workshop)
        until(lambda: "dropped: it sent nothing" in workshop.logged, what=lambda: workshop.logged)
    finally:
        for connection in flood:
            connection.close()


async def test_what_is_no_ssh(workshop):
    """Somebody who speaks something else is let go; binary rubbish and endless lines as well."""
    for said in (b"GET / HTTP/1.1\r\n\r\n", bytes(range(256)) * 400, b"SSH-2.0-x\r\n" + b"\xff" * 100_000):
        reader, writer = await asyncio.open_connection("127.0.0.1", workshop.port)
        writer.write(said)
        async with asyncio.timeout(10):
            with suppress(ConnectionError):
                while await reader.read(65_536):
                    pass
        writer.close()
    await neighbour(workshop)


@pytest.mark.parametrize("size", [(10_000, 10_000), (2**32 - 1, 2**32 - 1), (0, 0), (1, 1)])
async def test_terminals_of_impossible_sizes(workshop, size):
    """A terminal that claims 10 000 columns is drawn 400 of them; one that claims none gets the usual 80 × 24."""
    async with workshop.connect() as connection:
        process = await screen(connection, term_size=size)
        drawn = await read_until(process, b"\x1b[1;1H")
        process.change_terminal_size(*size)
        rows = [int(row) for row in re.findall(rb"\x1b\[(\d+)(?:;\d+)?H", drawn)]
        assert max(rows, default=1) <= 120
        assert max(memory(pid) for pid in workshop.children) < 200 * MB
        assert await left_with(process, b"\x03") == 130


async def test_keys_that_claim_a_size(workshop):
    """An in-band size report is a key like any other, and is ignored: it cost 112 MB once."""
    async with visit(workshop) as process:
        child = workshop.child
        before = memory(child)
        process.stdin.write(b"\x1b[48;6000;6000;6000;6000t" * 5 + b"\x1b[?2048;1$y" + b" ")
        await read_until(process, b"3.96")
        assert memory(child) - before < 30 * MB


async def test_keys_no_parser_expects(workshop):
    """Sequences with numbers beyond all characters, cut short or endless end nothing."""
    async with visit(workshop, leave=b"\x03") as process:
        process.stdin.write(b"\x1b[99999999999999u\x1b[1;1;99999999999u\x1b[<99999;99999;99999M")
        process.stdin.write(b"\x1b[200~" + b"\xff\xfe" * 50 + b"\x1b[201~")
        process.stdin.write(b"\x1b" * 3 + b"\x0c")
        await read_until(process, b"quit")


async def test_names_that_are_hostile(workshop, monkeypatch):
    """A name with escape codes logs in as what can be shown of it, or not at all; nothing of it reaches the log."""
    async with visit(workshop, "x[31m ☠ 演" + "z" * 100):
        pass
    monkeypatch.setattr("asyncssh.connection.saslprep", lambda name: name)
    monkeypatch.setattr("asyncssh.auth.saslprep", lambda name: name)
    for name in ("\x1b[31mred\x1b]0;title\x07", "right\u202eleft", "\x00"):
        with pytest.raises(asyncssh.Error):
            await workshop.connect(name)
    await neighbour(workshop)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e]", workshop.logged)


async def test_a_client_that_never_reads(workshop):
    """Frames for one who does not read are left out: the server keeps little for them, and neighbours see nothing."""
    async with visit(workshop) as process:
        before = memory(workshop.process.pid)
        process.channel.pause_reading()
        process.stdin.write(b"+++++p")
        for _number in range(40):
            process.stdin.write(b"\x0c")
            await asyncio.sleep(0.01)
        await neighbour(workshop)
        assert memory(workshop.process.pid) - before < 20 * MB
        process.channel.resume_reading()
        process.stdin.write(b"p\x0c")
        await read_until(process, b"paused")


async def test_ten_megabytes_of_keys(workshop):
    """A key flood is passed on as fast as hands type: it is held back at its source, and neighbours go on."""
    async with workshop.connect() as connection:
        process = await screen(connection)
        await read_until(process, b"quit")
        before = memory(workshop.process.pid)
        process.stdin.write(b" .,b" * (10 * MB // 4))
        reading = asyncio.create_task(process.stdout.read(-1))
        for _number in range(3):
            await neighbour(workshop)
        assert memory(workshop.process.pid) - before < 20 * MB
        assert max(memory(pid) for pid in workshop.children) < 200 * MB
        reading.cancel()
        connection.abort()


async def test_a_flood_of_sizes(workshop):
    """A thousand size changes are a few: the last one counts."""
    async with workshop.connect() as connection:
        process = await screen(connection, term_size=(120, 40))
        await read_until(process, b"quit")
        for number in range(1000):
            process.change_terminal_size(60 + number % 100, 20 + number % 30)
        process.change_terminal_size(80, 24)
        await read_until(process, b"\x1b[24H", b"\x1b[24;")
        assert await left_with(process) == 0


async def test_sessions_by_the_hundred(workshop):
    """A client that asks for a hundred screens on one connection gets one, which goes on; the others are refused."""
    async with workshop.connect() as connection:
        process = await screen(connection)
        await read_until(process, b"quit")
        asked = [connection.create_process(term_type="xterm") for _number in range(100)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert {(type(answer), answer.reason) for answer in answers} == {
            (asyncssh.ChannelOpenError, "gdsim serve: one screen per connection")
        }
        await step(process)
        assert await left_with(process) == 0
