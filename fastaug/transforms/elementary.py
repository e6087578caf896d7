"""Logarithm and exponential of parameters: the same bits on every machine, which NumPy's are not.

Each step is one IEEE operation on float64, rounded by itself. Both are right to a few units in the
last place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# ln 2 in two parts, the first with zeros at its end so that small multiples of it are exact.
_LN2_HIGH, _LN2_LOW = float.fromhex("0x1.62e42feep-1"), float.fromhex("0x1.a39ef35793c76p-33")
# atanh(t) / t in t squared, and exp(x) in x: Taylor's, beyond what the reduced ranges can tell.
_ATANH = [1 / (2 * k + 1) for k in range(12)]
_FACTORIALS = [1.0]
for _k in range(1, 15):
    _FACTORIALS.append(_FACTORIALS[-1] * _k)


def log(x: Any) -> Floats:
    """The natural logarithm of positive numbers."""
    mantissa, exponent = np.frexp(np.asarray(x, np.float64))
    small = mantissa < np.sqrt(0.5)
    mantissa = np.where(small, 2 * mantissa, mantissa)
    exponent = np.where(small, exponent - 1, exponent)
    t = (mantissa - 1) / (mantissa + 1)
    series = 2 * t * _polynomial(t * t, _ATANH)
    result: Floats = exponent * _LN2_HIGH + (exponent * _LN2_LOW + series)
    return result


def exp(x: Any) -> Floats:
    """The exponential of `x`, from -700 to 700."""
    x = np.asarray(x, np.float64)
    k = np.rint(x / (_LN2_HIGH + _LN2_LOW))
    rest = (x - k * _LN2_HIGH) - k * _LN2_LOW
    result: Floats = np.ldexp(_polynomial(rest, [1 / f for f in _FACTORIALS]), k.astype(np.int32))
    return result


def power(x: Any, exponent: Any) -> Floats:
    """Positive numbers to any power."""
    return exp(exponent * log(x))


def _polynomial(x: Floats, coefficients: list[float]) -> Floats:
    result = np.full_like(x, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        result = result * x + coefficient
    return result
