"""Crops and pads: images of another size with the same pixels."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import (
    LARGEST_SIDE,
    Array,
    Batch,
    DataFormat,
    PerSample,
    as_array,
    as_batch,
    as_output,
    as_size,
    choice,
    per_sample_integers,
    spread,
)
from .border import BORDERS
from .regions import as_pixels

FillMode: TypeAlias = Literal["constant", "nearest", "reflect", "mirror", "wrap"]

FILL_MODES = {name: code for name, code in BORDERS.items() if name != "ignore"}


def crop(
    images: npt.ArrayLike,
    top: Any,
    left: Any,
    height: int,
    width: int,
    *,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Cuts a rectangle out of each image.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; any boolean, integer or
            floating dtype.
        top: first row, from 0 to H - `height`; a whole number or shape (N,).
        left: first column, from 0 to W - `width`; a whole number or shape (N,).
        height: of the result, in pixels.
        width: of the result, in pixels.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and kind of shape, `height` by `width`.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if a shape does not fit, or a rectangle leaves its image.

    Method:
        A copy: ``images[:, top : top + height, left : left + width]`` of NumPy, to the bit.

    Examples:
        >>> import numpy as np, fastaug
        >>> images = np.arange(24).reshape(2, 3, 4, 1)
        >>> fastaug.crop(images, [0, 1], [2, 0], 2, 2)[..., 0]
        array([[[ 2,  3],
                [ 6,  7]],
        <BLANKLINE>
               [[16, 17],
                [20, 21]]])
    """
    batch = as_batch(images, data_format)
    rows, columns = batch.pixels.shape[1:3]
    size = _side(height, rows, "height"), _side(width, columns, "width")
    offsets = np.empty((batch.n, 2), np.int64)
    offsets[:, 0] = per_sample_integers(top, batch.n, "top", np.int64, 0, rows - size[0])
    offsets[:, 1] = per_sample_integers(left, batch.n, "left", np.int64, 0, columns - size[1])
    return _window(batch, size, offsets, FILL_MODES["constant"], 0.0, out)


def pad(
    images: npt.ArrayLike,
    padding: Any,
    *,
    fill_mode: FillMode = "constant",
    fill_value: PerSample = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Adds pixels around each image.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; any boolean, integer or
            floating dtype.
        padding: how many, as in Keras' `ZeroPadding2D`: a whole number for all sides, a pair
            (above and below, left and right), or ((above, below), (left, right)).
        fill_mode: where they come from, under the names of `scipy.ndimage`; in brackets those of
            `numpy.pad` and torchvision: ``"constant"``, ``"nearest"`` (edge), ``"reflect"``
            (symmetric), ``"mirror"`` (reflect) or ``"wrap"``.
        fill_value: for ``"constant"``: a number, one per image (N,), or one per image and channel
            (N, C) or (1, C). Rounded and saturated for integers.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and kind of shape, larger by the padding.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if a shape does not fit, a name is unknown or a number is negative.

    Method:
        A copy: equal to `numpy.pad` to the bit. Paddings may be wider than the image.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.pad(np.array([[1, 2, 3]]), ((0, 1), (2, 2)), fill_mode="mirror")
        array([[3, 2, 1, 2, 3, 2, 1],
               [3, 2, 1, 2, 3, 2, 1]])
    """
    batch = as_batch(images, data_format)
    (above, below), (before, after) = _as_padding(padding)
    code = choice(fill_mode, "fill_mode", FILL_MODES)
    height, width = batch.pixels.shape[1:3]
    size = height + above + below, width + before + after
    if max(size) > LARGEST_SIDE:
        raise ValueError(
            f"padding must leave sides of at most {LARGEST_SIDE}, got {padding!r} for images of "
            f"{height} by {width}"
        )
    offsets = spread((batch.n, 2), (-above, -before), np.int64)
    return _window(batch, size, offsets, code, fill_value, out)


def crop_or_pad(
    images: npt.ArrayLike,
    size: tuple[int, int],
    *,
    fill_mode: FillMode = "constant",
    fill_value: PerSample = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Brings images to a size around their middle, by cutting off or adding pixels.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; any boolean, integer or
            floating dtype.
        size: (height, width) in pixels.
        fill_mode: as in `pad`.
        fill_value: as in `pad`.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and kind of shape, of that size.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if a shape does not fit or a name is unknown.

    Method:
        A copy, equal to `tf.image.resize_with_crop_or_pad` to the bit, and so to `CenterCrop` of Keras
        for images that are large enough: where an odd number of pixels is cut off or added, the odd
        one is at the bottom or right.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.crop_or_pad(np.array([[1, 2, 3, 4]]), (2, 3), fill_value=9)
        array([[1, 2, 3],
               [9, 9, 9]])
    """
    batch = as_batch(images, data_format)
    wanted = as_size(size, "size")
    code = choice(fill_mode, "fill_mode", FILL_MODES)
    have = batch.pixels.shape[1:3]
    offset = [int((have[k] - wanted[k]) / 2) for k in (0, 1)]  # towards zero
    offsets = spread((batch.n, 2), offset, np.int64)
    return _window(batch, wanted, offsets, code, fill_value, out)


def _side(value: Any, most: int, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if not 0 <= value <= most:
        raise ValueError(f"{name} must be from 0 to {most}, got {value}")
    return int(value)


def _as_padding(value: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    if type(value) is int and 0 <= value <= LARGEST_SIDE:  # at a tenth of what the rest costs
        return (value, value), (value, value)
    array = as_array(value, "padding")
    if array.dtype.kind not in "iu":
        raise TypeError(f"padding must be whole numbers, got {value!r}")
    if array.shape == (2,):
        array = array[:, np.newaxis]
    if array.shape not in ((), (2, 1), (2, 2)):
        raise ValueError(
            "padding must be a whole number, a pair (above and below, left and right) or "
            f"((above, below), (left, right)), got {value!r}"
        )
    if array.min() < 0 or array.max() > LARGEST_SIDE:
        raise ValueError(f"padding must be from 0 to {LARGEST_SIDE}, got {value!r}")
    (above, below), (before, after) = np.broadcast_to(array, (2, 2)).tolist()
    return (above, below), (before, after)


def _window(
    batch: Batch,
    size: tuple[int, int],
    offsets: npt.NDArray[np.int64],
    mode: int,
    fill_value: Any,
    out: Array | None,
) -> Array:
    """What the images have from these rows and columns on, which may lie outside."""
    fill = as_pixels(fill_value, batch, "fill_value")
    n, height, width, _ = batch.pixels.shape
    if mode != FILL_MODES["constant"] and height * width == 0 and n * size[0] * size[1] != 0:
        raise ValueError(
            "images has no pixels to pad with, which only fill_mode 'constant' needs not, "
            f"got shape {batch.given.shape}"
        )
    result = as_output(out, batch, size)
    backends.of(batch).window(batch.pixels, result.pixels, offsets, fill, mode)
    return result.finish()


__all__ = ["crop", "crop_or_pad", "pad"]
