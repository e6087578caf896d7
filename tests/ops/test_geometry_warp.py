"""warp_affine by name: against SciPy, OpenCV, Pillow, Keys' kernel and exact coordinates."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from cases import pixels
from extension import BUILT
from PIL import Image
from references import FILL_MODES, same_bits, scipy_affine, source_coordinates
from sampling import by_the_book, taps

import fastaug

if BUILT:
    from fastaug import _native

Array = npt.NDArray[Any]
LEVELS = _native.available_levels() if BUILT else [None]

modes = pytest.mark.parametrize("mode", FILL_MODES)
interpolations = pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
straight = pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
dtypes = pytest.mark.parametrize("dtype", ["uint8", "float32"])
CHANNELS = (1, 2, 3, 4, 5)
NEAR = 2.0**-16  # pixels: how close to a jump the answer may be that of the other side

# Half for the rounding and 0.03 for weights of 14 bits; what float32 loses on a scale of 255.
TOLERANCE = {"uint8": 0.54, "float32": 0.001}
CUBIC = {"uint8": 0.7, "float32": 0.001}  # nine roundings to 14 bits and four to 6 before it


def smooth(matrix: Array, images: Array, size: Any, interpolation: str, mode: str) -> Array:
    """Which output pixels are further than NEAR from where the result jumps."""
    keep = np.ones((len(images), *size), bool)
    height, width = images.shape[1:3]
    for i, m in enumerate(matrix):
        for v, n in zip(source_coordinates(m, size), (width, height), strict=True):
            if interpolation == "nearest":
                keep[i] &= np.abs(2 * v - np.rint(2 * v)) > 2 * NEAR
            elif mode == "constant":
                keep[i] &= (np.abs(v) > NEAR) & (np.abs(v - (n - 1)) > NEAR)
            elif mode == "wrap" and n > 1:
                keep[i] &= np.abs(v - (n - 1) * np.rint(v / (n - 1))) > NEAR
    return keep


@dtypes
@interpolations
@modes
def test_any_matrix(
    mode: str, interpolation: str, dtype: str, rng: np.random.Generator, trials: int
) -> None:
    compared = total = 0
    for trial in range(trials):
        images = pixels(rng, (2, *rng.integers(1, 40, 2), rng.choice(CHANNELS)), dtype)
        matrix = rng.normal(size=(2, 2, 3)) * [1, 1, 20] * (1000 if trial % 4 == 3 else 1)
        size = tuple(rng.integers(1, 40, 2).tolist())
        fill = rng.integers(0, 256, (2, 1))
        got = fastaug.warp_affine(
            images,
            matrix,
            output_size=size,
            interpolation=interpolation,
            fill_mode=mode,
            fill_value=fill,
        )
        assert got.dtype == images.dtype
        if interpolation == "bicubic":
            exact = keys(images.astype(np.float64), matrix, size, mode, fill)
            exact = np.clip(exact, 0, 255) if dtype == "uint8" else exact
            tolerance = CUBIC[dtype]
        else:
            order = int(interpolation == "bilinear")
            exact = scipy_affine(
                images.astype(np.float64), matrix, order=order, mode=mode, fill=fill, size=size
            )
            tolerance = TOLERANCE[dtype] if order else 0
        keep = smooth(matrix, images, size, interpolation, mode)
        np.testing.assert_allclose(got[keep], exact[keep], rtol=0, atol=tolerance)
        compared += keep.sum()
        total += keep.size
    assert compared > 0.95 * total


@dtypes
@straight
@modes
def test_eighths_of_a_pixel(
    mode: str, interpolation: str, dtype: str, rng: np.random.Generator, trials: int
) -> None:
    """Such coordinates are exact, so SciPy's answer holds on every border and halfway as well.

    But for "nearest" where a reflection turns what is halfway up into halfway down.
    """
    for _ in range(trials):
        h, w = rng.integers(1, 12, 2)
        images = pixels(rng, (1, h, w, rng.choice(CHANNELS)), dtype)
        matrix = rng.integers(-16, 17, (2, 3)) / 8
        order = int(interpolation == "bilinear")
        exact = scipy_affine(images.astype(np.float64), matrix, order=order, mode=mode, fill=77)
        got = fastaug.warp_affine(
            images, matrix, interpolation=interpolation, fill_mode=mode, fill_value=77
        )
        keep = np.ones(got.shape[:3], bool)
        if mode in ("reflect", "mirror") and order == 0:
            for v, n in zip(source_coordinates(matrix, got.shape[1:3]), (w, h), strict=True):
                keep &= (v % 1 != 0.5) | ((v >= 0) & (v <= n - 1))
        if dtype == "uint8":  # with such weights the blend is exact: 6 bits of 14
            np.testing.assert_array_equal(got[keep], np.rint(exact[keep]))
        else:
            tolerance = TOLERANCE[dtype] * order
            np.testing.assert_allclose(got[keep], exact[keep], rtol=0, atol=tolerance)


@dtypes
@interpolations
@modes
def test_identity_and_whole_shifts_copy(
    mode: str, interpolation: str, dtype: str, rng: np.random.Generator
) -> None:
    images = pixels(rng, (2, 9, 14, 3), dtype)
    for x, y in ((0, 0), (3, 0), (0, -2), (-20, 5), (40, 40)):
        matrix = [[1, 0, x], [0, 1, y]]
        expected = scipy_affine(images, matrix, order=0, mode=mode, fill=9)
        got = fastaug.warp_affine(
            images, matrix, interpolation=interpolation, fill_mode=mode, fill_value=9
        )
        same_bits(got, expected)


@dtypes
@interpolations
@modes
@pytest.mark.parametrize("size", [(5, 5), (6, 6)])
def test_quarter_turns_are_exact(
    size: tuple[int, int], mode: str, interpolation: str, dtype: str, rng: np.random.Generator
) -> None:
    images = pixels(rng, (2, *size, 3), dtype)
    for k in (-3, -1, 0, 1, 2, 3, 4, 10**9 + 1):
        matrix = fastaug.affine_matrix(rotation=90 * k, size=size)
        got = fastaug.warp_affine(images, matrix, interpolation=interpolation, fill_mode=mode)
        same_bits(got, np.rot90(images, k, axes=(1, 2)))


@straight
@pytest.mark.parametrize("axis", ["x", "y"])
def test_coordinates_are_right_to_a_65536th_of_a_pixel(axis: str, interpolation: str) -> None:
    """Up to 8192 pixels, on an image that is 0 1 0 1 ...: its blend is how far a pixel is off.

    Each axis may take half of the tolerance, as a coordinate is the sum of two such products.
    """
    n = 8192
    stripes = (np.arange(n) % 2).astype(np.float32)
    rng = np.random.default_rng(3)
    for by in (1 - 1e-7, 0.1 + 1e-9, 1 / 3, *rng.uniform(-1, 1, 8)):
        start = rng.uniform(0, 1) + (0 if by > 0 else -by * (n - 1))
        if axis == "x":
            image, matrix, size = stripes[np.newaxis], [[by, 0, start], [0, 0, 0]], (1, n)
        else:
            image, matrix, size = stripes[:, np.newaxis], [[0, 0, 0], [0, by, start]], (n, 1)
        got = fastaug.warp_affine(
            image, matrix, output_size=size, interpolation=interpolation, fill_mode="mirror"
        )
        at = np.longdouble(start) + np.arange(n).astype(np.longdouble) * np.longdouble(by)
        distance = np.abs(at - 2 * np.rint(at / 2))  # to the nearest 0 of the stripes
        if interpolation == "bilinear":
            assert np.abs(got.ravel() - distance).max() < NEAR / 2
        else:
            clear = np.abs(distance - 0.5) > NEAR / 2
            np.testing.assert_array_equal(got.ravel()[clear], distance[clear] > 0.5)


@pytest.mark.slow
@straight
def test_coordinates_of_a_rotation_of_8192_pixels(interpolation: str) -> None:
    n = 8192
    image = np.broadcast_to((np.arange(n) % 2).astype(np.float32), (n, n))  # a row, again and again
    matrix = fastaug.affine_matrix(rotation=33.3, size=(n, n))
    got = fastaug.warp_affine(image, matrix, interpolation=interpolation)
    for y in range(0, n, 401):
        m = matrix.astype(np.longdouble)
        x = np.arange(n).astype(np.longdouble)
        at, down = (row[0] * x + row[1] * y + row[2] for row in m)
        inside = (at > 1) & (at < n - 2) & (down > 1) & (down < n - 2)
        distance = np.abs(at - 2 * np.rint(at / 2))
        if interpolation == "bilinear":
            assert np.abs(got[y] - distance)[inside].max() < NEAR
        else:
            inside &= np.abs(distance - 0.5) > NEAR
            np.testing.assert_array_equal(got[y][inside], distance[inside] > 0.5)


@dtypes
@straight
def test_opencv_agrees_inside(dtype: str, interpolation: str, rng: np.random.Generator) -> None:
    flag = {"nearest": cv2.INTER_NEAREST, "bilinear": cv2.INTER_LINEAR}[interpolation]
    image = cv2.GaussianBlur(pixels(rng, (90, 120, 3), "float32"), (0, 0), 4).astype(dtype)
    for angle in (-100.0, -20.0, 5.0, 77.0):
        matrix = fastaug.affine_matrix(
            rotation=angle, translation=(3, -4), scale=1.7, size=(90, 120)
        )
        got = fastaug.warp_affine(image, matrix, interpolation=interpolation)
        theirs = cv2.warpAffine(image, matrix, (120, 90), flags=flag | cv2.WARP_INVERSE_MAP)
        x, y = source_coordinates(matrix, (90, 120))
        inside = (x > 1) & (x < 118) & (y > 1) & (y < 88)
        assert inside.mean() > 0.6
        if interpolation == "nearest":  # theirs rounds coordinates to a 32nd of a pixel
            for v in (x, y):
                inside &= np.abs(v - np.floor(v) - 0.5) > 1 / 16
        difference = np.abs(got.astype(np.float64) - theirs)[inside]
        assert difference.max() <= {"uint8": 1, "float32": 0.1}[dtype]


@dtypes
@interpolations
@modes
def test_enormous_matrices(
    mode: str, interpolation: str, dtype: str, rng: np.random.Generator
) -> None:
    images = rng.integers(10, 99, (1, 7, 9, 3)).astype(dtype)
    for exponent in (6, 8, 9, 12, 19, 100, 307):
        matrix = rng.normal(size=(2, 3)) * 10.0**exponent
        got = fastaug.warp_affine(
            images, matrix, interpolation=interpolation, fill_mode=mode, fill_value=200
        )
        if mode == "constant" and exponent > 6:
            outside = np.ones((1, 7, 9), bool)
            outside[0, 0, 0] = False  # the origin stays where it is
            x, y = source_coordinates(matrix, (7, 9))
            outside[0] &= ~((x >= -1) & (x <= 9) & (y >= -1) & (y <= 7))
            assert (got[outside] == 200).all()
        if interpolation == "bicubic":  # which overshoots
            continue
        assert got.min() >= images.min()
        assert got.max() <= (200 if "constant" in mode else images.max())


@interpolations
def test_far_outside_is_the_edge(interpolation: str) -> None:
    image = np.arange(12, dtype=np.uint8).reshape(3, 4)
    for far, expected in ((1e300, 11), (-1e300, 0), (2.0**40, 11), (-(2.0**40), 0)):
        got = fastaug.warp_affine(
            image, [[0, 0, far], [0, 0, far]], interpolation=interpolation, fill_mode="nearest"
        )
        assert (got == expected).all()


@dtypes
@interpolations
def test_a_singular_matrix_repeats_a_pixel(dtype: str, interpolation: str) -> None:
    image = np.arange(12).reshape(3, 4).astype(dtype)
    got = fastaug.warp_affine(image, [[0, 0, 2], [0, 0, 1]], interpolation=interpolation)
    same_bits(got, np.full_like(image, image[1, 2]))


@interpolations
def test_output_size(interpolation: str, rng: np.random.Generator) -> None:
    images = pixels(rng, (2, 8, 9, 3), "uint8")
    large = fastaug.warp_affine(images, np.eye(3)[:2], output_size=(11, 20), fill_value=5)
    assert large.shape == (2, 11, 20, 3)
    np.testing.assert_array_equal(large[:, :8, :9], images)
    assert (large[:, 8:] == 5).all()
    assert (large[:, :, 9:] == 5).all()
    small = fastaug.warp_affine(images, np.eye(3)[:2], output_size=np.array([3, 1]))
    np.testing.assert_array_equal(small, images[:, :3, :1])
    assert fastaug.warp_affine(images, np.eye(3)[:2], output_size=(0, 4)).shape == (2, 0, 4, 3)
    first = fastaug.warp_affine(
        np.moveaxis(images, -1, 1), np.eye(3)[:2], output_size=(4, 6), data_format="channels_first"
    )
    assert first.shape == (2, 3, 4, 6)
    assert fastaug.warp_affine(images[0, :, :, 0], np.eye(3)[:2], output_size=(4, 6)).shape == (
        4,
        6,
    )


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic", 0, 1])
@pytest.mark.parametrize("mode", ["constant", "grid-constant"])
def test_fill_for_each_image_and_channel(mode: str, interpolation: Any) -> None:
    images = np.ones((2, 3, 4, 3), np.float32)
    away = [[1, 0, 100], [0, 1, 100]]

    def filled(value: Any) -> Array:
        got = fastaug.warp_affine(
            images, away, interpolation=interpolation, fill_mode=mode, fill_value=value
        )
        np.testing.assert_array_equal(got, np.broadcast_to(got[:, :1, :1], got.shape))
        return got[:, 0, 0]

    np.testing.assert_array_equal(filled(7), [[7] * 3] * 2)
    np.testing.assert_array_equal(filled([7, 8]), [[7] * 3, [8] * 3])
    np.testing.assert_array_equal(filled([[1, 2, 3]]), [[1, 2, 3]] * 2)
    np.testing.assert_array_equal(filled([[1, 2, 3], [4, 5, 6]]), [[1, 2, 3], [4, 5, 6]])
    np.testing.assert_array_equal(filled([[1], [4]]), [[1] * 3, [4] * 3])
    np.testing.assert_array_equal(filled([np.nan, 1e30]), np.float32([[np.nan] * 3, [1e30] * 3]))


@interpolations
def test_fill_of_bytes_rounds_half_to_even_and_saturates(interpolation: str) -> None:
    image, away = np.ones((2, 2), np.uint8), [[1, 0, 100], [0, 1, 100]]
    for value, expected in ((2.5, 2), (3.5, 4), (-7, 0), (1e9, 255), (np.nan, 0), (np.inf, 255)):
        got = fastaug.warp_affine(image, away, interpolation=interpolation, fill_value=value)
        assert (got == expected).all()


@interpolations
def test_a_matrix_for_each_image(interpolation: str, rng: np.random.Generator) -> None:
    images = pixels(rng, (5, 9, 8, 3), "float32")
    matrices = rng.normal(size=(5, 2, 3))
    whole = fastaug.warp_affine(images, matrices, interpolation=interpolation)
    for i in range(5):
        one = fastaug.warp_affine(images[i], matrices[i], interpolation=interpolation)
        same_bits(whole[i], one)


@pytest.mark.parametrize("channels", [1, 3])
def test_pillow_enlarges_alike(channels: int, rng: np.random.Generator) -> None:
    """Its resize has a = -1/2, too, and cuts to whole grey levels of 0 to 255 between its two passes."""
    image = (pixels(rng, (60, 80, channels), "uint8") // 2 + 64).squeeze()  # never beyond these
    for height, width in ((60, 190), (133, 80), (101, 177)):
        across, down = 80 / width, 60 / height
        matrix = [[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2]]
        got = fastaug.warp_affine(
            image, matrix, output_size=(height, width), interpolation="bicubic", fill_mode="nearest"
        )
        theirs = Image.fromarray(image).resize((width, height), Image.Resampling.BICUBIC)
        x, y = source_coordinates(matrix, (height, width))
        inside = (x > 1) & (x < 78) & (y > 1) & (y < 58)
        apart = np.abs(got.astype(int) - np.asarray(theirs))[inside]
        assert apart.max() <= (1 if height == 60 or width == 80 else 2)
        assert (apart > 1).mean() < 0.001


def test_bytes_round_half_to_even() -> None:
    row = np.array([[0, 1, 2, 3, 4]], np.uint8)
    got = fastaug.warp_affine(row, [[1, 0, 0.5], [0, 1, 0]], fill_mode="nearest")
    np.testing.assert_array_equal(got, [[0, 2, 2, 4, 4]])


@interpolations
def test_constant_bytes_stay_constant(
    interpolation: str, rng: np.random.Generator, trials: int
) -> None:
    """The weights of a blend sum to one exactly."""
    for value in (0, 1, 127, 254, 255):
        image = np.full((9, 9), value, np.uint8)
        for _ in range(trials // 4):
            got = fastaug.warp_affine(
                image, rng.normal(size=(2, 3)), interpolation=interpolation, fill_mode="reflect"
            )
            np.testing.assert_array_equal(got, image)


def test_nan_spreads_as_in_scipy(rng: np.random.Generator, trials: int) -> None:
    """To every pixel with a tap on it, of no weight as well."""
    for _ in range(trials):
        images = rng.choice([1.0, 2.0, 2.0, np.nan], (1, 9, 9, 3)).astype(np.float32)
        matrix = np.eye(2, 3) + rng.integers(-4, 5, (2, 3)) / 8
        got = fastaug.warp_affine(images, matrix, fill_mode="grid-wrap")
        expected = scipy_affine(images, matrix, order=1, mode="grid-wrap")
        np.testing.assert_array_equal(np.isnan(got), np.isnan(expected))


def keys(images: Array, matrix: Array, size: tuple[int, int], mode: str, fill: Array) -> Array:
    """Keys' kernel with a = -1/2 in double, tap by tap."""
    n, h, w, c = images.shape
    out = np.empty((n, *size, c))
    for image in range(n):
        outside = np.zeros(size, bool)
        axes = []
        for v, length in zip(source_coordinates(matrix[image], size), (w, h), strict=True):
            last = length - 1
            if mode == "constant":
                outside |= (v < 0) | (v > last)
                v = np.clip(v, 0, last)
            elif mode == "wrap":
                v = v % last if last else np.zeros_like(v)
            first = np.floor(v)
            axes.append((first.astype(np.int64), (v - first).astype(np.float64), length))
        (j, t, _), (i, u, _) = axes
        total = np.zeros((*size, c))
        for a in range(-1, 3):
            for b in range(-1, 3):
                row, column = (taps(k, m, mode, cubic=True) for k, m in ((i + a, h), (j + b, w)))
                pixel = images[image, np.maximum(row, 0), np.maximum(column, 0)]
                pixel = np.where(((row < 0) | (column < 0))[..., np.newaxis], fill[image], pixel)
                total += (kernel(a - u) * kernel(b - t))[..., np.newaxis] * pixel
        out[image] = np.where(outside[..., np.newaxis], fill[image], total)
    return out


