"""Sharpening: the text of ``csrc/ops/sharpen.hpp``."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from . import parallel
from .jit import Scalar, inlined, kernel
from .point import to_pixel


@inlined
def own_pixels(p: Array, q: Array, low: Scalar, high: Scalar) -> None:
    """Pixels on the edge, which stay as they are but for the limits."""
    real = type(low)
    for k in range(len(q)):
        q[k] = to_pixel(real(p[k]), low, high, q)


@inlined
def add_columns(above: Array, p: Array, below: Array, sums: Array) -> None:
    """The sums of three pixels that stand above each other."""
    real = sums.dtype.type
    for k in range(len(sums)):
        sums[k] = (real(above[k]) + real(p[k])) + real(below[k])


@inlined
def sharpened(
    p: Array,
    left: Array,
    middle: Array,
    right: Array,
    own: Scalar,
    around: Scalar,
    low: Scalar,
    high: Scalar,
    q: Array,
) -> None:
    """Pixels from themselves and from the sums of the columns beside them."""
    real = type(low)
    four = real(4)
    for k in range(len(q)):
        v = real(p[k])
        total = ((left[k] + middle[k]) + right[k]) + four * v
        q[k] = to_pixel(own * v + around * total, low, high, q)


@kernel
def sharpen_rows(
    images: Array,
    out: Array,
    shares: Array,
    low: Scalar,
    high: Scalar,
    alpha: bool,
    height: int,
    width: int,
    channels: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last); shares in the type of the arithmetic."""
    length = width * channels
    inner = length - 2 * channels
    sums = np.empty(length, shares.dtype)
    for i in range(first, last):
        for y in range(begin, end):
            p = images[i, y * length : (y + 1) * length]
            q = out[i, y * length : (y + 1) * length]
            if y == 0 or y == height - 1 or inner < 1:
                own_pixels(p, q, low, high)
            else:
                above = images[i, (y - 1) * length : y * length]
                add_columns(above, p, images[i, (y + 1) * length : (y + 2) * length], sums)
                own_pixels(p[:channels], q[:channels], low, high)
                own_pixels(p[length - channels :], q[length - channels :], low, high)
                left, right = sums[:inner], sums[2 * channels :]
                middle, inside = sums[channels : length - channels], p[channels:]
                target = q[channels : length - channels]
                own, around = shares[i, 0], shares[i, 1]
                sharpened(inside, left, middle, right, own, around, low, high, target)
            if alpha:
                for k in range(3, length, 4):
                    q[np.uint64(k)] = p[np.uint64(k)]


def sharpen(
    images: Array, out: Array, factor: Array, limits: tuple[Any, Any], keeps_alpha: bool
) -> None:
    """The op, from black and white in the type of the arithmetic."""
    with np.errstate(over="ignore", under="ignore"):
        shares = np.stack([factor, (1.0 - factor) / 13.0], axis=1).astype(limits[0].dtype)
    alpha = bool(keeps_alpha) and images.shape[3] == 4
    parallel.run(sharpen_rows, images, out, (shares,), (*limits, alpha, *images.shape[1:]))
