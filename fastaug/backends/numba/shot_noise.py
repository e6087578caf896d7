"""Shot noise, a Poisson count of photons: the text of ``csrc/ops/shot_noise.hpp``."""

from __future__ import annotations

import math

import numpy as np

from ...arrays import Array
from .draws import PIECE, draw_normals, draw_words, piece_at
from .jit import Scalar, inlined, kernel
from .rounding import FLOAT32, UINT8, to_float, to_uint8
from .stream import PIXELS, PIXELS_MORE, purpose_word
from .transcendental import exp_negative

_EXACT_BELOW, _MOST = 16.0, 96.0
_ONE = np.float32(1.0)
_MAGIC, _WHOLE = 6755399441055744.0, 2251799813685248.0


@inlined
def poisson_inverse(rate: Scalar, word: Scalar) -> Scalar:
    """By inverting the distribution."""
    u = (np.float64(np.int64(word)) + 0.5) * 2.3283064365386962891e-10
    term = exp_negative(rate)
    total = term
    count, k = 0.0, 1.0
    while u > total and k < _MOST:
        count = k
        term = term * (rate * (1.0 / k))
        total = total + term
        k += 1.0
    return count


@inlined
def poisson_normal(rate: Scalar, z: Scalar) -> Scalar:
    """By the expansion of the quantile."""
    root = math.sqrt(np.float32(rate))
    spread, inverse = np.float64(root), np.float64(_ONE / root)
    square = z * z
    skew = (square - 1.0) * 0.16666666666666666667
    third = z * (square + 2.0) * 0.013888888888888888889
    fourth = (square * 0.0037037037037037037037 + 0.0086419753086419753086) * square
    fourth = fourth - 0.019753086419753086420
    count = (rate + spread * z) + (skew + (fourth * inverse - third) * inverse)
    whole = (count + _MAGIC) - _MAGIC
    count = whole if count < _WHOLE else count
    return count if count > 0.0 else 0.0


@inlined
def photons_of(rate: Scalar, word: Scalar, z: Scalar) -> Scalar:
    """How many photons are seen of `rate` on average."""
    if rate < _EXACT_BELOW:
        return poisson_inverse(rate, word)
    return poisson_normal(rate, np.float64(z))


@kernel
def shot_noise(
    images: Array,
    out: Array,
    seed: Array,
    index: Array,
    epoch: Array,
    photons: Array,
    place: int,
    black: float,
    white: float,
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

    `low` and `high` are `black` and `white` once more, in the type of the arithmetic.
    """
    words, z = np.empty(PIECE, np.uint32), np.empty(PIECE, np.float32)
    word, more = purpose_word(place, PIXELS), purpose_word(place, PIXELS_MORE)
    for i in range(first, last):
        per_level = photons[i] / (white - black)
        per_photon = (white - black) / photons[i]
        at = begin * length
        while at < end * length:
            block, skip, count, groups = piece_at(at, end * length, 1)
            draw_normals(words, z, seed[i], more, index[i], epoch[i], block, groups)
            draw_words(words, seed[i], word, index[i], epoch[i], block, groups)
            p, q = images[i, at : at + count], out[i, at : at + count]
            for k in range(count):
                rate = (np.float64(p[k]) - black) * per_level
                if not (rate > 0.0) or not (rate < 1.0e36):  # black, NaN and infinity stay
                    q[k] = p[k]
                    continue
                value = photons_of(rate, words[skip + k], z[skip + k]) * per_photon + black
                if out.dtype == UINT8:
                    q[k] = to_uint8(np.float32(value), low, high)
                elif out.dtype == FLOAT32:
                    q[k] = to_float(np.float32(value), low, high, clip)
                else:
                    q[k] = to_float(value, low, high, clip)
            at += count
