"""Correlation as a sum over taps: ``csrc/ops/correlate.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from . import parallel
from .footprint import map_border
from .jit import Scalar, inlined, kernel, shared
from .padding import pad_row
from .point import to_pixel
from .rounding import FLOAT32, FLOAT64, constant_pixel


@shared
def add_product(sums: Array, weight: Scalar, row: Array) -> None:
    """Adds a row times a weight."""
    for i in range(len(sums)):
        sums[i] += weight * row[i]


@shared
def set_product(sums: Array, weight: Scalar, row: Array) -> None:
    """Starts the sums with one."""
    for i in range(len(sums)):
        sums[i] = weight * row[i]


@inlined
def as_numbers(a: Array, to: Array) -> None:
    """Pixels in the type of the sums."""
    real = to.dtype.type
    for i in range(len(to)):
        to[i] = real(a[i])


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
    black: Scalar,
    white: Scalar,
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
    outside = weights.dtype.type(beyond[0])
    sums = np.empty(length, weights.dtype)
    for i in range(first, last):
        source, to = images[i], out[i]
        start, stop = spans[i, 0], spans[i, 0] + spans[i, 1]
        top = bottom = left = right = 0
        for t in range(start, stop):
            top, bottom = min(top, offsets[t, 0]), max(bottom, offsets[t, 0])
            left, right = min(left, offsets[t, 1]), max(right, offsets[t, 1])
        # The rows around one, with their borders; the next takes the place of the first.
        high, padded = bottom - top + 1, length + (right - left) * channels
        rows = np.empty((high, padded), weights.dtype)
        across = np.empty(width + right - left, np.int64)
        for x in range(len(across)):
            across[x] = map_border(left + x, width, border)
        for y in range(begin + top, end + bottom):
            row = rows[(y - top) % high]
            at = map_border(y, height, border)
            if at < 0:
                row[:] = outside
            else:
                middle = row[-left * channels : -left * channels + length]
                as_numbers(source[at * length : (at + 1) * length], middle)
                pad_row(row, across, -left, width, channels, outside)
            ready = y - bottom
            if ready < begin:
                continue
            sums[:] = 0
            for t in range(start, stop):
                shift = (offsets[t, 1] - left) * channels
                row = rows[(ready + offsets[t, 0] - top) % high, shift : shift + length]
                if t == start:
                    set_product(sums, weights[t], row)
                else:
                    add_product(sums, weights[t], row)
            store_sums(sums, black, white, to[ready * length : (ready + 1) * length])


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
