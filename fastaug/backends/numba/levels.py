"""Grey levels spread over the whole range: the text of ``csrc/ops/levels.hpp``, and its loops."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined, kernel
from .point import EXTREMES, extremes, from_share, share_of, to_pixel
from .rounding import UINT8, UINT16, constant_uint8


@inlined
def stretched(
    v: Scalar, least: Scalar, greatest: Scalar, low: Scalar, high: Scalar, like: Array
) -> Scalar:
    """Autocontrast of a value of a channel with these extremes."""
    real = type(low)
    flat = not least < greatest
    black, white = np.float64(low), np.float64(high)
    scale, offset = 1.0, 0.0
    if not flat:
        scale = (white - black) / (np.float64(greatest) - np.float64(least))
        offset = black - np.float64(least) * scale
    if like.dtype == UINT8 or like.dtype == UINT16:
        x = np.float64(v) if flat else np.float64(v) * scale + offset
        r = x if x > black else black
        return like.dtype.type(np.int32(r if r < white else white))
    return to_pixel(v if flat else (v - least) * real(scale) + low, low, high, like)


@inlined
def stretch_channel(
    p: Array,
    q: Array,
    c: int,
    channels: int,
    least: Scalar,
    greatest: Scalar,
    low: Scalar,
    high: Scalar,
) -> None:
    """Autocontrast of one channel of an image."""
    for x in range(len(q) // channels):
        at = np.uint64(x * channels + c)
        q[at] = stretched(type(low)(p[at]), least, greatest, low, high, q)


@inlined
def level_of(v: Scalar, low: Scalar, high: Scalar) -> Scalar:
    """Which of 256 levels a value is nearest to."""
    real = type(low)
    return np.int64(constant_uint8(np.float64(share_of(v, low, high) * real(255))))


@inlined
def equalized(v: Scalar, level: Scalar, low: Scalar, high: Scalar, like: Array) -> Scalar:
    """The value of a level; NaN stays NaN."""
    real = type(low)
    made = from_share(real(level) / real(255), low, high, like)
    return made if v == v else v


@inlined
def equalize_levels(count: Array, level: Array) -> None:
    """What becomes of each level, from how many pixels have it."""
    total: Any = np.int64(0)
    last: Any = np.int64(0)
    for i in range(256):
        total += count[i]
        if count[i] != 0:
            last = count[i]
    step = (total - last) // 255
    below = step // 2
    for i in range(256):
        level[i] = i if step == 0 else min(below // step, 255)
        below += count[i]


@inlined
def count_bytes(p: Array, start: int, step: int, count: Array, totals: Array) -> None:
    """How many there are of each byte. Two counts: one would wait for its last addition."""
    count[:] = 0
    for k in range(start, len(p) - step, 2 * step):
        count[0, np.uint8(p[np.uint64(k)])] += 1
        count[1, np.uint8(p[np.uint64(k + step)])] += 1
    pixels = len(p) // step
    if pixels & 1:
        count[0, np.uint8(p[np.uint64((pixels - 1) * step + start)])] += 1
    for v in range(256):
        totals[v] = count[0, v] + count[1, v]
    count[0] = 0


@inlined
def look_up_channels(p: Array, table: Array, q: Array, channels: int) -> None:
    """What the table of each channel says of bytes."""
    for x in range(len(q) // channels):
        for c in range(channels):
            at = np.uint64(x * channels + c)
            q[at] = table[np.uint64(256 * c + np.int64(p[at]))]


@kernel
def levels(
    images: Array,
    out: Array,
    low: Scalar,
    high: Scalar,
    equalize: bool,
    channels: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Images [first, last), whole; rows [begin, end) are all there are."""
    real = type(low)
    least, greatest = np.empty((2, EXTREMES * channels), real)
    count, level = np.empty((2, 256), np.int64), np.empty(256, np.int64)
    # What becomes of each byte of each channel, and which level it is of.
    table, level_of_byte = np.empty((channels, 256), out.dtype), np.empty(256, np.int64)
    for v in range(256):
        level_of_byte[v] = level_of(real(v), low, high)
    for i in range(first, last):
        p, q = images[i], out[i]
        if not equalize:
            extremes(p, channels, least, greatest)
        for c in range(channels):
            if equalize:
                count[:] = 0
                if out.dtype == UINT8:
                    count_bytes(p, c, channels, count, level)
                    for v in range(256):
                        count[0, level_of_byte[v]] += level[v]
                else:
                    for k in range(c, len(p), channels):
                        count[0, level_of(real(p[np.uint64(k)]), low, high)] += 1
                equalize_levels(count[0], level)
            if out.dtype == UINT8:
                for v in range(256):
                    if equalize:
                        at = level[level_of_byte[v]]
                        table[c, v] = equalized(real(v), at, low, high, out)
                    else:
                        table[c, v] = stretched(real(v), least[c], greatest[c], low, high, out)
            elif equalize:
                for k in range(c, len(p), channels):
                    v = real(p[np.uint64(k)])
                    at = level[level_of(v, low, high)]
                    q[np.uint64(k)] = equalized(v, at, low, high, out)
        if out.dtype == UINT8:
            if channels == 1:
                look_up_channels(p, table.reshape(-1), q, 1)
            elif channels == 3:
                look_up_channels(p, table.reshape(-1), q, 3)
            else:
                look_up_channels(p, table.reshape(-1), q, channels)
        elif not equalize:
            for c in range(channels):
                # Known numbers of channels for the vector code.
                if channels == 1:
                    stretch_channel(p, q, 0, 1, least[0], greatest[0], low, high)
                elif channels == 3:
                    stretch_channel(p, q, c, 3, least[c], greatest[c], low, high)
                else:
                    stretch_channel(p, q, c, channels, least[c], greatest[c], low, high)
