"""A scenario from a stranger takes neither much time nor much memory before it is refused or ready."""

from __future__ import annotations

import subprocess
import sys

import pytest
from scenario_texts import A_FUNCTION, A_NETWORK, DATA, FUNCTION, HEAD, NETWORK, UPDATE

ONE = NETWORK.replace("[[0.1, 0.2]]", "[[0.1]]")
GENERATE = '[data]\ngenerate = { samples = 1000000, x = "normal", target = "x + sin(x)" }\n'
COMPARE = '[[compare]]\nlabel = "a"\nset = { seed = %d }\n'

HOSTILE = {
    "a billion units": A_NETWORK.replace("units = 1", "units = 1000000000"),
    "units of a million digits": A_NETWORK.replace("units = 1", "units = 0x" + "f" * 900_000),
    "16 widest layers": HEAD
    + UPDATE
    + '[network]\nloss = "mse"\n'
    + '[[network.layers]]\nunits = 4096\nactivation = "relu"\ninit = { method = "he" }\n' * 16
    + DATA,
    "a trillion samples": HEAD + UPDATE + ONE + GENERATE.replace("1000000", "1" + "0" * 12),
    "a million samples, compared 16 times": HEAD
    + UPDATE
    + ONE
    + GENERATE
    + "".join(COMPARE % seed for seed in range(1, 17)),
    "9**9**9**9": A_FUNCTION.replace("x**2", "9**9**9**9"),
    "a large power": A_FUNCTION.replace("x**2", "**".join(["99999999"] * 40)),
    "code": A_FUNCTION.replace("x**2", "__import__('os').system('sleep 9')"),
    "nested lists": "a = " + "[" * 900_000,
    "nested tables": "a = " + "{ a = " * 100_000,
    "a key of many parts": "a." * 400_000 + "b = 1",
    "a header of many parts": "[" + "a." * 400_000 + "b]",
    "an expression of a megabyte": A_FUNCTION.replace("x**2", "x+" * 400_000 + "x"),
    "many features": A_NETWORK + "features = [" + '"x1*x2+x1", ' * 50_000 + "]\n",
    "many unknown keys": A_FUNCTION + "".join(f"key{i} = 1\n" for i in range(60_000)),
    "many unknown tables": A_FUNCTION + "".join(f"[key{i}]\n" for i in range(60_000)),
    "many charts": HEAD + UPDATE + FUNCTION + "[show]\ncharts = [" + '"a",' * 200_000 + "]\n",
    "many figures": A_FUNCTION + '[[expect]]\nafter = 1\nquantity = "lossy"\nvalue = 1\n' * 15_000,
    "many samples in the file": HEAD
    + UPDATE
    + ONE
    + f"[data]\ninputs = [{'[1],' * 90_000}]\ntargets = [{'1,' * 90_000}]\n",
    "a long title": A_FUNCTION.replace('"t"', f'"{"t" * 900_000}"'),
    "quotes": '"' * 999_999,
    "a word": "a" * 999_999,
}

READER = r"""
import re, resource, sys, time
from pathlib import Path
from gdsim.errors import ScenarioError
from gdsim.scenario.load import load_text
text = sys.stdin.read()
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
start = time.process_time()
try:
    load_text(text, "s.toml")
except ScenarioError as error:
    str(error)
# ru_maxrss would begin with what the process that started this one takes.
highest = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
print(time.process_time() - start, int(highest[1]) / 1024)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("name", HOSTILE)
def test_is_refused_or_ready_within_two_seconds_and_300_megabytes(name: str) -> None:
    """No text of up to a megabyte hangs the reader or fills memory; the process as a whole stays below 300 MB."""
    done = subprocess.run(
        [sys.executable, "-c", READER], input=HOSTILE[name], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    seconds, megabytes = map(float, done.stdout.split())
    assert seconds < 2.0
    assert megabytes < 300
