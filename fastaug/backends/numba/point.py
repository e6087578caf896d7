"""Ops of one value: the text of ``csrc/ops/point.hpp``, and what they take from a whole image."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from . import parallel
from .grey import MOST, mean_grey
from .jit import Scalar, inlined, kernel
from .rounding import FLOAT64, UINT8, UINT16, to_float, to_uint8, to_uint16
from .transcendental import power_32, power_64

# The kinds of op, as `Point` in csrc/arguments.hpp.
LINEAR, GAMMA, POSTERIZE, SOLARIZE, CONTRAST, CHANNEL_SHIFT = range(6)
EXTREMES = 64  # values of each channel at a time


@inlined
def to_pixel(v: Scalar, low: Scalar, high: Scalar, like: Array) -> Scalar:
    """A computed value as an element of the array `like`."""
    if like.dtype == UINT8:
        return to_uint8(v, low, high)
    if like.dtype == UINT16:
        return to_uint16(v, low, high)
    return to_float(v, low, high, True)


@inlined
def share_of(v: Scalar, low: Scalar, high: Scalar) -> Scalar:
    """A value as a share of the way from black to white, confined to that."""
    real = type(low)
    x = (v - low) / (high - low)
    x = real(0) if x < real(0) else x
    return real(1) if x > real(1) else x


@inlined
def from_share(x: Scalar, low: Scalar, high: Scalar, like: Array) -> Scalar:
    """And back."""
    return to_pixel(x * (high - low) + low, low, high, like)


@inlined
def gamma(v: Scalar, exponent: Scalar, gain: Scalar, low: Scalar, high: Scalar, like: Array) -> Any:
    """A power of the share, times the gain."""
    share = share_of(v, low, high)
    power = power_64(share, exponent) if like.dtype == FLOAT64 else power_32(share, exponent)
    return from_share(type(low)(power) * gain, low, high, like)


@inlined
def posterize(v: Scalar, bits: Scalar, low: Scalar, high: Scalar, like: Array) -> Scalar:
    """Of integers the highest bits; floats cut to as many levels."""
    real = type(low)
    kept: Any = np.int32(bits)
    if like.dtype == UINT8 or like.dtype == UINT16:
        every = 8 * like.itemsize
        drop = every - (kept if kept < every else every)
        return to_pixel(np.float32((np.int32(v) >> drop) << drop), low, high, like)
    levels = real(np.int32(1) << kept)
    x = share_of(v, low, high)
    level = real(np.int32((x if x > real(0) else real(0)) * levels))
    level = level if level < levels else levels - real(1)
    return from_share(level / levels, low, high, like) if x == x else v


@inlined
def point(
    v: Scalar, op: int, a: Scalar, b: Scalar, low: Scalar, high: Scalar, like: Array
) -> Scalar:
    """The op of a value that is in the type of the arithmetic."""
    if op == GAMMA:
        return gamma(v, a, b, low, high, like)
    if op == POSTERIZE:
        return posterize(v, a, low, high, like)
    if op == SOLARIZE:
        return to_pixel(v if v < a else (low + high) - v, low, high, like)
    return to_pixel(v * a + b, low, high, like)


@inlined
def each(p: Array, q: Array, op: int, a: Scalar, b: Scalar, low: Scalar, high: Scalar) -> None:
    """The op of all values."""
    for k in range(len(q)):
        q[k] = point(type(low)(p[k]), op, a, b, low, high, q)


@inlined
def look_up(p: Array, table: Array, q: Array) -> None:
    """What a table of 256 says of bytes."""
    for k in range(len(q)):
        q[k] = table[np.uint8(p[k])]


@kernel
def _point(
    images: Array,
    out: Array,
    first_number: Array,
    second_number: Array,
    op: int,
    low: Scalar,
    high: Scalar,
    alpha: bool,
    width: int,
    channels: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last); all of them for what looks at a whole image."""
    real = type(low)
    length = width * channels
    table = np.empty(256, out.dtype)
    sums, lane = np.empty(4), np.empty(MOST)
    low_lanes, high_lanes = np.empty((2, EXTREMES), type(low))
    for i in range(first, last):
        p = images[i, begin * length : end * length]
        q = out[i, begin * length : end * length]
        kind, a, b = op, real(first_number[i]), real(second_number[i])
        least, greatest = low, high
        if op == CONTRAST:
            b = real(
                (1.0 - first_number[i]) * mean_grey(p, end - begin, width, channels, sums, lane)
            )
            kind = LINEAR
        if op == CHANNEL_SHIFT:
            extremes(p, 1, low_lanes, high_lanes)
            least, greatest = low_lanes[0], high_lanes[0]
            a, b = real(1), a
            kind = LINEAR
        if out.dtype == UINT8:
            for k in range(256):
                table[k] = point(real(k), kind, a, b, least, greatest, out)
            if alpha:
                for k in range(len(p)):
                    q[k] = p[k] if k % 4 == 3 else table[np.uint8(p[k])]
            else:
                look_up(p, table, q)
        elif alpha:
            for k in range(len(p)):
                v = point(real(p[k]), kind, a, b, least, greatest, out)
                q[k] = p[k] if k % 4 == 3 else v
        # Each in a loop of its own, which becomes vector code.
        elif kind == GAMMA:
            each(p, q, GAMMA, a, b, least, greatest)
        elif kind == POSTERIZE:
            each(p, q, POSTERIZE, a, b, least, greatest)
        elif kind == SOLARIZE:
            each(p, q, SOLARIZE, a, b, least, greatest)
        else:
            each(p, q, LINEAR, a, b, least, greatest)


@inlined
def extremes(p: Array, channels: int, low: Array, high: Array) -> None:
    """The least and the greatest value of each channel but for NaN, zero without its sign.

    They are the first elements of `low` and `high`, which have room for `EXTREMES` times as many:
    lanes, of which the order of values does not matter.
    """
    lanes = EXTREMES * channels
    low[:], high[:] = np.inf, -np.inf
    whole = len(p) // lanes * lanes
    for i in range(0, whole, lanes):
        join_extremes(p[i : i + lanes], low, high)
    join_extremes(p[whole:], low, high)
    for k in range(channels, lanes):
        c = k % channels
        low[c] = low[k] if low[k] < low[c] else low[c]
        high[c] = high[k] if high[c] < high[k] else high[c]
    for c in range(channels):
        low[c] += low.dtype.type(0)
        high[c] += high.dtype.type(0)


@inlined
def join_extremes(p: Array, low: Array, high: Array) -> None:
    """Element by element."""
    for k in range(len(p)):
        v = low.dtype.type(p[k])
        low[k] = v if v < low[k] else low[k]
        high[k] = v if high[k] < v else high[k]


def point_all(
    images: Array,
    out: Array,
    op: int,
    first: Array,
    second: Array,
    low: float,
    high: float,
    keeps_alpha: bool,
) -> None:
    """The op on a batch."""
    _, _, width, channels = out.shape
    alpha = keeps_alpha and channels == 4
    rest = (int(op), *limits(out, low, high), alpha, width, channels)
    looks = op in (CONTRAST, CHANNEL_SHIFT)
    with np.errstate(over="ignore"):
        parallel.run(_point, images, out, (first, second), rest, splits=not looks)


def limits(out: Array, low: float, high: float) -> tuple[Any, Any]:
    """Black and white in the type of the arithmetic, as `Compute` in csrc/ops/round.hpp."""
    real = np.float64 if out.dtype == np.float64 else np.float32
    with np.errstate(over="ignore", under="ignore"):
        return real(low), real(high)
