"""The seven ops as one filter, or two and a difference, as ``csrc/cpu/morphology.cpp`` has them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from . import parallel
from .copies import copy
from .erosion import erosion
from .footprint import IGNORE
from .jit import kernel

# For each op: whether the first filter erodes; whether one of the other kind follows it, under the
# mirrored footprint, or stands beside it; and what the result is: 0 the second itself, 1 its excess
# over the other image, 2 the other image's excess over it.
_PASSES: tuple[tuple[bool, str | None, int], ...] = (
    (True, None, 0),  # erode
    (False, None, 0),  # dilate
    (True, "after", 0),  # opening
    (False, "after", 0),  # closing
    (True, "beside", 1),  # morphological_gradient
    (True, "after", 2),  # white_tophat
    (False, "after", 1),  # black_tophat
)
# What the bits of a pixel are taken for: floats become signed integers, integers stay unsigned.
BITS: dict[str, Any] = {
    "uint8": np.uint8,
    "uint16": np.uint16,
    "float32": np.int32,
    "float64": np.int64,
}
_PIECE = 4096
_UINT8, _UINT16 = np.dtype(np.uint8), np.dtype(np.uint16)


@kernel
def excess(a: Array, b: Array, out: Array) -> None:
    """What the gradient and the hats are made of: integers saturate at zero.

    The result may be in the place of either; made apart from them it becomes vector code.
    """
    made = np.empty(_PIECE, out.dtype)
    for i in range(len(out)):
        for at in range(0, out.shape[1], _PIECE):
            to = out[i, at : at + _PIECE]
            p, q = a[i, at : at + _PIECE], b[i, at : at + _PIECE]
            for k in range(len(to)):
                if out.dtype == _UINT8 or out.dtype == _UINT16:
                    made[k] = max(p[k], q[k]) - q[k]
                else:
                    made[k] = p[k] - q[k]
            copy(made, to)


def morphology(
    images: Array,
    out: Array,
    op: int,
    sizes: Array | None,
    runs: Array | None,
    border: int,
    cval: float,
) -> None:
    """One of the seven ops, by its number."""
    erodes, second, difference = _PASSES[op]
    n, height, width, channels = images.shape
    dtype, bits = images.dtype, BITS[images.dtype.name]
    if sizes is None:
        sizes = np.zeros((n, 2), np.int64)
    if runs is None:
        runs = np.zeros((0, 3), np.int64)
    cells = parallel.writeable(np.ascontiguousarray(runs))

    def arguments(erode: bool, reflected: bool) -> tuple[Any, ...]:
        mask = bits(0) if erode else ~bits(0)
        outside = outside_of(dtype, border, cval, erode).view(bits)
        return (cells, reflected, border, mask, outside, height, width, channels)

    first_pass = arguments(erodes, False)
    if second is None:
        parallel.run(erosion, images.view(bits), out.view(bits), (sizes,), first_pass)
        return
    second_pass = arguments(not erodes, second == "after")

    erode: Any = erosion

    def both(
        source: Array, target: Array, sizes: Array, first: int, last: int, begin: int, end: int
    ) -> None:
        stage = np.empty_like(source[:1])  # of one image, which stays close
        for i in range(first, last):
            one, size, result = source[i : i + 1], sizes[i : i + 1], target[i : i + 1]
            erode(one, stage, size, *first_pass, 0, 1, begin, end)
            following = stage if second == "after" else one
            erode(following, result, size, *second_pass, 0, 1, begin, end)
            if difference:
                other = stage if second == "beside" else one
                pair = (result, other) if difference == 1 else (other, result)
                excess(pair[0].view(dtype), pair[1].view(dtype), result.view(dtype))

    parallel.run(both, images.view(bits), out.view(bits), (sizes,), (), splits=False)


def outside_of(dtype: Any, border: int, cval: float, erode: bool) -> Array:
    """What lies outside the image; ignored pixels never win."""
    if border == IGNORE:
        cval = np.inf if erode else -np.inf
    if dtype.kind == "f":
        with np.errstate(all="ignore"):
            return np.array([cval], dtype)
    # Python rounds half to even as well. NaN becomes 0.
    most = float(np.iinfo(dtype).max)
    return np.array([round(min(cval, most)) if cval > 0.0 else 0], dtype)
