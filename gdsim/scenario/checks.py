"""What the sections of a file must fulfil together: one model, data where it is needed, figures that exist."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gdsim.engine.activations import ACTIVATIONS
from gdsim.engine.losses import LOSSES
from gdsim.engine.rules import OPTION_RANGES, RULES
from gdsim.scenario.checks_model import check_function, check_network, check_perceptron
from gdsim.scenario.draft import Draft
from gdsim.scenario.library import KINDS
from gdsim.scenario.mistakes import RefusedError, Report, counted, found, join
from gdsim.scenario.models import function_layout, network_model, perceptron_model
from gdsim.scenario.quantities import (
    Quantities,
    quantities_of_function,
    quantities_of_network,
    quantities_of_perceptron,
)
from gdsim.scenario.schema import ScenarioFile
from gdsim.scenario.schema_model import AsPublishedSection, NetworkSection
from gdsim.scenario.schema_run import ExpectSection, UpdateSection

if TYPE_CHECKING:
    from gdsim.scenario.data.dataset import Dataset


def check_kind(draft: Draft, report: Report) -> str | None:
    """Return which model the file has, or None when it has none or several, which is noted."""
    if len(draft.kinds) == 1:
        return draft.kinds[0]
    what = f"found {' and '.join(draft.kinds)}" if draft.kinds else "no model"
    report.add((draft.kinds[-1],) if draft.kinds else (), what, f"exactly one of {', '.join(KINDS)}")
    return None


def check_sections(draft: Draft, kind: str, dataset: Dataset | None, report: Report) -> None:
    """Note what is wrong with the model and how it is updated. dataset: None where there is none, or a wrong one."""
    file = draft.file
    if file.function is not None:
        check_function(file.function, report)
    elif file.perceptron is not None:
        check_perceptron(file.perceptron, dataset, report)
    elif file.network is not None:
        check_network(file.network, dataset, report)
    if file.as_published is not None:
        check_published(file, file.as_published, kind, report)
    if file.data is not None and kind == "function":
        report.add(("data",), "found beside function", "no data: a function has none")
    if kind != "function" and file.data is None and "data" not in draft.bad:
        report.add(("data",), "missing", f"a {kind} learns from data")
    if "update" not in draft.bad:
        _check_update(draft, kind, dataset, report)


def check_translations(draft: Draft, report: Report) -> None:
    """Note translated lists that do not match what they translate, and a note about no published slip."""
    if "translations" in draft.bad:
        return
    for language, texts in draft.file.translations.by_language.items():
        for key, translated in (("compare", texts.compare), ("ask", texts.ask)):
            count = len(getattr(draft.file, key))
            is_whole = key not in draft.bad and len(draft.positions.get(key, ())) == count
            if translated and is_whole and len(translated) != count:
                there = counted(count, "table")
                report.add(("translations", language, key), counted(len(translated), "text"), f"[[{key}]] has {there}")
        if texts.note is not None and draft.file.as_published is None and "as_published" not in draft.bad:
            report.add(("translations", language, "note"), "found without as_published", "a note to translate")


def _check_update(draft: Draft, kind: str, dataset: Dataset | None, report: Report) -> None:
    update = draft.file.update
    _check_options(update, kind == "perceptron", report)
    if kind == "perceptron" and update.rule is not None:
        report.add(("update", "rule"), found(update.rule), "no rule: a perceptron has its own")
    given = update.model_fields_set
    if "batch" in given and kind != "network" and update.batch != "all":
        report.add(("update", "batch"), f"found beside {kind}", "batches are for a network")
    elif isinstance(update.batch, int) and dataset is not None and update.batch > len(dataset.inputs):
        report.add(
            ("update", "batch"), found(update.batch), f'at most {counted(len(dataset.inputs), "sample")}, or "all"'
        )
    if update.order == "shuffled" and kind == "function":
        report.add(("update", "order"), found(update.order), "no order: a function has no samples")


def check_figures(draft: Draft, dataset: Dataset | None, report: Report) -> None:
    """Note quantities in expect, ask and show that the scenario does not have. To be called when the model is right."""
    quantities = _quantities(draft, dataset)
    for position, expect in zip(draft.positions.get("expect", ()), draft.file.expect, strict=True):
        _check_expect(expect, position, draft, quantities, report)
        if report.is_full:
            return
    for position, ask in zip(draft.positions.get("ask", ()), draft.file.ask, strict=True):
        _check_quantity(ask.quantity, quantities, report, ("ask", position, "quantity"))
        if ask.quantity == "stopped":
            report.add(("ask", position, "quantity"), found(ask.quantity), "a quantity that is a number")
        elif ask.form == "larger-or-smaller" and ask.before == 1 and not quantities.is_state(ask.quantity):
            report.add(("ask", position, "before"), found(1), "2 or more: there is no update before to compare with")
        if report.is_full:
            return
    for position, name in enumerate(draft.file.show.surface or ()):
        try:
            quantities.element(name)
        except KeyError:
            report.add(("show", "surface", position), found(name), "a parameter, such as " + quantities.layout.label(0))
        except RefusedError as refused:
            report.refuse(("show", "surface", position), refused)


def _quantities(draft: Draft, dataset: Dataset | None) -> Quantities:
    file = draft.file
    if file.function is not None:
        return quantities_of_function(function_layout(file.function))
    assert dataset is not None
    if file.perceptron is not None:
        return quantities_of_perceptron(perceptron_model(file.perceptron, file.as_published, dataset))
    assert file.network is not None
    model = network_model(file.network, file.as_published, dataset)
    return quantities_of_network(model, file.update.batch if isinstance(file.update.batch, int) else None)


def _check_expect(expect: ExpectSection, position: int, draft: Draft, quantities: Quantities, report: Report) -> None:
    at = ("expect", position)
    _check_quantity(expect.quantity, quantities, report, (*at, "quantity"))
    if isinstance(expect.value, str) != (expect.quantity == "stopped"):
        allowed = "the reason in words, for stopped" if expect.quantity == "stopped" else "a number"
        report.add((*at, "value"), found(expect.value), allowed)
    if expect.corrected and draft.file.as_published is None:
        report.add((*at, "corrected"), "found without as_published", "only where a source's error is corrected")


def _check_quantity(quantity: str, quantities: Quantities, report: Report, path: tuple[str | int, ...]) -> None:
    try:
        quantities.check(quantity)
    except RefusedError as refused:
        report.refuse(path, refused)


def _check_options(update: UpdateSection, is_perceptron: bool, report: Report) -> None:
    """Note options the update rule does not have, and values they cannot take."""
    rule = RULES[update.rule or "gradient-descent"]
    for option, value in update.options.items():
        if option not in rule.options or is_perceptron:
            takes = (
                "a perceptron takes no rule"
                if is_perceptron
                else f"{rule.name} takes {', '.join(rule.options) or 'none'}"
            )
            having = ", ".join(kind.name for kind in RULES.values() if option in kind.options)
            report.add(("update", option), "an option of another rule", join(takes, f"it belongs to {having}"))
            continue
        low, high = OPTION_RANGES.get(option, (-math.inf, math.inf))
        if not low <= value < high:
            report.add(("update", option), found(value), f"at least {low:g}, below {high:g}")


_OF_NETWORKS = ("slope_at", "slope_left_out", "backprop_with", "bias_gradient_factor")


def check_published(file: ScenarioFile, section: AsPublishedSection, kind: str, report: Report) -> None:
    """Note slips that a model of this kind cannot have, and those that exclude each other."""
    if kind == "function":
        report.add(("as_published",), "found beside function", "a network or perceptron, whose update it changes")
        return
    foreign = ("tie_tolerance",) if kind == "network" else _OF_NETWORKS
    for key in foreign:
        if key in section.model_fields_set:
            report.add(("as_published", key), f"found beside {kind}", "a slip that such a model can have")
    if file.network is not None:
        _check_slopes(file.network, section, report)
    if file.perceptron is not None and section.tie_tolerance is None:
        report.add(("as_published",), "missing tie_tolerance", "the one slip a perceptron can have")
    elif file.perceptron is not None and section.tie_tolerance == file.perceptron.tie_tolerance:
        report.add(("as_published", "tie_tolerance"), found(section.tie_tolerance), "another than perceptron has")


def _check_slopes(network: NetworkSection, section: AsPublishedSection, report: Report) -> None:
    at_output = section.slope_left_out in ("output", "everywhere")
    last = network.layers[-1].activation
    if section.slope_at is not None and ACTIVATIONS[last].slope is None:
        report.add(("as_published", "slope_at"), f"{last} has no slope", "another activation in the last layer")
    if section.slope_at is not None and at_output:
        report.add(("as_published", "slope_at"), "found beside slope_left_out", "one of the two for the last layer")
    if at_output and last == LOSSES[network.loss].fused_with:
        what = f"with {network.loss} there is no slope to leave out"
        report.add(("as_published", "slope_left_out"), what, "hidden, or another loss")
    is_deep = len(network.layers) > 1
    if section.slope_left_out == "hidden" and not is_deep:
        report.add(("as_published", "slope_left_out"), found("hidden"), "output: there is no hidden layer")
    if section.backprop_with is not None and not is_deep:
        report.add(("as_published", "backprop_with"), "found with one layer", "a network of two layers or more")
