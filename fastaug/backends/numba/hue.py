"""The hue of pixels, turned as in HSV: the text of ``csrc/ops/hue.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined, kernel
from .photometric import larger, smaller
from .point import to_pixel


@inlined
def shortfall(angle: Scalar, chroma: Scalar) -> Scalar:
    """What a channel falls short of the brightest one by, at an angle from its own hue."""
    return smaller(larger(angle - chroma, type(chroma)(0)), chroma)


@inlined
def turn_hue(
    red: Scalar, green: Scalar, blue: Scalar, turn: Scalar
) -> tuple[Scalar, Scalar, Scalar]:
    """By sixths of a turn, from -3 to 3."""
    most = larger(larger(red, green), blue)
    chroma = most - smaller(smaller(red, green), blue)
    two = chroma + chroma
    three = two + chroma
    six = three + three
    if red == most:
        angle = green - blue
    elif green == most:
        angle = (blue - red) + two
    else:
        angle = (red - green) - two
    angle = angle + turn * chroma
    angle = angle - six if angle > three else angle
    angle = angle + six if angle < -three else angle
    from_green, from_blue = abs(angle - two), abs(angle + two)
    return (
        most - shortfall(abs(angle), chroma),
        most - shortfall(smaller(from_green, six - from_green), chroma),
        most - shortfall(smaller(from_blue, six - from_blue), chroma),
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
