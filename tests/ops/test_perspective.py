"""warp_perspective, remap and elastic: against SciPy, scikit-image, OpenCV, PyTorch, and to the bit."""

from __future__ import annotations

import itertools
import sys
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import scipy.ndimage as ndi
import skimage.transform
from cases import pixels
from extension import BUILT
from guarded import Page
from references import FILL_MODES, same_bits
from sampling import coordinates_by_the_book, sampled

import fastaug
from fastaug.ops.perspective import warp_field

if BUILT:
    from fastaug import _native

Array = npt.NDArray[Any]
LEVELS = _native.available_levels() if BUILT else [None]

modes = pytest.mark.parametrize("mode", FILL_MODES)
interpolations = pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
straight = pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
dtypes = pytest.mark.parametrize("dtype", ["uint8", "float32"])
NEAR = 2.0**-16  # pixels: how close to a jump the answer may be that of the other side
# Half for the rounding and 0.03 for weights of 14 bits; what float32 loses on a scale of 255.
TOLERANCE = {"uint8": 0.54, "float32": 0.001}


def project(matrix: Array, size: tuple[int, int]) -> tuple[Array, Array]:
    """Input x and y of every output pixel, in long double."""
    m = np.asarray(matrix, np.longdouble)
    y, x = np.indices(size).astype(np.longdouble)
    u, v, w = (row[0] * x + row[1] * y + row[2] for row in m)
    with np.errstate(divide="ignore", invalid="ignore"):
        return u / w, v / w


def some_matrices(rng: np.random.Generator, n: int, height: int, width: int) -> Array:
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    reach = 0.3 * np.array([width, height])
    moved = (corners + rng.uniform(-reach, reach, (n, 4, 2)) for _ in range(2))
    return fastaug.perspective_matrix(*moved)


def check_against_scipy(
    got: Array,
    image: Array,
    coordinates: tuple[Array, Array],
    interpolation: str,
    mode: str,
    fill: float,
    near: float = NEAR,
) -> float:
    """Compares one result with `map_coordinates`; gives back the share of pixels it could compare."""
    height, width = image.shape[:2]
    order = int(interpolation == "bilinear")
    keep = np.ones(got.shape[:2], bool)
    for v, n in zip(coordinates, (width, height), strict=True):
        known = np.abs(v) < 2.0**30
        keep, v = keep & known, np.where(known, v, 0.25)
        if order == 0:
            keep &= np.abs(2 * v - np.rint(2 * v)) > 2 * near
        elif mode == "constant":
            keep &= (np.abs(v) > near) & (np.abs(v - (n - 1)) > near)
        elif mode == "wrap" and n > 1:
            keep &= np.abs(v - (n - 1) * np.rint(v / (n - 1))) > near
    x, y = (np.where(keep, v, 0).astype(np.float64) for v in coordinates)
    for c in range(image.shape[2]):
        exact = ndi.map_coordinates(
            image[..., c].astype(np.float64), [y, x], order=order, mode=mode, cval=fill
        )
        tolerance = TOLERANCE[str(image.dtype)] if order else 0
        np.testing.assert_allclose(got[..., c][keep], exact[keep], rtol=0, atol=tolerance)
    return float(keep.mean())


@dtypes
@straight
@modes
def test_any_homography(
    mode: str, interpolation: str, dtype: str, rng: np.random.Generator, trials: int
) -> None:
    shares = []
    for _ in range(trials):
        height, width = rng.integers(1, 40, 2)
        images = pixels(rng, (2, height, width, rng.integers(1, 6)), dtype)
        matrices = some_matrices(rng, 2, height, width)
        size = tuple(rng.integers(1, 40, 2).tolist())
        options = {"interpolation": interpolation, "fill_mode": mode, "fill_value": 77}
        got = fastaug.warp_perspective(images, matrices, output_size=size, **options)
        for result, image, matrix in zip(got, images, matrices, strict=True):
            at = project(matrix, size)
            # Close to the horizon the last bit of a double is many pixels.
            at = tuple(np.where(np.abs(v) < 1000, v, np.inf) for v in at)
            shares.append(check_against_scipy(result, image, at, interpolation, mode, 77.0))
    assert np.mean(shares) > 0.9


