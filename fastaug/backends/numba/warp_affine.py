"""The affine warp: ``csrc/ops/warp_affine.hpp`` and its loops.

Per output row a loop without branches over the columns that read inside the image, and a general
one, by fill mode, on either side.
"""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .bicubic import blend_cubic, cubic_inside
from .coordinates import (
    HALF,
    confine,
    fits,
    narrow,
    to_fixed,
    whole,
    wide_coordinate,
    worth_fetching,
)
from .copies import copy, copy_from
from .fill_mode import CONSTANT, map_tap
from .jit import Scalar, inlined, kernel, shared
from .rounding import UINT8, constant_uint8

_FRACTION = np.float32(5.9604644775390625e-8)  # 2**-24
_LOW = 0xFFFFFFFF
NEAREST, BILINEAR, BICUBIC = range(3)


@inlined
def float_weight(coordinate: int) -> Scalar:
    """The fraction of a coordinate, in 24 bits."""
    return np.float32(np.int32((coordinate & _LOW) >> 8)) * _FRACTION


@inlined
def blend_floats(
    p00: Scalar, p01: Scalar, p10: Scalar, p11: Scalar, x: Scalar, y: Scalar
) -> Scalar:
    """Three linear blends, each one subtraction, one product and one sum."""
    top = p00 + x * (p01 - p00)
    bottom = p10 + x * (p11 - p10)
    return top + y * (bottom - top)


@inlined
def integer_weights(fx: int, fy: int) -> tuple[Scalar, Scalar, Scalar, Scalar]:
    """Four weights of 14 bits that sum to 2**14 exactly."""
    x = (((fx & _LOW) >> 17) + 1) >> 1
    y = (((fy & _LOW) >> 17) + 1) >> 1
    w11 = (x * y + 8192) >> 14
    w10 = y - w11
    return (
        np.int32(16384 - x - w10),
        np.int32(x - w11),
        np.int32(w10),
        np.int32(w11),
    )


@inlined
def blend_bytes(
    p00: Scalar,
    p01: Scalar,
    p10: Scalar,
    p11: Scalar,
    w00: Scalar,
    w01: Scalar,
    w10: Scalar,
    w11: Scalar,
) -> Scalar:
    """The weighted mean, rounded half to even."""
    upper = np.int32(np.int32(p00) * w00) + np.int32(np.int32(p01) * w01)
    lower = np.int32(np.int32(p10) * w10) + np.int32(np.int32(p11) * w11)
    total = np.int32(upper + lower)
    return np.uint8((total + 8191 + ((total >> 14) & 1)) >> 14)


@inlined
def inside(
    source: Array,
    to: Array,
    t: int,
    fx: int,
    fy: int,
    step_x: int,
    step_y: int,
    count: int,
    width: int,
    channels: int,
) -> None:
    """Bilinear pixels, from element `t` of a row on, whose taps all lie inside."""
    length = width * channels
    for _ in range(count):
        a = (fy >> 32) * length + (fx >> 32) * channels
        b, c, d = a + channels, a + length, a + length + channels
        if source.dtype == UINT8:
            w00, w01, w10, w11 = integer_weights(fx, fy)
            for k in range(channels):
                # Unsigned: Numba asks of a signed index whether it counts from the end.
                to[np.uint64(t + k)] = blend_bytes(
                    source[np.uint64(a + k)],
                    source[np.uint64(b + k)],
                    source[np.uint64(c + k)],
                    source[np.uint64(d + k)],
                    w00,
                    w01,
                    w10,
                    w11,
                )
        else:
            x, y = float_weight(fx), float_weight(fy)
            for k in range(channels):
                to[np.uint64(t + k)] = blend_floats(
                    source[np.uint64(a + k)],
                    source[np.uint64(b + k)],
                    source[np.uint64(c + k)],
                    source[np.uint64(d + k)],
                    x,
                    y,
                )
        t += channels
        fx += step_x
        fy += step_y


@inlined
def nearest_inside(
    source: Array,
    to: Array,
    t: int,
    fx: int,
    fy: int,
    step_x: int,
    step_y: int,
    count: int,
    width: int,
    channels: int,
) -> None:
    """Pixels whose one tap lies inside."""
    length = width * channels
    fx += HALF
    fy += HALF
    for _ in range(count):
        a = (fy >> 32) * length + (fx >> 32) * channels
        for k in range(channels):
            to[np.uint64(t + k)] = source[np.uint64(a + k)]
        t += channels
        fx += step_x
        fy += step_y


