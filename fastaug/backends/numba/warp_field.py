"""The warp by a homography and a field of shifts: ``csrc/ops/warp_field.hpp`` and its loops."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .coordinates import confined_fixed, fits
from .jit import inlined, kernel
from .rounding import constant_pixel, round_half_even_64
from .warp_affine import NEAREST, all_inside, inside_limits, sample


@inlined
def row_coordinates(m: Array, shifts: Array, y: int, u: Array, v: Array, at: Array) -> None:
    """Where each pixel of row `y` is read: rows of `at` are x and y; `u` and `v` are room.

    Without shifts there are none. One step after the other, for vector code.
    """
    row = np.float64(y)
    start_x, start_y, start_w = m[1] * row + m[2], m[4] * row + m[5], m[7] * row + m[8]
    for x in range(len(u)):
        column = np.float64(x)
        inverse = 1.0 / (m[6] * column + start_w)
        u[x] = (m[0] * column + start_x) * inverse
        v[x] = (m[3] * column + start_y) * inverse
    if len(shifts) > 0:
        for x in range(len(u)):
            u[x] = u[x] + np.float64(shifts[np.uint64(2 * x)])
            v[x] = v[x] + np.float64(shifts[np.uint64(2 * x + 1)])
    for x in range(len(u)):
        at[0, x], at[1, x] = confined_fixed(u[x]), confined_fixed(v[x])


@inlined
def whole(m: Array, shifts: Array, width: int, height: int) -> bool:
    """Whether a homography, by itself, moves whole pixels."""
    if len(shifts) > 0 or m[6] != 0.0 or m[7] != 0.0 or m[8] != 1.0:
        return False
    for k in range(6):
        if round_half_even_64(m[k]) != m[k]:
            return False
    return bool(fits(m[:3], width, height) and fits(m[3:6], width, height))


@inlined
def warp_row(
    source: Array,
    fill: Array,
    to: Array,
    t: int,
    at: Array,
    limits: tuple[int, int, int],
    height: int,
    width: int,
    channels: int,
    interpolation: int,
    mode: int,
    room: tuple[Array, Array],
) -> None:
    """A row of the output, which starts at element `t`, from its coordinates.

    All taps of those from the first of `limits` to the others are inside.
    """
    low, most_x, most_y = limits
    for x in range(at.shape[1]):
        fx, fy = at[0, x], at[1, x]
        if fx >= low and fx <= most_x and fy >= low and fy <= most_y:
            all_inside(source, to, t, fx, fy, 0, 0, 1, width, channels, interpolation)
        else:
            sample(source, fill, to, t, fx, fy, height, width, channels, interpolation, mode, room)
        t += channels


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
    out_height: int,
    out_width: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of the output of images [first, last); `which` is the field of each."""
    fill = np.empty(channels, out.dtype)
    room = np.empty(16, np.int64), np.empty(16, out.dtype)
    u, v = np.empty(out_width), np.empty(out_width)
    coordinates = np.empty((2, out_width), np.int64)
    for i in range(first, last):
        source, to, m = images[i], out[i], matrices[i]
        moves = whole(m, fields[which[i]], out_width, out_height)
        how = NEAREST if moves else interpolation
        limits = inside_limits(height, width, how)
        for k in range(channels):
            fill[k] = constant_pixel(fills[i, k], out)
        for y in range(begin, end):
            row = 2 * out_width * y
            shifts = fields[which[i], row : row + 2 * out_width]
            row_coordinates(m, shifts, y, u, v, coordinates)
            at = y * out_width * channels
            if channels == 1:
                warp_row(
                    source,
                    fill,
                    to,
                    at,
                    coordinates,
                    limits,
                    height,
                    width,
                    1,
                    how,
                    mode,
                    room,
                )
            elif channels == 3:
                warp_row(
                    source,
                    fill,
                    to,
                    at,
                    coordinates,
                    limits,
                    height,
                    width,
                    3,
                    how,
                    mode,
                    room,
                )
            else:
                warp_row(
                    source,
                    fill,
                    to,
                    at,
                    coordinates,
                    limits,
                    height,
                    width,
                    channels,
                    how,
                    mode,
                    room,
                )
