"""The affine warp in SciPy's arithmetic: ``csrc/ops/warp_spline.hpp`` and its loops.

Orders 0 and 1 are here; those from 2 on are in ``warp_filtered.py``.
"""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .coordinates import worth_fetching
from .copies import copy
from .jit import Scalar, inlined, kernel, shared
from .rounding import FLOAT32, UINT8, store_uint8
from .spline_coordinate import (
    bounded,
    floor_index,
    is_fill,
    narrow_spline,
    spline_confine,
    spline_coordinate,
    spline_tap,
)
from .spline_filter import filter_image, spline_padding
from .warp_filtered import filtered_row


@inlined
def spline_blend(
    p00: Scalar, p01: Scalar, p10: Scalar, p11: Scalar, rows: Scalar, columns: Scalar
) -> Scalar:
    """SciPy's sum, which starts from zero and so is never minus zero.

    `rows` and `columns` are the weights of the lower taps.
    """
    total = 0.0 + np.float64(p00) * rows * columns
    total += np.float64(p01) * rows * (1.0 - columns)
    total += np.float64(p10) * (1.0 - rows) * columns
    total += np.float64(p11) * (1.0 - rows) * (1.0 - columns)
    return total + 0.0


@inlined
def inside(
    source: Array,
    to: Array,
    t: int,
    step: int,
    row_axis: Array,
    column_axis: Array,
    row: int,
    begin: int,
    end: int,
    width: int,
    channels: int,
) -> None:
    """Order 1 of columns [begin, end) whose taps all lie inside."""
    length = width * channels
    for x in range(begin, end):
        v, u = spline_coordinate(row_axis, row, x), spline_coordinate(column_axis, row, x)
        i, j = np.int64(v), np.int64(u)
        rows, columns = 1.0 - (v - np.float64(i)), 1.0 - (u - np.float64(j))
        a = i * length + j * channels
        b, c, d = a + channels, a + length, a + length + channels
        at = t + x * step
        for k in range(channels):
            p00, p01 = source[np.uint64(a + k)], source[np.uint64(b + k)]
            p10, p11 = source[np.uint64(c + k)], source[np.uint64(d + k)]
            v = spline_blend(p00, p01, p10, p11, rows, columns)
            if to.dtype == UINT8:
                to[np.uint64(at + k)] = store_uint8(v)
            elif to.dtype == FLOAT32:
                to[np.uint64(at + k)] = np.float32(v)
            else:
                to[np.uint64(at + k)] = v


@inlined
def one_tap_inside(
    source: Array,
    to: Array,
    t: int,
    step: int,
    row_axis: Array,
    column_axis: Array,
    row: int,
    begin: int,
    end: int,
    width: int,
    channels: int,
) -> None:
    """Order 0 of columns [begin, end) whose coordinates all lie inside."""
    length = width * channels
    for x in range(begin, end):
        v, u = spline_coordinate(row_axis, row, x), spline_coordinate(column_axis, row, x)
        a = np.int64(v + 0.5) * length + np.int64(u + 0.5) * channels
        at = t + x * step
        for k in range(channels):
            pixel = source[np.uint64(a + k)]
            # SciPy's sum starts from zero, which is never minus zero; bytes are what they are.
            to[np.uint64(at + k)] = pixel if to.dtype == UINT8 else pixel + to.dtype.type(0)


@inlined
def all_inside(
    source: Array,
    to: Array,
    t: int,
    step: int,
    row_axis: Array,
    column_axis: Array,
    row: int,
    span: tuple[int, int],
    width: int,
    channels: int,
    order: int,
) -> None:
    """Orders 0 and 1 of a span of columns that read nothing outside."""
    begin, end = span
    if order == 0:
        one_tap_inside(source, to, t, step, row_axis, column_axis, row, begin, end, width, channels)
    else:
        inside(source, to, t, step, row_axis, column_axis, row, begin, end, width, channels)


