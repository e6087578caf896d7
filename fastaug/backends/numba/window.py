"""Windows of images, crops and pads, as ``csrc/cpu/window.cpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .copies import copy, copy_from
from .footprint import CONSTANT, map_border
from .jit import inlined, kernel


@inlined
def beside(p: Array, q: Array, columns: Array, start: int, stop: int, channels: int) -> None:
    """Columns [start, stop) of a row, from where each of them reads."""
    for x in range(start, stop):
        at, t = columns[x] * channels, x * channels
        for c in range(channels):
            q[np.uint64(t + c)] = p[np.uint64(at + c)]


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
    in_length, length = in_width * channels, width * channels
    columns, blank = np.empty(width, np.int64), np.empty(length, out.dtype)
    for i in range(first, last):
        top, left = offsets[i, 0], offsets[i, 1]
        for x in range(width):
            columns[x] = map_border(left + x, in_width, border)
            for c in range(channels):
                blank[np.uint64(x * channels + c)] = fill[i, c]
        # Columns from one to another are those of the image in their order.
        inside = min(max(-left, 0), width)
        outside = max(min(in_width - left, width), inside)
        at, count = (inside + left) * channels, (outside - inside) * channels
        for y in range(begin, end):
            from_y = map_border(top + y, in_height, border)
            q = out[i, y * length : (y + 1) * length]
            if from_y < 0:
                copy(blank, q)
                continue
            p = images[i, from_y * in_length : (from_y + 1) * in_length]
            if count > 0:
                copy_from(p, at, q, inside * channels, count)
            for side in range(2):
                start, stop = (outside, width) if side else (0, inside)
                if border == CONSTANT:
                    copy_from(
                        blank, start * channels, q, start * channels, (stop - start) * channels
                    )
                elif channels == 3:
                    beside(p, q, columns, start, stop, 3)
                else:
                    beside(p, q, columns, start, stop, channels)
