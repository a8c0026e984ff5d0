"""A workshop under load: joins, keys, memory and bytes of learners and followers.

The clients are asyncssh's, in one process, on loopback and on the same processors: each costs about 10 ms of them to
join and 1 to 2 ms a key, which is in every time measured (a row tells how much). Load is bounded: at most 100 learners
and 200 followers, a key a second each, for a few seconds; what has not come in its time is told as such.
"""

import asyncio
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measures import Row, at_most, beside, median, percentile, told
from tests.benchmarks.room import CODE, INSTRUCTOR, Person, Server, join_all, within
from tests.benchmarks.watched import Watched

LEARNERS, FOLLOWERS = (1, 50, 100), (200,)

_SSH_ROUNDS, _NEIGHBOUR_ROUNDS, _NEIGHBOUR_KEYS = 6, 3, 120
_SSH_SETTINGS = ("StrictHostKeyChecking=accept-new", "LogLevel=ERROR", "IdentityAgent=none", "IdentityFile=none")
_KEYS = 4
_JOIN_SECONDS, _KEY_SECONDS = 30, 10
"""How long after the last one has come, or pressed the last key, the others are waited for."""

_SPIN = "import os\nos.nice(5)\nwhile True: pass"


@dataclass(frozen=True)
class Measured:
    """Seconds from the login to the first screen and from a key to its frame, bytes a key, and memory a learner.

    share: of one processor, what the clients themselves took while keys were pressed; missing: keys that nothing was
    painted for in time, None where not even the screens were.
    """

    joins: tuple[float, ...]
    keys: tuple[float, ...] = ()
    bytes_a_key: float = 0.0
    memory: float = 0.0
    share: float = 0.0
    missing: int | None = None


async def _learners(server, count):
    before = server.memory()
    people = [Person(f"learner{number}") for number in range(count)]
    all_came = await join_all(server, people, _JOIN_SECONDS + count / 50)
    joins = tuple(person.joined for person in people if person.joined)
    if not all_came:
        return Measured(joins)
    await asyncio.gather(*(person.settle() for person in people))
    for person in people:
        person.press(b" ")
    await within(_KEY_SECONDS, [person.painted() for person in people])
    await asyncio.gather(*(person.settle() for person in people))
    keys = []
    before_keys = sum(person.bytes for person in people)
    begun, used = time.perf_counter(), time.process_time()

    async def walk(person, offset):
        await asyncio.sleep(offset)
        for _number in range(_KEYS):
            pressed = time.perf_counter()
            person.press(b" ")
            await person.painted()
            keys.append(time.perf_counter() - pressed)
            await asyncio.sleep(max(0.0, 1 - (time.perf_counter() - pressed)))

    work = [walk(person, number / count) for number, person in enumerate(people)]
    await within(_KEY_SECONDS + _KEYS, work)
    share = (time.process_time() - used) / (time.perf_counter() - begun)
    await asyncio.gather(*(person.settle() for person in people))
    drawn = sum(person.bytes for person in people) - before_keys
    memory = (server.memory() - before) / count
    for person in people:
        person.leave()
    return Measured(joins, tuple(keys), drawn / max(1, len(keys)), memory, share, count * _KEYS - len(keys))


async def _by_ssh(server, count):
    """Measure how long OpenSSH's own client takes, one after the other, from its start to the last byte it shows."""
    with tempfile.TemporaryDirectory() as folder:
        askpass = Path(folder) / "askpass"
        askpass.write_text(f"#!/bin/sh\necho {CODE}\n")
        askpass.chmod(0o700)
        answers = {"SSH_ASKPASS": str(askpass), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ""}
        settings = [*_SSH_SETTINGS, f"UserKnownHostsFile={folder}/known"]
        command = ["-F", "none", "-p", str(server.port), *(f"-o{setting}" for setting in settings)]
        joins = []
        for number in range(count):
            with Watched([*command, f"ada{number}@127.0.0.1"], program=shutil.which("ssh"), environment=answers) as ssh:
                painted = ssh.first_screen()
                assert b"quit" in painted.raw
                joins.append(painted.seconds)
    return Measured(tuple(joins[1:]))  # the first one notes the server's key


async def _followers(server, count):
    instructor, early = Person("ada", INSTRUCTOR), [Person(f"early{number}") for number in range(2)]
    await join_all(server, [instructor, *early], _JOIN_SECONDS)
    for key in b"f ":
        instructor.press(bytes([key]))
        await asyncio.gather(*(person.settle() for person in (instructor, *early)))
    before = server.memory()
    people = [Person(f"follower{number}") for number in range(count)]
    all_came = await join_all(server, people, _JOIN_SECONDS + count / 50)
    joins = tuple(person.joined for person in people if person.joined)
    if not all_came:
        return Measured(joins)
    await asyncio.gather(*(person.settle() for person in people))
    memory = (server.memory() - before) / count
    keys, missing, share = [], 0, 0.0
    before_keys = sum(person.bytes for person in people)
    for _number in range(5):
        for person in people:
            person.watch()
        pressed, used = time.perf_counter(), time.process_time()
        instructor.press(b" ")
        if await within(_KEY_SECONDS, [person.painted() for person in people]):
            keys.append(max(person.last for person in people) - pressed)
            share = (time.process_time() - used) / keys[-1]
        else:
            missing += 1
        await asyncio.gather(*(person.settle() for person in (instructor, *early, *people)))
    drawn = (sum(person.bytes for person in people) - before_keys) / 5 / count
    for person in (instructor, *early, *people):
        person.leave()
    return Measured(joins, tuple(keys), drawn, memory, share, missing)


