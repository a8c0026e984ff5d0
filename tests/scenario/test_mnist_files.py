"""MNIST's own files under the digits scenario: IDX pictures and labels, plain or gzip, beside the scenario file."""

import gzip
import struct

import numpy as np
import pytest

from gdsim.scenario import library
from gdsim.scenario.build import build
from gdsim.scenario.load import load_file
from gdsim.timeline.timeline import Timeline


def idx(array):
    """Return bytes of an IDX file as http://yann.lecun.com/exdb/mnist/ lays it out."""
    head = bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(np.uint8).tobytes()


def with_files(folder, packed):
    """Write the digits scenario with IDX files of its own, ten pictures of each digit; return its path."""
    rng = np.random.default_rng(3)
    labels = np.repeat(np.arange(10), 10)
    pictures = rng.integers(0, 60, (100, 28, 28))
    pictures[np.arange(100), 2 * labels + 3, 5:23] = 255  # the higher the digit, the lower its stroke
    ending, pack = (".gz", gzip.compress) if packed else ("", bytes)
    (folder / f"images-idx3-ubyte{ending}").write_bytes(pack(idx(pictures)))
    (folder / f"labels-idx1-ubyte{ending}").write_bytes(pack(idx(labels)))
    text = library.resolve("digits").read_text(encoding="utf-8").partition("[[expect]]")[0]
    source = f'images = "images-idx3-ubyte{ending}"\nlabels = "labels-idx1-ubyte{ending}"'
    assert 'dataset = "digits"' in text
    path = folder / "own-digits.toml"
    path.write_text(text.replace('dataset = "digits"', source), encoding="utf-8")
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_idx_files_take_the_place_of_the_bundled_digits(tmp_path, packed):
    """Pictures are 28 × 28, from 0 to 1; labels become ten classes; a fifth is held out; and the network learns."""
    one = load_file(with_files(tmp_path, packed))
    assert one.dataset is not None
    assert one.dataset.image_shape == (28, 28)
    assert one.dataset.inputs.shape == (80, 784)
    assert one.dataset.test_inputs.shape == (20, 784)
    assert (one.dataset.inputs.min(), one.dataset.inputs.max()) == (0.0, 1.0)
    assert one.dataset.class_names == tuple("0123456789")
    run = build(one)
    assert run.model.layout.size == 16330
    timeline = Timeline(run)
    timeline.reach(80 * run.batches.per_epoch)
    first, last = timeline.epochs(timeline.last)[0].score, timeline.epochs(timeline.last)[-1].score
    assert last.loss < first.loss / 2
    assert last.accuracy > 0.9
