"""Followers of a broadcast see what is drawn once; the first key of their own gives them a screen of their own."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack

import pytest
from over_ssh import INSTRUCTOR_CODE, Watched, Workshop, came, coming, left_with, read_until, screen, until


async def test_followers_share_a_screen_until_they_press_a_key(workshop):
    """Four follow in two sizes: the sizes two share are one process each; a step of one's own is a walk alone."""
    async with AsyncExitStack() as stack:
        instructor = await came(stack, workshop, "ada", code=INSTRUCTOR_CODE)
        wide = [await came(stack, workshop) for _number in range(3)]
        small = [await came(stack, workshop, size=(80, 24)) for _number in range(2)]
        assert len(workshop.children) == 6
        instructor.press(b"f")
        await instructor.until("on air")
        instructor.press(b"  ")
        await instructor.until("update 2 ·")
        for each in (*wide, *small):
            await each.until("update 2 ·")
        until(lambda: len(workshop.children) == 3, what=lambda: workshop.children)

        # One who comes meanwhile sees the same, and costs no process.
        late = await came(stack, workshop)
        await late.until("update 2 ·")
        assert len(workshop.children) == 3
        assert late.text == wide[0].text

        # Steps of the instructor's reach all.
        instructor.press(b" ")
        for each in (*wide, *small, late):
            await each.until("update 3 ·")
        assert len(workshop.children) == 3

        # The first key of one's own is one's own walk, from the same update.
        wide[0].press(b" ")
        await wide[0].until("update 4 ·", "alone")
        assert len(workshop.children) == 4
        instructor.press(b"b")
        await wide[1].until("update 2 ·")
        assert "update 4 ·" in wide[0].text

        # f comes back.
        wide[0].press(b"f")
        await wide[0].until("update 2 ·")
        instructor.press(b" ")
        for each in (*wide, late):
            await each.until("update 3 ·")
        until(lambda: len(workshop.children) == 3, what=lambda: workshop.children)

        # A terminal that changes its size is drawn for.
        late.process.change_terminal_size(80, 24)
        late.screen.resize(24, 80)
        late.screen.reset()
        late.process.stdin.write(b"")
        await late.until("update 3 ·", "quit")

        for each in (instructor, *small, *wide, late):
            assert await left_with(each.process, b"\x03") == 130
    until(lambda: not workshop.children, what=lambda: workshop.children)


async def mirrored(stack, workshop):
    """Return an instructor on air after update 1, two followers who share a mirror, and the mirror's process."""
    instructor = await came(stack, workshop, "grace", code=INSTRUCTOR_CODE)
    own = workshop.child
    followers = [await came(stack, workshop) for _number in range(2)]
    instructor.press(b"f")
    await instructor.until("on air")
    instructor.press(b" ")
    for each in followers:
        await each.until("update 1 ·")
    until(lambda: len(workshop.children) == 2, what=lambda: workshop.children)
    (mirror,) = set(workshop.children) - {own}
    return instructor, followers, mirror


@pytest.mark.parametrize("ending", [signal.SIGCONT, signal.SIGKILL])
async def test_followers_wait_for_their_mirror(tmp_path, ending):
    """While it is being started they stay where they are; then they see it, or go to the same update themselves."""
    with Workshop(tmp_path, "mountain-descent") as workshop:
        async with AsyncExitStack() as stack:
            instructor = await came(stack, workshop, "grace", code=INSTRUCTOR_CODE)
            followers = [await came(stack, workshop) for _number in range(3)]
            os.kill(workshop.fork_server, signal.SIGSTOP)
            instructor.press(b"f ")
            await instructor.until("on air", "update 1 ·")
            for each in followers[:2]:
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.5):
                        await each.until("update 1 ·")
                assert "following grace" in each.text
            followers[2].press(b".")
            await followers[2].until("alone")
            os.kill(workshop.fork_server, ending)
            for each in followers[:2]:
                await each.until("update 1 ·", "following grace")
            assert "alone" in followers[2].text


async def test_a_mirror_that_dies(tmp_path):
    """Its followers get screens of their own, at the same update, and go on following."""
    with Workshop(tmp_path, "mountain-descent") as workshop:
        async with AsyncExitStack() as stack:
            instructor, followers, mirror = await mirrored(stack, workshop)
            os.kill(mirror, signal.SIGKILL)
            workshop.until_logged("a mirror ended")
            instructor.press(b" ")
            for each in followers:
                await each.until("update 2 ·")
            for each in (instructor, *followers):
                assert await left_with(each.process, b"\x03") == 130


