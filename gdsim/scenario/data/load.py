"""The table [data] turned into a Dataset: source, classes, features, split, scaling, in this order.

Scaling is found from the samples learnt from, not from those held out, and is applied to both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
    read_expressions,
)
from gdsim.scenario.data.sources import as_targets, read_source, source_of
from gdsim.scenario.mistakes import Path, RefusedError, Report, counted, found, shown
from gdsim.scenario.schema_model import DataSection

SPLIT_STREAM = 2
"""Keeps choosing what is held out apart from the other random choices made with the same seed."""

_AT: Path = ("data",)


@np.errstate(all="ignore")
def load_data(
    section: DataSection,
    folder: FilePath | None,
    seed: int,
    units: int | None,
    report: Report,
    *,
    may_be_labels: bool = True,
) -> Dataset | None:
    """Return the samples that [data] describes, or None when something is wrong, which is noted in `report`.

    folder: where the scenario lies, for data files; units: of the output layer, None when not known;
    may_be_labels: whether words in a target column are classes.
    """
    source = source_of(section, report)
    if source is None:
        return None
    raw = read_source(source, section, folder, seed, report, may_be_labels=may_be_labels)
    if raw is None or not _has_right_size(raw, source, section, report):
        return None
    try:
        targets, class_names = as_targets(raw, units)
    except RefusedError as refused:
        report.refuse(_AT, refused)
        return None
    names = _names(section, raw, targets, class_names, report)
    if names is None:
        return None
    features = _features(section, names.raw_inputs, len(raw.inputs), report)
    if features is None:
        return None
    return _finished(section, raw, targets, class_names, names, features, seed, report)


def _has_right_size(raw: RawData, source: str, section: DataSection, report: Report) -> bool:
    samples, inputs = raw.inputs.shape
    if samples > limits.SAMPLES:
        report.add((*_AT, source), f"found {samples} samples", f"at most {limits.SAMPLES}")
    elif inputs > limits.INPUTS and section.features is None:
        report.add((*_AT, source), f"found {inputs} inputs", f"at most {limits.INPUTS}")
    else:
        return True
    return False


@dataclass(frozen=True, slots=True)
class _Names:
    raw_inputs: tuple[str, ...]
    inputs: tuple[str, ...]
    targets: tuple[str, ...]


def _names(
    section: DataSection, raw: RawData, targets: Vector, classes: tuple[str, ...], report: Report
) -> _Names | None:
    """Return what inputs and targets are called: as the scenario says, else as in the source, else x1, x2, …; y."""
    raw_inputs = section.input_names or raw.input_names or _numbered("x", raw.inputs.shape[1])
    width = 1 if raw.targets is None else raw.targets.shape[1]
    raw_targets = section.target_names or raw.target_names or _numbered("y", width)
    is_right = True
    for key, names, count in (("input_names", raw_inputs, raw.inputs.shape[1]), ("target_names", raw_targets, width)):
        if len(names) != count:
            report.add((*_AT, key), f"found {counted(len(names), 'name')}", f"{count}, one a column")
            is_right = False
    if not is_right:
        return None
    is_one_hot = bool(classes) and targets.shape[1] > 1
    return _Names(raw_inputs, section.features or raw_inputs, classes if is_one_hot else raw_targets)


def _numbered(letter: str, count: int) -> tuple[str, ...]:
    return (letter,) if count == 1 else tuple(f"{letter}{i}" for i in range(1, count + 1))


def _features(
    section: DataSection, variables: Sequence[str], samples: int, report: Report
) -> tuple[Expression, ...] | None:
    if section.features is None:
        return ()
    path = (*_AT, "features")
    for name in variables:
        if not name.isidentifier():
            report.add(
                path, f"input {shown(name)} cannot stand in an expression", "give inputs plain names with input_names"
            )
            return None
    try:
        check_work(section.features, samples)
    except RefusedError as refused:
        report.refuse(path, refused)
        return None
    return read_expressions(section.features, variables, report, path)


def _finished(
    section: DataSection,
    raw: RawData,
    targets: Vector,
    classes: tuple[str, ...],
    names: _Names,
    features: tuple[Expression, ...],
    seed: int,
    report: Report,
) -> Dataset | None:
    """Return the samples with features, divided into those learnt from and those held out, and scaled."""
    inputs = columns_of(features, raw.inputs) if features else raw.inputs
    at: Path = (*_AT, "features") if features else _AT
    try:
        check_finite(inputs, section.features or names.inputs)
        at = (*_AT, "test_fraction")
        learnt, held_out = _split(len(inputs), section.test_fraction, seed)
    except RefusedError as refused:
        report.refuse(at, refused)
        return None
    if classes and section.scale.targets != "none":
        report.add((*_AT, "scale", "targets"), found(section.scale.targets), "none, for targets that are classes")
        return None
    input_scaling = SCALINGS[section.scale.inputs](inputs[learnt])
    target_scaling = SCALINGS[section.scale.targets](targets[learnt])
    for key, scaling in (("inputs", input_scaling), ("targets", target_scaling)):
        if not (np.isfinite(scaling.offset).all() and np.isfinite(scaling.width).all()):
            report.add((*_AT, "scale", key), "the numbers lie too far apart to be scaled", "smaller numbers")
            return None
    return Dataset(
        inputs=read_only(_scaled(input_scaling, inputs[learnt])),
        targets=read_only(_scaled(target_scaling, targets[learnt])),
        test_inputs=read_only(_scaled(input_scaling, inputs[held_out])),
        test_targets=read_only(_scaled(target_scaling, targets[held_out])),
        raw_inputs=read_only(raw.inputs[learnt]),
        input_names=names.inputs,
        raw_input_names=names.raw_inputs,
        target_names=names.targets,
        class_names=classes,
        features=features,
        input_scaling=input_scaling,
        target_scaling=target_scaling,
        image_shape=raw.image_shape if not features else None,
        notes=raw.notes,
    )


def _scaled(scaling: Scaling, raw: Vector) -> Vector:
    return np.ascontiguousarray(raw) if scaling.is_none else scaling.apply(raw)


def depends_on_seed(section: DataSection) -> bool:
    """Whether another seed gives other samples."""
    return section.generate is not None or section.dataset is not None or section.test_fraction > 0


Chosen = slice | NDArray[np.intp]


def _split(samples: int, test_fraction: float, seed: int) -> tuple[Chosen, Chosen]:
    """Return which samples are learnt from and which are held out, both in the order given. Raises RefusedError."""
    held_out = round(samples * test_fraction)
    if held_out == 0:
        return slice(None), slice(0)
    if held_out == samples:
        raise RefusedError(f"all {samples} samples are held out", "a smaller part")
    shuffled = np.random.default_rng([seed, SPLIT_STREAM]).permutation(samples)
    return np.sort(shuffled[held_out:]), np.sort(shuffled[:held_out])
