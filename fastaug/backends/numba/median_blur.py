"""Median blur: the key in the middle of a window, ``csrc/ops/median_blur.hpp``.

Bytes go through a histogram that moves along (Huang, 1979), all else is selected from a copy of the
window. Floats come as signed integers of their bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from . import parallel
from .erosion import to_keys
from .footprint import map_border
from .jit import Scalar, inlined, kernel
from .morphology import BITS, outside_of
from .rounding import UINT8

_INT32, _INT64 = np.dtype(np.int32), np.dtype(np.int64)
_MOST32, _MOST64 = np.int32(0x7FFFFFFF), np.int64(0x7FFFFFFFFFFFFFFF)


@inlined
def select(keys: Array, count: int, rank: int) -> Scalar:
    """The key with `rank` of the first `count` before it, which change places (Hoare, 1961)."""
    low, high = 0, count - 1
    while low < high:
        pivot = keys[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while keys[i] < pivot:
                i += 1
            while pivot < keys[j]:
                j -= 1
            if i <= j:
                keys[i], keys[j] = keys[j], keys[i]
                i += 1
                j -= 1
        if rank <= j:
            high = j
        elif rank >= i:
            low = i
        else:
            break
    return keys[rank]


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
    for i in range(first, last):
        size = sizes[i]
        radius, rank = size // 2, size * size // 2
        wide = (width + size - 1) * channels
        rows = np.empty((end - begin + size - 1, wide), images.dtype)
        for k in range(len(rows)):
            row = rows[k]
            at = map_border(begin + k - radius, height, border)
            middle = row[radius * channels : radius * channels + length]
            if at < 0:
                row[:] = beyond[0]
            else:
                to_keys(images[i, at * length : (at + 1) * length], middle, mask)
                for x in range(-radius, width + radius):
                    if not 0 <= x < width:
                        from_x = map_border(x, width, border)
                        for c in range(channels):
                            v = beyond[0] if from_x < 0 else middle[from_x * channels + c]
                            row[(x + radius) * channels + c] = v
        window = np.empty(size * size, images.dtype)
        bins = np.zeros(256, np.int64)
        for y in range(end - begin):
            to = out[i, (begin + y) * length : (begin + y + 1) * length]
            for c in range(channels):
                if images.dtype == UINT8:
                    bins[:] = 0
                    for k in range(y, y + size):
                        for x in range(size - 1):
                            bins[rows[k, x * channels + c]] += 1
                    median, less = 0, 0
                    for x in range(width):
                        for k in range(y, y + size):
                            v = rows[k, (x + size - 1) * channels + c]
                            bins[v] += 1
                            less += v < median
                        while less > rank:
                            median -= 1
                            less -= bins[median]
                        while less + bins[median] <= rank:
                            less += bins[median]
                            median += 1
                        to[x * channels + c] = np.uint8(median)
                        for k in range(y, y + size):
                            v = rows[k, x * channels + c]
                            bins[v] -= 1
                            less -= v < median
                else:
                    for x in range(width):
                        least = rows[y, x * channels + c]
                        at = 0
                        for k in range(y, y + size):
                            for j in range(size):
                                key = rows[k, (x + j) * channels + c]
                                window[at] = key
                                least = min(least, key)
                                at += 1
                        # NaN is the least of complemented keys.
                        nan = images.dtype == _INT32 and least == ~_MOST32
                        nan = nan or (images.dtype == _INT64 and least == ~_MOST64)
                        key = least if nan else select(window, at, rank)
                        to[x * channels + c] = from_key(key, images)


def median_blur(images: Array, out: Array, sizes: Array, border: int, cval: float) -> None:
    """The op, from the side of the window of every image."""
    bits: Any = BITS[images.dtype.name]
    outside = outside_of(images.dtype, border, cval, False).view(bits)
    mask = ~bits(0) if images.dtype.kind == "f" else bits(0)
    rest = (border, mask, outside, *images.shape[1:])
    parallel.run(median_rows, images.view(bits), out.view(bits), (sizes,), rest)
