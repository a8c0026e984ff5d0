"""A place in a run: a value that progress files, messages and command lines share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from gdsim.scenario import limits


def _printable(text: str) -> str:
    if not text.replace("\n", "").isprintable():
        raise ValueError("not all printable")
    return text


Text = Annotated[str, Field(max_length=1_000), AfterValidator(_printable)]
Index = Annotated[int, Field(ge=0, lt=1_000)]
UpdateNumber = Annotated[int, Field(ge=0, le=limits.UPDATES)]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a run: everything needed to get there again. Files and messages that hold one check its values.

    scenario: its name, empty where it is known; update: updates made, including those of compared runs that last
    longer; phase: as in `gdsim.timeline.position.Position`; start: the index of the starting point, from 0;
    is_corrected: whether the errors of the source are corrected; edits: made on the way, as `parse_edit` reads them.
    """

    scenario: Text = ""
    update: UpdateNumber = 0
    phase: Index | None = None
    start: Index = 0
    is_corrected: bool = False
    edits: Annotated[tuple[Text, ...], Field(max_length=limits.EDITS)] = ()


START = Place()
"""The start of a scenario's run as its file has it."""
