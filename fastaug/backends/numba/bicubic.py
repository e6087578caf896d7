"""Bicubic interpolation: the text of ``csrc/ops/bicubic.hpp``."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from .fill_mode import WRAP, map_tap
from .jit import Scalar, inlined
from .rounding import UINT8

_LOW = 0xFFFFFFFF
_FRACTION = np.float32(5.9604644775390625e-8)  # 2**-24
_HALF, _ONE, _MORE = np.float32(0.5), np.float32(1.0), np.float32(1.5)
_TWO, _MOST = np.float32(2.0), np.float32(2.5)


@inlined
def cubic_tap(i: int, n: int, mode: int) -> int:
    """The pixel that stands for tap `i`, -1 for the fill value; taps beyond the edge have weight."""
    if mode == WRAP and n > 1 and (i < 0 or i >= n):
        return i % (n - 1)
    return map_tap(i, n, mode)


@inlined
def float_cubic(coordinate: int) -> tuple[Scalar, Scalar, Scalar, Scalar]:
    """The weights of the four taps along one axis."""
    t = np.float32(np.int32((coordinate & _LOW) >> 8)) * _FRACTION
    return (
        ((_ONE - _HALF * t) * t - _HALF) * t,
        ((_MORE * t - _MOST) * t) * t + _ONE,
        ((_TWO - _MORE * t) * t + _HALF) * t,
        ((_HALF * t - _HALF) * t) * t,
    )


@inlined
def integer_cubic(coordinate: int) -> tuple[Scalar, Scalar, Scalar, Scalar]:
    """The same in 14 bits; they sum to 2**14 exactly."""
    t = (((coordinate & _LOW) >> 17) + 1) >> 1
    square = (t * t + 8192) >> 14
    cube = (square * t + 8192) >> 14
    w0 = (2 * square - cube - t) >> 1
    w2 = (4 * square - 3 * cube + t) >> 1
    w3 = (cube - square) >> 1
    return np.int32(w0), np.int32(16384 - w0 - w2 - w3), np.int32(w2), np.int32(w3)


@inlined
def along_row(
    p0: Scalar, p1: Scalar, p2: Scalar, p3: Scalar, w: tuple[Scalar, Scalar, Scalar, Scalar]
) -> Scalar:
    """The sum of four bytes in 64ths of a grey level."""
    left = np.int32(np.int32(p0) * w[0]) + np.int32(np.int32(p1) * w[1])
    right = np.int32(np.int32(p2) * w[2]) + np.int32(np.int32(p3) * w[3])
    return np.int32(np.int32(left + right + 128) >> 8)


@inlined
def cubic_byte(h0: Scalar, h1: Scalar, h2: Scalar, h3: Scalar, w: tuple[Any, ...]) -> Scalar:
    """Four such sums as a pixel."""
    upper = np.int32(h0 * w[0]) + np.int32(h1 * w[1])
    total = np.int32(upper + np.int32(h2 * w[2]) + np.int32(h3 * w[3]))
    grey: Scalar = np.int32(total + 524287 + ((total >> 20) & 1)) >> 20
    return np.uint8(min(max(grey, 0), 255))


@inlined
def down_column(p0: Scalar, p1: Scalar, p2: Scalar, p3: Scalar, w: tuple[Any, ...]) -> Scalar:
    """The sum of four floats."""
    return (w[0] * p0 + w[1] * p1) + (w[2] * p2 + w[3] * p3)


@inlined
def tap(source: Array, at: int) -> Scalar:
    """An element that is there: Numba asks of a signed index whether it counts from the end."""
    return source[np.uint64(at)]


@inlined
def cubic_inside(
    source: Array, to: Array, t: int, fx: int, fy: int, width: int, channels: int
) -> None:
    """One pixel, to element `t` on, whose 4 by 4 taps all lie inside."""
    length, step = width * channels, channels
    a = ((fy >> 32) - 1) * length + ((fx >> 32) - 1) * channels
    if source.dtype == UINT8:
        x, y = integer_cubic(fx), integer_cubic(fy)
        for k in range(channels):
            i = a + k
            h0 = byte_sum(source, i, step, x)
            h1 = byte_sum(source, i + length, step, x)
            h2 = byte_sum(source, i + 2 * length, step, x)
            h3 = byte_sum(source, i + 3 * length, step, x)
            to[np.uint64(t + k)] = cubic_byte(h0, h1, h2, h3, y)
    else:
        u, v = float_cubic(fx), float_cubic(fy)
        for k in range(channels):
            i = a + k
            s0 = float_sum(source, i, length, v)
            s1 = float_sum(source, i + step, length, v)
            s2 = float_sum(source, i + 2 * step, length, v)
            s3 = float_sum(source, i + 3 * step, length, v)
            to[np.uint64(t + k)] = down_column(s0, s1, s2, s3, u)


@inlined
def byte_sum(p: Array, i: int, step: int, w: tuple[Scalar, Scalar, Scalar, Scalar]) -> Scalar:
    """Four bytes so far apart."""
    return along_row(tap(p, i), tap(p, i + step), tap(p, i + 2 * step), tap(p, i + 3 * step), w)


@inlined
def float_sum(p: Array, i: int, step: int, w: tuple[Scalar, Scalar, Scalar, Scalar]) -> Scalar:
    """Four floats so far apart."""
    return down_column(tap(p, i), tap(p, i + step), tap(p, i + 2 * step), tap(p, i + 3 * step), w)


@inlined
def blend_cubic(
    source: Array,
    fill: Array,
    to: Array,
    at: int,
    fx: int,
    fy: int,
    height: int,
    width: int,
    channels: int,
    mode: int,
    taps: Array,
    p: Array,
) -> None:
    """One pixel, to element `at` on, from the 4 by 4 taps around a coordinate.

    `taps` and `p` are room for where these are and what they hold.
    """
    for j in range(4):
        y = cubic_tap((fy >> 32) + j - 1, height, mode)
        for i in range(4):
            x = cubic_tap((fx >> 32) + i - 1, width, mode)
            taps[j * 4 + i] = -1 if x < 0 or y < 0 else (y * width + x) * channels
    for c in range(channels):
        for i in range(16):
            p[i] = fill[c] if taps[i] < 0 else source[np.uint64(taps[i] + c)]
        if source.dtype == UINT8:
            a, b = integer_cubic(fx), integer_cubic(fy)
            h0, h1 = byte_sum(p, 0, 1, a), byte_sum(p, 4, 1, a)
            h2, h3 = byte_sum(p, 8, 1, a), byte_sum(p, 12, 1, a)
            to[np.uint64(at + c)] = cubic_byte(h0, h1, h2, h3, b)
        else:
            u, v = float_cubic(fx), float_cubic(fy)
            s0, s1 = float_sum(p, 0, 4, v), float_sum(p, 1, 4, v)
            s2, s3 = float_sum(p, 2, 4, v), float_sum(p, 3, 4, v)
            to[np.uint64(at + c)] = down_column(s0, s1, s2, s3, u)
