"""Every format of Keras' boxes, against Keras' own conversions."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from fastaug.targets import warp_boxes

# Keras exports no list of them; it names them in its error.
FORMATS = [
    "xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw",
    "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh",
]  # fmt: skip


def converted(boxes: np.ndarray, source: str, target: str) -> np.ndarray:
    got = keras.utils.bounding_boxes.convert_format(
        boxes, source=source, target=target, height=30, width=50
    )
    return np.asarray(keras.ops.convert_to_numpy(got))


def test_there_are_no_others() -> None:
    with pytest.raises(ValueError, match="Supported formats") as caught:
        converted(np.zeros((1, 4)), "xyxy", "none")
    assert str(caught.value).count("'") == 2 * len(FORMATS)
    for name in FORMATS:
        assert f"'{name}'" in str(caught.value)


@pytest.mark.parametrize("name", FORMATS)
def test_formats(name: str) -> None:
    if not hasattr(keras.utils, "bounding_boxes"):
        pytest.skip("this Keras has no boxes")
    boxes = np.array([[[1, 2, 30, 20], [10, 5, 45, 29], [20, 20, 21, 28]]], np.float32)
    shift = [[1, 0, 3], [0, 1, 2]]  # three up, two to the left
    expected = keras.utils.bounding_boxes.clip_to_image_size(
        {"boxes": boxes - np.array([2, 3, 2, 3], np.float32)}, height=30, width=50
    )["boxes"]
    got = warp_boxes(converted(boxes, "xyxy", name), shift, size=(30, 50), box_format=name)
    assert got.dtype == np.float32
    np.testing.assert_allclose(converted(got, name, "xyxy"), expected, atol=1e-4)
