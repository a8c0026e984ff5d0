"""The manual as tests read it: its topics, its commands, and whether shown text is what a command says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from gdsim.cli.parser import build_parser
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file

FOLDER = Path(__file__).parents[1] / "gdsim" / "manual"


def source(topic: str, language: str = "en") -> str:
    """Return a topic as it is written, placeholders and all."""
    return (FOLDER / language / f"{topic}.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """Return what stands in the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(text: str) -> Iterator[list[str]]:
    """Yield the words of each gdsim command in the sh blocks of a text, without what comes after > or |.

    A command in quotes is another program's to start.
    """
    for block in blocks(text, "sh"):
        for command in re.findall(r"\bgdsim ((?:[a-z]|--)[^|>)#\n]*)", block):
            yield shlex.split(command.removesuffix('"') if command.count('"') % 2 else command)


def parse(words: list[str]) -> None:
    """Parse a command line, and read the bundled scenarios it names. Raises GdsimError where it is wrong."""
    options = build_parser().parse_args(words)
    named = [getattr(options, "scenario", None) or (), getattr(options, "scenarios", ())]
    for name in (*([named[0]] if isinstance(named[0], str) else ()), *named[1]):
        if not name.endswith(".toml"):
            load_file(resolve(name))


def matches(shown: str, said: str) -> bool:
    """Whether what was said is what is shown, where … stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, shown.split("…"))), said, re.DOTALL) is not None