async def test_who_leaves_a_mirror_keeps_their_language(tmp_path):
    """What the server says about a screen is said in its learner's language, whoever's key or step began the screen."""
    with Workshop(tmp_path, "mountain-descent") as workshop:
        async with AsyncExitStack() as stack:
            instructor = await came(stack, workshop, "grace", code=INSTRUCTOR_CODE)
            instructor.press(b"f")
            await instructor.until("on air")
            followers = []
            for _number in range(2):
                connection = await stack.enter_async_context(workshop.connect())
                process = await screen(connection, term_size=(120, 40), env={"LANG": "zh_CN.UTF-8"})
                followers.append(Watched(process))
                await followers[-1].until("退出")
            instructor.press(b" ")
            await asyncio.to_thread(until, lambda: len(workshop.children) == 2)
            shared = workshop.children
            followers[0].press(b" ")
            await followers[0].until("独自")
            (own,) = set(workshop.children) - set(shared)
            os.kill(own, signal.SIGPROF)  # which tells a screen that half of its processor time is used up
            await read_until(followers[0].process, "耗时过长".encode())
            for each in (instructor, *followers):
                assert await left_with(each.process, b"\x03") == 130


async def test_a_mirror_begun_for_people_who_left_at_once_is_ended(tmp_path):
    """Whoever follows may leave before the mirror draws: its process ends with nobody to see it."""
    with Workshop(tmp_path, "mountain-descent") as workshop:
        async with AsyncExitStack() as stack:
            instructor = await came(stack, workshop, "grace", code=INSTRUCTOR_CODE)
            own = workshop.child
            instructor.press(b"f")
            await instructor.until("on air")
            for pause in (0, 0.01, 0.02, 0.04):
                async with AsyncExitStack() as followers:
                    for each in [await came(followers, workshop) for _number in range(2)]:
                        followers.push(lambda *_error, line=each.process.channel: line.get_connection().abort())
                    instructor.press(b" ")
                    await asyncio.sleep(pause)
                await asyncio.to_thread(until, lambda: workshop.children == [own], what=lambda: workshop.children)
            assert await left_with(instructor.process, b"\x03") == 130


async def test_a_key_on_its_way_is_not_lost_to_a_mirror(tmp_path):
    """Whenever a mirror comes up for two who follow, the key that one of them has just pressed does what it does."""
    with Workshop(tmp_path, "mountain-descent") as workshop:
        async with AsyncExitStack() as stack:
            instructor = await came(stack, workshop, "grace", code=INSTRUCTOR_CODE)
            instructor.press(b"f")
            await instructor.until("on air")
            for pause in (0.04, 0.05, 0.055, 0.06, 0.065, 0.07, 0.075, 0.08, 0.09, 0.1):
                async with AsyncExitStack() as followers:
                    two = [await came(followers, workshop) for _number in range(2)]
                    instructor.press(b" ")
                    await asyncio.sleep(pause)
                    for each in two:
                        assert await left_with(each.process, b"\x03") == 130
            assert await left_with(instructor.process, b"\x03") == 130


async def test_who_waits_for_a_screen_and_finds_another_way_gets_one(tmp_path):
    """One who waits for a screen, is shown a mirror meanwhile, and presses a key then, costs one process."""
    with Workshop(tmp_path, "mountain-descent") as workshop:
        async with AsyncExitStack() as stack:
            instructor, followers, _mirror = await mirrored(stack, workshop)
            late = await came(stack, workshop)
            fork_server = workshop.fork_server
            os.kill(fork_server, signal.SIGSTOP)  # as on a machine that is busy with those who came before
            try:
                waiting = [await coming(stack, workshop, size=(90 + each, 30)) for each in range(2 * os.cpu_count())]
                for width in (130, 120):
                    late.process.change_terminal_size(width, 40)
                    await asyncio.sleep(0.5)
                instructor.press(b" ")
                await late.until("update 2 ·")
                late.press(b" ")
                await asyncio.sleep(0.5)
            finally:
                os.kill(fork_server, signal.SIGCONT)
            for each in waiting:
                await each.until("quit")
            await late.until("update 3 ·", "alone")
            await asyncio.sleep(1)
            assert len(workshop.children) == 2 + len(waiting) + 1
            for each in (instructor, *followers, *waiting, late):
                assert await left_with(each.process, b"\x03") == 130
        until(lambda: not workshop.children, what=lambda: workshop.children)
