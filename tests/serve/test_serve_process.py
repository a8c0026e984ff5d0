"""A learner's process: what it may do, what it shares with others, and that it costs nothing while nothing happens."""

import asyncio
import os
import re
import socket
import stat
import subprocess
import sys
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
from over_ssh import Workshop, came, left_with, read_until, screen, until, visit

from gdsim.serve.admission import Limiter
from gdsim.serve.rates import BURST, LONGEST_PASTE, RATE, KeyLimit
from gdsim.serve.server import host_key
from gdsim.serve.terminal import terminal_for
from gdsim.tui.terminal_profile import clamped

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="/proc is needed")


def status_of(pid):
    return dict(re.findall(r"(\w+):\s+(.*)", Path(f"/proc/{pid}/status").read_text()))


@LINUX
async def test_the_process_of_a_learner(workshop):
    """One thread, a poll of its own, no epoll, no default signals caught, limits, no network, no root."""
    async with workshop.connect() as connection, workshop.connect() as other_connection:
        process, other = await screen(connection), await screen(other_connection)
        await read_until(process, b"quit")
        await read_until(other, b"quit")
        first, second = workshop.children
        about = status_of(first)
        assert about["Threads"] == "1"
        assert not int(about["SigCgt"], 16) >> 16 & 1, "SIGCHLD is caught"
        assert int(about["NoNewPrivs"]) == 1
        opened = [{str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()} for pid in (first, second)]
        assert not any("eventpoll" in each for each in opened[0])
        shared = {each for each in opened[0] & opened[1] if each.startswith("socket")}
        assert not shared, "a socket or self-pipe is shared with another learner"
        limits = Path(f"/proc/{first}/limits").read_text()
        assert re.search(r"Max file size\s+0\s", limits)
        assert re.search(r"Max open files\s+64\s", limits)
        assert not re.search(r"Max cpu time\s+unlimited", limits)
        assert not re.search(r"Max address space\s+unlimited", limits)
        assert os.getpriority(os.PRIO_PROCESS, first) > os.getpriority(os.PRIO_PROCESS, 0)
        if os.geteuid() == 0:
            assert about["Uid"].split()[0] != "0"
            assert Path(f"/proc/{first}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
            interfaces = Path(f"/proc/{first}/net/dev").read_text().splitlines()[2:]
            assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]
        assert await left_with(process) == 0
        assert await left_with(other) == 0


@LINUX
async def test_nothing_wakes_up_while_nothing_happens(workshop):
    """A screen that is looked at does not run at all: its switches stand still for a second."""
    async with visit(workshop):
        pid = workshop.child

        def switches():
            about = status_of(pid)
            return about["voluntary_ctxt_switches"], about["nonvoluntary_ctxt_switches"]

        async with asyncio.timeout(30):
            before = None
            while before != switches():
                before = switches()
                await asyncio.sleep(1)


@LINUX
async def test_variables_of_the_server_do_not_reach_a_screen(tmp_path):
    """TEXTUAL_DRIVER imports a module, TEXTUAL_PRESS presses keys, TEXTUAL_LOG writes a file: none of them arrives."""
    log = tmp_path / "textual.log"
    environment = {"TEXTUAL_DRIVER": "no.such:driver", "TEXTUAL_PRESS": "q", "TEXTUAL_LOG": str(log), "SECRET": "x"}
    with Workshop(tmp_path, "mountain-descent", environment=environment) as workshop:
        async with visit(workshop):
            variables = Path(f"/proc/{workshop.children[0]}/environ").read_bytes()
            assert b"TEXTUAL" not in variables
            assert b"SECRET" not in variables
            assert b"OPENBLAS_NUM_THREADS=1" in variables
    assert not log.exists()


def test_randomness_is_everybodys_own():
    """What a forked process draws at random is not what its sisters draw."""
    program = """
import os, random, sys
import numpy as np
from gdsim.serve.process import begin_anew
from gdsim.tui.terminal_profile import TerminalProfile
random.seed(1); np.random.seed(1)
for number in range(2):
    if os.fork() == 0:
        begin_anew(TerminalProfile())
        os.write(1, f"{random.random()} {np.random.random()}\\n".encode())
        os._exit(0)
    os.wait()
"""
    drawn = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert len(set(drawn)) == 4


def test_the_server_does_not_draw():
    """The process that serves all loads neither Textual nor numpy."""
    program = "import sys, gdsim.serve.server; print([m for m in ('textual', 'numpy', 'plotext') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"


@pytest.mark.parametrize(
    ("term", "variables", "colors"),
    [
        ("xterm-256color", {}, 256),
        ("xterm", {}, 16),
        ("xterm-256color", {"COLORTERM": "truecolor"}, 1 << 24),
        ("xterm-kitty", {}, 1 << 24),
        ("vt100", {}, 0),
        ("xterm-256color", {"NO_COLOR": "1"}, 0),
        ("xterm-256color", {"NO_COLOR": ""}, 256),
    ],
)
def test_depth_is_chosen_from_the_name(term, variables, colors):
    """The name of a terminal tells how many colours it has; the server's own variables say nothing about it."""
    assert terminal_for(term, variables).colors == colors


