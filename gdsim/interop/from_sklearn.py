"""Converts scikit-learn estimators to scenarios, before or after fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gdsim.errors import UsageError
from gdsim.interop.building import Table, data_table, numbers_in, perceptron_table, scenario_of, want, warn_of_epsilon
from gdsim.scenario.scenario import Scenario

_ACTIVATIONS = {"identity": "identity", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu"}


def scenario_from_sklearn(
    estimator: Any, X: Any, y: Any, *, updates: int = 100, learning_rate: float = 0.1, seed: int = 0
) -> Scenario:
    """Return the scenario of an estimator and its samples. Raises UsageError naming anything gdsim does not support.

    learning_rate: for LogisticRegression, which has none.
    """
    name = type(estimator).__name__
    if name not in _READERS:
        raise UsageError(name, "is not supported", ", ".join(_READERS))
    table, update = _READERS[name](estimator, X, y)
    update.setdefault("learning_rate", learning_rate)
    return scenario_of(table, name, update, updates=updates, seed=seed)


def _needs(estimator: Any, **needed: object) -> None:
    want(type(estimator).__name__, needed, lambda key: getattr(estimator, key, needed[key]))


def _linear(estimator: Any, X: Any, units: int) -> tuple[list[list[float]], list[float]]:
    """Return weights (units × inputs) and biases: the fitted ones, else zeros."""
    inputs = numbers_in("X", X)[0].shape[1]
    if not hasattr(estimator, "coef_"):
        return np.zeros((units, inputs)).tolist(), [0.0] * units
    weights = np.atleast_2d(estimator.coef_).astype(float)
    return weights.tolist(), np.broadcast_to(estimator.intercept_, units).astype(float).tolist()


def _perceptron(estimator: Any, X: Any, y: Any) -> tuple[Table, Table]:
    _needs(estimator, penalty=None, class_weight=None, early_stopping=False)
    table = perceptron_table(X, np.asarray(y).astype(str))
    (weights,), (bias,) = _linear(estimator, X, 1)
    section = {"weights": weights, "bias": bias, "train_bias": bool(estimator.fit_intercept), "tie": "mistake"}
    return table | {"perceptron": section}, {"learning_rate": float(estimator.eta0)} | _order(estimator)


def _order(estimator: Any) -> Table:
    return {"order": "shuffled" if estimator.shuffle else "given"}


def _one_layer(estimator: Any, X: Any, y: Any, loss: str, activation: str, penalty: Table) -> Table:
    """Return a network of one layer: a unit per class, but one unit for two classes and for regression."""
    is_classes = activation != "identity"
    units = len(np.unique(np.asarray(y))) if is_classes else 1
    units = 1 if units == 2 else units
    data = data_table(X, np.asarray(y).astype(str) if is_classes else y, units, is_classes=is_classes)
    weights, biases = _linear(estimator, X, units)
    layer = {"units": units, "activation": activation, "weights": weights, "biases": biases}
    network = {"loss": loss, "layers": [layer], "train_biases": bool(estimator.fit_intercept), "penalty": penalty}
    return {"network": network, "data": data}


def _logistic(estimator: Any, X: Any, y: Any) -> tuple[Table, Table]:
    _needs(estimator, class_weight=None, dual=False)
    # scikit-learn minimises C · Σ losses + penalty; here both are divided by C · samples.
    rate, l1 = 1 / (estimator.C * len(np.asarray(y))), float(estimator.l1_ratio or 0.0)
    if getattr(estimator, "penalty", None) in ("l1", "elasticnet", "l2"):
        l1 = {"l1": 1.0, "l2": 0.0}.get(estimator.penalty, l1)
    penalty = {"l2": rate * (1 - l1), "l1": rate * l1}
    if len(np.unique(np.asarray(y))) == 2:
        return _one_layer(estimator, X, y, "binary-cross-entropy", "sigmoid", penalty), {}
    return _one_layer(estimator, X, y, "categorical-cross-entropy", "softmax", penalty), {}


def _sgd(estimator: Any, X: Any, y: Any) -> tuple[Table, Table]:
    is_classifier = type(estimator).__name__ == "SGDClassifier"
    _needs(estimator, loss="log_loss" if is_classifier else "squared_error", average=False, early_stopping=False)
    penalty = {"l2": float(estimator.alpha) if estimator.penalty == "l2" else 0.0}
    if estimator.penalty not in (None, "l2"):
        _needs(estimator, penalty="l2")
    update = {"batch": 1, "learning_rate": float(estimator.eta0)} | _order(estimator)
    if is_classifier:
        _needs(estimator, class_weight=None)
        if len(np.unique(np.asarray(y))) != 2:
            raise UsageError("SGDClassifier", "has one classifier per class, which is not supported", "two classes")
        if estimator.learning_rate == "optimal":
            update |= _optimal(float(estimator.alpha))
    if "schedule" not in update:
        _needs(estimator, learning_rate="constant")
    shape = ("binary-cross-entropy", "sigmoid") if is_classifier else ("half-sse", "identity")
    return _one_layer(estimator, X, y, *shape, penalty), update


def _optimal(alpha: float) -> Table:
    """Return SGDClassifier's rate 1/(α(t₀ + t)), t from 0, with t₀ such that the rate begins at α^−¼ (Bottou)."""
    rate = alpha**-0.25
    return {"learning_rate": rate, "schedule": {"kind": "inverse-time", "decay": rate * alpha}}


