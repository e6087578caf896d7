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
# Bytes of a row at a time, so that all of what a window reads stays in the closest cache.
_PIECE = 1024
_MOST32, _MOST64 = np.int32(0x7FFFFFFF), np.int64(0x7FFFFFFFFFFFFFFF)


@inlined
def next_key(key: Scalar, mark: Scalar) -> Scalar:
    """With one bit more; the highest one turns the sign."""
    return type(key)(key + mark)


@shared
def select(rows: Array, at: int, size: int, step: int, found: Array, less: Array) -> None:
    """The key in the middle of each window, found bit by bit: how many keys are less?

    `found` holds the least key of the type, and then the result; `less` is room to count.
    """
    n = len(found)
    for bit in range(8 * found.itemsize - 1, -1, -1):
        mark = np.int64(1) << bit
        less[:] = 0
        for r in range(size):
            for x in range(0, size - 2, 3):
                start = at + x * step
                a, b = rows[r, start : start + n], rows[r, start + step : start + step + n]
                c = rows[r, start + 2 * step : start + 2 * step + n]
                for k in range(n):
                    key = next_key(found[k], mark)
                    more = np.int32(a[k] < key) + np.int32(b[k] < key) + np.int32(c[k] < key)
                    less[k] = np.int32(less[k] + more)
            for x in range(size // 3 * 3, size):
                a = rows[r, at + x * step : at + x * step + n]
                for k in range(n):
                    less[k] = np.int32(less[k] + np.int32(a[k] < next_key(found[k], mark)))
        for k in range(len(found)):
            if less[k] <= size * size // 2:
                found[k] = next_key(found[k], mark)


@shared
def least_under(rows: Array, at: int, size: int, step: int, least: Array) -> None:
    """The least key of each window."""
    n = len(least)
    copy(rows[0, at : at + n], least)
    for r in range(size):
        for x in range(0, size - 1, 2):
            start = at + x * step
            a, b = rows[r, start : start + n], rows[r, start + step : start + step + n]
            for k in range(n):
                least[k] = min(least[k], min(a[k], b[k]))
        a = rows[r, at + (size - 1) * step : at + (size - 1) * step + n]
        for k in range(n):
            least[k] = min(least[k], a[k])


@inlined
def pixels_from(keys: Array, least: Array, lowest: Scalar, to: Array) -> None:
    """Medians as pixels. NaN is the least of complemented keys, and wins."""
    for k in range(len(to)):
        if to.dtype == _INT32 or to.dtype == _INT64:
            to[k] = from_key(lowest if least[k] == lowest else keys[k], to)
        else:
            to[k] = keys[k]


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
        lowest = np.int32(~_MOST32)
    elif images.dtype == _INT64:
        lowest = ~_MOST64
    found, least = np.empty(_PIECE, images.dtype), np.empty(_PIECE, images.dtype)
    less, bins = np.empty(_PIECE, np.int32), np.empty(256, np.int64)
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
        piece = _PIECE // images.itemsize
        columns = np.empty((size, piece + (size - 1) * channels), images.dtype)
        cells = np.empty((size * size if size in (5, 7) else 0, piece), images.dtype)
        for y in range(end - begin):
            to = out[i, (begin + y) * length : (begin + y + 1) * length]
            around = rows[y : y + size]
            if images.dtype == UINT8 and size not in (3, 5, 7):
                follow_histogram(around, size, width, channels, bins, to)
                continue
            for at in range(0, length, piece):
                n = min(piece, length - at)
                some = found[:n]
                if size == 3:
                    medians_of_three(around, at, columns, channels, some)
                elif size == 5:
                    medians_by_pairs(around, at, columns, cells, SORT_5, FIND_5, channels, some)
                elif size == 7:
                    medians_by_pairs(around, at, columns, cells, SORT_7, FIND_7, channels, some)
                else:
                    some[:] = lowest
                    select(around, at, size, channels, some, less[:n])
                if images.dtype == _INT32 or images.dtype == _INT64:
                    least_under(around, at, size, channels, least[:n])
                pixels_from(some, least[:n], lowest, to[at : at + n])


def median_blur(images: Array, out: Array, sizes: Array, border: int, cval: float) -> None:
    """The op, from the side of the window of every image."""
    bits: Any = BITS[images.dtype.name]
    outside = outside_of(images.dtype, border, cval, False).view(bits)
    mask = ~bits(0) if images.dtype.kind == "f" else bits(0)
    rest = (border, mask, outside, *images.shape[1:])
    parallel.run(median_rows, images.view(bits), out.view(bits), (sizes,), rest)
