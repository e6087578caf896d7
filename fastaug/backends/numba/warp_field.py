"""The warp by a homography and a field of shifts: ``csrc/ops/warp_field.hpp`` and its loops."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .coordinates import confined_fixed
from .jit import inlined, kernel
from .rounding import constant_pixel
from .warp_affine import BILINEAR, inside, sample


@inlined
def warp_row(
    source: Array,
    fill: Array,
    to: Array,
    at: int,
    m: Array,
    shifts: Array,
    y: int,
    size: tuple[int, int, int],
    channels: int,
    interpolation: int,
    mode: int,
    room: tuple[Array, Array],
) -> None:
    """Row `y` of the output, which starts at element `at`; without shifts there are none."""
    height, width, out_width = size
    row = np.float64(y)
    start_x, start_y, start_w = m[1] * row + m[2], m[4] * row + m[5], m[7] * row + m[8]
    for x in range(out_width):
        column = np.float64(x)
        inverse = 1.0 / (m[6] * column + start_w)
        u = (m[0] * column + start_x) * inverse
        v = (m[3] * column + start_y) * inverse
        if len(shifts) > 0:
            u = u + np.float64(shifts[2 * x])
            v = v + np.float64(shifts[2 * x + 1])
        fx, fy = confined_fixed(u), confined_fixed(v)
        x0, y0 = fx >> 32, fy >> 32
        within = x0 >= 0 and x0 < width - 1 and y0 >= 0 and y0 < height - 1
        if within and interpolation == BILINEAR:
            inside(source, to, at, fx, fy, 0, 0, 1, width, channels)
        else:
            sample(
                source,
                fill,
                to,
                at,
                fx,
                fy,
                height,
                width,
                channels,
                interpolation,
                mode,
                room,
            )
        at += channels


@kernel
def warp_field(
    images: Array,
    out: Array,
    matrices: Array,
    fills: Array,
    which: Array,
    fields: Array,
    interpolation: int,
    mode: int,
    height: int,
    width: int,
    channels: int,
    out_width: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of the output of images [first, last); `which` is the field of each."""
    fill = np.empty(channels, out.dtype)
    room = np.empty(16, np.int64), np.empty(16, out.dtype)
    size = (height, width, out_width)
    for i in range(first, last):
        source, to, m = images[i], out[i], matrices[i]
        for k in range(channels):
            fill[k] = constant_pixel(fills[i, k], out)
        for y in range(begin, end):
            row = 2 * out_width * y
            shifts = fields[which[i], row : row + 2 * out_width]
            at = y * out_width * channels
            if channels == 1:
                warp_row(source, fill, to, at, m, shifts, y, size, 1, interpolation, mode, room)
            elif channels == 3:
                warp_row(source, fill, to, at, m, shifts, y, size, 3, interpolation, mode, room)
            else:
                warp_row(
                    source, fill, to, at, m, shifts, y, size, channels, interpolation, mode, room
                )
