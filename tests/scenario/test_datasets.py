"""The bundled data sets, by what is known of them elsewhere."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from gdsim.scenario.data.datasets import DATASETS, make_dataset
from gdsim.scenario.data.idx import read_images, read_labels
from gdsim.scenario.library import folder


def random() -> np.random.Generator:
    return np.random.default_rng([0, 1])


def test_digits_are_the_optical_digits_of_uci() -> None:
    """1797 pictures; so many of each digit as the repository's description of the test part says."""
    raw = make_dataset("digits", None, None, random())
    assert raw.labels is not None
    assert raw.inputs.shape == (1797, 784)
    assert np.bincount(raw.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert raw.class_names == tuple("0123456789")
    assert raw.image_shape == (28, 28)


def test_the_first_digit_is_the_first_line_of_the_published_file() -> None:
    """The first picture, a 0, as printed in scikit-learn's documentation of the data set."""
    data = folder() / "data"
    assert read_images(data / "digits-images.idx3-ubyte.gz")[0].tolist() == [
        [0, 0, 5, 13, 9, 1, 0, 0],
        [0, 0, 13, 15, 10, 15, 5, 0],
        [0, 3, 15, 2, 0, 11, 8, 0],
        [0, 4, 12, 0, 0, 8, 8, 0],
        [0, 5, 8, 0, 0, 9, 8, 0],
        [0, 4, 11, 0, 1, 12, 7, 0],
        [0, 2, 14, 5, 10, 12, 0, 0],
        [0, 0, 6, 13, 10, 0, 0, 0],
    ]
    assert read_labels(data / "digits-labels.idx1-ubyte.gz")[:10].tolist() == list(range(10))


def test_every_pixel_of_a_digit_becomes_a_block_of_nine() -> None:
    """28 = 8·3 + 4: two rows and columns of zeros go round blocks of 3 × 3, and 16 becomes 1."""
    small = read_images(folder() / "data" / "digits-images.idx3-ubyte.gz")
    pictures = make_dataset("digits", 1797, None, random()).inputs.reshape(1797, 28, 28)
    inner = pictures[:, 2:26, 2:26]
    assert pictures.sum() == inner.sum() == small.sum(dtype=np.int64) * 9 / 16
    for row in range(3):
        for column in range(3):
            assert np.array_equal(inner[:, row::3, column::3] * 16, small)


def test_the_bundled_files_say_nothing_of_who_packed_them() -> None:
    """The packed files hold neither a name nor a time, so packing them again gives the same bytes."""
    for path in (folder() / "data").glob("*.gz"):
        assert path.read_bytes()[3:8] == bytes(5)
        assert gzip.decompress(path.read_bytes())


@pytest.mark.parametrize(("name", "outputs"), [("xor", [0, 1, 1, 0]), ("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1])])
def test_truth_tables(name: str, outputs: list[int]) -> None:
    """Four samples, the table's lines in the order 00, 01, 10, 11."""
    raw = make_dataset(name, None, None, random())
    assert raw.labels is not None
    assert raw.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert raw.labels.tolist() == outputs


def test_moons_lie_on_two_half_circles() -> None:
    """Without noise every point of class 0 lies on the unit circle's upper half, of class 1 on the other's lower."""
    raw = make_dataset("moons", 51, 0.0, random())
    assert raw.labels is not None
    first, second = raw.inputs[raw.labels == 0], raw.inputs[raw.labels == 1]
    assert (len(first), len(second)) == (26, 25)
    assert np.allclose(np.hypot(*first.T), 1.0)
    assert (first[:, 1] >= 0).all()
    assert np.allclose(np.hypot(second[:, 0] - 1.0, second[:, 1] - 0.5), 1.0)
    assert (second[:, 1] <= 0.5).all()


def test_circles_lie_inside_one_another() -> None:
    """Without noise class 0 has radius 1 and class 1 radius ½."""
    raw = make_dataset("circles", 40, 0.0, random())
    assert raw.labels is not None
    assert np.allclose(np.hypot(*raw.inputs.T), np.where(raw.labels == 0, 1.0, 0.5))


def test_spiral_arms_are_half_a_turn_apart() -> None:
    """Without noise the second arm is the first, turned by π."""
    raw = make_dataset("spiral", 40, 0.0, random())
    assert np.allclose(raw.inputs[20:], -raw.inputs[:20])
    assert np.hypot(*raw.inputs.T).max() < 1.0


@pytest.mark.parametrize("name", sorted(set(DATASETS) - {"digits"}))
def test_the_seed_decides_the_noise(name: str) -> None:
    """The same seed gives the same samples, another seed others."""
    once, again = (make_dataset(name, 20, 0.5, np.random.default_rng([7, 1])) for _ in range(2))
    other = make_dataset(name, 20, 0.5, np.random.default_rng([8, 1]))
    assert np.array_equal(once.inputs, again.inputs)
    assert not np.array_equal(once.inputs, other.inputs)


def test_the_digits_carry_their_licence() -> None:
    """The licence note goes wherever the data goes."""
    assert "CC BY 4.0" in (folder() / "data" / "digits.LICENSE.md").read_text()
