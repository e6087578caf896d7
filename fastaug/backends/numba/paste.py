"""A rectangle of one image put into another, as ``csrc/cpu/paste.cpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .box import clipped_extent
from .jit import kernel


@kernel
def paste(
    images: Array,
    out: Array,
    others: Array,
    boxes: Array,
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
        p, q, r = images[i], out[i], others[i]
        for k in range(begin * length, end * length):
            q[np.uint64(k)] = p[np.uint64(k)]
        top, bottom = clipped_extent(boxes[i, 0], boxes[i, 2], height)
        left, right = clipped_extent(boxes[i, 1], boxes[i, 3], width)
        for y in range(max(top, begin), min(bottom, end)):
            for k in range(y * length + left * channels, y * length + right * channels):
                q[np.uint64(k)] = r[np.uint64(k)]
