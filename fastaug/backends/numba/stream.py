"""Stream v1, which counter belongs to which draw: the text of ``csrc/ops/stream.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined, kernel
from .philox import philox4x32

PARAMETERS, PIXELS, PIXELS_MORE = np.uint32(0), np.uint32(1), np.uint32(2)
_ROUNDS = 10
_KEY_BITS, _LOST_BITS = np.uint64(32), np.uint64(11)
# Words of an image follow each other in groups: word 0 of so many blocks, then word 1 of the same.
BLOCKS = 16
GROUP = 4 * BLOCKS
_STEP = 1.1102230246251565404e-16  # 2**-53


@inlined
def purpose_word(place: Scalar, purpose: Scalar) -> Scalar:
    """The second word of the counter: the place in 24 bits and the purpose in 8."""
    return np.uint32((np.uint32(place) << np.uint32(8)) | purpose)


@inlined
def draw_block(
    seed: Scalar, place: Scalar, index: Scalar, epoch: Scalar, block: Scalar
) -> tuple[Scalar, Scalar, Scalar, Scalar]:
    """The four words of a block; `place` comes from `purpose_word`."""
    k0, k1 = np.uint32(seed), np.uint32(seed >> _KEY_BITS)
    return philox4x32(np.uint32(block), place, index, epoch, k0, k1, _ROUNDS)


@inlined
def uniform_double(low: Scalar, high: Scalar) -> Scalar:
    """53 bits from two words: a double in [0, 1)."""
    bits = (np.uint64(high) << _KEY_BITS) | np.uint64(low)
    # A signed integer of 53 bits is converted by one instruction.
    return np.float64(np.int64(bits >> _LOST_BITS)) * _STEP


@kernel
def uniforms(seed: Array, index: Array, epoch: Array, place: int, numbers: Array) -> None:
    """The parameters of samples: two numbers a block."""
    word = purpose_word(place, PARAMETERS)
    for i in range(len(seed)):
        for j in range(numbers.shape[1]):
            w0, w1, w2, w3 = draw_block(seed[i], word, index[i], epoch[i], j // 2)
            numbers[i, j] = uniform_double(w2, w3) if j % 2 else uniform_double(w0, w1)
