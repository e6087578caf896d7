"""`fit` and `standardize`: means, deviations and whitening, against the installed Keras."""

from typing import Any

import numpy as np
import pytest
from parity import PROMISE, agree

from fastaug.keras import ImageDataGenerator

# A constructor warns of what it switches on by itself, and `standardize` of what was not fitted.
STATISTICS: dict[str, dict[str, Any]] = {
    "featurewise centre": dict(featurewise_center=True),
    "featurewise std": dict(featurewise_std_normalization=True),
    "featurewise both": dict(featurewise_center=True, featurewise_std_normalization=True),
    "samplewise centre": dict(samplewise_center=True),
    "samplewise std": dict(samplewise_std_normalization=True),
    "samplewise both": dict(samplewise_center=True, samplewise_std_normalization=True),
    "whitening": dict(zca_whitening=True, zca_epsilon=0.1),
    "whitening of the centred": dict(zca_whitening=True, featurewise_center=True, zca_epsilon=0.1),
    "whitening and std": dict(
        zca_whitening=True, featurewise_std_normalization=True, zca_epsilon=0.1
    ),
    "all": dict(
        featurewise_center=True,
        samplewise_center=True,
        featurewise_std_normalization=True,
        samplewise_std_normalization=True,
        zca_whitening=True,
        zca_epsilon=0.1,
    ),
}
AUGMENTED: dict[str, Any] = dict(
    rotation_range=30, channel_shift_range=20.0, horizontal_flip=True, rescale=1 / 255
)


def data(channels: int = 3, data_format: str = "channels_last", dtype: str = "float64") -> Any:
    shape = (60, 4, 3, channels) if data_format == "channels_last" else (60, channels, 4, 3)
    return np.random.default_rng(11).uniform(0, 255, shape).astype(dtype)


def share_of(result: Any) -> float:
    """The promise on a scale as wide as the largest batch of a result."""
    return PROMISE / 255 * max(float(np.ptp(array)) for array in result if array is not None)


@pytest.mark.parametrize("fitted", ["fitted", "not fitted"])
@pytest.mark.parametrize("name", STATISTICS)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("channels", [1, 3, 5])
def test_batches(
    channels: int, data_format: str, name: str, fitted: str, keras_generator: Any
) -> None:
    x = data(channels, data_format)

    def action(cls: Any) -> Any:
        generator = cls(**STATISTICS[name], data_format=data_format, horizontal_flip=True)
        if fitted == "fitted":
            generator.fit(x)
        flow = generator.flow(x, seed=1, batch_size=25)
        return [next(flow) for _ in range(4)]

    agree(keras_generator, ImageDataGenerator, action, tolerance=share_of, what=name)


@pytest.mark.parametrize(
    "arguments",
    [
        dict(),
        dict(augment=True),
        dict(augment=True, rounds=3),
        dict(augment=True, rounds=2, seed=4),
        dict(seed=4),
        dict(rounds=0, augment=False),
    ],
    ids=str,
)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_fit_learns(
    arguments: Any, data_format: str, dtype: str, keras_generator: Any
) -> None:
    """Attributes have Keras' names, shapes and dtypes, and the generator moves as far as in Keras."""
    x = data(3, data_format)

    def action(cls: Any) -> Any:
        generator = cls(
            featurewise_std_normalization=True, data_format=data_format, dtype=dtype, **AUGMENTED
        )
        assert (generator.mean, generator.std, generator.zca_whitening_matrix) == (None,) * 3
        assert generator.fit(x, **arguments) is None
        return generator.mean, generator.std

    agree(keras_generator, ImageDataGenerator, action, tolerance=1e-6)
    np.testing.assert_array_equal(x, data(3, data_format))


def test_the_whitening_matrix(keras_generator: Any) -> None:
    """With Keras' own epsilon, and more images than there are numbers in one."""

    def action(cls: Any) -> Any:
        generator = cls(zca_whitening=True)
        generator.fit(data(1), seed=3)
        return generator.zca_whitening_matrix, generator.std

    agree(
        keras_generator, ImageDataGenerator, action, tolerance=lambda made: 1e-5 * np.ptp(made[0])
    )