@pytest.mark.parametrize(
    ("claimed", "drawn"),
    [((10_000, 10_000), (400, 120)), ((0, 0), (80, 24)), ((80, 0), (80, 24)), ((1, 1), (1, 1)), ((-5, 7), (80, 24))],
)
def test_sizes_are_clamped(claimed, drawn):
    """400 × 120 is the most that is drawn."""
    assert clamped(*claimed) == drawn


# Floods.


def test_keys_are_passed_on_in_measure():
    """A burst goes through at once, then so many a second; nothing is lost and the order stays."""
    flow = KeyLimit(0.0)
    keys = b"".join(b"\x1b[<64;10;10M" for _number in range(1000))
    passed = flow.take(keys, 0.0)
    assert len(passed) == BURST * 12
    assert flow.is_holding
    later = flow.take(b"q", 1.0)
    assert len(later) == RATE * 12
    for second in range(2, 40):
        later += flow.take(b"", float(second))
    assert passed + later == keys + b"q"
    assert not flow.is_holding


def test_a_paste_costs_little():
    """Two thousand characters pasted go through at once."""
    flow = KeyLimit(0.0)
    paste = b"\x1b[200~" + b"3.5 " * 500 + b"\x1b[201~"
    assert flow.take(paste, 0.0) == paste


def test_a_paste_that_never_ends_is_keys():
    """After so many characters each costs what a key costs, and so does what hides in an endless sequence."""
    flow = KeyLimit(0.0)
    passed = flow.take(b"\x1b[200~" + b"x" * 10 * LONGEST_PASTE, 1.0)
    for second in range(2, 12):
        passed += flow.take(b"", float(second))
    assert len(passed) < 1.1 * LONGEST_PASTE
    flow = KeyLimit(0.0)
    endless = b"\x1b[" + b"1;" * 5000 + b"m"
    assert flow.take(endless * 10, 0.0) == endless


# Behind one address there may be a class.


class Transport:
    """A connection that may be cut."""

    is_cut = False

    def abort(self):
        self.is_cut = True


def test_a_class_behind_one_address_gets_in():
    """All learners of a full workshop may be logging in at the same time from one address, and be connected twice."""
    limiter = Limiter(100)
    arrivals = [limiter.arrive("192.0.2.1", Transport()) for _number in range(100)]
    for arrival in arrivals:
        arrival.is_waiting = arrival.is_silent = False
    arrivals += [limiter.arrive("192.0.2.1", Transport()) for _number in range(100)]
    assert limiter.arrive("192.0.2.2", Transport())
    assert not any(arrival.transport.is_cut for arrival in arrivals)


def test_strangers_leave_room_for_others():
    """One address that floods is stopped while another still gets in; who has said nothing yet makes room first."""
    limiter, arrivals = Limiter(100), []
    while not any(arrival.transport.is_cut for arrival in arrivals):
        arrivals.append(limiter.arrive("192.0.2.1", Transport()))
    assert arrivals[0].transport.is_cut
    assert limiter.arrive("192.0.2.2", Transport())
    arrivals[1].is_silent = False
    limiter.closed(arrivals[2])
    for _number in range(2):
        assert limiter.arrive("192.0.2.1", Transport())
    assert [arrival.transport.is_cut for arrival in arrivals[:5]] == [True, False, False, True, False]


# The server.


def test_the_host_key_is_kept(tmp_path):
    """The second day's fingerprint is the first day's, and the key is its owner's alone."""
    path = tmp_path / "gdsim" / "key"
    first, second = host_key(path), host_key(path)
    assert first.get_fingerprint() == second.get_fingerprint()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    host_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_codes_are_made_up_and_told(tmp_path):
    """Without --code there are two codes of three words, which are printed; what they open is the door."""
    with Workshop(tmp_path, "mountain-descent", codes=False) as workshop:
        learner, instructor = (re.search(r"code ([a-z]+-[a-z]+-[a-z]+)", line)[1] for line in workshop.welcome[1:3])
        assert learner != instructor

        async with visit(workshop, code=learner):
            pass


async def test_a_code_that_can_be_guessed_takes_a_second_word(tmp_path, capsys):
    """A short --code is refused with how soon it is guessed; given twice it is meant, and opens the door."""
    from gdsim.cli import main

    for option in ("--code", "--instructor-code"):
        assert main(["serve", option, "maria"]) == 2
        assert "5 characters are 25 bits, guessed in 10 days at 20 tries a second" in capsys.readouterr().err
    with Workshop(tmp_path, "mountain-descent", "--code", "maria", "--code", "maria", codes=False) as workshop:
        async with visit(workshop, code="maria"):
            pass


