"""Images to arrays and back, as `tf.keras.preprocessing.image` has it; most are Keras' own functions.

Examples:
    >>> import numpy as np
    >>> from fastaug.keras.images import array_to_img, img_to_array
    >>> image = np.arange(12.0).reshape(2, 2, 3)
    >>> img_to_array(array_to_img(image, scale=False)).shape
    (2, 2, 3)
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras.utils import array_to_img, img_to_array, load_img, save_img

from ..arrays import DataFormat
from ..ops.resize import resize
from .checks import whole

_OURS = ("nearest", "bilinear", "bicubic")


def smart_resize(
    x: Any,
    size: tuple[int, int],
    interpolation: str = "bilinear",
    data_format: DataFormat = "channels_last",
) -> Any:
    """Cuts the largest middle part in the shape of `size`, and resizes that; nothing is distorted.

    Args:
        x: images (N, H, W, C), (H, W, C), or with channels first; any value range.
        size: (height, width) in pixels.
        interpolation: ``"bilinear"``, ``"nearest"``, ``"bicubic"``, ``"lanczos3"`` or ``"lanczos5"``.
        data_format: ``"channels_last"`` or ``"channels_first"``.

    Returns:
        float32 array of the same kind of shape; for ``"nearest"`` of the dtype of `x`.

    Raises:
        TypeError, ValueError: if `size` is no pair of whole numbers, a name is unknown, or `x` has
            other than 3 or 4 dimensions.

    Method:
        Keras' cut, to the pixel, and the resize that `keras.utils` makes on TensorFlow, without
        antialiasing: the same pixels for ``"nearest"``, within 3e-6 of the largest value for
        ``"bilinear"``, and within 1e-3 of it for ``"bicubic"``, whose weights TensorFlow takes from
        a table. The two of Lanczos, and arrays that are no NumPy arrays, are left to Keras.

    Examples:
        >>> import numpy as np
        >>> from fastaug.keras import smart_resize
        >>> wide = np.arange(8.0).reshape(2, 4, 1)
        >>> smart_resize(wide, (2, 2))[..., 0]  # the middle square
        array([[1., 2.],
               [5., 6.]], dtype=float32)
        >>> smart_resize(wide, (1, 1))[..., 0]
        array([[3.5]], dtype=float32)
    """
    if np.ndim(size) != 1 or len(size) != 2:
        raise ValueError(f"`size` must be (height, width). Received: {size}")
    rows, columns = (whole("size", side, 1) for side in size)
    if not isinstance(x, np.ndarray) or interpolation not in _OURS:
        return keras.preprocessing.image.smart_resize(
            x, (rows, columns), interpolation, data_format
        )
    if x.ndim not in (3, 4):
        raise ValueError(f"`x` must have 3 or 4 dimensions. Received the shape: {x.shape}")
    last = data_format == "channels_last"
    height, width = x.shape[-3:-1] if last else x.shape[-2:]
    # In doubles and cut to whole pixels, as in Keras.
    cut_height = max(min(height, int(width * rows / columns)), 1)
    cut_width = max(min(width, int(height * columns / rows)), 1)
    top, left = (height - cut_height) // 2, (width - cut_width) // 2
    cut = (slice(top, top + cut_height), slice(left, left + cut_width))
    middle = x[(..., *cut, slice(None)) if last else (..., *cut)]
    if interpolation != "nearest":
        middle = middle.astype(np.float32)
    return resize(
        middle,
        (rows, columns),
        interpolation=interpolation,  # type: ignore[arg-type]  # one of ours
        antialias=False,
        data_format=data_format,
    )


__all__ = ["array_to_img", "img_to_array", "load_img", "save_img", "smart_resize"]
