"""Morphology gives scikit-image's bits, but for hats that saturate, and OpenCV's gradient."""

from __future__ import annotations

from itertools import product
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import skimage.morphology
from cases import LOPSIDED, MORPHOLOGY, MORPHOLOGY_DTYPES, pixels
from hypothesis import given
from hypothesis import strategies as st
from references import same_bits, skimage_morphology

import fastaug

Array = npt.NDArray[Any]
MODES = ("reflect", "constant", "nearest", "mirror", "wrap", "max", "min", "ignore")

ops = pytest.mark.parametrize("op", MORPHOLOGY)
modes = pytest.mark.parametrize("mode", MODES)
dtypes = pytest.mark.parametrize("dtype", MORPHOLOGY_DTYPES)

SIZES = ((1, 1), (3, 3), (2, 2), (1, 8), (5, 1), (4, 7), (30, 2), (3, 41))
SHAPES = {
    "lopsided": LOPSIDED,
    "disk": skimage.morphology.disk(3),
    "cross of even size": np.array([[0, 1, 0, 0], [1, 1, 1, 1], [0, 1, 0, 0], [0, 1, 0, 0]]),
    "away from the pixel": np.array([[0, 0, 0, 0, 1], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]),
    "holes": np.array([[1, 0, 1, 0, 1, 1, 1, 0, 1]]),
    "one pixel, not the middle": np.array([[0, 0], [0, 1]]),
    "wide": np.array([[1] * 40, [1] * 39 + [0]]),
    "tall": np.array([[1] * 40, [1] * 39 + [0]]).T,
}


def expected_of(op: str, images: Array, footprint: Any, mode: str, cval: float = 0.0) -> Array:
    """Of (N, H, W, C), image by image and channel by channel."""
    out = np.empty_like(images)
    for i, c in product(range(images.shape[0]), range(images.shape[3])):
        out[i, :, :, c] = skimage_morphology(
            op, np.ascontiguousarray(images[i, :, :, c]), footprint, mode, cval
        )
    return out


@ops
@modes
def test_rectangles(mode: str, op: str, rng: np.random.Generator) -> None:
    for size, dtype, shape in product(SIZES, MORPHOLOGY_DTYPES, ((1, 9, 12, 1), (1, 7, 5, 3))):
        images = pixels(rng, shape, dtype)
        got = getattr(fastaug, op)(images, size, mode=mode, cval=100)
        expected = expected_of(op, images, np.ones(size), mode, 100)
        same_bits(got, expected, f"{dtype} {shape}, footprint {size}")


@ops
@modes
def test_other_footprints(mode: str, op: str, rng: np.random.Generator) -> None:
    for (name, footprint), dtype in product(SHAPES.items(), MORPHOLOGY_DTYPES):
        images = pixels(rng, (1, 9, 11, 2), dtype)
        got = getattr(fastaug, op)(images, footprint, mode=mode, cval=100)
        same_bits(got, expected_of(op, images, footprint, mode, 100), f"{dtype}, {name}")


@ops
@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("mode", ["reflect", "mirror", "nearest", "wrap"])
def test_borders_of_one_row_leave_the_next_alone(
    mode: str, op: str, rng: np.random.Generator
) -> None:
    """Rows lie one behind the other, and mirrored pixels are written in whole registers."""
    for size, shape in (
        ((14, 43), (1, 40, 64, 3)),  # 63 values left of a row
        ((8, 44), (1, 40, 29, 3)),
        ((8, 8), (1, 40, 29, 21)),
        ((14, 127), (1, 40, 130, 1)),
        ((3, 33), (1, 40, 64, 4)),  # 64 of them
    ):
        images = pixels(rng, shape, "uint8")
        got = getattr(fastaug, op)(images, size, mode=mode)
        same_bits(got, expected_of(op, images, np.ones(size), mode), f"{shape}, {size}")


