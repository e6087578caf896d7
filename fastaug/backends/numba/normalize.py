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
    for i in range(first, last):
        p, q = images[i], out[i]
        for x in range(begin * length, end * length):
            for c in range(channels):
                at = np.uint64(x * channels + c)
                q[at] = real(p[at]) * scale[i, c] + shift[i, c]
