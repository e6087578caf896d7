"""Median blur: the key in the middle of a window, ``csrc/ops/median_blur.hpp``.

Windows of 3, 5 and 7 go through pairs put in order, others of bytes through a histogram that moves
along, and all else is asked bit by bit. Floats come as signed integers of their bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from . import parallel
from .copies import copy
from .erosion import to_keys
from .footprint import map_border
from .jit import Scalar, inlined, kernel, shared
from .median_networks import FIND_5, FIND_7, SORT_5, SORT_7, medians_by_pairs, medians_of_three
from .morphology import BITS, outside_of
from .padding import pad_row
from .rounding import UINT8

_INT32, _INT64 = np.dtype(np.int32), np.dtype(np.int64)
_MOST32, _MOST64 = np.int32(0x7FFFFFFF), np.int64(0x7FFFFFFFFFFFFFFF)


@inlined
def next_key(key: Scalar, mark: Scalar) -> Scalar:
    """With one bit more; the highest one turns the sign."""
    return type(key)(key + mark)


@shared
def select(rows: Array, size: int, step: int, found: Array, less: Array) -> None:
    """The key in the middle of each window, found bit by bit: how many keys are less?

    `found` holds the least key of the type, and then the result; `less` is room to count.
    """
    for bit in range(8 * found.itemsize - 1, -1, -1):
        mark = np.int64(1) << bit
        less[:] = 0
        for r in range(size):
            for x in range(size):
                keys = rows[r, x * step : x * step + len(found)]
                for k in range(len(found)):
                    below = keys[k] < next_key(found[k], mark)
                    less[k] = np.int32(less[k] + np.int32(below))
        for k in range(len(found)):
            if less[k] <= size * size // 2:
                found[k] = next_key(found[k], mark)


@shared
def least_under(rows: Array, size: int, step: int, least: Array) -> None:
    """The least key of each window."""
    copy(rows[0], least)
    for r in range(size):
        for x in range(size):
            keys = rows[r, x * step : x * step + len(least)]
            for k in range(len(least)):
                least[k] = min(least[k], keys[k])


@shared
def follow_histogram(
    rows: Array, size: int, width: int, channels: int, bins: Array, to: Array
) -> None:
    """Medians of bytes, from a histogram of the window that moves along (Huang, 1979)."""
    rank = size * size // 2
    for c in range(channels):
        bins[:] = 0
        for k in range(size):
            for x in range(size - 1):
                bins[rows[k, x * channels + c]] += 1
        median, less = 0, 0
        for x in range(width):
            for k in range(size):
                v = rows[k, np.uint64((x + size - 1) * channels + c)]
                bins[v] += 1
                less += v < median
            while less > rank:
                median -= 1
                less -= bins[median]
            while less + bins[median] <= rank:
                less += bins[median]
                median += 1
            to[np.uint64(x * channels + c)] = np.uint8(median)
            for k in range(size):
                v = rows[k, np.uint64(x * channels + c)]
                bins[v] -= 1
                less -= v < median


@inlined
def from_key(key: Scalar, like: Array) -> Scalar:
    """The bits of a pixel. Keys are complemented, as `to_keys` has them for dilations."""
    if like.dtype == _INT32:
        key = np.int32(~key)
        return np.int32(key ^ np.int32(np.int32(key >> 31) & _MOST32))
    if like.dtype == _INT64:
        key = ~key
        return key ^ ((key >> 63) & _MOST64)
    return key


@kernel
def median_rows(
    images: Array,
    out: Array,
    sizes: Array,
    border: int,
    mask: Scalar,
    outside: Array,
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
    to_keys(outside, beyond, mask)
    lowest = images.dtype.type(0)
    if images.dtype == _INT32:
        lowest = ~_MOST32
    elif images.dtype == _INT64:
        lowest = ~_MOST64
    found, least = np.empty((2, length), images.dtype)
    less, bins = np.empty(length, np.int32), np.empty(256, np.int64)
    for i in range(first, last):
        size = sizes[i]
        radius = size // 2
        wide = (width + size - 1) * channels
        rows = np.empty((end - begin + size - 1, wide), images.dtype)
        across = np.empty(width + size - 1, np.int64)
        for x in range(len(across)):
            across[x] = map_border(x - radius, width, border)
        for k in range(len(rows)):
            row = rows[k]
            at = map_border(begin + k - radius, height, border)
            middle = row[radius * channels : radius * channels + length]
            if at < 0:
                row[:] = beyond[0]
            else:
                to_keys(images[i, at * length : (at + 1) * length], middle, mask)
                pad_row(row, across, radius, width, channels, beyond[0])
        columns = np.empty((size, wide), images.dtype)
        cells = np.empty((size * size if size in (5, 7) else 0, length), images.dtype)
        for y in range(end - begin):
            to = out[i, (begin + y) * length : (begin + y + 1) * length]
            around = rows[y : y + size]
            if size == 3:
                medians_of_three(around, columns, channels, found)
            elif size == 5:
                medians_by_pairs(around, columns, cells, SORT_5, FIND_5, channels, found)
            elif size == 7:
                medians_by_pairs(around, columns, cells, SORT_7, FIND_7, channels, found)
            elif images.dtype == UINT8:
                follow_histogram(around, size, width, channels, bins, to)
                continue
            else:
                found[:] = lowest
                select(around, size, channels, found, less)
            if images.dtype == _INT32 or images.dtype == _INT64:
                least_under(around, size, channels, least)
                # NaN is the least of complemented keys.
                for k in range(length):
                    to[k] = from_key(lowest if least[k] == lowest else found[k], images)
            else:
                copy(found, to)


def median_blur(images: Array, out: Array, sizes: Array, border: int, cval: float) -> None:
    """The op, from the side of the window of every image."""
    bits: Any = BITS[images.dtype.name]
    outside = outside_of(images.dtype, border, cval, False).view(bits)
    mask = ~bits(0) if images.dtype.kind == "f" else bits(0)
    rest = (border, mask, outside, *images.shape[1:])
    parallel.run(median_rows, images.view(bits), out.view(bits), (sizes,), rest)
