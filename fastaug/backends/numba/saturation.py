"""Colours drawn away from their grey, or towards it: the text of ``csrc/ops/saturation.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .fixed import fixed_share, rounded_product
from .grey import BLUE, GREEN, RED
from .jit import Scalar, inlined, kernel
from .photometric import larger, smaller
from .point import to_pixel
from .rounding import UINT8

_LEAST, _MOST = np.int32(-32768), np.int32(32767)
_RED, _GREEN, _BLUE = np.int32(9798), np.int32(19235), np.int32(3735)


@inlined
def saturate_pixels(
    p: Array, q: Array, factor: Scalar, low: Scalar, high: Scalar, channels: int
) -> None:
    """All pixels times a matrix; a fourth channel stays as it is."""
    real = type(low)
    rest, none = 1.0 - factor, real(0)
    of_red, of_green, of_blue = real(rest * RED), real(rest * GREEN), real(rest * BLUE)
    own_red, own_green = real(factor + rest * RED), real(factor + rest * GREEN)
    own_blue = real(factor + rest * BLUE)
    for x in range(len(q) // channels):
        at = np.uint64(x * channels)
        a, b = np.uint64(x * channels + 1), np.uint64(x * channels + 2)
        red, green, blue = real(p[at]), real(p[a]), real(p[b])
        reds, greens, blues = of_red * red, of_green * green, of_blue * blue + none
        q[at] = to_pixel((own_red * red + greens) + blues, low, high, q)
        q[a] = to_pixel((reds + own_green * green) + blues, low, high, q)
        q[b] = to_pixel((reds + greens) + (own_blue * blue + none), low, high, q)
        if channels == 4:
            q[np.uint64(x * channels + 3)] = p[np.uint64(x * channels + 3)]


@inlined
def fixed_level(byte: Scalar) -> Scalar:
    """In 2**7ths of a level, and half a level more."""
    return np.int32(np.int32(byte) * 128 + 64)


@inlined
def away_from_grey(v: Scalar, grey: Scalar, share: Scalar) -> Scalar:
    """In whole levels."""
    moved = np.int32(v + rounded_product(np.int32(v - grey), share))
    return np.int32(smaller(larger(moved, _LEAST), _MOST) >> 7)


@inlined
def saturate_bytes(
    p: Array, q: Array, factor: Scalar, low: Scalar, high: Scalar, channels: int
) -> None:
    """Bytes in fixed point; a fourth channel stays as it is."""
    share = fixed_share(factor - 1.0)
    least, most = np.int32(low), np.int32(high)
    for x in range(len(q) // channels):
        at = np.uint64(x * channels)
        a, b = np.uint64(x * channels + 1), np.uint64(x * channels + 2)
        red = fixed_level(p[at])
        green, blue = fixed_level(p[a]), fixed_level(p[b])
        grey = np.int32(
            rounded_product(red, _RED)
            + rounded_product(green, _GREEN)
            + rounded_product(blue, _BLUE)
        )
        q[at] = np.uint8(smaller(larger(away_from_grey(red, grey, share), least), most))
        q[a] = np.uint8(smaller(larger(away_from_grey(green, grey, share), least), most))
        q[b] = np.uint8(smaller(larger(away_from_grey(blue, grey, share), least), most))
        if channels == 4:
            q[np.uint64(x * channels + 3)] = p[np.uint64(x * channels + 3)]


@inlined
def saturate_any(
    p: Array, q: Array, factor: Scalar, low: Scalar, high: Scalar, channels: int
) -> None:
    """Bytes in fixed point where that has room for the factor."""
    if p.dtype == UINT8 and factor <= 2.0:
        saturate_bytes(p, q, factor, low, high, channels)
        return
    saturate_pixels(p, q, factor, low, high, channels)


@kernel
def saturation(
    images: Array,
    out: Array,
    factors: Array,
    low: Scalar,
    high: Scalar,
    channels: int,
    width: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last); limits in the type of the arithmetic."""
    length = width * channels
    for i in range(first, last):
        p, q = images[i, begin * length : end * length], out[i, begin * length : end * length]
        if channels == 3:
            saturate_any(p, q, factors[i], low, high, 3)
        else:
            saturate_any(p, q, factors[i], low, high, 4)
