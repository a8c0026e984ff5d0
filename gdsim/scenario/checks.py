"""Checks the sections of a file together: one model, data if it needs them, options that fit the rule."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterator, Sequence
from itertools import chain

import numpy as np

from gdsim.engine.activations import ACTIVATIONS, SLOPED
from gdsim.engine.formula.evaluation import FREE_NAMES, FUNCTIONS
from gdsim.engine.formula.expressions import Expression
from gdsim.engine.formula.terms import CONSTANTS
from gdsim.engine.formula.typesetting import in_symbols
from gdsim.engine.losses import LOSSES
from gdsim.engine.rules import FORM_NAMES, OPTION_RANGE, RULES
from gdsim.scenario import limits
from gdsim.scenario.data.dataset import Dataset, read_expression
from gdsim.scenario.library import KINDS
from gdsim.scenario.mistakes import Path, Report, counted, found, join, near, shown
from gdsim.scenario.quantities import RESERVED
from gdsim.scenario.scenario import Draft
from gdsim.scenario.schema import ScenarioFile, UpdateSection
from gdsim.scenario.schema_model import (
    AsPublishedSection,
    FunctionSection,
    LayerSection,
    NetworkSection,
    PerceptronSection,
)

_FUNCTION: Path = ("function",)
_OF_NETWORKS = (
    *("slope_at", "slope_left_out", "backprop_with", "passed_back_without_slope", "sign", "bias_gradient_factor"),
)
"""The slips of [as_published] that a network can have."""


def check_kind(draft: Draft, report: Report) -> str | None:
    """Return the kind of the file's model; if it has none or several, report it and return None."""
    if len(draft.kinds) == 1:
        return draft.kinds[0]
    what = f"found {' and '.join(draft.kinds)}" if draft.kinds else "no model"
    report.add((draft.kinds[-1],) if draft.kinds else (), what, f"exactly one of {', '.join(KINDS)}")
    return None


def check_sections(draft: Draft, kind: str, dataset: Dataset | None, report: Report) -> None:
    """Report mistakes in the model and its updates. dataset: None if there is none, or it has mistakes."""
    file = draft.file
    if file.function is not None:
        _check_function(file.function, report)
    elif file.perceptron is not None and dataset is not None:
        _check_perceptron(file.perceptron, dataset, report)
    elif file.network is not None:
        _check_network(file.network, dataset, report)
    if file.as_published is not None:
        _check_published(file, file.as_published, kind, report)
    if file.data is not None and kind == "function":
        report.add(("data",), "not allowed with function", "no data: a function has none")
    if kind != "function" and file.data is None and "data" not in draft.bad:
        report.add(("data",), "missing", f"a {kind} learns from data")
    if file.stop.patience is not None and (kind != "network" or (dataset is not None and not len(dataset.test_inputs))):
        allowed = "a network with unseen samples, as data.test_fraction keeps some"
        report.add(("stop", "patience"), "found without unseen samples", allowed)
    if "update" not in draft.bad:
        _check_update(file.update, kind, dataset, report)


def check_translations(draft: Draft, report: Report) -> None:
    """Report translated lists of the wrong length, and a translated note without a published slip."""
    if "translations" in draft.bad:
        return
    for language, texts in draft.file.translations.by_language.items():
        for key, translated in (("compare", texts.compare), ("ask", texts.ask), ("goal", texts.goal)):
            count = len(getattr(draft.file, key))
            is_whole = key not in draft.bad and len(draft.positions.get(key, ())) == count
            if translated and is_whole and len(translated) != count:
                there = counted(count, "table")
                report.add(("translations", language, key), counted(len(translated), "text"), f"[[{key}]] has {there}")
        if texts.note is not None and draft.file.as_published is None and "as_published" not in draft.bad:
            report.add(("translations", language, "note"), "found without as_published", "a note to translate")


def _check_update(update: UpdateSection, kind: str, dataset: Dataset | None, report: Report) -> None:
    _check_options(update, kind == "perceptron", report)
    _check_form(update, report)
    if kind == "perceptron" and update.rule is not None:
        report.add(("update", "rule"), found(update.rule), "no rule: a perceptron has its own")
    if isinstance(update.batch, int) and kind != "network":
        report.add(("update", "batch"), f"not allowed with {kind}", "batches are for a network")
    elif isinstance(update.batch, int) and dataset is not None and update.batch > len(dataset.inputs):
        most = f'at most {counted(len(dataset.inputs), "sample")}, or "all"'
        report.add(("update", "batch"), found(update.batch), most)
    if update.order == "shuffled" and kind == "function":
        report.add(("update", "order"), found(update.order), "no order: a function has no samples")