@ops
@given(
    footprint=st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
        lambda s: st.lists(
            st.lists(st.booleans(), min_size=s[1], max_size=s[1]), min_size=s[0], max_size=s[0]
        )
    ),
    shape=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    mode=st.sampled_from(MODES),
    dtype=st.sampled_from(MORPHOLOGY_DTYPES),
    seed=st.integers(0, 9),
)
def test_any_footprint(
    op: str,
    footprint: list[list[bool]],
    shape: tuple[int, int],
    mode: str,
    dtype: str,
    seed: int,
) -> None:
    cells = np.array(footprint)
    cells.flat[0] |= not cells.any()
    images = pixels(np.random.default_rng(seed), (1, *shape, 1), dtype)
    got = getattr(fastaug, op)(images, cells, mode=mode, cval=33)
    same_bits(got, expected_of(op, images, cells, mode, 33))


@ops
@modes
def test_sizes_for_each_image(mode: str, op: str, rng: np.random.Generator) -> None:
    sizes = [1, 2, 3, 8, 45]
    images = pixels(rng, (5, 10, 8, 3), "uint8")
    got = getattr(fastaug, op)(images, np.array(sizes), mode=mode, cval=100)
    for i, size in enumerate(sizes):
        expected = expected_of(op, images[i : i + 1], np.ones((size, size)), mode, 100)
        same_bits(got[i : i + 1], expected)


@modes
@pytest.mark.parametrize("size", [70, 71, 2**30 - 1, 2**30])
def test_footprints_larger_than_anything(size: int, mode: str, rng: np.random.Generator) -> None:
    """They see all of the image and its border; SciPy's results are not of the image any more."""
    image = pixels(rng, (6, 5), "float32")
    border = {"constant": [100], "max": [np.inf], "min": [-np.inf]}.get(mode, [])
    for winner, op in ((min, "erode"), (max, "dilate")):
        got = getattr(fastaug, op)(image, size, mode=mode, cval=100)
        assert (got == winner([*image.flat, *border])).all()
        tall = getattr(fastaug, op)(image, (size, 1), mode=mode, cval=100)
        for x in range(image.shape[1]):
            assert (tall[:, x] == winner([*image[:, x], *border])).all()


@ops
@modes
def test_large_footprints_differ_in_nothing_but_size(
    mode: str, op: str, rng: np.random.Generator
) -> None:
    """The steps of the ops made of two, which see what the first has left."""
    image = pixels(rng, (6, 5), "float32")
    function = getattr(fastaug, op)
    for large, enough in ((2**30, 60), (2**30 - 1, 61), ((2**30, 3), (60, 3))):
        same_bits(function(image, large, mode=mode), function(image, enough, mode=mode))


@ops
def test_the_footprint_may_be_told_in_many_ways(op: str, rng: np.random.Generator) -> None:
    image = pixels(rng, (9, 8, 3), "uint8")
    function = getattr(fastaug, op)
    expected = function(image, np.ones((3, 3)))
    for footprint in (3, np.int8(3), (3, 3), [3, 3], np.array([3]), np.ones((3, 3), bool)):
        same_bits(function(image, footprint), expected)
    same_bits(function(image), expected)
    same_bits(
        function(image, [[0, 1, 0], [1, 1, 1]]), function(image, np.array([[0, 1, 0], [1, 1, 1]]))
    )


@ops
@dtypes
def test_extremes_saturate_where_unsigned_differences_would_wrap(dtype: str, op: str) -> None:
    if dtype.startswith("float"):
        image = np.array([[-np.finfo(dtype).max, np.finfo(dtype).max, 0, 1]], dtype)
    else:
        image = np.array([[0, np.iinfo(dtype).max, 0, 1]], dtype)
    for mode, footprint in product(MODES, ((1, 3), (1, 2), [[1, 0, 0]], [[0, 0, 0, 1]])):
        cells = np.ones(footprint) if isinstance(footprint, tuple) else np.array(footprint)
        with np.errstate(over="ignore", invalid="ignore"):
            expected = expected_of(op, image[np.newaxis, ..., np.newaxis], cells, mode)
        same_bits(getattr(fastaug, op)(image, footprint, mode=mode), expected[0, ..., 0])


