"""Estimators of scikit-learn as scenarios, before or after fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gdsim.errors import UsageError
from gdsim.interop.building import Table, data_table, numbers_in, scenario_of, targets_in
from gdsim.scenario.scenario import Scenario

_ACTIVATIONS = {"identity": "identity", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu"}


def scenario_from_sklearn(
    estimator: Any, X: Any, y: Any, *, updates: int = 100, learning_rate: float = 0.1, seed: int = 0
) -> Scenario:
    """Return the scenario of an estimator and its samples. Raises UsageError, by name, for what there is not.

    learning_rate: of a LogisticRegression, which has none of its own.
    """
    name = type(estimator).__name__
    if name not in _READERS:
        raise UsageError(name, "is not carried over", ", ".join(_READERS))
    table, update = _READERS[name](estimator, X, y)
    update.setdefault("learning_rate", learning_rate)
    return scenario_of(table, name, update, updates=updates, seed=seed)


def _needs(estimator: Any, **needed: object) -> None:
    """Raise UsageError, by name, for an option that is not what gdsim does."""
    for key, value in needed.items():
        found = getattr(estimator, key, value)
        if found != value and not (value is None and found in ("none", 0)):
            raise UsageError(type(estimator).__name__, f"{key} = {found!r} is not carried over", f"{key} = {value!r}")


def _linear(estimator: Any, X: Any, units: int) -> tuple[list[list[float]], list[float]]:
    """Return weights, units × inputs, and biases: those fitted, else zeros."""
    inputs = numbers_in("X", X)[0].shape[1]
    if not hasattr(estimator, "coef_"):
        return np.zeros((units, inputs)).tolist(), [0.0] * units
    weights = np.atleast_2d(estimator.coef_).astype(float)
    return weights.tolist(), np.broadcast_to(estimator.intercept_, units).astype(float).tolist()


def _perceptron(estimator: Any, X: Any, y: Any) -> tuple[Table, Table]:
    _needs(estimator, penalty=None, class_weight=None, early_stopping=False)
    inputs, names = numbers_in("X", X)
    targets, _classes = targets_in(np.asarray(y).astype(str), 1, is_classes=True)
    (weights,), (bias,) = _linear(estimator, X, 1)
    data = data_table(inputs, targets, names) | {"targets": targets[:, 0].tolist()}
    section = {"weights": weights, "bias": bias, "train_bias": bool(estimator.fit_intercept), "tie": "mistake"}
    order = "shuffled" if estimator.shuffle else "given"
    return {"perceptron": section, "data": data}, {"learning_rate": float(estimator.eta0), "order": order}


def _one_layer(estimator: Any, X: Any, y: Any, loss: str, activation: str, units: int) -> Table:
    inputs, names = numbers_in("X", X)
    targets, classes = targets_in(y, units, is_classes=activation != "identity")
    weights, biases = _linear(estimator, X, units)
    layer = {"units": units, "activation": activation, "weights": weights, "biases": biases}
    network = {"loss": loss, "layers": [layer], "train_biases": bool(estimator.fit_intercept)}
    return {"network": network, "data": data_table(inputs, targets, names, classes)}


def _logistic(estimator: Any, X: Any, y: Any) -> tuple[Table, Table]:
    if estimator.penalty is not None and np.isfinite(estimator.C):
        what = f"its penalty, C = {estimator.C:g}, is not carried over"
        raise UsageError("LogisticRegression", what, "C = numpy.inf")
    _needs(estimator, class_weight=None)
    classes = np.unique(np.asarray(y))
    if len(classes) == 2:
        words = np.asarray(y).astype(str)
        return _one_layer(estimator, X, words, "binary-cross-entropy", "sigmoid", 1), {}
    return _one_layer(estimator, X, y, "categorical-cross-entropy", "softmax", len(classes)), {}


def _sgd_classifier(estimator: Any, X: Any, y: Any) -> tuple[Table, Table]:
    _needs(estimator, loss="log_loss", **_PLAIN)
    if len(np.unique(np.asarray(y))) != 2:
        raise UsageError("SGDClassifier", "has one classifier a class, which is not carried over", "two classes")
    words = np.asarray(y).astype(str)
    return _one_layer(estimator, X, words, "binary-cross-entropy", "sigmoid", 1), _online(estimator)


def _sgd_regressor(estimator: Any, X: Any, y: Any) -> tuple[Table, Table]:
    _needs(estimator, loss="squared_error", **_PLAIN)
    return _one_layer(estimator, X, y, "half-sse", "identity", 1), _online(estimator)


_PLAIN: Mapping[str, Any] = {"penalty": None, "learning_rate": "constant", "average": False, "early_stopping": False}


def _online(estimator: Any) -> Table:
    order = "shuffled" if estimator.shuffle else "given"
    return {"learning_rate": float(estimator.eta0), "batch": 1, "order": order}


def _mlp(estimator: Any, X: Any, y: Any) -> tuple[Table, Table]:
    _needs(estimator, alpha=0, early_stopping=False)
    is_classifier = type(estimator).__name__ == "MLPClassifier"
    inputs, names = numbers_in("X", X)
    classes = len(np.unique(np.asarray(y))) if is_classifier else 0
    units = (1 if classes == 2 else classes) if is_classifier else numbers_in("y", y)[0].shape[1]
    words = np.asarray(y).astype(str) if classes == 2 else y
    targets, target_names = targets_in(words, units, is_classes=is_classifier)
    last = ("sigmoid" if units == 1 else "softmax") if is_classifier else "identity"
    loss = ("binary-cross-entropy" if units == 1 else "categorical-cross-entropy") if is_classifier else "half-mse"
    hidden = tuple(np.atleast_1d(estimator.hidden_layer_sizes).tolist())
    layers: list[Table] = [
        {"units": count, "activation": name}
        for count, name in zip(
            (*hidden, units), (_ACTIVATIONS[estimator.activation],) * len(hidden) + (last,), strict=True
        )
    ]
    for i, layer in enumerate(layers):
        if hasattr(estimator, "coefs_"):
            layer["weights"] = estimator.coefs_[i].T.astype(float).tolist()
            layer["biases"] = estimator.intercepts_[i].astype(float).tolist()
        else:
            layer["init"] = {"method": "xavier"}
    data = data_table(inputs, targets, names, target_names)
    return {"network": {"loss": loss, "layers": layers}, "data": data}, _mlp_update(estimator, len(inputs))


def _mlp_update(estimator: Any, samples: int) -> Table:
    update: Table = {"learning_rate": float(estimator.learning_rate_init)}
    if estimator.solver == "sgd":
        _needs(estimator, learning_rate="constant")
        if estimator.momentum:
            rule = "nesterov" if estimator.nesterovs_momentum else "momentum"
            update |= {"rule": rule, "momentum": float(estimator.momentum)}
    elif estimator.solver == "adam":
        keys = {"beta_1": "beta1", "beta_2": "beta2", "epsilon": "epsilon"}
        update |= {"rule": "adam", **{here: float(getattr(estimator, key)) for key, here in keys.items()}}
    else:
        raise UsageError(type(estimator).__name__, f"solver = {estimator.solver!r} is not carried over", "sgd or adam")
    size = min(200, samples) if estimator.batch_size == "auto" else int(estimator.batch_size)
    if size < samples:
        update |= {"batch": size, "order": "shuffled" if estimator.shuffle else "given"}
    return update


_READERS: Mapping[str, Callable[[Any, Any, Any], tuple[Table, Table]]] = {
    "Perceptron": _perceptron,
    "LogisticRegression": _logistic,
    "SGDClassifier": _sgd_classifier,
    "SGDRegressor": _sgd_regressor,
    "MLPClassifier": _mlp,
    "MLPRegressor": _mlp,
}
