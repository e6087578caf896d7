"""What Keras' ImageDataGenerator does to the values of images, in one pass over each."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import (
    Array,
    DataFormat,
    PerSample,
    as_batch,
    as_numbers,
    as_output,
    choice,
    per_sample,
)

BrightnessMode: TypeAlias = Literal["grey_levels", "stretched", "multiplied"]

BRIGHTNESS_MODES = {"grey_levels": 1, "stretched": 2, "multiplied": 3}
_NO_BRIGHTNESS = 0


def photometric(
    images: npt.ArrayLike,
    *,
    channel_shift: PerSample | None = None,
    brightness: PerSample | None = None,
    brightness_mode: BrightnessMode = "grey_levels",
    white: float | None = None,
    rescale: float = 1.0,
    samplewise_center: bool = False,
    samplewise_std_normalization: bool = False,
    mean: npt.ArrayLike | None = None,
    std: npt.ArrayLike | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Shifts, brightens, rescales and standardizes images, in this order; each step is optional.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; float32.
        channel_shift: added to every value, in grey levels of the images; results are clipped to
            the least and the greatest value that the image had. A number or shape (N,).
        brightness: factor; 0 is black, 1 the image as it is. A number or shape (N,). The fourth of
            four channels is taken for alpha and left as it is.
        brightness_mode: ``"grey_levels"``: on whole grey levels from 0 to 255, to which an image
            that goes beyond is stretched for the purpose, as Keras 3 does. Images in 0 to 1 become
            all but black. ``"stretched"``: every image is stretched to 0 to 255 before, and
            stays so, as in Keras 2. ``"multiplied"``: multiplied and clipped to black and white,
            without rounding.
        white: of ``"multiplied"``, more than 0; default 1 for an image that nowhere exceeds it,
            else 255. Black is 0.
        rescale: factor.
        samplewise_center: whether to subtract the mean of each image from it.
        samplewise_std_normalization: whether to divide each image by its standard deviation, to
            which 1e-6 is added.
        mean: subtracted; a number, or one for each channel (C,).
        std: divided by, more than 0; a number, or one for each channel (C,). Keras adds 1e-6 to
            what it finds.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        float32 array of the images' shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit, a name is unknown, or a value is out of its range.

    Method:
        `apply_channel_shift`, `apply_brightness_shift` and `standardize` of
        `keras.preprocessing.image` on Pillow, operation by operation in float32, but for the
        mean and the deviation of an image: they are summed in double, in one order everywhere,
        and rounded once. A NaN is neither the least nor the greatest value of an image; where
        brightness works on grey levels, it becomes the lowest.

    Examples:
        >>> import numpy as np
        >>> from fastaug.ops.photometric import photometric
        >>> image = np.array([[10, 20, 30, 200]], np.float32)
        >>> photometric(image, brightness=1.5)
        array([[ 15.,  30.,  45., 255.]], dtype=float32)
        >>> photometric(image, channel_shift=-15)
        array([[ 10.,  10.,  15., 185.]], dtype=float32)
        >>> photometric(image, rescale=0.5, mean=5, std=2)
        array([[ 0. ,  2.5,  5. , 47.5]], dtype=float32)
    """
    batch = as_batch(images, data_format, ("float32",))
    shift = None if channel_shift is None else per_sample(channel_shift, batch.n, "channel_shift")
    factor = None if brightness is None else per_sample(brightness, batch.n, "brightness")
    mode = choice(brightness_mode, "brightness_mode", BRIGHTNESS_MODES)
    channels = batch.pixels.shape[3]
    given = (
        shift,
        _NO_BRIGHTNESS if factor is None else mode,
        factor,
        0.0 if white is None else _number(white, "white", positive=True),
        _number(rescale, "rescale"),
        _flag(samplewise_center, "samplewise_center"),
        _flag(samplewise_std_normalization, "samplewise_std_normalization"),
        None if mean is None else _per_channel(mean, channels, "mean"),
        None if std is None else _per_channel(std, channels, "std", positive=True),
    )
    result = as_output(out, batch, may_be_input=True)
    backends.of(batch).photometric(batch.pixels, result.pixels, *given)
    return result.finish()


def _flag(value: Any, name: str) -> bool:
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be a bool, got {value!r}")
    return bool(value)


def _number(value: Any, name: str, *, positive: bool = False) -> float:
    number = as_numbers(value, name)
    if number.ndim:
        raise ValueError(f"{name} must be a single number, got shape {number.shape}")
    _check(number, name, positive)
    return float(number)


def _per_channel(value: Any, channels: int, name: str, *, positive: bool = False) -> Array:
    """A finite number, or one for each channel, as an array of shape (channels,)."""
    numbers = as_numbers(value, name)
    if numbers.shape not in ((), (channels,)):
        raise ValueError(
            f"{name} must be a number or an array of shape ({channels},), got {numbers.shape}"
        )
    _check(numbers, name, positive)
    return np.ascontiguousarray(np.broadcast_to(numbers, (channels,)))


def _check(numbers: Array, name: str, positive: bool) -> None:
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name} must be finite, got {numbers[~np.isfinite(numbers)][0]}")
    with np.errstate(under="ignore", over="ignore"):
        single = numbers.astype(np.float32)  # as which it is used
    if positive and not (single > 0).all():
        raise ValueError(f"{name} must be more than 0, got {numbers.min()}")


__all__ = ["photometric"]
