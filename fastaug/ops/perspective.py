"""Warps by homographies, by coordinates, and by fields of displacements."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import (
    Array,
    Batch,
    DataFormat,
    PerSample,
    as_batch,
    as_fill,
    as_matrices,
    as_output,
    choice,
    own_array,
    same_for_all,
)
from .geometry import FILL_MODES, INTERPOLATIONS, FillMode, warped_size

Sampling: TypeAlias = Literal["nearest", "bilinear", "bicubic"]

# Homographies that lead to (0, 0) from everywhere, and from each pixel to itself.
_ORIGIN = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
_IDENTITY = np.eye(3)


def warp_perspective(
    images: npt.ArrayLike,
    matrix: npt.ArrayLike,
    *,
    output_size: tuple[int, int] | None = None,
    interpolation: Sampling = "bilinear",
    fill_mode: FillMode = "constant",
    fill_value: PerSample = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Warps images by homographies.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8 or float32. Any
            value range.
        matrix: (3, 3), or (N, 3, 3) for one per image: maps output (x, y, 1) in pixels to input
            (x w, y w, w), as `skimage.transform.warp` takes it (OpenCV's ``WARP_INVERSE_MAP``).
            Whole coordinates are pixel centres. `perspective_matrix` makes one.
        output_size: (height, width) in pixels; default that of the images.
        interpolation: ``"nearest"``, ``"bilinear"`` or ``"bicubic"`` (Catmull-Rom).
        fill_mode: what lies outside the image, as in `warp_affine`.
        fill_value: for the two constant modes: a number, one per image (N,), or one per image and
            channel (N, C) or (1, C).
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and kind of shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit, a name is unknown, or a matrix entry is not finite.

    Method:
        Numerators and denominator in double, one division a pixel; then 32.32 fixed point and the
        arithmetic of `warp_affine`, with whose results those of an affine matrix agree: uint8 within
        one grey level, whole pixels to the bit. A matrix of whole numbers whose last row is
        0, 0, 1 copies pixels, as there, infinities and NaN too. Pixels of the horizon, where the denominator is
        zero, and those that it leads beyond 2**30 pixels are far outside.

    Examples:
        >>> import numpy as np, fastaug
        >>> image = np.array([[10, 20, 30, 40]], np.uint8)
        >>> fastaug.warp_perspective(image, [[1, 0, 0], [0, 1, 0], [0.5, 0, 1]])
        array([[10, 17, 20, 22]], dtype=uint8)
    """
    batch = as_batch(images, data_format, ("uint8", "float32"))
    size = warped_size(batch, output_size)
    matrices = as_matrices(matrix, batch.n, rows=3)
    return _warp(batch, size, matrices, None, interpolation, fill_mode, fill_value, out)