def _check_form(update: UpdateSection, report: Report) -> None:
    """Report a form the rule does not have, and a starting velocity for a rule without velocity."""
    rule = update.rule or "gradient-descent"
    forms = FORM_NAMES.get(rule, ())
    if update.form is not None and update.form not in forms:
        allowed = f"{' or '.join(forms)} for {rule}" if forms else f"no form: {' and '.join(FORM_NAMES)} have one"
        report.add(("update", "form"), found(update.form), allowed)
    if update.start_velocity is not None and not forms:
        report.add(("update", "start_velocity"), f"not allowed with {rule}", "only momentum and nesterov have one")


def _check_options(update: UpdateSection, is_perceptron: bool, report: Report) -> None:
    """Report options the update rule does not have, and values out of range."""
    rule = RULES[update.rule or "gradient-descent"]
    takes = "a perceptron takes no rule" if is_perceptron else f"{rule.name} takes {', '.join(rule.options) or 'none'}"
    low, high = OPTION_RANGE
    for option, value in update.options.items():
        if option not in rule.options or is_perceptron:
            having = ", ".join(kind.name for kind in RULES.values() if option in kind.options)
            report.add(("update", option), "an option of another rule", join(takes, f"it belongs to {having}"))
        elif not low <= value < high:
            report.add(("update", option), found(value), f"at least {low:g}, below {high:g}")


def _check_published(file: ScenarioFile, section: AsPublishedSection, kind: str, report: Report) -> None:
    """Report slips that a model of this kind cannot have, and slips that exclude each other."""
    at = "as_published"
    if section.mistake is not None:
        return
    if kind == "function":
        report.add(
            (at,), "not allowed with function", "mistake, by its name; other slips are those of a network or perceptron"
        )
        return
    for key in ("tie_tolerance",) if kind == "network" else _OF_NETWORKS:
        if key in section.model_fields_set:
            report.add((at, key), f"not allowed with {kind}", "a slip that such a model can have")
    if file.network is not None:
        _check_slopes(file.network, section, report)
    if file.perceptron is not None and section.tie_tolerance is None:
        report.add((at,), "missing tie_tolerance", "a slip that a perceptron can have, or mistake")
    elif file.perceptron is not None and section.tie_tolerance == file.perceptron.tie_tolerance:
        report.add((at, "tie_tolerance"), found(section.tie_tolerance), "a value that differs from that of perceptron")


def _check_slopes(network: NetworkSection, section: AsPublishedSection, report: Report) -> None:
    at = "as_published"
    at_output = section.slope_left_out in ("output", "everywhere")
    last, is_deep = network.layers[-1].activation, len(network.layers) > 1
    if section.slope_at is not None and ACTIVATIONS[last].slope is None:
        report.add((at, "slope_at"), f"{last} has no slope", "another activation in the last layer")
    if section.slope_at is not None and at_output:
        report.add((at, "slope_at"), "not allowed with slope_left_out", "one of the two for the last layer")
    if at_output and last == LOSSES[network.loss].fused_with:
        what = f"with {network.loss} there is no slope to leave out"
        report.add((at, "slope_left_out"), what, "hidden, or another loss")
    if section.passed_back_without_slope:
        _check_passed_back(network, section, at_output, report)
    if section.slope_left_out == "hidden" and not is_deep:
        report.add((at, "slope_left_out"), found("hidden"), "output: there is no hidden layer")
    if section.backprop_with is not None and not is_deep:
        report.add((at, "backprop_with"), "found with one layer", "a network of two layers or more")


def _check_passed_back(network: NetworkSection, section: AsPublishedSection, at_output: bool, report: Report) -> None:
    at: Path = ("as_published", "passed_back_without_slope")
    if len(network.layers) == 1:
        report.add(at, "found with one layer", "a network of two layers or more")
    elif network.layers[-1].activation == LOSSES[network.loss].fused_with and section.slope_at is None:
        report.add(at, f"with {network.loss} there is no slope to leave out", "another loss")
    elif at_output:
        report.add(at, "not allowed with slope_left_out", "one of the two for the last layer")


def _check_perceptron(section: PerceptronSection, dataset: Dataset, report: Report) -> None:
    """Report weights that do not fit the inputs, and targets that are not classes."""
    inputs, weights, columns = dataset.inputs.shape[1], len(section.weights), dataset.targets.shape[1]
    if weights != inputs:
        report.add(("perceptron", "weights"), f"found {counted(weights, 'weight')}", f"{inputs}, one per input")
    if columns != 1:
        report.add(("data", "targets"), f"found {columns} columns", "one, for a perceptron")
    else:
        _check_targets(dataset, "a perceptron", report, is_whole=True)


