"""Saturation and grey, as a matrix times each pixel: the text of ``csrc/ops/color_matrix.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined, kernel
from .point import to_pixel


@inlined
def mix(p: Array, at: Scalar, m: Array, row: int) -> Scalar:
    """A row of the matrix times a pixel."""
    red, green, blue = m.dtype.type(p[at]), m.dtype.type(p[at + 1]), m.dtype.type(p[at + 2])
    k = 4 * row
    return (m[k] * red + m[k + 1] * green) + (m[k + 2] * blue + m[k + 3])


@kernel
def color_matrix(
    images: Array,
    out: Array,
    matrices: Array,
    low: Scalar,
    high: Scalar,
    channels: int,
    length: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last); matrices and limits in the type of the arithmetic."""
    step = np.uint64(channels)
    for i in range(first, last):
        p, q, m = images[i], out[i], matrices[i]
        for x in range(begin * length, end * length):
            at = np.uint64(x) * step
            red, green, blue = mix(p, at, m, 0), mix(p, at, m, 1), mix(p, at, m, 2)
            q[at] = to_pixel(red, low, high, q)
            q[at + np.uint64(1)] = to_pixel(green, low, high, q)
            q[at + np.uint64(2)] = to_pixel(blue, low, high, q)
            if channels == 4:
                q[at + np.uint64(3)] = p[at + np.uint64(3)]
