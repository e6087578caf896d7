"""Erosion, dilation, noise and salt and pepper inside the generator."""

from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from fastaug.keras import ImageDataGenerator

GEOMETRY: dict[str, Any] = dict(
    rotation_range=20, width_shift_range=0.2, zoom_range=0.2, horizontal_flip=True
)
EXTRAS: dict[str, Any] = dict(
    erosion_range=4, dilation_range=(2, 3), gaussian_noise_range=12.0, salt_and_pepper_range=0.1
)


def test_switching_them_on_moves_none_of_keras_draws(photographs: np.ndarray) -> None:
    x = np.concatenate([photographs] * 20)
    plain = ImageDataGenerator(**GEOMETRY)
    with_extras = ImageDataGenerator(
        **GEOMETRY, **EXTRAS, **{f"{name[:-6]}_probability": 0.0 for name in EXTRAS}
    )
    a, b = plain.flow(x, seed=1), with_extras.flow(x, seed=1)
    for _ in range(3):
        np.testing.assert_array_equal(next(a), next(b))
    keras_part = plain.get_random_transform((9, 9, 3), seed=4)
    drawn = ImageDataGenerator(**GEOMETRY, **EXTRAS).get_random_transform((9, 9, 3), seed=4)
    assert keras_part.items() <= drawn.items()


def test_a_batch_is_its_images_one_by_one(photographs: np.ndarray) -> None:
    """The batched draws and kernels against `get_random_transform` and `apply_transform`."""
    x = np.concatenate([photographs] * 8).astype("float32")
    generator = ImageDataGenerator(**GEOMETRY, **EXTRAS)
    batch = next(generator.flow(x, batch_size=16, shuffle=False, seed=9))
    np.random.seed(9)
    changed = 0
    for image, result in zip(x, batch, strict=True):
        parameters = generator.get_random_transform(image.shape)
        np.testing.assert_array_equal(generator.apply_transform(image, parameters), result)
        changed += parameters["erosion"] > 1
    assert 0 < changed < 16


def test_parameters_are_drawn_from_their_ranges() -> None:
    generator = ImageDataGenerator(
        erosion_range=(3, 5),
        dilation_range=4,
        gaussian_noise_range=(2.0, 6.0),
        salt_and_pepper_range=0.25,
    )
    np.random.seed(0)
    drawn = [generator.get_random_transform((8, 8, 1)) for _ in range(4000)]
    erosion = np.array([d["erosion"] for d in drawn])
    assert set(erosion) == {1, 3, 4, 5}
    assert abs((erosion > 1).mean() - 0.5) < 0.03
    np.testing.assert_allclose(
        np.bincount(erosion[erosion > 1])[3:] / (erosion > 1).sum(), 1 / 3, atol=0.04
    )
    assert {d["dilation"] for d in drawn} == {1, 2, 3, 4}
    std = np.array([d["gaussian_noise"] for d in drawn])
    assert ((std == 0) | ((std >= 2) & (std < 6))).all()
    assert abs(std[std > 0].mean() - 4) < 0.1
    amount = np.array([d["salt_and_pepper"] for d in drawn])
    assert amount.max() < 0.25
    assert abs(amount[amount > 0].mean() - 0.125) < 0.01
    assert len({d["noise_seed"] for d in drawn}) == 4000
    # What is applied to an image does not depend on whether another thing is.
    assert abs(np.corrcoef(erosion > 1, std > 0)[0, 1]) < 0.05


def test_order_and_values(photographs: np.ndarray) -> None:
    """Erosion, then dilation, then noise, then salt and pepper; before `rescale`."""
    image = photographs[0].astype("float32")
    generator = ImageDataGenerator(
        erosion_range=(3, 3), dilation_range=(5, 5), erosion_probability=1, dilation_probability=1
    )
    expected = ndimage.grey_dilation(ndimage.grey_erosion(image, (3, 3, 1)), (5, 5, 1))
    np.testing.assert_array_equal(generator.random_transform(image, seed=1), expected)

    noisy = ImageDataGenerator(
        gaussian_noise_range=(10, 10), gaussian_noise_probability=1, rescale=1 / 255
    )
    grey = np.full((8, 64, 64, 3), 128.0, "float32")
    batch = next(noisy.flow(grey, seed=1))
    assert batch.std() * 255 == pytest.approx(10, rel=0.02)
    assert batch.mean() * 255 == pytest.approx(128, abs=0.3)
    assert len({image.tobytes() for image in batch}) == 8