async def test_open_on_an_address_for_all_takes_a_second_word(tmp_path, capsys):
    """--open lets anybody in, and so refuses to start where others reach it, without --yes-open."""
    from gdsim.cli import main

    assert main(["serve", "--open", "--host", "0.0.0.0"]) == 2
    assert "--yes-open" in capsys.readouterr().err
    with Workshop(tmp_path, "mountain-descent", "--open", "--log", tmp_path / "log") as workshop:
        async with visit(workshop, code=None):
            pass


async def test_a_balancer_tells_where_a_connection_comes_from(tmp_path):
    """With --proxy-protocol the header's address counts, and a connection without one is refused."""
    with Workshop(tmp_path, "mountain-descent", "--proxy-protocol", "127.0.0.1") as workshop:
        header = (
            b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c"
            + socket.inet_aton("192.0.2.7")
            + b"\x7f\x00\x00\x01\x10\x00\x08\xae"
        )
        connection = socket.create_connection(("127.0.0.1", workshop.port))
        connection.sendall(header)
        connection.setblocking(False)
        async with visit(workshop, "maria", sock=connection):
            pass
        workshop.until_logged("maria: joined as learner from 192.0.2.7")
        with socket.create_connection(("127.0.0.1", workshop.port)) as bare:
            bare.settimeout(10)
            bare.sendall(b"SSH-2.0-x\r\n")
            with suppress(ConnectionError):
                assert bare.recv(100) == b""
        workshop.until_logged("without a PROXY header was refused")


async def test_a_full_workshop_says_so(tmp_path):
    """One more than --max-learners is told, and gets in when somebody has left."""
    with Workshop(tmp_path, "mountain-descent", "--max-learners", "1") as workshop:
        async with visit(workshop), workshop.connect() as second:
            end = await (await screen(second)).wait()
            assert end.exit_status == 1
            assert b"the workshop is full" in end.stderr
        until(lambda: "left" in workshop.logged)
        async with visit(workshop):
            pass


async def test_what_is_served_is_all_there_is(tmp_path):
    """Of a folder of scenarios only those are offered, and no screen names the folder, whatever key is pressed."""
    folder = tmp_path / "week-1"
    folder.mkdir()
    for name in ("mine", "other"):
        source = Path(__file__).parents[2] / "scenarios" / "mountain-descent.toml"
        (folder / f"{name}.toml").write_text(source.read_text().replace("Walk down", f"{name.title()} down"))
    with Workshop(tmp_path, "--scenarios", folder) as workshop:
        async with AsyncExitStack() as stack:
            learner = await came(stack, workshop)
            await learner.until("Mine down", "Other down")
            assert "mazur" not in learner.text
            for key, shows in (
                (b"\r", "before the first update"),
                (b" ", "update 1 ·"),
                (b"s", "nothing is saved"),
                (b"R", "scenarios stay as they are"),
                (b"\x1a ", "update 2 ·"),
                (b"y", "gdsim run mine --at 2"),
            ):
                learner.press(key)
                await learner.until(shows)
            learner.press(b"\x1b")
            await learner.until_gone("gdsim run mine")
            learner.press(b"\x10")
            await learner.until("Search for an action")
            assert "Save the screen" not in learner.text
            learner.press(b"\x03")
            await learner.process.wait()
            assert str(tmp_path).encode() not in learner.read
            assert b"week-1" not in learner.read
        assert sorted(path.name for path in folder.iterdir()) == ["mine.toml", "other.toml"]


async def test_a_key_opens_the_door(tmp_path):
    """A key of --authorized-keys gets in without a code, another one does not."""
    import asyncssh

    good, bad = (asyncssh.generate_private_key("ssh-ed25519") for _number in range(2))
    keys = tmp_path / "authorized"
    keys.write_bytes(good.export_public_key())
    with Workshop(tmp_path, "mountain-descent", "--authorized-keys", keys) as workshop:
        async with visit(workshop, code=None, client_keys=[good]):
            pass
        with pytest.raises(asyncssh.PermissionDenied):
            await workshop.connect(code=None, client_keys=[bad])


async def test_who_leaves_while_the_screen_begins_leaves_nothing_behind(tmp_path):
    """Whenever a line drops while a list of scenarios opens, no process stays, and the log has no traceback."""
    with Workshop(tmp_path) as workshop:

        async def come_and_drop(seconds):
            async with workshop.connect() as connection:
                await screen(connection)
                await asyncio.sleep(seconds)
                connection.abort()

        for _round in range(4):
            await asyncio.gather(*(come_and_drop(0.02 * number) for number in range(10)))
        await asyncio.to_thread(until, lambda: not workshop.children, what=lambda: workshop.children)
        assert " | " not in workshop.logged
