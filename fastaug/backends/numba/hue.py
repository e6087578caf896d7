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


@inlined
def turn_pixels(p: Array, q: Array, turn: Scalar, low: Scalar, high: Scalar, channels: int) -> None:
    """All pixels; a fourth channel stays as it is."""
    real = type(low)
    for x in range(len(q) // channels):
        at = np.uint64(x * channels)
        a, b = np.uint64(x * channels + 1), np.uint64(x * channels + 2)
        red, green, blue = turn_hue(real(p[at]), real(p[a]), real(p[b]), turn)
        q[at] = to_pixel(red, low, high, q)
        q[a] = to_pixel(green, low, high, q)
        q[b] = to_pixel(blue, low, high, q)
        if channels == 4:
            q[np.uint64(x * channels + 3)] = p[np.uint64(x * channels + 3)]


@kernel
def hue(
    images: Array,
    out: Array,
    turns: Array,
    low: Scalar,
    high: Scalar,
    channels: int,
    width: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last); turns and limits in the type of the arithmetic."""
    length = width * channels
    for i in range(first, last):
        p, q = images[i, begin * length : end * length], out[i, begin * length : end * length]
        if channels == 3:
            turn_pixels(p, q, turns[i], low, high, 3)
        else:
            turn_pixels(p, q, turns[i], low, high, 4)
