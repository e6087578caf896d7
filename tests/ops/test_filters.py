"""Correlation, motion blur, sharpening and medians are SciPy's, OpenCV's, Pillow's, torchvision's."""

from __future__ import annotations

from itertools import combinations_with_replacement
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
PADDING: dict[str, Any] = {
    "reflect": "symmetric",
    "constant": "constant",
    "nearest": "edge",
    "mirror": "reflect",
    "wrap": "wrap",
}
MODES = tuple(PADDING)
modes = pytest.mark.parametrize("mode", MODES)
dtypes = pytest.mark.parametrize("dtype", MORPHOLOGY_DTYPES)
# Shorter than a register, longer than four of them, and one pixel more than some.
SHAPES = ((1, 9, 37, 3), (2, 3, 2, 5), (1, 5, 300, 1), (1, 1, 1, 1), (1, 6, 65, 4))


def agree(got: Array, expected: Array, size: float) -> None:
    """Asserts that `got` is `expected`, a result in double, where what was added is of this size."""
    dtype = got.dtype
    assert got.shape == expected.shape
    if dtype.kind == "f":
        np.testing.assert_allclose(got, expected, rtol=0, atol=100 * np.finfo(dtype).eps * size)
        return
    exact = np.clip(expected, 0, np.iinfo(dtype).max)
    assert np.abs(got - exact).max() <= (0.51 if dtype == np.uint8 else 0.6)


def filtered(images: Array, sides: tuple[int, int], mode: str, cval: float, function: Any) -> Array:
    """A filter of SciPy's, of (N, H, W, C) that NumPy pads: SciPy 1.17 reflects small images wrongly."""
    beside = [(0, 0), *((side, side) for side in sides), (0, 0)]
    constant = {"constant_values": cval} if mode == "constant" else {}
    padded = np.pad(images, beside, PADDING[mode], **constant)
    height, width = sides
    return function(padded)[:, height:-height, width:-width]


def correlation(images: Array, kernel: Array, mode: str, cval: float = 0.0) -> Array:
    """SciPy's, in double."""
    weights = np.asarray(kernel, np.float64)[np.newaxis, :, :, np.newaxis]
    sides = weights.shape[1:3]
    exact = images.astype(np.float64)
    return filtered(exact, sides, mode, cval, lambda padded: ndi.correlate(padded, weights))


@modes
@dtypes
def test_correlate(dtype: str, mode: str, rng: np.random.Generator) -> None:
    for sides in ((1, 1), (3, 3), (5, 2), (4, 7), (1, 40), (23, 1)):
        kernel = rng.uniform(-0.3, 0.6, sides)
        kernel[rng.random(sides) < 0.3] = 0
        for shape in SHAPES:
            images = pixels(rng, shape, dtype)
            got = fastaug.correlate(images, kernel, mode=mode, cval=100)
            size = np.abs(kernel).sum() * max(images.max(), 100)
            agree(got, correlation(images, kernel, mode, 100), size)


@given(
    shape=st.tuples(st.integers(1, 12), st.integers(1, 150), st.integers(1, 4)),
    sides=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    mode=st.sampled_from(MODES),
    seed=st.integers(0, 9),
)
def test_correlate_anything(
    shape: tuple[int, int, int], sides: tuple[int, int], mode: str, seed: int
) -> None:
    """Whole numbers are added exactly, and halves become even."""
    rng = np.random.default_rng(seed)
    kernel = rng.integers(-3, 4, sides) / 2
    images = pixels(rng, (1, *shape), "uint8")
    got = fastaug.correlate(images, kernel, mode=mode, cval=7)
    exact = np.rint(correlation(images, kernel, mode, 7)).clip(0, 255)
    same_bits(got, exact.astype(np.uint8))


def test_opencv_has_the_same_correlation(rng: np.random.Generator) -> None:
    kernel = rng.uniform(-0.2, 0.4, (5, 3)).astype(np.float32)
    for dtype in ("uint8", "float32"):
        image = pixels(rng, (60, 70, 3), dtype)
        got = fastaug.correlate(image, kernel, mode="mirror")
        theirs = cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REFLECT_101)
        if dtype == "uint8":
            assert np.abs(got.astype(int) - theirs).max() <= 1
        else:
            np.testing.assert_allclose(got, theirs, rtol=1e-5, atol=1e-3)


