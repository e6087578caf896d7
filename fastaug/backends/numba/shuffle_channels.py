"""Channels in another order, as ``csrc/cpu/shuffle_channels.cpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import kernel


@kernel
def shuffle_channels(
    images: Array,
    out: Array,
    order: Array,
    fill: Array,
    width: int,
    channels: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last), elements of any kind of that size."""
    pixel = np.empty(channels, images.dtype)
    for i in range(first, last):
        p, q = images[i], out[i]
        for x in range(begin * width, end * width):
            at = x * channels
            for c in range(channels):  # all of it before any is written: both may be the same
                pixel[c] = p[np.uint64(at + c)]
            for c in range(channels):
                k = order[i, c]
                q[np.uint64(at + c)] = fill[i, c] if k < 0 else pixel[k]
