"""Colours against Keras and Pillow, to the bit; standardization against NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from references import same_bits

import fastaug
from fastaug.ops.photometric import photometric

Array = npt.NDArray[Any]

# Of the mean and the deviation of an image, which NumPy sums in float32 and another order.
TOLERANCE = 2e-6

# Every kind of image that a branch looks for, (H, W, C) from a generator and a shape.
IMAGES: dict[str, Callable[[np.random.Generator, tuple[int, ...]], Array]] = {
    "grey levels": lambda rng, shape: rng.integers(0, 256, shape),
    "between them": lambda rng, shape: rng.uniform(0, 255, shape),
    "0 to 1": lambda rng, shape: rng.uniform(0, 1, shape),
    "up to 1": lambda rng, shape: rng.integers(0, 2, shape),
    "below 0": lambda rng, shape: rng.uniform(-60, 200, shape),
    "above 255": lambda rng, shape: rng.uniform(3, 700, shape),
    "all below 0": lambda rng, shape: rng.uniform(-9, -1, shape),
    "constant": lambda rng, shape: np.full(shape, 77.5),
    "constant, beyond": lambda rng, shape: np.full(shape, -77.5),
    "black": lambda rng, shape: np.zeros(shape),
}
images_of_every_kind = pytest.mark.parametrize("kind", IMAGES)
FACTORS = (0.0, 0.3, 1.0, 1.7, 40.0, -0.5)


@pytest.fixture(scope="session")
def keras_image() -> Any:
    pytest.importorskip("PIL")
    pytest.importorskip("keras")
    import keras.src.legacy.preprocessing.image as module

    return module


def make(kind: str, rng: np.random.Generator, channels: int = 3) -> Array:
    return IMAGES[kind](rng, (9, 23, channels)).astype(np.float32)


def check(image: Array, expected: Array, **arguments: Any) -> None:
    """One image, one of a batch, in place, and channels first."""
    before = image.copy()
    same_bits(photometric(image, **arguments), expected)
    same_bits(image, before, "the image was written to")
    batch = np.stack([image[::-1], image, image + 1])
    each = {
        name: [value, value, 2 * value]
        for name, value in arguments.items()
        if name in ("channel_shift", "brightness")
    }
    same_bits(photometric(batch, **arguments | each)[1], expected)
    first = np.ascontiguousarray(np.moveaxis(image, -1, 0))
    got = photometric(first, data_format="channels_first", **arguments)
    same_bits(np.moveaxis(got, 0, -1), expected)
    strided = np.repeat(image, 2, axis=1)[:, ::2]
    for given in (image.copy(), strided):
        assert photometric(given, out=given, **arguments) is given
        same_bits(given, expected)


# Colours.


@images_of_every_kind
@pytest.mark.parametrize("channels", [1, 3, 4, 5])
@pytest.mark.usefixtures("level")
def test_channel_shift(
    kind: str, channels: int, keras_image: Any, rng: np.random.Generator
) -> None:
    image = make(kind, rng, channels)
    for shift in (0.0, 12.25, -40.0, 1000.0, -1000.0):
        expected = keras_image.apply_channel_shift(image, shift, channel_axis=2)
        assert expected.dtype == np.float32
        check(image, expected, channel_shift=shift)


@images_of_every_kind
@pytest.mark.parametrize(("mode", "scale"), [("grey_levels", False), ("stretched", True)])
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.usefixtures("level")
def test_brightness(
    kind: str,
    mode: str,
    scale: bool,
    channels: int,
    keras_image: Any,
    rng: np.random.Generator,
) -> None:
    image = make(kind, rng, channels)
    for factor in FACTORS:
        expected = keras_image.apply_brightness_shift(image, factor, scale=scale)
        assert expected.dtype == np.float32
        check(image, expected, brightness=factor, brightness_mode=mode)


@images_of_every_kind
@pytest.mark.usefixtures("level")
def test_shift_and_then_brightness(kind: str, keras_image: Any, rng: np.random.Generator) -> None:
    """The extremes of the shifted image decide about its brightness."""
    image = make(kind, rng)
    for shift in (-30.0, 30.0):
        shifted = keras_image.apply_channel_shift(image, shift, channel_axis=2)
        for mode, scale in (("grey_levels", False), ("stretched", True)):
            expected = keras_image.apply_brightness_shift(shifted, 1.3, scale=scale)
            check(image, expected, channel_shift=shift, brightness=1.3, brightness_mode=mode)


@images_of_every_kind
@pytest.mark.parametrize("white", [None, 0.5, 200.0, 1e-30])
@pytest.mark.usefixtures("level")
def test_multiplied(kind: str, white: float | None, rng: np.random.Generator) -> None:
    image = make(kind, rng)
    most = np.float32(white or (1.0 if image.max() <= 1 else 255.0))
    for factor in FACTORS:
        arguments = {"brightness": factor, "brightness_mode": "multiplied", "white": white}
        got = photometric(image, **arguments)
        np.testing.assert_array_equal(got, np.clip(image * np.float32(factor), 0, most))
        check(image, got, **arguments)


@pytest.mark.parametrize("mode", ["grey_levels", "stretched", "multiplied"])
@pytest.mark.parametrize("channels", [2, 5])
def test_brightness_of_any_number_of_channels(
    mode: str, channels: int, rng: np.random.Generator
) -> None:
    """Keras has no such images; nothing depends on a channel but alpha."""
    image = make("between them", rng, channels)
    grey = image.reshape(9, -1)
    got = photometric(image, brightness=1.4, brightness_mode=mode)
    same_bits(got.reshape(9, -1), photometric(grey, brightness=1.4, brightness_mode=mode))


@pytest.mark.parametrize("mode", ["grey_levels", "multiplied"])
def test_alpha_is_left_as_it_is(mode: str, rng: np.random.Generator) -> None:
    image = make("grey levels", rng, 4)
    got = photometric(image, brightness=0.0, brightness_mode=mode)
    same_bits(got[..., 3], image[..., 3])
    assert not got[..., :3].any()


@pytest.mark.usefixtures("level")
def test_zeros_of_both_signs_are_one_extreme() -> None:
    """Which of them a search finds first says nothing; so the clipped values are plain zeros."""
    for image in ([[-0.0, 0.0, 5.0]], [[0.0, -0.0, 5.0]], [[-0.0, -0.0, 5.0]]):
        given = np.repeat(np.array(image, np.float32), 40, axis=0).reshape(1, -1)
        got = photometric(given, channel_shift=-2)
        assert not np.signbit(got).any()


# Standardization.


@images_of_every_kind
@pytest.mark.parametrize("channels", [1, 3, 4, 5])
@pytest.mark.usefixtures("level")
def test_rescale_mean_and_std(kind: str, channels: int, rng: np.random.Generator) -> None:
    image = make(kind, rng, channels)
    mean, std = rng.uniform(-50, 50, channels), rng.uniform(0.1, 90, channels)
    scaled = image * np.float32(1 / 255)
    centred = scaled - mean.astype(np.float32)
    check(image, scaled, rescale=1 / 255)
    check(image, image - mean.astype(np.float32), mean=mean)
    check(image, image / std.astype(np.float32), std=std)
    check(image, centred / std.astype(np.float32), rescale=1 / 255, mean=mean, std=std)
    check(image, (image - np.float32(3)) / np.float32(7), mean=3, std=7)


@images_of_every_kind
@pytest.mark.parametrize("channels", [1, 3, 4, 5])
@pytest.mark.parametrize(("center", "std"), [(True, False), (False, True), (True, True)])
@pytest.mark.usefixtures("level")
def test_samplewise(
    kind: str, channels: int, center: bool, std: bool, rng: np.random.Generator
) -> None:
    image = make(kind, rng, channels)
    exact = image.astype(np.float64)
    expected = exact - exact.mean() if center else exact
    if std:
        expected = expected / (exact.std() + 1e-6)
    arguments = {"samplewise_center": center, "samplewise_std_normalization": std}
    got = photometric(image, **arguments)
    # An image of one value deviates by nothing, and what is divided by that is any rounding's.
    scale = np.abs(exact).max() if exact.std() == 0 or not std else np.abs(expected).max()
    np.testing.assert_allclose(got, expected, rtol=TOLERANCE, atol=TOLERANCE * scale)
    check(image, got, **arguments)
    # What follows takes the result as it is.
    more = {"mean": 0.25, "std": 3.0}
    check(image, (got - np.float32(0.25)) / np.float32(3), **arguments, **more)


@images_of_every_kind
def test_standardization_is_that_of_keras(
    kind: str, keras_image: Any, rng: np.random.Generator
) -> None:
    image = make(kind, rng)
    generator = keras_image.ImageDataGenerator(
        rescale=1 / 255, samplewise_center=True, samplewise_std_normalization=True
    )
    expected = generator.standardize(image.copy())
    got = photometric(
        image, rescale=1 / 255, samplewise_center=True, samplewise_std_normalization=True
    )
    if np.ptp(image) == 0:  # both divide roundings by 1e-6
        assert np.abs(got).max() <= 1e-6 * np.abs(image).max() / 1e-6
    else:
        np.testing.assert_allclose(got, expected, rtol=5e-6, atol=5e-6)


@pytest.mark.parametrize("value", [0.0, 3.0, 0.1, -77.5])
def test_an_image_of_one_value(value: float) -> None:
    """Its deviation is nothing but 1e-6, as in Keras; its mean is itself."""
    image = np.full((7, 11, 3), value, np.float32)
    same_bits(photometric(image, samplewise_center=True), np.zeros_like(image))
    both = photometric(image, samplewise_center=True, samplewise_std_normalization=True)
    same_bits(both, np.zeros_like(image))
    divided = photometric(image, samplewise_std_normalization=True)
    same_bits(divided, image / (np.float32(0) + np.float32(1e-6)))


def test_all_steps_come_in_order(rng: np.random.Generator) -> None:
    image = make("below 0", rng)
    steps: list[dict[str, Any]] = [
        {"channel_shift": -25},
        {"brightness": 1.3},
        {"rescale": 1 / 255},
        {"samplewise_center": True, "samplewise_std_normalization": True},
        {"mean": [0.1, 0.2, 0.3]},
        {"std": [1.1, 1.2, 1.3]},
    ]
    expected = image
    together: dict[str, Any] = {}
    for step in steps:
        expected = photometric(expected, **step)
        together |= step
        check(image, expected, **together)


def test_nothing_asked_for_changes_nothing(rng: np.random.Generator) -> None:
    image = rng.choice(np.array([np.nan, np.inf, -np.inf, -0.0, 1e-42, 7], np.float32), (9, 23, 3))
    check(image, image)


# Values that are no numbers.


@pytest.mark.usefixtures("level")
def test_nan_is_no_extreme(rng: np.random.Generator) -> None:
    image = make("below 0", rng)
    with_nan = image.copy()
    image[4, 5, 1] = 50
    with_nan[4, 5, 1] = np.nan
    for arguments in (
        {"channel_shift": 30},
        {"brightness": 1.2},
        {"brightness": 1.2, "brightness_mode": "stretched"},
        {"brightness": 1.2, "brightness_mode": "multiplied"},
    ):
        expected, got = photometric(image, **arguments), photometric(with_nan, **arguments)
        grey = "brightness" in arguments and arguments.get("brightness_mode") != "multiplied"
        expected[4, 5, 1] = expected.min() if grey else np.nan
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.usefixtures("level")
def test_a_mean_of_no_number_spreads(value: float, rng: np.random.Generator) -> None:
    """As NumPy's does."""
    image = make("between them", rng)
    image[0, 0, 0] = value
    with np.errstate(invalid="ignore"):
        centred, deviation = image - image.mean(), image.std() + np.float32(1e-6)
        np.testing.assert_array_equal(photometric(image, samplewise_center=True), centred)
        np.testing.assert_array_equal(
            photometric(image, samplewise_std_normalization=True), image / deviation
        )


