"""Masks: images whose values are moved and never computed, of more dtypes than the kernels have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..arrays import Array, DataFormat, in_kind, own_array
from .images import Images, as_images

# What 16 and 64 bits are carried in, and what is added there: bits that are moved as a float32 are best
# those of a number, and no NaN, whose bits a fill value would lose.
_CARRIER = np.dtype(np.int32)
_OFFSET = np.int32(2**30)
# What the kernels compute with.
_PLAIN = (np.uint8, np.float32)


def as_masks(
    given: Any, images: Images, data_format: DataFormat, interpolation: str, fill: float
) -> tuple[Images, float, Callable[[Any], Any]]:
    """Masks of some images and their fill value, as the kernels take them; and results in kind.

    Raises:
        TypeError: if they are not integers, bools or float32, or cannot be interpolated as wanted.
        ValueError: if their number or their sizes are not those of the images, or the fill value is
            none of theirs.
    """
    if images.is_list != isinstance(given, list | tuple):
        kind = "a list" if images.is_list else "an array"
        raise TypeError(f"masks must be {kind}, as the images are, got {type(given).__name__}")
    parts = given if images.is_list else [given]
    arrays = [own_array(part, "masks")[0] for part in parts]
    # Masks of one channel need not say so.
    dims = 3 if images.is_list or images.is_single else 4
    axis = -1 if data_format == "channels_last" else -3
    flat = [array.ndim == dims - 1 for array in arrays]
    carried = [
        np.expand_dims(_carried(array), axis) if is_flat else _carried(array)
        for array, is_flat in zip(arrays, flat, strict=True)
    ]
    masks = as_images(carried if images.is_list else carried[0], "masks", data_format)
    if masks.n != images.n or (masks.sizes != images.sizes).any():
        raise ValueError(
            f"masks must be of the size of their images, got {_sizes(masks)} for {_sizes(images)}"
        )
    carried_fill = fill
    for dtype in {_native(array) for array in arrays}:
        if interpolation != "nearest" and dtype not in _PLAIN:
            raise TypeError(f"masks must be uint8 or float32 to be {interpolation}, got {dtype}")
        carried_fill = _carried_fill(fill, dtype)

    def restored(results: Any) -> Any:
        if not arrays:
            return results
        like = zip(parts, arrays, flat, strict=True)
        if isinstance(results, list):
            return [_restored(*each, axis) for each in zip(results, like, strict=True)]
        return _restored(results, next(like), axis)

    return masks, carried_fill, restored


def _native(mask: Array) -> np.dtype[Any]:
    return mask.dtype.newbyteorder("=")


def _carried(mask: Array) -> Array:
    """The same bits as a dtype that the kernels move, or the same numbers as a wider one."""
    dtype = _native(mask)
    if dtype in _PLAIN:
        return mask
    if dtype.kind not in "biu":
        raise TypeError(f"masks must be bools, integers or float32, got {mask.dtype}")
    if dtype.itemsize == 1:
        return mask.view(np.uint8)
    if dtype.itemsize == 8 or dtype == np.uint32:
        ends = np.iinfo(_CARRIER)
        if mask.size and not ends.min <= int(mask.min()) <= int(mask.max()) <= ends.max:
            raise ValueError(
                f"masks must have values from {ends.min} to {ends.max}, "
                f"got {mask.min()} to {mask.max()}"
            )
    wide: Array = mask.astype(_CARRIER, order="C") + _OFFSET
    return wide.view(np.float32)


def _carried_fill(fill: float, dtype: np.dtype[Any]) -> float:
    if dtype.kind == "f":
        return fill
    with np.errstate(invalid="ignore"):  # what does not fit is found out below
        value = np.array([fill]).astype(dtype)
    if value != fill or abs(fill) > _OFFSET:
        raise ValueError(f"mask_fill must be a value of the masks, which are {dtype}, got {fill}")
    return float(_carried(value)[0])


def _restored(result: Array, like: tuple[Any, Array, bool], axis: int) -> Any:
    given, mask, is_flat = like
    dtype = _native(mask)
    if dtype not in _PLAIN and dtype.itemsize == 1:
        result = result.view(dtype)
    elif dtype not in _PLAIN:
        result = (result.view(_CARRIER) - _OFFSET).astype(dtype, copy=False)
    result = result.squeeze(axis) if is_flat else result
    return result if isinstance(result, np.ndarray) else in_kind(result, given)


def _sizes(images: Images) -> str:
    sizes = sorted({f"{height}x{width}" for height, width in images.sizes.tolist()})
    return f"{images.n} of {', '.join(sizes[:3])}"
