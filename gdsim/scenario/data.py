"""The table [data] turned into a Dataset: source, classes, features, split, scaling, in this order.

Scaling is found from the samples learnt from, not from those held out, and is applied to both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath

import numpy as np

from gdsim.engine.expressions import Expression
from gdsim.engine.parameters import Vector, read_only
from gdsim.scenario import limits
from gdsim.scenario.data_csv import read_csv
from gdsim.scenario.data_idx import read_images, read_labels
from gdsim.scenario.dataset import Dataset
from gdsim.scenario.datasets import make_dataset
from gdsim.scenario.features import check_finite, check_work, columns_of, read_expression, read_expressions
from gdsim.scenario.files import inside
from gdsim.scenario.mistakes import Path, Refused, Report, counted, found, shown
from gdsim.scenario.raw_data import RawData, as_targets
from gdsim.scenario.scaling import SCALINGS, Scaling
from gdsim.scenario.schema_data import DataSection, GenerateSection

DATA_STREAM, SPLIT_STREAM = 1, 2
"""Keep making data and choosing what is held out apart from the other random choices made with the same seed."""

SOURCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "file": (("file", "inputs", "targets"), ()),
    "dataset": (("dataset",), ("options",)),
    "images": (("images", "labels"), ()),
    "generate": (("generate",), ()),
    "inputs": (("inputs", "targets"), ()),
}
"""Keys each source of samples needs, and those it may have besides."""

_SOURCE_KEYS = ("inputs", "targets", "file", "dataset", "options", "images", "labels", "generate")
_AT: Path = ("data",)


def load_data(section: DataSection, folder: FilePath | None, seed: int, units: int | None, report: Report) -> Dataset | None:
    """Return the samples that [data] describes, or None when something is wrong, which is noted in `report`.

    folder: where the scenario lies, for data files; units: of the output layer, None when not known.
    """
    source = _source(section, report)
    if source is None:
        return None
    raw = _read(source, section, folder, seed, report)
    if raw is None or not _has_right_size(raw, source, section, report):
        return None
    try:
        targets, class_names = as_targets(raw, units)
    except Refused as refused:
        report.refuse(_AT, refused)
        return None
    names = _names(section, raw, targets, class_names, report)
    if names is None:
        return None
    features = _features(section, names.raw_inputs, len(raw.inputs), report)
    if features is None:
        return None
    return _finished(section, raw, targets, class_names, names, features, seed, report)


def _source(section: DataSection, report: Report) -> str | None:
    """Return the one source of samples that the section's keys name, or None when they do not name one."""
    given = {key for key in _SOURCE_KEYS if getattr(section, key) is not None}
    chosen = [source for source in SOURCES if source in given]
    if "file" in chosen and "inputs" in chosen:
        chosen.remove("inputs")
    if len(chosen) != 1:
        what = f"found {', '.join(chosen)} together" if chosen else "no samples"
        report.add(_AT, what, "exactly one source: inputs and targets, file, dataset, images and labels, or generate")
        return None
    needed, besides = SOURCES[chosen[0]]
    for key in needed:
        if key not in given:
            report.add((*_AT, key), "missing", f"{chosen[0]} needs it")
    for key in sorted(given - {*needed, *besides}):
        report.add((*_AT, key), f"has no place beside {chosen[0]}", f"it takes {', '.join((*needed, *besides))}")
    return chosen[0] if given.issuperset(needed) and given.issubset({*needed, *besides}) else None


def _read(
    source: str, section: DataSection, folder: FilePath | None, seed: int, report: Report
) -> RawData | None:
    """Return the samples as their source has them. Each branch knows the key its mistakes belong to."""
    rng = np.random.default_rng([seed, DATA_STREAM])
    key = source
    try:
        match source:
            case "inputs":
                return _read_inline(section, report)
            case "file":
                return _read_file(section, folder, report)
            case "dataset":
                options, name = section.options, section.dataset or ""
                key = "options" if options else "dataset"
                samples, noise = (options.samples, options.noise) if options else (None, None)
                return make_dataset(name, samples, noise, rng)
            case "images":
                images = read_images(inside(folder, section.images or ""))
                key = "labels"
                labels = read_labels(inside(folder, section.labels or ""))
                return _pictures(images, labels)
    except Refused as refused:
        name = getattr(section, key)
        is_file = key in {"images", "labels"} and not refused.what.startswith("found")
        report.add((*_AT, key), f"{shown(name)} {refused.what}" if is_file else refused.what, refused.hint)
        return None
    assert section.generate is not None
    return _generate(section.generate, rng, report)


