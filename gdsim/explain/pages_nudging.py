"""The gradient by nudging, in words and numbers, beside what backpropagation takes for the same."""

from __future__ import annotations

from gdsim.explain.numbers import short_number
from gdsim.explain.page import Line, Page, lettered
from gdsim.language import _, ngettext
from gdsim.timeline.nudging import Nudging

AGREES = 1e-6
"""Both ways agree when their largest difference is below this part of the largest gradient."""


def nudging_page(nudging: Nudging, *, ascii_only: bool = False) -> Page:
    """Return the element nudged last, both ways, and what all of them cost so far."""
    last, nudges, layout = nudging.count - 1, nudging.nudges, nudging.update.run.model.layout
    name = layout.label(last)
    above, below = (short_number(float(each[last]), digits=12) for each in (nudges.above, nudges.below))
    distance = short_number(float(nudges.distance[last]))
    lines = (
        Line(_("loss, {name} up").format(name=name), above),
        Line(_("loss, {name} down").format(name=name), below),
        Line(
            f"∂C/∂{name}",
            _("(up − down)/{distance}").format(distance=distance),
            "",
            short_number(float(nudges.slopes[last]), signed=True),
        ),
        Line(_("backpropagation"), "", "", short_number(float(nudging.computed[last]), signed=True)),
        Line(_("difference"), _("at most {part} of the largest gradient").format(part=f"{nudging.difference:.1e}")),
    )
    title = _("{count} of {size} nudged").format(count=nudging.count, size=nudging.size)
    page = Page(title, _sentence(nudging), lines, _notes(nudging))
    return lettered(page, ascii_only)


def _sentence(nudging: Nudging) -> str:
    if not nudging.difference <= AGREES:
        return _("The two gradients differ by more than one part in a million: one of the two ways is wrong.")
    if nudging.is_complete:
        text = _("All {size} gradients by nudging took {passes} forward passes; backpropagation, 1 and 1 backward.")
        return text.format(size=nudging.size, passes=nudging.forward_passes)
    text = ngettext(
        "{count} gradient by nudging took {passes} forward passes.",
        "{count} gradients by nudging took {passes} forward passes.",
        nudging.count,
    )
    return text.format(count=nudging.count, passes=nudging.forward_passes)


def _notes(nudging: Nudging) -> tuple[str, ...]:
    notes = []
    if nudging.difference <= AGREES:
        notes.append(_("They agree to better than one part in a million."))
    if not nudging.is_complete:
        text = _("All {size} take {passes} forward passes; backpropagation takes 1 forward and 1 backward for all.")
        notes.append(text.format(size=nudging.size, passes=2 * nudging.size))
    return tuple(notes)
