"""What help shows on screen: the keys of the commands, and those of panels and pointer."""

from __future__ import annotations

from rich.cells import cell_len

from gdsim.i18n import _
from gdsim.session.command import Command, Text, TextLine, by_group, key_rows
from gdsim.tui.strips import filled, wrapped

_WIDTH = 70
"""Cells of a line at the most, so that it fits into a dialog of 80 columns."""

OTHER_KEYS = (
    ("↑ ↓ K J", "scroll the focused panel"),
    ("← → ↑ ↓ H L K J", "in the network (tab goes there): choose a neuron, or a weight to the left of it"),
    ("← → ↑ ↓ H L K J", "in an activation: move z, by 0.25 or by 1"),
    ("↑ ↓ ← →", "in a picture (tab goes there): choose another sample or neuron, a sample answered wrongly"),
    ("O", "in a long table: sort by change, or by name"),
    ("ctrl+p", "every action by name"),
    ("click", "on the bar under the charts: go there (┬ something changed here, ? a question)"),
)
"""What panels and pointer do, for help."""


def keys_text(commands: tuple[Command, ...]) -> Text:
    """Return a line for each key, or more where what it does takes more, under the headings of their groups."""
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
    return Text(tuple(lines), title=_("keys"), is_page=True)
