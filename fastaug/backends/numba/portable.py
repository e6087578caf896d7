"""Bits as numbers and back: what is left of ``csrc/ops/portable.hpp``."""

from __future__ import annotations

import numpy as np

from .jit import Scalar, inlined


@inlined
def float_to_bits(v: Scalar) -> Scalar:
    """The bits of a float32 as an int32."""
    return np.float32(v).view(np.int32)


@inlined
def bits_to_float(bits: Scalar) -> Scalar:
    """The float32 that has the bits of an int32."""
    return np.int32(bits).view(np.float32)


@inlined
def bits_to_double(bits: Scalar) -> Scalar:
    """The float64 that has the bits of an int64."""
    return np.int64(bits).view(np.float64)


@inlined
def double_to_bits(v: Scalar) -> Scalar:
    """The bits of a float64 as an int64."""
    return np.float64(v).view(np.int64)
