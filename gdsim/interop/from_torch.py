"""Models of torch as scenarios, and networks as modules of torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from gdsim.engine.models.network import NetworkModel
from gdsim.engine.update import Run
from gdsim.errors import UsageError
from gdsim.interop.building import Table, data_table, numbers_in, scenario_of, targets_in
from gdsim.scenario.scenario import Scenario

_ACTIVATIONS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "Identity": ("identity", {}),
    "Sigmoid": ("sigmoid", {}),
    "Tanh": ("tanh", {}),
    "ReLU": ("relu", {}),
    "LeakyReLU": ("leaky-relu", {"negative_slope": 0.01}),
    "ELU": ("elu", {"alpha": 1.0}),
    "SiLU": ("silu", {}),
    "GELU": ("gelu", {"approximate": "none"}),
    "Softplus": ("softplus", {"beta": 1.0}),
    "Softmax": ("softmax", {}),
    "LogSoftmax": ("log-softmax", {}),
}
"""Activations, the names they have here, and the options they must have for that."""

_OPTIMIZERS: Mapping[str, tuple[str, Mapping[str, str], Mapping[str, object]]] = {
    "SGD": ("gradient-descent", {}, {"dampening": 0, "weight_decay": 0, "maximize": False}),
    "Adam": ("adam", {"eps": "epsilon"}, {"weight_decay": 0, "amsgrad": False, "maximize": False}),
    "AdamW": ("adamw", {"eps": "epsilon", "weight_decay": "weight_decay"}, {"amsgrad": False, "maximize": False}),
    "RMSprop": (
        "rmsprop",
        {"eps": "epsilon", "alpha": "rho"},
        {"weight_decay": 0, "momentum": 0, "centered": False, "maximize": False},
    ),
    "Adagrad": (
        "adagrad",
        {"eps": "epsilon"},
        {"weight_decay": 0, "lr_decay": 0, "initial_accumulator_value": 0, "maximize": False},
    ),
    "Adadelta": ("adadelta", {"eps": "epsilon", "rho": "rho"}, {"weight_decay": 0, "maximize": False}),
}
"""Optimizers: the rule here, options by their names here, and options they must have for that."""


def scenario_from_torch(
    module: Any,
    X: Any,
    y: Any,
    loss: Any,
    optimizer: Any,
    *,
    batch: int | str = "all",
    updates: int = 100,
    seed: int = 0,
) -> Scenario:
    """Return the scenario of a module, its samples, loss and optimizer. Raises UsageError for what there is not."""
    layers = _layers(module)
    inputs, names = numbers_in("X", X)
    loss_name, last, is_classes = _loss(loss, layers[-1]["activation"], layers[-1]["units"])
    layers[-1]["activation"] = last
    targets, classes = targets_in(_plain(y), layers[-1]["units"], is_classes=is_classes)
    table: Table = {
        "network": {"loss": loss_name, "layers": layers, "train_biases": not layers[0].pop("is_without")},
        "data": data_table(inputs, targets, names, classes),
    }
    for layer in layers[1:]:
        if layer.pop("is_without") == table["network"]["train_biases"]:
            raise UsageError("Linear", "some layers have a bias and some have none", "all or none")
    update = _update(optimizer) | {"batch": batch}
    return scenario_of(table, type(module).__name__, update, updates=updates, seed=seed)


def _plain(values: Any) -> Any:
    return values.detach().numpy() if hasattr(values, "detach") else values


def _flat(module: Any) -> Iterator[Any]:
    if type(module).__name__ != "Sequential":
        yield module
        return
    for each in module:
        yield from _flat(each)


def _layers(module: Any) -> list[Table]:
    """Return the [[network.layers]] of a module."""
    layers: list[Table] = []
    is_open = False
    for part in _flat(module):
        name = type(part).__name__
        if name == "Linear":
            layers.append(_linear(part))
            is_open = True
        elif name in _ACTIVATIONS:
            if not is_open:
                raise UsageError(name, "stands behind no Linear layer", "one activation behind each Linear")
            layers[-1]["activation"] = _activation(part)
            is_open = False
        elif name not in ("Dropout", "Flatten") or (name == "Dropout" and part.p > 0 and part.training):
            known = f"Linear, {', '.join(_ACTIVATIONS)}, Dropout that is off"
            raise UsageError(name, "is not carried over" + (": its random numbers differ" * (name == "Dropout")), known)
    if not layers:
        raise UsageError(type(module).__name__, "has no Linear layer", "torch.nn.Sequential of Linear and activations")
    return layers


def _linear(part: Any) -> Table:
    if not all(each.requires_grad for each in part.parameters()):
        raise UsageError("Linear", "has parameters that are not trained (requires_grad)", "all trained")
    is_without = part.bias is None
    biases = [0.0] * part.out_features if is_without else part.bias.detach().double().tolist()
    weights = part.weight.detach().double().tolist()
    return {
        "units": part.out_features,
        "activation": "identity",
        "weights": weights,
        "biases": biases,
        "is_without": is_without,
    }


def _activation(part: Any) -> str:
    name, needed = _ACTIVATIONS[type(part).__name__]
    _check(type(part).__name__, needed, lambda key: getattr(part, key))
    return name


def _check(name: str, needed: Mapping[str, object], value_of: Callable[[str], object]) -> None:
    for key, value in needed.items():
        if value_of(key) != value:
            raise UsageError(name, f"{key} = {value_of(key)!r} is not carried over", f"{key} = {value!r}")


def _loss(loss: Any, last: str, units: int) -> tuple[str, str, bool]:
    """Return the loss's name here, the activation of the last layer with it, and whether targets are classes."""
    name = type(loss).__name__
    if getattr(loss, "weight", None) is not None or getattr(loss, "pos_weight", None) is not None:
        raise UsageError(name, "weights of classes are not carried over", "no weight, no pos_weight")
    reduction = getattr(loss, "reduction", "")
    if name == "MSELoss" and last != "log-softmax" and reduction in ("mean", "sum"):
        return ("mse" if reduction == "mean" else "sse"), last, False
    if reduction != "mean":
        raise UsageError(name, f"reduction = {reduction!r} is not carried over", 'reduction = "mean"')
    if name in ("BCELoss", "BCEWithLogitsLoss") and units > 1:
        raise UsageError(name, f"is the mean over {units} outputs, which is not carried over", "one output")
    found = {
        ("BCELoss", "sigmoid"): ("binary-cross-entropy", "sigmoid", False),
        ("BCEWithLogitsLoss", "identity"): ("binary-cross-entropy", "sigmoid", False),
        ("CrossEntropyLoss", "identity"): ("categorical-cross-entropy", "softmax", True),
        ("NLLLoss", "log-softmax"): ("categorical-cross-entropy", "softmax", True),
    }.get((name, last))
    if getattr(loss, "label_smoothing", 0.0):
        raise UsageError(name, "label_smoothing is not carried over", "label_smoothing = 0")
    if found is None:
        known = "MSELoss; BCELoss after Sigmoid; BCEWithLogitsLoss or CrossEntropyLoss after Linear; NLLLoss"
        raise UsageError(name, f"is not carried over after {last}", known)
    return found