@inlined
def element(y: int, x: int, length: int, channels: int) -> int:
    """Where a pixel starts, or -1 for the fill value."""
    return -1 if x < 0 or y < 0 else y * length + x * channels


@inlined
def sample(
    source: Array,
    fill: Array,
    to: Array,
    at: int,
    fx: int,
    fy: int,
    height: int,
    width: int,
    channels: int,
    interpolation: int,
    mode: int,
    room: tuple[Array, Array],
) -> None:
    """The pixel that starts at element `at`, wherever it reads."""
    length = width * channels
    taps, pixels = room
    inside_x, fx = confine(fx, width, mode)
    inside_y, fy = confine(fy, height, mode)
    a = -1
    if inside_x and inside_y:
        if interpolation == BICUBIC:
            blend_cubic(source, fill, to, at, fx, fy, height, width, channels, mode, taps, pixels)
            return
        if interpolation == BILINEAR:
            # The second tap of the last pixel has no weight where the mode confines
            # coordinates.
            x0, x1 = map_tap(fx >> 32, width, mode), map_tap((fx >> 32) + 1, width, mode)
            y0, y1 = map_tap(fy >> 32, height, mode), map_tap((fy >> 32) + 1, height, mode)
            a, b = element(y0, x0, length, channels), element(y0, x1, length, channels)
            c, d = element(y1, x0, length, channels), element(y1, x1, length, channels)
            w00, w01, w10, w11 = integer_weights(fx, fy)
            weight_x, weight_y = float_weight(fx), float_weight(fy)
            for k in range(channels):
                p00 = fill[k] if a < 0 else source[np.uint64(a + k)]
                p01 = fill[k] if b < 0 else source[np.uint64(b + k)]
                p10 = fill[k] if c < 0 else source[np.uint64(c + k)]
                p11 = fill[k] if d < 0 else source[np.uint64(d + k)]
                if source.dtype == UINT8:
                    v = blend_bytes(p00, p01, p10, p11, w00, w01, w10, w11)
                else:
                    v = blend_floats(p00, p01, p10, p11, weight_x, weight_y)
                to[np.uint64(at + k)] = v
            return
        x0 = map_tap((fx + HALF) >> 32, width, mode)
        y0 = map_tap((fy + HALF) >> 32, height, mode)
        a = element(y0, x0, length, channels)
    for k in range(channels):
        to[np.uint64(at + k)] = fill[k] if a < 0 else source[np.uint64(a + k)]


@inlined
def fill_columns(to: Array, t: int, blank: Array, begin: int, end: int, channels: int) -> None:
    """Columns [begin, end) of a row that starts at element `t`, from a row of nothing but fill."""
    a = begin * channels
    copy_from(blank, a, to, t + a, end * channels - a)


@shared
def outside(
    source: Array,
    fill: Array,
    to: Array,
    t: int,
    row_x: Array,
    row_y: Array,
    fixed: tuple[int, ...],
    y: int,
    begin: int,
    end: int,
    height: int,
    width: int,
    channels: int,
    interpolation: int,
    mode: int,
    room: tuple[Array, Array],
) -> None:
    """Columns [begin, end) of row `y`, which starts at element `t`, wherever they read."""
    fits, step_x, start_x, step_y, start_y = fixed
    for x in range(begin, end):
        if fits:
            fx, fy = start_x + step_x * x, start_y + step_y * x
        else:
            fx, fy = wide_coordinate(row_x, x, y), wide_coordinate(row_y, x, y)
        sample(
            source,
            fill,
            to,
            t + x * channels,
            fx,
            fy,
            height,
            width,
            channels,
            interpolation,
            mode,
            room,
        )


@inlined
def all_inside(
    source: Array,
    to: Array,
    t: int,
    fx: int,
    fy: int,
    step_x: int,
    step_y: int,
    count: int,
    width: int,
    channels: int,
    interpolation: int,
) -> None:
    """So many pixels, all of whose taps lie inside, from element `t` on."""
    if interpolation == NEAREST:
        nearest_inside(source, to, t, fx, fy, step_x, step_y, count, width, channels)
    elif interpolation == BILINEAR:
        inside(source, to, t, fx, fy, step_x, step_y, count, width, channels)
    else:
        for _ in range(count):
            cubic_inside(source, to, t, fx, fy, width, channels)
            t += channels
            fx += step_x
            fy += step_y


