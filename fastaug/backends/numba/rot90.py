"""Quarter turns, as ``csrc/cpu/rot90.cpp``: an odd one reads a column for every row.

Squares of eight by eight bytes are turned as eight words, which LLVM loads and stores whole.
"""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined, kernel
from .rounding import UINT8

_TILE = 16  # output rows that share the cache lines of the columns they read
_SIDE = 8  # of a square of bytes


@inlined
def word_of(p: Array, at: int) -> Scalar:
    """Eight bytes as one number, the first the lowest."""
    word = np.uint64(0)
    for j in range(8):
        word |= np.uint64(p[np.uint64(at + j)]) << np.uint64(8 * j)
    return word


@inlined
def four_words(p: Array, at: int, by: int) -> tuple[Scalar, Scalar, Scalar, Scalar]:
    """Four of them, `by` apart."""
    return word_of(p, at), word_of(p, at + by), word_of(p, at + 2 * by), word_of(p, at + 3 * by)


@inlined
def put_word(q: Array, at: int, word: Scalar) -> None:
    """The eight bytes of such a number."""
    for j in range(8):
        q[np.uint64(at + j)] = np.uint8(word >> np.uint64(8 * j))


@inlined
def swapped(a: Scalar, b: Scalar, bits: int, kept: int) -> tuple[Scalar, Scalar]:
    """Two words after the upper parts of the first have changed places with the lower of the second."""
    low, by = np.uint64(kept), np.uint64(bits)
    return (a & low) | ((b & low) << by), ((a >> by) & low) | (b & ~low)


@inlined
def turn_square(p: Array, at: int, by: int, q: Array, to: int, down: int) -> None:
    """Eight runs of eight bytes, `by` apart, as the columns of eight runs that are `down` apart.

    Corners of squares change places: of four bytes a side, of two, of one.
    """
    a, b, c, d = four_words(p, at, by)
    e, f, g, h = four_words(p, at + 4 * by, by)
    a, e = swapped(a, e, 32, 0x00000000FFFFFFFF)
    b, f = swapped(b, f, 32, 0x00000000FFFFFFFF)
    c, g = swapped(c, g, 32, 0x00000000FFFFFFFF)
    d, h = swapped(d, h, 32, 0x00000000FFFFFFFF)
    a, c = swapped(a, c, 16, 0x0000FFFF0000FFFF)
    b, d = swapped(b, d, 16, 0x0000FFFF0000FFFF)
    e, g = swapped(e, g, 16, 0x0000FFFF0000FFFF)
    f, h = swapped(f, h, 16, 0x0000FFFF0000FFFF)
    a, b = swapped(a, b, 8, 0x00FF00FF00FF00FF)
    c, d = swapped(c, d, 8, 0x00FF00FF00FF00FF)
    e, f = swapped(e, f, 8, 0x00FF00FF00FF00FF)
    g, h = swapped(g, h, 8, 0x00FF00FF00FF00FF)
    for word in (a, b, c, d, e, f, g, h):
        put_word(q, to, word)
        to += down


@inlined
def turn_squares(
    p: Array, q: Array, start: int, by_y: int, by_x: int, width: int, begin: int, y1: int, x1: int
) -> None:
    """Rows [begin, y1) and columns [0, x1) of an odd turn of bytes, whole squares both ways."""
    for y in range(begin, y1, _SIDE):
        # Words are read forwards: the row that the first of their bytes goes to.
        first, down = (y, width) if by_y > 0 else (y + _SIDE - 1, -width)
        for x in range(0, x1, _SIDE):
            at, to = start + first * by_y + x * by_x, first * width + x
            turn_square(p, at, by_x, q, to, down)


@inlined
def turn_tile(
    p: Array,
    q: Array,
    start: int,
    by_y: int,
    by_x: int,
    width: int,
    channels: int,
    y0: int,
    y1: int,
    x0: int,
    x1: int,
) -> None:
    """Output pixels [x0, x1) of rows [y0, y1): (y, x) comes from start + y * by_y + x * by_x."""
    step = by_x * channels
    for y in range(y0, y1):
        at, to = (start + y * by_y + x0 * by_x) * channels, (y * width + x0) * channels
        for _ in range(x1 - x0):
            for k in range(channels):
                q[np.uint64(to + k)] = p[np.uint64(at + k)]
            at += step
            to += channels


@inlined
def turn(
    p: Array,
    q: Array,
    start: int,
    by_y: int,
    by_x: int,
    width: int,
    channels: int,
    begin: int,
    end: int,
    left: int,
) -> None:
    """Columns from `left` on of rows [begin, end), pixel by pixel."""
    for y0 in range(begin, end, _TILE):
        y1 = min(y0 + _TILE, end)
        for x0 in range(left, width, _TILE):
            x1 = min(x0 + _TILE, width)
            turn_tile(p, q, start, by_y, by_x, width, channels, y0, y1, x0, x1)


@kernel
def rot90(
    images: Array,
    out: Array,
    turns: Array,
    height: int,
    width: int,
    out_width: int,
    channels: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of the output of images [first, last), elements of any kind of that size."""
    for i in range(first, last):
        p, q = images[i], out[i]
        if turns[i] == 0:
            start, by_y, by_x = 0, width, 1
        elif turns[i] == 1:
            start, by_y, by_x = width - 1, -1, width
        elif turns[i] == 2:
            start, by_y, by_x = height * width - 1, -width, -1
        else:
            start, by_y, by_x = (height - 1) * width, 1, -width
        if channels == 1 and p.dtype == UINT8 and turns[i] % 2 == 1:
            bottom, right = end - (end - begin) % _SIDE, out_width - out_width % _SIDE
            turn_squares(p, q, start, by_y, by_x, out_width, begin, bottom, right)
            turn(p, q, start, by_y, by_x, out_width, 1, begin, bottom, right)
            turn(p, q, start, by_y, by_x, out_width, 1, bottom, end, 0)
        elif channels == 1:
            turn(p, q, start, by_y, by_x, out_width, 1, begin, end, 0)
        elif channels == 3:
            turn(p, q, start, by_y, by_x, out_width, 3, begin, end, 0)
        else:
            turn(p, q, start, by_y, by_x, out_width, channels, begin, end, 0)
