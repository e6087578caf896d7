"""Multiplicative normal noise, pixel + pixel * (mean + std * z): the text of ``csrc/ops/speckle_noise.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .draws import NUMBERS, PIECE, draw_normals, draw_words, normals_of_halves, piece_at
from .jit import Scalar, kernel
from .normal import normal_of_units
from .rounding import UINT8, to_float, to_uint8
from .stream import GROUP, PIXELS, purpose_word


@kernel
def speckle_noise(
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
    words, z = np.empty(PIECE, np.uint32), np.empty(PIECE, np.float32)
    units = np.empty(NUMBERS, np.int32)
    word = purpose_word(place, PIXELS)
    for i in range(first, last):
        m, s = mean[i], std[i]
        at = begin * length
        while at < end * length:
            block, skip, count, groups = piece_at(at, end * length, per_word)
            p, q = images[i, at : at + count], out[i, at : at + count]
            if integer:
                draw_words(words, seed[i], word, index[i], epoch[i], block, groups)
                normals_of_halves(words, GROUP * groups, units)
                mine = units[skip : skip + count]  # from 0 on, which the compiler can make lanes of
                for k in range(count):
                    pixel, number = np.float32(p[k]), normal_of_units(mine[k])
                    q[k] = to_uint8(pixel + pixel * (m + s * number), low, high)
            else:
                draw_normals(words, z, seed[i], word, index[i], epoch[i], block, groups)
                numbers = z[skip : skip + count]
                for k in range(count):
                    q[k] = to_float(p[k] + p[k] * (m + s * numbers[k]), low, high, clip)
            at += count