@dtypes
@straight
@modes
def test_any_coordinates(
    mode: str, interpolation: str, dtype: str, rng: np.random.Generator, trials: int
) -> None:
    shares = []
    for trial in range(trials):
        height, width = rng.integers(1, 40, 2)
        images = pixels(rng, (2, height, width, rng.integers(1, 6)), dtype)
        size = tuple(rng.integers(1, 40, 2).tolist())
        reach = np.array([width, height]) * (4 if trial % 4 == 3 else 1)
        shared = trial % 2 == 0
        field = rng.uniform(-0.4, 1.4, (2, *size, 2)) * reach
        field = np.float32(field[0] if shared else field)
        options = {"interpolation": interpolation, "fill_mode": mode, "fill_value": 77}
        got = fastaug.remap(images, field, **options)
        assert got.shape == (2, *size, images.shape[3])
        for i in range(2):
            at = np.moveaxis(np.longdouble(field if shared else field[i]), -1, 0)
            shares.append(
                check_against_scipy(got[i], images[i], tuple(at), interpolation, mode, 77.0)
            )
    assert np.mean(shares) > 0.9


@dtypes
@straight
@modes
def test_any_displacement(
    mode: str, interpolation: str, dtype: str, rng: np.random.Generator, trials: int
) -> None:
    for _ in range(trials):
        height, width = rng.integers(1, 40, 2)
        image = pixels(rng, (height, width, 3), dtype)
        field = np.float32(rng.normal(0, 3, (height, width, 2)))
        options = {"interpolation": interpolation, "fill_mode": mode, "fill_value": 77}
        got = fastaug.elastic(image, field, **options)
        y, x = np.indices((height, width)).astype(np.longdouble)
        at = (x + field[..., 0], y + field[..., 1])
        check_against_scipy(got, image, at, interpolation, mode, 77.0)


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
        (4, (5, 16)),
        (7, (9, 33)),
        (64, (12, 63)),
        (131, (5, 131)),
        (300, (4, 257)),
    ):
        matrices = some_matrices(rng, 6, 11, width)
        matrices[0] = np.eye(3)
        matrices[1] = [[-1, 0, width - 1], [0, 1, 0.5], [0, 0, 1]]
        matrices[2] = [[1, 0.3, -2], [0.2, 1, 1], [-0.0625, 0.125, 1]]  # a horizon, through pixels
        matrices[3] = [[2, 0, 0], [0, 1, 0], [0, 0, 0]]  # all of it horizon
        fields = np.float32(rng.normal(0, 2, (6, *size, 2)))
        fields[1] = 0
        fields[4, :, : size[1] // 2] = 3e6  # within 2**30, beyond what the vectors do
        fields[5].flat[::7] = np.nan
        fields[5].flat[3::11] = np.inf
        options = {"interpolation": interpolation, "fill_mode": mode, "fill_value": 41.0}
        for channels in (1, 2, 3, 4, 5, 9):
            images = pixels(rng, (6, 11, width, channels), dtype)

            def expected(
                matrix: Array, field: Any, images: Any = images, size: Any = size
            ) -> Array:
                return np.stack(
                    [
                        sampled(
                            image,
                            *coordinates_by_the_book(m, f, size),
                            interpolation,
                            mode,
                            41.0,
                        )
                        for image, m, f in zip(images, matrix, field, strict=True)
                    ]
                )

            warped = expected(matrices, [None] * 6)
            origin = np.zeros((6, 3, 3))
            origin[:, 2, 2] = 1
            mapped = expected(origin, fields)
            for level in LEVELS:
                if level:
                    _native.use_level(level)
                # Rows that end where others go on; what lies between stays.
                around = np.full((6, size[0], size[1] + 2, channels), 99, dtype)
                inner = around[:, :, 1:-1]
                fastaug.warp_perspective(images, matrices, output_size=size, out=inner, **options)
                same_bits(inner, warped, f"{level} {width} {channels}")
                fastaug.remap(images, fields, out=inner, **options)
                same_bits(inner, mapped, f"{level} {width} {channels}")
                assert (around[:, :, [0, -1]] == 99).all()
                # Rows that follow each other, of which short ones are made as one.
                got = fastaug.warp_perspective(images, matrices, output_size=size, **options)
                same_bits(got, warped, f"{level} {width} {channels}")
                got = fastaug.remap(images, fields, **options)
                same_bits(got, mapped, f"{level} {width} {channels}")


@dtypes
@interpolations
@modes
def test_an_affine_matrix_is_an_affine_warp(
    mode: str, interpolation: str, dtype: str, rng: np.random.Generator
) -> None:
    size = (37, 61)
    images = cv2.GaussianBlur(pixels(rng, (*size, 3), "float32"), (0, 0), 2).astype(dtype)
    images = np.stack([images] * 4)
    affine = fastaug.affine_matrix(
        rotation=[10, -35, 80, 170], scale=0.8, translation=rng.normal(0, 4, (4, 2)), size=size
    )
    square = np.concatenate([affine, np.tile([[[0.0, 0.0, 1.0]]], (4, 1, 1))], axis=1)
    square *= np.array([1.0, 2.0, -3.0, 0.7])[:, np.newaxis, np.newaxis]
    options = {"interpolation": interpolation, "fill_mode": mode, "fill_value": 9}
    expected = fastaug.warp_affine(images, affine, **options).astype(np.float64)
    got = fastaug.warp_perspective(images, square, **options)
    off = np.abs(got - expected)
    if interpolation == "nearest" or mode == "constant":  # where a pixel may be another one
        assert (off > 1).mean() < 0.001
    else:
        assert off.max() <= (1 if dtype == "uint8" else 0.001)


@dtypes
@interpolations
@modes
def test_whole_pixels_are_those_of_the_affine_warp(
    mode: str, interpolation: str, dtype: str, rng: np.random.Generator
) -> None:
    images = pixels(rng, (5, 12, 15, 3), dtype)
    affine = np.array(
        [
            [[1, 0, 0], [0, 1, 0]],
            [[1, 0, 3], [0, 1, -2]],
            [[-1, 0, 14], [0, 1, 0]],
            [[0, -1, 11], [1, 0, 0]],
            [[2, 0, 0], [0, 3, -1]],
        ]
    )
    options = {"interpolation": interpolation, "fill_mode": mode, "fill_value": 9}
    expected = fastaug.warp_affine(images, affine, **options)
    for scale in (1, -3, 1e-9):
        square = np.concatenate([affine, np.tile([[[0, 0, 1]]], (5, 1, 1))], axis=1) * scale
        same_bits(fastaug.warp_perspective(images, square, **options), expected)
    y, x = np.indices((12, 15))
    at = np.stack([a[..., :1, :] @ [x.ravel(), y.ravel(), x.ravel() * 0 + 1] for a in affine])
    down = np.stack([a[..., 1:, :] @ [x.ravel(), y.ravel(), x.ravel() * 0 + 1] for a in affine])
    at = np.concatenate([at, down], 1).transpose(0, 2, 1).reshape(5, 12, 15, 2)
    same_bits(fastaug.remap(images, at, **options), expected)
    same_bits(fastaug.elastic(images, at - np.stack([x, y], -1), **options), expected)


@dtypes
@interpolations
def test_opencv_agrees_inside(dtype: str, interpolation: str, rng: np.random.Generator) -> None:
    height, width = 90, 120
    image = cv2.GaussianBlur(pixels(rng, (height, width, 3), "float32"), (0, 0), 4).astype(dtype)
    flag = {"nearest": cv2.INTER_NEAREST, "bilinear": cv2.INTER_LINEAR, "bicubic": cv2.INTER_CUBIC}
    flags = flag[interpolation]
    for matrix in some_matrices(rng, 4, height, width):
        x, y = project(matrix, (height, width))
        inside = (x > 2) & (x < width - 3) & (y > 2) & (y < height - 3)
        if interpolation == "nearest":  # theirs rounds coordinates to a 32nd of a pixel
            for v in (x, y):
                inside &= np.abs(v - np.floor(v) - 0.5) > 1 / 16
        assert inside.mean() > 0.2
        coordinates = np.float32(np.stack([x, y], -1))
        results = (
            (
                fastaug.warp_perspective(image, matrix, interpolation=interpolation),
                cv2.warpPerspective(
                    image, matrix, (width, height), flags=flags | cv2.WARP_INVERSE_MAP
                ),
            ),
            (
                fastaug.remap(image, coordinates, interpolation=interpolation),
                cv2.remap(image, coordinates, None, flags),
            ),
        )
        for got, theirs in results:
            off = np.abs(got.astype(np.float64) - theirs)[inside]
            assert off.max() <= {"uint8": 1, "float32": 0.1}[dtype] + (interpolation == "bicubic")


def test_scikit_image_agrees(rng: np.random.Generator) -> None:
    image = pixels(rng, (40, 50, 3), "float32")
    for matrix in some_matrices(rng, 4, 40, 50):
        for ours, theirs in (("nearest", "edge"), ("reflect", "symmetric"), ("grid-wrap", "wrap")):
            transform = skimage.transform.ProjectiveTransform(matrix)
            expected = skimage.transform.warp(
                image.astype(np.float64), transform, order=1, mode=theirs, preserve_range=True
            )
            got = fastaug.warp_perspective(image, matrix, fill_mode=ours)
            near = np.all([np.abs(v) < 1000 for v in project(matrix, (40, 50))], axis=0)
            np.testing.assert_allclose(got[near], expected[near], rtol=0, atol=0.01)


def test_torch_agrees(rng: np.random.Generator) -> None:
    """As torchvision's `elastic_transform` calls it: shares of half the size, from corner to corner."""
    torch = pytest.importorskip("torch")
    images = pixels(rng, (2, 30, 44, 3), "float32")
    shares = rng.normal(0, 0.1, (2, 30, 44, 2))
    identity = np.stack(
        np.meshgrid(np.linspace(-43 / 44, 43 / 44, 44), np.linspace(-29 / 30, 29 / 30, 30)), -1
    )
    for fill_mode, padding in (("nearest", "border"), ("grid-constant", "zeros")):
        expected = torch.nn.functional.grid_sample(
            torch.from_numpy(images).permute(0, 3, 1, 2).double(),
            torch.from_numpy(identity + shares),
            padding_mode=padding,
            align_corners=False,
        )
        got = fastaug.elastic(images, shares * [22, 15], fill_mode=fill_mode)
        np.testing.assert_allclose(got, expected.permute(0, 2, 3, 1), rtol=0, atol=0.01)


@interpolations
def test_far_outside_is_the_edge(interpolation: str) -> None:
    image = np.arange(1, 13, dtype=np.uint8).reshape(3, 4)
    far = [[[1e30, 1e30], [-1e30, 1e30], [np.inf, -np.inf], [np.nan, np.nan], [2e9, 1]]]
    options = {"interpolation": interpolation, "fill_mode": "nearest"}
    assert fastaug.remap(image, far, **options).tolist() == [[12, 9, 4, 1, 8]]
    assert (fastaug.remap(image, far, interpolation=interpolation, fill_value=7) == 7).all()


def test_the_horizon_is_fill(rng: np.random.Generator) -> None:
    image = pixels(rng, (9, 9, 3), "uint8") | 1
    horizon = [[1, 0, 0], [0, 1, 0], [0.25, 0, -1]]  # at x = 4
    got = fastaug.warp_perspective(image, horizon)
    assert (got[:, 4] == 0).all()
    assert got.any()


@interpolations
def test_rows_too_far_apart_for_32_bits(interpolation: str, rng: np.random.Generator) -> None:
    apart = 2**31
    memory = np.zeros(2 * apart + 64, np.uint8)  # never touched but for two rows
    image = np.lib.stride_tricks.as_strided(memory, (3, 8, 3), (apart, 3, 1))
    rows = np.arange(72, dtype=np.uint8).reshape(3, 8, 3)
    image[:] = rows
    (matrix,) = some_matrices(rng, 1, 3, 8)
    for mode in FILL_MODES:
        options = {"interpolation": interpolation, "fill_mode": mode}
        same_bits(
            fastaug.warp_perspective(image, matrix, **options),
            fastaug.warp_perspective(rows, matrix, **options),
        )
        field = rng.normal(0, 2, (3, 8, 2))
        same_bits(fastaug.elastic(image, field, **options), fastaug.elastic(rows, field, **options))


@pytest.mark.parametrize("entry", [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 1), (2, 2)])
def test_a_field_on_a_map_that_is_nearly_none(
    entry: tuple[int, int], rng: np.random.Generator
) -> None:
    """Those that move nothing, or all to the origin, are not multiplied by."""
    for size in ((9, 40), (9, 80)):  # of short rows, and of long ones
        image, field = pixels(rng, (*size, 3), "uint8"), np.float32(rng.normal(3, 2, (*size, 2)))
        for matrix in (np.eye(3), np.diag([0.0, 0.0, 1.0])):
            matrix[entry] += 0.5
            at = coordinates_by_the_book(matrix, field, size)
            expected = sampled(image, *at, "bilinear", "reflect", 0.0)
            for level in LEVELS:
                if level:
                    _native.use_level(level)
                got = warp_field(image, matrix, field, fill_mode="reflect")
                same_bits(got, expected)