def test_a_hat_of_a_lopsided_footprint_saturates() -> None:
    """scikit-image's opening may exceed the image when the border does not count."""
    image = np.array([[5, 5, 200]], np.uint8)
    opened = fastaug.opening(image, (1, 2), mode="constant", cval=250)
    hat = fastaug.white_tophat(image, (1, 2), mode="constant", cval=250)
    np.testing.assert_array_equal(hat, np.clip(image.astype(int) - opened, 0, 255))
    assert (opened > image).any(), "nothing would have wrapped"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@modes
@pytest.mark.parametrize("footprint", [(3, 3), (2, 5), LOPSIDED], ids=str)
def test_nan_under_the_footprint_wins(
    footprint: Any, mode: str, dtype: str, rng: np.random.Generator
) -> None:
    image = pixels(rng, (17, 15), dtype)
    holes = rng.random(image.shape) < 0.02
    assert holes.any()
    image[holes] = np.nan
    image[~holes & (rng.random(image.shape) < 0.1)] = np.inf
    image[~holes & (rng.random(image.shape) < 0.1)] = -np.inf
    reached = fastaug.dilate(holes.astype(np.uint8), footprint, mode=_unseen(mode)).astype(bool)
    cells = np.ones(footprint) if isinstance(footprint, tuple) else footprint
    for op, neutral in (("erode", np.inf), ("dilate", -np.inf)):
        got = getattr(fastaug, op)(image, footprint, mode=mode, cval=7)
        np.testing.assert_array_equal(np.isnan(got), reached)
        filled = np.where(holes, neutral, image).astype(dtype)
        expected = skimage_morphology(op, filled, cells, mode, 7)
        same_bits(got[~reached], expected[~reached])


def _unseen(mode: str) -> str:
    """A mode in which a border of one value never counts as a hole."""
    return "min" if mode in ("constant", "max", "min", "ignore") else mode


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_nan_stays_in_the_ops_made_of_two(dtype: str) -> None:
    image = np.zeros((1, 15), dtype)
    image[0, 7] = np.nan
    for op, reach in (
        ("opening", 2),
        ("closing", 2),
        ("morphological_gradient", 1),
        ("white_tophat", 2),
        ("black_tophat", 2),
    ):
        got = getattr(fastaug, op)(image, (1, 3))
        np.testing.assert_array_equal(
            np.flatnonzero(np.isnan(got)), np.arange(7 - reach, 8 + reach)
        )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_minus_zero_is_less_than_zero(dtype: str, rng: np.random.Generator) -> None:
    """So that the result does not depend on the order in which a footprint is read."""
    image = rng.choice([0.0, -0.0], (9, 40)).astype(dtype)
    image[:, 20:] = np.where(rng.random((9, 20)) < 0.9, 0.0, -0.0)
    minus = np.signbit(image).astype(np.uint8)
    for footprint in ((3, 3), (1, 2), LOPSIDED):
        assert (fastaug.erode(image, footprint) == 0).all()
        np.testing.assert_array_equal(
            np.signbit(fastaug.erode(image, footprint)), fastaug.dilate(minus, footprint)
        )
        np.testing.assert_array_equal(
            np.signbit(fastaug.dilate(image, footprint)), fastaug.erode(minus, footprint)
        )


