"""Rectangles filled with a constant, as ``csrc/cpu/erase.cpp``."""

from __future__ import annotations

from ...arrays import Array
from .box import clipped_extent
from .copies import copy, copy_from, repeat
from .jit import inlined, kernel


@inlined
def fill_box(
    q: Array, pixel: Array, width: int, top: int, bottom: int, left: int, right: int
) -> None:
    """Rows [top, bottom) and columns [left, right): its first row, and copies of that."""
    channels = len(pixel)
    for y in range(top, bottom):
        row = q[(y * width + left) * channels : (y * width + right) * channels]
        if y == top:
            repeat(pixel, row)
        else:
            copy_from(q, (top * width + left) * channels, row, 0, len(row))


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
        copy(p, q)
        for b in range(boxes.shape[1]):
            top, bottom = clipped_extent(boxes[i, b, 0], boxes[i, b, 2], height)
            left, right = clipped_extent(boxes[i, b, 1], boxes[i, b, 3], width)
            top, bottom = max(top, begin) - begin, min(bottom, end) - begin
            if left < right:
                fill_box(q, fill[i], width, top, bottom, left, right)
