"""Brightness, contrast and colours, on the images' own scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import (
    Array,
    Batch,
    DataFormat,
    PerSample,
    as_batch,
    as_output,
    per_sample,
    value_limits,
)
from ..backends.passes import Step, Steps, for_all

DTYPES = ("uint8", "uint16", "float32", "float64")
# The kinds of `point`, as in csrc/arguments.hpp.
LINEAR, GAMMA, POSTERIZE, SOLARIZE, CONTRAST, CHANNEL_SHIFT = range(6)
GREY = (0.299, 0.587, 0.114)  # of red, green and blue, as in csrc/ops/grey.hpp

Limits: TypeAlias = tuple[float, float]


def adjust_brightness(
    images: npt.ArrayLike,
    factor: PerSample,
    *,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Multiplies by a factor: 0 is black, 1 the image as it is.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        factor: at least 0; a number or shape (N,).
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
        `ImageEnhance.Brightness` of Pillow and `adjust_brightness` of torchvision, which cut results to
        whole numbers where this rounds them, half to even: within one grey level. The fourth of four
        channels is taken for alpha and stays, as in Pillow.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.adjust_brightness(np.array([[10, 100, 200]], np.uint8), 1.5)
        array([[ 15, 150, 255]], dtype=uint8)
    """
    batch, limits = given(images, data_format, value_range)
    return apply(batch, [_brightness(batch, limits, factor)], out)


