"""The language a command speaks: ``--lang``, else the one the environment names."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, _ArgumentGroup

from gdsim.language import LANGUAGES, language_of, use_language

_SAMPLE = "中文，。"
"""What a stream must be able to write for a language other than English."""


def add_language(parser: ArgumentParser | _ArgumentGroup) -> None:
    """Add --lang."""
    parser.add_argument("--lang", choices=LANGUAGES, help="language of the texts (default: that of the environment)")


def speak(language: str | None, *, on_output: bool = False) -> None:
    """Use the language asked for, else the one the environment names.

    on_output: what is said goes to standard output as text, so it is English where that cannot write another language
    nobody has asked for.
    """
    chosen = language or language_of(os.environ)
    use_language(LANGUAGES[0] if on_output and language is None and not _can_write(_SAMPLE) else chosen)


def _can_write(text: str) -> bool:
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
