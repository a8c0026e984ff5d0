"""Room for what a learner's process makes: in pages of its own, not between what it shares with all others.

CPython puts a small object into the first free block of its size. In a process that has loaded and drawn a lot such
blocks lie all over its memory, and each that is taken after a fork copies the page it lies on. Where they have been
taken beforehand, new objects come to lie together.
"""

from __future__ import annotations

import sys

POOL = 1 << 14
"""Bytes of a pool: what CPython's allocator cuts into blocks of one size (Objects/obmalloc.c)."""

_HEADER = 48
_SIZES = range(48, 513, 16)
_MOST = 1 << 20
"""Bytes taken of one size at the most, where pools are none of CPython's."""

_OVERHEAD = sys.getsizeof(b"")


def fill() -> list[bytes]:
    """Take the free blocks between others in use; they are free again when what is returned is forgotten."""
    return [block for size in _SIZES for block in _between_others(size)]


def _between_others(size: int) -> list[bytes]:
    """Return blocks for all the room there is in pools in use; the first pool with nothing else in it is the end."""
    blocks: list[bytes] = []
    taken: dict[int, int] = {}
    whole = (POOL - _HEADER) // size
    while size * len(blocks) < _MOST:
        block = bytes(size - _OVERHEAD)
        blocks.append(block)
        pool = id(block) // POOL
        taken[pool] = taken.get(pool, 0) + 1
        if taken[pool] == whole:
            break
    return [block for block in blocks if taken[id(block) // POOL] < whole]
