"""Erosion, dilation and the five ops that follow from them, as in scikit-image."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import (
    LARGEST_SIDE,
    Array,
    DataFormat,
    as_array,
    as_batch,
    as_output,
    filled,
)
from .border import BORDERS, as_border

Mode: TypeAlias = Literal[
    "reflect", "constant", "nearest", "mirror", "wrap", "max", "min", "ignore"
]

DTYPES = ("uint8", "uint16", "float32", "float64")
_OPS = (
    "erode",
    "dilate",
    "opening",
    "closing",
    "morphological_gradient",
    "white_tophat",
    "black_tophat",
)
_MODES = (*BORDERS, "max", "min")
# scikit-image spells these two as a constant border of the dtype's extreme.
_EXTREMES = {"max": np.inf, "min": -np.inf}


def _apply(
    op: str,
    images: npt.ArrayLike,
    footprint: Any,
    mode: str,
    cval: float,
    data_format: DataFormat,
    out: Array | None,
) -> Array:
    batch = as_batch(images, data_format, DTYPES)
    outside = as_border(mode, cval, _MODES)
    sizes, runs = _footprint(footprint, batch.n)
    if mode in _EXTREMES:
        mode, outside = "constant", _EXTREMES[mode]
    result = as_output(out, batch)
    backends.of(batch).morphology(
        batch.pixels, result.pixels, _OPS.index(op), sizes, runs, BORDERS[mode], outside
    )
    return result.finish()


def _footprint(footprint: Any, n: int) -> tuple[Array | None, Array | None]:
    """Sizes (n, 2) of full rectangles, or else the runs (k, 3) of a shape."""
    if type(footprint) is int and 1 <= footprint <= LARGEST_SIDE:
        return filled((n, 2), footprint, np.int64), None  # at a tenth of what the checks below cost
    array = as_array(footprint, "footprint")
    if isinstance(footprint, tuple | list) and array.ndim == 1:
        if array.shape != (2,):
            raise ValueError(f"footprint must be a pair (height, width), got {footprint!r}")
        return np.tile(_sizes(array), (n, 1)), None
    if array.ndim == 2:
        runs = _runs(array.dtype, array.shape, array.tobytes())
        return (np.tile(np.array(array.shape), (n, 1)), None) if runs is None else (None, runs)
    if array.ndim > 1 or (array.ndim == 1 and array.shape != (n,)):
        raise ValueError(
            "footprint must be a size, a pair (height, width), a 2-D array of zeros and ones or an "
            f"array of {n} sizes, got an array of shape {array.shape}"
        )
    sizes = _sizes(array)
    return np.repeat(sizes, 2).reshape(-1, 2) if array.ndim else np.full((n, 2), sizes), None


def _sizes(array: Array) -> Array:
    if array.dtype.kind not in "iu" and array.size:  # an empty list comes as floats
        raise TypeError(f"footprint must be made of whole numbers, got {array.tolist()!r}")
    if array.size and array.min() < 1:
        raise ValueError(f"footprint must have a size of at least 1, got {array.min()}")
    if array.size and array.max() > LARGEST_SIDE:
        raise ValueError(f"footprint must have a size of at most {LARGEST_SIDE}, got {array.max()}")
    return array.astype(np.int64)


@lru_cache(maxsize=64)  # a pipeline comes with the same one for every batch
def _runs(dtype: np.dtype[Any], shape: tuple[int, int], data: bytes) -> Array | None:
    """The runs (k, 3) of an array of zeros and ones: first row and column, from the pixel, and length.

    None for a full rectangle. The pixel itself is the middle; of even sizes the upper left of the
    four, as scikit-image has it by padding in front.
    """
    array = np.ndarray(shape, dtype, data) if dtype.kind in "biuf" else None
    if array is None or not ((array == 0) | (array == 1)).all():
        raise ValueError("footprint must hold zeros and ones only")
    if not array.any():
        raise ValueError("footprint must hold at least one 1, got zeros only")
    if array.all():
        return None
    height, width = shape
    beside = np.zeros((height, width + 2), np.int8)
    beside[:, 1:-1] = array
    steps = np.diff(beside)
    y, start = np.nonzero(steps == 1)
    end = np.nonzero(steps == -1)[1]
    return np.stack([y - (height - 1) // 2, start - (width - 1) // 2, end - start], axis=1)


_DOC = """{summary}

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32
            or float64. Channels are independent. NaN under the footprint gives NaN.
        footprint: the structuring element: a size or ``(height, width)`` for a full rectangle, a
            2-D array of zeros and ones, or an array of shape (N,) with a size for each image.
            Even sizes reach one pixel further down and right.
        mode: what lies outside the image: ``"reflect"``, ``"constant"``, ``"nearest"``,
            ``"mirror"``, ``"wrap"``, ``"max"``, ``"min"`` or ``"ignore"``, as in scikit-image.
        cval: the value outside for ``mode="constant"``.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit, a name is unknown, or the footprint is empty.

    Method:
        {method}

    Examples:
        >>> import numpy as np, fastaug
        >>> image = np.array([[0, 0, 9, 0, 0, 5, 5, 5]], np.uint8)
        >>> {example}
    """


def erode(
    images: npt.ArrayLike,
    footprint: Any = 3,
    *,
    mode: Mode = "reflect",
    cval: float = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    return _apply("erode", images, footprint, mode, cval, data_format, out)


def dilate(
    images: npt.ArrayLike,
    footprint: Any = 3,
    *,
    mode: Mode = "reflect",
    cval: float = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    return _apply("dilate", images, footprint, mode, cval, data_format, out)


def opening(
    images: npt.ArrayLike,
    footprint: Any = 3,
    *,
    mode: Mode = "reflect",
    cval: float = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    return _apply("opening", images, footprint, mode, cval, data_format, out)


def closing(
    images: npt.ArrayLike,
    footprint: Any = 3,
    *,
    mode: Mode = "reflect",
    cval: float = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    return _apply("closing", images, footprint, mode, cval, data_format, out)


def morphological_gradient(
    images: npt.ArrayLike,
    footprint: Any = 3,
    *,
    mode: Mode = "reflect",
    cval: float = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    return _apply("morphological_gradient", images, footprint, mode, cval, data_format, out)


def white_tophat(
    images: npt.ArrayLike,
    footprint: Any = 3,
    *,
    mode: Mode = "reflect",
    cval: float = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    return _apply("white_tophat", images, footprint, mode, cval, data_format, out)


def black_tophat(
    images: npt.ArrayLike,
    footprint: Any = 3,
    *,
    mode: Mode = "reflect",
    cval: float = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    return _apply("black_tophat", images, footprint, mode, cval, data_format, out)


_REFERENCE = "Equal to `skimage.morphology.{}` of scikit-image 0.26 to the bit, channel by channel."
_HAT = (
    _REFERENCE + " Unlike there, unsigned differences\n        saturate at 0 instead of wrapping."
)
_DOCS = {
    erode: (
        "Erosion: each pixel becomes the least under the footprint.",
        _REFERENCE.format("erosion"),
        "fastaug.erode(image, (1, 3))\n        array([[0, 0, 0, 0, 0, 0, 5, 5]], dtype=uint8)",
    ),
    dilate: (
        "Dilation: each pixel becomes the greatest under the footprint.",
        _REFERENCE.format("dilation"),
        "fastaug.dilate(image, (1, 3))\n        array([[0, 9, 9, 9, 5, 5, 5, 5]], dtype=uint8)",
    ),
    opening: (
        "Opening, an erosion and then a dilation: removes small bright spots.",
        _REFERENCE.format("opening"),
        "fastaug.opening(image, (1, 3))\n        array([[0, 0, 0, 0, 0, 5, 5, 5]], dtype=uint8)",
    ),
    closing: (
        "Closing, a dilation and then an erosion: fills small dark spots.",
        _REFERENCE.format("closing"),
        "fastaug.closing(image, (1, 3))\n        array([[0, 0, 9, 5, 5, 5, 5, 5]], dtype=uint8)",
    ),
    morphological_gradient: (
        "Morphological gradient, the dilation less the erosion: the edges of things.",
        "`dilate` less `erode` under one footprint, as OpenCV's ``MORPH_GRADIENT``; for footprints\n"
        "        that are their own mirror image equal to `scipy.ndimage.morphological_gradient`.",
        "fastaug.morphological_gradient(image, (1, 3))\n"
        "        array([[0, 9, 9, 9, 5, 5, 0, 0]], dtype=uint8)",
    ),
    white_tophat: (
        "White top hat, the image less its opening: the small bright spots.",
        _HAT.format("white_tophat"),
        "fastaug.white_tophat(image, (1, 3))\n"
        "        array([[0, 0, 9, 0, 0, 0, 0, 0]], dtype=uint8)",
    ),
    black_tophat: (
        "Black top hat, the closing less the image: the small dark spots.",
        _HAT.format("black_tophat"),
        "fastaug.black_tophat(image, (1, 3))\n"
        "        array([[0, 0, 0, 5, 5, 0, 0, 0]], dtype=uint8)",
    ),
}
for _function, (_summary, _method, _example) in _DOCS.items():
    _function.__doc__ = _DOC.format(summary=_summary, method=_method, example=_example)

__all__ = [
    "black_tophat",
    "closing",
    "dilate",
    "erode",
    "morphological_gradient",
    "opening",
    "white_tophat",
]
