"""Geometry at every level: sizes around those of registers, and nothing touched beside the images."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from guarded import Page
from sampling import by_the_book

import fastaug

_native = pytest.importorskip("fastaug._native", reason="levels are the extension's")

Array = npt.NDArray[Any]
CHANNELS = (1, 2, 3, 4, 5, 6, 7, 9)
DTYPES = ("u1", "u2", "f4", "f8")
# Bytes of a row on both sides of one to five registers of every level, whatever a pixel has.
WIDTHS = (*range(1, 36), 47, 48, 49, 63, 64, 65, 66, 67, 85, 86, 127, 128, 129, 131)
SENTINEL = 0xA5

levels = pytest.mark.parametrize("level", _native.available_levels())


@pytest.fixture
def at_level(level: str) -> None:
    _native.use_level(level)


def filled(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> Array:
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    return np.frombuffer(rng.bytes(size), dtype).reshape(shape)


@pytest.fixture(scope="module")
def pages() -> tuple[Page, Page]:
    return Page(), Page()


MOTIONS: dict[str, tuple[Callable[..., Array], Callable[[Array], Array]]] = {
    "copy": (lambda x, out: fastaug.flip(x, out=out), lambda x: x),
    "horizontal": (
        lambda x, out: fastaug.flip(x, horizontal=True, out=out),
        lambda x: x[:, :, ::-1],
    ),
    "vertical": (lambda x, out: fastaug.flip(x, vertical=True, out=out), lambda x: x[:, ::-1]),
    "both": (
        lambda x, out: fastaug.flip(x, horizontal=True, vertical=True, out=out),
        lambda x: x[:, ::-1, ::-1],
    ),
    "left": (lambda x, out: fastaug.rot90(x, 1, out=out), lambda x: np.rot90(x, 1, (1, 2))),
    "half": (lambda x, out: fastaug.rot90(x, 2, out=out), lambda x: np.rot90(x, 2, (1, 2))),
    "right": (lambda x, out: fastaug.rot90(x, 3, out=out), lambda x: np.rot90(x, 3, (1, 2))),
}


@levels
@pytest.mark.usefixtures("at_level")
@pytest.mark.parametrize("dtype", DTYPES)
def test_mirrors_of_all_widths(dtype: str, level: str, rng: np.random.Generator) -> None:
    for width, channels in product(WIDTHS, CHANNELS):
        images = filled(rng, (1, 2, width, channels), dtype)
        got = fastaug.flip(images, horizontal=True)
        assert got.tobytes() == images[:, :, ::-1].tobytes(), (width, channels)


@levels
@pytest.mark.usefixtures("at_level")
@pytest.mark.parametrize("dtype", DTYPES)
def test_turns_of_all_sizes(dtype: str, level: str, rng: np.random.Generator) -> None:
    sides = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 19, 31, 33, 63, 64, 65, 71)
    for height, width in zip(sides, rng.permutation(sides), strict=True):
        for channels, k in product(CHANNELS, (1, 3)):
            images = filled(rng, (1, height, width, channels), dtype)
            got = fastaug.rot90(images, k)
            expected = np.rot90(images, k, (1, 2))
            assert got.tobytes() == expected.tobytes(), (height, width, channels, k)


@levels
@pytest.mark.usefixtures("at_level")
def test_turns_of_more_rows_than_a_strip(level: str, rng: np.random.Generator) -> None:
    for channels in (1, 3, 4):
        images = filled(rng, (1, 70, 300, channels), "u1")
        for k in (1, 3):
            assert fastaug.rot90(images, k).tobytes() == np.rot90(images, k, (1, 2)).tobytes()


@levels
@pytest.mark.usefixtures("at_level")
@pytest.mark.parametrize("motion", MOTIONS)
def test_memory_ends_where_the_images_do(
    motion: str, level: str, pages: tuple[Page, Page], rng: np.random.Generator
) -> None:
    """A load or store beyond the first or last byte of either array would be the end of this process."""
    act, expect = MOTIONS[motion]
    for (height, width), channels, dtype in product(
        ((2, 3), (5, 16), (17, 33), (33, 17), (4, 90)), (1, 2, 3, 4, 5, 7), ("u1", "u2", "f4")
    ):
        content = filled(rng, (1, height, width, channels), dtype)
        expected = expect(content)
        for at_end in (False, True):
            images = pages[0].array(content.shape, dtype, at_end=at_end)
            out = pages[1].array(expected.shape, dtype, at_end=at_end)
            images[...] = content
            act(images, out)
            assert out.tobytes() == expected.tobytes(), (height, width, channels, dtype)


@levels
@pytest.mark.usefixtures("at_level")
@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
@pytest.mark.parametrize("mode", ["constant", "nearest", "reflect"])
def test_warps_read_no_further_than_their_images(
    mode: str, interpolation: str, level: str, pages: tuple[Page, Page], rng: np.random.Generator
) -> None:
    """To the first and last pixel, upright, turned and mirrored; of rows with a gap between them, too."""
    matrix = np.array(
        [
            [[1, 0, 0.5], [0, 1, 0.5]],
            [[0.98, -0.2, 3], [0.2, 0.98, -2]],
            [[-1, 0, 32.75], [0, -1, 16.25]],
            [[0.5, 0, 0], [0, 0.5, 0]],
        ]
    )
    for channels, dtype, at_end, cut in product((1, 3, 4), ("u1", "f4"), (False, True), (0, 1)):
        whole = pages[0].array((1, 17, 33 + cut, channels), dtype, at_end=at_end)
        whole[...] = rng.integers(0, 256, whole.shape)
        images = whole[:, :, cut:] if at_end else whole[:, :, :33]
        for m in matrix:
            expected = by_the_book(images, m[np.newaxis], (18, 35), interpolation, mode, 7.0)
            got = fastaug.warp_affine(
                images,
                m,
                output_size=(18, 35),
                interpolation=interpolation,
                fill_mode=mode,
                fill_value=7.0,
            )
            assert got.tobytes() == expected.tobytes(), (channels, dtype, at_end, cut)


@levels
@pytest.mark.usefixtures("at_level")
@pytest.mark.parametrize("motion", MOTIONS)
def test_what_lies_between_rows_stays(motion: str, level: str, rng: np.random.Generator) -> None:
    """Stores that overlap the next pixels must not reach beyond the last one of a row."""
    act, expect = MOTIONS[motion]
    for (height, width), channels in product(((3, 7), (17, 35), (40, 66)), (1, 3, 4, 5, 12)):
        images = filled(rng, (2, height, width, channels), "u1")
        expected = expect(images)
        n, h, w, _ = expected.shape
        around = np.full((n, h + 2, w + 2, channels), SENTINEL, np.uint8)
        act(images, around[:, 1:-1, 1:-1])
        assert around[:, 1:-1, 1:-1].tobytes() == expected.tobytes()
        around[:, 1:-1, 1:-1] = SENTINEL
        assert (around == SENTINEL).all(), (height, width, channels)


@levels
@pytest.mark.usefixtures("at_level")
@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("motion", ["horizontal", "vertical", "half", "left"])
@pytest.mark.parametrize(
    "shape", [(1, 901, 811, 3), (1, 2053, 2049, 3), (29, 383, 1201, 1)], ids=str
)
def test_outputs_worth_threads_and_those_that_the_cache_cannot_hold(
    shape: tuple[int, ...], motion: str, threads: int, level: str
) -> None:
    """Lines of the cache that two bands, or an image and what is not ours, have in common."""
    act, expect = MOTIONS[motion]
    assert np.prod(shape) > 2 << 20, "too few bytes for threads"
    assert shape[1] == 901 or np.prod(shape) > 12 << 20, "too few bytes to go past the cache"
    images = np.resize(np.arange(251, dtype=np.uint8), shape)
    expected = expect(images)
    fastaug.set_num_threads(threads)
    for offset in (0, 37):
        memory = np.full(images.size + 256, SENTINEL, np.uint8)
        out = memory[offset : offset + images.size].reshape(expected.shape)
        act(images, out)
        assert np.array_equal(out, expected)
        assert (memory[:offset] == SENTINEL).all()
        assert (memory[offset + images.size :] == SENTINEL).all()
