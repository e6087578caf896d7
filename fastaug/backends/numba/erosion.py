"""Erosion and dilation as the least key under a footprint: ``csrc/ops/morphology.hpp``.

The least of 2 n neighbours is the lesser of two leasts of n, so a window of k costs about log2 k
passes, each of them one loop over a band of rows. Keys are complemented for a dilation, so that the
least wins there too: one text, and half the machine code. Floats come as signed integers of their
bits, pixels of integers as unsigned ones.
"""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .copies import copy
from .footprint import bounds_of, map_border, reflected_run, window_of
from .jit import Scalar, inlined, kernel, shared

_CACHE = 1 << 18  # bytes of working rows that stay close
_INT32, _INT64 = np.dtype(np.int32), np.dtype(np.int64)
_MOST32, _INFINITE32 = np.int32(0x7FFFFFFF), np.int32(0x7F800000)
_MOST64, _INFINITE64 = np.int64(0x7FFFFFFFFFFFFFFF), np.int64(0x7FF0000000000000)


@inlined
def to_keys(p: Array, q: Array, mask: Scalar) -> None:
    """A row as keys. NaN is the extreme that wins."""
    for k in range(len(p)):
        v = p[k]
        if p.dtype == _INT32:
            key = np.int32(v ^ np.int32(np.int32(v >> 31) & _MOST32)) ^ mask
            q[k] = ~_MOST32 if np.int32(v & _MOST32) > _INFINITE32 else key
        elif p.dtype == _INT64:
            key = (v ^ ((v >> 63) & _MOST64)) ^ mask
            q[k] = ~_MOST64 if (v & _MOST64) > _INFINITE64 else key
        else:
            q[k] = v ^ mask


@inlined
def from_keys(p: Array, q: Array, mask: Scalar) -> None:
    """The inverse of `to_keys`."""
    for k in range(len(p)):
        v = p[k] ^ mask
        if p.dtype == _INT32:
            q[k] = np.int32(v) ^ np.int32(np.int32(np.int32(v) >> 31) & _MOST32)
        elif p.dtype == _INT64:
            q[k] = v ^ ((v >> 63) & _MOST64)
        else:
            q[k] = v


@shared
def lesser(a: Array, shift: int, count: int, to: Array) -> None:
    """The lesser of each element and the one `shift` further on."""
    p, q, r = a[:count], a[shift : shift + count], to[:count]
    for k in range(count):
        r[k] = min(p[k], q[k])


@shared
def least(best: Array, a: Array, one: int, two: int) -> None:
    """The least of each element and of those from `one` and from `two` on in `a`."""
    p, q = a[one : one + len(best)], a[two : two + len(best)]
    for k in range(len(best)):
        best[k] = min(best[k], min(p[k], q[k]))


@shared
def padded_row(
    line: Array, to: Array, across: Array, left: int, width: int, channels: int, outside: Scalar
) -> None:
    """A row of keys with its borders: `across` says which pixel stands for each."""
    first, last = max(0, left), min(width, left + len(across))
    if first < last:
        a, b = (first - left) * channels, (last - left) * channels
        copy(line[first * channels : last * channels], to[a:b])
    for side in range(2):
        begin = max(0, width - left) if side else 0
        end = len(across) if side else min(len(across), -left)
        for x in range(begin, end):
            at = across[x] * channels
            for k in range(channels):
                v = outside if at < 0 else line[np.uint64(at + k)]
                to[np.uint64(x * channels + k)] = v


@shared
def rectangle(a: Array, b: Array, wide: int, high: int, channels: int, padded: int) -> bool:
    """The least under a full rectangle, for each element of rows that follow each other in `a`.

    Rows are one long array: what a shift brings from the next row lands where the footprint of an
    element would leave its own, and nobody looks there. Whether the result is in `b`.
    """
    count, in_b = len(a), False
    for side in range(2):
        size, step = (wide, channels) if side == 0 else (high, padded)
        reach = 1
        while reach < size:
            further = min(reach, size - reach)
            count -= further * step
            if in_b:
                lesser(b, further * step, count, a)
            else:
                lesser(a, further * step, count, b)
            in_b = not in_b
            reach += further
    return in_b


@shared
def by_runs(
    levels: Array,
    best: Array,
    runs: Array,
    reflected: bool,
    top: int,
    left: int,
    channels: int,
    padded: int,
) -> None:
    """The least under any other footprint; row l of `levels` gets the least of 2**l pixels."""
    for level in range(1, len(levels)):
        ahead = (1 << (level - 1)) * channels
        lesser(levels[level - 1], ahead, levels.shape[1] - ahead, levels[level])
    for r in range(len(runs)):
        dy, dx, cells = reflected_run(runs, r, reflected)
        level = 0
        while (2 << level) <= cells:
            level += 1
        at = (dy - top) * padded + (dx - left) * channels
        if r == 0:
            copy(levels[level, at : at + len(best)], best)
        least(best, levels[level], at, at + (cells - (1 << level)) * channels)


@kernel
def erosion(
    images: Array,
    out: Array,
    sizes: Array,
    runs: Array,
    reflected: bool,
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
    """Rows [begin, end) of images [first, last).

    The `mask` that keys are complemented by is zero for an erosion, all ones for a dilation;
    `outside` holds the pixel outside the image; without `runs`, `sizes` holds rectangles.
    """
    length = width * channels
    key, line = np.empty(1, images.dtype), np.empty(length, images.dtype)
    to_keys(outside, key, mask)
    count = 2
    for r in range(len(runs)):
        while (2 << (count - 2)) <= runs[r, 2]:
            count += 1
    for i in range(first, last):
        if len(runs):
            top, high, left, wide = bounds_of(runs, reflected)
        else:
            top, high = window_of(sizes[i, 0], height, reflected)
            left, wide = window_of(sizes[i, 1], width, reflected)
        padded = (width + wide - 1) * channels
        band = max(_CACHE // (padded * images.itemsize + 1), high, 16)
        source, to = images[i], out[i]
        across = np.empty(width + wide - 1, np.int64)
        for x in range(len(across)):
            across[x] = map_border(left + x, width, border)
        for y0 in range(begin, end, band):
            rows = min(band, end - y0) + high - 1
            # One more than there are levels of runs: it holds the result.
            work = np.empty((count, rows * padded), images.dtype)
            for r in range(rows):
                row = work[0, r * padded : (r + 1) * padded]
                y = map_border(y0 + top + r, height, border)
                if y < 0:
                    row[:] = key[0]
                else:
                    to_keys(source[y * length : (y + 1) * length], line, mask)
                    padded_row(line, row, across, left, width, channels, key[0])
            if len(runs):
                best = work[count - 1, : (rows - high) * padded + length]
                by_runs(work[: count - 1], best, runs, reflected, top, left, channels, padded)
            else:
                in_second = rectangle(work[0], work[1], wide, high, channels, padded)
                best = work[1 if in_second else 0]
            for r in range(rows - high + 1):
                y = y0 + r
                from_keys(
                    best[r * padded : r * padded + length],
                    to[y * length : (y + 1) * length],
                    mask,
                )
