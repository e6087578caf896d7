"""Pixel dropout, a word decides about a pixel: the text of ``csrc/ops/pixel_dropout.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .draws import PIECE, draw_words, piece_at
from .jit import Scalar, inlined, kernel
from .rounding import round_half_even_64
from .stream import PIXELS, purpose_word

_SCALE = 2147483648.0


@inlined
def dropout_threshold(amount: Scalar) -> Scalar:
    """The greatest decision that replaces; -1 is below them all."""
    return np.int32(round_half_even_64(amount * _SCALE) - 1.0)


@inlined
def decide(
    p: Array,
    q: Array,
    words: Array,
    count: int,
    together: int,
    last: int,
    value: Scalar,
) -> None:
    """One decision for so many elements together."""
    for k in range(count):
        decision = np.int32(words[k] >> 1)
        for e in range(k * together, (k + 1) * together):
            q[e] = value if decision <= last else p[e]


@kernel
def pixel_dropout(
    images: Array,
    out: Array,
    seed: Array,
    index: Array,
    epoch: Array,
    amount: Array,
    value: Array,
    place: int,
    together: int,
    length: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end), of `length` decisions each, of images [first, last)."""
    drawn = np.empty(PIECE, np.uint32)
    word = purpose_word(place, PIXELS)
    for i in range(first, last):
        greatest = dropout_threshold(amount[i])
        at = begin * length
        while at < end * length:
            block, skip, count, groups = piece_at(at, end * length, 1)
            draw_words(drawn, seed[i], word, index[i], epoch[i], block, groups)
            p = images[i, at * together : (at + count) * together]
            q = out[i, at * together : (at + count) * together]
            words = drawn[skip : skip + count]
            if together == 1:
                decide(p, q, words, count, 1, greatest, value[i])
            elif together == 3:
                decide(p, q, words, count, 3, greatest, value[i])
            elif together == 4:
                decide(p, q, words, count, 4, greatest, value[i])
            else:
                decide(p, q, words, count, together, greatest, value[i])
            at += count
