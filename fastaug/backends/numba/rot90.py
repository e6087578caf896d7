"""Quarter turns, as ``csrc/cpu/rot90.cpp``: an odd one reads a column for every row."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import inlined, kernel

_TILE = 16  # output rows that share the cache lines of the columns they read


@inlined
def turn_tile(
    p: Array,
    q: Array,
    start: int,
    by_y: int,
    by_x: int,
    width: int,
    channels: int,
    y0: int,
    y1: int,
    x0: int,
    x1: int,
) -> None:
    """Output pixels [x0, x1) of rows [y0, y1): (y, x) comes from start + y * by_y + x * by_x."""
    step = by_x * channels
    for y in range(y0, y1):
        at, to = (start + y * by_y + x0 * by_x) * channels, (y * width + x0) * channels
        for _ in range(x1 - x0):
            for k in range(channels):
                q[np.uint64(to + k)] = p[np.uint64(at + k)]
            at += step
            to += channels


@kernel
def rot90(
    images: Array,
    out: Array,
    turns: Array,
    height: int,
    width: int,
    out_width: int,
    channels: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of the output of images [first, last), elements of any kind of that size."""
    for i in range(first, last):
        p, q = images[i], out[i]
        if turns[i] == 0:
            start, by_y, by_x = 0, width, 1
        elif turns[i] == 1:
            start, by_y, by_x = width - 1, -1, width
        elif turns[i] == 2:
            start, by_y, by_x = height * width - 1, -width, -1
        else:
            start, by_y, by_x = (height - 1) * width, 1, -width
        for y0 in range(begin, end, _TILE):
            y1 = min(y0 + _TILE, end)
            for x0 in range(0, out_width, _TILE):
                x1 = min(x0 + _TILE, out_width)
                if channels == 1:
                    turn_tile(p, q, start, by_y, by_x, out_width, 1, y0, y1, x0, x1)
                elif channels == 3:
                    turn_tile(p, q, start, by_y, by_x, out_width, 3, y0, y1, x0, x1)
                elif channels == 4:
                    turn_tile(p, q, start, by_y, by_x, out_width, 4, y0, y1, x0, x1)
                else:
                    turn_tile(p, q, start, by_y, by_x, out_width, channels, y0, y1, x0, x1)