@inlined
def inside_limits(height: int, width: int, interpolation: int) -> tuple[int, int, int]:
    """The least coordinate whose taps are all inside, and the greatest x and y.

    Bilinear has a second tap, bicubic two of them and one before.
    """
    low = 1 << 32 if interpolation == BICUBIC else 0
    further = 0 if interpolation == NEAREST else low + 1
    return low, ((width - 1) << 32) - further, ((height - 1) << 32) - further


@inlined
def narrow_both(
    begin: int,
    end: int,
    starts: tuple[int, int],
    steps: tuple[int, int],
    low: int,
    limits: tuple[int, int],
) -> tuple[int, int]:
    """The columns of [begin, end) whose coordinates are `low` at least, and at most the limits."""
    begin, end = narrow(begin, end, starts[0] - low, steps[0], limits[0] - low)
    return narrow(begin, end, starts[1] - low, steps[1], limits[1] - low)


@kernel
def warp_affine(
    images: Array,
    out: Array,
    matrices: Array,
    fills: Array,
    interpolation: int,
    mode: int,
    height: int,
    width: int,
    channels: int,
    out_height: int,
    out_width: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of the output of images [first, last)."""
    fill, fetched = np.empty(channels, out.dtype), np.empty(images.shape[1], out.dtype)
    room = np.empty(16, np.int64), np.empty(16, out.dtype)
    blank = np.empty(out_width * channels, out.dtype)
    edges = (width - 1) << 32, (height - 1) << 32
    for i in range(first, last):
        how = NEAREST if whole(matrices[i], out_width, out_height) else interpolation
        low, most_x, most_y = inside_limits(height, width, how)
        source, to = images[i], out[i]
        if worth_fetching(matrices[i, 3], end - begin, out_height, out_width):
            copy(source, fetched)
            source = fetched
        row_x, row_y = matrices[i, :3], matrices[i, 3:]
        for k in range(channels):
            if out.dtype == UINT8:
                fill[k] = constant_uint8(fills[i, k])
            else:
                fill[k] = np.float32(fills[i, k])
        for k in range(len(blank)):
            blank[k] = fill[k % channels]
        fixed = fits(row_x, out_width, out_height) and fits(row_y, out_width, out_height)
        step_x, step_y, down_x, down_y, start_x, start_y = 0, 0, 0, 0, 0, 0
        if fixed:
            step_x, down_x, start_x = to_fixed(row_x[0]), to_fixed(row_x[1]), to_fixed(row_x[2])
            step_y, down_y, start_y = to_fixed(row_y[0]), to_fixed(row_y[1]), to_fixed(row_y[2])
        steps = step_x, step_y
        for y in range(begin, end):
            starts = start_x + down_x * y, start_y + down_y * y
            at = y * out_width * channels
            # From `near` to `far` something is read; from `left` to `right` all of it is inside.
            near, far, left, right = 0, out_width, 0, 0
            if fixed:
                if mode == CONSTANT:
                    near, far = narrow_both(0, out_width, starts, steps, 0, edges)
                    fill_columns(to, at, blank, 0, near, channels)
                    fill_columns(to, at, blank, far, out_width, channels)
                left, right = narrow_both(near, far, starts, steps, low, (most_x, most_y))
            for part in range(2):
                outside(
                    source,
                    fill,
                    to,
                    at,
                    row_x,
                    row_y,
                    (int(fixed), step_x, starts[0], step_y, starts[1]),
                    y,
                    right if part else near,
                    far if part else left,
                    height,
                    width,
                    channels,
                    how,
                    mode,
                    room,
                )
            t, count = at + left * channels, right - left
            fx, fy = starts[0] + step_x * left, starts[1] + step_y * left
            if channels == 1:
                all_inside(source, to, t, fx, fy, step_x, step_y, count, width, 1, how)
            elif channels == 3:
                all_inside(source, to, t, fx, fy, step_x, step_y, count, width, 3, how)
            elif channels == 4:
                all_inside(source, to, t, fx, fy, step_x, step_y, count, width, 4, how)
            else:
                all_inside(source, to, t, fx, fy, step_x, step_y, count, width, channels, how)