def _mlp(estimator: Any, X: Any, y: Any) -> tuple[Table, Table]:
    _needs(estimator, early_stopping=False)
    is_classifier = type(estimator).__name__ == "MLPClassifier"
    classes = len(np.unique(np.asarray(y))) if is_classifier else 0
    units = (1 if classes == 2 else classes) if is_classifier else numbers_in("y", y)[0].shape[1]
    data = data_table(X, np.asarray(y).astype(str) if classes == 2 else y, units, is_classes=is_classifier)
    last = ("sigmoid" if units == 1 else "softmax") if is_classifier else "identity"
    loss = ("binary-cross-entropy" if units == 1 else "categorical-cross-entropy") if is_classifier else "half-mse"
    hidden = tuple(np.atleast_1d(estimator.hidden_layer_sizes).tolist())
    activations = (*(_ACTIVATIONS[estimator.activation] for _units in hidden), last)
    layers: list[Table] = [
        {"units": count, "activation": name} for count, name in zip((*hidden, units), activations, strict=True)
    ]
    for i, layer in enumerate(layers):
        if hasattr(estimator, "coefs_"):
            layer["weights"] = estimator.coefs_[i].T.astype(float).tolist()
            layer["biases"] = estimator.intercepts_[i].astype(float).tolist()
        else:
            layer["init"] = {"method": "xavier"}
    samples = len(data["inputs"])
    update = _mlp_update(estimator, samples)
    if "epsilon" in update:
        warn_of_epsilon(type(estimator).__name__, update)
    size = update.get("batch", samples)
    if estimator.alpha and samples % size:
        what = f"alpha weighs more in the last batch, of {samples % size} samples"
        raise UsageError(type(estimator).__name__, what, "alpha = 0, or a batch_size that divides the samples")
    network = {"loss": loss, "layers": layers, "penalty": {"l2": estimator.alpha / size}}
    return {"network": network, "data": data}, update


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
        raise UsageError(type(estimator).__name__, f"solver = {estimator.solver!r} is not supported", "sgd or adam")
    size = min(200, samples) if estimator.batch_size == "auto" else int(estimator.batch_size)
    return update | ({"batch": size} | _order(estimator) if size < samples else {})


_READERS: Mapping[str, Callable[[Any, Any, Any], tuple[Table, Table]]] = {
    "Perceptron": _perceptron,
    "LogisticRegression": _logistic,
    "SGDClassifier": _sgd,
    "SGDRegressor": _sgd,
    "MLPClassifier": _mlp,
    "MLPRegressor": _mlp,
}