async def _neighbours(server, _count):
    """Return the times of one learner's keys: alone, beside a busy loop, a flood of keys, and a crash; several rounds.

    What else the machine does for a moment is in one round, not in most.
    """
    learner = Person("learner")
    await join_all(server, [learner], _JOIN_SECONDS)
    await learner.settle()
    own = set(server.screens())

    async def keys():
        found = []
        for number in range(_NEIGHBOUR_KEYS):
            pressed = time.perf_counter()
            learner.press(b" " if number % 20 < 10 else b"\x1b[D")
            if not await within(_KEY_SECONDS, [learner.painted()]):
                return [float(_KEY_SECONDS)]
            found.append(time.perf_counter() - pressed)
            await asyncio.sleep(0.04)
        return found

    async def flood(other):
        while True:
            other.press(b" \x1b[D" * 10)
            await asyncio.sleep(0.1)

    await keys()
    rounds = []
    for number in range(_NEIGHBOUR_ROUNDS):
        other = Person(f"other{number}")
        await join_all(server, [other], _JOIN_SECONDS)
        other_screens = [pid for pid in server.screens() if pid not in own]
        await other.settle()
        times = {"alone": await keys()}
        spinning = subprocess.Popen([sys.executable, "-c", _SPIN])
        times["beside a busy loop"] = await keys()
        spinning.kill()
        spinning.wait()
        flooding = asyncio.create_task(flood(other))
        times["beside a flood of keys"] = await keys()
        flooding.cancel()
        await other.settle()
        asyncio.get_running_loop().call_later(1, _kill, other_screens)
        times["beside a crash"] = await keys()
        other.leave()
        rounds.append({what: percentile(found, 0.99) for what, found in times.items()})
    learner.leave()
    return rounds


def _kill(processes):
    for pid in processes:
        os.kill(pid, signal.SIGKILL)


def _measured(count, kind):
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files[1], files[1]))
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        try:
            return asyncio.run(kind(server, count))
        finally:
            server.stop()


def serve():
    """Yield a row for each goal of a workshop."""
    if sys.platform != "linux":
        return
    if shutil.which("ssh"):
        ours = median(_measured(_SSH_ROUNDS, _by_ssh).joins)
        yield at_most("one OpenSSH client: its start → painted, p50", ours, 0.2)
    for count in LEARNERS:
        yield from _learner_rows(count, _measured(count, _learners))
    rounds = _measured(1, _neighbours)
    alone = [times["alone"] for times in rounds]
    for what in ("beside a busy loop", "beside a flood of keys", "beside a crash"):
        late = [times[what] for times in rounds]
        ratio = median([times[what] / times["alone"] for times in rounds])
        yield beside(f"a learner {what}: key → painted, p99", late, alone, ratio, 2)
    for count in FOLLOWERS:
        yield from _follower_rows(count, _measured(count, _followers))


def _follower_rows(count, ours):
    name = f"{count} followers"
    if ours.missing is None or not ours.keys:
        yield _unreached(name, count, ours)
        return
    yield at_most(f"{name}: key → painted everywhere, p50", median(ours.keys), 0.1)
    yield told(f"{name}: of that the clients' own", f"{ours.share:.0%}")
    yield at_most(f"{name}: memory each", ours.memory / 2**20, 0.1, shown="{:.2f} MB".format)


def _learner_rows(count, ours):
    name = f"{count} learner{'s' if count > 1 else ''}"
    if not ours.keys:
        yield _unreached(name, count, ours)
        return
    yield at_most(f"{name}: join → painted, p50", median(ours.joins))
    yield at_most(f"{name}: join → painted, p99", percentile(ours.joins, 0.99), 0.5 if count == 50 else None)
    yield at_most(f"{name}: key → painted, p50", median(ours.keys))
    yield at_most(f"{name}: key → painted, p99", percentile(ours.keys, 0.99), 0.05)
    if ours.missing:
        yield at_most(f"{name}: keys not painted in time", ours.missing, 0, shown=str)
    yield told(f"{name}: clients' share of a processor", f"{ours.share:.0%}")
    yield at_most(f"{name}: memory each (PSS)", ours.memory / 2**20, 20, shown="{:.1f} MB".format)
    yield at_most(f"{name}: bytes a key, 256 colours", ours.bytes_a_key, 1500, shown="{:.0f}".format)


def _unreached(name, count, ours):
    if len(ours.joins) < count:
        return Row(f"{name}: screens within {_JOIN_SECONDS} s", str(len(ours.joins)), "", "", str(count), False)
    return Row(f"{name}: keys painted within {_KEY_SECONDS} s", "0", "", "", "all", False)
