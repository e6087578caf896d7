"""Spline orders give SciPy's bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from cases import pixels
from hypothesis import given
from hypothesis import strategies as st
from references import FILL_MODES, same_bits, scipy_affine

import fastaug
from fastaug.ops.geometry import warp_spline

Array = npt.NDArray[Any]

modes = pytest.mark.parametrize("mode", FILL_MODES)
orders = pytest.mark.parametrize("order", range(6))
dtypes = pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
CHANNELS = (1, 2, 3, 4, 5)


def check(
    images: Array, matrix: npt.ArrayLike, order: int, mode: str, fill: Any = 7.0, size: Any = None
) -> None:
    expected = scipy_affine(images, matrix, order=order, mode=mode, fill=fill, size=size)
    got = fastaug.warp_affine(
        images, matrix, output_size=size, interpolation=order, fill_mode=mode, fill_value=fill
    )
    same_bits(got, expected)


@dtypes
@orders
@modes
def test_any_matrix(
    mode: str, order: int, dtype: str, rng: np.random.Generator, trials: int
) -> None:
    for _ in range(trials):
        h, w = rng.integers(1, 24, 2)
        images = pixels(rng, (2, h, w, rng.choice(CHANNELS)), dtype)
        matrix = rng.normal(size=(2, 2, 3)) * [1, 1, 9]
        check(images, matrix, order, mode, fill=[[3.25], [250.5]], size=rng.integers(1, 24, 2))


@dtypes
@orders
@modes
def test_coordinates_on_pixels_and_halfway(
    mode: str, order: int, dtype: str, rng: np.random.Generator, trials: int
) -> None:
    """Where rounding and borders are decided."""
    for _ in range(trials):
        h, w = rng.integers(1, 12, 2)
        images = pixels(rng, (1, h, w, rng.choice(CHANNELS)), dtype)
        check(images, rng.integers(-6, 7, (2, 3)) / 2, order, mode)
        check(images, np.eye(2, 3) + rng.integers(-9, 9, (2, 1)) * [0, 0, 0.5], order, mode)


@dtypes
@orders
@modes
def test_singular_matrices(mode: str, order: int, dtype: str, rng: np.random.Generator) -> None:
    images = pixels(rng, (1, 7, 9, 3), dtype)
    for matrix in (
        np.zeros((2, 3)),
        [[0, 0, 3.5], [0, 0, -2]],
        [[1, 2, 0], [2, 4, 0]],
        [[0, 0, 0], [0, 1, 0]],
        [[1e-300, 0, 1], [0, 1e-300, 1]],
    ):
        check(images, matrix, order, mode)


@dtypes
@orders
@modes
def test_enormous_matrices(
    mode: str, order: int, dtype: str, rng: np.random.Generator, trials: int
) -> None:
    """Beyond 2**53 SciPy reads outside its arrays in the other modes."""
    safe = 290 if mode in ("constant", "grid-constant") else 13
    for exponent in rng.uniform(3, safe, trials):
        images = pixels(rng, (1, *rng.integers(1, 12, 2), rng.choice(CHANNELS)), dtype)
        check(images, rng.normal(size=(2, 3)) * 10**exponent, order, mode)


@orders
@modes
def test_where_scipy_is_undefined(mode: str, order: int, rng: np.random.Generator) -> None:
    """Nothing beyond pixels and fill, and the edge where that is what far outside means."""
    image = rng.integers(10, 99, (9, 7)).astype(np.uint8)
    for exponent in (16, 18, 19, 30, 100, 300):
        matrix = rng.normal(size=(2, 3)) * 10.0**exponent
        got = fastaug.warp_affine(
            image, matrix, interpolation=order, fill_mode=mode, fill_value=200
        )
        assert got.min() >= image.min()
        assert got[got != 200].max(initial=0) <= (200 if mode == "grid-constant" else image.max())
        if mode == "nearest":
            with np.errstate(all="ignore"):
                y, x = np.indices(image.shape)
                column, row = ((m[2] + y * m[1]) + x * m[0] for m in matrix)
            expected = image[np.where(row > 0, 8, 0), np.where(column > 0, 6, 0)]
            np.testing.assert_array_equal(got, expected)


@orders
@modes
@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 1), (1, 2), (2, 1), (2, 2)])
def test_thin_images(
    shape: tuple[int, int], mode: str, order: int, rng: np.random.Generator, trials: int
) -> None:
    images = pixels(rng, (1, *shape, 3), "float32")
    for _ in range(trials):
        check(images, rng.normal(size=(2, 3)) * [1, 1, 5], order, mode, size=(5, 4))


NUMBERS = st.one_of(
    st.floats(-9, 9),
    st.integers(-20, 20).map(lambda i: i / 4),
    st.sampled_from([1e-9, 1e-17, -1e-17, 1 - 2**-53, 1 + 2**-52, 5e-324, -0.0, 1e6]),
)


@orders
@modes
@given(
    matrix=st.lists(NUMBERS, min_size=6, max_size=6),
    shape=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    size=st.tuples(st.integers(0, 9), st.integers(1, 9)),
    seed=st.integers(0, 9),
)
def test_coordinates_next_to_a_border(
    mode: str,
    order: int,
    matrix: list[float],
    shape: tuple[int, int],
    size: tuple[int, int],
    seed: int,
) -> None:
    images = pixels(np.random.default_rng(seed), (1, *shape, 3), "float64")
    check(images, np.reshape(matrix, (2, 3)), order, mode, size=size)


@orders
def test_integers_round_half_up(order: int) -> None:
    """As SciPy does, unlike the rest of the library."""
    images = np.array([0, 1, 2, 3, 254, 255], np.uint8).reshape(1, 1, 6, 1)
    check(images, [[1, 0, 0.5], [0, 1, 0]], order, "nearest")
    check(images, [[0, 0, -9], [0, 1, 0]], order, "constant", fill=2.5)
    check(images, [[0, 0, -9], [0, 1, 0]], order, "constant", fill=3.5)


@orders
@modes
def test_special_values(mode: str, order: int, rng: np.random.Generator, trials: int) -> None:
    special = np.array([np.nan, np.inf, -np.inf, 0.0, 1e300, 5e-324, 1, -3.5])
    for _ in range(trials):
        images = rng.choice(special, (1, 6, 7, 3))
        with np.errstate(all="ignore"):
            check(images, rng.normal(size=(2, 3)) * [1, 1, 3], order, mode, fill=np.pi)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@orders
@pytest.mark.parametrize("channels", CHANNELS)
def test_minus_zero_becomes_zero(
    channels: int, order: int, dtype: str, rng: np.random.Generator
) -> None:
    """SciPy's sums start from zero; a fill value is no sum, but for "grid-constant"."""
    images = np.full((1, 6, 7, channels), -0.0, dtype)
    for mode in FILL_MODES:
        check(images, rng.normal(size=(2, 3)) * [1, 1, 3], order, mode, fill=-0.0)


