"""Two images as one, each with a share of its own: the text of ``csrc/ops/blend.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined, kernel
from .rounding import UINT8, UINT16, round_half_even_32


@inlined
def blend_pixel(a: Scalar, b: Scalar, first: Scalar, second: Scalar, like: Array) -> Scalar:
    """Integers are rounded half to even; being between two pixels, none has to be confined."""
    if like.dtype == UINT8:
        v = np.float32(a) * first + np.float32(b) * second
        return np.uint8(np.int32(round_half_even_32(v)))
    if like.dtype == UINT16:
        v = np.float32(a) * first + np.float32(b) * second
        return np.uint16(np.int32(round_half_even_32(v)))
    return a * first + b * second


@kernel
def blend(
    images: Array,
    out: Array,
    others: Array,
    own: Array,
    rest: Array,
    length: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end), of `length` elements, of images [first, last); shares (n,) as computed."""
    for i in range(first, last):
        p, q = images[i, begin * length : end * length], out[i, begin * length : end * length]
        r = others[i, begin * length : end * length]
        for k in range(len(q)):
            q[k] = blend_pixel(p[k], r[k], own[i], rest[i], images)
