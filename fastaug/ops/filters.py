"""Filters over the neighbours of each pixel: correlation, motion blur, sharpening, medians."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import (
    Array,
    Batch,
    DataFormat,
    PerSample,
    as_batch,
    as_numbers,
    as_output,
    per_sample,
    per_sample_integers,
)
from .blur import DTYPES, MODES, Mode
from .border import BORDERS, as_border
from .color import given
from .geometry import affine_matrix

_LARGEST_SIZE = 255
_LARGEST_KERNEL = 1023
_REMEMBERED = 4096  # weights at most, of kernels whose taps are remembered


def correlate(
    images: npt.ArrayLike,
    kernel: npt.ArrayLike,
    *,
    mode: Mode = "reflect",
    cval: float = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Correlation: each pixel becomes a sum of its neighbours, weighted by a kernel.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32
            or float64. Channels are independent.
        kernel: the weights: an array (h, w) with sides from 1 to 1023, or (N, h, w) with a kernel for
            each image. Its middle is on the pixel; even sides reach one pixel further up and left.
        mode: what lies outside the image: ``"reflect"``, ``"constant"``, ``"nearest"``,
            ``"mirror"`` or ``"wrap"``, as in SciPy.
        cval: the value outside for ``mode="constant"``.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit, a name is unknown, or a weight is not finite.

    Method:
        `scipy.ndimage.correlate`, which is OpenCV's ``filter2D``; turn the kernel by 180 degrees for a
        convolution. Products are added row by row in float32, or in float64 for float64 images;
        integers are rounded half to even, once, and saturate: less than 0.51 grey levels from the
        exact sum of uint8, and 0.6 of uint16, while the weights of up to a thousand neighbours add up
        to no more than 2. Neighbours of weight zero are left out: NaN there does not matter.

    Examples:
        >>> import numpy as np, fastaug
        >>> image = np.array([[10, 10, 10, 90, 90, 90]], np.uint8)
        >>> fastaug.correlate(image, [[-1, 0, 1]])
        array([[ 0,  0, 80, 80,  0,  0]], dtype=uint8)
    """
    batch = as_batch(images, data_format, DTYPES)
    weights = as_numbers(kernel, "kernel")
    if weights.ndim not in (2, 3) or (weights.ndim == 3 and len(weights) != batch.n):
        raise ValueError(f"kernel must have shape (h, w) or ({batch.n}, h, w), got {weights.shape}")
    for side in weights.shape[-2:]:
        if not 1 <= side <= _LARGEST_KERNEL:
            raise ValueError(
                f"kernel must have sides from 1 to {_LARGEST_KERNEL}, got shape {weights.shape}"
            )
    return _correlate(batch, weights.reshape(-1, *weights.shape[-2:]), mode, cval, out)


