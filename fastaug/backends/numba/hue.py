"""The hue of pixels, turned as in HSV: the text of ``csrc/ops/hue.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined, kernel
from .photometric import larger, smaller
from .point import to_pixel


@inlined
def within(v: Scalar, least: Scalar, most: Scalar) -> Scalar:
    """Confined to the extremes of its pixel."""
    return smaller(larger(v, least), most)


@inlined
def turn_hue(
    red: Scalar, green: Scalar, blue: Scalar, turn: Scalar
) -> tuple[Scalar, Scalar, Scalar]:
    """By sixths of a turn, from 0 to 6."""
    most = larger(larger(red, green), blue)
    least = smaller(smaller(red, green), blue)
    chroma = most - least
    two = chroma + chroma
    three = two + chroma
    six = three + three
    if red == most:
        turned = green - blue
    elif green == most:
        turned = (blue - red) + two
    else:
        turned = (red - green) - two
    turned = turned + turn * chroma
    angle = turned - six if turned > three else turned
    total = most + chroma
    around = total - six
    from_green, from_blue = abs(angle - two), abs(angle + two)
    return (
        within(total - abs(angle), least, most),
        within(larger(total - from_green, around + from_green), least, most),
        within(larger(total - from_blue, around + from_blue), least, most),
    )


@kernel
def hue(
    images: Array,
    out: Array,
    turns: Array,
    low: Scalar,
    high: Scalar,
    channels: int,
    length: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last); turns and limits in the type of the arithmetic."""
    step = np.uint64(channels)
    real = turns.dtype.type
    for i in range(first, last):
        p, q = images[i], out[i]
        for x in range(begin * length, end * length):
            at = np.uint64(x) * step
            red, green, blue = turn_hue(
                real(p[at]), real(p[at + np.uint64(1)]), real(p[at + np.uint64(2)]), turns[i]
            )
            q[at] = to_pixel(red, low, high, q)
            q[at + np.uint64(1)] = to_pixel(green, low, high, q)
            q[at + np.uint64(2)] = to_pixel(blue, low, high, q)
            if channels == 4:
                q[at + np.uint64(3)] = p[at + np.uint64(3)]
