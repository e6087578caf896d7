"""The mean grey of an image, in the order of ``csrc/ops/grey.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined

LANES = 16
_RED, _GREEN, _BLUE = 0.299, 0.587, 0.114


@inlined
def fold(lane: Array) -> Scalar:
    """Partial sums in halves."""
    half = LANES // 2
    while half > 0:
        for k in range(half):
            lane[k] += lane[k + half]
        half //= 2
    return lane[0]


@inlined
def mean_grey(v: Array, height: int, width: int, channels: int, sums: Array, lane: Array) -> Scalar:
    """Of all values where there are no colours; `sums`, of four, and `lane` are room to work in."""
    sums[:] = 0.0
    colours = channels == 3 or channels == 4
    for y in range(height):
        for c in range(channels if colours else 1):
            lane[:] = 0.0
            for x in range(width):
                at = (y * width + x) * channels
                if colours:
                    lane[x % LANES] += np.float64(v[np.uint64(at + c)])
                else:
                    for k in range(channels):
                        lane[x % LANES] += np.float64(v[np.uint64(at + k)])
            sums[c] += fold(lane)
    pixels = np.float64(height * width)
    if not colours:
        return sums[0] / (pixels * np.float64(channels))
    return ((_RED * sums[0] + _GREEN * sums[1]) + _BLUE * sums[2]) / pixels