def kernel(distance: Array) -> Array:
    d = np.abs(distance)
    near, far = 1.5 * d**3 - 2.5 * d**2 + 1, -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2
    return np.where(d <= 1, near, np.where(d < 2, far, 0))


@dtypes
@interpolations
@modes
def test_every_branch_to_the_bit(
    mode: str, interpolation: str, dtype: str, rng: np.random.Generator
) -> None:
    """Sizes around those of vectors and blocks, every kind of channels, far and near outside."""
    for width, size in (
        (1, (3, 9)),
        (2, (4, 17)),
        (3, (5, 16)),
        (7, (9, 33)),
        (64, (12, 63)),
        (131, (5, 131)),
        (300, (4, 257)),
        (50, (13, 260)),
    ):
        matrix = rng.normal(size=(8, 2, 3)) * [[0.6, 0.3, 5], [0.3, 0.6, 5]]
        matrix[:4] += [[1, 0, 0], [0, 0.1, 4]]
        matrix[0] = [[1, 0, 0], [0, 1, 0]]
        matrix[1] = [[-1, 0, width - 1], [0, 1, 0.5]]
        matrix[7] *= 30
        for channels in range(1, 10):
            images = pixels(rng, (8, 11, width, channels), dtype)
            options = {"interpolation": interpolation, "fill_mode": mode, "fill_value": 41.0}
            upright = by_the_book(images, matrix, size, interpolation, mode, 41.0)
            turned = by_the_book(images[:, ::-1], matrix, size, interpolation, mode, 41.0)
            for level in LEVELS:
                if level:
                    _native.use_level(level)
                same_bits(fastaug.warp_affine(images, matrix, output_size=size, **options), upright)
                # Rows that end where others go on, or lie backwards; what lies between stays.
                around = np.full((8, size[0], size[1] + 2, channels), 99, dtype)
                fastaug.warp_affine(
                    images[:, ::-1], matrix, output_size=size, out=around[:, :, 1:-1], **options
                )
                same_bits(around[:, :, 1:-1], turned)
                assert (around[:, :, [0, -1]] == 99).all()


