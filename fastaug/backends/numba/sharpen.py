"""Sharpening: the text of ``csrc/ops/sharpen.hpp``."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from . import parallel
from .jit import Scalar, inlined, kernel
from .point import to_pixel


@inlined
def column(p: Array, at: int, length: int, like: Array) -> Scalar:
    """The sum of three pixels that stand above each other."""
    real = like.dtype.type
    return (real(p[at - length]) + real(p[at])) + real(p[at + length])


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
    real = shares.dtype.type
    four = real(4)
    for i in range(first, last):
        p, q = images[i], out[i]
        own, around = shares[i, 0], shares[i, 1]
        for y in range(begin, end):
            inside = 0 < y < height - 1 and width > 2
            for k in range(length):
                at = y * length + k
                v = real(p[at])
                if alpha and k % 4 == 3:
                    q[at] = p[at]
                elif inside and channels <= k < length - channels:
                    left = column(p, at - channels, length, shares)
                    middle = column(p, at, length, shares)
                    right = column(p, at + channels, length, shares)
                    total = ((left + middle) + right) + four * v
                    q[at] = to_pixel(own * v + around * total, low, high, q)
                else:
                    q[at] = to_pixel(v, low, high, q)


def sharpen(
    images: Array, out: Array, factor: Array, limits: tuple[Any, Any], keeps_alpha: bool
) -> None:
    """The op, from black and white in the type of the arithmetic."""
    with np.errstate(over="ignore", under="ignore"):
        shares = np.stack([factor, (1.0 - factor) / 13.0], axis=1).astype(limits[0].dtype)
    alpha = bool(keeps_alpha) and images.shape[3] == 4
    parallel.run(sharpen_rows, images, out, (shares,), (*limits, alpha, *images.shape[1:]))
