"""Fixed point in 16 bits: the text of ``csrc/ops/fixed.hpp``."""

from __future__ import annotations

import numpy as np

from .jit import Scalar, inlined
from .rounding import round_half_even_64

_ROUND = np.int32(0x4000)


@inlined
def rounded_product(a: Scalar, b: Scalar) -> Scalar:
    """What is nearest to a * b / 2**15, of two the upper."""
    return np.int32(np.int32(a * b + _ROUND) >> 15)


@inlined
def fixed_share(v: Scalar) -> Scalar:
    """A double in [-1, 1] in 2^15ths."""
    return np.int32(min(round_half_even_64(v * 32768.0), 32767.0))
