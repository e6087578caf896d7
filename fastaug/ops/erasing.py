"""Rectangles of images filled with a constant."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from .. import backends
from ..arrays import Array, DataFormat, PerSample, as_batch, as_output
from .regions import as_boxes, as_pixels


def erase(
    images: npt.ArrayLike,
    boxes: Any,
    value: PerSample = 0.0,
    *,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Fills rectangles with a constant.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; any boolean, integer or
            floating dtype.
        boxes: whole numbers (top, left, height, width) in pixels: (k, 4) for all images, or
            (N, k, 4). What lies beyond an image is left out; a height or width of 0 makes a box
            empty, so that images may have different numbers of them.
        value: what pixels become, on the images' own scale: a number, one per image (N,), or one
            per image and channel (N, C) or (1, C). Rounded and saturated for integers.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself, of which only the rectangles are then
            written.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if a shape does not fit or a height or width is negative.

    Method:
        `erase` of torchvision with any number of boxes: random erasing (Zhong et al., AAAI 2020),
        cutout (DeVries and Taylor, 2017), and the coarse and grid dropout of Albumentations.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.erase(np.full((3, 5), 7), [[1, 1, 1, 2], [0, 4, 9, 9]])
        array([[7, 7, 7, 7, 0],
               [7, 0, 0, 7, 0],
               [7, 7, 7, 7, 0]])
    """
    batch = as_batch(images, data_format)
    areas = as_boxes(boxes, batch.n, many=True)
    fill = as_pixels(value, batch, "value")
    result = as_output(out, batch, may_be_input=True)
    backends.of(batch).erase(batch.pixels, result.pixels, areas, fill)
    return result.finish()


__all__ = ["erase"]
