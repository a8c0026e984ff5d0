"""The fork server has everything in memory: a learner's process may not be able to read a single file."""

import subprocess
import sys

import pytest

from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file

pytest.importorskip("asyncssh")

from gdsim.serve.process import hashes
from gdsim.tui.served import Catalogue

PROGRAM = """
import asyncio, sys
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.serve.process import load
from gdsim.tui.app import GdsimApp

KEYS = "space . , b p p ] [ r escape e escape a escape d escape ? escape l escape v v v k escape x w escape g escape"

async def walk(scenario):
    app = GdsimApp(scenario)
    async with app.run_test(size=(120, 40)) as pilot:
        for key in KEYS.split():
            await pilot.press({".": "full_stop", ",": "comma", "]": "right_square_bracket",
                               "[": "left_square_bracket", "?": "question_mark"}.get(key, key))
            await pilot.pause()
        for key in ("tab", "down", "right", "escape", "end", "home"):
            await pilot.press(key)
            await pilot.pause()

scenarios = [load_file(resolve(name)) for name in sys.argv[1:]]  # what is offered is read before anybody comes
load()
known = set(sys.modules)
for scenario in scenarios:
    asyncio.run(walk(scenario))
print(*sorted(set(sys.modules) - known))
"""


def test_keys_load_nothing_more() -> None:
    """Charts, pages, sheets and checks of a hill and of a network: no key needs a module not loaded yet."""
    command = [sys.executable, "-c", PROGRAM, "mountain-descent", "backprop"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr


def test_scenarios_are_told_apart_by_their_samples(tmp_path):
    """Of files whose tables differ in one target, of a training or a held-out sample, each has a hash of its own."""
    text = resolve("house-prices").read_text(encoding="utf-8")
    data = '[data]\nfile = "prices.csv"\ninputs = ["size"]\ntargets = ["price"]\ntest_fraction = 0.5\n'
    text = text[: text.index("[data]")] + data + text[text.index("[update]") :]
    prices = [1, 2, 3, 4]
    found = []
    for changed in (None, *range(len(prices))):
        folder = tmp_path / f"{changed}"
        folder.mkdir()
        rows = [(size, 10 * price if size == changed else price) for size, price in enumerate(prices)]
        (folder / "prices.csv").write_text("size,price\n" + "".join(f"{size},{price}\n" for size, price in rows))
        (folder / "prices.toml").write_text(text, encoding="utf-8")
        scenario = load_file(folder / "prices.toml", overrides=[("expect", []), ("ask", []), ("translations", {})])
        found.append(hashes(Catalogue({"prices": scenario}, {}))["prices"])
    assert len(set(found)) == len(found)