@dtypes
@pytest.mark.parametrize("width", [28, 90])
def test_nearest_at_the_limits(width: int, dtype: str, rng: np.random.Generator) -> None:
    """Coordinates a bit apart, where a pixel or the image ends."""
    limits = np.float32([0, 2.0**-34, 2.0**-33, 2.0**-32, 0.5, 1.5, 1, 6, 6.5, 7, 2.0**19, 2.0**30])
    limits = np.concatenate([limits, -limits])
    limits = np.concatenate(
        [np.nextafter(limits, np.float32(s)) for s in (-np.inf, np.inf)] + [limits]
    )
    limits = np.append(limits, np.float32([np.nan, np.inf, -np.inf]))
    coordinates = np.stack([rng.choice(limits, (99, width)) for _ in range(2)], -1)
    origin = np.diag([0.0, 0.0, 1.0])
    at = coordinates_by_the_book(origin, coordinates, (99, width))
    for channels in (1, 2, 3, 4):
        image = pixels(rng, (8, 8, channels), dtype)
        expected = sampled(image, *at, "nearest", "constant", 77.0)
        for level in LEVELS:
            if level:
                _native.use_level(level)
            got = fastaug.remap(image, coordinates, interpolation="nearest", fill_value=77.0)
            same_bits(got, expected, f"{level} {channels}")


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
def test_short_rows_among_threads(interpolation: str, rng: np.random.Generator) -> None:
    """Parts of one image, which start at rows of their own."""
    size = (5001, 37)
    image = pixels(rng, (30, 20, 1), "float32")
    field = np.float32(rng.uniform(-3, 33, (*size, 2)))
    matrix = np.array([[0.5, 0, 0], [0, 0.005, 0], [0, 1e-5, 1]])
    threads = fastaug.get_num_threads()
    try:
        fastaug.set_num_threads(3)
        mapped = fastaug.remap(image, field, interpolation=interpolation)
        warped = fastaug.warp_perspective(
            image, matrix, output_size=size, interpolation=interpolation
        )
    finally:
        fastaug.set_num_threads(threads)
    for got, at in (
        (mapped, coordinates_by_the_book(np.diag([0.0, 0.0, 1.0]), field, size)),
        (warped, coordinates_by_the_book(matrix, None, size)),
    ):
        same_bits(got, sampled(image, *at, interpolation, "constant", 0.0))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="protects memory by mprotect")
