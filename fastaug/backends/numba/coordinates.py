"""Source coordinates in 32.32 fixed point: the first half of ``csrc/ops/warp_affine.hpp``."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .fill_mode import CONSTANT, WRAP
from .jit import Scalar, inlined
from .rounding import round_half_even_64

HALF = 1 << 31
_LIMIT = 1073741824.0  # 2**30 pixels: beyond, everything is far outside


@inlined
def to_fixed(pixels: Scalar) -> Scalar:
    """A double as 32.32."""
    return np.int64(round_half_even_64(pixels * 4294967296.0))


@inlined
def fits(row: Array, width: int, height: int) -> bool:
    """False where coordinates of this output size could leave 32.32."""
    reach = (abs(row[0]) * np.float64(width) + abs(row[1]) * np.float64(height)) + abs(row[2])
    return bool(reach < _LIMIT)


@inlined
def confined_fixed(pixels: Scalar) -> Scalar:
    """Confined to the limit; what is undefined (inf - inf) to its negative."""
    v = pixels if pixels > -_LIMIT else -_LIMIT
    v = v if v < _LIMIT else _LIMIT
    return to_fixed(v)


@inlined
def wide_coordinate(row: Array, x: int, y: int) -> Scalar:
    """For enormous matrices: in double."""
    return confined_fixed((row[0] * np.float64(x) + row[1] * np.float64(y)) + row[2])


@inlined
def confine(coordinate: int, n: int, mode: int) -> tuple[bool, int]:
    """The coordinate, confined by the modes that do so; false: the output pixel is fill."""
    last = (n - 1) << 32
    if 0 <= coordinate <= last:
        return True, coordinate
    if mode == CONSTANT:
        return False, coordinate
    if mode == WRAP:
        if last == 0:
            return True, 0
        if coordinate < 0:
            return True, coordinate + last * (-coordinate // last + 1)
        return True, coordinate - last * (coordinate // last)
    return True, coordinate


@inlined
def whole(m: Array, width: int, height: int) -> bool:
    """Whether all coordinates of a map (6,) are those of pixels, which are then taken as they are."""
    if not (fits(m[:3], width, height) and fits(m[3:6], width, height)):
        return False
    across = to_fixed(m[0]) | to_fixed(m[1]) | to_fixed(m[2])
    down = to_fixed(m[3]) | to_fixed(m[4]) | to_fixed(m[5])
    return bool((across | down) & 0xFFFFFFFF == 0)


@inlined
def worth_fetching(rows_per_column: Scalar, rows: int, out_height: int, out_width: int) -> bool:
    """Whether to read an image in order first, which costs less than waiting for its memory.

    That is so where one output row reads across more than a few rows of the input, and the whole
    image is made in one go.
    """
    slanted = abs(rows_per_column) * np.float64(out_width) > 4.0
    return bool(slanted and rows == out_height)


@inlined
def narrow(begin: int, end: int, start: int, step: int, limit: int) -> tuple[int, int]:
    """The x of [begin, end) for which 0 <= start + step * x <= limit, within it even if none."""
    first, last = begin, end
    if limit < 0 or (step == 0 and (start < 0 or start > limit)):
        last = first
    elif step > 0:
        first = max(first, -(start // step))
        last = min(last, (limit - start) // step + 1)
    elif step < 0:
        first = max(first, -((limit - start) // -step))
        last = min(last, start // -step + 1)
    return (first, last) if first < last else (begin, begin)
