"""Bicubic interpolation: the text of ``csrc/ops/bicubic.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .fill_mode import WRAP, map_tap
from .jit import Scalar, inlined, shared
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
def integer_cubic(coordinate: int) -> tuple[int, int, int, int]:
    """The same in 14 bits; they sum to 2**14 exactly."""
    t = (((coordinate & _LOW) >> 17) + 1) >> 1
    square = (t * t + 8192) >> 14
    cube = (square * t + 8192) >> 14
    w0 = (2 * square - cube - t) >> 1
    w2 = (4 * square - 3 * cube + t) >> 1
    w3 = (cube - square) >> 1
    return w0, 16384 - w0 - w2 - w3, w2, w3


@inlined
def along_row(
    p0: Scalar, p1: Scalar, p2: Scalar, p3: Scalar, w0: int, w1: int, w2: int, w3: int
) -> Scalar:
    """The sum of four bytes in 64ths of a grey level."""
    left = np.int64(p0) * w0 + np.int64(p1) * w1
    right = np.int64(p2) * w2 + np.int64(p3) * w3
    return (left + right + 128) >> 8


@shared
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
    for i in range(16):
        x = cubic_tap((fx >> 32) + i % 4 - 1, width, mode)
        y = cubic_tap((fy >> 32) + i // 4 - 1, height, mode)
        taps[i] = -1 if x < 0 or y < 0 else (y * width + x) * channels
    if source.dtype == UINT8:
        a0, a1, a2, a3 = integer_cubic(fx)
        b0, b1, b2, b3 = integer_cubic(fy)
    else:
        x0, x1, x2, x3 = float_cubic(fx)
        y0, y1, y2, y3 = float_cubic(fy)
    for c in range(channels):
        for i in range(16):
            p[i] = fill[c] if taps[i] < 0 else source[taps[i] + c]
        if source.dtype == UINT8:
            h0 = along_row(p[0], p[1], p[2], p[3], a0, a1, a2, a3)
            h1 = along_row(p[4], p[5], p[6], p[7], a0, a1, a2, a3)
            h2 = along_row(p[8], p[9], p[10], p[11], a0, a1, a2, a3)
            h3 = along_row(p[12], p[13], p[14], p[15], a0, a1, a2, a3)
            total = b0 * h0 + b1 * h1 + b2 * h2 + b3 * h3
            grey = (total + 524287 + ((total >> 20) & 1)) >> 20
            to[at + c] = np.uint8(min(max(grey, 0), 255))
        else:
            v0 = (y0 * p[0] + y1 * p[4]) + (y2 * p[8] + y3 * p[12])
            v1 = (y0 * p[1] + y1 * p[5]) + (y2 * p[9] + y3 * p[13])
            v2 = (y0 * p[2] + y1 * p[6]) + (y2 * p[10] + y3 * p[14])
            v3 = (y0 * p[3] + y1 * p[7]) + (y2 * p[11] + y3 * p[15])
            to[at + c] = (x0 * v0 + x1 * v1) + (x2 * v2 + x3 * v3)
