"""`smart_resize` against Keras' own."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras.preprocessing.image import smart_resize as original

from fastaug.keras import smart_resize

# (height, width), and the size that is asked for: wider, higher, the same shape, cut to one pixel.
SIZES = [
    ((20, 31), (9, 9)),
    ((31, 20), (40, 17)),
    ((33, 50), (33, 33)),
    ((7, 9), (64, 64)),
    ((50, 51), (7, 13)),
    ((3, 100), (5, 5)),
    ((1, 1), (3, 4)),
    ((90, 2), (1, 60)),
]
# Of the largest value: bilinear rounds in float32, and TensorFlow takes bicubic weights from a table.
TOLERANCE = {"nearest": 0.0, "bilinear": 3e-6, "bicubic": 1e-3}


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="the others resize otherwise")
@pytest.mark.parametrize("interpolation", list(TOLERANCE))
@pytest.mark.parametrize("dtype", ["uint8", "int32", "float32", "float64"])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("dimensions", [3, 4])
def test_like_keras(interpolation: str, dtype: str, data_format: Any, dimensions: int) -> None:
    rng = np.random.default_rng(1)
    for shape, size in SIZES:
        x = (rng.random((2, *shape, 3)) * 255).astype(dtype)
        x = (x if dimensions == 4 else x[0]) if data_format == "channels_last" else x
        if data_format == "channels_first":
            x = np.moveaxis(x if dimensions == 4 else x[0], -1, -3)
        before = x.copy()
        expected = original(x, size, interpolation, data_format)
        got = smart_resize(x, size, interpolation, data_format)
        assert (got.dtype, got.shape) == (expected.dtype, expected.shape)
        apart = np.abs(got.astype(np.float64) - expected).max()
        assert apart <= TOLERANCE[interpolation] * 255, (shape, size)
        np.testing.assert_array_equal(x, before)


def test_what_is_left_to_keras() -> None:
    x = np.random.default_rng(1).random((2, 8, 11, 3), "float32")
    tensor = keras.ops.convert_to_tensor(x)
    assert keras.ops.is_tensor(smart_resize(tensor, (4, 4)))
    for interpolation in ("lanczos3", "lanczos5"):
        if keras.backend.backend() == "torch":
            continue
        expected = original(x, (4, 4), interpolation)
        np.testing.assert_array_equal(smart_resize(x, (4, 4), interpolation), expected)


@pytest.mark.parametrize(
    ("x", "size", "more", "error", "message"),
    [
        ((4, 4), (2, 2), {}, ValueError, r"`x` must have 3 or 4 dimensions.*\(4, 4\)"),
        ((4, 4, 3), (2, 2, 2), {}, ValueError, r"`size` must be \(height, width\)"),
        ((4, 4, 3), 2, {}, ValueError, r"`size` must be \(height, width\)"),
        ((4, 4, 3), (2, 0), {}, ValueError, "`size` must be at least 1. Received: 0"),
        ((4, 4, 3), (2, 2.0), {}, TypeError, "`size` must be a whole number. Received: 2.0"),
        ((4, 4, 3), (2, 2), {"data_format": "last"}, ValueError, "data_format.*last"),
        ((4, 4, 3), (2, 2), {"interpolation": "cubic"}, ValueError, "interpolation.*cubic"),
    ],
)
def test_errors(x: Any, size: Any, more: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        smart_resize(np.zeros(x), size, **more)
