"""Free blocks between others are taken, so that what is made later lies together."""

import sys

import pytest

from gdsim.serve.holes import POOL, fill


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="another allocator")
def test_what_is_made_later_lies_in_few_pools():
    """Of a hundred objects a size, hardly any come to lie between those there were; without it nearly all do."""
    crowded = [[bytes(length) for _ in range(2000)] for length in range(15, 480, 16)]
    scattered = [blocks[::7] for blocks in crowded]
    del crowded
    kept = fill()
    pools = {id(each) // POOL for blocks in scattered for each in blocks}
    for length in range(15, 480, 16):
        made = [bytes(length) for _ in range(100)]
        assert sum(id(each) // POOL in pools for each in made) < 20, length
    del kept, made
    for length in range(15, 480, 16):
        made = [bytes(length) for _ in range(100)]
        assert sum(id(each) // POOL in pools for each in made) > 80, length