def _check_network(section: NetworkSection, dataset: Dataset | None, report: Report) -> None:
    """Report shapes that do not fit one another or the data, too many parameters, and losses that do not fit."""
    at: Path = ("network", "layers")
    inputs, parameters = None if dataset is None else dataset.inputs.shape[1], 0
    for position, layer in enumerate(section.layers):
        if inputs is None and layer.weights is not None:
            inputs = len(layer.weights[0])
        _check_layer(layer, inputs, (*at, position), report)
        parameters += layer.units * ((inputs or 0) + 1)
        inputs = layer.units
        if layer.dropout and position == len(section.layers) - 1:
            report.add((*at, position, "dropout"), "found in the last layer", "dropout in hidden layers")
        if layer.activation == "softmax" and position < len(section.layers) - 1:
            report.add((*at, position, "activation"), "softmax before the last layer", "softmax in the last layer only")
    has_names = any(layer.weight_names is not None or layer.bias_names is not None for layer in section.layers)
    if parameters > limits.PARAMETERS:
        report.add(at, f"found {parameters} parameters", f"at most {limits.PARAMETERS}")
    elif has_names and parameters > limits.NAMED_PARAMETERS:
        report.add(at, f"found names and {parameters} parameters", f"names for at most {limits.NAMED_PARAMETERS}")
    _check_loss(section, report)
    if dataset is not None:
        _check_data_of_network(section, dataset, report)


def _check_layer(layer: LayerSection, inputs: int | None, at: Path, report: Report) -> None:
    """Report starting values of a layer that are missing or given twice, wrong shapes, and reserved names."""
    given = [key for key in ("weights", "biases") if getattr(layer, key) is not None]
    needed = ("weights",) if layer.bias == "none" else ("weights", "biases")
    _check_bias(layer, at, report)
    if layer.init is not None and given:
        report.add((*at, given[0]), "not allowed with init", "either weights and biases, or init")
    elif layer.init is None and not set(needed) <= set(given):
        missing = " and ".join(key for key in needed if key not in given)
        report.add(at, f"missing {missing}", "weights and biases, or init")
    for key, what, shape in _shapes(layer):
        is_list = len(shape) == 1
        expected = (layer.units,) if is_list else (layer.units, shape[1] if inputs is None else inputs)
        if shape != expected and not (key.startswith("bias") and layer.bias == "shared" and shape == (1,)):
            allowed = f"{layer.units}, one per unit" if is_list else f"{' × '.join(map(str, expected))}, units × inputs"
            report.add((*at, key), f"found {' × '.join(map(str, shape))} {what}", allowed)
    names = {"weight_names": chain.from_iterable(layer.weight_names or ()), "bias_names": layer.bias_names or ()}
    for key, listed in names.items():
        reserved = next((name for name in listed if name in RESERVED), None)
        if reserved is not None:
            report.add((*at, key), f"{shown(reserved)} is a reserved word", "another name")


def _check_bias(layer: LayerSection, at: Path, report: Report) -> None:
    """Report biases that do not fit the layer's `bias`, and a slope the activation does not take."""
    if layer.bias == "none" and layer.biases is not None:
        report.add((*at, "biases"), 'not allowed with bias = "none"', "no biases")
    if layer.bias == "shared" and len(set(layer.biases or ())) > 1:
        report.add((*at, "biases"), "found different numbers for one bias", "one number, or the same for each unit")
    if layer.slope is not None and layer.activation not in SLOPED:
        report.add((*at, "slope"), f"not allowed with {layer.activation}", f"{' or '.join(SLOPED)}, which have one")


