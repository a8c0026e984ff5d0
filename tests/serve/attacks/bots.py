"""A room of bots that do what learners do, on loopback, with what a host answers them and what that costs.

``python -m tests.serve.attacks.bots --bots 300 --seconds 300 --pace 30 --joins 2 --disturb`` from the top folder. Bots
come `--joins` a second; each does something every `--pace` seconds on average. A phase with Redis in some trouble
follows a calm one, and so on. What a key took is the time to the first byte drawn. An error is a line that ended, or a
screen that drew nothing for 20 seconds, not even after its terminal got another size.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from traceback import extract_tb

import asyncssh

from tests.serve.over_ssh import CODE, INSTRUCTOR_CODE, Workshop, memory, until
from tests.serve.workshops import RedisServer, has_redis

SIZES = [(80, 24), (100, 30), (120, 40), (140, 50)]
TERMS = ["xterm-256color", "xterm-256color", "xterm-direct", "linux"]
PATIENCE, MOMENT = 20.0, 3.0
"""Seconds a screen has to draw something; and a key, some of which draw nothing."""

ACTIONS = {
    "step": (40, (b" ",)),
    "back": (8, (b"\x1b[D",)),
    "phase": (10, (b".",)),
    "far": (4, (b"g", b"{far}\r")),
    "end": (2, (b"N",)),
    "rate": (4, (b"]",)),
    "what if": (3, (b"w", b"\r", b"0.05\r")),
    "play": (3, (b"p", b"p")),
    "help": (4, (b"?", b"\x1b")),
    "question": (3, (b"a", b"\x1b")),
    "nudge": (3, (b"x",)),
    "chart": (3, (b"v",)),
    "zoom": (2, (b"z", b"z")),
    "other scenario": (4, (b"\x1b", b"{down}\r")),
    "follow": (2, (b"f",)),
    "resize": (4, ()),
    "drop": (3, ()),
}
"""What a bot does: how often, and the keys, each pressed once the one before was answered."""


class Room:
    """What all bots share: when to stop, what is going on, and what was measured."""

    def __init__(self, workshop, pace):
        self.workshop, self.pace = workshop, pace
        self.phase, self.over = "calm", asyncio.Event()
        self.keys, self.joins, self.errors = defaultdict(list), [], []
        self.done = Counter()


class Bot:
    """Somebody at a terminal."""

    def __init__(self, room, number):
        self.room, self.name, self.random = room, f"bot{number}", random.Random(number)
        self.code = INSTRUCTOR_CODE if number == 0 else CODE
        self.came, self.text, self.lately = asyncio.Event(), b"", []

    async def live(self):
        """Come, and come back after each line that drops, until the room is over."""
        while not self.room.over.is_set():
            try:
                await self.visit()
            except (OSError, asyncssh.Error, TimeoutError, AssertionError) as error:
                where = [frame.name for frame in extract_tb(error.__traceback__) if frame.filename == __file__]
                what = f"{self.room.phase}: {self.name}: {error!r} in {where} after {self.lately}"
                self.room.errors.append(f"{what} {self.text[-200:]}")
                await asyncio.sleep(1)

    async def visit(self):
        """Log in, do one thing after another, and leave, or let the line drop."""
        begun = time.perf_counter()
        self.came.clear()
        async with self.room.workshop.connect(self.name, self.code, login_timeout=120) as connection:
            self.size = self.random.choice(SIZES)
            self.process = await connection.create_process(
                term_type=self.random.choice(TERMS), term_size=self.size, encoding=None
            )
            reading = asyncio.create_task(self.read())
            try:
                await self.answered()
                self.room.joins.append(time.perf_counter() - begun)
                await self.press(b"\x1b[B" * self.random.randrange(1, 8) + b"\r")
                while not self.room.over.is_set():
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self.room.over.wait(), self.random.expovariate(1 / self.room.pace))
                        break
                    if await self.act() == "drop":
                        connection.abort()
                        return
                self.process.stdin.write(b"\x03")
                status = (await asyncio.wait_for(self.process.wait(), PATIENCE)).exit_status
                assert status == 130, f"left with {status}"
            finally:
                reading.cancel()

    async def act(self):
        """Do something a learner would."""
        kind = self.random.choices(list(ACTIONS), [often for often, _keys in ACTIONS.values()])[0]
        if self.code == INSTRUCTOR_CODE and kind in ("drop", "question"):
            kind = "step"
        self.room.done[kind] += 1
        self.lately = [*self.lately[-5:], kind]
        if kind == "resize":
            await self.resize()
        for keys in ACTIONS[kind][1]:
            far = str(self.random.randrange(200, 4000)).encode()
            await self.press(keys.replace(b"{far}", far).replace(b"{down}", b"\x1b[B" * self.random.randrange(1, 8)))
        return kind

    async def press(self, keys):
        """Press keys, and note how long the first byte of an answer takes; one that draws nothing has none."""
        self.came.clear()
        pressed = time.perf_counter()
        self.process.stdin.write(keys)
        try:
            await self.answered(MOMENT)
        except TimeoutError:
            await self.resize()
        else:
            self.room.keys[self.room.phase].append(time.perf_counter() - pressed)
        await asyncio.sleep(0.3)  # the hand goes to the next key

    async def resize(self):
        """Get another size, for which the screen is always drawn."""
        self.size = self.random.choice([size for size in SIZES if size != self.size])
        self.came.clear()
        self.process.change_terminal_size(*self.size)
        await self.answered()

    async def answered(self, seconds=PATIENCE):
        async with asyncio.timeout(seconds):
            await self.came.wait()

    async def read(self):
        """Read what is drawn; ends with the line."""
        while data := await self.process.stdout.read(65_536):
            self.text = (self.text + data)[-2000:]
            self.came.set()
            assert b"stopped with an error" not in data


# Redis in trouble.


async def stopped(server):
    """A Redis that answers nothing for some seconds."""
    server.process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(5)
    server.process.send_signal(signal.SIGCONT)


async def killed(server):
    """One that dies with all it knew, and is there again later."""
    await asyncio.to_thread(server.stop)
    await asyncio.sleep(3)
    await asyncio.to_thread(server.start)


async def full_of_rubbish(server):
    """Keys of the room hold what nobody of gdsim wrote, of other types, too; then they are taken away."""
    from redis.asyncio import Redis

    async with Redis.from_url(server.url) as redis:
        for key in ("sequence", "values", "hosts", "life"):
            await redis.delete(f"gdsim:workshop:{key}")
            await redis.set(f"gdsim:workshop:{key}", os.urandom(1000))
            await asyncio.sleep(1)
        await redis.flushall()


HOSTILE = [
    b"",
    os.urandom(5000),
    b"[" * 100_000,
    b"1 " + b'["member/x",' * 1000,
    *(
        b'%d ["%b", "evil", "", %b]' % (10**12 + number, key, value)
        for number, (key, value) in enumerate(
            [
                (b"air", b'"{}"'),
                (b"air", b"7"),
                (b"member/bot1", b'"null"'),
                (b"member/x", b'"' + b"y" * 70_000 + b'"'),
                (b"member/\\u001b[31m", b'"{\\"name\\": \\"\\u001b[31m\\"}"'),
                (b"asked/1", b'"[]"'),
                (b"call/bot1", b'"' + b"z" * 5000 + b'"'),
                (b"nothing/of/ours", b'"{}"'),
            ]
        )
    ),
]
"""Messages on the room's channel that are none of gdsim's."""


async def hostile(server):
    """Somebody else publishes and writes on the room's channel."""
    from redis.asyncio import Redis

    async with Redis.from_url(server.url) as redis:
        for number in range(300):
            message = HOSTILE[number % len(HOSTILE)]
            await redis.publish("gdsim:workshop", message)
            await redis.hset("gdsim:workshop:values", f"evil {number % len(HOSTILE)}", message)
            await asyncio.sleep(0.01)


