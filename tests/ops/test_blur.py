"""Blurs are SciPy's means: floats to rounding, integers to the grey level; and OpenCV's to one level."""

from __future__ import annotations

from itertools import product
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import scipy.ndimage as ndi
from cases import MORPHOLOGY_DTYPES, pixels
from hypothesis import given
from hypothesis import strategies as st
from references import same_bits

import fastaug

Array = npt.NDArray[Any]
MODES = ("reflect", "constant", "nearest", "mirror", "wrap")
OPENCV_BORDERS = {
    "reflect": cv2.BORDER_REFLECT,
    "nearest": cv2.BORDER_REPLICATE,
    "mirror": cv2.BORDER_REFLECT_101,
}
modes = pytest.mark.parametrize("mode", MODES)
dtypes = pytest.mark.parametrize("dtype", MORPHOLOGY_DTYPES)

# How far from half-way between two values SciPy's result must be for ours to be the same integer.
DOUBT = 0.03


def agree(got: Array, expected: Array) -> None:
    """Asserts that `got` is `expected`, a result in double, as its dtype has it."""
    dtype = got.dtype.name
    assert got.shape == expected.shape
    if dtype.startswith("float"):
        few = 40 if dtype == "float64" else 12
        np.testing.assert_allclose(got, expected, rtol=few * np.finfo(dtype).eps, atol=0)
        return
    fraction = np.abs(expected - np.floor(expected) - 0.5)
    sure = fraction > DOUBT
    assert sure.mean() > 0.8 or got.size < 200
    np.testing.assert_array_equal(got[sure], np.rint(expected[sure]))
    assert np.abs(got - expected).max() <= 0.5 + DOUBT


