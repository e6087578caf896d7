"""Standard normal numbers, by Box and Muller and by inversion: the text of ``csrc/ops/normal.hpp``."""

from __future__ import annotations

import math

import numpy as np

from .fixed import rounded_product
from .jit import Scalar, inlined
from .portable import bits_to_float, float_to_bits
from .transcendental import first_quarter, minus_two_log

_BELOW_ONE, _THREE = np.float32(0.999999940395355225), np.float32(3.0)
_MANTISSA, _SIGN = np.uint32(0x007FFFFF), np.uint32(0x80000000)
_FROM_1, _FROM_2 = np.uint32(0x3F800000), np.uint32(0x40000000)
_NOT_SIGN, _FACTOR = np.int32(0x7FFF), np.int32(0x135E)

# A number from half a word is in whole parts of a deviation, this many of them, and half of one.
UNITS = np.float32(7500.0)
_UNIT, _HALF = np.float32(1.0) / UNITS, np.float32(0.5)

# A polynomial for each piece of the distribution: the factors of its powers, the lowest first.
_PIECES = [
    (32436, 0, 0, 0),
    (-2, 4737, -150, 472),
    (5057, 2989, 221, 359),
    (13969, 1695, 214, 274),
    (8626, 2313, 241, 324),
    (21641, 1205, 161, 221),
    (16153, 1521, 196, 260),
    (24728, 1075, 147, 202),
    (30571, 0, 0, 0),
    (11505, 1933, 238, 293),
    (19949, 1289, 170, 233),
    (23228, 1136, 153, 210),
    (28754, 1218, 0, 0),
    (18130, 1392, 184, 243),
    (27511, 981, 138, 181),
    (26151, 1029, 140, 190),
]
# Looked up two at a time, which is what takes longest: the lower one in the lower half.
_LOWER, _HIGHER = np.array(_PIECES, "<i2").view("<i4").astype(np.int32).T.copy()


@inlined
def with_sign(v: Scalar, word: Scalar) -> Scalar:
    """Changes the sign of a float32 where the highest bit of a word is set."""
    return bits_to_float(np.int32(float_to_bits(v) ^ np.int32(word & _SIGN)))


@inlined
def normal_pair(radius_word: Scalar, angle_word: Scalar) -> tuple[Scalar, Scalar]:
    """Two numbers from two words."""
    u = bits_to_float(np.int32((radius_word & _MANTISSA) | _FROM_1)) - _BELOW_ONE
    t = bits_to_float(np.int32((angle_word & _MANTISSA) | _FROM_2)) - _THREE
    r = math.sqrt(minus_two_log(u))
    cos, sin = first_quarter(t)
    return with_sign(r * cos, radius_word), with_sign(r * sin, angle_word)


@inlined
def normal_from_half(half: Scalar) -> Scalar:
    """One number from an int32 with half a word, enough for 8-bit pixels, in units."""
    piece = np.int32(np.int32((half & -half) * _FACTOR) >> 12) & 15
    at = np.int32(half & _NOT_SIGN)
    lower, higher = _LOWER[piece], _HIGHER[piece]
    z = np.int32(rounded_product(np.int32(higher >> 16), at) + np.int32(np.int16(higher)))
    z = np.int32(rounded_product(z, at) + np.int32(lower >> 16))
    z = np.int32(rounded_product(z, at) + np.int32(np.int16(lower)))
    return z ^ -np.int32(half >> 15)


@inlined
def normal_of_units(z: Scalar) -> Scalar:
    """The same as a float32."""
    return (np.float32(z) + _HALF) * _UNIT
