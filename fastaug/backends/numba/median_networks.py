"""The median of a few rows by putting pairs of them in order: ``csrc/ops/median_networks.hpp``.

Of the windows around all pixels of a row, the columns are sorted first, which neighbours share, then
the rows, and then the pairs of those among which the median still may be.
"""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .copies import copy
from .jit import Scalar, inlined, shared

_EVEN = 256  # bytes of a turn of LLVM's loops at most

# fmt: off
# Pairs of elements, one after the other.
_SORT_5 = (
    0, 1, 3, 4, 2, 4, 2, 3, 1, 4, 0, 3, 0, 2, 1, 3, 1, 2,
)
_SORT_7 = (
    0, 6, 2, 3, 4, 5, 0, 2, 1, 4, 3, 6, 0, 1, 2, 5, 3, 4, 1, 2, 4, 6, 2, 3, 4, 5, 1, 2, 3,
    4, 5, 6,
)
# Of a square: 23 is the element of row 2 and column 3.
_LEFT_5 = (
    4, 13, 31, 40, 12, 21, 13, 40, 4, 31, 14, 41, 3, 30, 23, 32, 13, 30, 14, 31, 14, 30, 13,
    21, 14, 23, 14, 21, 22, 30, 21, 22, 22, 31,
)
_LEFT_7 = (
    6, 15, 51, 60, 5, 14, 6, 24, 6, 14, 15, 25, 16, 25, 41, 50, 42, 51, 42, 50, 52, 60, 60,
    61, 23, 32, 34, 43, 13, 31, 5, 53, 51, 52, 52, 60, 22, 31, 35, 41, 23, 31, 15, 24, 16,
    24, 4, 34, 34, 40, 4, 31, 14, 44, 5, 32, 6, 33, 14, 40, 15, 43, 16, 23, 5, 31, 40, 51,
    33, 50, 32, 42, 31, 35, 23, 50, 15, 42, 14, 35, 6, 14, 15, 35, 23, 35, 32, 34, 42, 52,
    33, 35, 40, 42, 14, 15, 33, 34, 35, 40, 23, 34, 24, 42, 15, 35, 25, 35, 26, 60, 24, 25,
    25, 33, 26, 34, 40, 61, 6, 62, 14, 26, 33, 40, 26, 33, 33, 62,
)
# fmt: on


def _sorting(numbers: tuple[int, ...]) -> Array:
    return np.array(numbers).reshape(-1, 2)


def _finding(sort: tuple[int, ...], left: tuple[int, ...], size: int) -> Array:
    """The pairs that sort all rows, and then those that are left, of cells row by row."""
    rows = [row * size + _sorting(sort) for row in range(size)]
    tens, ones = np.divmod(_sorting(left), 10)
    return np.concatenate([*rows, tens * size + ones])


SORT_5, SORT_7 = _sorting(_SORT_5), _sorting(_SORT_7)
FIND_5, FIND_7 = _finding(_SORT_5, _LEFT_5, 5), _finding(_SORT_7, _LEFT_7, 7)


@inlined
def smaller(a: Scalar, b: Scalar) -> Scalar:
    """Of two keys."""
    return a if a < b else b


@inlined
def larger(a: Scalar, b: Scalar) -> Scalar:
    """Of two keys."""
    return b if a < b else a


@inlined
def median_of_3(a: Scalar, b: Scalar, c: Scalar) -> Scalar:
    """The one between."""
    return larger(smaller(a, b), smaller(larger(a, b), c))


@inlined
def sort_three(a: Array, b: Array, c: Array, columns: Array) -> None:
    """Three rows, column by column."""
    least, middle, most = columns[0], columns[1], columns[2]
    for k in range(len(a)):
        low, high = smaller(a[k], b[k]), larger(a[k], b[k])
        least[k], most[k] = smaller(low, c[k]), larger(high, c[k])
        middle[k] = larger(low, smaller(high, c[k]))


@shared
def medians_of_three(rows: Array, at: int, columns: Array, step: int, to: Array) -> None:
    """Medians of the squares of three rows, from element `at` on; `columns` is room for them sorted.

    Pixels are `step` elements apart. Of sorted columns the median lies between the greatest of the
    least, the median of the middle ones and the least of the greatest.
    """
    n = len(to)
    end = at + n + 2 * step
    sort_three(rows[0, at:end], rows[1, at:end], rows[2, at:end], columns)
    a0, a1, a2 = columns[0, :n], columns[0, step : step + n], columns[0, 2 * step : 2 * step + n]
    b0, b1, b2 = columns[1, :n], columns[1, step : step + n], columns[1, 2 * step : 2 * step + n]
    c0, c1, c2 = columns[2, :n], columns[2, step : step + n], columns[2, 2 * step : 2 * step + n]
    for k in range(n):
        least = larger(larger(a0[k], a1[k]), a2[k])
        middle = median_of_3(b0[k], b1[k], b2[k])
        most = smaller(smaller(c0[k], c1[k]), c2[k])
        to[k] = median_of_3(least, middle, most)


@inlined
def put_in_order(rows: Array, pairs: Array, count: int) -> None:
    """Pairs of rows, so many elements of each, and as many more as make vector loops come out even."""
    block = _EVEN // rows.itemsize
    count = min((count + block - 1) // block * block, rows.shape[1])
    for i in range(len(pairs)):
        a, b = rows[pairs[i, 0], :count], rows[pairs[i, 1], :count]
        for k in range(len(a)):
            least, most = smaller(a[k], b[k]), larger(a[k], b[k])
            a[k], b[k] = least, most


@shared
def medians_by_pairs(
    rows: Array,
    at: int,
    columns: Array,
    cells: Array,
    sort: Array,
    find: Array,
    step: int,
    to: Array,
) -> None:
    """The same of squares whose pairs are given; `cells` is room for every element of a square."""
    size = len(columns)
    n = len(to)
    wide = n + (size - 1) * step
    for r in range(size):
        copy(rows[r, at : at + wide], columns[r, :wide])
    put_in_order(columns, sort, wide)
    for r in range(size):
        for x in range(size):
            copy(columns[r, x * step : x * step + n], cells[r * size + x, :n])
    put_in_order(cells, find, n)
    copy(cells[size * size // 2], to)
