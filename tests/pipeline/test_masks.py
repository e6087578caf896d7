"""Masks of every dtype keep their values, and have one of them beyond the edge."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import fastaug
import fastaug.transforms as ft

IMAGES = np.zeros((2, 12, 16, 3), np.uint8)


def moved(masks: npt.NDArray[Any], **options: Any) -> npt.NDArray[Any]:
    """Masks that a pipeline moved by 4 pixels to the right and 3 down."""
    shift = ft.RandomTranslation((0.25, 0.25), fill_mode="constant")
    pipeline = fastaug.Compose([shift], seed=1, **options)
    results: npt.NDArray[Any] = pipeline(images=IMAGES, masks=masks)["masks"]
    return results


@pytest.mark.parametrize(
    ("dtype", "fill"),
    [
        ("bool", 0),
        ("int8", -1),
        ("uint8", 255),
        ("int16", -100),
        ("uint16", 65535),
        ("int32", -1),
        ("int32", 2**30),
        ("uint32", 255),
        ("int64", -(2**30)),
        (">i4", -1),
        ("float32", 0.25),
    ],
)
def test_what_is_beyond_the_edge(dtype: str, fill: float, rng: np.random.Generator) -> None:
    least = 0 if dtype == "uint32" else -(2**31)  # those that int32 does not hold are refused
    masks = rng.integers(least, 2**31, (2, 12, 16)).astype(dtype)
    expected = np.full(masks.shape, fill, masks.dtype.newbyteorder("="))
    expected[:, 3:, 4:] = masks[:, :-3, :-4]
    got = moved(masks, mask_fill=fill)
    assert got.dtype == expected.dtype
    np.testing.assert_array_equal(got.view(np.uint8), expected.view(np.uint8))


@pytest.mark.parametrize(
    ("dtype", "fill"),
    [("bool", 2), ("uint8", 256), ("uint8", -1), ("int16", 0.5), ("int64", 2**30 + 1)],
)
def test_a_fill_value_that_is_none_of_the_masks(dtype: str, fill: float) -> None:
    with pytest.raises(ValueError, match=f"mask_fill must be a value of the masks, .* {dtype}"):
        moved(np.zeros((2, 12, 16), dtype), mask_fill=fill)


def test_whole_numbers_are_not_interpolated() -> None:
    with pytest.raises(TypeError, match="masks must be uint8 or float32 to be bilinear, got int16"):
        moved(np.zeros((2, 12, 16), np.int16), mask_interpolation="bilinear")


def test_a_list_that_comes_out_alike_is_not_written_over_its_images() -> None:
    parts = [np.full((4, 4, 3), 9, np.uint8) for _ in range(2)]
    together = np.stack(parts)
    pipeline = fastaug.Compose([ft.RandomBrightness(0.1)], seed=1)
    for images in ([parts[0], together[0]], [together[1], parts[1]]):
        with pytest.raises(ValueError, match="out must not share memory with images"):
            pipeline(images, out=together)
    assert (together == 9).all()