@interpolations
def test_every_weight_of_bytes(interpolation: str, rng: np.random.Generator) -> None:
    """All fractions of 14 bits along an axis, across it those whose products are halfway, too."""
    images = pixels(rng, (1, 5, 6, 3), "uint8")
    parts = 2.0**-14
    across = [1 + k * parts for k in (0, 1, 2, 3, 8191, 8192, 8193, 12288, 16383)]
    size = (1, 16400)
    for swapped in (False, True):
        for start in across:
            along = np.array([parts, 0, 1 - 8 * parts]), np.array([0, 0, start])
            matrix = np.array([along[::-1] if swapped else along])
            expected = by_the_book(images, matrix, size, interpolation, "nearest", 0)
            for level in LEVELS:
                if level:
                    _native.use_level(level)
                options = {"interpolation": interpolation, "fill_mode": "nearest"}
                got = fastaug.warp_affine(images, matrix, output_size=size, **options)
                same_bits(got, expected)


@interpolations
def test_rows_too_far_apart_for_32_bits(interpolation: str) -> None:
    apart = 2**31
    memory = np.zeros(2 * apart + 64, np.uint8)  # never touched but for two rows
    image = np.lib.stride_tricks.as_strided(memory, (3, 8, 3), (apart, 3, 1))
    rows = np.arange(72, dtype=np.uint8).reshape(3, 8, 3)
    image[:] = rows
    matrix = [[0.9, 0.1, 0.2], [0.1, 0.8, 0.1]]
    for mode in FILL_MODES:
        options = {"interpolation": interpolation, "fill_mode": mode}
        same_bits(
            fastaug.warp_affine(image, matrix, **options),
            fastaug.warp_affine(rows, matrix, **options),
        )