@pytest.mark.parametrize(("value_range", "white"), [((0, 255), 255.0), ((0, 1), 1.0)])
def test_value_range_says_what_white_is(value_range: tuple[float, float], white: float) -> None:
    grey = np.full((4, 64, 64, 3), white / 2, "float32")
    generator = ImageDataGenerator(
        salt_and_pepper_range=(0.2, 0.2), salt_and_pepper_probability=1, value_range=value_range
    )
    batch = next(generator.flow(grey, seed=1))
    assert set(np.unique(batch)) == {0.0, white / 2, white}
    assert (batch != white / 2).mean() == pytest.approx(0.2, abs=0.02)


def test_images_that_are_not_drawn_keep_values_outside_the_range() -> None:
    x = np.linspace(-500, 500, 6 * 10 * 10).reshape(6, 10, 10, 1).astype("float32")
    generator = ImageDataGenerator(gaussian_noise_range=5.0)
    batch = next(generator.flow(x, shuffle=False, seed=3))
    same = [np.array_equal(a, b) for a, b in zip(batch, x, strict=True)]
    assert any(same)
    assert not all(same)


@pytest.mark.parametrize("dtype", ["uint8", "float64"])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_other_dtypes_and_layouts(dtype: str, data_format: str, photographs: np.ndarray) -> None:
    x = np.concatenate([photographs] * 4)
    last = ImageDataGenerator(**EXTRAS, dtype=dtype, data_format="channels_last")
    expected = next(last.flow(x, seed=2))
    assert expected.dtype == dtype
    if data_format == "channels_first":
        first = ImageDataGenerator(**EXTRAS, dtype=dtype, data_format="channels_first")
        got = next(first.flow(x.transpose(0, 3, 1, 2), seed=2))
        np.testing.assert_array_equal(got.transpose(0, 2, 3, 1), expected)


def test_parameters_by_hand(photographs: np.ndarray) -> None:
    """What a dictionary names is done, whatever ranges the generator draws from."""
    image = photographs[0].astype("float32")
    eroded = ImageDataGenerator().apply_transform(image, {"erosion": 3})
    np.testing.assert_array_equal(eroded, ndimage.grey_erosion(image, (3, 3, 1)))
    noisy = ImageDataGenerator().apply_transform(image, {"gaussian_noise": 5.0})
    assert 4 < (noisy - image).std() < 6


@pytest.mark.parametrize("dtype", ["float16", "int32", "bool"])
@pytest.mark.parametrize("kind", ["erosion", "dilation", "gaussian_noise", "salt_and_pepper"])
def test_a_dtype_without_them_is_named(dtype: str, kind: str, photographs: np.ndarray) -> None:
    most = 1 if kind == "salt_and_pepper" else 3
    # Said of the first batch, not of the first image that is drawn.
    settings = {f"{kind}_range": most, f"{kind}_probability": 0.0}
    generator = ImageDataGenerator(dtype=dtype, **settings)
    with pytest.raises(TypeError, match=rf"`{kind}_range` needs a `dtype` .*Received: {dtype}"):
        next(generator.flow(photographs))


@pytest.mark.parametrize("dtype", [">f4", ">f8"])
def test_they_come_in_any_byte_order(dtype: str, photographs: np.ndarray) -> None:
    swapped, expected = (
        next(ImageDataGenerator(**EXTRAS, dtype=one).flow(photographs, seed=2))
        for one in (dtype, np.dtype(dtype).newbyteorder("=").name)
    )
    assert swapped.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(swapped, expected)