@pytest.mark.parametrize("side", [-1, 1])
def test_narrow_images_at_the_end_of_memory(side: int, rng: np.random.Generator) -> None:
    """All columns beyond one edge, so that they may be clamped to it; rows of one to four pixels."""
    page = Page()
    for width in (1, 2, 3, 4):
        for channels in (1, 3, 4):
            image = pixels(rng, (40, width, channels), "uint8")
            x = rng.uniform(1, 9, (9, 50)) * side + (width - 1 if side > 0 else 0)
            coordinates = np.stack([x, rng.uniform(-3, 43, x.shape)], -1).astype(np.float32)
            expected = fastaug.remap(
                np.pad(image, ((0, 0), (20, 20), (0, 0)), "edge"),
                coordinates + np.float32([20, 0]),
                fill_mode="nearest",
            )
            for at_end in (False, True):
                there = page.array(image.shape, "uint8", at_end=at_end)
                there[...] = image
                same_bits(fastaug.remap(there, coordinates, fill_mode="nearest"), expected)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="protects memory by mprotect")
@straight
@dtypes
def test_columns_beyond_both_ends_of_the_last_row(
    dtype: str, interpolation: str, rng: np.random.Generator
) -> None:
    """Sixteen of which none is there, beside others that are, or lie beyond one end of a row."""
    page = Page()
    x = np.tile(np.float32([-4, 21]), 32)
    x[16:] = rng.uniform(1, 12, 48)
    x[40] = 14.5
    for y, channels in itertools.product((0, 8), (1, 3, 4)):
        image = pixels(rng, (9, 13, channels), dtype)
        coordinates = np.stack([x, np.full_like(x, y)], -1)[None]
        at = coordinates_by_the_book(np.diag([0.0, 0.0, 1.0]), coordinates, coordinates.shape[:2])
        expected = sampled(image, *at, interpolation, "constant", 5.0)
        for level, at_end in itertools.product(LEVELS, (False, True)):
            if level:
                _native.use_level(level)
            there = page.array(image.shape, dtype, at_end=at_end)
            there[...] = image
            got = fastaug.remap(there, coordinates, interpolation=interpolation, fill_value=5.0)
            same_bits(got, expected)


