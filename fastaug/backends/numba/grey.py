"""The mean grey of an image, in the order of ``csrc/ops/grey.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined

LANES = 16
RED, GREEN, BLUE = 0.299, 0.587, 0.114


MOST = 4 * LANES  # room for the sums of that many channels


@inlined
def fold(lane: Array, channels: int) -> None:
    """Partial sums of each channel in halves, into the first."""
    half = LANES // 2
    while half > 0:
        for k in range(half * channels):
            lane[k] += lane[k + half * channels]
        half //= 2


@inlined
def add_row(row: Array, lane: Array, channels: int) -> None:
    """A row to the sums of its channels; its pixels go to one lane after the other."""
    together = LANES * channels
    whole = len(row) // together * together
    for i in range(0, whole, together):
        for k in range(together):
            lane[k] += np.float64(row[np.uint64(i + k)])
    for k in range(len(row) - whole):
        lane[k] += np.float64(row[np.uint64(whole + k)])


@inlined
def add_all(row: Array, lane: Array, channels: int) -> None:
    """A row to the sums of its pixels, whatever the channels."""
    for x in range(len(row) // channels):
        for k in range(channels):
            lane[x % LANES] += np.float64(row[np.uint64(x * channels + k)])


@inlined
def mean_grey(v: Array, height: int, width: int, channels: int, sums: Array, lane: Array) -> Scalar:
    """Of all values where there are no colours; `sums`, of four, and `lane`, of `MOST`, are room."""
    sums[:] = 0.0
    colours = channels == 3 or channels == 4
    together = channels if colours else 1
    length = width * channels
    for y in range(height):
        row = v[y * length : (y + 1) * length]
        lane[:] = 0.0
        if channels == 1:
            add_row(row, lane, 1)
        elif channels == 3:
            add_row(row, lane, 3)
        elif channels == 4:
            add_row(row, lane, 4)
        else:
            add_all(row, lane, channels)
        fold(lane, together)
        for c in range(together):
            sums[c] += lane[c]
    pixels = np.float64(height * width)
    if not colours:
        return sums[0] / (pixels * np.float64(channels))
    return ((RED * sums[0] + GREEN * sums[1]) + BLUE * sums[2]) / pixels