@pytest.mark.parametrize("size", [(3, 3), (15, 4), (17, 15), (7, 1), LOPSIDED], ids=str)
@pytest.mark.parametrize("odd_one", [None, 1e30, -1e-38, -0.0, -3.0, np.inf, -np.inf, np.nan])
def test_floats_that_need_no_keys_until_one_does(
    odd_one: float | None, size: Any, rng: np.random.Generator
) -> None:
    """Those no less than zero are compared as they are, until a row with another turns up."""
    cells = np.ones(size) if isinstance(size, tuple) else size
    below = np.nextafter(np.float32(0), np.float32(-1))
    for row, width, cval in ((0, 31, 0.25), (20, 64, -3.0), (38, 90, -0.0)):
        images = np.abs(pixels(rng, (1, 39, width, 3), "float32"))
        images[0, 3] = 0
        if odd_one is not None:
            images[0, row, width - 1, 1] = odd_one
        holes = np.isnan(images)
        for (op, neutral), mode in product(
            (("erode", np.inf), ("dilate", -np.inf)), ("reflect", "constant", "wrap")
        ):
            got = getattr(fastaug, op)(images, size, mode=mode, cval=cval)
            reached = fastaug.dilate(holes.astype(np.uint8), size, mode=_unseen(mode)).astype(bool)
            np.testing.assert_array_equal(np.isnan(got), reached)
            filled = np.where(holes, neutral, images).astype(np.float32)
            # Others do not tell zeros apart: the greatest number below stands in for the lower one.
            filled[(filled == 0) & np.signbit(filled)] = below
            outside = float(below) if cval == 0 else cval
            expected = expected_of(op, filled, cells, mode, outside)
            expected[expected == below] = -0.0
            same_bits(got[~reached], expected[~reached], f"{op} {mode} {row}")


