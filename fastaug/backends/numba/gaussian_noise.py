"""Additive normal noise, pixel + (mean + std * z): the text of ``csrc/ops/gaussian_noise.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .draws import NUMBERS, PIECE, draw_normals, draw_words, normals_of_halves, piece_at
from .fixed import rounded_product
from .jit import Scalar, inlined, kernel
from .normal import UNITS
from .portable import bits_to_float, float_to_bits
from .rounding import UINT8, round_half_even_32, to_float
from .stream import GROUP, PIXELS, purpose_word

_ZERO, _MOST, _HUGE = np.float32(0.0), np.float32(512.0), np.float32(1e30)
_REACH, _REST = np.float32(4.37), np.float32(1.01)
_PER_UNIT = np.float32(32768.0) / UNITS


@inlined
def grey_noise(mean: Scalar, std: Scalar) -> tuple[Scalar, Scalar, Scalar, Scalar, int]:
    """Scale, rest, step, whole and doublings of noise of bytes, from two float32."""
    mean, std = min(max(mean, -_HUGE), _HUGE), min(std, _HUGE)
    whole = round_half_even_32(min(max(mean, -_MOST), _MOST))
    rest = mean - whole if std > _ZERO else _ZERO
    reach = _REACH * std + _REST * np.float32(abs(rest))
    exponent = (float_to_bits(reach) >> 23) - 127
    fine = 14 - exponent if exponent > 0 else 14
    parts = bits_to_float(np.int32((127 + fine) << 23))
    places = max(fine, 1)
    scale, rested = round_half_even_32(std * parts * _PER_UNIT), round_half_even_32(rest * parts)
    step = np.int32(1 << (15 - places))
    return np.int32(scale), np.int32(rested), step, np.int32(whole), min(places - fine, 16)


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
    words, z = np.empty(PIECE, np.uint32), np.empty(PIECE, np.float32)
    levels = np.empty(NUMBERS, np.int32)
    word = purpose_word(place, PIXELS)
    for i in range(first, last):
        m, s = mean[i], std[i]
        at = begin * length
        while at < end * length:
            block, skip, count, groups = piece_at(at, end * length, per_word)
            p, q = images[i, at : at + count], out[i, at : at + count]
            if integer:
                scale, rest, step, whole, doublings = grey_noise(m, s)
                draw_words(words, seed[i], word, index[i], epoch[i], block, groups)
                normals_of_halves(words, GROUP * groups, levels)
                mine = levels[
                    skip : skip + count
                ]  # from 0 on, which the compiler can make lanes of
                factor = np.int32(1 << doublings)
                for k in range(count):
                    parts = np.int32(rounded_product(mine[k], scale) + rest)
                    v = np.int32(rounded_product(parts, step) * factor)
                    v = np.int32(v + whole) + np.int32(p[k])
                    q[k] = np.uint8(min(max(v, np.int32(low)), np.int32(high)))
            else:
                draw_normals(words, z, seed[i], word, index[i], epoch[i], block, groups)
                numbers = z[skip : skip + count]
                for k in range(count):
                    q[k] = to_float(p[k] + (m + s * numbers[k]), low, high, clip)
            at += count