def _update(optimizer: Any) -> Table:
    """Return the [update] of an optimizer."""
    name = type(optimizer).__name__
    if name not in _OPTIMIZERS:
        raise UsageError(name, "is not carried over", ", ".join(_OPTIMIZERS))
    if len(optimizer.param_groups) != 1:
        raise UsageError(name, f"has {len(optimizer.param_groups)} groups of parameters", "one group")
    options = optimizer.param_groups[0]
    rule, keys, needed = _OPTIMIZERS[name]
    _check(name, needed, lambda key: options.get(key, needed[key]))
    update: Table = {"rule": rule, "learning_rate": float(options["lr"])}
    update |= {here: float(options[key]) for key, here in keys.items()}
    if "betas" in options:
        update["beta1"], update["beta2"] = map(float, options["betas"])
    if name == "SGD" and options["momentum"]:
        update |= {"rule": "nesterov" if options["nesterov"] else "momentum", "momentum": float(options["momentum"])}
    if update["rule"] != "gradient-descent" and any(float(kept.get("step", 1)) for kept in optimizer.state.values()):
        raise UsageError(name, "has made steps already, and remembers them", "a new optimizer")
    return update


def module_of(run: Run, parameters: Mapping[str, Any]) -> Any:
    """Return torch.nn.Sequential of a network with the given parameters, in double precision."""
    from torch import nn, tensor

    model = run.model
    if not isinstance(model, NetworkModel):
        raise UsageError("to_torch", "this run is no network", "a network")
    names = {here: name for name, (here, _needed) in _ACTIVATIONS.items()}
    parts: list[Any] = []
    for number, layer in enumerate(model.layers, 1):
        linear = nn.Linear(layer.inputs, layer.units).double()
        linear.weight.data = tensor(np.array(parameters[f"W{number}"]))
        linear.bias.data = tensor(np.array(parameters[f"b{number}"]))
        linear.bias.requires_grad_(model.trains_biases)
        if layer.bias != "own" or layer.slope is not None or layer.dropout:
            raise UsageError(
                "to_torch", f"layer {number} has dropout, a slope, or a shared or missing bias", "usual layers"
            )
        if layer.activation not in names:
            raise UsageError("to_torch", f"torch.nn has no {layer.activation}", ", ".join(names))
        parts += [
            linear,
            nn.Softmax(dim=1) if layer.activation == "softmax" else getattr(nn, names[layer.activation])(),
        ]
    return nn.Sequential(*parts)
