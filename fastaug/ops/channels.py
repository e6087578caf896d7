"""The channels of images in another order."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import Array, DataFormat, PerSample, as_array, as_batch, as_output, spread
from .regions import as_pixels


def shuffle_channels(
    images: npt.ArrayLike,
    order: Any,
    *,
    value: PerSample = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Puts the channels of each image in another order, or a constant in the place of some.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; any boolean, integer or
            floating dtype.
        order: which channel of the image each channel of the result is, 0 to C - 1, or -1 for
            `value`; shape (C,) or (N, C). One may be there more than once.
        value: on the images' own scale: a number, one per image (N,), or one per image and channel
            of the result (N, C) or (1, C). Rounded and saturated for integers.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; may be `images` itself.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if a shape does not fit or there is no such channel.

    Method:
        A copy: ``images[..., order]`` of NumPy, to the bit; with -1 the channel dropout of Albumentations.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.shuffle_channels(np.array([[[10, 20, 30]]]), [2, -1, 0])
        array([[[30,  0, 10]]])
    """
    batch = as_batch(images, data_format)
    fill = as_pixels(value, batch, "value")
    channels = _as_order(order, batch.n, batch.pixels.shape[3])
    result = as_output(out, batch, may_be_input=True)
    backends.of(batch).shuffle_channels(batch.pixels, result.pixels, channels, fill)
    return result.finish()


def _as_order(order: Any, n: int, channels: int) -> npt.NDArray[np.int64]:
    array = as_array(order, "order")
    if array.dtype.kind not in "iu" and array.size:
        raise TypeError(f"order must be whole numbers, got {order!r}")
    if array.shape not in ((channels,), (n, channels)):
        raise ValueError(
            f"order must have shape ({channels},) or ({n}, {channels}), got shape {array.shape}"
        )
    ends = (np.minimum.reduce(array, None), np.maximum.reduce(array, None)) if array.size else ()
    for number in ends:
        if not -1 <= int(number) < channels:
            raise ValueError(f"order must be from -1 to {channels - 1}, got {number}")
    return spread((n, channels), array, np.int64)


__all__ = ["shuffle_channels"]
