"""The language a command speaks: ``--lang``, else the one the environment names."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, _ArgumentGroup

from gdsim.i18n import LANGUAGES, language_of, use_language

_SAMPLE = "中文，。"
"""What a stream must be able to write for a language other than English."""


def add_language(parser: ArgumentParser | _ArgumentGroup) -> None:
    """Add --lang."""
    parser.add_argument("--lang", choices=LANGUAGES, help="language of the texts (default: that of the environment)")


def speak(language: str | None, *, is_ascii: bool = False) -> None:
    """Use the language asked for, else the one the environment names, where the output can write it; else English.

    is_ascii: whether the terminal is known to have no other letters.
    """
    can_write = not is_ascii and _can_write(_SAMPLE)
    use_language(language or (language_of(os.environ) if can_write else LANGUAGES[0]))


def _can_write(text: str) -> bool:
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
