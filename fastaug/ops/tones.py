"""Tones: every value, or every channel, by itself; and values on another scale, as floats."""

from __future__ import annotations

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
    filled,
    per_sample,
    per_sample_integers,
    value_limits,
)
from .color import (
    CHANNEL_SHIFT,
    DTYPES,
    GAMMA,
    LINEAR,
    POSTERIZE,
    SOLARIZE,
    apply,
    given,
    point,
)

# Of the photographs of ImageNet, red, green and blue on a scale of 0 to 1.
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
_AUTOCONTRAST, _EQUALIZE = range(2)  # the kinds of `levels`, as in csrc/arguments.hpp


def adjust_gamma(
    images: npt.ArrayLike,
    gamma: PerSample,
    gain: PerSample = 1.0,
    *,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Raises values, as shares of white, to a power: more than 1 darkens.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        gamma: the power, at least 0; a number or shape (N,).
        gain: factor of the result; a number or shape (N,).
        value_range: (black, white) of the images, to which results are clipped; default the dtype's
            range for integers, (0, 1) for floats.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        ``gain * x ** gamma``, as `skimage.exposure.adjust_gamma` and torchvision have it, rounded where
        scikit-image cuts: within one grey level. Values are confined to the range before. All
        channels alike. The power is our own: in float32 within ``(1 + gamma) * 1e-7`` of
        white, in float64 within 1e-15.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.adjust_gamma(np.array([[0, 64, 128, 255]], np.uint8), 2)
        array([[  0,  16,  64, 255]], dtype=uint8)
    """
    batch, limits = given(images, data_format, value_range)
    power = per_sample(gamma, batch.n, "gamma", least=0)
    return apply(batch, [point(GAMMA, power, per_sample(gain, batch.n, "gain"), limits)], out)


def channel_shift(
    images: npt.ArrayLike,
    value: PerSample,
    *,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Adds to every value, within the least and the greatest value that the image had.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        value: in grey levels of the images; a number or shape (N,).
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        `apply_channel_shift` of `keras.preprocessing.image`, with one value for all channels. A NaN is
        neither the least nor the greatest value.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.channel_shift(np.array([[10, 20, 200]], np.uint8), -15)
        array([[ 10,  10, 185]], dtype=uint8)
    """
    batch, limits = given(images, data_format, None)
    shift = per_sample(value, batch.n, "value")
    return apply(batch, [point(CHANNEL_SHIFT, shift, np.zeros(batch.n), limits)], out)


def invert(
    images: npt.ArrayLike,
    *,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Turns black into white and white into black.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        value_range: (black, white) of the images, to which results are clipped; default the dtype's
            range for integers, (0, 1) for floats.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        `ImageOps.invert` of Pillow, on all channels alike.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.invert(np.array([[0, 100, 255]], np.uint8))
        array([[255, 155,   0]], dtype=uint8)
    """
    batch, limits = given(images, data_format, value_range)
    step = point(
        LINEAR, filled(batch.n, -1.0, np.float64), filled(batch.n, sum(limits), np.float64), limits
    )
    return apply(batch, [step], out)


def posterize(
    images: npt.ArrayLike,
    bits: int | npt.ArrayLike,
    *,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Keeps so many bits of each value.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        bits: 0 to 8, or to 16 for all but uint8; a number or shape (N,).
        value_range: (black, white) of the images, to which results are clipped; default the dtype's
            range for integers, (0, 1) for floats.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        `ImageOps.posterize` of Pillow for integers, whose highest bits stay. Floats are cut to
        2**bits levels, ``floor(x * levels) / levels``, as in torchvision. All channels alike.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.posterize(np.array([[0, 100, 255]], np.uint8), 2)
        array([[  0,  64, 192]], dtype=uint8)
    """
    batch, limits = given(images, data_format, value_range)
    most = 8 if batch.given.dtype == np.uint8 else 16
    kept = per_sample_integers(bits, batch.n, "bits", np.float64, 0, most)
    return apply(batch, [point(POSTERIZE, kept, np.zeros(batch.n), limits)], out)


def solarize(
    images: npt.ArrayLike,
    threshold: PerSample,
    *,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Inverts values from a threshold on.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        threshold: in grey levels of the images; a number or shape (N,).
        value_range: (black, white) of the images, to which results are clipped; default the dtype's
            range for integers, (0, 1) for floats.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        `ImageOps.solarize` of Pillow, on all channels alike.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.solarize(np.array([[0, 100, 128, 255]], np.uint8), 128)
        array([[  0, 100, 127,   0]], dtype=uint8)
    """
    batch, limits = given(images, data_format, value_range)
    from_ = per_sample(threshold, batch.n, "threshold")
    return apply(batch, [point(SOLARIZE, from_, np.zeros(batch.n), limits)], out)


def autocontrast(
    images: npt.ArrayLike,
    *,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Stretches each channel so that its darkest value is black and its brightest white.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        value_range: (black, white) of the images, to which results are clipped; default the dtype's
            range for integers, (0, 1) for floats.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        `ImageOps.autocontrast` of Pillow, which cuts to whole numbers, and so does this; for floats that
        of torchvision. A channel of one value stays as it is.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.autocontrast(np.array([[50, 100, 150]], np.uint8))
        array([[  0, 127, 255]], dtype=uint8)
    """
    batch, limits = given(images, data_format, value_range)
    return apply(batch, [("levels", (_AUTOCONTRAST, *limits))], out)


def equalize(
    images: npt.ArrayLike,
    *,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Spreads the values of each channel so that its histogram is as flat as may be.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        value_range: (black, white) of the images, to which results are clipped; default the dtype's
            range for integers, (0, 1) for floats.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        `ImageOps.equalize` of Pillow. Other dtypes are equalized on 256 levels, to the nearest of which
        their values are rounded, as in torchvision.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.equalize(np.arange(0, 64, dtype=np.uint8).repeat(9).reshape(24, 24)).max()
        np.uint8(255)
    """
    batch, limits = given(images, data_format, value_range)
    return apply(batch, [("levels", (_EQUALIZE, *limits))], out)


def normalize(
    images: npt.ArrayLike,
    mean: npt.ArrayLike,
    std: npt.ArrayLike,
    *,
    dtype: npt.DTypeLike = "float32",
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Subtracts a mean and divides by a deviation, channel by channel.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        mean: on a scale of 0, black, to 1, white; a number, or shape (C,) or (N, C). Those of ImageNet
            are ``fastaug.ops.tones.IMAGENET_MEAN`` and ``IMAGENET_STD``.
        std: on that scale, more than 0; a number, or shape (C,) or (N, C).
        dtype: of the result, float32 or float64.
        value_range: (black, white) of the images; default the dtype's range for integers, (0, 1) for
            floats. Nothing is clipped.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself if it has that dtype.

    Returns:
        Array of the images' shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        ``(x / white - mean) / std``, as `Normalize` of torchvision and Albumentations, as one product
        and one sum: within 1e-6 of the largest results.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.normalize(np.array([[0, 255]], np.uint8), 0.5, 0.25)
        array([[-2.,  2.]], dtype=float32)
    """
    batch = as_batch(images, data_format, DTYPES)
    low, high, _ = value_limits(batch, value_range, default=(0.0, 1.0))
    shape = batch.n, batch.pixels.shape[3]
    center, deviation = _per_channel(mean, shape, "mean"), _per_channel(std, shape, "std")
    if deviation.size and not deviation.min() > 0:
        raise ValueError(f"std must be more than 0, got {deviation.min()}")
    scale = 1 / ((high - low) * deviation)
    shift = -low * scale - center / deviation
    return _line(batch, scale, shift, dtype, out)


def rescale(
    images: npt.ArrayLike,
    scale: npt.ArrayLike,
    offset: npt.ArrayLike = 0.0,
    *,
    dtype: npt.DTypeLike = "float32",
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Brings values to any scale: ``images * scale + offset``.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        scale: factor of the images' grey levels; a number, or shape (C,) or (N, C).
        offset: what is added then; a number, or shape (C,) or (N, C).
        dtype: of the result, float32 or float64.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself if it has that dtype.

    Returns:
        Array of the images' shape; nothing is clipped.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        Keras' layer `Rescaling`, to the bit for float32 results.

    Examples:
        >>> import numpy as np
        >>> from fastaug.ops.tones import rescale
        >>> rescale(np.array([[0, 255]], np.uint8), 2 / 255, -1)
        array([[-1.,  1.]], dtype=float32)
    """
    batch = as_batch(images, data_format, DTYPES)
    shape = batch.n, batch.pixels.shape[3]
    factor, added = _per_channel(scale, shape, "scale"), _per_channel(offset, shape, "offset")
    return _line(batch, factor, added, dtype, out)


def to_float(
    images: npt.ArrayLike,
    *,
    dtype: npt.DTypeLike = "float32",
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Brings values to a scale of 0, black, to 1, white.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        dtype: of the result, float32 or float64.
        value_range: (black, white) of the images; default the dtype's range for integers, (0, 1) for
            floats. Nothing is clipped.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself if it has that dtype.

    Returns:
        Array of the images' shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        `normalize` with a mean of 0 and a deviation of 1; a product, as in
        `tf.image.convert_image_dtype`, so the last bit may differ from that of a quotient.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.to_float(np.array([[0, 255]], np.uint8))
        array([[0., 1.]], dtype=float32)
    """
    return normalize(
        images, 0.0, 1.0, dtype=dtype, value_range=value_range, data_format=data_format, out=out
    )


def _line(batch: Batch, scale: Array, shift: Array, dtype: Any, out: Array | None) -> Array:
    """A product and a sum, each (n, channels), as floats."""
    if np.dtype(dtype) not in (np.float32, np.float64):
        raise TypeError(f"dtype must be float32 or float64, got {np.dtype(dtype)}")
    result = as_output(out, batch, may_be_input=True, dtype=dtype)
    numbers = np.empty((2, batch.n, batch.pixels.shape[3]))
    numbers[0], numbers[1] = scale, shift
    if numbers.shape[2] == 1:
        numbers = numbers[:, :, 0]
    backends.of(batch).normalize(batch.pixels, result.pixels, *numbers)
    return result.finish()


def _per_channel(value: Any, shape: tuple[int, int], name: str) -> Array:
    """A finite number, or one for each channel, or for each sample and channel, as (n, channels)."""
    numbers = as_numbers(value, name)
    n, channels = shape
    if numbers.shape not in ((), (channels,), shape):
        raise ValueError(
            f"{name} must be a number or have shape ({channels},) or ({n}, {channels}), "
            f"got {numbers.shape}"
        )
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name} must be finite, got {numbers[~np.isfinite(numbers)][0]}")
    return numbers
