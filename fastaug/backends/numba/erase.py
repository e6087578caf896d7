"""Rectangles filled with a constant, as ``csrc/cpu/erase.cpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .box import clipped_extent
from .jit import kernel


@kernel
def erase(
    images: Array,
    out: Array,
    boxes: Array,
    fill: Array,
    height: int,
    width: int,
    channels: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last), elements of any kind of that size."""
    length = width * channels
    for i in range(first, last):
        p, q = images[i, begin * length : end * length], out[i, begin * length : end * length]
        for k in range(len(q)):
            q[k] = p[k]
        for b in range(boxes.shape[1]):
            top, bottom = clipped_extent(boxes[i, b, 0], boxes[i, b, 2], height)
            left, right = clipped_extent(boxes[i, b, 1], boxes[i, b, 3], width)
            for y in range(max(top, begin), min(bottom, end)):
                for x in range(left, right):
                    for c in range(channels):
                        at = ((y - begin) * width + x) * channels + c
                        q[np.uint64(at)] = fill[i, c]
