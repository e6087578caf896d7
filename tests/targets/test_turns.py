"""Mirrors, quarter turns and shifts of boxes and keypoints: to the bit, against NumPy's of pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from motions import FORMATS, written

from fastaug.targets import warp_boxes, warp_keypoints

SIZES = [(6, 8), (7, 8), (6, 9), (7, 9), (1, 2), (8, 8)]
EIGHT = [(quarters, mirrored) for quarters in range(4) for mirrored in (False, True)]


def turned(picture: np.ndarray, which: tuple[int, bool]) -> np.ndarray:
    quarters, mirrored = which
    return np.rot90(picture[:, ::-1] if mirrored else picture, quarters)


def matrix_of(size: tuple[int, int], which: tuple[int, bool]) -> tuple[np.ndarray, tuple[int, int]]:
    """From output (row, column) to input (row, column), read off a turned picture of the places."""
    after = turned(np.empty(size), which).shape
    ends = np.array([[0, 0], [1, 0], [0, 1]])
    padded = np.array(size) + 1  # so that there is a second row and column; they turn about ...
    rows, columns = np.mgrid[: padded[0], : padded[1]]
    places = np.stack([turned(rows, which), turned(columns, which)], axis=-1)
    start, down, right = (places[tuple(end)] for end in ends)
    linear = np.stack([down - start, right - start], axis=1)
    # ... other middles, so that the offset comes from the picture itself.
    rows, columns = np.mgrid[: size[0], : size[1]]
    offset = [turned(rows, which)[0, 0], turned(columns, which)[0, 0]]
    return np.column_stack([linear, offset]).astype(float), (after[0], after[1])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("which", EIGHT)
def test_pictures_of_boxes(size: tuple[int, int], which: tuple[int, bool]) -> None:
    """Each box of whole pixels there is, all at once: where its picture is."""
    matrix, after = matrix_of(size, which)
    height, width = size
    boxes = [
        (left, top, right, bottom)
        for top in range(height)
        for bottom in range(top + 1, height + 1)
        for left in range(width)
        for right in range(left + 1, width + 1)
    ]
    (got,) = warp_boxes([boxes], matrix, size=size, output_size=after)
    assert len(got) == len(boxes)
    for box, moved in zip(boxes, got.tolist(), strict=True):
        picture = np.zeros(size, bool)
        picture[box[1] : box[3], box[0] : box[2]] = True
        rows, columns = np.nonzero(turned(picture, which))
        assert moved == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("which", EIGHT)
def test_pictures_of_keypoints(size: tuple[int, int], which: tuple[int, bool]) -> None:
    matrix, after = matrix_of(size, which)
    rows, columns = np.mgrid[: size[0], : size[1]]
    points = np.stack([columns.ravel(), rows.ravel()], axis=1)
    got = warp_keypoints([points], matrix, size=size, output_size=after)[0].astype(int)
    picture = np.arange(rows.size).reshape(size)
    np.testing.assert_array_equal(turned(picture, which)[got[:, 1], got[:, 0]], picture.ravel())


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("which", EIGHT)
def test_bits(which: tuple[int, bool], name: str, dtype: str, rng: np.random.Generator) -> None:
    """Sides are kept to the bit, and what is opposite is one subtraction away."""
    size = (61, 80)
    matrix, after = matrix_of(size, which)
    start = rng.uniform(0, [60, 40], (40, 2))
    boxes = np.concatenate([start, start + rng.uniform(1, 20, (40, 2))], axis=1)
    boxes[0] = 0, 0, 80, 61
    boxes[1:20, 2:] = 80, 61  # with their rounding, a little more or less
    came = written(boxes, name, size).astype(dtype)
    (got,) = warp_boxes(
        [came], matrix, size=size, output_size=after, box_format=name, min_visibility=1
    )
    swap = which[0] % 2 == 1
    given_, moved = came.astype(float), got.astype(float)
    if "yxyx" in name or "yxhw" in name:
        given_, moved = given_[:, [1, 0, 3, 2]], moved[:, [1, 0, 3, 2]]
    if swap:
        given_ = given_[:, [1, 0, 3, 2]]
    # Which way the axes of the output run, in the picture of a corner.
    corner = np.zeros(size)
    corner[0, 0] = 1
    ((row,), (column,)) = np.nonzero(turned(corner, which))
    for axis, backwards in enumerate((column > 0, row > 0)):
        end = 1 if name.startswith("rel") else after[1 - axis]
        first, second = given_[:, axis], given_[:, 2 + axis]
        if name.endswith(("xyxy", "yxyx")):
            expected = (end - second, end - first) if backwards else (first, second)
        elif "center" in name:
            expected = (end - first if backwards else first, second)
        else:
            expected = (end - first - second if backwards else first, second)
        for index, values in zip((axis, 2 + axis), expected, strict=True):
            np.testing.assert_array_equal(moved[:, index], values.astype(dtype))


@given(
    points=st.lists(
        st.tuples(st.floats(-20, 90, width=32), st.floats(-20, 90, width=32)), max_size=5
    ),
    which=st.sampled_from(EIGHT),
)
def test_bits_of_keypoints(points: list[tuple[float, float]], which: tuple[int, bool]) -> None:
    size = (30, 41)
    matrix, after = matrix_of(size, which)
    x, y = np.array(points).reshape(-1, 2).T
    expected = {
        (0, False): (x, y),
        (1, False): (y, 40 - x),
        (2, False): (40 - x, 29 - y),
        (3, False): (29 - y, x),
        (0, True): (40 - x, y),
        (1, True): (y, x),
        (2, True): (x, 29 - y),
        (3, True): (29 - y, 40 - x),
    }[which]
    (got,) = warp_keypoints([np.array(points).reshape(-1, 2)], matrix, size=size, output_size=after)
    np.testing.assert_array_equal(got, np.stack(expected, axis=1))
    for zero in (0.0, -0.0):
        (still,) = warp_keypoints([[[-0.0, 0.0]]], [[1, 0, zero], [0, 1, zero]], size=size)
        assert still.tobytes() == np.array([[-0.0, 0.0]]).tobytes()


def test_shifts_keep_sides(rng: np.random.Generator) -> None:
    """Boxes that stay in the image, that is: others are cut off."""
    boxes = np.concatenate([rng.uniform(20, 30, (9, 2)), rng.uniform(1, 9, (9, 2))], axis=1)
    shift: Any = [[1, 0, 7], [0, 1, -11]]
    (got,) = warp_boxes([boxes], shift, size=(60, 80), box_format="xywh")
    assert got[:, 2:].tobytes() == boxes[:, 2:].tobytes()
    np.testing.assert_array_equal(got[:, :2], boxes[:, :2] + [11, -7])
    (got,) = warp_boxes([boxes], [[1, 0, 25], [0, 1, 0]], size=(60, 80), box_format="xywh")
    np.testing.assert_allclose(got[:, 1], np.maximum(boxes[:, 1] - 25, 0), atol=1e-12)
    np.testing.assert_allclose(got[:, 3], boxes[:, 3] + np.minimum(boxes[:, 1] - 25, 0), atol=1e-12)
    # As shares of another size they are others.
    (relative,) = warp_boxes(
        [boxes / [80, 60, 80, 60]],
        shift,
        size=(60, 80),
        output_size=(50, 70),
        box_format="rel_xywh",
    )
    np.testing.assert_allclose(relative[:, 2:], boxes[:, 2:] / [70, 50], rtol=1e-12)
    np.testing.assert_allclose(relative[:, :2], (boxes[:, :2] + [11, -7]) / [70, 50], rtol=1e-12)