TROUBLES = {"stopped": stopped, "killed": killed, "full of rubbish": full_of_rubbish, "hostile messages": hostile}


# The run.


async def run(workshop, bots, seconds, pace, joins, redis=None, is_disturbed=False):
    """Let bots in, let them live, and let them go; return the room, and the server's size at each of these."""
    room = Room(workshop, pace)
    sizes = {"before": size(workshop)}
    tasks = []
    for number in range(bots):
        tasks.append(asyncio.create_task(Bot(room, number).live()))
        await asyncio.sleep(1 / joins)
    await asyncio.sleep(min(5.0, seconds / 5))
    sizes["all there"] = size(workshop)
    troubles = TROUBLES if is_disturbed and redis is not None else {}
    share = seconds / (2 * len(troubles) + 1)
    await asyncio.sleep(share)
    for name, trouble in troubles.items():
        room.phase = name
        begun = time.monotonic()
        await trouble(redis)
        await asyncio.sleep(max(0.0, share - (time.monotonic() - begun)))
        room.phase = "calm"
        await asyncio.sleep(share)
    sizes["at the end"] = size(workshop)
    room.over.set()
    await asyncio.gather(*tasks)
    with suppress(AssertionError):
        await asyncio.to_thread(until, lambda: not workshop.children)
    sizes["after"] = size(workshop)
    return room, sizes


