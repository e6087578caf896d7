"""Maps that move whole pixels: the bits of NumPy's copies, whatever the interpolation and the pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.ndimage as ndi
from copies import any_bits, equal_memory
from extension import needs_extension
from guarded import Page
from hypothesis import given
from hypothesis import strategies as st
from layouts import layouts, place
from references import FILL_MODES

import fastaug

Array = npt.NDArray[Any]
PADS = {
    "constant": "constant",
    "nearest": "edge",
    "reflect": "symmetric",
    "mirror": "reflect",
    "grid-wrap": "wrap",
    "grid-constant": "constant",
}
# Linear parts, and what they do to an image (N, H, W, C) when nothing is outside.
TURNS = {
    (1, 0, 0, 1): lambda a: a,
    (-1, 0, 0, 1): lambda a: np.flip(a, 2),
    (1, 0, 0, -1): lambda a: np.flip(a, 1),
    (-1, 0, 0, -1): lambda a: np.rot90(a, 2, (1, 2)),
    (0, -1, 1, 0): lambda a: np.rot90(a, 1, (1, 2)),
    (0, 1, -1, 0): lambda a: np.rot90(a, -1, (1, 2)),
    (0, 1, 1, 0): lambda a: np.swapaxes(a, 1, 2),
    (0, -1, -1, 0): lambda a: np.flip(np.swapaxes(a, 1, 2), (1, 2)),
}
SPECIAL = [np.nan, np.inf, -np.inf, -0.0, 0.0, 1e-45, -1e-40, 3.4e38, -3.4e38, 1.5]

dtypes = pytest.mark.parametrize("dtype", ["uint8", "float32"])
interpolations = pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
modes = pytest.mark.parametrize("mode", FILL_MODES)


def some(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> Array:
    if dtype == "uint8":
        return rng.integers(0, 256, shape, np.uint8)
    return rng.choice(np.array(SPECIAL, np.float32), shape)


def whole(turn: tuple[int, ...], x: int, y: int) -> list[list[int]]:
    return [[turn[0], turn[1], x], [turn[2], turn[3], y]]


def inside(turn: tuple[int, ...], height: int, width: int) -> list[list[int]]:
    """The map whose result is all of the image, and no more."""
    return whole(turn, (width - 1) * (min(turn[:2]) < 0), (height - 1) * (min(turn[2:]) < 0))


def homography(matrix: npt.ArrayLike) -> Array:
    maps = np.asarray(matrix, np.float64)
    return np.concatenate([maps, np.broadcast_to([[0.0, 0, 1]], (*maps.shape[:-2], 1, 3))], -2)


def by_scipy(
    images: Array, matrices: npt.ArrayLike, size: tuple[int, int], mode: str, fill: float
) -> Array:
    """SciPy says which pixel is taken, of a picture of their numbers; NumPy takes it."""
    n, height, width, channels = images.shape
    numbers = np.arange(height * width, dtype=np.float64).reshape(height, width)
    result = np.empty((n, *size, channels), images.dtype)
    pixels = images.reshape(n, height * width, channels)
    for i, m in enumerate(np.broadcast_to(np.asarray(matrices), (n, 2, 3))):
        at = ndi.affine_transform(
            numbers,
            [[m[1, 1], m[1, 0]], [m[0, 1], m[0, 0]]],
            [m[1, 2], m[0, 2]],
            output_shape=size,
            order=0,
            mode=mode,
            cval=-1,
        ).astype(int)
        result[i] = np.where(at[..., np.newaxis] < 0, images.dtype.type(fill), pixels[i][at])
    return result


@dtypes
@interpolations
@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_numpy_flips_and_turns(
    turn: tuple[int, ...], interpolation: str, dtype: str, level: str, rng: np.random.Generator
) -> None:
    for height, width in ((1, 1), (1, 9), (8, 1), (6, 6), (21, 40), (33, 18)):
        for channels in (1, 2, 3, 4, 9):
            images = any_bits(rng, (2, height, width, channels), np.dtype(dtype).str[1:])
            matrix, expected = inside(turn, height, width), TURNS[turn](images)
            options = {"interpolation": interpolation, "output_size": expected.shape[1:3]}
            equal_memory(fastaug.warp_affine(images, matrix, **options), expected)
            out = np.full_like(np.ascontiguousarray(expected), 7)
            assert fastaug.warp_affine(images, matrix, **options, out=out) is out
            equal_memory(out, expected)
            equal_memory(fastaug.warp_perspective(images, homography(matrix), **options), expected)


@dtypes
@pytest.mark.parametrize("mode", PADS)
def test_shifts_are_numpy_s_pads(
    mode: str, dtype: str, level: str, rng: np.random.Generator
) -> None:
    for channels in (1, 3, 4, 9):
        images = some(rng, (3, 9, 14, channels), dtype)
        around = np.pad(images, ((0, 0), (40, 40), (40, 40), (0, 0)), PADS[mode])
        for x, y in ((0, 0), (3, 0), (0, -2), (-20, 5), (1, 25), (-40, 31)):
            expected = around[:, 40 + y : 49 + y, 40 + x : 54 + x]
            matrix, options = whole((1, 0, 0, 1), x, y), {"fill_mode": mode}
            equal_memory(fastaug.warp_affine(images, matrix, **options), expected)
            equal_memory(fastaug.warp_perspective(images, homography(matrix), **options), expected)


@dtypes
@interpolations
@modes
def test_scipy_takes_the_same_pixels(
    mode: str, interpolation: str, dtype: str, level: str, rng: np.random.Generator
) -> None:
    """Any turn and shift, each image of a batch by itself, between others that are no such maps."""
    for channels in (1, 3, 4, 9):
        for (height, width), size in (
            ((12, 15), (12, 15)),
            ((1, 7), (9, 5)),
            ((40, 33), (38, 70)),
            ((70, 60), (3, 4)),  # not worth turning what is read where that wraps around
        ):
            turns = list(TURNS) * 2
            images = some(rng, (len(turns) + 2, height, width, channels), dtype)
            matrices = np.array(
                [
                    whole(
                        t,
                        *(
                            rng.integers(-1, 2, 2) * (width, height)
                            + rng.integers(-min(size), min(size), 2)
                        ),
                    )
                    for t in turns
                ]
                + [[[2, 0, 1], [0, -3, 5]], [[1.5, 0, 1], [0.25, 1, 0]]]
            )
            options: dict[str, Any] = {
                "interpolation": interpolation,
                "fill_mode": mode,
                "fill_value": 41,
                "output_size": size,
            }
            with np.errstate(all="ignore"):
                got = fastaug.warp_affine(images, matrices, **options)
                alone = fastaug.warp_affine(images[-1:], matrices[-1:], **options)
                by_homography = fastaug.warp_perspective(images, homography(matrices), **options)
            expected = by_scipy(images[:-1], matrices[:-1], size, mode, 41)
            equal_memory(got[:-1], expected)
            equal_memory(got[-1:], alone)
            equal_memory(by_homography[:-1], expected)


@given(data=st.data())
def test_any_layout(data: st.DataObject) -> None:
    n, height, width, channels = data.draw(st.tuples(*[st.integers(1, 20)] * 3, st.integers(1, 5)))
    dtype = data.draw(st.sampled_from(["uint8", "float32"]))
    content = some(np.random.default_rng(0), (n, height, width, channels), dtype)
    images = place(content, data.draw(layouts(4, itemsize=content.itemsize))).array
    size = data.draw(st.tuples(st.integers(1, 20), st.integers(1, 20)))
    room = np.zeros((n, *size, channels), dtype)
    out = place(room, data.draw(layouts(4, itemsize=content.itemsize, output=True)))
    turn = data.draw(st.sampled_from(list(TURNS)))
    matrix = whole(turn, data.draw(st.integers(-25, 25)), data.draw(st.integers(-25, 25)))
    mode = data.draw(st.sampled_from(FILL_MODES))
    fastaug.warp_affine(images, matrix, output_size=size, fill_mode=mode, out=out.array)
    equal_memory(
        np.ascontiguousarray(out.array).astype(dtype), by_scipy(content, matrix, size, mode, 0)
    )


@modes
def test_bands_of_rows(mode: str, level: str, rng: np.random.Generator) -> None:
    """One image that several threads share."""
    fastaug.set_num_threads(3)
    images = some(rng, (1, 190, 210, 3), "float32")
    for turn in TURNS:
        for x, y in ((0, 0), (17, -4)):
            matrix = np.add(inside(turn, 190, 210), [[0, 0, x], [0, 0, y]])
            got = fastaug.warp_affine(images, matrix, fill_mode=mode)
            equal_memory(got, by_scipy(images, matrix, (190, 210), mode, 0))


@interpolations
def test_what_is_whole(interpolation: str) -> None:
    """Entries in 32.32, as they are used, and of homographies in double; nothing else is rounded."""
    images = np.array([[[np.nan, np.inf, -np.inf, -0.0, 1e-45, 3.4e38]]], np.float32)
    images = images[..., np.newaxis]
    images = np.repeat(images, 2, axis=1)
    off = np.array([[0, 0, 1.0], [0, 0, 0]])
    eye = np.eye(3)[:2]
    for near in (eye, eye + off * 2**-34, eye + 6e-17):
        equal_memory(fastaug.warp_affine(images, near, interpolation=interpolation), images)
    same = fastaug.warp_perspective(images, homography(eye), interpolation=interpolation)
    equal_memory(same, images)
    with np.errstate(all="ignore"):
        blended = fastaug.warp_affine(images, eye + off * 2**-31, interpolation=interpolation)
        seen = fastaug.warp_perspective(images, np.diag([2.0, 2, 2]), interpolation=interpolation)
    if interpolation != "nearest":
        assert np.isnan(blended[0, 0, 1]).all()
        assert np.isnan(seen[0, 0, 1]).all()


@modes
@interpolations
def test_an_infinite_fill_value(interpolation: str, mode: str) -> None:
    image = np.array([[1, 2, 3]], np.float32)
    got = fastaug.warp_affine(
        image,
        whole((1, 0, 0, 1), 1, 0),
        interpolation=interpolation,
        fill_mode=mode,
        fill_value=-np.inf,
    )
    last = {"nearest": 3, "reflect": 3, "mirror": 2, "wrap": 2, "grid-wrap": 1}.get(mode, -np.inf)
    equal_memory(got, np.array([[2, 3, last]], np.float32))


@needs_extension
@dtypes
@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_nothing_beyond_the_images_is_touched(
    turn: tuple[int, ...], dtype: str, level: str, rng: np.random.Generator
) -> None:
    source, target = Page(), Page()
    for (height, width), (x, y) in (
        ((1, 1), (0, 0)),
        ((5, 3), (1, 0)),
        ((17, 20), (0, 0)),
        ((19, 18), (-2, 3)),
        ((23, 37), (40, -1)),
    ):
        for channels in (1, 2, 3, 4, 5):
            for at_end in (False, True):
                images = source.array((1, height, width, channels), dtype, at_end=at_end)
                images[...] = some(rng, images.shape, dtype)
                size = (width, height) if turn[0] == 0 else (height, width)
                out = target.array((1, *size, channels), dtype, at_end=at_end)
                matrix = np.add(inside(turn, height, width), [[0, 0, x], [0, 0, y]])
                for mode in ("constant", "mirror"):
                    fastaug.warp_affine(images, matrix, output_size=size, fill_mode=mode, out=out)
                    equal_memory(out, by_scipy(images, matrix, size, mode, 0))
