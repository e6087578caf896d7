"""Masks: images whose values are moved and never computed, of more dtypes than the kernels have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..arrays import Array, DataFormat, as_array
from .images import Images, as_images

# What 16 and 64 bits are carried in.
_CARRIER = np.dtype(np.int32)


def as_masks(
    given: Any, images: Images, data_format: DataFormat
) -> tuple[Images, Callable[[Any], Any]]:
    """Masks of some images, as the kernels take them, and what gives results in the masks' kind.

    Raises:
        TypeError: if they are not integers, bools or float32.
        ValueError: if their number or their sizes are not those of the images.
    """
    if images.is_list != isinstance(given, list | tuple):
        kind = "a list" if images.is_list else "an array"
        raise TypeError(f"masks must be {kind}, as the images are, got {type(given).__name__}")
    arrays = [_as_mask(part) for part in (given if images.is_list else [given])]
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

    def restored(results: Any) -> Any:
        if isinstance(results, list):
            return [_restored(*each, axis) for each in zip(results, arrays, flat, strict=True)]
        return _restored(results, arrays[0], flat[0], axis) if arrays else results

    return masks, restored


def _as_mask(given: Any) -> Array:
    return given if hasattr(given, "__cuda_array_interface__") else as_array(given, "masks")


def _carried(mask: Array) -> Array:
    """The same bits as a dtype that the kernels move, or the same numbers as a wider one."""
    dtype = mask.dtype.newbyteorder("=")
    if dtype in (np.uint8, np.float32):
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
    return mask.astype(_CARRIER, order="C").view(np.float32)


def _restored(result: Array, given: Array, is_flat: bool, axis: int) -> Array:
    dtype = given.dtype.newbyteorder("=")
    if dtype not in (np.uint8, np.float32):
        carrier = dtype if dtype.itemsize == 1 else _CARRIER
        result = result.view(carrier).astype(dtype, copy=False)
    return result.squeeze(axis) if is_flat else result


def _sizes(images: Images) -> str:
    sizes = sorted({f"{height}x{width}" for height, width in images.sizes.tolist()})
    return f"{images.n} of {', '.join(sizes[:3])}"
