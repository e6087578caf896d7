"""Standard normal numbers, by Box and Muller and by inversion: the text of ``csrc/ops/normal.hpp``."""

from __future__ import annotations

import math

import numpy as np

from .jit import Scalar, inlined
from .portable import bits_to_float, float_to_bits
from .transcendental import first_quarter, minus_two_log

_BELOW_ONE, _THREE = np.float32(0.999999940395355225), np.float32(3.0)
_MANTISSA, _SIGN = np.uint32(0x007FFFFF), np.uint32(0x80000000)
_FROM_1, _FROM_2 = np.uint32(0x3F800000), np.uint32(0x40000000)
_MIDDLE, _END = np.float32(32767.5), np.float32(32768.0)
_ABSOLUTE, _NEGATIVE = np.int32(0x7FFFFFFF), np.int32(-0x80000000)

# A polynomial for each binade of the distance from the nearer end.
_QUANTILE = [
    [
        4.158701419830322,
        4.19462776184082,
        4.097057819366455,
        3.9366049766540527,
        3.768683910369873,
        3.59360671043396,
        3.4105775356292725,
        3.2186834812164307,
        3.016730785369873,
        2.8031930923461914,
        2.5761382579803467,
        2.333117723464966,
        2.0709903240203857,
        1.7814680337905884,
        4.3249192237854,
        4.076206684112549,
    ],
    [
        -0.08117935806512833,
        -0.12257681041955948,
        -0.08487627655267715,
        -0.04456285014748573,
        -0.02335165999829769,
        -0.012271844781935215,
        -0.0064739324152469635,
        -0.0034333073999732733,
        -0.0018332138424739242,
        -0.0009873906383290887,
        -0.0005378284840844572,
        -0.00029732909752056,
        -0.00016768537170719355,
        -9.633646550355479e-05,
        0.0,
        0.0,
    ],
    [
        0.0,
        0.010055070742964745,
        0.005293992348015308,
        0.0013955748872831464,
        0.00036518133128993213,
        9.569830581312999e-05,
        2.5132552764262073e-05,
        6.623974059039028e-06,
        1.7540496628498659e-06,
        4.6711957679690386e-07,
        1.2520538916760415e-07,
        3.378199764370038e-08,
        9.151627899939285e-09,
        2.3947752669783995e-09,
        0.0,
        0.0,
    ],
    [
        0.0,
        -0.0003700119268614799,
        -0.00019782468734774739,
        -2.61941477219807e-05,
        -3.42818475473905e-06,
        -4.4917308628100727e-07,
        -5.894161958508448e-08,
        -7.758894859932752e-09,
        -1.0258530691586998e-09,
        -1.3637609097560954e-10,
        -1.8248288297106896e-11,
        -2.460617647137564e-12,
        -3.3481409918850735e-13,
        -4.3982561868808126e-14,
        0.0,
        0.0,
    ],
    [
        0.0,
        0.0,
        3.0995918223197805e-06,
        2.0588912263974635e-07,
        1.3471233017980921e-08,
        8.825484232310998e-10,
        5.788739626533257e-11,
        3.808143037020706e-12,
        2.515850483671145e-13,
        1.6709374904772326e-14,
        1.1168432223826593e-15,
        7.519345068581409e-17,
        5.090190316194596e-18,
        3.0482714511587774e-19,
        0.0,
        0.0,
    ],
]
_C0, _C1, _C2, _C3, _C4 = (np.array(c, np.float32) for c in _QUANTILE)


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
    """One number from half a word, enough for 8-bit pixels."""
    x = np.float32(np.int32(half)) - _MIDDLE
    bits = float_to_bits(x)
    v = _END - bits_to_float(np.int32(bits & _ABSOLUTE))
    binade = np.int32(float_to_bits(v) >> 23) & 15
    square = v * v
    low = _C0[binade] + _C1[binade] * v
    high = _C2[binade] + _C3[binade] * v + _C4[binade] * square
    z = low + high * square
    return bits_to_float(np.int32(float_to_bits(z) | np.int32(bits & _NEGATIVE)))
