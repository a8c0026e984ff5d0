"""Samples as they come from a source, before features, scaling and the split."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path as FilePath

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.parameters import Vector
from gdsim.scenario.data.dataset import RawData, check_finite, check_work, columns_of, read_expression
from gdsim.scenario.data.datasets import make_dataset
from gdsim.scenario.data.idx import read_images, read_labels
from gdsim.scenario.data.tables import TableFormat, read_csv
from gdsim.scenario.files import inside
from gdsim.scenario.mistakes import Path, RefusedError, Report, counted, found, shown
from gdsim.scenario.schema_model import DataSection, GenerateSection


def as_targets(raw: RawData, units: int | None) -> tuple[Vector, tuple[str, ...]]:
    """Return targets (samples, outputs) for an output layer of `units`, and the class names where they are classes.

    As many classes as units (two or more): one-hot rows. Two classes for one unit: 0 and 1.
    Numbers stay as they are, except whole ones in a single column with as many different values as there are units.
    units None: not known, so nothing is refused. Raises RefusedError when the classes do not fit.
    """
    labels, names = raw.labels, raw.class_names
    if labels is None:
        assert raw.targets is not None
        if units is None or units < 2 or raw.targets.shape[1] != 1:
            return raw.targets, ()
        column = raw.targets[:, 0]
        values, labels = np.unique(column, return_inverse=True)
        if len(values) != units or (values != np.round(values)).any():
            return raw.targets, ()
        names = tuple(f"{value:g}" for value in values)
    if units is not None and units >= 2 and len(names) == units:
        return np.eye(units)[labels], names
    if units is None or (units == 1 and len(names) <= 2):
        return labels[:, np.newaxis].astype(np.float64), names
    raise RefusedError(
        f"{counted(len(names), 'class', 'classes')} of samples, but {counted(units, 'output')}",
        f"an output layer of {counted(max(len(names), 1), 'unit')}",
    )


DATA_STREAM = 1
"""Keeps making data apart from the other random choices made with the same seed."""

_AT: Path = ("data",)

_OF_FILES = ("separator", "decimal", "header", "skip", "encoding", "missing")

SOURCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "file": (("file", "inputs", "targets"), _OF_FILES),
    "dataset": (("dataset",), ("options",)),
    "images": (("images", "labels"), ()),
    "generate": (("generate",), ()),
    "inputs": (("inputs", "targets"), ()),
}
"""Keys each source of samples needs, and those it may have besides."""

_SOURCE_KEYS = ("inputs", "targets", "file", "dataset", "options", "images", "labels", "generate", *_OF_FILES)


def source_of(section: DataSection, report: Report) -> str | None:
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


def read_source(
    source: str,
    section: DataSection,
    folder: FilePath | None,
    seed: int,
    report: Report,
    *,
    may_be_labels: bool = True,
) -> RawData | None:
    """Return the samples as `source` has them, or None when something is wrong, which is noted in `report`."""
    rng = np.random.default_rng([seed, DATA_STREAM])
    key = source
    try:
        match source:
            case "inputs":
                return _read_inline(section, report)
            case "file":
                return _read_file(section, folder, report, may_be_labels)
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
    except RefusedError as refused:
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
        if isinstance(rows[0], int):
            report.add((*_AT, key), found(rows), "samples × inputs, a list of rows; or with file the names of columns")
        elif isinstance(rows[0], str):
            report.add((*_AT, key), "found names of columns without a file", "numbers, or file beside them")
        else:
            arrays.append(np.array(rows, dtype=np.float64))
    if len(arrays) != 2:
        return None
    inputs, targets = arrays
    if len(inputs) != len(targets):
        report.add(
            (*_AT, "targets"), f"found {counted(len(targets), 'target')}", f"{counted(len(inputs), 'sample')} of inputs"
        )
        return None
    return RawData(inputs, targets)


def _read_file(section: DataSection, folder: FilePath | None, report: Report, may_be_labels: bool) -> RawData | None:
    has_header = section.header is not False
    columns = [_columns_of(key, section, has_header, report) for key in ("inputs", "targets")]
    if None in columns:
        return None
    try:
        path = inside(folder, section.file or "")
    except RefusedError as refused:
        report.refuse((*_AT, "file"), refused)
        return None
    form = TableFormat(
        section.separator,
        section.decimal or ".",
        has_header,
        section.skip or 0,
        section.encoding or "utf-8",
        section.missing == "skip",
    )
    try:
        return read_csv(path, columns[0] or (), columns[1] or (), form, may_be_labels=may_be_labels)
    except RefusedError as refused:
        report.add((*_AT, "file"), f"{shown(section.file)} {refused.what}", refused.hint)
        return None


def _columns_of(key: str, section: DataSection, has_header: bool, report: Report) -> Sequence[str | int] | None:
    """Return the names of columns that a key lists, or their numbers where the file has no header; None for neither."""
    value = getattr(section, key)
    if key == "targets" and all(isinstance(row, tuple) and len(row) == 1 and row[0].is_integer() for row in value):
        value = tuple(int(row[0]) for row in value)  # as numbers of columns, a plain list is no list of targets
    listed = [each for each in value if isinstance(each, str if has_header else int)]
    if len(listed) != len(value):
        allowed = "names of columns; of a file without a header, header = false and numbers"
        what = "numbers beside file" if has_header else "names of columns without a header"
        report.add((*_AT, key), f"found {what}", allowed if has_header else "numbers of columns, from 1")
    elif len(set(listed)) != len(listed):
        report.add((*_AT, key), "found a column twice", "names of columns" if has_header else "numbers of columns")
    else:
        return listed
    return None


def _pictures(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> RawData:
    """Pictures of unsigned bytes as inputs from 0 to 1; classes are 0 to the highest label."""
    if len(images) != len(labels):
        raise RefusedError(f"has {counted(len(labels), 'label')}", f"{counted(len(images), 'picture')} in images")
    inputs = images.reshape(len(images), -1) / 255.0
    classes = tuple(map(str, range(int(labels.max()) + 1)))
    return RawData(inputs, None, labels.astype(np.intp), classes, image_shape=(images.shape[1], images.shape[2]))


def _generate(section: GenerateSection, rng: np.random.Generator, report: Report) -> RawData | None:
    path: Path = (*_AT, "generate", "target")
    target = read_expression(section.target, ("x",), report, path)
    if target is None:
        return None
    try:
        check_work([section.target], section.samples)
        x = rng.standard_normal(section.samples) if section.x == "normal" else _between(section.x, section.samples, rng)
        inputs = x[:, np.newaxis]
        check_finite(inputs, ["x"])
        targets = columns_of((target,), inputs)
        if section.noise:
            targets = targets + section.noise * rng.standard_normal(targets.shape)
        check_finite(targets, [section.target])
    except RefusedError as refused:
        report.refuse(path, refused)
        return None
    return RawData(inputs, targets, input_names=("x",))


def _between(ends: object, samples: int, rng: np.random.Generator) -> Vector:
    assert isinstance(ends, tuple)
    low, high = ends
    return np.asarray(low + (high - low) * rng.random(samples))