def test_whitened_images_are_white() -> None:
    x = data(1)
    generator = ImageDataGenerator(zca_whitening=True, featurewise_center=True, dtype="float64")
    generator.fit(x)
    white = next(generator.flow(x, batch_size=60, shuffle=False)).reshape(60, -1)
    np.testing.assert_allclose(white.T @ white / 60, np.eye(12), atol=1e-6)


def test_fitting_again_starts_afresh(keras_generator: Any) -> None:
    def action(cls: Any) -> Any:
        generator = cls(featurewise_std_normalization=True)
        generator.fit(data())
        generator.fit(data()[:9] / 3)
        return generator.mean, generator.std

    agree(keras_generator, ImageDataGenerator, action, tolerance=1e-4)


def test_statistics_set_by_hand(keras_generator: Any) -> None:
    """As users do who load what they fitted elsewhere."""
    x = data()

    def action(cls: Any) -> Any:
        generator = cls(featurewise_center=True, featurewise_std_normalization=True)
        generator.mean = np.array([100.0, 120.0, 90.0], "float32")
        generator.std = 60.0
        return [next(generator.flow(x, seed=1))]

    agree(keras_generator, ImageDataGenerator, action, tolerance=share_of)


@pytest.mark.parametrize("name", STATISTICS)
@pytest.mark.parametrize("rank", [3, 4])
def test_standardize_itself(name: str, rank: int, keras_generator: Any) -> None:
    """Of one image or of many at once, where samplewise means over all of them, and in place."""

    def action(cls: Any) -> Any:
        generator = cls(**STATISTICS[name], rescale=0.5)
        generator.fit(data())
        x = data(dtype="float32")[:7]
        if rank == 3:
            x = x[0]
        made = generator.standardize(x)
        return made, x

    agree(keras_generator, ImageDataGenerator, action, tolerance=share_of, what=name)


def test_rescale_counts_before_fitting_and_a_function_does_not(keras_generator: Any) -> None:
    def action(cls: Any) -> Any:
        generator = cls(
            featurewise_center=True,
            rescale=1 / 255,
            preprocessing_function=lambda image: image + 100,
        )
        generator.fit(data())
        return generator.mean, next(generator.flow(data(), seed=1))

    agree(keras_generator, ImageDataGenerator, action, tolerance=PROMISE / 255)


@pytest.mark.parametrize(
    "x",
    [
        np.zeros((4, 4, 3)),
        np.zeros((0, 4, 4, 3)),
        np.zeros((5, 4, 4, 2)),
        np.full((5, 4, 4, 3), 9.0),
        [[[[1], [2]]], [[[3], [4]]]],
    ],
    ids=["rank 3", "empty", "two channels", "constant", "lists"],
)
@pytest.mark.parametrize("augment", [False, True])
def test_unusual_data_to_fit(x: Any, augment: bool, keras_generator: Any) -> None:
    def action(cls: Any) -> Any:
        generator = cls(featurewise_std_normalization=True, vertical_flip=True)
        with np.errstate(all="ignore"):
            generator.fit(x, augment=augment, seed=2)
        return generator.mean, generator.std

    agree(keras_generator, ImageDataGenerator, action, tolerance=1e-6)


@pytest.mark.parametrize("dtype", ["uint8", "int32"])
@pytest.mark.parametrize("name", STATISTICS)
def test_integers_cannot_be_normalised(dtype: str, name: str, keras_generator: Any) -> None:
    """NumPy's error in Keras, in `fit` or in the first batch."""

    def action(cls: Any) -> Any:
        generator = cls(**STATISTICS[name], dtype=dtype)
        if name.startswith(("feature", "white")):
            generator.fit(data())
        return next(generator.flow(data(), seed=1))

    seen = agree(keras_generator, ImageDataGenerator, action)
    assert isinstance(seen.error, TypeError)