def gaussian(images: Array, sigma: float, mode: str, size: Any = None, cval: float = 0.0) -> Array:
    """SciPy's, in double, of (N, H, W, C)."""
    radius = None if size is None else tuple(np.broadcast_to(size, 2) // 2)
    return ndi.gaussian_filter(
        images.astype(np.float64), sigma, mode=mode, cval=cval, radius=radius, axes=(1, 2)
    )


@modes
@dtypes
def test_gaussian_by_sigma(dtype: str, mode: str, rng: np.random.Generator) -> None:
    """Radii 0, 1, 2, 3, 4, 9 and more than the image, on rows on both sides of a register."""
    for sigma in (0.1, 0.3, 0.5, 0.75, 1.0, 2.3, 7.0):
        for shape in ((1, 9, 37, 3), (2, 3, 2, 5), (1, 5, 90, 1), (1, 1, 1, 1), (1, 6, 33, 9)):
            images = pixels(rng, shape, dtype)
            got = fastaug.gaussian_blur(images, sigma, mode=mode, cval=100)
            agree(got, gaussian(images, sigma, mode, cval=100))


@modes
@dtypes
def test_gaussian_by_size(dtype: str, mode: str, rng: np.random.Generator) -> None:
    for size in (1, 3, 5, 7, 9, (1, 5), (7, 1), (5, 31), (63, 3)):
        images = pixels(rng, (2, 11, 40, 3), dtype)
        got = fastaug.gaussian_blur(images, 1.7, size=size, mode=mode, cval=33)
        agree(got, gaussian(images, 1.7, mode, size, cval=33))


@given(
    shape=st.tuples(st.integers(1, 12), st.integers(1, 150), st.integers(1, 4)),
    sigma=st.floats(0, 12),
    mode=st.sampled_from(MODES),
    dtype=st.sampled_from(MORPHOLOGY_DTYPES),
    seed=st.integers(0, 9),
)
def test_gaussian_of_anything(
    shape: tuple[int, int, int], sigma: float, mode: str, dtype: str, seed: int
) -> None:
    images = pixels(np.random.default_rng(seed), (1, *shape), dtype)
    got = fastaug.gaussian_blur(images, sigma, mode=mode, cval=7)
    expected = gaussian(images, sigma, mode, cval=7) if sigma else images.astype(np.float64)
    if dtype.startswith("float"):
        agree(got, expected)
    else:
        assert np.abs(got - expected).max() <= 0.5 + DOUBT


@pytest.mark.parametrize("sigma", [40.0, 300.0])
def test_wide_gaussians_of_bytes(sigma: float, rng: np.random.Generator) -> None:
    """Where a weight is a few units, or none: what is left out of one goes into the next."""
    soft = np.linspace(0, 255, 600).reshape(1, 1, 600, 1).astype(np.uint8)
    edge = np.where(np.arange(600) < 290, 0, 255).astype(np.uint8).reshape(1, 1, 600, 1)
    for images in (soft, edge, pixels(rng, (1, 2, 600, 1), "uint8")):
        got = fastaug.gaussian_blur(images, sigma)
        assert np.abs(got - gaussian(images, sigma, "reflect")).max() < 0.6


@pytest.mark.parametrize("size", [3, 5, 7, 9, 31, (3, 11)])
@pytest.mark.parametrize("mode", OPENCV_BORDERS)
@pytest.mark.parametrize("channels", [1, 3])
def test_opencv_has_the_same_gaussian(
    channels: int, mode: str, size: Any, rng: np.random.Generator
) -> None:
    """Its weights of bytes have 8 bits, which leaves a few pixels in 10,000 two levels away."""
    ksize = tuple(int(s) for s in np.broadcast_to(size, 2)[::-1])
    for dtype in ("uint8", "float32"):
        image = pixels(rng, (80, 90, channels), dtype)
        got = fastaug.gaussian_blur(image, 1.4, size=size, mode=mode)
        theirs = cv2.GaussianBlur(image, ksize, 1.4, borderType=OPENCV_BORDERS[mode])
        theirs = theirs.reshape(image.shape)
        if dtype == "uint8":
            apart = np.abs(got.astype(int) - theirs)
            assert apart.max() <= 2
            assert (apart > 1).mean() < 1e-3
        else:
            np.testing.assert_allclose(got, theirs, rtol=2e-6)


def test_a_box_of_one_pixel_changes_nothing(rng: np.random.Generator) -> None:
    for dtype in MORPHOLOGY_DTYPES:
        images = pixels(rng, (2, 7, 70, 3), dtype)
        same_bits(fastaug.box_blur(images, 1), images)


@modes
@dtypes
def test_no_blur_changes_nothing(dtype: str, mode: str, rng: np.random.Generator) -> None:
    images = pixels(rng, (2, 7, 70, 3), dtype)
    if dtype.startswith("float"):
        images.flat[:6] = [np.nan, np.inf, -np.inf, -0.0, np.finfo(dtype).max, 1e-42]
    for arguments in ({"sigma": 0}, {"sigma": 0, "size": 9}, {"sigma": 3, "size": 1}):
        same_bits(fastaug.gaussian_blur(images, **arguments, mode=mode, cval=np.nan), images)
    same_bits(fastaug.gaussian_blur(images, 1e-200, size=3, mode=mode), images)


@modes
def test_flat_bytes_stay_flat(mode: str) -> None:
    levels = np.arange(256, dtype=np.uint8).reshape(256, 1, 1, 1)
    images = np.broadcast_to(levels, (256, 3, 40, 1))
    for sigma in (0.3, 0.77, 1.5, 6.0, 60.0):
        if mode != "constant":
            same_bits(fastaug.gaussian_blur(images, sigma, mode=mode), images.copy())
    same_bits(fastaug.gaussian_blur(images[9:10], 2, mode="constant", cval=9), images[9:10].copy())


def test_bytes_half_way_become_even() -> None:
    sigma = np.sqrt(0.5 / np.log(2))  # weights of 1/4, 1/2, 1/4
    image = np.zeros((1, 256 * 3), np.uint8)
    image[0, 1::3] = np.arange(256)
    got = fastaug.gaussian_blur(image, sigma, size=(1, 3))
    padded = np.pad(image[0].astype(float), 1, "symmetric")
    expected = padded[:-2] / 4 + padded[1:-1] / 2 + padded[2:] / 4
    same_bits(got[0], np.rint(expected).astype(np.uint8))


@dtypes
def test_gaussian_parameters_of_each_image(dtype: str, rng: np.random.Generator) -> None:
    images = pixels(rng, (5, 10, 40, 3), dtype)
    sigmas = [0.0, 2.0, 0.3, 11.0, 0.8]
    for size in (None, 5, (3, 9)):
        got = fastaug.gaussian_blur(images, sigmas, size=size)
        for i, sigma in enumerate(sigmas):
            same_bits(got[i], fastaug.gaussian_blur(images[i], sigma, size=size))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_is_not_finite_reaches_its_window(dtype: str) -> None:
    for value in (np.nan, np.inf, -np.inf):
        image = np.ones((15, 80), dtype)
        image[7, 40] = value
        got = fastaug.gaussian_blur(image, 1.0, size=(3, 7))
        expected = np.zeros(image.shape, bool)
        expected[6:9, 37:44] = True
        np.testing.assert_array_equal(~np.isfinite(got), expected)
        assert (got[expected] == value).all() or np.isnan(value)


def box(images: Array, size: Any, mode: str, cval: float) -> Array:
    """SciPy's sums of (N, H, W, C), exact for integers, over the area."""
    height, width = (int(s) for s in np.broadcast_to(size, 2))
    wide = images.astype(np.int64 if images.dtype.kind == "u" else np.float64)
    down = ndi.correlate1d(wide, np.ones(height), axis=1, mode=mode, cval=cval)
    across = ndi.correlate1d(down, np.ones(width), axis=2, mode=mode, cval=cval * height)
    return across / (height * width)


# Below and above two blocks of eight; 16 bits of sums, 24, and more; areas that a multiplication
# divides by and one (257) that it cannot; larger than the image.
SIZES = [1, 2, 3, 4, 5, 8, 15, 16, 17, (2, 9), (1, 31), (24, 1), (1, 257), (255, 258), 300]


@modes
@dtypes
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_box(size: Any, dtype: str, mode: str, rng: np.random.Generator) -> None:
    shapes = ((2, 20, 37, 3), (1, 3, 2, 5), (1, 9, 150, 1), (1, 1, 1, 1), (1, 6, 33, 9))
    # Running sums of channels two in a register, and more than fit one.
    for shape in (*shapes, (1, 18, 40, 2), (1, 4, 21, 17)):
        images = pixels(rng, shape, dtype)
        got = fastaug.box_blur(images, size, mode=mode, cval=100)
        expected = box(images, size, mode, 100)
        if dtype.startswith("float"):
            few = 20 * np.finfo(dtype).eps if dtype == "float32" else 1e-13
            np.testing.assert_allclose(got, expected, rtol=few)
        else:
            same_bits(got, np.rint(expected).astype(dtype))


def test_every_mean_of_bytes_is_rounded_once() -> None:
    """All sums that an area can have, for every area that fits a row: ties become even."""
    for size in (*range(1, 64), 100, 128, 225, 254, 255, 256, 257, 301, 302, 16383, 16385):
        row = np.repeat(np.array([0, 255], np.uint8), size)  # sums of 255 k
        ramp = np.arange(1024) % 256
        for image in (row, ramp.astype(np.uint8), (ramp // 3).astype(np.uint8)):
            got = fastaug.box_blur(image[np.newaxis], (1, size), mode="wrap")
            expected = box(image.reshape(1, 1, -1, 1), (1, size), "wrap", 0)
            same_bits(got[0], np.rint(expected[0, 0, :, 0]).astype(np.uint8))


@given(
    shape=st.tuples(st.integers(1, 20), st.integers(1, 150), st.integers(1, 4)),
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    mode=st.sampled_from(MODES),
    dtype=st.sampled_from(("uint8", "uint16")),
    seed=st.integers(0, 9),
)
def test_boxes_of_anything(
    shape: tuple[int, int, int], size: tuple[int, int], mode: str, dtype: str, seed: int
) -> None:
    images = pixels(np.random.default_rng(seed), (1, *shape), dtype)
    got = fastaug.box_blur(images, size, mode=mode, cval=7)
    same_bits(got, np.rint(box(images, size, mode, 7)).astype(dtype))


@pytest.mark.parametrize("size", [2, 3, 4, 7, 15, 31, (3, 8)])
@pytest.mark.parametrize("mode", OPENCV_BORDERS)
def test_opencv_has_the_same_box(mode: str, size: Any, rng: np.random.Generator) -> None:
    ksize = tuple(int(s) for s in np.broadcast_to(size, 2)[::-1])
    for dtype in ("uint8", "float32"):
        image = pixels(rng, (80, 90, 3), dtype)
        got = fastaug.box_blur(image, size, mode=mode)
        theirs = cv2.blur(image, ksize, borderType=OPENCV_BORDERS[mode])
        if dtype == "uint8":
            assert np.abs(got.astype(int) - theirs).max() <= 1
        else:
            np.testing.assert_allclose(got, theirs, rtol=2e-6)


@dtypes
def test_boxes_of_each_image(dtype: str, rng: np.random.Generator) -> None:
    images = pixels(rng, (5, 10, 40, 3), dtype)
    sizes = [1, 2, 31, 16, 300]
    got = fastaug.box_blur(images, np.array(sizes))
    for i, size in enumerate(sizes):
        same_bits(got[i], fastaug.box_blur(images[i], size))
    two = fastaug.box_blur(images[:2], (3, 5))  # a pair is a height and a width even of two images
    same_bits(two[1], fastaug.box_blur(images[1], (3, 5)))


def test_what_a_window_has_left_behind_is_gone(rng: np.random.Generator) -> None:
    """Nothing is added and taken away again: neither infinities nor enormous numbers stay."""
    for size in (3, 16, 41):
        image = np.ones((60, 200), np.float32)
        image[20, 50], image[40, 100] = np.inf, 1e30
        got = fastaug.box_blur(image, size)
        far = np.ones(image.shape, bool)
        for y, x in ((20, 50), (40, 100)):
            far[max(y - size, 0) : y + size, x - size : x + size] = False
        np.testing.assert_allclose(got[far], 1, rtol=1e-6)


def test_even_weights(rng: np.random.Generator) -> None:
    """So wide a Gaussian is a mean."""
    images = pixels(rng, (1, 9, 30, 3), "float64")
    got = fastaug.gaussian_blur(images, 1e200, size=5)
    np.testing.assert_allclose(got, ndi.uniform_filter(images, 5, axes=(1, 2)), rtol=1e-13)


def test_cval_is_a_pixel() -> None:
    """It rounds half to even and saturates before it is blurred, as the pixels of an image are."""
    image = np.full((1, 3), 9, np.uint8)
    for cval, level in ((2.5, 2), (3.5, 4), (-4, 0), (np.nan, 0), (1e9, 255)):
        got = fastaug.gaussian_blur(image, 1, size=3, mode="constant", cval=cval)
        same_bits(got, fastaug.gaussian_blur(image, 1, size=3, mode="constant", cval=level))


def test_modes_differ(rng: np.random.Generator) -> None:
    """Or the tests above would not tell them apart."""
    image = pixels(rng, (9, 9), "uint8")
    results = [fastaug.gaussian_blur(image, 3, mode=mode) for mode in MODES]
    assert all((a != b).any() for a, b in product(results, results) if a is not b)
