"""Additive normal noise, pixel + (mean + std * z): the text of ``csrc/ops/gaussian_noise.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .draws import NUMBERS, PIECE, draw_normals, piece_at
from .jit import Scalar, kernel
from .rounding import UINT8, to_float, to_uint8
from .stream import PIXELS, purpose_word


@kernel
def gaussian_noise(
    images: Array,
    out: Array,
    seed: Array,
    index: Array,
    epoch: Array,
    std: Array,
    mean: Array,
    place: int,
    low: Scalar,
    high: Scalar,
    clip: bool,
    length: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last).

    `std`, `mean` and the limits come in the type of the arithmetic.
    """
    integer = out.dtype == UINT8
    per_word = 2 if integer else 1
    words, z = np.empty(PIECE, np.uint32), np.empty(NUMBERS, np.float32)
    word = purpose_word(place, PIXELS)
    for i in range(first, last):
        m, s = mean[i], std[i]
        at = begin * length
        while at < end * length:
            block, skip, count, groups = piece_at(at, end * length, per_word)
            draw_normals(integer, words, z, seed[i], word, index[i], epoch[i], block, groups)
            p, q = images[i, at : at + count], out[i, at : at + count]
            if integer:
                for k in range(count):
                    q[k] = to_uint8(np.float32(p[k]) + (m + s * z[skip + k]), low, high)
            else:
                for k in range(count):
                    q[k] = to_float(p[k] + (m + s * z[skip + k]), low, high, clip)
            at += count
