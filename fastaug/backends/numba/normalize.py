"""Values on another scale, as floats: the text of ``csrc/ops/normalize.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import kernel


@kernel
def normalize(
    images: Array,
    out: Array,
    scale: Array,
    shift: Array,
    channels: int,
    length: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last); scale and shift, (n, c), in the type of `out`."""
    real = out.dtype.type
    # A row of each, for vector code.
    scales, shifts = np.empty((2, length * channels), out.dtype)
    for i in range(first, last):
        for k in range(len(scales)):
            scales[k], shifts[k] = scale[i, k % channels], shift[i, k % channels]
        for y in range(begin, end):
            at = y * length * channels
            p, q = images[i, at : at + len(scales)], out[i, at : at + len(scales)]
            for k in range(len(q)):
                q[k] = real(p[k]) * scales[k] + shifts[k]
