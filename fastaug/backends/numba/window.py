"""Windows of images, crops and pads, as ``csrc/cpu/window.cpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .copies import copy, copy_from, repeat
from .footprint import CONSTANT, map_border
from .jit import inlined, kernel


@inlined
def beside(p: Array, q: Array, columns: Array, start: int, stop: int, channels: int) -> None:
    """Columns [start, stop) of a row, from where each of them reads."""
    for x in range(start, stop):
        at, t = columns[x] * channels, x * channels
        for c in range(channels):
            q[np.uint64(t + c)] = p[np.uint64(at + c)]


@inlined
def make_rows(
    p: Array,
    q: Array,
    columns: Array,
    blank: Array,
    top: int,
    left: int,
    border: int,
    in_height: int,
    in_width: int,
    channels: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of one image, `channels` of which is known where that helps."""
    width = len(columns)
    in_length, length = in_width * channels, width * channels
    # Columns from one to another are those of the image in their order.
    inside = min(max(-left, 0), width)
    outside = max(min(in_width - left, width), inside)
    at, count = (inside + left) * channels, (outside - inside) * channels
    for side in range(2):
        start, stop = (outside, width) if side else (0, inside)
        for x in range(start, stop):
            columns[x] = map_border(left + x, in_width, border)
    for y in range(begin, end):
        from_y = map_border(top + y, in_height, border)
        to = q[y * length : (y + 1) * length]
        if from_y < 0:
            copy(blank, to)
            continue
        row = p[from_y * in_length : (from_y + 1) * in_length]
        if count > 0:
            copy_from(row, at, to, inside * channels, count)
        for side in range(2):
            start, stop = (outside, width) if side else (0, inside)
            if border == CONSTANT:
                copy_from(blank, 0, to, start * channels, (stop - start) * channels)
            else:
                beside(row, to, columns, start, stop, channels)


@kernel
def window(
    images: Array,
    out: Array,
    offsets: Array,
    fill: Array,
    border: int,
    in_height: int,
    in_width: int,
    width: int,
    channels: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last), elements of any kind of that size."""
    columns, blank = np.empty(width, np.int64), np.empty(width * channels, out.dtype)
    for i in range(first, last):
        if border == CONSTANT:
            repeat(fill[i], blank)
        p, q, (top, left) = images[i], out[i], offsets[i]
        sizes = in_height, in_width
        if channels == 1:
            make_rows(p, q, columns, blank, top, left, border, *sizes, 1, begin, end)
        elif channels == 3:
            make_rows(p, q, columns, blank, top, left, border, *sizes, 3, begin, end)
        else:
            make_rows(p, q, columns, blank, top, left, border, *sizes, channels, begin, end)