@dtypes
def test_kernels_of_each_image(dtype: str, rng: np.random.Generator) -> None:
    images = pixels(rng, (4, 9, 40, 3), dtype)
    kernels = rng.uniform(-1, 1, (4, 3, 5))
    kernels[1] = 0
    kernels[2, :, 1:] = 0
    got = fastaug.correlate(images, kernels)
    for image, kernel, result in zip(images, kernels, got, strict=True):
        same_bits(result, fastaug.correlate(image, kernel))
    assert not got[1].any()


def test_what_weighs_nothing_is_not_looked_at() -> None:
    image = np.ones((5, 40), np.float32)
    image[2, 20] = np.nan
    got = fastaug.correlate(image, [[0, 0, 1]])
    expected = np.zeros(image.shape, bool)
    expected[2, 19] = True
    np.testing.assert_array_equal(np.isnan(got), expected)
    same_bits(fastaug.correlate(image, [[0, 0], [0, 1]]), image)
    assert fastaug.correlate(image, [[0, 0, 1e-60]])[0, 0] == 0  # too small for float32


def motion_kernel(size: int, angle: float, direction: float) -> Array:
    """A row turned by SciPy, with zeros around it, over its sum."""
    row = np.linspace((direction + 1) / 2, (1 - direction) / 2, size)
    square = np.zeros((size, size))
    square[size // 2] = row if size > 1 else 1.0
    y, x = np.mgrid[:size, :size] - size // 2
    a = np.radians(angle)
    at = [x * np.sin(a) + y * np.cos(a), x * np.cos(a) - y * np.sin(a)]
    turned = ndi.map_coordinates(square, np.add(at, size // 2), order=1, mode="grid-constant")
    return turned / turned.sum()


def kernel_of(size: int, angle: float, direction: float) -> Array:
    """Ours, as it acts on a single bright pixel."""
    image = np.zeros((size, size))
    image[size // 2, size // 2] = 1.0
    return fastaug.motion_blur(image, size, angle, direction, mode="constant")[::-1, ::-1]


@pytest.mark.parametrize("direction", [0.0, 1.0, -1.0, 0.3])
@pytest.mark.parametrize("size", [1, 3, 5, 9, 31])
def test_motion_kernels(size: int, direction: float) -> None:
    for angle in (0, 15, 45, 77.3, 90, 180, 200, -30, 720.5):
        got = kernel_of(size, angle, direction)
        np.testing.assert_allclose(got, motion_kernel(size, angle, direction), atol=1e-12)
        assert got.sum() == pytest.approx(1)


@pytest.mark.parametrize("direction", [0.0, -0.6])
def test_torch_turns_the_line_as_kornia_does(direction: float) -> None:
    """Kornia's steps: a sampling grid about the middle, corners aligned, zeros outside."""
    torch = pytest.importorskip("torch")
    for size, angle in ((5, 30.0), (15, 110.0)):
        line = torch.zeros(1, 1, size, size, dtype=torch.float64)
        start = (direction + 1) / 2
        line[0, 0, size // 2] = start + (1 - 2 * start) * torch.arange(size) / (size - 1)
        a = np.radians(angle)
        turn = torch.tensor([[[np.cos(a), -np.sin(a), 0.0], [np.sin(a), np.cos(a), 0.0]]])
        grid = torch.nn.functional.affine_grid(turn, line.shape, align_corners=True)
        turned = torch.nn.functional.grid_sample(line, grid, align_corners=True)[0, 0]
        got = kernel_of(size, angle, direction)
        np.testing.assert_allclose(got, (turned / turned.sum()).numpy(), atol=1e-9)


@modes
@dtypes
def test_motion_blur(dtype: str, mode: str, rng: np.random.Generator) -> None:
    sizes, angles, directions = [1, 3, 21, 7], [0, 30, 100, -45.5], [0, 1, -0.5, 0.2]
    images = pixels(rng, (4, 15, 40, 3), dtype)
    got = fastaug.motion_blur(images, sizes, angles, directions, mode=mode, cval=9)
    for i, parameters in enumerate(zip(sizes, angles, directions, strict=True)):
        kernel = motion_kernel(*parameters)
        agree(got[i : i + 1], correlation(images[i : i + 1], kernel, mode, 9), images.max())
        same_bits(got[i], fastaug.motion_blur(images[i], *parameters, mode=mode, cval=9))
    same_bits(got[0], images[0])


def sharpened(images: Array, factor: float, low: float, high: float) -> Array:
    """By NumPy in double, of (N, H, W, C)."""
    exact = images.astype(np.float64)
    _, height, width, channels = exact.shape
    smooth = exact.copy()
    if height > 2 and width > 2:
        weights = np.array([[1, 1, 1], [1, 5, 1], [1, 1, 1]]) / 13
        smooth[:, 1:-1, 1:-1] = correlation(exact, weights, "reflect")[:, 1:-1, 1:-1]
    result = np.clip(factor * exact + (1 - factor) * smooth, low, high)
    if channels == 4:
        result[..., 3] = exact[..., 3]
    return result


@dtypes
def test_sharpen(dtype: str, rng: np.random.Generator) -> None:
    high = {"uint8": 250, "uint16": 60000}.get(dtype, 1.0)
    low = 3 if dtype.startswith("u") else 0.1
    for shape in (*SHAPES, (1, 2, 9, 3), (1, 9, 2, 3), (1, 3, 3, 4), (2, 20, 60, 3)):
        images = pixels(rng, shape, dtype)
        if dtype.startswith("float"):
            images /= 255
        for factor in (0.0, 0.4, 1.0, 1.7, 5.0):
            got = fastaug.sharpen(images, factor, value_range=(low, high))
            agree(got, sharpened(images, factor, low, high), 5 * float(images.max()))
        if high > 1:
            same_bits(fastaug.sharpen(images, 1.0), images)


def test_pillow_sharpens_alike(rng: np.random.Generator) -> None:
    image_module = pytest.importorskip("PIL.Image")
    enhance = pytest.importorskip("PIL.ImageEnhance")
    noise = pixels(rng, (40, 50, 3), "uint8")
    smooth = cv2.GaussianBlur(noise, (9, 9), 3)
    for image in (noise, smooth):
        for factor in (0.0, 0.5, 1.0, 1.5, 2.0):
            got = fastaug.sharpen(image, factor).astype(int)
            pillow = enhance.Sharpness(image_module.fromarray(image)).enhance(factor)
            assert np.abs(got - np.asarray(pillow)).max() <= 1


def test_torch_sharpens_as_torchvision_does(rng: np.random.Generator) -> None:
    """Its steps: the mean rounded for integers, put inside the edges, blended, clamped and cut off."""
    torch = pytest.importorskip("torch")
    kernel = torch.ones(3, 3)
    kernel[1, 1] = 5
    weights = (kernel / kernel.sum()).expand(3, 1, 3, 3)
    for dtype in ("uint8", "float32"):
        image = (pixels(rng, (3, 40, 50), dtype) / (1 if dtype == "uint8" else 255)).astype(dtype)
        given = torch.from_numpy(image).float()
        smooth = torch.nn.functional.conv2d(given[None], weights, groups=3)[0]
        blurred = given.clone()
        blurred[:, 1:-1, 1:-1] = smooth.round() if dtype == "uint8" else smooth
        for factor in (0.0, 0.5, 1.0, 1.5, 2.0):
            got = fastaug.sharpen(image, factor, data_format="channels_first")
            blend = factor * given + (1 - factor) * blurred
            theirs = blend.clamp(0, 255 if dtype == "uint8" else 1).numpy().astype(dtype)
            apart = np.abs(got.astype(np.float64) - theirs).max()
            assert apart <= (1 if dtype == "uint8" else 1e-5)


def test_factors_of_each_image(rng: np.random.Generator) -> None:
    images = pixels(rng, (3, 9, 40, 3), "uint8")
    factors = [0.0, 1.0, 2.5]
    got = fastaug.sharpen(images, factors)
    for image, factor, result in zip(images, factors, got, strict=True):
        same_bits(result, fastaug.sharpen(image, factor))


def medians(images: Array, size: int, mode: str, cval: float = 0.0) -> Array:
    """SciPy's."""
    window = (1, size, size, 1)
    sides = (size, size)
    return filtered(images, sides, mode, cval, lambda padded: ndi.median_filter(padded, window))


@modes
@dtypes
@pytest.mark.parametrize("size", [1, 3, 5, 7, 9, 13, 17, 31])
def test_median(size: int, dtype: str, mode: str, rng: np.random.Generator) -> None:
    for shape in SHAPES:
        if size > 15 and shape[2] > 100:
            continue
        images = pixels(rng, shape, dtype)
        got = fastaug.median_blur(images, size, mode=mode, cval=100)
        same_bits(got, medians(images, size, mode, 100))


@pytest.mark.parametrize("size", [3, 5, 7, 9, 13, 31, 63])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_opencv_has_the_same_medians(size: int, channels: int, rng: np.random.Generator) -> None:
    noise = pixels(rng, (90, 200, channels), "uint8")
    smooth = cv2.GaussianBlur(noise, (31, 31), 5).reshape(noise.shape) // 3 * 8 + noise // 16
    flat = np.where(noise > 128, 255, 0).astype(np.uint8)
    for image in (noise, smooth, flat):
        got = fastaug.median_blur(image, size, mode="nearest")
        same_bits(got, cv2.medianBlur(image, size).reshape(image.shape))
    for dtype in ("uint16", "float32"):
        if size <= 5:
            image = pixels(rng, (90, 200, channels), dtype)
            theirs = cv2.medianBlur(image, size).reshape(image.shape)
            same_bits(fastaug.median_blur(image, size, mode="nearest"), theirs)


@given(
    shape=st.tuples(st.integers(1, 12), st.integers(1, 90), st.integers(1, 4)),
    radius=st.integers(0, 6),
    levels=st.sampled_from([2, 5, 256]),
    mode=st.sampled_from(MODES),
    dtype=st.sampled_from(MORPHOLOGY_DTYPES),
    seed=st.integers(0, 9),
)
def test_median_of_anything(
    shape: tuple[int, int, int], radius: int, levels: int, mode: str, dtype: str, seed: int
) -> None:
    images = np.random.default_rng(seed).integers(0, levels, (1, *shape)).astype(dtype)
    got = fastaug.median_blur(images, 2 * radius + 1, mode=mode, cval=1)
    same_bits(got, medians(images, 2 * radius + 1, mode, 1))


@pytest.mark.parametrize("size", [3, 5, 7])
def test_every_pattern_is_sorted(size: int, rng: np.random.Generator) -> None:
    """A network that sorts all zeros and ones right sorts anything right: here with every number of
    ones in each column, which come in any order, as the columns do."""
    ones = np.array(list(combinations_with_replacement(range(size + 1), size)))
    ones = rng.permuted(np.tile(ones, (max(1, 4000 // len(ones)), 1)), axis=1)
    columns = np.arange(size)[:, np.newaxis] < ones[:, np.newaxis]
    windows = rng.permuted(columns, axis=1)
    images = np.moveaxis(windows, 0, 2)[np.newaxis].astype(np.uint8)
    for dtype in ("uint8", "float32"):
        middle = fastaug.median_blur(images.astype(dtype), size)[0, size // 2, size // 2]
        np.testing.assert_array_equal(middle, windows.sum(axis=(1, 2)) > size * size // 2)


@dtypes
def test_medians_of_each_image(dtype: str, rng: np.random.Generator) -> None:
    images = pixels(rng, (6, 10, 40, 3), dtype)
    sizes = [1, 3, 5, 7, 255, 21]
    got = fastaug.median_blur(images, sizes)
    for image, size, result in zip(images, sizes, got, strict=True):
        same_bits(result, fastaug.median_blur(image, size))
    same_bits(got[0], images[0])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [1, 3, 5, 7, 9])
def test_nan_reaches_its_window_and_infinities_do_not(size: int, dtype: str) -> None:
    image = np.ones((15, 80), dtype)
    image[7, 40] = np.nan
    image[7, 60], image[7, 20] = np.inf, -np.inf
    got = fastaug.median_blur(image, size)
    radius = size // 2
    expected = image.copy() if size == 1 else np.ones_like(image)
    expected[7 - radius : 8 + radius, 40 - radius : 41 + radius] = np.nan
    same_bits(got, expected)
    same_bits(fastaug.median_blur(np.array([[-0.0, -0.0, 0.0]], dtype), 3)[:, 1:2],
              np.array([[-0.0]], dtype))  # fmt: skip


def test_a_kernel_that_changed_is_another_one(rng: np.random.Generator) -> None:
    images, kernel = pixels(rng, (2, 9, 11, 3), "float32"), np.zeros((3, 3))
    for place in np.ndindex(3, 3):
        kernel[...] = 0
        kernel[place] = 2
        got = fastaug.correlate(images, kernel)
        same_bits(got, ndi.correlate(images, kernel.reshape(1, 3, 3, 1)))
        same_bits(got[:1], fastaug.correlate(images[:1], kernel))
        same_bits(got, fastaug.correlate(images.astype("float64"), kernel).astype("float32"))
    for angle in (0.0, 90.0, 0.0):
        got = fastaug.motion_blur(images, 3, angle)
        same_bits(got, fastaug.motion_blur(images, [3, 3], [angle, angle]))
        assert np.array_equal(got, fastaug.motion_blur(images, 3)) == (angle == 0.0)
