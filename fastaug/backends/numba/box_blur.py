"""Box blur as sums down and across: ``csrc/ops/box_blur.hpp``."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from . import parallel
from .copies import copy
from .footprint import map_border
from .jit import Scalar, inlined, kernel, shared
from .padding import pad_row
from .rounding import constant_pixel

_BLOCK = 8
_INT32, _INT64 = np.dtype(np.int32), np.dtype(np.int64)
_SUMS: dict[str, Any] = {"float32": np.float32, "float64": np.float64}


@shared
def set_row(to: Array, a: Array) -> None:
    """Copies a row, as the type of sums."""
    real = to.dtype.type
    for i in range(len(to)):
        to[i] = real(a[i])


@shared
def add_row(to: Array, a: Array) -> None:
    """Adds a row."""
    real = to.dtype.type
    for i in range(len(to)):
        to[i] += real(a[i])


@shared
def take_row(to: Array, a: Array) -> None:
    """Takes a row away."""
    real = to.dtype.type
    for i in range(len(to)):
        to[i] -= real(a[i])


@inlined
def add_in_blocks(k: int, size: int, row: Array, block: Array, sums: Array) -> None:
    """Adds row `k` of `size`: blocks of eight by themselves, then those."""
    if k % _BLOCK == 0:
        set_row(block, row)
    else:
        add_row(block, row)
    if k % _BLOCK == _BLOCK - 1 or k == size - 1:
        if k < _BLOCK:
            set_row(sums, block)
        else:
            add_row(sums, block)


@shared
def store_means(sums: Array, area: Scalar, share: Scalar, out: Array) -> None:
    """Means from sums: rounded of integers, else multiplied by the share of one pixel."""
    for i in range(len(out)):
        if sums.dtype == _INT32 or sums.dtype == _INT64:
            out[i] = constant_pixel(np.float64(sums[i]) / area, out)
        else:
            out[i] = sums[i] * share


@kernel
def blur(
    images: Array,
    out: Array,
    sizes: Array,
    border: int,
    cval: float,
    like: Array,
    height: int,
    width: int,
    channels: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last); sums have the type of `like`."""
    length = width * channels
    beyond = np.empty(length, images.dtype)
    beyond[:] = constant_pixel(cval, images)
    block, sums = np.empty(length, like.dtype), np.empty(length, like.dtype)
    column = np.empty(length, like.dtype)
    real = like.dtype.type
    for i in range(first, last):
        source, to = images[i], out[i]
        high, wide = sizes[i, 0], sizes[i, 1]
        top, left = -(high // 2), -(wide // 2)
        padded = np.empty((width + wide - 1) * channels, like.dtype)
        around = np.empty(width + wide - 1, np.int64)
        for x in range(len(around)):
            around[x] = map_border(left + x, width, border)
        middle = padded[-left * channels : -left * channels + length]
        outside = real(real(beyond[0]) * real(high)) if length else real(0)
        area = np.float64(high) * np.float64(wide)
        share = real(1.0 / area)
        for y in range(begin, end):
            # Integers are exact in any order: but for the first row, one comes and one goes.
            slides = (like.dtype == _INT32 or like.dtype == _INT64) and y > begin
            for k in range(high - 1 if slides else 0, high):
                at = map_border(y + top + k, height, border)
                row = beyond if at < 0 else source[at * length : (at + 1) * length]
                if slides:
                    add_row(column, row)
                else:
                    add_in_blocks(k, high, row, block, column)
            if slides:
                at = map_border(y - 1 + top, height, border)
                take_row(column, beyond if at < 0 else source[at * length : (at + 1) * length])
            copy(column, middle)
            pad_row(padded, around, -left, width, channels, outside)
            for k in range(wide):
                add_in_blocks(k, wide, padded[k * channels : k * channels + length], block, sums)
            store_means(sums, area, share, to[y * length : (y + 1) * length])


def box_blur(images: Array, out: Array, sizes: Array, border: int, cval: float) -> None:
    """The op, from the sides of the window of every image."""
    kind = _SUMS.get(images.dtype.name, np.int64)
    if images.dtype == np.uint8 and 255.0 * sizes.astype(float).prod(1).max(initial=0) < 2.0**31:
        kind = np.int32
    like = np.empty(0, kind)
    rest = (border, float(cval), like, *images.shape[1:])
    parallel.run(blur, images, out, (sizes,), rest)
