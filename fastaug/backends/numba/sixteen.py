"""Arithmetic of 16-bit numbers, in 32 bits: the text of ``csrc/ops/sixteen.hpp``."""

from __future__ import annotations

import numpy as np

from .jit import Scalar, inlined

_HALF, _LEAST, _MOST = np.int32(0x4000), np.int32(-0x8000), np.int32(0x7FFF)


@inlined
def rounded_product(a: Scalar, b: Scalar) -> Scalar:
    """What is nearest to a * b / 2**15, of two the upper."""
    return np.int32(np.int32(a * b + _HALF) >> 15)


@inlined
def saturating_sum(a: Scalar, b: Scalar) -> Scalar:
    """The sum, or what of 16 bits is nearest to it."""
    return np.int32(min(max(np.int32(a + b), _LEAST), _MOST))
