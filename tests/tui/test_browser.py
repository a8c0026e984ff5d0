"""`textual serve` puts gdsim into a browser: chromium opens the page, shows a run, and a key makes an update."""

import fcntl
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from base64 import b64decode

import pyte
import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Headless, and asking nothing of the network.
SWITCHES = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE localhost' --window-size=1200,800 "
    "--remote-debugging-pipe"
)
KEEP = """
    window.received = [];
    const Socket = window.WebSocket;
    window.WebSocket = class extends Socket {
        constructor(...parts) {
            super(...parts);
            this.addEventListener("message", async ({data}) => {
                if (typeof data === "string") return;
                const bytes = new Uint8Array(data instanceof Blob ? await data.arrayBuffer() : data);
                window.received.push(btoa(String.fromCharCode(...bytes)));
            });
        }
    };
"""
"""Keeps what the page receives for its terminal, which draws on a canvas."""


class Browser:
    """A page in headless chromium, told what to do through its two pipes."""

    def __init__(self, folder):
        commands, answers = socket.socketpair(), socket.socketpair()
        self._commands, self._answers = commands[0], answers[0]
        # The browser reads from descriptor 3 and writes to 4.
        ends = [fcntl.fcntl(each, fcntl.F_DUPFD, 10) for each in (commands[1], answers[1])]
        browser = f"exec {CHROMIUM} {SWITCHES} --user-data-dir={shlex.quote(str(folder))} 3<&{ends[0]} 4>&{ends[1]}"
        self._process = subprocess.Popen(["bash", "-c", f"exec 2>/dev/null; {browser}"], pass_fds=ends)
        for end in ends:
            os.close(end)
        commands[1].close()
        answers[1].close()
        self._number, self._waiting, self._session = 0, b"", None
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.tell("Page.enable")

    def tell(self, method, **parameters):
        """Return what the browser answers to a command of its DevTools protocol."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        message |= {"sessionId": self._session} if self._session else {}
        self._commands.sendall(json.dumps(message).encode() + b"\0")
        while True:
            line, end, self._waiting = self._waiting.partition(b"\0")
            if not end:
                data = self._answers.recv(1 << 20)
                assert data, "the browser has ended"
                self._waiting = line + data
            elif (answer := json.loads(line)).get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def value(self, expression):
        """Return what JavaScript gives on the page."""
        return self.tell("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def click(self, x, y):
        """Click a point of the page."""
        for kind in ("mousePressed", "mouseReleased"):
            self.tell("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key):
        """Press a key that writes a character."""
        for kind in ("keyDown", "keyUp"):
            self.tell("Input.dispatchKeyEvent", type=kind, key=key, text=key if kind == "keyDown" else "")

    def shown(self):
        """Return what stands on the page's terminal."""
        screen = pyte.Screen(160, 60)
        stream = pyte.ByteStream(screen)
        for packet in self.value("window.received") or ():
            stream.feed(b64decode(packet))
        return "\n".join(screen.display)

    def until(self, wanted):
        """Wait until the terminal shows a text."""
        deadline = time.monotonic() + 60
        while wanted not in (text := self.shown()):
            assert time.monotonic() < deadline, f"never showed {wanted!r}:\n{text}"
            time.sleep(0.1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._commands.close()
        self._answers.close()


@pytest.fixture
def address():
    """The address at which `textual serve` shows a run."""
    pytest.importorskip("textual_serve")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    gdsim = f"{shlex.quote(sys.executable)} -m gdsim run mountain-descent"
    command = [sys.executable, "-m", "textual_dev", "serve", "--command", "--port", str(port), gdsim]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        deadline = time.monotonic() + 60
        while server.poll() is None and time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://localhost:{port}"
        server.kill()


@pytest.mark.peers
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_run_opens_in_a_browser_and_takes_keys(address, tmp_path):
    """The page shows the run as a terminal would; space, pressed on the page, makes the first update; q ends it."""
    with Browser(tmp_path) as browser:
        browser.tell("Page.addScriptToEvaluateOnNewDocument", source=KEEP)
        browser.tell("Page.navigate", url=address)
        browser.until("update 0 · loss 4")
        browser.click(800, 600)
        browser.press(" ")
        browser.until("update 1 · loss 3.8416")
        browser.press("q")
        deadline = time.monotonic() + 30
        while "-closed" not in browser.value("document.body.className"):
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_run_ends_with_the_server_that_shows_it_in_a_browser():
    """A killed server closes both pipes without a word: the run ends by itself, even while it stands still."""
    environment = os.environ | {"TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver"}
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "gdsim", "run", "mountain-descent"]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment) as run:
        shown = b""
        while b"update 0" not in shown:
            shown += (data := os.read(run.stdout.fileno(), 65_536))
            assert data, (shown, run.stderr.read())
        for end in (run.stdin, run.stdout, run.stderr):
            end.close()
        try:
            assert run.wait(30) == 0
        finally:
            run.kill()
