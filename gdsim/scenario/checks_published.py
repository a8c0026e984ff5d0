"""What [as_published] must fulfil: slips that the model beside it can have."""

from __future__ import annotations

from gdsim.engine.activations import ACTIVATIONS
from gdsim.engine.losses import LOSSES
from gdsim.scenario.mistakes import Report, found
from gdsim.scenario.schema import ScenarioFile
from gdsim.scenario.schema_model import AsPublishedSection, NetworkSection

_OF_NETWORKS = ("slope_at", "slope_left_out", "backprop_with", "bias_gradient_factor")


def check_published(file: ScenarioFile, section: AsPublishedSection, kind: str, report: Report) -> None:
    """Note slips that a model of this kind cannot have, and those that exclude each other."""
    if kind == "function":
        report.add(("as_published",), "found beside function", "a network or perceptron, whose update it changes")
        return
    foreign = ("tie_tolerance",) if kind == "network" else _OF_NETWORKS
    for key in foreign:
        if key in section.given:
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
