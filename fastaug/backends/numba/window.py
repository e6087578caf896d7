"""Windows of images, crops and pads, as ``csrc/cpu/window.cpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .footprint import map_border
from .jit import kernel


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
    columns = np.empty(width, np.int64)
    for i in range(first, last):
        top, left = offsets[i, 0], offsets[i, 1]
        for x in range(width):
            columns[x] = map_border(left + x, in_width, border)
        # Columns from one to another are those of the image in their order.
        inside = min(max(-left, 0), width)
        outside = max(min(in_width - left, width), inside)
        for y in range(begin, end):
            from_y = map_border(top + y, in_height, border)
            q = out[i, y * length : (y + 1) * length]
            if from_y < 0:
                for k in range(length):
                    q[k] = fill[i, k % channels]
                continue
            p = images[i, from_y * in_length : (from_y + 1) * in_length]
            for k in range(inside * channels, outside * channels):
                q[k] = p[k + left * channels]
            for side in range(2):
                start, stop = (outside, width) if side else (0, inside)
                for x in range(start, stop):
                    for c in range(channels):
                        at = np.uint64(x * channels + c)
                        if columns[x] < 0:
                            q[at] = fill[i, c]
                        else:
                            q[at] = p[np.uint64(columns[x] * channels + c)]
