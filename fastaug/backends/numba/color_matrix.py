"""Saturation and grey, as a matrix times each pixel: the text of ``csrc/ops/color_matrix.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined, kernel
from .point import to_pixel


@inlined
def mix(
    red: Scalar, green: Scalar, blue: Scalar, m: tuple[Scalar, Scalar, Scalar, Scalar]
) -> Scalar:
    """A row of the matrix times a pixel."""
    return (m[0] * red + m[1] * green) + (m[2] * blue + m[3])


@inlined
def mix_pixels(p: Array, q: Array, m: Array, low: Scalar, high: Scalar, channels: int) -> None:
    """All pixels times the matrix; a fourth channel stays as it is."""
    real = type(low)
    # Read once: for all the compiler knows, a pixel that is stored changes them.
    first, second = (m[0], m[1], m[2], m[3]), (m[4], m[5], m[6], m[7])
    third = (m[8], m[9], m[10], m[11])
    for x in range(len(q) // channels):
        at = np.uint64(x * channels)
        a, b = np.uint64(x * channels + 1), np.uint64(x * channels + 2)
        red, green, blue = real(p[at]), real(p[a]), real(p[b])
        q[at] = to_pixel(mix(red, green, blue, first), low, high, q)
        q[a] = to_pixel(mix(red, green, blue, second), low, high, q)
        q[b] = to_pixel(mix(red, green, blue, third), low, high, q)
        if channels == 4:
            q[np.uint64(x * channels + 3)] = p[np.uint64(x * channels + 3)]


@kernel
def color_matrix(
    images: Array,
    out: Array,
    matrices: Array,
    low: Scalar,
    high: Scalar,
    channels: int,
    width: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last); matrices and limits in the type of the arithmetic."""
    length = width * channels
    for i in range(first, last):
        p, q = images[i, begin * length : end * length], out[i, begin * length : end * length]
        if channels == 3:
            mix_pixels(p, q, matrices[i], low, high, 3)
        else:
            mix_pixels(p, q, matrices[i], low, high, 4)
