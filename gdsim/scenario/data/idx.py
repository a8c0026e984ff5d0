"""IDX files, the format of MNIST: pictures and labels of unsigned bytes, plain or gzip.

Four bytes 0, 0, 8 (unsigned bytes), number of dimensions; then each dimension as a big-endian 32-bit number; then the
bytes, the last dimension varying fastest. http://yann.lecun.com/exdb/mnist/
"""

from __future__ import annotations

import gzip
import io
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from gdsim.scenario import limits
from gdsim.scenario.files import open_regular
from gdsim.scenario.mistakes import RefusedError

_UNSIGNED_BYTES = 8
_GZIP_MAGIC = b"\x1f\x8b"
_OTHER_NUMBERS = {
    b"\x09": "signed bytes",
    b"\x0b": "16-bit whole numbers",
    b"\x0c": "whole numbers",
    b"\x0d": "floating-point numbers",
    b"\x0e": "double-precision floating-point numbers",
}


def read_images(path: Path) -> NDArray[np.uint8]:
    """Return the pictures in an IDX file: (samples, rows, columns). Raises RefusedError."""
    return _read_idx(path, ("samples", "rows", "columns"))


def read_labels(path: Path) -> NDArray[np.uint8]:
    """Return the labels in an IDX file: (samples,). Raises RefusedError."""
    return _read_idx(path, ("samples",))


def _read_idx(path: Path, dimensions: tuple[str, ...]) -> NDArray[np.uint8]:
    with open_regular(path, limits.DATA_FILE_BYTES) as file:
        try:
            start = file.read(2)
            file.seek(0)
            stream = cast(BinaryIO, gzip.GzipFile(fileobj=file)) if start == _GZIP_MAGIC else file
            return _read_stream(stream, dimensions)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise RefusedError("is a damaged gzip file", "an IDX file, plain or gzip") from None
        except OSError as error:
            raise RefusedError(f"cannot be read: {error.strerror}") from None


def _read_stream(stream: BinaryIO | io.BufferedIOBase, dimensions: tuple[str, ...]) -> NDArray[np.uint8]:
    """Return the array in an IDX stream; allocate nothing before the header has been checked against the limits."""
    magic = stream.read(4)
    if magic != bytes((0, 0, _UNSIGNED_BYTES, len(dimensions))):
        hint = f"an IDX file of unsigned bytes in {len(dimensions)} dimensions begins 00 00 08 {len(dimensions):02x}"
        raise RefusedError(_what_begins(magic), hint)
    header = stream.read(4 * len(dimensions))
    if len(header) < 4 * len(dimensions):
        raise RefusedError("ends inside its header", f"{len(dimensions)} sizes of four bytes")
    shape = struct.unpack(f">{len(dimensions)}I", header)
    _check_sizes(shape, dimensions)
    size = math.prod(shape)
    content = stream.read(size + 1)
    if len(content) != size:
        has = "more" if len(content) > size else str(len(content))
        raise RefusedError(f"has {has} bytes of data", f"its header promises {size}")
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)


def _what_begins(magic: bytes) -> str:
    """Return what a file that is not the expected IDX file seems to be, judging by its first four bytes."""
    begins = f"begins {magic.hex(' ') or 'with nothing'}"
    if magic.lstrip()[:1] == b"<":
        return f"is an HTML page, not a data file; download the file through the page's download link: it {begins}"
    if magic[:2] == _GZIP_MAGIC:
        return f"is a gzip file in a gzip file: what is in it {begins}"
    if magic[:3] == bytes((0, 0, _UNSIGNED_BYTES)) and magic[3:] in {b"\1", b"\3"}:
        return f"holds {'labels' if magic[3] == 1 else 'pictures'}: it {begins}"
    if magic[:2] == b"\0\0" and magic[2:3] in _OTHER_NUMBERS:
        return f"holds {_OTHER_NUMBERS[magic[2:3]]}, not bytes: it {begins}"
    return begins


def _check_sizes(shape: tuple[int, ...], dimensions: tuple[str, ...]) -> None:
    for count, name in zip(shape, dimensions, strict=True):
        most = limits.SAMPLES if name == "samples" else limits.INPUTS
        if not 0 < count <= most:
            raise RefusedError(f"has {count} {name} in its header", f"1 to {most}")
    if math.prod(shape[1:]) > limits.INPUTS:
        raise RefusedError(f"has pictures of {math.prod(shape[1:])} pixels", f"at most {limits.INPUTS}")
    if math.prod(shape) > limits.DATA_NUMBERS:
        raise RefusedError(f"has {math.prod(shape)} pixels in its header", f"at most {limits.DATA_NUMBERS}")
