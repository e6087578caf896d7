"""Rectangles of pixels, and constants to put there: what the ops that move pixels take."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import Array, Batch, as_array, as_fill, spread

_FARTHEST = 2**31


def as_boxes(boxes: Any, n: int, *, many: bool) -> npt.NDArray[np.int64]:
    """Boxes (top, left, height, width) of whole pixels, wherever they lie.

    Args:
        boxes: (k, 4), the same for all images, or (n, k, 4) if `many`; else (4,) or (n, 4).
        n: number of images.
        many: whether an image has any number of boxes, or one.

    Returns:
        Array of shape (n, k, 4) or (n, 4).

    Raises:
        TypeError: if they are not whole numbers.
        ValueError: if the shape does not fit, a height or width is negative, or a number enormous.
    """
    array = as_array(boxes, "boxes")
    if array.dtype.kind not in "iu" and array.size:
        raise TypeError(f"boxes must be whole numbers, got {array.dtype}")
    inner = 2 if many else 1
    each = (n, *array.shape[-inner:])
    if array.shape[-1:] != (4,) or array.ndim < inner or array.shape not in (each, each[1:]):
        shapes = f"(k, 4) or ({n}, k, 4)" if many else f"(4,) or ({n}, 4)"
        raise ValueError(
            f"boxes must be (top, left, height, width) of shape {shapes}, got shape {array.shape}"
        )
    if array.size:
        # Without the calls of Python's that the methods of arrays make.
        least = np.minimum.reduce(array, None)
        if least < 0 and array[..., 2:].min() < 0:
            raise ValueError(
                f"boxes must have heights and widths of at least 0, got {array[..., 2:].min()}"
            )
        for value in (least, np.maximum.reduce(array, None)):
            if not -_FARTHEST <= int(value) <= _FARTHEST:
                raise ValueError(
                    f"boxes must be from {-_FARTHEST} to {_FARTHEST} pixels, got {value}"
                )
    if array.shape == each:
        return np.ascontiguousarray(array, np.int64)
    return spread(each, array, np.int64)


def as_pixels(value: Any, batch: Batch, name: str) -> Array:
    """A constant as pixels of the images' dtype, shape (n, channels).

    Integers are rounded half to even and saturate, and NaN becomes 0 (as `constant_pixel` in
    csrc/ops/round.hpp); of bools all but 0 is true.

    Args:
        value: a number, one for each sample, or one for each sample and channel.
        batch: the images.
        name: of the argument, for errors.

    Raises:
        TypeError: if it is not a number or an array of numbers.
        ValueError: if its shape does not fit.
    """
    n, _, _, channels = batch.pixels.shape
    dtype = batch.pixels.dtype
    if isinstance(value, int | float) and value == 0 and math.copysign(1, value) > 0:
        # At a tenth of what the rest costs.
        return np.zeros((n, channels), dtype)
    fill = as_fill(value, n, channels, name).reshape(n, channels)
    if dtype.kind == "b":
        truth: Array = fill != 0
        return truth
    if dtype.kind == "f":
        with np.errstate(over="ignore", under="ignore"):
            floats: Array = fill.astype(dtype)
            return floats
    limits = np.iinfo(dtype)
    whole = np.rint(np.where(np.isnan(fill), 0, np.maximum(fill, float(limits.min))))
    beyond = whole >= float(limits.max)  # of 64 bits one too many, which double has instead
    pixels: Array = np.where(beyond, 0, whole).astype(dtype)
    pixels[beyond] = limits.max
    return pixels