@dtypes
@orders
@pytest.mark.parametrize("channels", CHANNELS)
def test_mirrored_results(channels: int, order: int, dtype: str, rng: np.random.Generator) -> None:
    images = pixels(rng, (4, 13, 17, channels), dtype)
    matrix = rng.normal(size=(4, 2, 3)) * [1, 1, 5]
    mirror = [[False, False], [False, True], [True, False], [True, True]]
    for size in ((13, 17), (6, 30)):
        plain = warp_spline(images, matrix, order=order, fill_mode="wrap", output_size=size)
        upside_down, left_to_right = np.transpose(mirror)
        same_bits(
            warp_spline(
                images, matrix, order=order, fill_mode="wrap", output_size=size, mirror=mirror
            ),
            fastaug.flip(plain, horizontal=left_to_right, vertical=upside_down),
        )


@orders
def test_axes_in_scipys_order(order: int, rng: np.random.Generator) -> None:
    images = pixels(rng, (3, 13, 17, 2), "float64")
    matrix = rng.normal(size=(3, 2, 3)) * [1, 1, 5]
    same_bits(
        warp_spline(images, matrix, order=order, fill_mode="mirror"),
        fastaug.warp_affine(
            images, matrix[:, ::-1][..., [1, 0, 2]], interpolation=order, fill_mode="mirror"
        ),
    )


