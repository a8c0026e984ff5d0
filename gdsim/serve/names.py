"""Names people log in with: hostile input, made fit to be shown to others."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import count

LONGEST = 24
"""Characters of a name at most."""

NAMELESS = "learner"
"""What somebody is called whose name has nothing in it to be shown."""

_JOINTS = " -_.'"
_MOST_MARKS = 2


def clean_name(name: str) -> str:
    """Return a name as it is shown: letters, figures and a few joints between them, at most `LONGEST` characters.

    Control and formatting characters, pictures and everything else are left out, and so are marks piled upon a letter.
    """
    kept, marks = "", 0
    for character in unicodedata.normalize("NFKC", name[: 20 * LONGEST]):
        kind = unicodedata.category(character)
        marks = marks + 1 if kind[0] == "M" else 0
        is_joint = character in _JOINTS and kept[-1:] not in _JOINTS
        if kind[0] in "LN" or 0 < marks <= _MOST_MARKS or is_joint:
            kept += character
    return unicodedata.normalize("NFC", kept[:LONGEST]).strip(_JOINTS) or NAMELESS


def numbers(name: str) -> Iterator[str]:
    """Yield the names people of one name are told apart by: the name, then with numbers from 2 on."""
    yield name
    yield from (f"{name} {number}" for number in count(2))
