"""Two images made into one."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import (
    Array,
    Batch,
    DataFormat,
    Output,
    PerSample,
    as_batch,
    as_output,
    check_apart,
    per_sample,
    per_sample_integers,
)
from .regions import as_boxes

DTYPES = ("uint8", "uint16", "float32", "float64")


def blend(
    images: npt.ArrayLike,
    others: npt.ArrayLike,
    weight: PerSample,
    *,
    source: Any = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Mixes each image with another: ``images * weight + others * (1 - weight)``.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        others: of the images' dtype and size; as many as there are images, or any number with
            `source`. May be `images`.
        weight: share of `images`, 0 to 1; a number or shape (N,).
        source: which of `others` each image is mixed with, so that a batch is mixed with its own
            permutation without a copy; shape (N,). Default 0, 1, 2, …
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself, and without `source` `others`, with
            which it must not share memory otherwise.

    Returns:
        Array of the images' dtype and shape; integers round half to even, once.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        MixUp (Zhang et al., "mixup: beyond empirical risk minimization", ICLR 2018), in float32, or
        in float64 for such images. As there, what is not finite stays so at a weight of 0.

    Examples:
        >>> import numpy as np, fastaug
        >>> images = np.array([10, 20, 30], np.uint8).reshape(3, 1, 1, 1)
        >>> fastaug.blend(images, images, [1, 0.75, 0.5], source=[2, 0, 1]).ravel()
        array([10, 18, 25], dtype=uint8)
    """
    batch = as_batch(images, data_format, DTYPES)
    other, chosen = _as_others(others, batch, source)
    shares = per_sample(weight, batch.n, "weight", least=0, most=1)
    result = _as_mixed(out, batch, other, by_element=chosen is None)
    backends.of(batch).blend(batch.pixels, result.pixels, other.pixels, shares, chosen)
    return result.finish()


def paste(
    images: npt.ArrayLike,
    others: npt.ArrayLike,
    boxes: Any,
    *,
    source: Any = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Puts a rectangle of another image in its place in each image.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; any boolean, integer or
            floating dtype.
        others: of the images' dtype and size; as many as there are images, or any number with
            `source`. May be `images`.
        boxes: whole numbers (top, left, height, width) in pixels, shape (4,) or (N, 4). What lies
            beyond an image is left out.
        source: which of `others` each image takes from, so that a batch takes from its own
            permutation without a copy; shape (N,). Default 0, 1, 2, …
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself, of which only the rectangles are then
            written, but must not share memory with `others`.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        A copy: what CutMix (Yun et al., ICCV 2019) does to a batch.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.paste(np.zeros((3, 4), int), np.ones((3, 4), int), [1, 2, 5, 5])
        array([[0, 0, 0, 0],
               [0, 0, 1, 1],
               [0, 0, 1, 1]])
    """
    batch = as_batch(images, data_format)
    other, chosen = _as_others(others, batch, source)
    areas = as_boxes(boxes, batch.n, many=False)
    result = _as_mixed(out, batch, other, by_element=False)
    backends.of(batch).paste(batch.pixels, result.pixels, other.pixels, areas, chosen)
    return result.finish()


def _as_others(
    others: Any, batch: Batch, source: Any
) -> tuple[Batch, npt.NDArray[np.int64] | None]:
    """The other images, and which of them belongs to each."""
    other = as_batch(others, batch.data_format, name="others")
    if other.on_card != batch.on_card:
        raise TypeError("others must be where images are: both on a CUDA device, or neither")
    if other.pixels.dtype != batch.pixels.dtype:
        raise TypeError(f"others must have dtype {batch.pixels.dtype}, got {other.pixels.dtype}")
    same = other.pixels.shape[1:] == batch.pixels.shape[1:]
    if not same or (source is None and other.n != batch.n):
        raise ValueError(
            f"others must have the shape {batch.given.shape} of images, got {other.given.shape}"
        )
    if source is None:
        return other, None
    if other.n == 0 and batch.n:
        raise ValueError("others must not be empty")
    return other, per_sample_integers(source, batch.n, "source", np.int64, 0, max(other.n - 1, 0))


def _as_mixed(out: Array | None, batch: Batch, other: Batch, *, by_element: bool) -> Output:
    """Where the result goes, which is not where `others` are still to be read."""
    result = as_output(out, batch, may_be_input=True)
    if out is not None:
        target = result.staged if batch.on_card else result.given
        check_apart(target, other.given, "others", may_be_input=by_element)
    return result


__all__ = ["blend", "paste"]
