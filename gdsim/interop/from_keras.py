"""Converts keras models to scenarios: Sequential of Dense, with the loss and optimizer given to compile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gdsim.errors import UsageError
from gdsim.interop.building import OUTPUT, Table, data_table, drop, scenario_of, want, warn_of_epsilon
from gdsim.scenario.scenario import Scenario

_ACTIVATIONS: Mapping[str, str] = {
    "linear": "identity",
    **dict.fromkeys(("silu", "swish"), "silu"),
    **{name: name for name in ("sigmoid", "tanh", "relu", "elu", "gelu", "softplus", "softmax")},
    **dict.fromkeys(("leaky_relu", "leakyrelu"), "leaky-relu"),
}
_LOSSES: Mapping[str, str] = {
    **dict.fromkeys(("mse", "mean_squared_error", "meansquarederror"), "mse"),
    **dict.fromkeys(("binary_crossentropy", "binarycrossentropy"), "binary-cross-entropy"),
    **dict.fromkeys(("categorical_crossentropy", "categoricalcrossentropy"), "categorical-cross-entropy"),
    **dict.fromkeys(("sparse_categorical_crossentropy", "sparsecategoricalcrossentropy"), "categorical-cross-entropy"),
}
_OPTIMIZERS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "SGD": ("gradient-descent", {}),
    "Adam": ("adam", {"beta_1": "beta1", "beta_2": "beta2", "epsilon": "epsilon"}),
    "AdamW": (
        "adamw",
        {"beta_1": "beta1", "beta_2": "beta2", "epsilon": "epsilon", "weight_decay": "weight_decay"},
    ),
    "Adadelta": ("adadelta", {"rho": "rho", "epsilon": "epsilon"}),
}


def scenario_from_keras(
    model: Any, X: Any, y: Any, *, batch: int | str = "all", updates: int = 100, seed: int = 0
) -> Scenario:
    """Return the scenario of a compiled Sequential. Raises UsageError naming anything gdsim does not support."""
    if getattr(model, "optimizer", None) is None:
        raise UsageError("from_keras", "the model is not compiled", "model.compile(loss=…, optimizer=…)")
    layers = _layers(model)
    loss = _loss(model.loss, layers[-1])
    if loss == "binary-cross-entropy" and layers[-1]["units"] > 1:
        raise UsageError("binary_crossentropy", "is the mean over several outputs, which is not supported", "one")
    data = data_table(X, y, layers[-1]["units"], is_classes=loss in OUTPUT)
    table: Table = {"network": {"loss": loss, "layers": layers} | _penalty(model), "data": data}
    update = _update(model.optimizer) | {"batch": batch}
    return scenario_of(table, str(model.name), update, updates=updates, seed=seed)


def _layers(model: Any) -> list[Table]:
    layers: list[Table] = []
    for layer in model.layers:
        kind = type(layer).__name__
        if kind == "Dense":
            kernel, *bias = (part.astype(float) for part in layer.get_weights())
            if not layer.trainable:
                raise UsageError("Dense", "is not trained", "trainable = True")
            biases = {"biases": bias[0].tolist()} if bias else {"bias": "none"}
            layers.append({"units": kernel.shape[1], "weights": kernel.T.tolist(), **biases})
            layers[-1] |= _activation(layer.activation)
        elif kind in ("Activation", "LeakyReLU", "ELU", "ReLU", "Softmax"):
            if not layers or layers[-1]["activation"] != "identity" or "dropout" in layers[-1]:
                raise UsageError(kind, "must follow a Dense layer without an activation", "one activation after each")
            layers[-1] |= _activation(layer.activation if kind == "Activation" else layer)
        elif kind == "Dropout":
            if layer.rate:
                drop(layers, float(layer.rate), "rate = 0 leaves none out")
        elif kind != "InputLayer":
            raise UsageError(kind, "is not supported", "Dense, Dropout and activations")
    if not layers:
        raise UsageError("from_keras", "the model has no Dense layer", "Sequential of Dense")
    return layers


def _activation(given: Any) -> Table:
    """Return the name here of an activation function or layer, and its slope left of 0 if it has one."""
    name = getattr(given, "__name__", type(given).__name__).lower()
    if name not in _ACTIVATIONS:
        raise UsageError(name, "is not a supported activation", ", ".join(_ACTIVATIONS))
    want(name, _WHOLE, lambda key: getattr(given, key, _WHOLE[key]))
    slope = {"leaky-relu": getattr(given, "negative_slope", 0.2), "elu": getattr(given, "alpha", 1.0)}
    here = _ACTIVATIONS[name]
    return {"activation": here} | ({"slope": float(slope[here])} if here in slope else {})


_WHOLE: Mapping[str, object] = {"max_value": None, "threshold": 0.0}
"""Options a ReLU layer must have."""


def _penalty(model: Any) -> Table:
    """Return the penalty that all kernels share, as a table for [network]; empty if there is none."""
    found = list[Table]()
    for layer in model.layers:
        for key in ("bias_regularizer", "activity_regularizer"):
            if getattr(layer, key, None) is not None:
                raise UsageError(type(layer).__name__, f"{key} is not supported", "kernel_regularizer")
        if hasattr(layer, "kernel_regularizer"):
            given = layer.kernel_regularizer
            rates = {} if given is None else {key: np.asarray(rate).item() for key, rate in given.get_config().items()}
            if set(rates) - {"l1", "l2"}:
                raise UsageError(type(given).__name__, "is not supported", "L1, L2, L1L2")
            found.append({"l2": 2 * rates.get("l2", 0.0), "l1": rates.get("l1", 0.0)})  # keras has no ½
    if any(each != found[0] for each in found):
        raise UsageError("kernel_regularizer", "differs from layer to layer", "one for all Dense layers")
    return {"penalty": found[0]} if any(found[0].values()) else {}


def _loss(loss: Any, last: Table) -> str:
    """Return the name of a loss here; for a loss that takes logits, give the last layer the activation it implies."""
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    found = _LOSSES.get(name.lower())
    if found is None:
        raise UsageError(str(name), "is not a supported loss", ", ".join(dict.fromkeys(_LOSSES)))
    if getattr(loss, "label_smoothing", 0.0):
        raise UsageError(str(name), "label_smoothing is not supported", "label_smoothing = 0")
    config = loss.get_config() if hasattr(loss, "get_config") else {}
    if config.get("from_logits") and last["activation"] == "identity":
        last["activation"] = OUTPUT[found]
    return found


def _update(optimizer: Any) -> Table:
    config, name = optimizer.get_config(), type(optimizer).__name__
    if name in ("RMSprop", "Adagrad"):
        raise UsageError(name, "has ε inside the root in keras, and outside in gdsim", ", ".join(_OPTIMIZERS))
    if name not in _OPTIMIZERS:
        raise UsageError(name, "is not supported", ", ".join(_OPTIMIZERS))
    needed: Table = {"clipnorm": None, "use_ema": False, "amsgrad": False}
    needed |= {} if name == "AdamW" else {"weight_decay": None}
    want(name, needed, lambda key: config.get(key, needed[key]))
    rule, keys = _OPTIMIZERS[name]
    update: Table = {"rule": rule} | _rate(config["learning_rate"])
    clip = {"norm": config.get("global_clipnorm"), "value": config.get("clipvalue")}
    if any(clip.values()):
        update["clip"] = {key: float(value) for key, value in clip.items() if value}
    update |= {here: float(config[key]) for key, here in keys.items()}
    if name == "SGD" and config["momentum"]:  # keras multiplies the learning rate into the velocity
        if config["nesterov"] and "schedule" in update:
            raise UsageError(name, "nesterov with a schedule is not supported", "nesterov = False, or one rate")
        form = {"rule": "nesterov"} if config["nesterov"] else {"rule": "momentum", "form": "textbook"}
        update |= {"momentum": float(config["momentum"]), **form}
    if int(optimizer.iterations) and (update["rule"] != "gradient-descent" or "schedule" in update):
        raise UsageError(name, "has already made steps and keeps their state", "a new optimizer")
    if rule in ("adam", "adamw"):
        warn_of_epsilon(name, update)
    return update


def _rate(given: Any) -> Table:
    """Return the learning rate and schedule as keys of [update]."""
    if isinstance(given, float | int):
        return {"learning_rate": float(given)}
    name, config = given["class_name"], given["config"]
    if name not in _SCHEDULES:
        raise UsageError(name, "is not supported", ", ".join(_SCHEDULES))
    kind, needed = _SCHEDULES[name]
    want(name, needed, lambda key: config.get(key, needed[key]))
    rate, steps = float(config["initial_learning_rate"]), config["decay_steps"]
    if config.get("staircase"):
        want(name, {"decay_steps": int(steps)}, config.get)
        schedule: Table = {"kind": "step", "every": int(steps), "factor": float(config["decay_rate"])}
    elif kind == "exponential":
        schedule = {"kind": kind, "factor": float(config["decay_rate"] ** (1 / steps))}
    elif kind == "inverse-time":
        schedule = {"kind": kind, "decay": float(config["decay_rate"] / steps)}
    else:
        low = config["end_learning_rate"] if kind == "linear" else config["alpha"] * rate
        schedule = {"kind": kind, "updates": int(steps), "low": float(low)}
    return {"learning_rate": rate, "schedule": schedule}


_SCHEDULES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "ExponentialDecay": ("exponential", {}),
    "InverseTimeDecay": ("inverse-time", {"staircase": False}),
    "CosineDecay": ("cosine", {"warmup_target": None}),
    "PolynomialDecay": ("linear", {"power": 1.0, "cycle": False}),
}
"""Schedules: their kind here, and the options they must have."""