def size(workshop):
    """Return descriptors and megabytes of the server's own process, its learners' processes, and what each holds."""
    pid, children = workshop.process.pid, workshop.children
    shares = [share for child in children if (share := _share(child))]
    return {
        "descriptors": len(list(Path(f"/proc/{pid}/fd").iterdir())),
        "front MB": round(memory(pid) / 2**20, 1),
        "processes": len(children),
        "MB a learner": round(sum(shares) / max(1, len(shares)) / 1024, 1),
    }


def _share(pid):
    with suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        return int(found[1]) if found else 0
    return 0


def told(room, sizes):
    """Return what was measured, line by line."""
    yield f"joins       {len(room.joins):6}   p50 {_ms(room.joins, 0.5)}   p99 {_ms(room.joins, 0.99)}"
    for phase, times in room.keys.items():
        yield f"keys        {len(times):6}   p50 {_ms(times, 0.5)}   p99 {_ms(times, 0.99)}   {phase}"
    yield f"done        {dict(room.done)}"
    yield f"errors      {len(room.errors):6}"
    yield from room.errors[:20]
    yield from (f"{when:11} {each}" for when, each in sizes.items())


def _ms(times, share):
    return f"{1000 * sorted(times)[int(share * (len(times) - 1))]:6.0f} ms" if times else "     –   "


def main():
    """Serve a room, fill it, and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bots", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--pace", type=float, default=10, help="seconds between two things a bot does, on average")
    parser.add_argument("--joins", type=float, default=10, help="bots that come a second")
    parser.add_argument("--redis", action="store_true", help="a Redis under the room")
    parser.add_argument("--disturb", action="store_true", help="and that in trouble every other while")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        redis = RedisServer(folder) if (options.redis or options.disturb) and has_redis() else None
        if redis is not None:
            redis.start()
        shared = () if redis is None else ("--bus", redis.url)
        with Workshop(folder, "--max-learners", str(options.bots + 10), *shared) as workshop:
            how = (options.bots, options.seconds, options.pace, options.joins, redis, options.disturb)
            room, sizes = asyncio.run(run(workshop, *how))
            print("\n".join(told(room, sizes)))
            print(f"status {workshop.stop()}, stderr {len(workshop.errors)} bytes", workshop.errors[-2000:])
            print("\n".join([line for line in workshop.logged.splitlines() if " | " in line or "error" in line][-60:]))
        if redis is not None:
            redis.stop()


if __name__ == "__main__":
    main()