def _read_inline(section: DataSection, report: Report) -> RawData | None:
    arrays = []
    for key in ("inputs", "targets"):
        rows = getattr(section, key)
        if isinstance(rows[0], str):
            report.add((*_AT, key), "found names of columns without a file", "numbers, or file beside them")
        else:
            arrays.append(np.array(rows, dtype=np.float64))
    if len(arrays) != 2:
        return None
    inputs, targets = arrays
    if len(inputs) != len(targets):
        report.add((*_AT, "targets"), f"found {counted(len(targets), 'target')}", f"{counted(len(inputs), 'sample')} of inputs")
        return None
    return RawData(inputs, targets)


def _read_file(section: DataSection, folder: FilePath | None, report: Report) -> RawData | None:
    names: list[list[str]] = []
    for key in ("inputs", "targets"):
        columns = [name for name in getattr(section, key) if isinstance(name, str)]
        if not columns or len(set(columns)) != len(columns):
            report.add((*_AT, key), "found numbers beside file" if not columns else "found a column twice", "names of columns")
        else:
            names.append(columns)
    if len(names) != 2:
        return None
    try:
        path = inside(folder, section.file or "")
    except Refused as refused:
        report.refuse((*_AT, "file"), refused)
        return None
    try:
        return read_csv(path, *names)
    except Refused as refused:
        report.add((*_AT, "file"), f"{shown(section.file)} {refused.what}", refused.hint)
        return None


def _pictures(images: np.typing.NDArray[np.uint8], labels: np.typing.NDArray[np.uint8]) -> RawData:
    """Pictures of unsigned bytes as inputs from 0 to 1; classes are 0 to the highest label."""
    if len(images) != len(labels):
        raise Refused(f"has {counted(len(labels), 'label')}", f"{counted(len(images), 'picture')} in images")
    inputs = images.reshape(len(images), -1) / 255.0
    classes = tuple(map(str, range(int(labels.max()) + 1)))
    return RawData(inputs, None, labels.astype(np.intp), classes, image_shape=(images.shape[1], images.shape[2]))


def _generate(section: GenerateSection, rng: np.random.Generator, report: Report) -> RawData | None:
    path = (*_AT, "generate", "target")
    target = read_expression(section.target, ("x",), report, path)
    if target is None:
        return None
    try:
        check_work([section.target], section.samples)
        x = rng.standard_normal(section.samples) if section.x == "normal" else _between(section.x, section.samples, rng)
        inputs = x[:, np.newaxis]
        targets = columns_of((target,), inputs)
        if section.noise:
            targets = targets + section.noise * rng.standard_normal(targets.shape)
        check_finite(targets, [section.target])
    except Refused as refused:
        report.refuse(path, refused)
        return None
    return RawData(inputs, targets, input_names=("x",))


def _between(ends: object, samples: int, rng: np.random.Generator) -> Vector:
    assert isinstance(ends, tuple)
    low, high = ends
    return low + (high - low) * rng.random(samples)


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
            report.add(path, f"input {shown(name)} cannot stand in an expression", "give inputs plain names with input_names")
            return None
    try:
        check_work(section.features, samples)
    except Refused as refused:
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
    try:
        check_finite(inputs, section.features or names.inputs)
        learnt, held_out = _split(len(inputs), section.test_fraction, seed)
    except Refused as refused:
        report.refuse((*_AT, "features" if section.features else "test_fraction"), refused)
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
    )


def _scaled(scaling: Scaling, raw: Vector) -> Vector:
    return np.ascontiguousarray(raw) if scaling.is_none else scaling.apply(raw)


Chosen = slice | np.typing.NDArray[np.intp]


def _split(samples: int, test_fraction: float, seed: int) -> tuple[Chosen, Chosen]:
    """Return which samples are learnt from and which are held out, both in the order given. Raises Refused."""
    held_out = round(samples * test_fraction)
    if held_out == 0:
        return slice(None), slice(0)
    if held_out == samples:
        raise Refused(f"all {samples} samples are held out", "a smaller part")
    shuffled = np.random.default_rng([seed, SPLIT_STREAM]).permutation(samples)
    return np.sort(shuffled[held_out:]), np.sort(shuffled[:held_out])
