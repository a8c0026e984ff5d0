"""A screen is painted once for nobody and forked for each who comes to one like it: no one notices, whatever fails."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from pathlib import Path

from over_ssh import INSTRUCTOR_CODE, Workshop, came, until


def painted(workshop):
    """Return the processes with painted screens: those of the server that are neither a learner's nor the warm one."""
    warm = workshop.warm
    return [pid for pid in workshop.processes if pid not in (warm, *workshop.children)]


def test_each_goes_on_alone_from_what_was_painted(workshop):
    """Learners on terminals alike and unlike see whole screens of their own sizes, and each walks for itself."""

    async def learners():
        async with AsyncExitStack() as stack:
            first = await came(stack, workshop)
            second = await came(stack, workshop)
            narrow = await came(stack, workshop, size=(90, 30))
            for each in (first, second, narrow):
                assert "Walk down" in each.screen.display[0]
            before = second.text
            first.press(b" ")
            await first.until("update 1 ")
            narrow.press(b"  ")
            await narrow.until("update 2 ")
            assert second.text == before
            second.press(b"q")
            await asyncio.wait_for(second.process.wait(), 20)
            first.press(b" ")
            await first.until("update 2 ")

    asyncio.run(learners())


def test_a_signal_reaches_one_process_alone(workshop):
    """A forked loop wakes itself by a pipe of its own: SIGTERM ends its screen in order, and no other one."""

    async def learners():
        async with AsyncExitStack() as stack:
            until(lambda: not workshop.children)
            first = await came(stack, workshop)
            ended = workshop.child
            second = await came(stack, workshop)
            os.kill(ended, signal.SIGTERM)
            left = await asyncio.wait_for(first.process.wait(), 20)
            assert left.exit_status == 128 + signal.SIGTERM
            second.press(b" ")
            await second.until("update 1 ")

    asyncio.run(learners())


def test_painted_processes_that_die_or_hang_keep_nobody_out(tmp_path):
    """Killed painted processes, and stopped ones, are done without; whoever was forked from them goes on."""

    async def learners(workshop):
        async with AsyncExitStack() as stack:
            first = await came(stack, workshop)
            for number in (signal.SIGKILL, signal.SIGSTOP):
                for _again in range(2):  # a kind that is asked for twice is painted again
                    await came(stack, workshop)
                for pid in until(lambda: painted(workshop)):
                    os.kill(pid, number)
                late = await came(stack, workshop)
                late.press(b" ")
                await late.until("update 1 ")
            first.press(b" ")
            await first.until("update 1 ")

    with Workshop(tmp_path, "mountain-descent") as workshop:
        asyncio.run(learners(workshop))
        warm = painted(workshop)
        assert workshop.stop() == 0
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in warm))


def test_who_comes_back_and_who_teaches_are_forked_from_painted_screens_too(workshop):
    """A place is taken up in a forked process, and an instructor's screen is painted as such."""

    async def guests():
        async with AsyncExitStack() as stack:
            for _again in range(3):
                teacher = await came(stack, workshop, "ada", code=INSTRUCTOR_CODE)
                assert "air" in teacher.text
                teacher.press(b"q")
                await asyncio.wait_for(teacher.process.wait(), 20)
            for steps in range(1, 4):
                back = await came(stack, workshop, "emmy")
                if steps > 1:
                    await back.until(f"update {steps - 1} ")
                back.press(b" ")
                await back.until(f"update {steps} ")
                back.press(b"q")
                await asyncio.wait_for(back.process.wait(), 20)

    asyncio.run(guests())


async def test_ciphers_that_cost_the_server_little_come_first(workshop):
    """A client that would rather have another cipher gets a cheap one; an old one that has none of these gets in."""
    wanted = {
        ("chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com"): "aes128-gcm@openssh.com",
        ("3des-cbc", "aes256-ctr"): "aes256-ctr",
    }
    for ciphers, taken in wanted.items():
        async with AsyncExitStack() as stack:
            learner = await came(stack, workshop, encryption_algs=list(ciphers))
            connection = learner.process.channel.get_connection()
            assert connection.get_extra_info("send_cipher") == taken
            learner.press(b" ")
            await learner.until("update 1 ")
