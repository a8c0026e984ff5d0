"""The help on screen: the keys of commands and panels, the mouse, and what every sign means."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

from gdsim.i18n import _
from gdsim.manual import source
from gdsim.session.command import Command, Text, TextLine, by_group, key_rows
from gdsim.tui.strips import filled, wrapped

_WIDTH = 70
"""The most cells of a line, so that it fits into a dialog on 80 columns."""

OTHER_KEYS = (
    ("↑ ↓ K J", "scroll the focused panel"),
    ("← → ↑ ↓ H L K J", "in the network (tab goes there): choose a neuron, or a weight to the left of it"),
    ("← → ↑ ↓ H L K J", "in an activation: move z, by 0.25 or by 1"),
    ("↑ ↓ ← →", "in a picture (tab goes there): choose another sample or neuron, a sample answered wrongly"),
    ("O", "in a long table: sort by change, or by name"),
    ("ctrl+p", "every action by name"),
    ("click", "on the bar under the charts: go there (┬ something changed here, ? a question)"),
)
"""Keys of the panels, the palette and the mouse, for help."""


def keys_text(commands: tuple[Command, ...]) -> Text:
    """Return the help text: the keys by group, each with what it does, wrapped to several lines if needed.

    The meanings of symbols, words and signs follow.
    """
    others = [(keys, _(does)) for keys, does in OTHER_KEYS]
    width = max(cell_len(keys) for keys, _does in (*key_rows(commands), *others))
    symbols = _(
        "M opens the manual: its glossary explains symbols such as η, δ, ∂ and σ, and every sign on the screen."
    )
    lines = [TextLine(part) for part in wrapped(symbols, _WIDTH)]
    for heading, rows in (*((name, key_rows(members)) for name, members in by_group(commands)), (_("panels"), others)):
        lines += [TextLine(heading.capitalize(), "quiet")] if rows else []
        for keys, does in rows:
            first, *rest = wrapped(does, _WIDTH - width - 4)
            lines += [
                TextLine(f"  {filled(keys, width)}  {first}"),
                *(TextLine(" " * (width + 4) + part) for part in rest),
            ]
    return Text((*lines, *_glossary()), title=_("help"), is_page=True)


def _glossary() -> Iterator[TextLine]:
    """Yield every symbol, word and sign with its meaning, under the headings of the manual's glossary."""
    for block in re.split(r"\n+(?=[-#])|\n\n+", source("glossary"))[1:]:
        joined = re.sub(r"(?<=[\u3000-\uffff])\n *(?=[\u3000-\uffff])", "", block)  # Chinese needs no space there
        text = " ".join(joined.replace("`", "").replace("**", "").split())
        if block.startswith("#"):
            yield TextLine(text.lstrip("# "), "quiet")
        else:
            first, *rest = wrapped(text.removeprefix("- "), _WIDTH - 2, "  ")
            yield from (TextLine(f"  {line}") for line in (first, *rest))