@pytest.mark.parametrize("op", ["erode", "dilate"])
def test_nan_outside_wins(op: str, rng: np.random.Generator) -> None:
    images = np.abs(pixels(rng, (1, 40, 70, 3), "float32"))
    function = getattr(fastaug, op)
    for size in (3, 15):
        got = function(images, size, mode="constant", cval=np.nan)
        inside = np.zeros(images.shape, bool)
        inside[:, size // 2 : -(size // 2), size // 2 : -(size // 2)] = True
        np.testing.assert_array_equal(np.isnan(got), ~inside)
        expected = expected_of(op, images, np.ones((size, size)), "reflect")
        same_bits(got[inside], expected[inside])


@pytest.mark.parametrize("offset", [0, 4, 16, 28, 48, 52])
def test_rows_that_start_anywhere_in_a_line(offset: int, rng: np.random.Generator) -> None:
    """Where it costs no more, registers start with lines of the cache."""
    shapes = ((35, 224, 3, "uint8"), (35, 101, 3, "uint8"), (18, 640, 1, "uint8"))
    shapes = (*shapes, (18, 112, 3, "float32"), (18, 144, 3, "float32"), (33, 37, 1, "float32"))
    for *shape, dtype in shapes:
        images = pixels(rng, (1, *shape), dtype)
        lies = np.empty(images.nbytes + 256, np.uint8)
        out = np.empty(images.nbytes + 256, np.uint8)
        place = [
            memory[(offset - memory.ctypes.data) % 64 :][: images.nbytes]
            .view(dtype)
            .reshape(images.shape)
            for memory in (lies, out)
        ]
        place[0][...] = images
        for size, op in product((3, 7, 15, 19), ("erode", "dilate")):
            got = getattr(fastaug, op)(place[0], size, out=place[1])
            same_bits(
                got, expected_of(op, images, np.ones((size, size)), "reflect"), f"{op} {size}"
            )


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
@pytest.mark.parametrize("size", [(3, 3), (5, 1), (7, 9)])
def test_opencv_has_the_same_gradient(
    size: tuple[int, int], dtype: str, rng: np.random.Generator
) -> None:
    """Its borders never win, which is scikit-image's "ignore"."""
    image = pixels(rng, (31, 24, 3), dtype)
    got = fastaug.morphological_gradient(image, size, mode="ignore")
    same_bits(got, cv2.morphologyEx(image, cv2.MORPH_GRADIENT, np.ones(size, np.uint8)))


def test_cval_rounds_half_to_even_and_saturates() -> None:
    image = np.full((1, 3), 9, np.uint8)
    for cval, expected in ((2.5, 2), (3.5, 4), (-4, 0), (np.nan, 0), (8, 8), (9, 9)):
        got = fastaug.erode(image, (1, 3), mode="constant", cval=cval)
        np.testing.assert_array_equal(got, [[expected, 9, expected]])
    got = fastaug.dilate(image.astype(np.uint16), (1, 3), mode="constant", cval=1e9)
    np.testing.assert_array_equal(got, [[65535, 9, 65535]])


@pytest.mark.parametrize("channels", [1, 3, 4, 5, 9])
@modes
def test_rows_of_any_length(mode: str, channels: int, rng: np.random.Generator) -> None:
    """Shorter and longer than one, two and three registers of any level, and just as long."""
    for width in {
        max(1, length // channels) for length in (15, 16, 33, 63, 64, 129, 192, 255, 260)
    }:
        images = pixels(rng, (1, 17, width, channels), "uint8")
        for op, size in product(("erode", "dilate"), (3, 2)):
            got = getattr(fastaug, op)(images, size, mode=mode, cval=100)
            expected = expected_of(op, images, np.ones((size, size)), mode, 100)
            same_bits(got, expected, f"{op} {size}, {width} wide")


def _with_some_below_zero(images: Array) -> tuple[Array, Array]:
    """As they are, and as floats that need keys."""
    return images, images - 100 if images.dtype.kind == "f" else images


@dtypes
@modes
def test_every_length_of_windows(mode: str, dtype: str, rng: np.random.Generator) -> None:
    """Rows go in groups of eight or sixteen: windows share pairs, rows, then whole groups of rows."""
    both = _with_some_below_zero(pixels(rng, (1, 27, 45, 3), dtype))
    for i, length in enumerate((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 17, 18, 25, 33, 34, 51, 67)):
        images = both[i % 2]
        for size, op in product(((length, 1), (1, length)), ("erode", "dilate")):
            got = getattr(fastaug, op)(images, size, mode=mode, cval=100)
            same_bits(got, expected_of(op, images, np.ones(size), mode, 100), f"{op} {size}")


@dtypes
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_every_width_of_windows(channels: int, dtype: str, rng: np.random.Generator) -> None:
    """Windows are doubled within registers, from one pixel or from three, then joined with
    themselves less or more than a register on; and rows end within a register, after an odd byte."""
    for width in (43, 96, 101):
        both = _with_some_below_zero(pixels(rng, (1, 3, width, channels), dtype))
        for length in (*range(1, 24), 31, 32, 33, 35, 36, 48, 54, 55, 63, 64, 65, 66, 130):
            op, images = ("erode", "dilate", "white_tophat")[length % 3], both[length // 3 % 2]
            got = getattr(fastaug, op)(images, (1, length))
            expected = expected_of(op, images, np.ones((1, length)), "reflect")
            same_bits(got, expected, f"{op} {length} of {width}")


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("mode", ["reflect", "constant", "ignore", "mirror", "wrap"])
def test_strips_of_columns(mode: str, channels: int, rng: np.random.Generator) -> None:
    """Long rows of floats go strip by strip, whose windows see the one before and the one after."""
    for i, elements in enumerate((256, 260, 311, 384, 450, 515, 640)):
        width, height = elements // channels + 1, (15, 16, 23, 31)[i % 4]
        images = np.abs(pixels(rng, (1, 37, width, channels), "float32"))
        for length in (2, 3, 4, 7, 8, 9, 15, 16, 21, 24, 32, 47):
            op, size = ("erode", "dilate")[length % 2], (height, length)
            got = getattr(fastaug, op)(images, size, mode=mode, cval=-0.25)
            expected = expected_of(op, images, np.ones(size), mode, -0.25)
            same_bits(got, expected, f"{op} {size} of {width}")


@ops
@modes
def test_groups_of_rows(mode: str, op: str, rng: np.random.Generator) -> None:
    """Whole groups and what is left over, for the 3 by 3 window that has code of its own, too."""
    for height, channels, dtype in product((7, 8, 9, 16, 21), (1, 3), ("uint8", "float32")):
        images = pixels(rng, (1, height, 85, channels), dtype)
        for size in ((3, 3), (9, 2)):
            got = getattr(fastaug, op)(images, size, mode=mode, cval=100)
            expected = expected_of(op, images, np.ones(size), mode, 100)
            same_bits(got, expected, f"{dtype} {images.shape}, footprint {size}")


def _columns(*columns: tuple[int, int]) -> Array:
    """A footprint of columns of cells: the first row and the height of each."""
    footprint = np.zeros((max(sum(column) for column in columns), len(columns)), int)
    for x, (top, height) in enumerate(columns):
        footprint[top : top + height, x] = 1
    return footprint


MANY = np.random.default_rng(5).random((13, 31)) < 0.5
PIECES = {
    "one height around another": _columns((1, 3), (0, 5), (1, 3)),
    "one around another around a third": _columns((2, 3), (1, 5), (0, 7), (1, 5), (1, 5), (2, 3)),
    "such heights when some are held": _columns((0, 13), (1, 10), (2, 9), (3, 7), (4, 5), (5, 3)),
    "heights too small for that": _columns((3, 1), (2, 3), (1, 5), (0, 7)),
    "many heights": skimage.morphology.disk(11),
    "more pieces than are held, more taps than are joined": MANY,
    "runs short and long of one height": np.array([[1] * 2 + [0] + [1] * 5 + [0] + [1] * 40]),
    "runs that grow twice": np.array([[1] * 70 + [0] + [1] * 66, [1] * 70 + [0] * 67]),
    "tall columns": np.array([[1, 0], [1, 1]] + [[1, 1]] * 30),
    "diagonal": np.eye(12),
    "checkered": np.indices((9, 9)).sum(0) % 2,
}


@pytest.mark.parametrize("name", PIECES)
@modes
def test_pieces_of_footprints(mode: str, name: str, rng: np.random.Generator) -> None:
    for op, dtype in product(("erode", "dilate", "closing"), ("uint8", "float64")):
        images = pixels(rng, (1, 19, 37, 3), dtype)
        got = getattr(fastaug, op)(images, PIECES[name], mode=mode, cval=100)
        same_bits(got, expected_of(op, images, PIECES[name], mode, 100), f"{op} {dtype}")


def _alone(cell: tuple[int, int]) -> Array:
    cells = np.zeros((13, 13))
    cells[cell] = 1
    return cells


SPARSE = {
    "diagonal": np.eye(15),
    "anti-diagonal": np.eye(15)[:, ::-1],
    "long diagonal": np.eye(41),
    "up to the left": _alone((0, 1)),
    "down to the right": _alone((12, 11)),
    "every other one of a row": np.array([[1, 0] * 9 + [1]]),
    "every other one of a column": np.array([[1, 0] * 9 + [1]]).T,
    "plus": skimage.morphology.disk(1),
    "sparse": np.random.default_rng(6).random((9, 9)) < 0.2,
    "half full": np.random.default_rng(7).random((9, 9)) < 0.5,
    "nearly full": np.random.default_rng(8).random((9, 9)) < 0.97,
    "sparse and tall": np.random.default_rng(9).random((23, 4)) < 0.2,
}
# Cells are looked at one by one where they have little in common, unless the rows that windows see
# at once are too much for the cache: then the same footprints are taken apart, too.
WIDE = 70_001


@pytest.mark.parametrize("name", SPARSE)
@modes
def test_sparse_footprints(mode: str, name: str, rng: np.random.Generator) -> None:
    """In groups of rows, of which the first see the border above and the last that below."""
    cells = SPARSE[name]
    kinds = (("uint8", 3), ("uint16", 1), ("float32", 4), ("float64", 2))
    for i, ((dtype, channels), op) in enumerate(
        product(kinds, ("erode", "dilate", "opening", "morphological_gradient", "black_tophat"))
    ):
        images = pixels(rng, (1, (61, 9, 16)[i % 3], (21, 100)[i % 2], channels), dtype)
        images = _with_some_below_zero(images)[i % 2]
        got = getattr(fastaug, op)(images, cells, mode=mode, cval=100)
        same_bits(got, expected_of(op, images, cells, mode, 100), f"{op} {dtype} {images.shape}")


@pytest.mark.parametrize("name", SPARSE)
@pytest.mark.parametrize("mode", ["constant", "mirror"])
def test_sparse_footprints_of_wide_images(mode: str, name: str, rng: np.random.Generator) -> None:
    image = pixels(rng, (1, 4, WIDE, 1), "uint8")
    got = fastaug.dilate(image, SPARSE[name], mode=mode, cval=100)
    same_bits(got, expected_of("dilate", image, SPARSE[name], mode, 100))


def test_footprints_in_turns(rng: np.random.Generator) -> None:
    """What was found out about one is not taken for another's, of as many runs or of others."""
    images = pixels(rng, (2, 20, 30, 3), "uint8")
    shapes = (np.eye(5), np.eye(5)[:, ::-1], skimage.morphology.disk(2), np.eye(5), np.eye(6))
    for op, cells in product(("erode", "opening", "closing"), shapes):
        got = getattr(fastaug, op)(images, cells)
        same_bits(got, expected_of(op, images, cells, "reflect"))
        fastaug.box_blur(images, 21)  # which takes memory of its own


@ops
@modes
def test_bands_of_rows(mode: str, op: str, rng: np.random.Generator) -> None:
    """One large image in bands, each of which sees rows of its neighbours."""
    image = pixels(rng, (90, 130, 3), "uint8")
    assert image.size > 32768, "too few for threads"
    function = getattr(fastaug, op)
    for footprint in ((3, 3), (31, 4), LOPSIDED, np.eye(7)):
        fastaug.set_num_threads(1)
        expected = function(image, footprint, mode=mode, cval=100)
        for threads in (2, 7):
            fastaug.set_num_threads(threads)
            same_bits(function(image, footprint, mode=mode, cval=100), expected)


@ops
def test_views_of_memory(op: str, rng: np.random.Generator) -> None:
    function = getattr(fastaug, op)
    for channels, dtype in product((1, 3), MORPHOLOGY_DTYPES):
        whole = pixels(rng, (2, 24, 140, 2 * channels), dtype)
        view = whole[:, ::-2, 3:, ::2]
        expected = expected_of(op, np.ascontiguousarray(view), np.ones((3, 3)), "mirror")
        out = np.empty((2, 140, 12, channels), dtype)[:, 3:].transpose(0, 2, 1, 3)
        function(view, mode="mirror", out=out)
        same_bits(out, expected)
        wide = np.empty((2, 24, 150, channels), dtype)
        function(view, mode="mirror", out=wide[:, ::2, 5:142])
        same_bits(wide[:, ::2, 5:142], expected)


@pytest.mark.slow
@ops
@dtypes
def test_large_images(dtype: str, op: str, rng: np.random.Generator) -> None:
    images = pixels(rng, (1, 301, 299, 3), dtype)
    for footprint in (np.ones((15, 15)), np.ones((51, 2)), skimage.morphology.disk(9), LOPSIDED):
        got = getattr(fastaug, op)(images, footprint)
        same_bits(got, expected_of(op, images, footprint, "reflect"))


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("mode", ["reflect", "constant", "mirror", "nearest", "wrap"])
@pytest.mark.parametrize("shape", [(3, 230, 41), (1, 1000, 1056)], ids=str)
def test_both_filters_of_tall_images(
    shape: tuple[int, int, int], mode: str, channels: int, rng: np.random.Generator
) -> None:
    """Few rows lie between the two, and large results go past the cache."""
    images = pixels(rng, (*shape, channels), "float32")
    for dtype, lowest in (("float32", 0), ("float32", -1), ("uint8", 0)):
        given = (np.abs(images) if lowest == 0 else images).astype(dtype)
        for size in (3, (9, 5)):
            how = {"mode": mode, "cval": 3.0}
            eroded, dilated = (do(given, size, **how) for do in (fastaug.erode, fastaug.dilate))
            opened, closed = (
                fastaug.dilate(eroded, size, **how),
                fastaug.erode(dilated, size, **how),
            )
            same_bits(fastaug.opening(given, size, **how), opened)
            same_bits(fastaug.closing(given, size, **how), closed)
            same_bits(fastaug.white_tophat(given, size, **how), given - np.minimum(opened, given)
                      if dtype == "uint8" else given - opened)  # fmt: skip
            same_bits(fastaug.morphological_gradient(given, size, **how), dilated - eroded)
