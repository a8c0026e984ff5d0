"""Models of keras as scenarios: Sequential of Dense, with the loss and optimizer of compile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gdsim.errors import UsageError
from gdsim.interop.building import Table, data_table, numbers_in, scenario_of, targets_in
from gdsim.scenario.scenario import Scenario

_ACTIVATIONS: Mapping[str, str] = {
    "linear": "identity",
    **dict.fromkeys(("silu", "swish"), "silu"),
    **{name: name for name in ("sigmoid", "tanh", "relu", "elu", "gelu", "softplus", "softmax")},
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
    "Adadelta": ("adadelta", {"rho": "rho", "epsilon": "epsilon"}),
}
_OUTPUT = {"binary-cross-entropy": "sigmoid", "categorical-cross-entropy": "softmax"}


def scenario_from_keras(
    model: Any, X: Any, y: Any, *, batch: int | str = "all", updates: int = 100, seed: int = 0
) -> Scenario:
    """Return the scenario of a compiled Sequential. Raises UsageError, by name, for what there is not."""
    if getattr(model, "optimizer", None) is None:
        raise UsageError("from_keras", "the model is not compiled", "model.compile(loss=…, optimizer=…)")
    layers = _layers(model)
    loss = _loss(model.loss, layers[-1])
    if loss == "binary-cross-entropy" and layers[-1]["units"] > 1:
        raise UsageError("binary_crossentropy", "is the mean over several outputs, which is not carried over", "one")
    inputs, names = numbers_in("X", X)
    targets, classes = targets_in(y, layers[-1]["units"], is_classes=loss in _OUTPUT)
    biases = {layer.pop("has_bias") for layer in layers}
    if len(biases) > 1:
        raise UsageError("Dense", "some layers have a bias and some have none", "all or none")
    table = {
        "network": {"loss": loss, "layers": layers, "train_biases": biases.pop()},
        "data": data_table(inputs, targets, names, classes),
    }
    update = _update(model.optimizer) | {"batch": batch}
    return scenario_of(table, str(model.name), update, updates=updates, seed=seed)


def _layers(model: Any) -> list[Table]:
    layers: list[Table] = []
    for layer in model.layers:
        kind = type(layer).__name__
        if kind == "Dense":
            kernel, *bias = layer.get_weights()
            layers.append(
                {
                    "units": kernel.shape[1],
                    "activation": _activation(layer.activation),
                    "weights": kernel.T.astype(float).tolist(),
                    "biases": bias[0].astype(float).tolist() if bias else [0.0] * kernel.shape[1],
                    "has_bias": bool(bias),
                }
            )
            for key in ("kernel_regularizer", "bias_regularizer", "activity_regularizer"):
                if getattr(layer, key, None) is not None:
                    raise UsageError("Dense", f"{key} is not carried over", "none")
        elif kind == "Activation" and layers and layers[-1]["activation"] == "identity":
            layers[-1]["activation"] = _activation(layer.activation)
        elif kind != "InputLayer" and not (kind == "Dropout" and layer.rate == 0):
            raise UsageError(kind, "is not carried over", "Dense and Activation")
    if not layers:
        raise UsageError("from_keras", "the model has no Dense layer", "Sequential of Dense")
    return layers


def _activation(function: Any) -> str:
    name = getattr(function, "__name__", type(function).__name__).lower()
    if name not in _ACTIVATIONS:
        raise UsageError(name, "is no activation that is carried over", ", ".join(_ACTIVATIONS))
    return _ACTIVATIONS[name]


def _loss(loss: Any, last: Table) -> str:
    """Return the name of a loss here; of one that takes logits, put its activation behind the last layer."""
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    found = _LOSSES.get(name.lower())
    if found is None:
        raise UsageError(str(name), "is no loss that is carried over", ", ".join(dict.fromkeys(_LOSSES)))
    if getattr(loss, "label_smoothing", 0.0):
        raise UsageError(str(name), "label_smoothing is not carried over", "label_smoothing = 0")
    config = loss.get_config() if hasattr(loss, "get_config") else {}
    if config.get("from_logits") and last["activation"] == "identity":
        last["activation"] = _OUTPUT[found]
    return found


def _update(optimizer: Any) -> Table:
    config, name = optimizer.get_config(), type(optimizer).__name__
    if name in ("RMSprop", "Adagrad"):
        raise UsageError(name, "has ε inside the root in keras, and outside here", ", ".join(_OPTIMIZERS))
    if name not in _OPTIMIZERS:
        raise UsageError(name, "is not carried over", ", ".join(_OPTIMIZERS))
    for key in ("clipnorm", "clipvalue", "global_clipnorm", "weight_decay", "use_ema", "amsgrad"):
        if config.get(key):
            raise UsageError(name, f"{key} = {config[key]!r} is not carried over", "none")
    if not isinstance(config["learning_rate"], float | int):
        raise UsageError(name, "a schedule of the learning rate is not carried over", "a number")
    rule, keys = _OPTIMIZERS[name]
    update: Table = {"rule": rule, "learning_rate": float(config["learning_rate"])}
    update |= {here: float(config[key]) for key, here in keys.items()}
    if name == "SGD" and config["momentum"]:
        update |= {"rule": "nesterov" if config["nesterov"] else "momentum", "momentum": float(config["momentum"])}
    return update
