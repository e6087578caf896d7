"""Resizing of image batches, whole or from boxes within them."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import Array, Batch, DataFormat, as_batch, as_numbers, as_output, as_size, choice

Resampling: TypeAlias = Literal["nearest", "bilinear", "bicubic", "area"]

_KERNELS = {"nearest": 0, "bilinear": 1, "bicubic": 2, "area": 3}
_COVERAGE = 4  # area by the shares of pixels that are covered
_DTYPES = ("uint8", "uint16", "float32", "float64")


def resize(
    images: npt.ArrayLike,
    size: int | tuple[int, int],
    *,
    interpolation: Resampling = "bilinear",
    antialias: bool = True,
    box: npt.ArrayLike | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Makes images larger or smaller.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64, and any boolean, integer or floating dtype for ``"nearest"``. Any value range.
        size: (height, width) of the result in pixels, or one number for a square.
        interpolation: ``"nearest"``, ``"bilinear"``, ``"bicubic"`` (Catmull-Rom, a = -0.5) or
            ``"area"``, the mean of what a pixel of the result covers.
        antialias: whether a smaller result looks at all pixels, as Pillow's and
            ``tf.image.resize(antialias=True)`` do, instead of at the nearest two or four in a row,
            as OpenCV's ``INTER_LINEAR`` does. Of ``"area"``: whether a pixel counts if its centre is
            covered, as Pillow's ``BOX`` has it, instead of by the share that is, as OpenCV's
            ``INTER_AREA`` has it. ``"nearest"`` is the same either way.
        box: the part of the images that is made into the result: (top, left, height, width) in
            pixels, fractions allowed; one for all images, shape (4,), or one for each, (N, 4).
            Default: all of them.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and kind of shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit, a name is unknown, or a box is empty or reaches beyond
            the images.

    Method:
        Half-pixel centres; at the edges the weights of the pixels that exist are scaled to sum to
        one. Rows first, then columns, each result rounded to the dtype. uint8 gives the grey levels
        of Pillow's ``Image.resize``, its ``box`` included (kept in float32, as there): bilinear and
        bicubic with `antialias`, ``"nearest"``, and ``"area"`` for its ``BOX``; so does uint16 for
        its mode ``I;16``. float32 adds up in float32, within 2e-6 of Pillow's mode ``F`` relative to
        the largest value. Bilinear uint8 without `antialias` is within 0.54 grey levels of the
        exact value.

    Examples:
        >>> import numpy as np, fastaug
        >>> image = np.array([[0, 100, 200, 100]], np.uint8)
        >>> fastaug.resize(image, (1, 2))
        array([[ 71, 143]], dtype=uint8)
        >>> fastaug.resize(image, (1, 2), box=(0, 1, 1, 2))
        array([[100, 200]], dtype=uint8)
    """
    kernel = choice(interpolation, "interpolation", _KERNELS)
    if not isinstance(antialias, bool | np.bool_):
        raise TypeError(f"antialias must be a bool, got {antialias!r}")
    if interpolation == "area" and not antialias:
        kernel = _COVERAGE
    batch = as_batch(images, data_format, None if interpolation == "nearest" else _DTYPES)
    height_width = (size, size) if isinstance(size, int | np.integer) else size
    new_size = as_size(height_width, "size")
    n, height, width, _ = batch.pixels.shape
    if height * width == 0 and n * new_size[0] * new_size[1] != 0:
        raise ValueError(f"images has no pixels to resize, got shape {batch.given.shape}")
    edges = _edges(box, batch)
    result = as_output(out, batch, new_size)
    backends.of(batch).resize(batch.pixels, result.pixels, edges, kernel, bool(antialias))
    return result.finish()


def _edges(box: Any, batch: Batch) -> Array:
    """(top, bottom, left, right) of every box, or of the one for all, as float32 has them."""
    n, height, width, _ = batch.pixels.shape
    if box is None:
        return np.array([[0, height, 0, width]], np.float64)
    boxes = as_numbers(box, "box")
    if boxes.shape not in ((4,), (n, 4)):
        raise ValueError(
            "box must be (top, left, height, width) or have shape "
            f"({n}, 4), got shape {boxes.shape}"
        )
    boxes = boxes.reshape(-1, 4)
    with np.errstate(over="ignore", invalid="ignore"):
        first = boxes[:, :2].astype(np.float32)
        last = (boxes[:, :2] + boxes[:, 2:]).astype(np.float32)
    fits = (first >= 0) & (first < last) & (last <= np.array([height, width], np.float64))
    if not fits.all():
        wrong = boxes[~fits.all(axis=1)][0]
        raise ValueError(
            f"box must lie within the images of {height} by {width} and not be empty, "
            f"got {tuple(wrong.tolist())}"
        )
    edges = np.stack([first[:, 0], last[:, 0], first[:, 1], last[:, 1]], axis=1)
    return np.ascontiguousarray(edges, np.float64)


__all__ = ["resize"]
