"""Additive uniform noise, pixel + amplitude * u: the text of ``csrc/ops/uniform_noise.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .draws import NUMBERS, PIECE, draw_words, piece_at
from .jit import Scalar, inlined, kernel
from .rounding import UINT8, to_float, to_uint8
from .stream import GROUP, PIXELS, purpose_word

_MIDDLE, _MIDDLE_16 = np.float32(4194303.5), np.float32(32767.5)
_CELL, _CELL_16 = np.float32(2.384185791015625e-7), np.float32(3.0517578125e-5)


@inlined
def uniforms_of_words(words: Array, count: int, u: Array) -> None:
    """A number in (-1, 1) from each word."""
    for k in range(count):
        u[k] = (np.float32(np.int32(words[k] >> 9)) - _MIDDLE) * _CELL


@inlined
def uniforms_of_halves(words: Array, count: int, u: Array) -> None:
    """Two numbers from each word, the lower half first."""
    for k in range(count):
        low, high = np.int32(words[k] & 0xFFFF), np.int32(words[k] >> 16)
        u[2 * k] = (np.float32(low) - _MIDDLE_16) * _CELL_16
        u[2 * k + 1] = (np.float32(high) - _MIDDLE_16) * _CELL_16


@kernel
def uniform_noise(
    images: Array,
    out: Array,
    seed: Array,
    index: Array,
    epoch: Array,
    amplitude: Array,
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

    `amplitude` and the limits come in the type of the arithmetic.
    """
    integer = out.dtype == UINT8
    per_word = 2 if integer else 1
    words, u = np.empty(PIECE, np.uint32), np.empty(NUMBERS, np.float32)
    word = purpose_word(place, PIXELS)
    for i in range(first, last):
        a = amplitude[i]
        at = begin * length
        while at < end * length:
            block, skip, count, groups = piece_at(at, end * length, per_word)
            draw_words(words, seed[i], word, index[i], epoch[i], block, groups)
            p, q = images[i, at : at + count], out[i, at : at + count]
            mine = u[skip : skip + count]  # from 0 on, which the compiler can make lanes of
            if integer:
                uniforms_of_halves(words, GROUP * groups, u)
                for k in range(count):
                    q[k] = to_uint8(np.float32(p[k]) + a * mine[k], low, high)
            else:
                uniforms_of_words(words, GROUP * groups, u)
                for k in range(count):
                    q[k] = to_float(p[k] + a * mine[k], low, high, clip)
            at += count
