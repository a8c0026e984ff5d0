"""The smallest Textual app that also imports numpy: one line of text that counts the keys."""

import numpy as np
from textual.app import App, ComposeResult
from textual.widgets import Static


class Smallest(App[None]):
    def compose(self) -> ComposeResult:
        self.count = np.int64(0)
        yield Static("0 keys")

    def on_key(self) -> None:
        self.count += 1
        self.query_one(Static).update(f"{self.count} keys")


if __name__ == "__main__":
    Smallest().run()
