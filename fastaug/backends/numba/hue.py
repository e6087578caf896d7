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
    share, back, exchanged = fixed_share(abs(rest)), rest < 0.0, np.int32(thirds) % 3
    least, most = np.int32(low), np.int32(high)
    for x in range(len(q) // channels):
        at = np.uint64(x * channels)
        a, b = np.uint64(x * channels + 1), np.uint64(x * channels + 2)
        red, green, blue = np.int32(p[at]), np.int32(p[a]), np.int32(p[b])
        step = rounded_product(
            np.int32(larger(larger(red, green), blue) - smaller(smaller(red, green), blue)),
            share,
        )
        # Backwards the channels come in the other order.
        before_red, after_red = (green, blue) if back else (blue, green)
        before_green, after_green = (blue, red) if back else (red, blue)
        before_blue, after_blue = (red, green) if back else (green, red)
        new_red = step_hue(red, before_red, after_red, step)
        new_green = step_hue(green, before_green, after_green, step)
        new_blue = step_hue(blue, before_blue, after_blue, step)
        first = new_red if exchanged == 0 else new_blue if exchanged == 1 else new_green
        second = new_green if exchanged == 0 else new_red if exchanged == 1 else new_blue
        third = new_blue if exchanged == 0 else new_green if exchanged == 1 else new_red
        q[at] = np.uint8(smaller(larger(first, least), most))
        q[a] = np.uint8(smaller(larger(second, least), most))
        q[b] = np.uint8(smaller(larger(third, least), most))
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
