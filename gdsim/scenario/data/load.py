"""Turns [data] into a Dataset: source, classes, features, split, scaling, in this order.

Scaling is computed from the training samples only, and applied to the held-out samples too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path as FilePath

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.formula.expressions import Expression
from gdsim.engine.parameters import Vector, read_only
from gdsim.scenario import limits
from gdsim.scenario.data.dataset import (
    SCALINGS,
    Dataset,
    RawData,
    Scaling,
    check_finite,
    check_work,
    columns_of,
    read_expression,
)
from gdsim.scenario.data.sources import as_targets, of_classes, of_labels, read_source, source_of
from gdsim.scenario.mistakes import RefusedError, Report, counted, found, refuse_all, shown
from gdsim.scenario.schema_model import DataSection

SPLIT_STREAM = 2
"""The random stream for choosing held-out samples; keeps it independent of the seed's other random choices."""


def load_data(
    section: DataSection,
    folder: FilePath | None,
    seed: int,
    units: int | None,
    report: Report,
    may_be_labels: bool,
    labels: Sequence[float | str] | None = None,
) -> Dataset | None:
    """Return the samples that [data] describes; if something is wrong, report it and return None.

    folder: the scenario's folder, for data files; units: of the output layer, None if unknown;
    may_be_labels: whether words in a target column are classes; labels: those of class 0 and class 1, if given.
    """
    with report.at("data"), np.errstate(all="ignore"):
        source = source_of(section)
        raw = read_source(source, section, folder, seed, may_be_labels)
        if section.classes is not None:
            raw = of_classes(raw, section.classes)
        if labels is not None:
            raw = of_labels(raw, labels)
        samples, inputs = raw.inputs.shape
        if samples > limits.SAMPLES:
            raise RefusedError(f"found {samples} samples", f"at most {limits.SAMPLES}", (source,))
        if inputs > limits.INPUTS and section.features is None:
            raise RefusedError(f"found {inputs} inputs", f"at most {limits.INPUTS}", (source,))
        return _finished(section, raw, *as_targets(raw, units), seed)


def _finished(section: DataSection, raw: RawData, targets: Vector, classes: tuple[str, ...], seed: int) -> Dataset:
    """Return the samples with features, split into training and held-out samples, and scaled."""
    raw_inputs, raw_targets = _names(section, raw)
    features = _features(section, raw_inputs, len(raw.inputs))
    names = section.features or raw_inputs
    inputs = columns_of(features, raw.inputs) if features else raw.inputs
    check_finite(inputs, names, ("features",) if features else ())
    learnt, held_out = _split(len(inputs), section.test_fraction, seed)
    if classes and section.scale.targets != "none":
        raise RefusedError(found(section.scale.targets), "none, for targets that are classes", ("scale", "targets"))
    input_scaling = _scaling("inputs", section.scale.inputs, inputs[learnt])
    target_scaling = _scaling("targets", section.scale.targets, targets[learnt])
    return Dataset(
        inputs=_scaled(input_scaling, inputs[learnt]),
        targets=_scaled(target_scaling, targets[learnt]),
        test_inputs=_scaled(input_scaling, inputs[held_out]),
        test_targets=_scaled(target_scaling, targets[held_out]),
        raw_inputs=read_only(raw.inputs[learnt]),
        input_names=names,
        raw_input_names=raw_inputs,
        target_names=classes if classes and targets.shape[1] > 1 else raw_targets,
        class_names=classes,
        features=features,
        input_scaling=input_scaling,
        target_scaling=target_scaling,
        image_shape=raw.image_shape if not features else None,
        notes=raw.notes,
    )


def _names(section: DataSection, raw: RawData) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of inputs and targets: the scenario's, else the source's, else x1, x2, …; y."""
    wrong, called = [], []
    for key, letter, of_source, columns in (
        ("input_names", "x", raw.input_names, raw.inputs),
        ("target_names", "y", raw.target_names, raw.targets),
    ):
        width = 1 if columns is None else columns.shape[1]
        numbered = (letter,) if width == 1 else tuple(f"{letter}{i}" for i in range(1, width + 1))
        called.append(getattr(section, key) or of_source or numbered)
        if len(called[-1]) != width:
            wrong.append(RefusedError(f"found {counted(len(called[-1]), 'name')}", f"{width}, one per column", (key,)))
    refuse_all(wrong)
    return called[0], called[1]


def _features(section: DataSection, variables: Sequence[str], samples: int) -> tuple[Expression, ...]:
    if section.features is None:
        return ()
    for name in variables:
        if not name.isidentifier():
            what, hint = (
                f"input {shown(name)} cannot be used in an expression",
                "give inputs plain names with input_names",
            )
            raise RefusedError(what, hint, ("features",))
    check_work(section.features, samples, ("features",))
    expressions, report = [], Report()
    for i, text in enumerate(section.features):
        with report.at("features", i):
            expressions.append(read_expression(text, variables))
    refuse_all([RefusedError(what, hint, path) for path, what, hint in report.found])
    return tuple(expressions)


def _scaling(key: str, name: str, columns: Vector) -> Scaling:
    scaling = SCALINGS[name](columns)
    if not (np.isfinite(scaling.offset).all() and np.isfinite(scaling.width).all()):
        raise RefusedError("the numbers lie too far apart to be scaled", "smaller numbers", ("scale", key))
    return scaling


def _scaled(scaling: Scaling, raw: Vector) -> Vector:
    return read_only(np.ascontiguousarray(raw) if scaling.is_none else scaling.apply(raw))


def depends_on_seed(section: DataSection) -> bool:
    """Whether the samples depend on the seed."""
    return section.generate is not None or section.dataset is not None or section.test_fraction > 0


Chosen = slice | NDArray[np.intp]


def _split(samples: int, test_fraction: float, seed: int) -> tuple[Chosen, Chosen]:
    """Return the indices of training and held-out samples, both in the given order. Raises RefusedError."""
    held_out = round(samples * test_fraction)
    if held_out == 0:
        return slice(None), slice(0)
    if held_out == samples:
        raise RefusedError(f"all {samples} samples are held out", "a smaller part", ("test_fraction",))
    shuffled = np.random.default_rng([seed, SPLIT_STREAM]).permutation(samples)
    return np.sort(shuffled[held_out:]), np.sort(shuffled[:held_out])
