"""The hue of pixels, turned as in HSV: the text of ``csrc/ops/hue.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .fixed import fixed_share, rounded_product
from .jit import Scalar, inlined, kernel
from .photometric import larger, smaller
from .point import to_pixel
from .rounding import UINT8, round_half_even_64

_NONE = np.int32(0)


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


@inlined
def excess(a: Scalar, b: Scalar) -> Scalar:
    """By how much the first exceeds the second, if it does."""
    return larger(np.int32(a - b), _NONE)


@inlined
def step_hue(v: Scalar, before: Scalar, after: Scalar, step: Scalar) -> Scalar:
    """A channel after the hue went on by so many levels."""
    up = smaller(excess(step, excess(after, v)), excess(before, v))
    down = smaller(excess(step, excess(v, after)), excess(v, before))
    return np.int32(np.int32(v + up) - down)


@inlined
def turn_bytes(p: Array, q: Array, turn: Scalar, low: Scalar, high: Scalar, channels: int) -> None:
    """Bytes in whole levels; a fourth channel stays as it is."""
    thirds = round_half_even_64(0.5 * turn)
    rest = turn - 2.0 * thirds
    share, back = fixed_share(abs(rest)), rest < 0.0
    # Backwards green and blue change places; thirds exchange all, in what is written.
    second, third = (2, 1) if back else (1, 2)
    exchanged = np.int64(thirds)
    to_first, to_second = exchanged % 3, (second + exchanged) % 3
    to_third = (third + exchanged) % 3
    least, most = np.int32(low), np.int32(high)
    for x in range(len(q) // channels):
        at = x * channels
        one = np.int32(p[np.uint64(at)])
        two, three = np.int32(p[np.uint64(at + second)]), np.int32(p[np.uint64(at + third)])
        brightest, darkest = larger(larger(one, two), three), smaller(smaller(one, two), three)
        step = rounded_product(np.int32(brightest - darkest), share)
        made = step_hue(one, three, two, step)
        q[np.uint64(at + to_first)] = np.uint8(smaller(larger(made, least), most))
        made = step_hue(two, one, three, step)
        q[np.uint64(at + to_second)] = np.uint8(smaller(larger(made, least), most))
        made = step_hue(three, two, one, step)
        q[np.uint64(at + to_third)] = np.uint8(smaller(larger(made, least), most))
        if channels == 4:
            q[np.uint64(at + 3)] = p[np.uint64(at + 3)]


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
    """Rows [begin, end) of images [first, last); limits in the type of the arithmetic."""
    length = width * channels
    real = type(low)
    for i in range(first, last):
        p, q = images[i, begin * length : end * length], out[i, begin * length : end * length]
        if out.dtype == UINT8:
            if channels == 3:
                turn_bytes(p, q, turns[i], low, high, 3)
            else:
                turn_bytes(p, q, turns[i], low, high, 4)
        elif channels == 3:
            turn_pixels(p, q, real(turns[i]), low, high, 3)
        else:
            turn_pixels(p, q, real(turns[i]), low, high, 4)
