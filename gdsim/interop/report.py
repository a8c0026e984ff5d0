"""Reports a diagnosis: in words, as JSON for grading programs, and as an HTML page to hand back."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

import numpy as np

from gdsim.explain.numbers import format_number
from gdsim.explain.page import equation_lines, names_of
from gdsim.explain.quantity import working
from gdsim.i18n import _, ngettext
from gdsim.interop.diagnosis import START, Diagnosis, Place, published_as
from gdsim.scenario.scenario import Scenario


def report_lines(scenario: Scenario, found: Diagnosis) -> Iterator[str]:
    """Yield a diagnosis in words, line by line."""
    for name, alike in (found.unknown or {}).items():
        text = _("{name} does not name a number of this run; it has {names}, with indices from 0")
        yield text.format(name=name, names=", ".join(alike))
    for text in found.conventions:
        yield _("Your program uses {what}: a different convention, not a mistake.").format(what=text)
    updates = ngettext("{count} update", "{count} updates", found.updates).format(count=found.updates)
    if found.first is None:
        yield _("All numbers agree, over {updates}.").format(updates=updates)
        yield from (f"  {_(mistake.does)}" for mistake in found.mistakes)
        return
    yield from _first_lines(scenario, found.first)
    if not found.mistakes:
        if found.is_tried:
            yield f"  {_('No known mistake produces your numbers.')}"
        else:
            yield f"  {_('To name the mistake, hand in the numbers of the first updates.')}"
        right = [phase for phase, is_right in found.phases.items() if is_right]
        if right:
            yield f"  {_('Right in this update: {phases}.').format(phases=', '.join(right))}"
        return
    yield from _mistake_lines(scenario, found, updates)


def _first_lines(scenario: Scenario, place: Place) -> Iterator[str]:
    if place.phase == START:
        where = _("start, before the first update")
    else:
        where = _("update {update}, phase {number} of {phases}, {phase}").format(
            update=place.update, number=place.place + 1, phases=len(place.at.phases), phase=_what(place)
        )
    own = "" if place.quantity.startswith(place.own_name) else f" ({place.own_name})"
    values = _("yours {yours}, right {right}").format(yours=_number(place.yours), right=_number(place.right))
    yield where
    yield f"  {place.quantity}{own}: {values}"
    if place.phase == START:
        return
    try:
        lines = list(equation_lines(working(place.at, place.quantity, names_of(scenario)).lines))
    except (KeyError, ValueError, IndexError):
        lines = [place.at.phases[place.place].equation]
    yield from (f"  {line}" for line in lines)


def _what(place: Place) -> str:
    return place.phase if place.layer is None else _("{phase} of layer {n}").format(phase=place.phase, n=place.layer)


def _mistake_lines(scenario: Scenario, found: Diagnosis, updates: str) -> Iterator[str]:
    for mistake in found.mistakes:
        yield f"  {_('Your numbers are those of {name}:').format(name=mistake.name)}"
        yield f"  {_('{what}.').format(what=_(mistake.does))}"
        yield f"    {_('right:    {equation}').format(equation=_(mistake.right))}"
        yield f"    {_('you have: {equation}').format(equation=_(mistake.wrong))}"
    if len(found.mistakes) == 1:
        text = _("Every number you sent agrees with that mistake, over {updates}.")
    else:
        text = _("Every number you sent agrees with both at once, over {updates}.")
    yield f"  {text.format(updates=updates)}"
    if found.also:
        names = ", ".join(mistake.name for mistake in found.also)
        yield f"  {_('These mistakes would give the same numbers: {names}.').format(names=names)}"
    published = published_as(found, scenario)
    if published:
        yield f"  gdsim run {scenario.name} --as-published {published}"


def _number(value: float) -> str:
    return format_number(value).strip() if np.isfinite(value) else str(value)


def report_json(found: Diagnosis, *, has_points: bool = False) -> dict[str, Any]:
    """Return a diagnosis as JSON values for a grading program."""
    first = found.first
    told: dict[str, Any] = {"scenario": found.scenario, "agrees": found.agrees, "updates": found.updates}
    if first is not None:
        told["first"] = {
            "update": first.update,
            "phase": first.phase,
            "layer": first.layer,
            "quantity": first.quantity,
            "yours": first.yours if np.isfinite(first.yours) else str(first.yours),
            "right": first.right if np.isfinite(first.right) else str(first.right),
        }
    told["mistakes"] = [mistake.name for mistake in found.mistakes]
    told["also"] = [mistake.name for mistake in found.also]
    told["agrees_with_mistakes"] = bool(found.mistakes)
    told["phases"] = found.phases
    if found.conventions:
        told["conventions"] = list(found.conventions)
    if found.unknown:
        told["unknown"] = found.unknown
    if has_points:
        told["points"] = found.points
        told["total"], told["of"] = sum(found.points.values()), len(found.points)
    return told


def report_html(scenario: Scenario, found: Diagnosis, *, has_points: bool = False) -> str:
    """Return a diagnosis as a self-contained HTML page."""
    lines = list(report_lines(scenario, found))
    rows = "".join(
        f"<tr><td>{escape(phase)}<td>{'–' if is_right is None else '✓' if is_right else '✗'}"
        + (f"<td>{found.points.get(phase, 0):g}" if has_points else "")
        for phase, is_right in found.phases.items()
    )
    first, *rest = lines
    head = f"<th>{escape(_('phase'))}<th>{escape(_('right'))}" + (f"<th>{escape(_('points'))}" if has_points else "")
    return (
        f'<!DOCTYPE html><meta charset="utf-8"><title>{escape(scenario.title)}</title>'
        "<style>body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}"
        "pre{white-space:pre-wrap;background:#f3f3f3;padding:1em}td,th{padding:.1em 1em .1em 0;text-align:left}</style>"
        f"<h1>{escape(scenario.title)}</h1><p>{escape(first)}</p><pre>{escape(chr(10).join(rest))}</pre>"
        f"<table><tr>{head}{rows}</table>\n"
    )
