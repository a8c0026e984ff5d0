"""Does in this folder what the README says, as somebody at a terminal would: its blocks `run` and `workshop`."""

import re
import shutil
import tempfile
from pathlib import Path

from tests.tui.terminal import Terminal

BASH, SSH = shutil.which("bash"), shutil.which("ssh")
INSTALLS = 300
"""Seconds that an installation may take."""


def block(marker):
    """Return the commands of the block after a marker."""
    return Path("README.md").read_text(encoding="utf-8").split(f"<!-- {marker} -->\n```sh\n", 1)[1].split("\n```", 1)[0]


def walk(terminal, seconds):
    """Make the first update of mountain-descent on a screen, and leave it."""
    terminal.until("update 0 · loss 4", seconds)
    terminal.send(" ")
    terminal.until("update 1 · loss 3.8416")
    terminal.send("q")


print(block("run"))
with Terminal("-euc", block("run"), program=(), executable=BASH) as terminal:
    walk(terminal, INSTALLS)
    assert terminal.ended() == 0

print(block("workshop"))
with Terminal("-euc", block("workshop"), program=(), executable=BASH, columns=200) as server:
    server.until("ctrl+c", INSTALLS)
    code = re.search(r"learners .* code (\S+)", server.text)[1]
    known = f"UserKnownHostsFile={tempfile.mkdtemp()}/known"
    options = ("-F", "none", "-o", "StrictHostKeyChecking=accept-new", "-o", known)
    with Terminal(*options, "-p", "2222", "maria@127.0.0.1", program=(), executable=SSH) as learner:
        learner.until("code")
        learner.send(f"{code}\r")
        walk(learner, 60)
        assert learner.ended() == 0
    server.send("\x03")
    assert server.ended() == 0
print("the README's blocks do what it says")
