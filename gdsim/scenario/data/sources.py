"""Reads samples from their source, before features, scaling and the split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path as FilePath

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.parameters import Vector
from gdsim.scenario.data.dataset import RawData, check_finite, check_work, columns_of, read_expression
from gdsim.scenario.data.datasets import make_dataset
from gdsim.scenario.data.idx import read_images, read_labels
from gdsim.scenario.data.tables import TableFormat, read_csv
from gdsim.scenario.files import inside
from gdsim.scenario.mistakes import RefusedError, counted, found, one_of, refuse_all, shown
from gdsim.scenario.schema_model import DataSection, GenerateSection

DATA_STREAM = 1
"""The random stream for making data; keeps it independent of the seed's other random choices."""

_OF_FILES = ("separator", "decimal", "header", "skip", "encoding", "missing")

SOURCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "file": (("file", "inputs", "targets"), (*_OF_FILES, "classes")),
    "dataset": (("dataset",), ("options", "classes")),
    "images": (("images", "labels"), ("classes",)),
    "generate": (("generate",), ()),
    "inputs": (("inputs", "targets"), ()),
}
"""The keys each source of samples requires, and its optional keys."""

_SOURCE_KEYS = {key for needed, besides in SOURCES.values() for key in (*needed, *besides)}


def source_of(section: DataSection) -> str:
    """Return the only source of samples that the section's keys name. Raises RefusedError, or a group of them."""
    given = {key for key in _SOURCE_KEYS if getattr(section, key) is not None}
    chosen = [source for source in SOURCES if source in given]
    if "file" in chosen and "inputs" in chosen:
        chosen.remove("inputs")
    if len(chosen) != 1:
        what = f"found {', '.join(chosen)} together" if chosen else "no samples"
        raise RefusedError(
            what, "exactly one source: inputs and targets, file, dataset, images and labels, or generate"
        )
    source = chosen[0]
    needed, besides = SOURCES[source]
    takes = f"it takes {', '.join((*needed, *besides))}"
    wrong = [RefusedError("missing", f"{source} needs it", (key,)) for key in needed if key not in given]
    foreign = sorted(given - {*needed, *besides})
    wrong += [RefusedError(f"is not allowed with {source}", takes, (key,)) for key in foreign]
    refuse_all(wrong)
    return source


def read_source(source: str, section: DataSection, folder: FilePath | None, seed: int, may_be_labels: bool) -> RawData:
    """Return the samples of `source`. Raises RefusedError, or a group of them."""
    rng = np.random.default_rng([seed, DATA_STREAM])
    match source:
        case "inputs":
            return _read_inline(section)
        case "file":
            inputs, targets = _columns(section)
            form = TableFormat(
                section.separator,
                section.decimal or ".",
                section.header is not False,
                section.skip or 0,
                section.encoding or "utf-8",
                section.missing == "skip",
            )
            with _file(section, "file", folder) as path:
                return read_csv(path, inputs, targets, form, may_be_labels=may_be_labels)
        case "dataset":
            options = section.options
            samples, noise = (options.samples, options.noise) if options else (None, None)
            return make_dataset(section.dataset or "", samples, noise, rng)
        case "images":
            return _pictures(section, folder)
    assert section.generate is not None
    return _generate(section.generate, rng)


def of_classes(raw: RawData, classes: Sequence[str]) -> RawData:
    """Return the samples of `classes`, numbered in this order; leave out other classes. Raises RefusedError."""
    if raw.labels is None:
        raise RefusedError("found classes, but the targets are numbers", "labels in words", ("classes",))
    for position, name in enumerate(classes):
        if name not in raw.class_names:
            raise RefusedError(found(name), one_of(raw.class_names, name), ("classes", position))
        if name in classes[:position]:
            raise RefusedError(f"found {shown(name)} twice", "every class once", ("classes", position))
    number = {raw.class_names.index(name): position for position, name in enumerate(classes)}
    kept: NDArray[np.bool_] = np.isin(raw.labels, list(number))
    left_out = int((~kept).sum())
    notes = (*raw.notes, f"{counted(left_out, 'sample')} of other classes left out") if left_out else raw.notes
    order = np.array([number.get(label, 0) for label in range(len(raw.class_names))], dtype=np.intp)
    labels = order[np.compress(kept, raw.labels)]
    return replace(raw, inputs=raw.inputs[kept], labels=labels, class_names=tuple(classes), notes=notes)


def of_labels(raw: RawData, labels: Sequence[float | str]) -> RawData:
    """Return the samples with `labels` numbered in this order. Raises RefusedError for a number that is neither."""
    names = [name if isinstance(name, str) else f"{name:g}" for name in labels]
    if raw.targets is None:
        return of_classes(raw, names)
    wrong = raw.targets[~np.isin(raw.targets, [label for label in labels if isinstance(label, float)])]
    if len(wrong):
        allowed = f"{names[0]} or {names[1]}, the labels of the perceptron"
        raise RefusedError(f"found {wrong[0]:g} as a target", allowed, ("targets",))
    if raw.targets.shape[1] > 1:
        return raw
    return replace(raw, targets=None, labels=(raw.targets[:, 0] == labels[1]).astype(np.intp), class_names=tuple(names))


