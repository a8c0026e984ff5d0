"""Checks a scenario: every published figure, and its gradients against central differences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gdsim.engine.gradient_check import GradientCheck
from gdsim.engine.update import Update
from gdsim.explain.figures import STOP, FigureResult, check_figures
from gdsim.explain.gradient_check import gradient_indicator, worst_block
from gdsim.explain.numbers import short_number
from gdsim.explain.status import separability, stop_verdict
from gdsim.explain.units import fitted_sentence
from gdsim.scenario.build import build
from gdsim.scenario.scenario import Scenario
from gdsim.scenario.schema import ExpectSection
from gdsim.timeline.timeline import Timeline

GRADIENT_CHECKED_AFTER = (0, 1, 10, 100)
"""The gradient is checked after each of these numbers of updates, as far as a run gets."""


class Finding(NamedTuple):
    """The result of one check, in words; `is_failure` if the check failed."""

    text: str
    is_failure: bool = False


def check_scenario(scenario: Scenario, *, is_corrected_only: bool = False) -> Iterator[Finding]:
    """Yield findings about the run, about the corrected run if its source has a slip, and about the compared runs.

    is_corrected_only: leave out the run as published if there is a corrected one.
    """
    has_slip = scenario.as_published is not None
    if not (has_slip and is_corrected_only):
        yield from _check_run(scenario, "as published" if has_slip else "", is_slip_in_force=has_slip)
    if has_slip:
        yield from _check_run(scenario, "corrected", is_slip_in_force=False)
    if scenario.dataset is not None:
        yield from (Finding(f"data: {note}") for note in scenario.dataset.notes)
    yield from _shared_names(scenario)
    for compared in scenario.compared:
        timeline = Timeline(build(compared.scenario, corrected=has_slip))
        yield _gradient_finding(timeline.update(1), compared.label, is_slip_in_force=False)


def _shared_names(scenario: Scenario) -> Iterator[Finding]:
    """Yield a finding for each name shared by several biases of a layer although each is trained by itself."""
    network = scenario.network
    for number, layer in enumerate(network.layers if network is not None and network.train_biases else (), 1):
        names = layer.bias_names if layer.bias == "own" and layer.bias_names is not None else ()
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            text = f"layer {number}: {name} names {names.count(name)} biases, each trained separately"
            yield Finding(f'{text}; with bias = "shared" they are one')


def _check_run(scenario: Scenario, which: str, *, is_slip_in_force: bool) -> Iterator[Finding]:
    timeline = Timeline(build(scenario, corrected=which == "corrected"))
    for figure in check_figures(scenario, timeline, timeline.run.is_corrected):
        yield Finding(_named(which, _figure(figure)), is_failure=not figure.matches)
    for after in GRADIENT_CHECKED_AFTER:
        update = timeline.next_update(after) if timeline.reach(after) == after else None
        if update is not None:
            yield _gradient_finding(update, which, is_slip_in_force=is_slip_in_force)
    last = timeline.reach(timeline.run.stop.max_updates)
    yield Finding(_named(which, f"{last} updates, stopped: {timeline.stopped}"))
    in_units = fitted_sentence(scenario.dataset, timeline.run, timeline.state(last).theta)
    if in_units:
        yield Finding(_named(which, in_units))
    verdict = separability(timeline.run.model) or stop_verdict(timeline)
    if verdict:
        yield Finding(_named(which, verdict))


def _figure(figure: FigureResult) -> str:
    when = f"{'at' if figure.expect.of_state or figure.expect.place == STOP else 'after'} {figure.expect.place}"
    found = f": {figure.problem}" if figure.problem or figure.found is None else f" = {_text(figure.found)}"
    return f"{figure.expect.quantity} {when}{found}, expected {_expected(figure.expect)}"


def _expected(figure: ExpectSection) -> str:
    text = _text(figure.value)
    return text if isinstance(figure.value, str) else f"{text} ± {figure.tolerance:g}"


def _text(value: float | str) -> str:
    """Return a figure in full precision; a whole number without a decimal point."""
    return value if isinstance(value, str) else repr(float(value)).removesuffix(".0")


def _gradient_finding(update: Update, which: str, *, is_slip_in_force: bool) -> Finding:
    """Return whether an update's gradient agrees with central differences; a published slip may make it differ."""
    where = _named(which, f"gradient after {update.before.update}")
    indicator = gradient_indicator(update)
    if indicator.state == "unknown" or indicator.check is None:
        return Finding(f"{where} is not a number, so there is nothing to compare")
    worst = worst_block(update, indicator.check)
    if indicator.check.passed:
        note = "; the published slip makes no difference here" if is_slip_in_force else ""
        if update.run.has_outer_slip:
            note = "; the published slip is not inside the gradient"
        return Finding(f"{where} agrees with central differences ({_extent(indicator.check)}){note}")
    name = update.run.model.layout.label(worst.worst)
    differs = f"for {name} it is {worst.computed!r}, central differences give {worst.nudged!r}"
    if is_slip_in_force:
        return Finding(f"{where} differs, as its published slip makes it: {differs}")
    return Finding(f"{where} differs: {differs}", is_failure=True)


def _extent(check: GradientCheck) -> str:
    difference = short_number(abs(check.worst.computed - check.worst.nudged), digits=2).replace("−", "-")
    return f"{check.checked} of {check.size} parameters, largest difference {difference}"


def _named(which: str, text: str) -> str:
    return f"{which}: {text}" if which else text
