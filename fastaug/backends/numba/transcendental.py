"""Our own sin, cos, log and exp: the text of ``csrc/ops/transcendental.hpp``."""

from __future__ import annotations

import numpy as np

from .jit import Scalar, inlined
from .portable import bits_to_double, bits_to_float, double_to_bits, float_to_bits

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


_LOG2E32 = np.float32(1.44269504)
_MAGIC32 = np.float32(12582912.0)
_LN2_HIGH, _LN2_LOW = np.float32(0.693359375), np.float32(-2.12194440e-4)
_EXPONENT = np.int32(0x00800000)
_E2, _E3, _E4 = np.float32(0.5), np.float32(1.66666667e-1), np.float32(4.16666667e-2)
_E5, _E6, _E7 = np.float32(8.33333333e-3), np.float32(1.38888889e-3), np.float32(1.98412698e-4)


@inlined
def exp_negative_32(x: Scalar) -> Scalar:
    """The same for a float32 x in [0, 87]."""
    k = (x * _LOG2E32 + _MAGIC32) - _MAGIC32
    r = (k * _LN2_HIGH - x) + k * _LN2_LOW
    p = _E7
    p = p * r + _E6
    p = p * r + _E5
    p = p * r + _E4
    p = p * r + _E3
    p = p * r + _E2
    p = (p * r) * r + r + _ONE
    return p * bits_to_float(np.int32(np.int32(np.int32(127) - np.int32(k)) * _EXPONENT))


_G0, _G1 = np.float32(-0.07865455746650696), np.float32(0.12879203259944916)
_G2, _G3 = np.float32(-0.1312529444694519), np.float32(0.1418142020702362)
_G4, _G5 = np.float32(-0.16624969244003296), np.float32(0.2000228315591812)
_G6, _G7 = np.float32(-0.2500079572200775), np.float32(0.33333316445350647)
_HALF = np.float32(0.5)


@inlined
def log_positive(x: Scalar) -> Scalar:
    """Natural logarithm of a positive, normal float32."""
    bits = float_to_bits(x)
    exponent = np.int32(np.int32(bits - _SQRT_HALF) >> 23)
    f = bits_to_float(np.int32(bits - np.int32(exponent * _EXPONENT))) - _ONE
    p = _G0
    p = p * f + _G1
    p = p * f + _G2
    p = p * f + _G3
    p = p * f + _G4
    p = p * f + _G5
    p = p * f + _G6
    p = p * f + _G7
    f2 = f * f
    e = np.float32(exponent)
    return e * _LN2_HIGH + (((p * f) * f2 - _HALF * f2) + e * _LN2_LOW + f)


@inlined
def log_positive_64(x: Scalar) -> Scalar:
    """Natural logarithm of a positive, normal double."""
    bits = double_to_bits(x)
    exponent = np.int64((bits - np.int64(0x3FE6A09E667F3BCD)) >> 52)
    f = bits_to_double(bits - exponent * np.int64(0x0010000000000000)) - 1.0
    s = f / (2.0 + f)
    z = s * s
    p = 4.7619047619047619048e-2
    p = p * z + 5.2631578947368421053e-2
    p = p * z + 5.8823529411764705882e-2
    p = p * z + 6.6666666666666666667e-2
    p = p * z + 7.6923076923076923077e-2
    p = p * z + 9.0909090909090909091e-2
    p = p * z + 1.1111111111111111111e-1
    p = p * z + 1.4285714285714285714e-1
    p = p * z + 0.2
    p = p * z + 3.3333333333333333333e-1
    e = np.float64(exponent)
    half_square = 0.5 * f * f
    return e * 0.693147180369123816490 + (
        f - (half_square - (s * (half_square + 2.0 * p * z) + e * 1.90821492927058770002e-10))
    )


_TINY32, _UP32 = np.float32(1.17549435e-38), np.float32(8388608.0)
_DOWN32, _MOST32, _ZERO = np.float32(15.9423847), np.float32(87.0), np.float32(0.0)


@inlined
def power_32(x: Scalar, y: Scalar) -> Scalar:
    """The power, in float32, of x in [0, 1] to y of at least 0; NaN for x that is NaN."""
    tiny = x < _TINY32
    log = log_positive(x * _UP32 if tiny else x) - (_DOWN32 if tiny else _ZERO)
    t = -y * log
    r = exp_negative_32(t if t < _MOST32 else _MOST32) if t < _MOST32 else _ZERO
    at_zero = _ZERO if y > _ZERO else _ONE
    return r if x > _ZERO else (at_zero if x == _ZERO else x)


@inlined
def power_64(x: Scalar, y: Scalar) -> Scalar:
    """The same in double."""
    tiny = x < 2.2250738585072014e-308
    log = log_positive_64(x * 4503599627370496.0 if tiny else x) - (
        36.043653389117154 if tiny else 0.0
    )
    t = -y * log
    r = exp_negative(t if t < 700.0 else 700.0) if t < 700.0 else 0.0
    at_zero = 0.0 if y > 0.0 else 1.0
    return r if x > 0.0 else (at_zero if x == 0.0 else x)