def as_targets(raw: RawData, units: int | None) -> tuple[Vector, tuple[str, ...]]:
    """Return targets (samples, outputs) for an output layer of `units`, and the names of their classes, if any.

    As many classes as units (two or more): one-hot rows. Two classes for one unit: 0 and 1.
    Numbers stay as they are, except whole numbers in a single column with as many different values as units: classes.
    units None: unknown, so nothing is refused. Raises RefusedError if the classes do not fit.
    """
    labels, names = raw.labels, raw.class_names
    if labels is None:
        assert raw.targets is not None
        if units is None or units < 2 or raw.targets.shape[1] != 1:
            return raw.targets, ()
        values, labels = np.unique(raw.targets[:, 0], return_inverse=True)
        if len(values) != units or (values != np.round(values)).any():
            return raw.targets, ()
        names = tuple(f"{value:g}" for value in values)
    if units is not None and units >= 2 and len(names) == units:
        return np.eye(units)[labels], names
    if units is None or (units == 1 and len(names) <= 2):
        return labels[:, np.newaxis].astype(np.float64), names
    what = f"{counted(len(names), 'class', 'classes')} of samples, but {counted(units, 'output')}"
    allowed = f"an output layer of {counted(max(len(names), 1), 'unit')}"
    if units == 1:
        two = ", ".join(f'"{name}"' for name in names[:2])
        allowed = f"two classes, which data.classes picks, such as [{two}]; a network tells all apart with {allowed}"
    raise RefusedError(what, allowed)


@contextmanager
def _file(section: DataSection, key: str, folder: FilePath | None) -> Iterator[FilePath]:
    """Provide the path of the file that `key` names; a RefusedError raised in the block then names the file."""
    name = getattr(section, key)
    path = inside(folder, name, (key,))
    try:
        yield path
    except RefusedError as refused:
        raise RefusedError(f"{shown(name)} {refused.what}", refused.hint, (key,)) from None


def _read_inline(section: DataSection) -> RawData:
    arrays, wrong = [], []
    for key in ("inputs", "targets"):
        rows = getattr(section, key)
        if isinstance(rows[0], int):
            allowed = "samples × inputs, a list of rows; or with file the names of columns"
            wrong.append(RefusedError(found(rows), allowed, (key,)))
        elif isinstance(rows[0], str):
            wrong.append(RefusedError("found names of columns without a file", "numbers, or a file too", (key,)))
        else:
            arrays.append(np.array(rows, dtype=np.float64))
    refuse_all(wrong)
    inputs, targets = arrays
    if len(inputs) != len(targets):
        what, allowed = f"found {counted(len(targets), 'target')}", f"{counted(len(inputs), 'sample')} of inputs"
        raise RefusedError(what, allowed, ("targets",))
    return RawData(inputs, targets)


def _columns(section: DataSection) -> list[Sequence[str | int]]:
    """Return the columns of inputs and of targets: names, or numbers if the file has no header."""
    kind = int if section.header is False else str
    allowed = "numbers of columns" if section.header is False else "names of columns"
    columns: list[Sequence[str | int]] = []
    wrong = []
    for key in ("inputs", "targets"):
        value = getattr(section, key)
        if key == "targets" and all(isinstance(row, tuple) and len(row) == 1 and row[0].is_integer() for row in value):
            value = tuple(int(row[0]) for row in value)  # a plain list holds column numbers here, not targets
        columns.append([each for each in value if isinstance(each, kind)])
        if len(columns[-1]) != len(value) and kind is str:
            hint = f"{allowed}; of a file without a header, header = false and numbers"
            wrong.append(RefusedError("found numbers together with file", hint, (key,)))
        elif len(columns[-1]) != len(value):
            wrong.append(RefusedError("found names of columns without a header", f"{allowed}, from 1", (key,)))
        elif len(set(value)) != len(value):
            wrong.append(RefusedError("found a column twice", allowed, (key,)))
    refuse_all(wrong)
    return columns


def _pictures(section: DataSection, folder: FilePath | None) -> RawData:
    """Return pictures of unsigned bytes as inputs from 0 to 1; classes run from 0 to the highest label."""
    with _file(section, "images", folder) as path:
        images = read_images(path)
    with _file(section, "labels", folder) as path:
        labels = read_labels(path)
        if len(images) != len(labels):
            raise RefusedError(f"has {counted(len(labels), 'label')}", f"{counted(len(images), 'picture')} in images")
    classes = tuple(map(str, range(int(labels.max()) + 1)))
    inputs = images.reshape(len(images), -1) / 255.0
    return RawData(inputs, None, labels.astype(np.intp), classes, image_shape=(images.shape[1], images.shape[2]))


def _generate(section: GenerateSection, rng: np.random.Generator) -> RawData:
    path = ("generate", "target")
    target = read_expression(section.target, ("x",), path)
    check_work([section.target], section.samples, path)
    if isinstance(section.x, str):
        x = rng.standard_normal(section.samples)
    else:
        low, high = section.x
        x = np.asarray(low + (high - low) * rng.random(section.samples))
    inputs = x[:, np.newaxis]
    check_finite(inputs, ["x"], path)
    targets = columns_of((target,), inputs)
    if section.noise:
        targets = targets + section.noise * rng.standard_normal(targets.shape)
    check_finite(targets, [section.target], path)
    return RawData(inputs, targets, input_names=("x",))