@orders
def test_numpy_integers_are_orders(order: int) -> None:
    image = np.arange(12, dtype=np.uint8).reshape(3, 4)
    shift = [[1, 0, 0.25], [0, 1, 0]]
    same_bits(
        fastaug.warp_affine(image, shift, interpolation=np.int64(order)),
        fastaug.warp_affine(image, shift, interpolation=order),
    )


def far_pixels(n: int, rng: np.random.Generator) -> Array:
    """A line that is black but for its end: what the filter makes of its start is z^n alone."""
    line = np.zeros((1, n, 1, 1))
    line[:, -2:] = rng.normal(size=(1, min(n, 2), 1, 1))
    return line


# One length after another, some powers that libm rounds badly, the first that are subnormal or zero.
LENGTHS = (*range(1, 30), 144, 145, 221, 222, 411, 412, 710, 711, 727, 728, 841, 884, 900, 2500)


@orders
@modes
def test_powers_of_the_poles(mode: str, order: int, rng: np.random.Generator) -> None:
    for n in LENGTHS:
        line = far_pixels(n, rng)
        for images in (line, line.transpose(0, 2, 1, 3)):
            check(images, [[1, 0, 0], [0, 1, 0]], order, mode)


@pytest.mark.slow
@orders
@modes
def test_powers_of_the_poles_at_every_length(
    mode: str, order: int, rng: np.random.Generator
) -> None:
    """Powers to the 900th; higher ones are zero for every pole."""
    for n in range(1, 1000):
        for _ in range(2):
            check(far_pixels(n, rng), [[1, 0, 0], [0, 1, 0]], order, mode, size=(40, 1))


@pytest.mark.parametrize("order", range(2, 6))
@pytest.mark.parametrize(
    "fill", [3.75, 255.5, 256, 300.5, -0.5, -1.5, -300, 1e6, 3e9, -1e19, 1e300]
)
def test_fill_values_that_are_no_pixels(fill: float, order: int, rng: np.random.Generator) -> None:
    """SciPy pads the images before it filters them, so the fill value passes through their dtype."""
    for dtype in ("uint8", "float32", "float64"):
        with np.errstate(all="ignore"):
            check(
                pixels(rng, (1, 5, 6, 3), dtype),
                rng.normal(size=(2, 3)) * [1, 1, 5],
                order,
                "grid-constant",
                fill=fill,
            )


@dtypes
@orders
@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("shape", [(3, 70), (40, 5), (30, 31), (17, 150)])
def test_rows_of_every_kind(
    shape: tuple[int, int], channels: int, order: int, dtype: str, rng: np.random.Generator
) -> None:
    """Wholly inside, partly, not at all; the last column and row exactly on the edge."""
    images = pixels(rng, (1, *shape, channels), dtype)
    for mode in FILL_MODES:
        check(images, np.eye(2, 3), order, mode)
        check(images, [[1, 0, 0.5], [0, 1, 0.25]], order, mode)
        check(images, [[-1, 0, shape[1] - 1], [0, -1, shape[0] - 1]], order, mode)
        check(images, [[0.9, 0.1, 1], [-0.1, 0.9, 2]], order, mode, size=(9, 140))


@pytest.mark.slow
@dtypes
@orders
@modes
def test_large_images(mode: str, order: int, dtype: str, rng: np.random.Generator) -> None:
    images = pixels(rng, (2, 523, 611, 3), dtype)
    for angle in (3.0, 45.0, 90.0, 211.5):
        matrix = fastaug.affine_matrix(rotation=angle, scale=(0.7, 1.4), size=(523, 611))
        check(images, matrix, order, mode, size=(600, 500))
