"""`gdsim check FILE --watch` checks again whenever a file is saved, and ctrl+c ends it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import small_hill

import gdsim

HILL = small_hill.HILL + '[[expect]]\nafter = 1\nquantity = "x"\nvalue = 3.96\n'

POINTS = """format = 1
title = "A line"
summary = "s"
[network]
loss = "mse"
[[network.layers]]
units = 1
activation = "identity"
weights = [[0.0]]
biases = [0.0]
[data]
file = "points.csv"
inputs = ["a"]
targets = ["b"]
[update]
learning_rate = 0.1
[stop]
max_updates = 1
"""


PROGRAM = """
import signal, sys
from gdsim.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what it starts in the background ignore it
sys.exit(main(sys.argv[1:]))
"""


class Watched:
    """A running `gdsim check … --watch`, its output (stdout and stderr together) in a file."""

    def __init__(self, folder, *arguments):
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "check", *arguments, "--watch"],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONPATH": str(Path(gdsim.__file__).parents[1]), "PYTHONUNBUFFERED": "1"},
            )

    def waits(self, times):
        """Return what was written so far, as soon as it has said so many times that it waits."""
        deadline = time.monotonic() + 40
        while (text := self.log.read_text()).count("waiting for a change; ctrl+c ends") < times:
            assert self.process.poll() is None, text
            assert time.monotonic() < deadline, text
            time.sleep(0.05)
        return text

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_watch_checks_again_on_save_until_ctrl_c(tmp_path):
    """A save, one that makes a mistake, one by renaming, one that mends it: each is checked once; ctrl+c is 130."""
    path = tmp_path / "hill.toml"
    path.write_text(HILL)
    with Watched(tmp_path, str(path)) as watched:
        assert watched.waits(1).count("all checks passed") == 1
        path.write_text(HILL.replace("3.96", "3.95"))
        assert "FAIL  x after 1 = 3.96, expected 3.95" in watched.waits(2)
        (tmp_path / "new").write_text(HILL.replace("0.01", '"slow"'))
        path.unlink()
        time.sleep(0.7)
        (tmp_path / "new").rename(path)
        assert '  9 | learning_rate = "slow"' in watched.waits(3)
        path.write_text(HILL)
        assert watched.waits(4).count("all checks passed") == 2
        watched.process.send_signal(signal.SIGINT)
        assert watched.process.wait(10) == 130


def test_watch_looks_at_data_files_too(tmp_path):
    """A scenario is checked again when the CSV file it names is saved."""
    (tmp_path / "points.csv").write_text("a,b\n1,2\n")
    path = tmp_path / "line.toml"
    path.write_text(POINTS)
    with Watched(tmp_path, str(path)) as watched:
        assert "all checks passed" in watched.waits(1)
        (tmp_path / "points.csv").write_text("a,b\nmany,2\n")
        assert "many" in watched.waits(2)