@pytest.mark.parametrize("mode", ["grey_levels", "stretched", "multiplied"])
def test_nothing_but_nan(mode: str) -> None:
    image = np.full((3, 4, 3), np.nan, np.float32)
    assert np.isnan(photometric(image, channel_shift=3, rescale=2)).all()
    got = photometric(image, brightness=1, brightness_mode=mode)
    assert np.isnan(got).all() or not got.any()


# Shapes.


@pytest.mark.parametrize("shape", [(1, 1), (1, 1, 1), (1, 1, 1, 7), (3, 1, 200, 1), (2, 200, 1, 3)])
def test_odd_shapes(shape: tuple[int, ...], rng: np.random.Generator) -> None:
    images = rng.uniform(0, 255, shape).astype(np.float32)
    got = photometric(images, brightness=1.5, samplewise_center=True)
    assert got.shape == shape
    if images.ndim == 4:
        for image, result in zip(images, got, strict=True):
            same_bits(photometric(image, brightness=1.5, samplewise_center=True), result)


def test_sums_keep_their_digits() -> None:
    """In float32 the mean of so many values would be off by much."""
    image = np.full((1200, 1100), 16777.0, np.float32)
    image[::2] += 1
    got = photometric(image, samplewise_center=True)
    np.testing.assert_array_equal(np.unique(got), [-0.5, 0.5])
    deviation = photometric(image, samplewise_std_normalization=True)
    np.testing.assert_allclose(deviation, image / 0.500001, rtol=1e-6)


def test_it_is_not_among_the_ops_of_the_package() -> None:
    assert not hasattr(fastaug, "photometric")