def remap(
    images: npt.ArrayLike,
    coordinates: npt.ArrayLike,
    *,
    interpolation: Sampling = "bilinear",
    fill_mode: FillMode = "constant",
    fill_value: PerSample = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Takes each pixel of the result from a place of its own.

    Args:
        images: as in `warp_perspective`.
        coordinates: (H', W', 2), or (N, H', W', 2) for one map per image: input (x, y) in pixels of
            each output pixel, as `cv2.remap` takes it in one array, and `scipy.ndimage.map_coordinates`
            as (y, x). Read as float32. NaN and infinities are far outside.
        interpolation: as in `warp_perspective`.
        fill_mode: as in `warp_affine`.
        fill_value: as in `warp_perspective`.
        data_format: of the images, ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and kind of shape, H' by W' pixels.

    Raises:
        TypeError: if an argument has the wrong type, `images` another dtype, or `coordinates` are
            not where the images are (in memory, or on a card).
        ValueError: if a shape does not fit, or a name is unknown.

    Method:
        As `warp_perspective`, from coordinates that are given. Up to 8192 pixels a float32 tells
        2**-11 of a pixel.

    Examples:
        >>> import numpy as np, fastaug
        >>> image = np.array([[10, 20, 30, 40]], np.uint8)
        >>> fastaug.remap(image, [[[3, 0], [0.5, 0], [9, 0]]], fill_value=255)
        array([[ 40,  15, 255]], dtype=uint8)
    """
    batch = as_batch(images, data_format, ("uint8", "float32"))
    field = _as_field(coordinates, batch, None, "coordinates")
    size = warped_size(batch, field.shape[1:3])
    matrices = same_for_all(_ORIGIN, batch.n)
    return _warp(batch, size, matrices, field, interpolation, fill_mode, fill_value, out)


def elastic(
    images: npt.ArrayLike,
    displacement: npt.ArrayLike,
    *,
    interpolation: Sampling = "bilinear",
    fill_mode: FillMode = "constant",
    fill_value: PerSample = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Moves each pixel by a displacement of its own: result(x, y) = image(x + dx, y + dy).

    Args:
        images: as in `warp_perspective`.
        displacement: (H, W, 2), or (N, H, W, 2) for one field per image: (dx, dy) in pixels, read as
            float32. `torchvision.transforms.functional.elastic_transform` takes shares of half
            the size instead: multiply its field by (W / 2, H / 2). NaN and infinities are far
            outside.
        interpolation: as in `warp_perspective`.
        fill_mode: as in `warp_affine`.
        fill_value: as in `warp_perspective`.
        data_format: of the images, ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, `images` another dtype, or `displacement` is
            not where the images are (in memory, or on a card).
        ValueError: if a shape does not fit, or a name is unknown.

    Method:
        As `warp_perspective`. P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional
        neural networks applied to visual document analysis", ICDAR 2003, draw the field at
        random and smooth it.

    Examples:
        >>> import numpy as np, fastaug
        >>> image = np.array([[10, 20, 30, 40]], np.uint8)
        >>> fastaug.elastic(image, [[[0, 0], [0.5, 0], [-1, 0], [0, 0]]])
        array([[10, 25, 20, 40]], dtype=uint8)
    """
    batch = as_batch(images, data_format, ("uint8", "float32"))
    size = warped_size(batch, None)
    field = _as_field(displacement, batch, size, "displacement")
    matrices = same_for_all(_IDENTITY, batch.n)
    return _warp(batch, size, matrices, field, interpolation, fill_mode, fill_value, out)


def warp_field(
    images: npt.ArrayLike,
    matrix: npt.ArrayLike,
    field: npt.ArrayLike | None,
    *,
    output_size: tuple[int, int] | None = None,
    interpolation: Sampling = "bilinear",
    fill_mode: FillMode = "constant",
    fill_value: PerSample = 0.0,
    out: Array | None = None,
) -> Array:
    """What the other three are made of: where a pixel comes from is ``matrix(x, y) + field[y, x]``.

    Args:
        images: as in `warp_perspective`, channels last.
        matrix: as in `warp_perspective`.
        field: (H', W', 2) or (N, H', W', 2), in pixels of the input, as (x, y); None for zero.
        output_size: as in `warp_perspective`.
        interpolation: as in `warp_perspective`.
        fill_mode: as in `warp_perspective`.
        fill_value: as in `warp_perspective`.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and kind of shape.

    Raises:
        TypeError, ValueError: as in `warp_perspective`.
    """
    batch = as_batch(images, "channels_last", ("uint8", "float32"))
    size = warped_size(batch, output_size)
    added = None if field is None else _as_field(field, batch, size, "field")
    matrices = as_matrices(matrix, batch.n, rows=3)
    return _warp(batch, size, matrices, added, interpolation, fill_mode, fill_value, out)


def _as_field(value: Any, batch: Batch, size: tuple[int, int] | None, name: str) -> Array:
    """Pairs (x, y) of float32 as (N, H, W, 2) or, one for all images, (1, H, W, 2)."""
    on_card = not isinstance(value, np.ndarray) and hasattr(value, "__cuda_array_interface__")
    if on_card != batch.on_card:
        where = "on the images' CUDA device" if batch.on_card else "in memory, as the images are"
        raise TypeError(f"{name} must be {where}, got {type(value).__name__}")
    array, _ = own_array(value, name)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be an array of numbers, got dtype {array.dtype}")
    height, width = ("H", "W") if size is None else size
    wrong = array.ndim not in (3, 4) or array.shape[-1] != 2
    wrong = wrong or (array.ndim == 4 and len(array) != batch.n)
    if wrong or (size is not None and array.shape[-3:-1] != size):
        raise ValueError(
            f"{name} must have shape ({height}, {width}, 2) or ({batch.n}, {height}, {width}, 2), "
            f"got {array.shape}"
        )
    field: Array = array
    if array.dtype != np.float32 or not array.flags.c_contiguous:
        with np.errstate(over="ignore", under="ignore"):
            library: Any = import_module("cupy") if on_card else np
            field = library.ascontiguousarray(array, np.float32)
    return field if field.ndim == 4 else field[np.newaxis]


def _warp(
    batch: Batch,
    size: tuple[int, int],
    matrices: Array,
    field: Array | None,
    interpolation: Any,
    fill_mode: Any,
    fill_value: PerSample,
    out: Array | None,
) -> Array:
    code = choice(interpolation, "interpolation", INTERPOLATIONS)
    mode = choice(fill_mode, "fill_mode", FILL_MODES)
    fill = as_fill(fill_value, batch.n, batch.pixels.shape[3])
    result = as_output(out, batch, size)
    backends.of(batch).warp_field(batch.pixels, result.pixels, matrices, field, fill, code, mode)
    return result.finish()
