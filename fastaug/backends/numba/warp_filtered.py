"""One row of the warp by spline orders 2 to 5, from an image that has been filtered."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .fill_mode import GRID_CONSTANT
from .jit import Scalar, inlined, shared
from .rounding import FLOAT32, UINT8, store_uint8
from .spline_coordinate import (
    bounded,
    floor_index,
    is_fill,
    spline_confine,
    spline_coordinate,
    spline_tap,
)
from .spline_filter import spline_padding
from .spline_weights import spline_weights


@inlined
def spline_taps(v: float, n: int, order: int, mode: int, at: Array, weights: Array) -> None:
    """The taps and weights along one axis at a coordinate that spline_confine has mapped."""
    knot = floor_index(v if order & 1 else v + 0.5)
    spline_weights(v - np.float64(knot), order, weights)
    for i in range(order + 1):
        at[i] = spline_tap(knot - order // 2 + i, n, mode)


@inlined
def blend(
    filtered: Array,
    fill: float,
    rows: Array,
    columns: Array,
    down: Array,
    across: Array,
    length: int,
    channels: int,
    k: int,
    order: int,
    mode: int,
) -> Scalar:
    """Channel `k` of a pixel; rows of `filtered` are `length` apart."""
    value = 0.0
    for i in range(order + 1):
        for j in range(order + 1):
            if mode == GRID_CONSTANT and (rows[i] < 0 or columns[j] < 0):
                tap = fill  # as it is, unfiltered, as it does in SciPy
            else:
                tap = filtered[np.uint64(rows[i] * length + columns[j] * channels + k)]
            value += tap * down[i] * across[j]
    return value


@shared
def filtered_row(
    filtered: Array,
    fill: Array,
    to: Array,
    t: int,
    step: int,
    row_axis: Array,
    column_axis: Array,
    row: int,
    width: int,
    channels: int,
    order: int,
    mode: int,
    room: tuple[Array, Array],
) -> None:
    """All columns of output row `row`, the first to `t`; `room` is for two times six taps and weights."""
    padding = np.float64(spline_padding(order, mode))
    tall, length = filtered.shape
    wide, flat = length // channels, filtered.reshape(-1)
    rows, columns, down, across = room[0][0], room[0][1], room[1][0], room[1][1]
    for x in range(width):
        v, u = spline_coordinate(row_axis, row, x), spline_coordinate(column_axis, row, x)
        v = spline_confine(bounded(v + padding), tall, mode)
        u = spline_confine(bounded(u + padding), wide, mode)
        filled = is_fill(v, mode) or is_fill(u, mode)
        if not filled:
            spline_taps(v, tall, order, mode, rows, down)
            spline_taps(u, wide, order, mode, columns, across)
        at = t + x * step
        for k in range(channels):
            value = fill[k]
            if not filled:
                # For each order once more: loops of known length become straight code.
                if order == 2:
                    value = blend(
                        flat, fill[k], rows, columns, down, across, length, channels, k, 2, mode
                    )
                elif order == 3:
                    value = blend(
                        flat, fill[k], rows, columns, down, across, length, channels, k, 3, mode
                    )
                elif order == 4:
                    value = blend(
                        flat, fill[k], rows, columns, down, across, length, channels, k, 4, mode
                    )
                else:
                    value = blend(
                        flat, fill[k], rows, columns, down, across, length, channels, k, 5, mode
                    )
            if to.dtype == UINT8:
                to[np.uint64(at + k)] = store_uint8(value)
            elif to.dtype == FLOAT32:
                to[np.uint64(at + k)] = np.float32(value)
            else:
                to[np.uint64(at + k)] = value