def test_fields_are_read_as_they_lie(rng: np.random.Generator) -> None:
    images = pixels(rng, (2, 9, 11, 3), "uint8")
    field = np.float32(rng.normal(0, 2, (2, 9, 11, 2)))
    expected = fastaug.elastic(images, field)
    turned = np.asfortranarray(field)
    backwards = field[:, ::-1, ::-1].copy()[:, ::-1, ::-1]
    for same in (field.astype(np.float64), turned, backwards, field.astype(">f4"), field.tolist()):
        same_bits(fastaug.elastic(images, same), expected)
    whole = rng.integers(-3, 4, (9, 11, 2))
    same_bits(
        fastaug.elastic(images, whole),
        fastaug.elastic(images, np.stack([np.float32(whole)] * 2)),
    )
    before = field.copy()
    field.flags.writeable = False
    same_bits(fastaug.elastic(images, field), expected)
    same_bits(field, before)


def test_coordinates_of_a_large_image_are_exact() -> None:
    """float32 tells 2**-11 of a pixel at 8192, and no less comes of it."""
    image = (np.arange(8192) % 2).astype(np.float32)[np.newaxis]
    at = np.float32(8190) + np.arange(9, dtype=np.float32) / 8
    coordinates = np.stack([at, 0 * at], -1)[np.newaxis]
    np.testing.assert_array_equal(fastaug.remap(image, coordinates), (at - 8190)[np.newaxis])