@shared
def outside(
    source: Array,
    fill: Array,
    to: Array,
    t: int,
    step: int,
    row_axis: Array,
    column_axis: Array,
    row: int,
    begin: int,
    end: int,
    height: int,
    width: int,
    channels: int,
    order: int,
    mode: int,
) -> None:
    """Columns [begin, end), wherever they read."""
    length = width * channels
    for x in range(begin, end):
        v, u = spline_coordinate(row_axis, row, x), spline_coordinate(column_axis, row, x)
        v = spline_confine(bounded(v), height, mode)
        u = spline_confine(bounded(u), width, mode)
        at = t + x * step
        filled = is_fill(v, mode) or is_fill(u, mode)
        # Order 0 is the one tap itself, through the same sum.
        i = floor_index(v) if order else floor_index(v + 0.5)
        j = floor_index(u) if order else floor_index(u + 0.5)
        rows = 1.0 - (v - np.float64(i))
        columns = 1.0 - (u - np.float64(j))
        y0, x0 = spline_tap(i, height, mode), spline_tap(j, width, mode)
        y1, x1 = y0, x0
        if order:
            y1, x1 = spline_tap(i + 1, height, mode), spline_tap(j + 1, width, mode)
        a, b = y0 * length + x0 * channels, y0 * length + x1 * channels
        c, d = y1 * length + x0 * channels, y1 * length + x1 * channels
        for k in range(channels):
            # The fill value stays a double, as it does in SciPy.
            p00 = fill[k] if x0 < 0 or y0 < 0 else np.float64(source[np.uint64(a + k)])
            value = 0.0 + p00
            if order:
                p01 = fill[k] if x1 < 0 or y0 < 0 else np.float64(source[np.uint64(b + k)])
                p10 = fill[k] if x0 < 0 or y1 < 0 else np.float64(source[np.uint64(c + k)])
                p11 = fill[k] if x1 < 0 or y1 < 0 else np.float64(source[np.uint64(d + k)])
                value = spline_blend(p00, p01, p10, p11, rows, columns)
            value = fill[k] if filled else value
            if to.dtype == UINT8:
                to[np.uint64(at + k)] = store_uint8(value)
            elif to.dtype == FLOAT32:
                to[np.uint64(at + k)] = np.float32(value)
            else:
                to[np.uint64(at + k)] = value


@kernel
def warp_spline(
    images: Array,
    out: Array,
    matrices: Array,
    fills: Array,
    mirror: Array,
    order: int,
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
    fetched = np.empty(images.shape[1], out.dtype)
    padding = spline_padding(order, mode)
    tall, wide = (height + 2 * padding, width + 2 * padding) if order > 1 else (0, 0)
    filtered = np.empty((tall, wide * channels))
    turned = np.empty((wide, tall * channels))
    total = np.empty(max(tall, wide) * channels)
    room = np.empty((2, 6), np.int64), np.empty((2, 6))
    for i in range(first, last):
        source, to, fill = images[i], out[i], fills[i]
        if order > 1:
            filter_image(
                source, fill, height, width, channels, order, mode, to, filtered, turned, total
            )
        elif worth_fetching(matrices[i, 1], end - begin, out_height, out_width):
            copy(source, fetched)
            source = fetched
        row_axis = np.array([matrices[i, 0], matrices[i, 1], matrices[i, 2]])
        column_axis = np.array([matrices[i, 3], matrices[i, 4], matrices[i, 5]])
        for y in range(begin, end):
            row = out_height - 1 - y if mirror[i, 0] else y
            left = right = 0
            if order < 2:
                left, right = narrow_spline(row_axis, row, 0, out_width, np.float64(height - 1))
                left, right = narrow_spline(column_axis, row, left, right, np.float64(width - 1))
            at, step = y * out_width * channels, channels
            if mirror[i, 1]:
                at, step = at + (out_width - 1) * channels, -channels
            if order > 1:
                filtered_row(
                    filtered,
                    fill,
                    to,
                    at,
                    step,
                    row_axis,
                    column_axis,
                    row,
                    out_width,
                    channels,
                    order,
                    mode,
                    room,
                )
                continue
            for part in range(2):
                outside(
                    source,
                    fill,
                    to,
                    at,
                    step,
                    row_axis,
                    column_axis,
                    row,
                    right if part else 0,
                    out_width if part else left,
                    height,
                    width,
                    channels,
                    order,
                    mode,
                )
            span = left, right
            if channels == 1:
                all_inside(source, to, at, step, row_axis, column_axis, row, span, width, 1, order)
            elif channels == 3:
                all_inside(source, to, at, step, row_axis, column_axis, row, span, width, 3, order)
            elif channels == 4:
                all_inside(source, to, at, step, row_axis, column_axis, row, span, width, 4, order)
            else:
                all_inside(
                    source, to, at, step, row_axis, column_axis, row, span, width, channels, order
                )
