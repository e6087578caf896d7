"""Functions of the user's within a pipeline."""

from __future__ import annotations

import numpy as np
import pytest
from pipelines import photographs

import fastaug
import fastaug.transforms as ft


def flipped_and_darker(image: np.ndarray) -> np.ndarray:
    return (image[::-1] // 2).astype(np.uint8)


def test_between_native_passes() -> None:
    images = photographs(5, 40)
    native = [ft.RandomBrightness(0.3), ft.RandomRotation(15)]
    pipeline = fastaug.Compose([native[0], ft.Custom(flipped_and_darker, p=0.5), native[1]], seed=1)
    result = pipeline(images, index=np.arange(5))
    seen = 0
    for i, record in enumerate(pipeline.parameters(np.arange(5))):
        expected = images[i]
        for step in record["transforms"]:
            if step["transform"] == "Custom":
                expected, seen = flipped_and_darker(expected), seen + 1
            elif step["transform"] == "RandomBrightness":
                expected = fastaug.adjust_brightness(expected, step["brightness"])
            else:
                matrix = fastaug.affine_matrix(rotation=step["rotation"], size=(40, 40))
                expected = fastaug.warp_affine(expected, matrix)
        np.testing.assert_array_equal(result[i], expected)
    assert 0 < seen < 5


def test_its_numbers_are_those_of_the_sample() -> None:
    def tint(image: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        assert numbers.shape == (2,)
        return (image * numbers[0] + numbers[1]).astype(np.float32)

    images = photographs(4, 8)
    pipeline = fastaug.Compose([ft.Custom(tint, draws=2)], seed=3)
    result = pipeline(images, index=[3, 1, 2, 0])
    assert result.dtype == np.float32
    np.testing.assert_array_equal(pipeline(images[1], index=1), result[1])
    assert len({float(each.max()) for each in result}) == 4


def test_it_may_change_the_size() -> None:
    pipeline = fastaug.Compose(
        [ft.Custom(lambda image: image[:20, :30]), ft.RandomRotate90(), ft.Resize(16)]
    )
    assert pipeline(photographs(3, 40)).shape == (3, 16, 16, 3)


def test_it_cannot_change_what_it_is_given() -> None:
    def careless(image: np.ndarray) -> np.ndarray:
        image[:] = 0
        return image

    with pytest.raises(ValueError, match="read-only"):
        fastaug.Compose([ft.Custom(careless)])(photographs(1, 8))


def test_bad_input() -> None:
    with pytest.raises(TypeError, match="function must be a function of an image, got 3"):
        ft.Custom(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="draws must be a whole number of at least 0, got -1"):
        ft.Custom(np.negative, draws=-1)
    with pytest.raises(
        TypeError, match=r"function must give an image \(H, W, C\) of numbers, got \(8, 8\)"
    ):
        fastaug.Compose([ft.Custom(lambda image: image[..., 0])])(photographs(1, 8))
