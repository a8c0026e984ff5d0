"""Runs in Python and in notebooks: ``gdsim.load("mountain-descent")``.

>>> import gdsim
>>> run = gdsim.load("mountain-descent")
>>> run
Run('mountain-descent', parameters: x)
>>> first = run.update(1)
>>> first.before["x"], first.gradient["x"], first.change["x"]
(4.0, 4.0, -0.04)
>>> round(first.loss, 6)
3.8416

Updates are computed on first use; iterating computes them to the end of the run.

>>> len(list(run)), run.stopped
(298, 'min_change')
>>> round(run.parameters(298)["x"], 4)
2.0049
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gdsim.errors import UsageError
from gdsim.interop.building import function_table, network_table, perceptron_table, scenario_of
from gdsim.interop.from_keras import scenario_from_keras
from gdsim.interop.from_sklearn import scenario_from_sklearn
from gdsim.interop.from_torch import module_of, scenario_from_torch
from gdsim.interop.watching import Watch
from gdsim.runs import Plot as Plot
from gdsim.runs import Run as Run
from gdsim.runs import Update as Update
from gdsim.scenario.library import names, resolve
from gdsim.scenario.load import load_file
from gdsim.scenario.place import Place
from gdsim.scenario.scenario import Scenario
from gdsim.session import Session


def scenarios() -> tuple[str, ...]:
    """Return the names of the bundled scenarios.

    >>> "mazur" in gdsim.scenarios()
    True
    """
    return names()


def load(
    scenario: str | Path, settings: Mapping[str, object] | None = None, *, corrected: bool = False, start: int = 1
) -> Run:
    """Return the run of a bundled scenario, given by name, or of a .toml file, given by path.

    settings: values that replace those of the file, by dotted key; corrected: without the errors of the source that
    the scenario reproduces; start: number of the starting point, from 1.
    Raises gdsim.errors.GdsimError if there is no such scenario or start; for a faulty file it lists every mistake.

    >>> gdsim.load("mountain-descent", {"update.learning_rate": 0.5}).update(1).parameters["x"]
    2.0
    """
    if not isinstance(settings, Mapping | None):
        raise UsageError("settings", f"found {type(settings).__name__}", 'such as {"update.learning_rate": 0.1}')
    loaded = load_file(resolve(str(scenario)), overrides=tuple((settings or {}).items()))
    return Run(Session.open(loaded, Place(start=start - 1, is_corrected=corrected)))


def network(
    X: object,
    y: object,
    *,
    layers: Sequence[int],
    activation: str = "sigmoid",
    output: str | None = None,
    loss: str | None = None,
    learning_rate: float = 0.1,
    rule: str = "gradient-descent",
    batch: int | str = "all",
    updates: int = 1000,
    seed: int = 0,
    settings: Mapping[str, object] | None = None,
    **options: object,
) -> Run:
    """Return the run of a network on samples, as arrays, lists or data frames; words in y are class names.

    layers: units of each layer, outputs last; activation: of the hidden layers; output: activation of the last layer,
    by default the one that goes with the loss; options: of the rule, such as momentum, schedule and clip. Names are
    those of scenario files; settings: other keys of a scenario file by dotted path, such as "network.penalty.l2",
    "network.layers.0.dropout", "data.test_fraction" or "stop.patience".
    Raises gdsim.errors.GdsimError if the arguments do not fit together.

    >>> run = gdsim.network([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], layers=[3, 1], activation="tanh")
    >>> run.names
    ('W1', 'b1', 'W2', 'b2')
    """
    table = network_table(X, y, layers, activation, output, loss)
    update = {"rule": rule, "learning_rate": learning_rate, "batch": batch, **options}
    return _run_of(scenario_of(table, "network", update, updates=updates, seed=seed, settings=settings))


def perceptron(
    X: object,
    y: object,
    *,
    learning_rate: float = 1.0,
    updates: int = 1000,
    settings: Mapping[str, object] | None = None,
) -> Run:
    """Return the run of a perceptron on samples of two classes, starting at 0; settings as for `network`.

    >>> gdsim.perceptron([[0, 0], [0, 1], [1, 0], [1, 1]], ["no", "no", "no", "yes"]).names
    ('w', 'b')
    """
    table, update = perceptron_table(X, y), {"learning_rate": learning_rate}
    return _run_of(scenario_of(table, "perceptron", update, updates=updates, settings=settings))


def minimise(
    expression: str,
    start: Mapping[str, float],
    *,
    rule: str = "gradient-descent",
    learning_rate: float = 0.1,
    updates: int = 1000,
    settings: Mapping[str, object] | None = None,
    **options: object,
) -> Run:
    """Return the run that minimises an expression of one or more variables; options and settings as for `network`.

    >>> gdsim.minimise("(x - 2)**2", {"x": 4.0}, learning_rate=0.5).parameters(1)
    {'x': 2.0}
    """
    update = {"rule": rule, "learning_rate": learning_rate, **options}
    table = function_table(expression, start)
    return _run_of(scenario_of(table, "minimise", update, updates=updates, settings=settings))


def watch(scenario: str | Path | Run, *, on_difference: str = "raise") -> Watch:
    """Return a watcher for your own loop: call it after each update with the numbers computed, named as in traces.

    on_difference: "raise" a gdsim.errors.GdsimError at the first wrong number, or "print" what is wrong and go on.

    >>> watch = gdsim.watch("mountain-descent")
    >>> watch(x=3.96)
    >>> watch(x=3.92)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
      ...
    gdsim.errors.GdsimError: update 2, phase 3 of 3, update: x: yours 3.920000, right 3.920800
    ...
    """
    if on_difference not in ("raise", "print"):
        raise UsageError("on_difference", f"found {on_difference!r}", '"raise" or "print"')
    read = scenario.scenario if isinstance(scenario, Run) else load(scenario).scenario
    return Watch(read, print if on_difference == "print" else None)


def from_torch(module: Any, X: Any, y: Any, *, loss: Any, optimizer: Any, **settings: Any) -> Run:
    """Return the run of a torch module, Sequential of Linear and activations, starting from its weights.

    loss: a torch loss; optimizer: a torch optimizer of the module's parameters; settings: scheduler (assumed to step
    after each update), batch, updates, seed. Weight decay becomes a penalty, which gdsim counts as part of the loss.
    Raises gdsim.errors.GdsimError naming anything gdsim does not support.
    """
    return _run_of(scenario_from_torch(module, X, y, loss, optimizer, **settings))


def to_torch(run: Run, at: int = 0) -> Any:
    """Return the run's network as a torch.nn.Sequential with its weights after `at` updates."""
    if not isinstance(run, Run):
        raise UsageError("to_torch", f"found {type(run).__name__}", "a run of a network")
    return module_of(run.record(at), run.parameters(at))


def from_keras(model: Any, X: Any, y: Any, **settings: Any) -> Run:
    """Return the run of a compiled keras Sequential of Dense layers, from its weights; settings: batch, updates, seed.

    Raises gdsim.errors.GdsimError naming anything gdsim does not support.
    """
    return _run_of(scenario_from_keras(model, X, y, **settings))


def from_sklearn(estimator: Any, X: Any, y: Any, **settings: Any) -> Run:
    """Return the run of a scikit-learn estimator, from its coefficients if it is fitted.

    estimator: Perceptron, LogisticRegression, SGDClassifier, SGDRegressor, MLPClassifier or MLPRegressor; settings:
    updates, learning_rate (of a LogisticRegression, which has none), seed.
    Raises gdsim.errors.GdsimError naming anything gdsim does not support.
    """
    return _run_of(scenario_from_sklearn(estimator, X, y, **settings))


def _run_of(scenario: Scenario) -> Run:
    return Run(Session.open(scenario))
