"""Our own sin, cos, log and exp: the text of ``csrc/ops/transcendental.hpp``."""

from __future__ import annotations

import numpy as np

from .jit import Scalar, inlined
from .portable import bits_to_double, bits_to_float, float_to_bits

_ONE = np.float32(1.0)

_SQRT_HALF, _MANTISSA = np.int32(0x3F3504F3), np.int32(0x007FFFFF)  # bits of a float32
_L0, _L1 = np.float32(-0.825927734375), np.float32(-1.333044409751892)
_L2, _LN2 = np.float32(-4.000000476837158), np.float32(-1.3862943611198906)

_S0, _S1 = np.float32(-2.53690559475217e-5), np.float32(0.0017606053734198213)
_S2, _S3 = np.float32(-0.05709559842944145), np.float32(0.5553603768348694)
_C0, _C1 = np.float32(-0.0002254826104035601), np.float32(0.0112075824290514)
_C2, _C3 = np.float32(-0.21808888018131256), np.float32(0.7071067690849304)

_MAGIC = 6755399441055744.0


@inlined
def minus_two_log(x: Scalar) -> Scalar:
    """-2 ln x of a positive, normal float32."""
    bits = np.int32(float_to_bits(x) - _SQRT_HALF)
    exponent = np.float32(np.int32(bits >> 23))
    m = bits_to_float(np.int32(np.int32(bits & _MANTISSA) + _SQRT_HALF))
    s = (m - _ONE) / (m + _ONE)
    q = s * s
    p = q * _L0 + _L1
    p = p * q + _L2
    return p * s + exponent * _LN2


@inlined
def first_quarter(t: Scalar) -> tuple[Scalar, Scalar]:
    """Cosine and sine, in float32, of (1 + t) / 8 turns for t in [-1, 1]."""
    u = t * t
    s = u * _S0 + _S1
    s = s * u + _S2
    s = s * u + _S3
    s = s * t
    c = u * _C0 + _C1
    c = c * u + _C2
    c = c * u + _C3
    return c - s, c + s


@inlined
def sincos_degrees(degrees: Scalar) -> tuple[Scalar, Scalar]:
    """Sine and cosine, in double, of an angle in degrees; fmod is exact."""
    d = np.fmod(degrees, 360.0)
    quarter = d / 90.0
    quarter = (quarter + _MAGIC) - _MAGIC
    x = (d - quarter * 90.0) * 0.017453292519943295
    u = x * x
    s = -7.6471637318198164759e-13
    s = s * u + 1.6059043836821614599e-10
    s = s * u + -2.5052108385441718775e-8
    s = s * u + 2.7557319223985890653e-6
    s = s * u + -1.9841269841269841270e-4
    s = s * u + 8.3333333333333333333e-3
    s = s * u + -1.6666666666666666667e-1
    s = (s * u) * x + x
    c = 4.7794773323873852974e-14
    c = c * u + -1.1470745597729724714e-11
    c = c * u + 2.0876756987868098979e-9
    c = c * u + -2.7557319223985890653e-7
    c = c * u + 2.4801587301587301587e-5
    c = c * u + -1.3888888888888888889e-3
    c = c * u + 4.1666666666666666667e-2
    c = (c * u) * u + (1.0 - 0.5 * u)
    side = np.int32(quarter) & 3
    if side == 0:
        return s, c
    if side == 1:
        return c, -s
    if side == 2:
        return -s, -c
    return -c, s


@inlined
def exp_negative(x: Scalar) -> Scalar:
    """The exponential: e to the power of -x for a double x in [0, 700]."""
    k = (x * 1.4426950408889634074 + _MAGIC) - _MAGIC
    r = (k * 0.693147180369123816490 - x) + k * 1.90821492927058770002e-10
    p = r * 1.6059043836821614599e-10 + 2.0876756987868098979e-9
    p = p * r + 2.5052108385441718775e-8
    p = p * r + 2.7557319223985890653e-7
    p = p * r + 2.7557319223985890653e-6
    p = p * r + 2.4801587301587301587e-5
    p = p * r + 1.9841269841269841270e-4
    p = p * r + 1.3888888888888888889e-3
    p = p * r + 8.3333333333333333333e-3
    p = p * r + 4.1666666666666666667e-2
    p = p * r + 1.6666666666666666667e-1
    p = p * r + 0.5
    p = (p * r) * r + r + 1.0
    return p * bits_to_double((1023 - np.int64(k)) << 52)
