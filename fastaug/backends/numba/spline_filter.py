"""The prefilter of spline orders 2 to 5: ``csrc/ops/spline_filter.hpp`` and its loops."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .copies import copy
from .fill_mode import GRID_CONSTANT, GRID_WRAP, MIRROR, NEAREST, REFLECT
from .jit import Scalar, inlined, shared
from .portable import bits_to_double
from .rounding import FLOAT32, UINT8


@inlined
def spline_padding(order: int, mode: int) -> int:
    """Pixels that SciPy adds on each side before it filters."""
    return 12 if order > 1 and mode in (NEAREST, GRID_CONSTANT) else 0


@inlined
def multiply(
    a: tuple[Scalar, Scalar, int], b: tuple[Scalar, Scalar, int]
) -> tuple[Scalar, Scalar, Scalar]:
    """(high + low) * 2**exponent, with 1 <= abs(high) < 2."""
    split = 134217729.0
    a_big, b_big = a[0] * split - (a[0] * split - a[0]), b[0] * split - (b[0] * split - b[0])
    a_small, b_small = a[0] - a_big, b[0] - b_big
    product = a[0] * b[0]
    lost = ((a_big * b_big - product) + a_big * b_small + a_small * b_big) + a_small * b_small
    rest = lost + (a[0] * b[1] + a[1] * b[0])
    high = product + rest
    low = rest - (high - product)
    exponent = a[2] + b[2]
    if high >= 2.0 or high <= -2.0:
        return high * 0.5, low * 0.5, exponent + 1
    return high, low, exponent


@inlined
def power_of_two(e: int) -> Scalar:
    """Made of its bits, for -1023 < e < 1024."""
    return bits_to_double((e + 1023) << 52)


@shared
def spline_power(z: Scalar, n: int) -> Scalar:
    """The double nearest to z**n, for a pole z and n >= 0; zero keeps the sign."""
    zero = -0.0 if n & 1 else 0.0
    if n > 2000:
        return zero
    power, high, exponent = (1.0, 0.0, 0), z, 0
    while high > -1.0 and high < 1.0:
        high *= 2.0
        exponent -= 1
    square = (high, 0.0, exponent)
    while n > 0:
        if n & 1:
            power = multiply(power, square)
        square = multiply(square, square)
        n >>= 1
    high, low, e = power
    if e < -1080:
        return zero
    # Two steps, of which only the second can round.
    first = max(e, -1000)
    made = high * power_of_two(first) * power_of_two(e - first)
    if e < -1022:
        # It did, to a subnormal number, and `low` has the say where `high` lay halfway.
        error = high - made * power_of_two(1000) * power_of_two(-e - 1000)
        half, least = power_of_two(-1075 - e), 5e-324
        if error == half and low > 0.0:
            made += least
        if error == -half and low < 0.0:
            made -= least
    return made


@inlined
def first_power(order: int, z: Scalar, n: int) -> Scalar:
    """What SciPy has of glibc, which is one unit off at a few lengths."""
    off = 0.0
    if order == 2:
        off = 2.0**-419 if n == 144 else 2.0**-615 if n == 221 else 0.0
    elif order == 4:
        off = 2.0**-656 if n == 411 else 0.0
    elif order == 5:
        off = -(2.0**-916) if n == 710 else -(2.0**-936) if n == 727 else 0.0
    power = spline_power(z, n)
    return power if off == 0.0 else power + off


@inlined
def add_mirrored(total: Array, z_i: Scalar, a: Array, z_n: Scalar, b: Array) -> None:
    """Column by column; `b` may be `total` itself."""
    for k in range(len(total)):
        total[k] += z_i * (a[k] + z_n * b[k])


@inlined
def add_scaled(total: Array, z_i: Scalar, a: Array) -> None:
    """Column by column."""
    for k in range(len(total)):
        total[k] += z_i * a[k]


@inlined
def start_down(c: Array, total: Array, z: Scalar, z_n: Scalar, mode: int) -> None:
    """The first number of the pass down: with it goes what the line's continuation adds."""
    n = len(c)
    first, last = c[0], c[n - 1]
    copy(first, total)
    z_i = z
    if mode == GRID_WRAP:
        for i in range(1, n):
            add_scaled(total, z_i, c[n - i])
            z_i *= z
        for k in range(len(total)):
            first[k] = total[k] / (1.0 - z_i)
        return
    add_scaled(total, z_n, last)
    for i in range(1, n - 1):
        add_mirrored(total, z_i, c[i], z_n, c[n - 1 - i])
        z_i *= z
    if mode == MIRROR:
        for k in range(len(total)):
            first[k] = total[k] / (1.0 - z_n * z_n)
        return
    # SciPy keeps its sum in the first number, which is the one that the last term reads.
    add_mirrored(total, z_i, last, z_n, total)
    scale = z / (1.0 - z_n * z_n)
    for k in range(len(total)):
        first[k] = total[k] * scale + first[k]