@dtypes
@interpolations
@modes
def test_whole_pixels_are_copied(
    mode: str, interpolation: str, dtype: str, rng: np.random.Generator
) -> None:
    """Shifts, flips, quarter turns, whole steps, and one that is none of them."""
    images = pixels(rng, (7, 12, 15, 3), dtype)
    if dtype == "float32":
        images[rng.random(images.shape) < 0.1] = np.inf
        images[rng.random(images.shape) < 0.1] = -0.0
    matrix = np.array(
        [
            [[1, 0, 0], [0, 1, 0]],
            [[1, 0, 3], [0, 1, -2]],
            [[1, 0, -40], [0, 1, 1]],
            [[-1, 0, 14], [0, 1, 0]],
            [[0, -1, 11], [1, 0, 0]],
            [[1, 0, 0.5], [0, 1, 0]],
            [[2, 0, 0], [0, 3, -1]],
        ]
    )
    with np.errstate(invalid="ignore"):
        expected = by_the_book(images, matrix, (13, 17), interpolation, mode, 7.0)
    for level in LEVELS:
        if level:
            _native.use_level(level)
        got = fastaug.warp_affine(
            images,
            matrix,
            output_size=(13, 17),
            interpolation=interpolation,
            fill_mode=mode,
            fill_value=7.0,
        )
        same_bits(got, expected)
