"""Transforms that add noise: against the functional ops and what their peers say of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import skimage.util
from references import same_bits
from transforming import drawn, fills, once, pastes_back, same_however, share

import fastaug
import fastaug.transforms as ft
from fastaug.pipeline import Compose

Array = npt.NDArray[Any]

GREY = np.full((2, 128, 128, 3), 100, np.uint8)

FAMILY = [
    ft.GaussianNoise((5, 20), (-3, 3)),
    ft.SpeckleNoise((0.1, 0.3), p=0.5),
    ft.UniformNoise(15, p=0.7),
    ft.ShotNoise((20, 100)),
    ft.SaltAndPepper((0.01, 0.3), salt_ratio=(0.2, 0.8), per_channel=True),
    ft.SaltAndPepper(),
]


@pytest.mark.parametrize(
    ("transform", "name", "arguments"),
    [
        (ft.GaussianNoise(12), "gaussian_noise", {"std": 12}),
        (ft.GaussianNoise(12, -4), "gaussian_noise", {"std": 12, "mean": -4}),
        (ft.SpeckleNoise(0.2), "speckle_noise", {"std": 0.2}),
        (ft.UniformNoise(9), "uniform_noise", {"amplitude": 9}),
        (ft.ShotNoise(30), "shot_noise", {"photons": 30}),
        (ft.SaltAndPepper(0.2, 0.7), "salt_and_pepper", {"amount": 0.2, "salt_ratio": 0.7}),
        (
            ft.SaltAndPepper(0.2, per_channel=True),
            "salt_and_pepper",
            {"amount": 0.2, "per_channel": True},
        ),
    ],
    ids=repr,
)
@pytest.mark.parametrize("value_range", [None, (0, 200)])
def test_the_functional_op(
    transform: Any, name: str, arguments: dict[str, Any], value_range: Any, photographs: Array
) -> None:
    op = getattr(fastaug, name)
    counter = {"index": [7, 8, 9, 2], "epoch": 3, "value_range": value_range}
    # The second transform of a pipeline has the second place of the counter.
    pipeline = Compose([ft.RandomInvert(p=0.0), transform], seed=5, value_range=value_range)
    for images in (photographs, photographs.astype(np.float32)):
        got = pipeline(images, index=[7, 8, 9, 2], epoch=3)
        same_bits(got, op(images, **arguments, seed=5, stream=1, **counter))


def moments(images: Array) -> tuple[float, float]:
    return float(images.mean()), float(images.std())


@pytest.mark.parametrize(
    ("transform", "mode", "arguments"),
    [
        (ft.GaussianNoise(20), "gaussian", {"var": (20 / 255) ** 2}),
        (ft.GaussianNoise(20, 10), "gaussian", {"var": (20 / 255) ** 2, "mean": 10 / 255}),
        (ft.SpeckleNoise(0.3), "speckle", {"var": 0.09}),
        (ft.SaltAndPepper(0.2, 0.7), "s&p", {"amount": 0.2, "salt_vs_pepper": 0.7}),
    ],
    ids=repr,
)
def test_scikit_image(transform: Any, mode: str, arguments: dict[str, Any]) -> None:
    expected = skimage.util.random_noise(GREY, mode, rng=1, **arguments) * 255
    got = once(transform, GREY)
    np.testing.assert_allclose(moments(got), moments(expected), atol=0.8)


def test_numpy(rng: np.random.Generator) -> None:
    expected = rng.poisson(GREY / 255 * 40) / 40 * 255
    np.testing.assert_allclose(moments(once(ft.ShotNoise(40), GREY)), moments(expected), atol=0.8)
    expected = 100 + rng.uniform(-25, 25, GREY.shape)
    np.testing.assert_allclose(
        moments(once(ft.UniformNoise(25), GREY)), moments(expected), atol=0.8
    )


@pytest.mark.parametrize(
    ("transform", "name", "low", "high"),
    [
        (ft.GaussianNoise((5, 20)), "std", 5, 20),
        (ft.GaussianNoise(5, (-2, 4)), "mean", -2, 4),
        (ft.SpeckleNoise((0.1, 0.3)), "std", 0.1, 0.3),
        (ft.UniformNoise((0, 8)), "amplitude", 0, 8),
        (ft.ShotNoise((12, 60)), "photons", 12, 60),
        (ft.SaltAndPepper((0.01, 0.06)), "amount", 0.01, 0.06),
        (ft.SaltAndPepper(0.1, (0.2, 0.4)), "salt_ratio", 0.2, 0.4),
    ],
    ids=repr,
)
def test_ranges(transform: Any, name: str, low: float, high: float) -> None:
    fills(drawn(transform)[name], low, high)


def test_a_number_is_itself() -> None:
    for transform in (ft.GaussianNoise(7), ft.SpeckleNoise(7), ft.UniformNoise(7), ft.ShotNoise(7)):
        assert 7.0 in {float(value) for values in drawn(transform).values() for value in values}
        assert all(len(np.unique(values)) == 1 for values in drawn(transform).values())


def test_probabilities() -> None:
    for transform in (ft.GaussianNoise(5, p=0.4), ft.SaltAndPepper(p=0.4), ft.ShotNoise(p=0.4)):
        assert abs(share(transform) - 0.4) < 0.04


def test_the_same_however_it_is_done(photographs: Array) -> None:
    same_however(FAMILY, photographs)
    same_however(FAMILY[1:4], photographs.astype(np.float32) / 255)


@pytest.mark.parametrize("transform", FAMILY, ids=repr)
def test_what_is_printed(transform: Any) -> None:
    pastes_back(transform)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: ft.GaussianNoise(-1), ValueError, "std must be at least 0, got -1"),
        (lambda: ft.GaussianNoise(mean=np.nan), ValueError, "mean must be finite"),
        (lambda: ft.SpeckleNoise((0.3, 0.1)), ValueError, "std must be a pair"),
        (lambda: ft.UniformNoise("x"), TypeError, "amplitude must be a number"),
        (lambda: ft.ShotNoise(0), ValueError, "photons must be more than 0, got 0"),
        (lambda: ft.SaltAndPepper(1.5), ValueError, "amount must be at most 1, got 1.5"),
        (lambda: ft.SaltAndPepper(salt_ratio=-1), ValueError, "salt_ratio must be at least 0"),
        (lambda: ft.SaltAndPepper(per_channel=1), TypeError, "per_channel must be a bool, got 1"),
    ],
)
def test_bad_input(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()