def _shapes(layer: LayerSection) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Yield the key, the word for its items and the shape of each list given for the weights or biases of a layer."""
    if layer.weights is not None:
        yield "weights", "weights", (len(layer.weights), len(layer.weights[0]))
    if layer.biases is not None:
        yield "biases", "biases", (len(layer.biases),)
    if layer.weight_names is not None:
        widths = {len(row) for row in layer.weight_names}
        yield "weight_names", "names", (len(layer.weight_names), widths.pop() if len(widths) == 1 else -1)
    if layer.bias_names is not None:
        yield "bias_names", "names", (len(layer.bias_names),)


def _check_loss(section: NetworkSection, report: Report) -> None:
    """Report a last layer whose activation does not fit the loss."""
    last = len(section.layers) - 1
    activation, needed = section.layers[last].activation, LOSSES[section.loss].fused_with
    at: Path = ("network", "layers", last, "activation")
    if needed is not None and activation != needed:
        report.add(at, found(activation), f"{section.loss} needs {needed} in the last layer")
    elif activation == "softmax" and needed != "softmax":
        report.add(at, found(activation), f"softmax needs the loss categorical-cross-entropy, not {section.loss}")


def _check_data_of_network(section: NetworkSection, dataset: Dataset, report: Report) -> None:
    units, samples = section.layers[-1].units, len(dataset.inputs) + len(dataset.test_inputs)
    columns, outputs = dataset.targets.shape[1], sum(layer.units for layer in section.layers)
    if columns != units:
        report.add(("data",), f"found {counted(columns, 'target')} per sample", f"{units}, one per output unit")
    elif LOSSES[section.loss].fused_with is not None:
        _check_targets(dataset, section.loss, report)
        sums = dataset.targets.sum(axis=1)
        wrong = np.flatnonzero(np.abs(sums - 1.0) > 1e-9)
        if section.loss == "categorical-cross-entropy" and len(wrong) and not report.has(("data",)):
            what = f"the targets of sample {wrong[0]} add up to {sums[wrong[0]]:g}"
            report.add(("data", "targets"), what, f"1, for {section.loss}")
    if samples * outputs > limits.LAYER_OUTPUTS:
        what = f"found {counted(samples, 'sample')} × {counted(outputs, 'unit')}"
        report.add(("network", "layers"), what, f"their product is at most {limits.LAYER_OUTPUTS}")


def _check_targets(dataset: Dataset, what: str, report: Report, *, is_whole: bool = False) -> None:
    """Report the first target outside 0…1, or, if `is_whole`, other than 0 and 1."""
    targets = np.concatenate([dataset.targets, dataset.test_targets])
    wrong = targets[~np.isin(targets, (0.0, 1.0)) if is_whole else (targets < 0.0) | (targets > 1.0)]
    if len(wrong):
        allowed = f"{'0 or 1' if is_whole else '0 to 1'}, for {what}"
        report.add(("data", "targets"), f"found {wrong[0]:g} as a target", allowed)


def _check_function(section: FunctionSection, report: Report) -> None:
    """Report mistakes in names, expression, gradient, starting points and view."""
    variables = tuple(section.start)
    if not 1 <= len(variables) <= limits.VARIABLES:
        report.add((*_FUNCTION, "start"), f"found {counted(len(variables), 'variable')}", f"1 to {limits.VARIABLES}")
        return
    for name in variables:
        _check_variable(name, report)
    if report.has((*_FUNCTION, "start")):
        return
    expression = None
    with report.at(*_FUNCTION, "expression"):
        expression = read_expression(section.expression, variables)
    if section.gradient is not None:
        _check_same_names(section.gradient, variables, report, (*_FUNCTION, "gradient"))
        for name in variables:
            with report.at(*_FUNCTION, "gradient", name):
                read_expression(section.gradient.get(name, "0"), variables)
    starts = {(*_FUNCTION, "start"): section.start}
    starts |= {(*_FUNCTION, "starts", position): start for position, start in enumerate(section.starts)}
    for path, start in starts.items():
        _check_same_names(start, variables, report, path)
        if expression is not None and not report.has(path):
            _check_has_value(expression, [start[name] for name in variables], report, path)
    _check_known(section.view or (), variables, report, (*_FUNCTION, "view"))


def _check_variable(name: str, report: Report) -> None:
    if not name.isidentifier() or len(name) > limits.NAME_CHARACTERS:
        what, allowed = "cannot be a variable", "a letter, then letters, digits or _"
    elif name in CONSTANTS or name in FUNCTIONS.keys() - FREE_NAMES:
        what, allowed = "already means something in expressions", "another name"
    elif name in RESERVED or keyword.iskeyword(name):
        what, allowed = "is a reserved word", "another name"
    else:
        return
    report.add((*_FUNCTION, "start", name), f"{shown(name)} {what}", allowed)


def _check_known(names: Collection[str], variables: tuple[str, ...], report: Report, path: Path) -> None:
    for name in names:
        if name not in variables:
            allowed = join(f"one of {', '.join(variables)}", near(name, variables))
            report.add((*path, name), "no such variable", allowed)


def _check_same_names(names: Collection[str], variables: tuple[str, ...], report: Report, path: Path) -> None:
    _check_known(names, variables, report, path)
    missing = [name for name in variables if name not in names]
    if missing:
        report.add(path, f"missing {', '.join(missing)}", "one entry per variable")


def _check_has_value(expression: Expression, start: Sequence[float], report: Report, path: Path) -> None:
    """Report a start outside the domain of the function."""
    part = expression.part_without_value(start)
    if part is not None:
        at = ", ".join(f"{name} = {value:g}" for name, value in zip(expression.variables, start, strict=True))
        report.add(
            path, f"{in_symbols(part, typed=True)} has no value at {at}", "a start where the function has a value"
        )
