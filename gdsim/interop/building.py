"""Scenarios built in Python from arrays, lists and data frames, and their TOML."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from warnings import warn

import numpy as np

from gdsim.engine.activations import ACTIVATIONS
from gdsim.engine.parameters import Vector
from gdsim.errors import UsageError
from gdsim.scenario.edits import toml_key, toml_text
from gdsim.scenario.load import load_table, with_settings
from gdsim.scenario.scenario import Scenario

Table = dict[str, Any]


def want(name: str, needed: Mapping[str, object], found: Callable[[str], object]) -> None:
    """Raise UsageError for the first option of `name` whose value gdsim does not support."""
    for key, value in needed.items():
        if found(key) != value:
            raise UsageError(name, f"{key} = {found(key)!r} is not supported", f"{key} = {value!r}")


def drop(layers: list[Table], share: float, hint: str) -> None:
    """Add dropout to the last layer so far, and warn that the library drops other units."""
    if not layers or "dropout" in layers[-1]:
        raise UsageError("Dropout", "precedes the first layer, or follows another Dropout", "one after a hidden layer")
    layers[-1]["dropout"] = share
    what = f"Dropout: gdsim also drops {share:g} of the units, but not the same ones, so the numbers differ"
    warn(f"{what}; {hint}", stacklevel=_OF_THE_CALL)


def warn_of_epsilon(name: str, update: Table) -> None:
    """Warn that a library adds Adam's ε in another place, unless ε is negligible."""
    if update["epsilon"] > 1e-10:
        what = f"{name}: ε = {update['epsilon']:g} is added to √v there, to √v̂ in gdsim, so the numbers differ a little"
        warn(what, stacklevel=_OF_THE_CALL)


_OF_THE_CALL = 5
"""The stack level of a warning that points at the caller of `gdsim.from_…`."""


def numbers_in(name: str, given: object) -> tuple[Vector, list[str]]:
    """Return samples × columns and the columns' names ([] if unnamed). Raises UsageError if they are not numbers."""
    columns = [str(column) for column in getattr(given, "columns", [])]
    array = _array(name, given)
    try:
        found = array.astype(np.float64)
    except (ValueError, TypeError):
        raise UsageError(name, f"found {_first_word(array)!r}, which is not a number", _WANTED) from None
    if found.ndim == 1:
        found = found[:, np.newaxis]
    if found.ndim != 2 or not found.size:
        raise UsageError(name, f"found an array of shape {array.shape}", _WANTED)
    if not np.isfinite(found).all():
        row, column = np.argwhere(~np.isfinite(found))[0]
        raise UsageError(name, f"row {row}, column {column} is {found[row, column]}", "finite numbers")
    return found, columns


_WANTED = "samples × inputs: an array, a list of rows, or a DataFrame"


def _array(name: str, given: object) -> np.ndarray[Any, Any]:
    if given is None or isinstance(given, str | bytes | Mapping | int | float):
        raise UsageError(name, f"found {type(given).__name__}", _WANTED)
    convert = getattr(given, "detach", None)  # tensors that require gradients
    try:
        return np.asarray(convert() if convert is not None else given)
    except ValueError:
        raise UsageError(name, "its rows have different lengths", _WANTED) from None


def _first_word(array: np.ndarray[Any, Any]) -> object:
    def is_word(value: object) -> bool:
        try:
            float(str(value))
        except ValueError:
            return True
        return False

    return next((value for value in array.ravel().tolist() if is_word(value)), array.ravel()[0])


def _targets_in(given: object, units: int, *, is_classes: bool) -> tuple[Vector, list[str]]:
    """Return samples × outputs, with classes one-hot for several units and 0 or 1 for one, and the outputs' names."""
    array = _array("y", given)
    is_words = array.dtype.kind in "OUSb" and array.ndim == 1
    if not is_words and not (is_classes and array.ndim == 1 and units > 1):
        return numbers_in("y", given)
    classes, index = np.unique(array.astype(str) if is_words else array, return_inverse=True)
    names = [str(name) for name in classes]
    if units == 1 and len(names) == 2:
        return index[:, np.newaxis].astype(np.float64), []
    if units != len(names):
        what = f"found {len(names)} classes: {', '.join(names[:5])}"
        raise UsageError("y", what, f"{units} classes, one per unit of the last layer" if units > 1 else "2 classes")
    return np.eye(units)[index], names


