"""Correlation as a sum over taps: ``csrc/ops/correlate.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from . import parallel
from .footprint import map_border
from .jit import Scalar, kernel, shared
from .point import to_pixel
from .rounding import FLOAT32, FLOAT64, constant_pixel


@shared
def add_product(sums: Array, weight: Scalar, row: Array) -> None:
    """Adds a row times a weight."""
    real = sums.dtype.type
    for i in range(len(sums)):
        sums[i] += weight * real(row[i])


@shared
def set_product(sums: Array, weight: Scalar, row: Array) -> None:
    """Starts the sums with one."""
    real = sums.dtype.type
    for i in range(len(sums)):
        sums[i] = weight * real(row[i])


@shared
def store_sums(sums: Array, low: Scalar, high: Scalar, out: Array) -> None:
    """Sums as pixels; floats are not clipped."""
    for i in range(len(out)):
        if out.dtype == FLOAT32 or out.dtype == FLOAT64:
            out[i] = sums[i]
        else:
            out[i] = to_pixel(sums[i], low, high, out)


@kernel
def correlate_rows(
    images: Array,
    out: Array,
    spans: Array,
    offsets: Array,
    weights: Array,
    border: int,
    cval: float,
    low: Scalar,
    high: Scalar,
    height: int,
    width: int,
    channels: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last)."""
    length = width * channels
    beyond = np.empty(1, images.dtype)
    beyond[0] = constant_pixel(cval, images)
    sums, row = np.empty(length, weights.dtype), np.empty(length, images.dtype)
    for i in range(first, last):
        source, to = images[i], out[i]
        start, count = spans[i, 0], spans[i, 1]
        for y in range(begin, end):
            sums[:] = 0
            for t in range(start, start + count):
                at = map_border(y + offsets[t, 0], height, border)
                shift = offsets[t, 1]
                for x in range(width):
                    inside = 0 <= x + shift < width
                    from_x = x + shift if inside else map_border(x + shift, width, border)
                    for c in range(channels):
                        if at < 0 or from_x < 0:
                            row[x * channels + c] = beyond[0]
                        else:
                            row[x * channels + c] = source[at * length + from_x * channels + c]
                if t == start:
                    set_product(sums, weights[t], row)
                else:
                    add_product(sums, weights[t], row)
            store_sums(sums, low, high, to[y * length : (y + 1) * length])


def correlate(
    images: Array,
    out: Array,
    offsets: Array,
    weights: Array,
    spans: Array,
    border: int,
    cval: float,
) -> None:
    """The op, from the taps of every image."""
    integer = images.dtype.kind == "u"
    limits = np.array([0, np.iinfo(images.dtype).max if integer else 0], weights.dtype)
    rest = (offsets, weights, border, float(cval), limits[0], limits[1], *images.shape[1:])
    parallel.run(correlate_rows, images, out, (spans,), rest)