def test_perspective_matrix_moves_the_points(rng: np.random.Generator, trials: int) -> None:
    for size in (10, 224, 8192):
        corners = np.array([(0, 0), (size, 0), (size, size), (0, size)], np.float64)
        start, end = (corners + rng.uniform(-0.3, 0.3, (trials, 4, 2)) * size for _ in range(2))
        matrices = fastaug.perspective_matrix(start, end)
        assert (matrices[:, 2, 2] == 1).all()
        points = np.concatenate([end, np.ones((trials, 4, 1))], axis=2)
        moved = points @ matrices.transpose(0, 2, 1)
        np.testing.assert_allclose(moved[..., :2] / moved[..., 2:], start, rtol=0, atol=1e-8)
        for one, a, b in zip(matrices, start, end, strict=True):
            same_bits(fastaug.perspective_matrix(a, b), one)
    shared = fastaug.perspective_matrix(corners, end)
    same_bits(shared, fastaug.perspective_matrix(np.stack([corners] * trials), end))


def test_perspective_matrix_is_opencvs(rng: np.random.Generator) -> None:
    corners = np.float32([(0, 0), (99, 0), (99, 79), (0, 79)])
    for _ in range(20):
        start, end = (corners + np.float32(rng.uniform(-20, 20, (4, 2))) for _ in range(2))
        expected = cv2.getPerspectiveTransform(end, start)
        got = fastaug.perspective_matrix(start, end)
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4)


def test_perspective_matrix_is_exact_where_it_can_be() -> None:
    corners = np.array([(0, 0), (223, 0), (223, 223), (0, 223)])
    np.testing.assert_array_equal(fastaug.perspective_matrix(corners, corners), np.eye(3))
    moved = fastaug.perspective_matrix(corners, np.add(corners, [5, -7]))
    np.testing.assert_array_equal(moved, [[1, 0, -5], [0, 1, 7], [0, 0, 1]])
    turned = fastaug.perspective_matrix(corners, np.roll(corners, -1, axis=0))
    np.testing.assert_array_equal(turned, [[0, 1, 0], [-1, 0, 223], [0, 0, 1]])
    # Output (0, 0) on the horizon: the last entry cannot be one.
    tilted = np.linalg.inv([[0, 0, 1], [0, 1, 0], [1, 0, 0.0]])
    far = np.array([(1, 1), (2, 1), (2, 2), (1, 3)])
    near = np.column_stack([far, np.ones(4)]) @ tilted.T
    got = fastaug.perspective_matrix(near[:, :2] / near[:, 2:], far)
    np.testing.assert_allclose(got / got[0, 2], tilted / tilted[0, 2], rtol=0, atol=1e-12)
