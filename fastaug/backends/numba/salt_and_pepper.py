"""Salt and pepper, a word decides about a pixel: the text of ``csrc/ops/salt_and_pepper.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .draws import PIECE, draw_words, piece_at
from .jit import Scalar, inlined, kernel
from .rounding import round_half_even_64
from .stream import PIXELS, purpose_word

_SCALE = 2147483648.0


@inlined
def salt_thresholds(amount: Scalar, salt_ratio: Scalar) -> tuple[Scalar, Scalar]:
    """A decision up to the first turns white, one above that up to the second black."""
    salt = np.int32(round_half_even_64(amount * salt_ratio * _SCALE) - 1.0)
    return salt, np.int32(round_half_even_64(amount * _SCALE) - 1.0)


@inlined
def decide(
    p: Array,
    q: Array,
    words: Array,
    count: int,
    together: int,
    salt: int,
    either: int,
    black: Scalar,
    white: Scalar,
) -> None:
    """One decision for so many elements together."""
    for k in range(count):
        decision = np.int32(words[k] >> 1)
        for e in range(k * together, (k + 1) * together):
            v = p[e]
            v = black if decision <= either else v
            q[e] = white if decision <= salt else v


@kernel
def salt_and_pepper(
    images: Array,
    out: Array,
    seed: Array,
    index: Array,
    epoch: Array,
    amount: Array,
    salt_ratio: Array,
    place: int,
    black: Scalar,
    white: Scalar,
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
        salt, either = salt_thresholds(amount[i], salt_ratio[i])
        at = begin * length
        while at < end * length:
            block, skip, count, groups = piece_at(at, end * length, 1)
            draw_words(drawn, seed[i], word, index[i], epoch[i], block, groups)
            p = images[i, at * together : (at + count) * together]
            q = out[i, at * together : (at + count) * together]
            words = drawn[skip : skip + count]
            if together == 1:
                decide(p, q, words, count, 1, salt, either, black, white)
            elif together == 3:
                decide(p, q, words, count, 3, salt, either, black, white)
            elif together == 4:
                decide(p, q, words, count, 4, salt, either, black, white)
            else:
                decide(p, q, words, count, together, salt, either, black, white)
            at += count