def network_table(
    X: object, y: object, layers: Sequence[int], activation: str, output: str | None, loss: str | None
) -> Table:
    """Return the sections [network] and [data] of a network with random initial weights."""
    if not isinstance(layers, list | tuple) or not layers or not all(type(units) is int for units in layers):
        raise UsageError("layers", f"found {layers!r}", "units of each layer, the outputs last, such as [4, 3]")
    for name, word in (("activation", activation), ("output", output), ("loss", loss)):
        if word is not None and not isinstance(word, str):
            raise UsageError(name, f"found {type(word).__name__}", 'a name, such as "tanh" or "mse"')
    if activation not in ACTIVATIONS:  # checked here because there may be no hidden layer
        raise UsageError("activation", f"found {activation!r}", f"one of {', '.join(ACTIVATIONS)}")
    is_words = _array("y", y).dtype.kind in "OUSb"
    loss = loss or (_CLASS_LOSS[layers[-1] > 1] if is_words else "mse")
    last = output or OUTPUT.get(loss, "identity")
    names = [activation] * (len(layers) - 1) + [last]
    sections = [
        {"units": units, "activation": name, "init": {"method": "xavier"}}
        for units, name in zip(layers, names, strict=True)
    ]
    data = data_table(X, y, layers[-1], is_classes=loss in OUTPUT)
    return {"network": {"loss": loss, "layers": sections}, "data": data}


_CLASS_LOSS = {False: "binary-cross-entropy", True: "categorical-cross-entropy"}
OUTPUT = {"binary-cross-entropy": "sigmoid", "categorical-cross-entropy": "softmax"}
"""The losses whose targets are classes, each with its output activation."""


def data_table(X: object, y: object, units: int, *, is_classes: bool) -> Table:
    """Return the section [data] of samples and targets; classes are one-hot for several units, 0 or 1 for one."""
    inputs, input_names = numbers_in("X", X)
    targets, names = _targets_in(y, units, is_classes=is_classes)
    if len(inputs) != len(targets):
        raise UsageError("y", f"found {len(targets)} targets", f"{len(inputs)}, one per sample of X")
    table: Table = {"inputs": inputs.tolist(), "targets": targets.tolist()}
    table |= {"input_names": input_names} if input_names else {}
    return table | ({"target_names": names} if names else {})


def perceptron_table(X: object, y: object) -> Table:
    """Return the sections [perceptron] and [data] of a perceptron that starts at 0."""
    data = data_table(X, y, 1, is_classes=True)
    data["targets"] = [row[0] for row in data["targets"]]
    return {"perceptron": {"weights": [0.0] * len(data["inputs"][0]), "bias": 0.0}, "data": data}


def function_table(expression: object, start: object) -> Table:
    """Return the section [function]."""
    if not isinstance(expression, str):
        raise UsageError("expression", f"found {type(expression).__name__}", 'a text such as "(x - 2)**2"')
    if not isinstance(start, Mapping):
        raise UsageError("start", f"found {type(start).__name__}", 'one value per variable, such as {"x": 4.0}')
    return {"function": {"expression": expression, "start": dict(start)}}


def scenario_of(
    table: Table, where: str, update: Table, *, updates: int, seed: int = 0, settings: Mapping[str, Any] | None = None
) -> Scenario:
    """Return the scenario made of a model's sections and [update], with settings overriding its keys.

    Raises ScenarioError listing every mistake found.
    """
    known = {key: value for key, value in update.items() if value is not None}
    head = {"format": 1, "title": where, "summary": "Made in Python", "seed": seed}
    scenario = load_table({**head, **table, "update": known, "stop": {"max_updates": updates}}, where)
    return with_settings(scenario, tuple(settings.items())) if settings else scenario


def toml_lines(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> list[str]:
    """Return a table as lines of TOML: values first, then nested tables."""
    inside = {key: value for key, value in table.items() if _is_table(value)}
    lines = [f"{toml_key(key)} = {toml_text(value)}" for key, value in table.items() if key not in inside]
    for key, value in inside.items():
        name = ".".join(map(toml_key, (*path, key)))
        for each in value if isinstance(value, list | tuple) else (value,):
            lines += ["", f"[[{name}]]" if isinstance(value, list | tuple) else f"[{name}]"]
            lines += toml_lines(each, (*path, key))
    return lines


def _is_table(value: object) -> bool:
    if isinstance(value, list | tuple):
        return bool(value) and all(isinstance(each, Mapping) for each in value)
    return isinstance(value, Mapping)
