"""Grey levels spread over the whole range: the text of ``csrc/ops/levels.hpp``, and its loops."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined, kernel
from .point import extremes, from_share, share_of, to_pixel
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
    count, level = np.empty(256, np.int64), np.empty(256, np.int64)
    for i in range(first, last):
        p, q = images[i], out[i]
        for c in range(channels):
            if equalize:
                count[:] = 0
                for k in range(c, len(p), channels):
                    count[level_of(real(p[k]), low, high)] += 1
                equalize_levels(count, level)
                for k in range(c, len(p), channels):
                    v = real(p[k])
                    q[k] = equalized(v, level[level_of(v, low, high)], low, high, out)
            else:
                least, greatest = extremes(p, c, channels, low)
                for k in range(c, len(p), channels):
                    q[k] = stretched(real(p[k]), least, greatest, low, high, out)
