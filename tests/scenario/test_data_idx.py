"""IDX files, by their bytes: two pictures of 2 × 3 pixels."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from scenario_texts import HEAD, UPDATE

from gdsim.errors import ScenarioError
from gdsim.scenario.data.idx import read_images, read_labels
from gdsim.scenario.load import load_file
from gdsim.scenario.mistakes import RefusedError

IMAGES = bytes.fromhex("00000803 00000002 00000002 00000003 000102030405 fffefdfcfbfa")
LABELS = bytes.fromhex("00000801 00000002 0103")
NETWORK = '[network]\nloss = "mse"\n[[network.layers]]\nunits = 4\nactivation = "sigmoid"\ninit = { method = "he" }\n'
SCENARIO = HEAD + UPDATE + NETWORK + '[data]\nimages = "images.gz"\nlabels = "labels"\n'


@pytest.fixture
def idx_file(tmp_path: Path) -> Path:
    return tmp_path / "images"


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(RefusedError) as caught:
        read_images(path)
    return f"{caught.value.what}; {caught.value.hint}"


def test_reads_known_bytes(idx_file: Path) -> None:
    """Header, order of pixels and values are those of the format, plain and gzip alike."""
    for content in (IMAGES, gzip.compress(IMAGES)):
        idx_file.write_bytes(content)
        assert read_images(idx_file).tolist() == [[[0, 1, 2], [3, 4, 5]], [[255, 254, 253], [252, 251, 250]]]
    idx_file.write_bytes(LABELS)
    assert read_labels(idx_file).tolist() == [1, 3]


def test_refuses_other_bytes(idx_file: Path) -> None:
    """A wrong beginning, a header that ends early, sizes beyond the limits, missing and spare bytes are reported."""
    begins = "an IDX file of unsigned bytes in 3 dimensions begins 00 00 08 03"
    assert refusal(idx_file, b"") == f"begins with nothing; {begins}"
    assert refusal(idx_file, LABELS) == f"holds labels: it begins 00 00 08 01; {begins}"
    assert refusal(idx_file, b"\n<html>").startswith(
        "is an HTML page, not a data file; download the file through the page's download link: it begins 0a 3c"
    )
    twice = gzip.compress(gzip.compress(IMAGES))
    assert refusal(idx_file, twice).startswith("is a gzip file in a gzip file: what is in it begins 1f 8b")
    assert refusal(idx_file, b"\0\0\x0d\x03").startswith("holds floating-point numbers, not bytes: it begins 00 00 0d")
    assert refusal(idx_file, b"PK\x03\x04") == f"begins 50 4b 03 04; {begins}"
    assert refusal(idx_file, IMAGES[:9]) == "ends inside its header; 3 sizes of four bytes"
    assert refusal(idx_file, IMAGES[:-1]) == "has 11 bytes of data; its header promises 12"
    assert refusal(idx_file, IMAGES + b"!") == "has more bytes of data; its header promises 12"
    assert refusal(idx_file, gzip.compress(IMAGES)[:-9]) == "is a damaged gzip file; an IDX file, plain or gzip"
    assert refusal(idx_file, b"\x1f\x8b junk") == "is a damaged gzip file; an IDX file, plain or gzip"


def test_looks_at_the_header_before_it_takes_memory(idx_file: Path) -> None:
    """A header that promises terabytes is refused from the header alone."""
    huge = bytes.fromhex("00000803 ffffffff ffffffff ffffffff")
    assert refusal(idx_file, huge) == "has 4294967295 samples in its header; 1 to 1000000"
    many = bytes.fromhex("00000803 000f4240 00000040 00000040")
    assert refusal(idx_file, gzip.compress(many)) == "has 4096000000 pixels in its header; at most 50000000"
    wide = bytes.fromhex("00000803 00000001 00001000 00001000")
    assert refusal(idx_file, wide) == "has pictures of 16777216 pixels; at most 4096"
    none = bytes.fromhex("00000803 00000000 00000001 00000001")
    assert refusal(idx_file, none) == "has 0 samples in its header; 1 to 1000000"


def test_never_unpacks_more_than_the_header_promises(idx_file: Path) -> None:
    """A gzip file that unpacks to far more than its header says is refused after one byte too many."""
    assert refusal(idx_file, gzip.compress(IMAGES + bytes(9_000_000), 1)) == (
        "has more bytes of data; its header promises 12"
    )


def test_pictures_become_samples_from_0_to_1_with_one_hot_targets(tmp_path: Path) -> None:
    """255 is 1; the classes are 0 to the highest label, one output unit each."""
    (tmp_path / "images.gz").write_bytes(gzip.compress(IMAGES))
    (tmp_path / "labels").write_bytes(LABELS)
    (tmp_path / "s.toml").write_text(SCENARIO)
    dataset = load_file(tmp_path / "s.toml").dataset
    assert dataset is not None
    assert dataset.inputs[0].tolist() == [0.0, 1 / 255, 2 / 255, 3 / 255, 4 / 255, 5 / 255]
    assert dataset.targets.tolist() == [[0, 1, 0, 0], [0, 0, 0, 1]]
    assert (dataset.class_names, dataset.image_shape) == (("0", "1", "2", "3"), (2, 3))


def test_needs_a_label_for_every_picture(tmp_path: Path) -> None:
    """Pictures and labels of different number are reported at the labels."""
    (tmp_path / "images.gz").write_bytes(IMAGES)
    (tmp_path / "labels").write_bytes(bytes.fromhex("00000801 00000001 01"))
    (tmp_path / "s.toml").write_text(SCENARIO)
    with pytest.raises(ScenarioError, match=r'data\.labels: "labels" has 1 label; 2 pictures in images'):
        load_file(tmp_path / "s.toml")
