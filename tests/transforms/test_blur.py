"""Transforms that blur and sharpen: against their peers, and what they draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.ndimage
from references import same_bits
from transforming import drawn, fills, fills_whole, once, pastes_back, same_however, share

import fastaug
import fastaug.transforms as ft

Array = npt.NDArray[Any]


def within(got: Array, expected: Array, levels: int) -> None:
    assert got.dtype == expected.dtype == np.uint8
    assert got.shape == expected.shape
    assert abs(got.astype(int) - expected).max() <= levels


@pytest.mark.parametrize("sigma", [0.6, 2.5])
def test_gaussian(sigma: float, photographs: Array) -> None:
    got = once(ft.GaussianBlur(sigma), photographs)
    same_bits(got, fastaug.gaussian_blur(photographs, sigma))
    exact = scipy.ndimage.gaussian_filter(photographs.astype(float), (0, sigma, sigma, 0))
    within(got, np.rint(exact).astype(np.uint8), 1)


@pytest.mark.parametrize("size", [1, 3, 11])
def test_box(size: int, photographs: Array) -> None:
    cv2 = pytest.importorskip("cv2")
    got = once(ft.BoxBlur(size), photographs)
    same_bits(got, fastaug.box_blur(photographs, size, mode="mirror"))
    within(got, np.stack([cv2.blur(image, (size, size)) for image in photographs]), 1)


@pytest.mark.parametrize("size", [1, 3, 5, 9])
def test_median(size: int, photographs: Array) -> None:
    cv2 = pytest.importorskip("cv2")
    got = once(ft.MedianBlur(size), photographs)
    same_bits(got, fastaug.median_blur(photographs, size, mode="nearest"))
    same_bits(got, np.stack([cv2.medianBlur(image, size) for image in photographs]))


@pytest.mark.parametrize("angle", [0.0, 90.0])
def test_motion_along_an_axis(angle: float, photographs: Array) -> None:
    cv2 = pytest.importorskip("cv2")
    line = np.zeros((7, 7))
    line[3] = 1 / 7
    kernel = line if angle == 0 else line.T
    got = once(ft.MotionBlur(7, (angle, angle)), photographs)
    within(got, np.stack([cv2.filter2D(image, -1, kernel) for image in photographs]), 1)


def test_motion_at_an_angle(photographs: Array) -> None:
    got = once(ft.MotionBlur(9, (33, 33)), photographs)
    same_bits(got, fastaug.motion_blur(photographs, 9, 33.0, mode="mirror"))
    # The line turned by bilinear interpolation, as Kornia makes it.
    line = np.zeros((9, 9))
    line[4] = 1.0
    turned = scipy.ndimage.rotate(line, 33, reshape=False, order=1, mode="grid-constant")
    kernel = (turned / turned.sum())[:, :, np.newaxis]
    exact = [scipy.ndimage.correlate(i.astype(float), kernel, mode="mirror") for i in photographs]
    within(got, np.rint(exact).astype(np.uint8), 1)


@pytest.mark.parametrize("factor", [0.0, 0.5, 2.0])
def test_sharpness(factor: float, photographs: Array) -> None:
    image = pytest.importorskip("PIL.Image")
    enhance = pytest.importorskip("PIL.ImageEnhance")
    got = once(ft.RandomSharpness((factor, factor)), photographs)
    same_bits(got, fastaug.sharpen(photographs, factor))
    peer = [enhance.Sharpness(image.fromarray(i)).enhance(factor) for i in photographs]
    within(got, np.stack([np.asarray(i) for i in peer]), 1)


def test_sharpness_takes_the_value_range(photographs: Array) -> None:
    floats = photographs.astype(np.float32)
    got = once(ft.RandomSharpness((2, 2)), floats, value_range=(0, 255))
    same_bits(got, fastaug.sharpen(floats, 2, value_range=(0, 255)))


@pytest.mark.parametrize("kind", [ft.BoxBlur, ft.MedianBlur, ft.MotionBlur])
def test_sizes_are_odd(kind: Any) -> None:
    sizes = drawn(kind((3, 11)))["size"]
    assert (sizes % 2 == 1).all()
    fills_whole(sizes // 2, 1, 5)
    assert set(drawn(kind(7))["size"].tolist()) == {7}


@pytest.mark.parametrize(
    ("transform", "name", "low", "high"),
    [
        (ft.GaussianBlur((0.5, 3)), "sigma", 0.5, 3),
        (ft.MotionBlur(), "angle", -180, 180),
        (ft.MotionBlur(angle=(10, 40)), "angle", 10, 40),
        (ft.RandomSharpness(0.3), "sharpness", 0.7, 1.3),
    ],
    ids=repr,
)
def test_ranges(transform: Any, name: str, low: float, high: float) -> None:
    fills(drawn(transform)[name], low, high)


FAMILY = [
    ft.GaussianBlur((0.3, 1.5), p=0.6),
    ft.BoxBlur(p=0.6),
    ft.MedianBlur((1, 5), p=0.6),
    ft.MotionBlur((3, 9), angle=60, p=0.6),
    ft.RandomSharpness(p=0.6),
]


@pytest.mark.parametrize("transform", FAMILY, ids=repr)
def test_probabilities(transform: Any) -> None:
    assert abs(share(transform) - 0.6) < 5 * np.sqrt(0.24 / 4000)


def test_the_same_however_it_is_done(photographs: Array) -> None:
    same_however(FAMILY, photographs)


@pytest.mark.parametrize("transform", FAMILY, ids=repr)
def test_what_is_printed(transform: Any) -> None:
    pastes_back(transform)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: ft.GaussianBlur(-1), ValueError, "sigma must be at least 0, got -1"),
        (lambda: ft.BoxBlur(4), ValueError, "size must be odd, .* got 4"),
        (lambda: ft.MedianBlur((3, 6)), ValueError, r"size must be odd, .* got \(3, 6\)"),
        (lambda: ft.MedianBlur(2.5), ValueError, "size must be whole, got 2.5"),
        (lambda: ft.MotionBlur(257), ValueError, "size must be at most 255, got 257"),
        (lambda: ft.MotionBlur(-1), ValueError, "size must be at least 1, got -1"),
        (lambda: ft.MotionBlur(3, angle=-4), ValueError, "angle must be at least 0"),
        (lambda: ft.BoxBlur("3"), TypeError, "size must be a number"),
        (lambda: ft.RandomSharpness((-1, 1)), ValueError, "sharpness must be at least 0"),
    ],
)
def test_bad_input(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()