def motion_blur(
    images: npt.ArrayLike,
    size: int | npt.ArrayLike,
    angle: PerSample = 0.0,
    direction: PerSample = 0.0,
    *,
    mode: Mode = "reflect",
    cval: float = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Motion blur: each pixel becomes a mean of those along a line through it.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32
            or float64. Channels are independent.
        size: the length of the line in pixels, odd, from 1 (which changes nothing) to 255; or an
            array of shape (N,).
        angle: of the line, in degrees, counter-clockwise; 0 is horizontal. A number or shape (N,).
        direction: from -1 to 1: how much more one end of the line weighs: 0 for the same weight all
            along it, 1 for weights that fall to nothing from its left to its right end (before it is
            turned), -1 for the opposite. A number or shape (N,).
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
        `correlate` with the kernel of Kornia's ``get_motion_kernel2d(..., mode="bilinear")``: the
        middle row of a square of `size`, turned about its middle by bilinear interpolation with zeros
        outside, so that the line has smooth sides, and divided by its sum.

    Examples:
        >>> import numpy as np, fastaug
        >>> image = np.array([[0, 0, 0, 90, 0, 0, 0]], np.uint8)
        >>> fastaug.motion_blur(image, 3)
        array([[ 0,  0, 30, 30, 30,  0,  0]], dtype=uint8)
        >>> fastaug.motion_blur(image, 3, direction=1)
        array([[ 0,  0,  0, 30, 60,  0,  0]], dtype=uint8)
    """
    batch = as_batch(images, data_format, DTYPES)
    sizes = _odd_sizes(size, batch.n)
    angles = per_sample(angle, batch.n, "angle")
    directions = per_sample(direction, batch.n, "direction", least=-1.0, most=1.0)
    if batch.n and all((a == a[0]).all() for a in (sizes, angles, directions)):
        kernels = _motion_kernel(int(sizes[0]), float(angles[0]), float(directions[0]))
    else:
        kernels = _motion_kernels(sizes, angles, directions)
    return _correlate(batch, kernels, mode, cval, out)


def sharpen(
    images: npt.ArrayLike,
    factor: PerSample,
    *,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Sharpens or softens: 0 is a smoothed image, 1 the image as it is, 2 twice as sharp.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64. Channels are independent.
        factor: at least 0; a number or shape (N,).
        value_range: (black, white) of the images, to which results are clipped; default the dtype's
            range for integers, (0, 1) for floats.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        `adjust_sharpness` of torchvision and Pillow's `ImageEnhance.Sharpness`: a blend with the mean
        of the 3x3 pixels around each, of which the pixel itself counts five times. Pixels at the
        edges stay as they are. The mean is not rounded: within one grey level of torchvision, and of
        Pillow, for factors up to 2. The fourth of four channels is taken for alpha and stays.

    Examples:
        >>> import numpy as np, fastaug
        >>> image = np.full((3, 4), 10, np.uint8)
        >>> image[1, 1] = 36
        >>> fastaug.sharpen(image, 0)[1]
        array([10, 20, 12, 10], dtype=uint8)
        >>> fastaug.sharpen(image, 2)[1]
        array([10, 52,  8, 10], dtype=uint8)
    """
    batch, limits = given(images, data_format, value_range)
    factors = per_sample(factor, batch.n, "factor", least=0)
    result = as_output(out, batch)
    backends.of(batch).sharpen(batch.pixels, result.pixels, factors, *limits, True)
    return result.finish()


def median_blur(
    images: npt.ArrayLike,
    size: int | npt.ArrayLike = 3,
    *,
    mode: Mode = "reflect",
    cval: float = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Median blur: each pixel becomes the median of a square around it; removes specks, keeps edges.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32
            or float64. Channels are independent. NaN in the square gives NaN.
        size: the side of the square in pixels, odd, from 1 (which changes nothing) to 255; or an
            array of shape (N,) with a side for each image.
        mode: what lies outside the image: ``"reflect"``, ``"constant"``, ``"nearest"`` (as OpenCV),
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
        Equal to `scipy.ndimage.median_filter` and, with ``mode="nearest"``, to OpenCV's
        ``medianBlur``. Among zeros -0.0 comes before 0.0. Squares of 3 and 5 are sorted in vector
        registers; larger ones take a time that does not depend on their size for uint8 (Perreault
        and Hebert, 2007), and one that grows with their area for other dtypes.

    Examples:
        >>> import numpy as np, fastaug
        >>> image = np.array([[5, 5, 200, 6, 6], [5, 5, 5, 6, 6], [5, 5, 5, 6, 6]], np.uint8)
        >>> fastaug.median_blur(image)
        array([[5, 5, 6, 6, 6],
               [5, 5, 5, 6, 6],
               [5, 5, 5, 6, 6]], dtype=uint8)
    """
    batch = as_batch(images, data_format, DTYPES)
    sizes = _odd_sizes(size, batch.n)
    outside = as_border(mode, cval, MODES)
    result = as_output(out, batch)
    backends.of(batch).median_blur(batch.pixels, result.pixels, sizes, BORDERS[mode], outside)
    return result.finish()


def _odd_sizes(size: Any, n: int) -> Array:
    sizes = per_sample_integers(size, n, "size", np.int64, 1, _LARGEST_SIZE)
    for v in sizes[sizes % 2 == 0][:1]:
        raise ValueError(f"size must be odd, got {v}")
    return sizes


def _correlate(batch: Batch, kernels: Array, mode: Mode, cval: float, out: Array | None) -> Array:
    """The op, from a kernel for all images or one for each."""
    outside = as_border(mode, cval, MODES)
    real = "f8" if batch.pixels.dtype == np.float64 else "f4"
    if len(kernels) == 1 and kernels.size <= _REMEMBERED:
        taps = _taps_of(kernels.tobytes(), kernels.dtype.str, kernels.shape, real, batch.n)
    else:
        taps = _taps(_weights(kernels, real), batch.n)
    result = as_output(out, batch)
    backends.of(batch).correlate(batch.pixels, result.pixels, *taps, BORDERS[mode], outside)
    return result.finish()


@lru_cache(maxsize=16)  # a pipeline comes with the same one for every batch
def _taps_of(
    kernels: bytes, dtype: str, shape: tuple[int, ...], real: str, n: int
) -> tuple[Array, Array, Array]:
    """The taps of a kernel for all images."""
    return _taps(_weights(np.frombuffer(kernels, dtype).reshape(shape), real), n)


def _weights(kernels: Array, real: str) -> Array:
    with np.errstate(over="ignore", under="ignore"):
        weights: Array = kernels.astype(real)
    if not np.isfinite(weights).all():
        raise ValueError(f"kernel must be finite, got {kernels[~np.isfinite(weights)][0]}")
    return weights


def _taps(kernels: Array, n: int) -> tuple[Array, Array, Array]:
    """What is not zero of them: offsets (taps, 2), weights (taps,), and the (first, count) of each."""
    height, width = kernels.shape[1:]
    flat = kernels.reshape(-1)
    taps = np.flatnonzero(flat != 0)
    places = np.indices((height, width)).reshape(2, -1).T - (height // 2, width // 2)
    counts = np.count_nonzero(kernels, axis=(1, 2))
    spans = np.stack([np.cumsum(counts) - counts, counts], axis=1)
    spans = np.ascontiguousarray(np.broadcast_to(spans, (n, 2)))
    offsets = places.astype(np.int64).take(taps % (height * width), axis=0)
    return offsets, flat[taps], spans.astype(np.int64)


@lru_cache(maxsize=16)
def _motion_kernel(size: int, angle: float, direction: float) -> Array:
    """The kernel of all images, where they have the same."""
    return _motion_kernels(np.array([size]), np.array([angle]), np.array([direction]))


def _motion_kernels(sizes: Array, angles: Array, directions: Array) -> Array:
    """A kernel for each image, in squares of the largest size.

    IEEE operations in one order only, sine and cosine being those of the kernels, so that weights
    are the same bits everywhere.
    """
    reach = int(sizes.max(initial=1)) // 2
    y, x = (axis.astype(np.float64) for axis in np.ogrid[-reach : reach + 1, -reach : reach + 1])
    radius = (sizes // 2).astype(np.float64)[:, np.newaxis, np.newaxis]
    heavy = ((directions + 1.0) / 2.0)[:, np.newaxis, np.newaxis]  # the end on the left
    heavy = np.where(radius > 0, heavy, 1.0)
    lighter = np.where(radius > 0, 1.0 - 2.0 * heavy, 0.0)  # to the other end
    turn = affine_matrix(rotation=angles, center=(0.0, 0.0), size=(1, 1))[..., np.newaxis]
    turn = turn.reshape(-1, 6, 1, 1)
    along = turn[:, 0] * x + turn[:, 1] * y
    aside = turn[:, 3] * x + turn[:, 4] * y
    # In place, for the arrays of many images are read more often than they are made.
    weight = np.clip(along, -radius, radius)
    weight += radius
    weight *= lighter
    weight /= np.maximum(2.0 * radius, 1.0)
    weight += heavy
    for far, beyond in ((along, radius + 1.0), (aside, 1.0)):
        np.subtract(beyond, np.abs(far, out=far), out=far)
        weight *= np.clip(far, 0.0, 1.0, out=far)
    if (sizes < sizes.max(initial=1)).any():
        weight[(np.abs(x) > radius) | (np.abs(y) > radius)] = 0.0
    flat = weight.reshape(-1)
    taps = np.flatnonzero(flat != 0)
    # One after the other, which a sum over an axis does not promise.
    total = np.bincount(taps // (x.size * y.size), flat[taps], minlength=len(sizes))
    kernels: Array = weight / total[:, np.newaxis, np.newaxis]
    return kernels


__all__ = ["correlate", "median_blur", "motion_blur", "sharpen"]