def add_brightness(
    images: npt.ArrayLike,
    delta: PerSample,
    *,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Adds a share of the value range: 1 makes all of it white, -1 black.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        delta: share of the way from black to white; a number or shape (N,).
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
        `tf.image.adjust_brightness` and Keras' layer `RandomBrightness`. All channels alike.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.add_brightness(np.array([[10, 100, 200]], np.uint8), 0.2)
        array([[ 61, 151, 251]], dtype=uint8)
    """
    batch, limits = given(images, data_format, value_range)
    add = per_sample(delta, batch.n, "delta") * (limits[1] - limits[0])
    return apply(batch, [point(LINEAR, np.ones(batch.n), add, limits)], out)


def adjust_contrast(
    images: npt.ArrayLike,
    factor: PerSample,
    *,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Draws values away from the mean grey of their image: 0 is that grey, 1 the image as it is.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        factor: at least 0; a number or shape (N,).
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
        `adjust_contrast` of torchvision: a blend with the mean of 0.299 red + 0.587 green + 0.114 blue.
        That mean is not rounded, nor is the grey of each pixel: within one grey level of torchvision,
        and of Pillow's `ImageEnhance.Contrast`, for factors up to 2. The fourth of four channels is taken
        for alpha and stays, as in Pillow. Images of other than three or four channels are drawn
        away from the mean of all their values.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.adjust_contrast(np.array([[10, 100, 190]], np.uint8), 0.5)
        array([[ 55, 100, 145]], dtype=uint8)
    """
    batch, limits = given(images, data_format, value_range)
    return apply(batch, [_contrast(batch, limits, factor)], out)


def adjust_saturation(
    images: npt.ArrayLike,
    factor: PerSample,
    *,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Blends with grey: 0 is grey, 1 the image as it is, more is more colourful.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        factor: at least 0; a number or shape (N,). Images have three channels, four of which the
            last is alpha and stays, or one, which stays as well.
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
        `ImageEnhance.Color` of Pillow and `adjust_saturation` of torchvision, without rounding between:
        within one grey level for factors up to 2, up to which bytes are made in fixed point, no more
        than 0.53 from the exact value.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.adjust_saturation(np.array([[[200, 100, 50]]], np.uint8), 0.5)
        array([[[162, 112,  87]]], dtype=uint8)
    """
    batch, limits = given(images, data_format, value_range)
    steps = [_saturation(batch, limits, factor)] if _has_colour(batch) else []
    return apply(batch, steps, out)


def adjust_hue(
    images: npt.ArrayLike,
    delta: PerSample,
    *,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Turns the hue: half a turn makes red cyan.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64.
        delta: in turns, from -0.5 to 0.5; a number or shape (N,). Images have three channels, four of
            which the last is alpha and stays, or one, which stays as well.
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
        `adjust_hue` of torchvision and `tf.image.adjust_hue`: hue, saturation and value, without rounding
        between: within one grey level; bytes are no more than 0.51 from the exact value. It is turned in
        units of the chroma, which takes no division.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.adjust_hue(np.array([[[200, 100, 50]]], np.uint8), 1 / 3)
        array([[[ 50, 200, 100]]], dtype=uint8)
    """
    batch, limits = given(images, data_format, value_range)
    steps = [_hue(batch, limits, delta)] if _has_colour(batch) else []
    return apply(batch, steps, out)


def to_grayscale(
    images: npt.ArrayLike,
    *,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Sets red, green and blue to the grey of each pixel; the shape stays.

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
        0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), rounded, of bytes as `adjust_saturation` does:
        within one grey level of Pillow's ``convert("L")`` and of torchvision, which cuts. Images have three channels, four
        of which the last is alpha and stays, or one, which stays as well.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.to_grayscale(np.array([[[200, 100, 50]]], np.uint8))
        array([[[124, 124, 124]]], dtype=uint8)
    """
    batch, limits = given(images, data_format, value_range)
    steps = [_saturation(batch, limits, 0.0)] if _has_colour(batch) else []
    return apply(batch, steps, out)


def color_jitter(
    images: npt.ArrayLike,
    *,
    brightness: PerSample = 1.0,
    contrast: PerSample = 1.0,
    saturation: PerSample = 1.0,
    hue: PerSample = 0.0,
    order: Sequence[str] = ("brightness", "contrast", "saturation", "hue"),
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Brightness, contrast, saturation and hue in one go, each image by all of them.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32 or
            float64. Three channels, four of which the last is alpha and stays, or one, which
            has no saturation and no hue.
        brightness: factor, as in `adjust_brightness`; a number or shape (N,).
        contrast: factor, as in `adjust_contrast`; a number or shape (N,).
        saturation: factor, as in `adjust_saturation`; a number or shape (N,).
        hue: turns, as in `adjust_hue`; a number or shape (N,).
        order: what is done, in this order; those that are not named are left out.
        value_range: (black, white) of the images, to which results are clipped; default the dtype's
            range for integers, (0, 1) for floats.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit, a name is unknown or a value is out of its range.

    Method:
        The bits of these ops one after the other; each finds what the last one left in cache.

    Examples:
        >>> import numpy as np
        >>> from fastaug.ops.color import color_jitter
        >>> color_jitter(np.array([[[200, 100, 50]]], np.uint8), brightness=0.5, saturation=0)
        array([[[62, 62, 62]]], dtype=uint8)
    """
    batch, limits = given(images, data_format, value_range)
    known = {
        "brightness": _brightness(batch, limits, brightness, "brightness"),
        "contrast": _contrast(batch, limits, contrast, "contrast"),
        "saturation": _saturation(batch, limits, saturation, "saturation"),
        "hue": _hue(batch, limits, hue, "hue"),
    }
    for name in order:
        if name not in known:
            raise ValueError(f"order must be made of {', '.join(known)}, got {order!r}")
    colourless = () if _has_colour(batch) else ("saturation", "hue")
    return apply(batch, [known[name] for name in order if name not in colourless], out)


def point(
    op: int, first: Array, second: Array, limits: Limits, *, keeps_alpha: bool = False
) -> Step:
    """A step that makes each value from itself alone."""
    return "point", (op, first, second, *limits, keeps_alpha)


def _brightness(batch: Batch, limits: Limits, factor: PerSample, name: str = "factor") -> Step:
    by = per_sample(factor, batch.n, name, least=0)
    return point(LINEAR, by, limits[0] * (1 - by), limits, keeps_alpha=True)


def _contrast(batch: Batch, limits: Limits, factor: PerSample, name: str = "factor") -> Step:
    by = per_sample(factor, batch.n, name, least=0)
    return point(CONTRAST, by, np.zeros(batch.n), limits, keeps_alpha=True)


def _saturation(batch: Batch, limits: Limits, factor: PerSample, name: str = "factor") -> Step:
    return "saturation", (per_sample(factor, batch.n, name, least=0), *limits)


def _hue(batch: Batch, limits: Limits, delta: PerSample, name: str = "delta") -> Step:
    turn = per_sample(delta, batch.n, name, least=-0.5, most=0.5)
    return "hue", (np.where(turn < 0, 6 * turn + 6, 6 * turn), *limits)


def _has_colour(batch: Batch) -> bool:
    """Whether there is any colour to change; one channel has none."""
    channels = batch.pixels.shape[3]
    if channels not in (1, 3, 4):
        raise ValueError(
            "images must have 3 channels, 4 of which the last is alpha, or 1, "
            f"got {channels} in shape {batch.given.shape}"
        )
    return bool(channels != 1)


def given(images: npt.ArrayLike, data_format: DataFormat, value_range: Any) -> tuple[Batch, Limits]:
    """The images and what black and white are in them."""
    batch = as_batch(images, data_format, DTYPES)
    low, high, _ = value_limits(batch, value_range, default=(0.0, 1.0))
    return batch, (low, high)


def apply(batch: Batch, steps: Steps, out: Array | None) -> Array:
    """The steps one after the other; the images as they are if there is none."""
    result = as_output(out, batch, may_be_input=True)
    if len(steps) == 1:
        [(op, values)] = steps
        getattr(backends.of(batch), op)(batch.pixels, result.pixels, *values)
    elif steps:
        stages = for_all(steps, batch.pixels)
        backends.of(batch).run_plan([batch.pixels], [result.pixels], stages)
    elif out is not batch.source:
        none = np.zeros(batch.n, np.uint8)
        backends.of(batch).flip(batch.pixels, result.pixels, none, none)
    return result.finish()