@inlined
def start_up(c: Array, total: Array, z: Scalar, mode: int) -> None:
    """The last number, from which the pass back up starts."""
    n = len(c)
    last = c[n - 1]
    if mode == GRID_WRAP:
        copy(last, total)
        z_i = z
        for i in range(n - 1):
            add_scaled(total, z_i, c[i])
            z_i *= z
        for k in range(len(last)):
            last[k] = total[k] * (z / (z_i - 1.0))
    elif mode == REFLECT:
        for k in range(len(last)):
            last[k] *= z / (z - 1.0)
    else:
        before = c[n - 2]
        for k in range(len(last)):
            last[k] = (z * before[k] + last[k]) * z / (z * z - 1.0)


@shared
def spline_filter(c: Array, order: int, mode: int, total: Array) -> None:
    """Filters down the columns of an array of more than one row, in place; `total` is a row of room."""
    n = len(c)
    if mode != GRID_WRAP:
        mode = REFLECT if mode in (REFLECT, NEAREST) else MIRROR
    if order == 2:
        first, second = -0.17157287525380990, 0.0
    elif order == 3:
        first, second = -0.26794919243112270, 0.0
    elif order == 4:
        first, second = -0.36134122590022018, -0.013725429297339121
    else:
        first, second = -0.43057534709997379, -0.043096288203264654
    gain = (1.0 - first) * (1.0 - 1.0 / first)
    if order > 3:
        gain *= (1.0 - second) * (1.0 - 1.0 / second)
    for i in range(n):
        row = c[i]
        for k in range(len(row)):
            row[k] *= gain
    length = n - 1 if mode == MIRROR else n
    for pole in range(order // 2):
        z = second if pole else first
        z_n = spline_power(z, length) if pole else first_power(order, z, length)
        start_down(c, total, z, z_n, mode)
        for i in range(1, n):
            row, before = c[i], c[i - 1]
            for k in range(len(row)):
                row[k] += z * before[k]
        start_up(c, total, z, mode)
        for i in range(n - 2, -1, -1):
            row, after = c[i], c[i + 1]
            for k in range(len(row)):
                row[k] = z * (after[k] - row[k])


@inlined
def padded_fill(fill: Scalar, like: Array) -> Scalar:
    """A fill value as SciPy pads with it, by way of the images' dtype."""
    if like.dtype == UINT8:
        if fill > -2147483649.0 and fill < 2147483648.0:
            return np.float64(np.uint8(np.int32(fill) & 255))
        return 0.0
    if like.dtype == FLOAT32:
        return np.float64(np.float32(fill))
    return fill


@shared
def filter_image(
    source: Array,
    fill: Array,
    height: int,
    width: int,
    channels: int,
    order: int,
    mode: int,
    like: Array,
    made: Array,
    turned: Array,
    total: Array,
) -> None:
    """Pads and filters an image into `made`, (H, W * C); `turned`, (W, H * C), and `total` are room.

    Fill values pass through the dtype of `like`.
    """
    padding = spline_padding(order, mode)
    tall, length = made.shape
    for y in range(tall):
        from_y = min(max(y - padding, 0), height - 1)
        for e in range(length):
            x, k = e // channels - padding, e % channels
            from_x = min(max(x, 0), width - 1)
            if mode == GRID_CONSTANT and (from_x != x or from_y != y - padding):
                made[y, e] = padded_fill(fill[k], like)
            else:
                made[y, e] = np.float64(source[(from_y * width + from_x) * channels + k])
    if tall > 1:
        spline_filter(made, order, mode, total[:length])
    wide = length // channels
    if wide > 1:
        for y in range(tall):
            for x in range(wide):
                for k in range(channels):
                    turned[x, y * channels + k] = made[y, x * channels + k]
        spline_filter(turned, order, mode, total[: turned.shape[1]])
        for y in range(tall):
            for x in range(wide):
                for k in range(channels):
                    made[y, x * channels + k] = turned[x, y * channels + k]
