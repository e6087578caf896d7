"""Noise that is a pure function of (seed, epoch, sample index): the same bits anywhere."""

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
    as_output,
    per_sample,
    value_limits,
)
from ..random import coordinates

DTYPES = ("uint8", "float32", "float64")


def gaussian_noise(
    images: npt.ArrayLike,
    std: PerSample,
    *,
    mean: PerSample = 0.0,
    seed: Any,
    index: Any = None,
    epoch: Any = 0,
    stream: int = 0,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Adds normal noise.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, float32 or
            float64.
        std: standard deviation in grey levels of the images, at least 0; a number or shape (N,).
        mean: of the noise, in grey levels; a number or shape (N,).
        seed: 0 to 2**64 - 1, or one for each image.
        index: sample index of each image, shape (N,), 0 to 2**32 - 1; default 0, 1, 2, …
        epoch: 0 to 2**32 - 1, or one for each image.
        stream: place in a pipeline, 0 to 2**24 - 1; other places give independent noise.
        value_range: (black, white) to clip to; default the dtype's range for uint8, none for
            floats.
        data_format: ``"channels_last"`` or ``"channels_first"``; the noise of a pixel does not
            depend on it.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape; for uint8 the noise is rounded to whole levels, half
        to even, and what it is added to saturates.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        Philox4x32-10 (Salmon et al., SC'11). For uint8 the normal distribution inverted, 16 bits an
        element, so that noise reaches 4.3 deviations; for floats the transform of Box and Muller
        (1958), which reaches 5.8.

    Examples:
        >>> import numpy as np, fastaug
        >>> grey = np.full((2, 64, 64, 3), 128, np.uint8)
        >>> noisy = fastaug.gaussian_noise(grey, std=10, seed=1)
        >>> again = fastaug.gaussian_noise(grey[1:], std=10, seed=1, index=[1])
        >>> bool((noisy[1] == again[0]).all())
        True
    """
    batch = as_batch(images, data_format, DTYPES)
    deviation = per_sample(std, batch.n, "std", least=0)
    return _apply(
        "gaussian_noise",
        batch,
        (seed, index, epoch, stream),
        value_limits(batch, value_range),
        deviation,
        per_sample(mean, batch.n, "mean"),
        out,
    )


def speckle_noise(
    images: npt.ArrayLike,
    std: PerSample,
    *,
    mean: PerSample = 0.0,
    seed: Any,
    index: Any = None,
    epoch: Any = 0,
    stream: int = 0,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Adds normal noise in proportion to each pixel: ``image + image * noise``.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, float32 or
            float64.
        std: standard deviation of the factor, at least 0; a number or shape (N,).
        mean: of the factor; a number or shape (N,).
        seed: 0 to 2**64 - 1, or one for each image.
        index: sample index of each image, shape (N,), 0 to 2**32 - 1; default 0, 1, 2, …
        epoch: 0 to 2**32 - 1, or one for each image.
        stream: place in a pipeline, 0 to 2**24 - 1.
        value_range: (black, white) to clip to; default the dtype's range for uint8, none for
            floats.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape; uint8 rounds half to even and saturates.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        `skimage.util.random_noise` with ``mode="speckle"``, on the images' own scale; normal numbers
        as in `gaussian_noise`.

    Examples:
        >>> import numpy as np, fastaug
        >>> black = np.zeros((8, 8), np.uint8)
        >>> int(fastaug.speckle_noise(black, std=0.5, seed=1).max())
        0
    """
    batch = as_batch(images, data_format, DTYPES)
    deviation = per_sample(std, batch.n, "std", least=0)
    return _apply(
        "speckle_noise",
        batch,
        (seed, index, epoch, stream),
        value_limits(batch, value_range),
        deviation,
        per_sample(mean, batch.n, "mean"),
        out,
    )


def uniform_noise(
    images: npt.ArrayLike,
    amplitude: PerSample,
    *,
    seed: Any,
    index: Any = None,
    epoch: Any = 0,
    stream: int = 0,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Adds noise spread evenly over (-amplitude, amplitude).

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, float32 or
            float64.
        amplitude: in grey levels of the images, at least 0; a number or shape (N,).
        seed: 0 to 2**64 - 1, or one for each image.
        index: sample index of each image, shape (N,), 0 to 2**32 - 1; default 0, 1, 2, …
        epoch: 0 to 2**32 - 1, or one for each image.
        stream: place in a pipeline, 0 to 2**24 - 1.
        value_range: (black, white) to clip to; default the dtype's range for uint8, none for
            floats.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape; uint8 rounds half to even and saturates.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        Philox4x32-10 (Salmon et al., SC'11), 16 bits an element for uint8, 23 for floats.

    Examples:
        >>> import numpy as np, fastaug
        >>> noise = fastaug.uniform_noise(np.zeros((64, 64), np.float32), 2.0, seed=1)
        >>> bool(abs(noise).max() < 2)
        True
    """
    batch = as_batch(images, data_format, DTYPES)
    width = per_sample(amplitude, batch.n, "amplitude", least=0)
    limits = value_limits(batch, value_range)
    where = (seed, index, epoch, stream)
    return _apply("uniform_noise", batch, where, limits, width, np.zeros(batch.n), out)


def shot_noise(
    images: npt.ArrayLike,
    photons: PerSample,
    *,
    seed: Any,
    index: Any = None,
    epoch: Any = 0,
    stream: int = 0,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Replaces each pixel by a Poisson count of the photons that its brightness stands for.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, float32 or
            float64.
        photons: how many a white pixel collects on average, more than 0; fewer are noisier. A
            number or shape (N,).
        seed: 0 to 2**64 - 1, or one for each image.
        index: sample index of each image, shape (N,), 0 to 2**32 - 1; default 0, 1, 2, …
        epoch: 0 to 2**32 - 1, or one for each image.
        stream: place in a pipeline, 0 to 2**24 - 1.
        value_range: (black, white): black collects nothing, and results are clipped to it; default
            the dtype's range for uint8, and (0, 1) without clipping for floats. Values at or below
            black stay as they are.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape; uint8 rounds half to even and saturates.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        ``poisson(x * photons) / photons`` for x in 0–1, as in D. Hendrycks and T. Dietterich,
        "Benchmarking neural network robustness to common corruptions", ICLR 2019. Rates below 16
        invert the distribution from one 32-bit draw; higher ones use the Cornish–Fisher expansion,
        within 0.05 counts up to four standard deviations.

    Examples:
        >>> import numpy as np, fastaug
        >>> grey = np.full((256, 256), 0.5, np.float32)
        >>> noisy = fastaug.shot_noise(grey, photons=100, seed=1)
        >>> round(float(noisy.mean()), 2)
        0.5
    """
    batch = as_batch(images, data_format, DTYPES)
    count = per_sample(photons, batch.n, "photons", least=0)
    if not count.all():
        raise ValueError("photons must be more than 0, got 0.0")
    limits = value_limits(batch, value_range, default=(0.0, 1.0))
    where = (seed, index, epoch, stream)
    return _apply("shot_noise", batch, where, limits, count, np.zeros(batch.n), out)


def salt_and_pepper(
    images: npt.ArrayLike,
    amount: PerSample,
    *,
    salt_ratio: PerSample = 0.5,
    per_channel: bool = False,
    seed: Any,
    index: Any = None,
    epoch: Any = 0,
    stream: int = 0,
    value_range: tuple[float, float] | None = None,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Turns some pixels white and some black.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, float32 or
            float64.
        amount: probability that a pixel changes, 0 to 1; a number or shape (N,).
        salt_ratio: share of the changed pixels that turn white, 0 to 1; a number or shape (N,).
        per_channel: decide for each channel of a pixel by itself.
        seed: 0 to 2**64 - 1, or one for each image.
        index: sample index of each image, shape (N,), 0 to 2**32 - 1; default 0, 1, 2, …
        epoch: 0 to 2**32 - 1, or one for each image.
        stream: place in a pipeline, 0 to 2**24 - 1.
        value_range: (black, white); default the dtype's range for uint8, (0, 1) for floats.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        `skimage.util.random_noise` with ``mode="s&p"``; 31 bits of Philox4x32-10 decide about a
        pixel.

    Examples:
        >>> import numpy as np, fastaug
        >>> grey = np.full((100, 100), 128, np.uint8)
        >>> noisy = fastaug.salt_and_pepper(grey, amount=0.1, seed=1)
        >>> sorted(set(noisy.ravel().tolist()))
        [0, 128, 255]
    """
    batch = as_batch(images, data_format, DTYPES)
    if not isinstance(per_channel, bool | np.bool_):
        raise TypeError(f"per_channel must be a bool, got {per_channel!r}")
    return _apply(
        "salt_and_pepper",
        batch,
        (seed, index, epoch, stream),
        value_limits(batch, value_range, default=(0.0, 1.0)),
        per_sample(amount, batch.n, "amount", least=0, most=1),
        per_sample(salt_ratio, batch.n, "salt_ratio", least=0, most=1),
        out,
        bool(per_channel),
    )


def pixel_dropout(
    images: npt.ArrayLike,
    amount: PerSample,
    *,
    value: PerSample = 0.0,
    per_channel: bool = False,
    seed: Any,
    index: Any = None,
    epoch: Any = 0,
    stream: int = 0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Replaces some pixels by a constant.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, float32 or
            float64.
        amount: probability that a pixel is replaced, 0 to 1; a number or shape (N,).
        value: what it becomes, in grey levels of the images; a number or shape (N,). Rounded half
            to even and saturated for uint8.
        per_channel: decide for each channel of a pixel by itself.
        seed: 0 to 2**64 - 1, or one for each image.
        index: sample index of each image, shape (N,), 0 to 2**32 - 1; default 0, 1, 2, …
        epoch: 0 to 2**32 - 1, or one for each image.
        stream: place in a pipeline, 0 to 2**24 - 1.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit or a value is out of its range.

    Method:
        `PixelDropout` of Albumentations; 31 bits of Philox4x32-10 decide about a pixel, the same as in
        `salt_and_pepper`.

    Examples:
        >>> import numpy as np, fastaug
        >>> grey = np.full((100, 100), 128, np.uint8)
        >>> dropped = fastaug.pixel_dropout(grey, amount=0.1, seed=1)
        >>> sorted(set(dropped.ravel().tolist()))
        [0, 128]
    """
    batch = as_batch(images, data_format, DTYPES)
    if not isinstance(per_channel, bool | np.bool_):
        raise TypeError(f"per_channel must be a bool, got {per_channel!r}")
    return _apply(
        "pixel_dropout",
        batch,
        (seed, index, epoch, stream),
        value_limits(batch, None),
        per_sample(amount, batch.n, "amount", least=0, most=1),
        per_sample(value, batch.n, "value"),
        out,
        bool(per_channel),
    )


def _apply(
    op: str,
    batch: Batch,
    where: tuple[Any, Any, Any, Any],
    limits: tuple[float, float, bool],
    first: Array,
    second: Array,
    out: Array | None,
    per_channel: bool = False,
) -> Array:
    draws = coordinates(*where, batch.n)
    if batch.pixels[:1].size > 2**34:  # four elements to a 32-bit block number
        raise ValueError(f"images must have at most {2**34} elements each for noise")
    result = as_output(out, batch, may_be_input=True)
    backends.of(batch).noise(
        op,
        batch.pixels,
        result.pixels,
        draws.seed,
        draws.index,
        draws.epoch,
        draws.place,
        *limits,
        first,
        second,
        per_channel,
    )
    return result.finish()


__all__ = [
    "gaussian_noise",
    "pixel_dropout",
    "salt_and_pepper",
    "shot_noise",
    "speckle_noise",
    "uniform_noise",
]
