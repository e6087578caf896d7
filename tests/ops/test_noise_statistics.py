"""That noise has the distribution it says, and that no two draws know of each other.

Seeds are fixed, so nothing here fails by chance; limits are 5 standard errors or p of 1e-4.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.stats

import fastaug

Array = npt.NDArray[Any]
N = 1_000_000
LEAST_P = 1e-4


def plane(dtype: str, value: float = 0.0, n: int = N) -> Array:
    return np.full((1, n // 1000, 1000, 1), value, dtype)


def normals(dtype: str = "float32", n: int = N, **where: Any) -> Array:
    return fastaug.gaussian_noise(plane(dtype, n=n), 1, **({"seed": 3} | where)).ravel()


def check_moments(x: Array, mean: float, std: float, kurtosis: float) -> None:
    """Within 5 standard errors; `kurtosis` is that of the distribution, 3 for a normal one."""
    error = std / np.sqrt(x.size)
    assert abs(x.mean(dtype=np.float64) - mean) < 5 * error
    assert abs(x.std(dtype=np.float64) - std) < 5 * error * np.sqrt((kurtosis - 1) / 4)


def chi_square(observed: Array, expected: Array) -> float:
    """The p-value of counts, cells of fewer than 10 put together at either end."""
    middle = np.flatnonzero(expected >= 10)
    first, last = middle[0], middle[-1]

    def pooled(counts: Array) -> Array:
        return np.array([counts[:first].sum(), *counts[first : last + 1], counts[last + 1 :].sum()])

    cells, wanted = pooled(observed), pooled(expected)
    keep = wanted > 0.5
    wanted = wanted[keep] * (cells[keep].sum() / wanted[keep].sum())
    return float(scipy.stats.chisquare(cells[keep], wanted).pvalue)


# Distributions.


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_normals(dtype: str) -> None:
    z = normals(dtype)
    check_moments(z, 0, 1, 3)
    assert scipy.stats.kstest(z, "norm").pvalue > LEAST_P
    assert abs((z**3).mean()) < 5 * np.sqrt(15 / N)
    assert abs((z**4).mean() - 3) < 5 * np.sqrt(96 / N)


def test_the_tails_of_normals() -> None:
    n = 4_000_000
    z = np.abs(normals(n=n))
    for limit in (3.0, 4.0, 4.5):
        expected = 2 * scipy.stats.norm.sf(limit) * n
        assert abs((z > limit).sum() - expected) < 5 * np.sqrt(expected)
    assert 4.9 < z.max() < 5.8


def test_mean_and_std_are_those_asked_for() -> None:
    images = np.full((3, 300, 300, 3), 50, np.float32)
    got = fastaug.gaussian_noise(images, [1, 5, 20], mean=[0, -3, 8], seed=1)
    for image, std, mean in zip(got, (1, 5, 20), (0, -3, 8), strict=True):
        check_moments(image, 50 + mean, std, 3)
    got = fastaug.speckle_noise(images, [0.1, 0.5, 0.02], mean=[0, 0.2, -0.1], seed=1)
    for image, std, mean in zip(got, (0.1, 0.5, 0.02), (0, 0.2, -0.1), strict=True):
        check_moments(image, 50 * (1 + mean), 50 * std, 3)


@pytest.mark.parametrize("std", [0.4, 3.0, 25.0])
def test_normals_of_bytes(std: float) -> None:
    got = fastaug.gaussian_noise(plane("uint8", 128), std, seed=5).ravel()
    edges = scipy.stats.norm.cdf((np.arange(257) - 128.5) / std)
    assert chi_square(np.bincount(got, minlength=256), np.diff(edges) * N) > LEAST_P


def test_saturated_bytes_keep_what_is_left_of_the_tail() -> None:
    got = fastaug.gaussian_noise(plane("uint8"), 10, seed=5)
    assert abs((got == 0).mean() - scipy.stats.norm.cdf(0.05)) < 5 * 0.5 / np.sqrt(N)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_uniform(dtype: str) -> None:
    u = fastaug.uniform_noise(plane(dtype), 4, seed=2).ravel()
    assert np.abs(u).max() < 4
    check_moments(u, 0, 4 / np.sqrt(3), 1.8)
    assert scipy.stats.kstest(u / 8 + 0.5, "uniform").pvalue > LEAST_P


def test_uniform_of_bytes() -> None:
    got = fastaug.uniform_noise(plane("uint8", 128), 20, seed=2).ravel()
    edges = ((np.arange(257) - 128.5) / 40 + 0.5).clip(0, 1)
    assert chi_square(np.bincount(got, minlength=256), np.diff(edges) * N) > LEAST_P


@pytest.mark.parametrize(
    "rate", [0.05, 0.7, 3.0, 12.5, 15.0, 15.999, 16.0, 16.5, 20.0, 25.0, 40.0, 75.0, 300.0, 4000.0]
)
def test_poisson(rate: float) -> None:
    """Inverted below 16 and expanded from there on."""
    got = fastaug.shot_noise(plane("float64", 1), rate, seed=4).ravel()
    counts = np.rint(got * rate).astype(np.int64)
    np.testing.assert_allclose(got, counts / rate, rtol=1e-12)
    k = np.arange(counts.max() + 2)
    expected = np.append(scipy.stats.poisson.pmf(k[:-1], rate), scipy.stats.poisson.sf(k[-2], rate))
    assert chi_square(np.bincount(counts, minlength=k.size), expected * N) > LEAST_P
    check_moments(counts, rate, np.sqrt(rate), 3 + 1 / rate)


def test_poisson_goes_by_the_brightness() -> None:
    images = np.repeat([[20, 100, 250]], N // 3, 0).astype(np.float64)
    got = fastaug.shot_noise(images, 500, seed=1, value_range=(0, 1000))
    for column, value in enumerate((20, 100, 250)):
        check_moments(got[:, column] / 2, value / 2, np.sqrt(value / 2), 3)


def test_shares_of_dropped_pixels() -> None:
    for amount in (0.001, 0.3, 0.9):
        for each in (False, True):
            dropped = fastaug.pixel_dropout(
                plane("uint8", 9).reshape(1, 1000, 250, 4), amount, per_channel=each, seed=8
            )
            gone = dropped == 0
            assert (gone.all(-1) == gone.any(-1)).all() == (not each)  # whole pixels
            n = N if each else N / 4
            assert abs(gone.mean() - amount) < 5 * np.sqrt(amount * (1 - amount) / n)


def test_shares_of_salt_and_pepper() -> None:
    for amount, ratio in ((0.02, 0.5), (0.3, 0.1), (0.9, 0.75)):
        got = fastaug.salt_and_pepper(plane("uint8", 9), amount, salt_ratio=ratio, seed=8)
        for value, p in ((255, amount * ratio), (0, amount * (1 - ratio)), (9, 1 - amount)):
            assert abs((got == value).mean() - p) < 5 * np.sqrt(p * (1 - p) / N)


# Independence.


def test_no_two_streams_correlate() -> None:
    """Of samples, epochs, places, seeds, channels and ops; of their sizes, as of their values."""
    n = 100_000
    image = np.zeros((1, 100, 1000, 3))
    streams = {
        "sample 0": normals("float64", n),
        "sample 1": normals("float64", n, index=[1]),
        "sample 2**31": normals("float64", n, index=[2**31]),
        "epoch 1": normals("float64", n, epoch=1),
        "place 1": normals("float64", n, stream=1),
        "place 256": normals("float64", n, stream=256),
        "seed 4": normals("float64", n, seed=4),
        "seed 3 + 2**32": normals("float64", n, seed=3 + 2**32),
        "seed 0": normals("float64", n, seed=0),
        "high rate": fastaug.shot_noise(np.ones((100, 1000)), 1e6, seed=3).ravel(),
        "bytes": fastaug.gaussian_noise(plane("uint8", 128, n), 25, seed=3).ravel() / 25.0,
        **{
            f"channel {c}": fastaug.gaussian_noise(image, 1, seed=77)[..., c].ravel()
            for c in range(3)
        },
    }
    for values in (np.stack(list(streams.values())), np.abs(np.stack(list(streams.values())))):
        correlation = np.corrcoef(values)
        for (i, a), (j, b) in combinations(enumerate(streams), 2):
            assert abs(correlation[i, j]) < 5 / np.sqrt(n), (a, b)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("lag", [1, 2, 3, 4, 8, 15, 16, 17, 32, 64, 1000])
def test_neighbours_do_not_correlate(lag: int, dtype: str) -> None:
    """Pairs come of one radius, 16 apart, and words of 16 blocks follow each other: it may not show."""
    images = plane(dtype, 128)
    z = fastaug.gaussian_noise(images, 25, seed=6).ravel().astype(np.float64) - 128
    u = fastaug.uniform_noise(images, 90, seed=6).ravel().astype(np.float64) - 128
    for x in (z, z**2, u, u**2):
        assert abs(np.corrcoef(x[lag:], x[:-lag])[0, 1]) < 5 / np.sqrt(N - lag)


def test_pairs_of_normals_have_every_direction() -> None:
    """The angle between the two of a Box-Muller pair, which are 16 elements apart."""
    z = normals(n=N // 32_000 * 32_000).reshape(-1, 2, 16).astype(np.float64)
    angle = np.arctan2(z[:, 0], z[:, 1]) / (2 * np.pi) + 0.5
    counts = np.histogram(angle, 64, (0, 1))[0]
    assert scipy.stats.chisquare(counts).pvalue > LEAST_P


def test_halves_of_a_word_have_every_direction() -> None:
    z = fastaug.gaussian_noise(plane("uint8", 128), 30, seed=9).ravel().astype(np.float64) - 128
    z += np.random.default_rng(0).uniform(-0.5, 0.5, z.size)  # fill the gaps between levels
    angle = np.arctan2(z[::2], z[1::2]) / (2 * np.pi) + 0.5
    counts = np.histogram(angle, 8, (0, 1))[0]
    assert scipy.stats.chisquare(counts).pvalue > LEAST_P


def test_salt_does_not_follow_a_pattern() -> None:
    """Gaps between changed pixels are geometric."""
    p = 0.1
    changed = fastaug.salt_and_pepper(plane("uint8", 9), p, seed=8).ravel() != 9
    gaps = np.diff(np.flatnonzero(changed))
    k = np.arange(gaps.max() + 2)
    expected = scipy.stats.geom.pmf(k, p) * gaps.size
    assert chi_square(np.bincount(gaps, minlength=k.size), expected) > LEAST_P


def test_bits_of_the_words_are_even() -> None:
    """Thresholds at every power of two see the share they should."""
    for bit in range(1, 20):
        p = 2.0**-bit
        got = fastaug.salt_and_pepper(plane("uint8", 9), p, salt_ratio=1, seed=bit)
        assert abs((got == 255).mean() - p) < 5 * np.sqrt(p / N)
