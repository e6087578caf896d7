"""Which maps move whole pixels, told by what the copies do to the numbers of pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from extension import needs_extension

from fastaug import backends
from fastaug.arrays import Array

STILL, FLIPPED, TURNED, PART, STRAIGHT, BENT = range(6)


@pytest.fixture(params=[pytest.param("native", marks=needs_extension), "numba"])
def backend(request: pytest.FixtureRequest) -> Any:
    if request.param == "numba":
        pytest.importorskip("numba")
    with backends.use_backend(request.param):
        yield backends.current()


def gathered(image: Array, matrix: Array, size: tuple[int, int]) -> Array | None:
    """Each pixel from where the map says; None where one is between pixels or outside."""
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float64)
    columns, rows = (row[0] * x + row[1] * y + row[2] for row in matrix[:2])
    whole = all((each == np.floor(each)).all() for each in (rows, columns))
    height, width = image.shape
    if not whole or rows.min() < 0 or columns.min() < 0:
        return None
    if rows.max() >= height or columns.max() >= width:
        return None
    return image[rows.astype(int), columns.astype(int)]


def copy_of(image: Array, what: Array, size: tuple[int, int]) -> Array:
    kind, first, second = what.tolist()
    if kind == FLIPPED:
        image = image[:, ::-1] if first else image
        return image[::-1] if second else image
    if kind == TURNED:
        image = np.rot90(image, first)
        return image[:, ::-1] if second else image
    if kind == PART:
        return image[first : first + size[0], second : second + size[1]]
    return image


def test_every_map_of_signs_and_corners(backend: Any) -> None:
    """What is told to be a copy is that copy; what is not has no such copy."""
    linear = np.array(np.meshgrid(*[[-1.0, 0.0, 1.0]] * 4)).reshape(4, -1).T.reshape(-1, 2, 2)
    sizes = [
        ((3, 5), (3, 5)),
        ((3, 5), (5, 3)),
        ((4, 4), (4, 4)),
        ((4, 6), (2, 3)),
        ((2, 2), (3, 2)),
    ]
    offsets = [-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0]
    maps, before, after = [], [], []
    for old, new in sizes:
        for each in linear:
            for left in offsets:
                for top in offsets:
                    maps.append([*each[0], left, *each[1], top, 0, 0, 1])
                    before.append(old)
                    after.append(new)
    found = backend.copies(np.array(maps, np.float64), np.array(before), np.array(after))
    seen = set()
    for matrix, old, new, what in zip(maps, before, after, found, strict=True):
        ids = np.arange(old[0] * old[1]).reshape(old)
        there = gathered(ids, np.reshape(matrix, (3, 3)), new)
        seen.add(what[0])
        if what[0] == STRAIGHT:
            # Parts that are mirrored or turned are no copy of the kinds there are.
            upright = matrix[:2] == [1, 0] and matrix[3:5] == [0, 1]
            is_whole = there is not None and there.size == ids.size == len(np.unique(there))
            assert not is_whole
            assert not (upright and there is not None)
        else:
            np.testing.assert_array_equal(copy_of(ids, what, new), there)
            assert (what[0] == STILL) == (old == new and np.array_equal(ids, there))
    assert seen == {STILL, FLIPPED, TURNED, PART, STRAIGHT}


@pytest.mark.parametrize(
    "last", [[1e-9, 0, 1], [0, -1e-300, 1], [0, 0, 2], [np.nan, 0, 1], [0, 0, np.inf]]
)
def test_perspective_is_no_copy(backend: Any, last: list[float]) -> None:
    maps = np.array([[1, 0, 0, 0, 1, 0, *last]], np.float64)
    size = np.array([[4, 4]])
    assert backend.copies(maps, size, size).tolist() == [[BENT, 0, 0]]


def test_what_is_not_finite_or_enormous_is_no_copy(backend: Any) -> None:
    maps = np.tile([1.0, 0, 0, 0, 1, 0, 0, 0, 1], (4, 1))
    maps[0, 2], maps[1, 5], maps[2, 0], maps[3, 2] = np.nan, np.inf, np.nan, 1e300
    sizes = np.full((4, 2), 4)
    assert backend.copies(maps, sizes, sizes - 1).tolist() == [[STRAIGHT, 0, 0]] * 4


def test_products_in_one_order(backend: Any, rng: np.random.Generator) -> None:
    first, second = rng.normal(size=(2, 50, 9)) * 10.0 ** rng.integers(-9, 9, (2, 50, 9))
    made = backend.products(first, second)
    assert made.shape == (50, 3, 3)
    for a, b, c in zip(first.reshape(-1, 3, 3), second.reshape(-1, 3, 3), made, strict=True):
        for i in range(3):
            for j in range(3):
                x, y, z = (float(a[i, k]) * float(b[k, j]) for k in range(3))
                assert c[i, j] == (x + y) + z
