"""Converts torch modules to scenarios, and networks to torch modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isclose
from typing import Any

import numpy as np

from gdsim.engine.models.network import NetworkModel
from gdsim.engine.update import Run
from gdsim.errors import UsageError
from gdsim.interop.building import Table, data_table, drop, scenario_of, want
from gdsim.scenario.scenario import Scenario

_ACTIVATIONS: Mapping[str, tuple[str, str, Mapping[str, object]]] = {
    "Identity": ("identity", "", {}),
    "Sigmoid": ("sigmoid", "", {}),
    "Tanh": ("tanh", "", {}),
    "ReLU": ("relu", "", {}),
    "LeakyReLU": ("leaky-relu", "negative_slope", {}),
    "ELU": ("elu", "alpha", {}),
    "SiLU": ("silu", "", {}),
    "GELU": ("gelu", "", {"approximate": "none"}),
    "Softplus": ("softplus", "", {"beta": 1.0}),
    "Softmax": ("softmax", "", {}),
    "LogSoftmax": ("log-softmax", "", {}),
}
"""Activations: their names here, the option that is the slope left of 0, and the options they must have."""

_OPTIMIZERS: Mapping[str, tuple[str, Mapping[str, str], Mapping[str, object]]] = {
    "SGD": ("gradient-descent", {}, {"dampening": 0}),
    "Adam": ("adam", {"eps": "epsilon"}, {"amsgrad": False, "decoupled_weight_decay": False}),
    "AdamW": ("adamw", {"eps": "epsilon", "weight_decay": "weight_decay"}, {"amsgrad": False}),
    "RMSprop": ("rmsprop", {"eps": "epsilon", "alpha": "rho"}, {"momentum": 0, "centered": False}),
    "Adagrad": ("adagrad", {"eps": "epsilon"}, {"lr_decay": 0, "initial_accumulator_value": 0}),
    "Adadelta": ("adadelta", {"eps": "epsilon", "rho": "rho"}, {}),
}
"""Optimizers: their rule here, their options with the names here, and the options they must have."""

_SCHEDULERS = "StepLR, ExponentialLR, CosineAnnealingLR, LinearLR from or to the full rate, PolynomialLR of power 1"


def scenario_from_torch(
    module: Any,
    X: Any,
    y: Any,
    loss: Any,
    optimizer: Any,
    *,
    scheduler: Any = None,
    batch: int | str = "all",
    updates: int = 100,
    seed: int = 0,
) -> Scenario:
    """Return the scenario of a module, its samples, loss and optimizer. Raises UsageError for anything unsupported.

    scheduler: of the optimizer, assumed to step after every update. Weight decay becomes a penalty, which gdsim counts
    as part of the loss.
    """
    layers = _layers(module)
    loss_name, last, is_classes = _loss(loss, layers[-1]["activation"], layers[-1]["units"])
    layers[-1]["activation"] = last
    data = data_table(X, y, layers[-1]["units"], is_classes=is_classes)
    linear = [part for part in _flat(module) if type(part).__name__ == "Linear"]
    trained = {part.bias.requires_grad for part in linear if part.bias is not None}
    if not all(part.weight.requires_grad for part in linear) or len(trained) > 1:
        raise UsageError("Linear", "has parameters that are not trained (requires_grad)", "all trained, or no bias")
    decay, of_biases = _weight_decay(optimizer, linear)
    update = _update(optimizer, updates, scheduler) | {"batch": batch}
    if decay and update["rule"] != "adamw":
        if of_biases:
            what = f"weight_decay = {decay:g} on biases is not supported: a penalty does not apply to biases in gdsim"
            raise UsageError(type(optimizer).__name__, what, "two groups of parameters, biases with weight_decay = 0")
    elif decay != of_biases and trained == {True}:
        raise UsageError("AdamW", "weight_decay of the weights alone is not supported", "one for all parameters")
    network: Table = {"loss": loss_name, "layers": layers, "train_biases": trained != {False}}
    if decay and update["rule"] != "adamw":
        network["penalty"] = {"l2": decay}
    return scenario_of({"network": network, "data": data}, type(module).__name__, update, updates=updates, seed=seed)


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
                raise UsageError(name, "does not follow a Linear layer", "one activation after each Linear")
            here, slope, needed = _ACTIVATIONS[name]
            want(name, needed, lambda key: getattr(part, key))  # noqa: B023 called at once
            layers[-1] |= {"activation": here} | ({"slope": float(getattr(part, slope))} if slope else {})
            is_open = False
        elif name == "Dropout":
            if part.p > 0 and part.training:
                drop(layers, float(part.p), "module.eval() leaves none out")
            is_open = False
        elif name != "Flatten":
            raise UsageError(name, "is not supported", f"Linear, {', '.join(_ACTIVATIONS)}, Dropout")
    if not layers:
        raise UsageError(type(module).__name__, "has no Linear layer", "torch.nn.Sequential of Linear and activations")
    if "dropout" in layers[-1]:
        raise UsageError("Dropout", "follows the last layer", "after hidden layers")
    return layers


def _linear(part: Any) -> Table:
    weights = part.weight.detach().double().tolist()
    biases = {"bias": "none"} if part.bias is None else {"biases": part.bias.detach().double().tolist()}
    return {"units": part.out_features, "activation": "identity", "weights": weights, **biases}


def _loss(loss: Any, last: str, units: int) -> tuple[str, str, bool]:
    """Return the loss's name here, the last layer's activation to go with it, and whether targets are classes."""
    name = type(loss).__name__
    if getattr(loss, "weight", None) is not None or getattr(loss, "pos_weight", None) is not None:
        raise UsageError(name, "class weights are not supported", "no weight, no pos_weight")
    reduction = getattr(loss, "reduction", "")
    if name == "MSELoss" and last != "log-softmax" and reduction in ("mean", "sum"):
        return ("mse" if reduction == "mean" else "sse"), last, False
    if reduction != "mean":
        raise UsageError(name, f"reduction = {reduction!r} is not supported", 'reduction = "mean"')
    if name in ("BCELoss", "BCEWithLogitsLoss") and units > 1:
        raise UsageError(name, f"is the mean over {units} outputs, which is not supported", "one output")
    found = {
        ("BCELoss", "sigmoid"): ("binary-cross-entropy", "sigmoid", False),
        ("BCEWithLogitsLoss", "identity"): ("binary-cross-entropy", "sigmoid", False),
        ("CrossEntropyLoss", "identity"): ("categorical-cross-entropy", "softmax", True),
        ("NLLLoss", "log-softmax"): ("categorical-cross-entropy", "softmax", True),
    }.get((name, last))
    if getattr(loss, "label_smoothing", 0.0):
        raise UsageError(name, "label_smoothing is not supported", "label_smoothing = 0")
    if found is None:
        known = "MSELoss; BCELoss after Sigmoid; BCEWithLogitsLoss or CrossEntropyLoss after Linear; NLLLoss"
        raise UsageError(name, f"is not supported after {last}", known)
    return found


def _weight_decay(optimizer: Any, linear: list[Any]) -> tuple[float, float]:
    """Return the weight decay of all weights and that of all trained biases."""
    name, groups = type(optimizer).__name__, optimizer.param_groups
    for key in groups[0]:
        if key not in ("params", "weight_decay") and any(group.get(key) != groups[0][key] for group in groups):
            raise UsageError(
                name, f"has groups of parameters with different {key}", "groups that differ in weight_decay"
            )
    decay = {id(each): float(group.get("weight_decay", 0)) for group in groups for each in group["params"]}
    found = []
    for kind in ("weight", "bias"):
        parts = [part for each in linear if (part := getattr(each, kind)) is not None and part.requires_grad]
        if any(id(part) not in decay for part in parts):
            raise UsageError(name, f"does not train every {kind}", "module.parameters()")
        rates = {decay[id(part)] for part in parts} or {0.0}
        if len(rates) > 1:
            raise UsageError(name, f"has layers that differ in the weight_decay of their {kind}", "one for all")
        found.append(rates.pop())
    return found[0], found[1]


def _update(optimizer: Any, updates: int, scheduler: Any) -> Table:
    """Return the [update] of an optimizer and its scheduler."""
    name = type(optimizer).__name__
    if name not in _OPTIMIZERS:
        raise UsageError(name, "is not supported", ", ".join(_OPTIMIZERS))
    options = optimizer.param_groups[0]
    rule, keys, needed = _OPTIMIZERS[name]
    want(name, {**needed, "maximize": False}, lambda key: options.get(key, needed.get(key, False)))
    update: Table = {"rule": rule, "learning_rate": float(options["lr"])}
    update |= {here: float(options[key]) for key, here in keys.items()}
    if "betas" in options:
        update["beta1"], update["beta2"] = map(float, options["betas"])
    if name == "SGD" and options["momentum"]:
        update |= {"rule": "nesterov" if options["nesterov"] else "momentum", "momentum": float(options["momentum"])}
    if update["rule"] != "gradient-descent" and any(float(kept.get("step", 1)) for kept in optimizer.state.values()):
        raise UsageError(name, "has already made steps and keeps their state", "a new optimizer")
    if scheduler is not None:
        update |= {"learning_rate": float(scheduler.base_lrs[0]), "schedule": _schedule(scheduler, updates)}
    elif "initial_lr" in options:
        raise UsageError(name, "has a scheduler", "pass scheduler=… too")
    return update


def _schedule(scheduler: Any, updates: int) -> Table:
    """Return the [update.schedule] of a scheduler that steps after every update."""
    name, rate, has = type(scheduler).__name__, float(scheduler.base_lrs[0]), vars(scheduler)
    if scheduler.last_epoch:
        raise UsageError(name, "has already made steps", "a new scheduler")
    if name == "StepLR":
        return {"kind": "step", "every": has["step_size"], "factor": float(has["gamma"])}
    if name == "ExponentialLR":
        return {"kind": "exponential", "factor": float(has["gamma"])}
    if name == "CosineAnnealingLR":
        if updates > has["T_max"]:
            raise UsageError(name, "rises again after T_max, but stays low in gdsim", f"at most {has['T_max']} updates")
        return {"kind": "cosine", "updates": has["T_max"], "low": float(has["eta_min"])}
    if name == "PolynomialLR" and has["power"] == 1:
        return {"kind": "linear", "updates": has["total_iters"]}
    if name == "LinearLR" and has["start_factor"] == 1:
        return {"kind": "linear", "updates": has["total_iters"], "low": rate * has["end_factor"]}
    if name == "LinearLR" and has["end_factor"] == 1 and isclose(has["start_factor"] * (has["total_iters"] + 1), 1):
        return {"kind": "warmup", "updates": has["total_iters"] + 1}
    raise UsageError(name, "is not supported", _SCHEDULERS)


def module_of(run: Run, parameters: Mapping[str, Any]) -> Any:
    """Return a network with the given parameters as torch.nn.Sequential, in double precision."""
    from torch import nn, tensor

    model = run.model
    if not isinstance(model, NetworkModel):
        raise UsageError("to_torch", "this run is not of a network", "a network")
    names = {here: (name, slope) for name, (here, slope, _needed) in _ACTIVATIONS.items()}
    parts: list[Any] = []
    for number, layer in enumerate(model.layers, 1):
        if layer.bias == "shared":
            raise UsageError(
                "to_torch", f"layer {number} shares one bias, which torch.nn.Linear does not", "one per unit"
            )
        if layer.activation not in names:
            raise UsageError("to_torch", f"torch.nn has no {layer.activation}", ", ".join(names))
        linear = nn.Linear(layer.inputs, layer.units, bias=layer.bias == "own").double()
        linear.weight.data = tensor(np.array(parameters[f"W{number}"]))
        if layer.bias == "own":
            linear.bias.data = tensor(np.array(parameters[f"b{number}"]))
            linear.bias.requires_grad_(model.trains_biases)
        name, slope = names[layer.activation]
        options: dict[str, Any] = {"dim": 1} if layer.activation == "softmax" else {}
        if layer.slope is not None:
            options = {slope: layer.slope}
        parts += [linear, getattr(nn, name)(**options), *([nn.Dropout(layer.dropout)] if layer.dropout else [])]
    return nn.Sequential(*parts)
