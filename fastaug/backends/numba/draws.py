"""What the noise ops share: pieces of an image, and the numbers that its elements draw."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined
from .normal import normal_from_half, normal_pair
from .stream import BLOCKS, GROUP, draw_block

# Words at a time: whole groups, few enough for the closest cache, enough for lanes. An element
# takes one, or half of one.
PIECE = 512
NUMBERS = 2 * PIECE
_LOW = np.uint32(0xFFFF)


@inlined
def piece_at(at: int, end: int, per_word: int) -> tuple[int, int, int, int]:
    """The piece that starts at an element.

    Its first block, the elements which lie before it in its first group, its elements and groups.
    """
    size = GROUP * per_word
    group = at // size
    skip = at - group * size
    count = min(end - at, PIECE * per_word - skip)
    return group * BLOCKS, skip, count, (skip + count + size - 1) // size


@inlined
def draw_words(
    words: Array,
    seed: Scalar,
    place: Scalar,
    index: Scalar,
    epoch: Scalar,
    block: int,
    groups: int,
) -> None:
    """The words of groups, in the order of the stream."""
    for g in range(groups):
        first, at = block + g * BLOCKS, g * GROUP
        for b in range(BLOCKS):
            w0, w1, w2, w3 = draw_block(seed, place, index, epoch, first + b)
            words[at + b] = w0
            words[at + BLOCKS + b] = w1
            words[at + 2 * BLOCKS + b] = w2
            words[at + 3 * BLOCKS + b] = w3


@inlined
def normals_of_halves(words: Array, count: int, z: Array) -> None:
    """Two normal numbers from each word, the lower half first, in units."""
    for k in range(count):
        z[2 * k] = normal_from_half(np.int32(words[k] & _LOW))
        z[2 * k + 1] = normal_from_half(np.int32(words[k] >> 16))


@inlined
def normals_of_words(words: Array, count: int, z: Array) -> None:
    """Two normal numbers from two words, `BLOCKS` apart."""
    for g in range(count // (2 * BLOCKS)):
        at = g * 2 * BLOCKS
        for b in range(BLOCKS):
            first, second = normal_pair(words[at + b], words[at + BLOCKS + b])
            z[at + b] = first
            z[at + BLOCKS + b] = second


@inlined
def draw_normals(
    words: Array,
    z: Array,
    seed: Scalar,
    place: Scalar,
    index: Scalar,
    epoch: Scalar,
    block: int,
    groups: int,
) -> None:
    """The normal numbers of groups, in the order of their elements."""
    draw_words(words, seed, place, index, epoch, block, groups)
    normals_of_words(words, GROUP * groups, z)
