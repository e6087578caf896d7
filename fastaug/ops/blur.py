"""Blurs: each pixel becomes a mean of its neighbours."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import (
    Array,
    DataFormat,
    PerSample,
    as_array,
    as_batch,
    as_output,
    per_sample,
    per_sample_integers,
)
from .border import BORDERS, as_border

Mode: TypeAlias = Literal["reflect", "constant", "nearest", "mirror", "wrap"]

DTYPES = ("uint8", "uint16", "float32", "float64")
MODES = ("reflect", "constant", "nearest", "mirror", "wrap")
_LARGEST_SIZE = 2**16 - 1
_LARGEST_SIGMA = (_LARGEST_SIZE // 2) / 4


def gaussian_blur(
    images: npt.ArrayLike,
    sigma: PerSample,
    *,
    size: int | tuple[int, int] | None = None,
    mode: Mode = "reflect",
    cval: float = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Gaussian blur: each pixel becomes a mean of its neighbours, the near ones weighing most.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32
            or float64. Channels are independent.
        sigma: the standard deviation in pixels, from 0 (which changes nothing) to 8191.75 (any,
            where `size` is given); or an array of shape (N,) with one for each image.
        size: how far neighbours count: None for ``int(4 * sigma + 0.5)`` pixels to each side, as
            in SciPy; or the sides of the window, an odd number or a pair of them
            ``(height, width)``, as OpenCV's ``ksize`` and torchvision's ``kernel_size``.
        mode: what lies outside the image: ``"reflect"``, ``"constant"``, ``"nearest"``,
            ``"mirror"`` or ``"wrap"``, as in SciPy.
        cval: the value outside for ``mode="constant"``.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit, a name is unknown, or a value is out of range.

    Method:
        `scipy.ndimage.gaussian_filter`, down and then across. Floats agree with it to a few units
        in the last place of their type; integers are its result in double, rounded half to even,
        but for those within 0.03 of half-way between two (0.1 for sigmas of hundreds). uint8 is
        blurred in whole numbers, with weights of 15 bits that add up to one exactly, so OpenCV,
        whose weights have 8 bits, is up to one level away, rarely two. Neighbours whose weight is
        too small for the type are left out: infinities out there do not matter.

    Examples:
        >>> import numpy as np, fastaug
        >>> image = np.array([[0, 0, 0, 80, 0, 0, 0, 0]], np.uint8)
        >>> fastaug.gaussian_blur(image, 1)
        array([[ 0,  4, 19, 32, 19,  4,  0,  0]], dtype=uint8)
        >>> fastaug.gaussian_blur(image, 1, size=3)
        array([[ 0,  0, 22, 36, 22,  0,  0,  0]], dtype=uint8)
    """
    batch = as_batch(images, data_format, DTYPES)
    most = None if size is not None else _LARGEST_SIGMA
    sigmas = per_sample(sigma, batch.n, "sigma", least=0.0, most=most)
    if size is None:
        reach = (4.0 * sigmas + 0.5).astype(np.int64)
        radii = np.repeat(reach, 2).reshape(-1, 2)
    else:
        radii = np.tile(_odd_sizes(size) // 2, (batch.n, 1))
    outside = as_border(mode, cval, MODES)
    result = as_output(out, batch)
    like = np.empty((0, 0, 0, 0), batch.pixels.dtype)
    weights, used = backends.current().gaussian_weights(sigmas, radii, like)
    backends.of(batch).gaussian_blur(
        batch.pixels, result.pixels, weights, used, BORDERS[mode], outside
    )
    return result.finish()


def box_blur(
    images: npt.ArrayLike,
    size: int | tuple[int, int] | npt.ArrayLike,
    *,
    mode: Mode = "reflect",
    cval: float = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Box blur: each pixel becomes the mean of a rectangle around it.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32
            or float64. Channels are independent.
        size: the side of the rectangle in pixels, from 1 (which changes nothing) to 65535; a pair
            ``(height, width)``; or an array of shape (N,) with a side for each image. Even sizes
            reach one pixel further up and left.
        mode: what lies outside the image: ``"reflect"``, ``"constant"``, ``"nearest"``,
            ``"mirror"`` or ``"wrap"``, as in SciPy.
        cval: the value outside for ``mode="constant"``.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit, a name is unknown, or a size is out of range.

    Method:
        `scipy.ndimage.uniform_filter` in double; OpenCV's ``blur``. Integers are added up exactly
        and the mean is rounded once, half to even. Floats are added down and then across, in
        blocks of eight, so that nothing outside the window leaves a trace, and multiplied by
        one over the area: a few units in the last place of the sum of the absolute values.

    Examples:
        >>> import numpy as np, fastaug
        >>> image = np.array([[0, 0, 9, 0, 0, 6, 6, 6]], np.uint8)
        >>> fastaug.box_blur(image, (1, 3))
        array([[0, 3, 3, 3, 2, 4, 6, 6]], dtype=uint8)
    """
    batch = as_batch(images, data_format, DTYPES)
    if isinstance(size, tuple | list) and len(size) == 2:
        sizes = np.tile(_sizes(size), (batch.n, 1))
    else:
        sides = per_sample_integers(size, batch.n, "size", np.int64, 1, _LARGEST_SIZE)
        sizes = np.repeat(sides, 2).reshape(-1, 2)
    outside = as_border(mode, cval, MODES)
    result = as_output(out, batch)
    backends.of(batch).box_blur(batch.pixels, result.pixels, sizes, BORDERS[mode], outside)
    return result.finish()


def _sizes(size: Any) -> Array:
    """(height, width) of a window, from a number or a pair."""
    sizes = as_array(size, "size")
    if sizes.dtype.kind not in "iu":
        raise TypeError(f"size must be made of whole numbers, got {size!r}")
    if sizes.shape not in ((), (2,)):
        raise ValueError(f"size must be a number or a pair (height, width), got {size!r}")
    for v in sizes.flat:
        if not 1 <= v <= _LARGEST_SIZE:
            raise ValueError(f"size must be from 1 to {_LARGEST_SIZE}, got {v}")
    return np.broadcast_to(sizes.astype(np.int64), (2,))


def _odd_sizes(size: Any) -> Array:
    """The same of a window with a pixel in its middle."""
    sizes = _sizes(size)
    for v in sizes:
        if v % 2 == 0:
            raise ValueError(f"size must be odd, got {v}")
    return sizes


__all__ = ["box_blur", "gaussian_blur"]
