"""warp_affine of one channel by maps of every slope, to the bit, and nothing read beside the image.

Neighbouring columns that read neighbouring pixels are looked up in windows, sixteen columns in 32 pixels
and up to 12 rows, or, of bytes at v3, eight in 16 pixels and up to 9 rows: there are maps on either
side of those limits.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from cases import pixels
from extension import BUILT
from guarded import Page
from references import FILL_MODES, same_bits
from sampling import by_the_book

import fastaug

if BUILT:
    from fastaug import _native

LEVELS = _native.available_levels() if BUILT else [None]
Array = npt.NDArray[Any]

ALONG = (0.0, 2.0**-32, 0.97, -1.1, 2.0, 2.01, -2.3)  # 2: sixteen columns read 31 pixels, eight 15
# 11 / 15: sixteen columns read 12 rows; 8 / 7: eight read 9.
ACROSS = (0.0, -(2.0**-32), 0.09, -0.31, 0.7333, 0.7334, -0.7334, 1.1428, -1.1429, 2.0)


def maps(size: tuple[int, int], made: tuple[int, int], rng: np.random.Generator) -> Array:
    """Of every slope, each around a place near the middle, and one that is far from all limits."""
    slopes = [*product(ALONG, ACROSS), (7.0, 0.1), (0.1, 1e6)]
    matrices = np.empty((len(slopes), 2, 3))
    for matrix, (along, across) in zip(matrices, slopes, strict=True):
        matrix[:, 0] = along, across
        matrix[:, 1] = -across, along or 1.0
        away = rng.uniform(-0.2, 0.2, 2) * size[::-1]
        middle = np.array([size[1], size[0]]) / 2 + away
        matrix[:, 2] = middle - matrix[:, :2] @ (np.array([made[1], made[0]]) / 2)
    return matrices


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(12)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("mode", FILL_MODES)
@pytest.mark.parametrize(
    ("size", "made"),
    [
        ((71, 90), (30, 95)),
        ((19, 40), (21, 64)),
        ((90, 23), (40, 33)),
        ((3, 31), (9, 33)),
        ((40, 50), (8, 15)),
    ],
    ids=str,
)
def test_one_channel_to_the_bit(
    size: tuple[int, int],
    made: tuple[int, int],
    mode: str,
    dtype: str,
    page: Page,
    rng: np.random.Generator,
) -> None:
    content = pixels(rng, (*size, 1), dtype)
    if dtype == "float32":
        content[rng.random(content.shape) < 0.02] = np.inf
    matrices = maps(size, made, rng)
    many = (len(matrices), *content.shape)
    with np.errstate(invalid="ignore"):
        expected = by_the_book(
            np.broadcast_to(content, many), matrices, made, "bilinear", mode, 3.0
        )
    for level, (at_end, step) in product(LEVELS, ((False, 1), (True, 1), (False, -1))):
        if level:
            _native.use_level(level)
        image = page.array(content.shape, dtype, at_end=at_end)[::step]
        image[...] = content
        got = fastaug.warp_affine(
            np.broadcast_to(image, many), matrices, output_size=made, fill_mode=mode, fill_value=3.0
        )
        same_bits(got, expected)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_rows_that_lie_backwards_or_on_each_other(dtype: str, rng: np.random.Generator) -> None:
    content = pixels(rng, (40, 50, 1), dtype)
    matrices = maps((40, 50), (20, 60), rng)
    views = (content[::-1], content[:, ::-1], content[:, 3:-2], content[::3])
    for image in (*views, np.broadcast_to(content[:1], content.shape)):
        images = np.broadcast_to(image, (len(matrices), *image.shape))
        expected = by_the_book(images, matrices, (20, 60), "bilinear", "constant", 0.0)
        for level in LEVELS:
            if level:
                _native.use_level(level)
            same_bits(fastaug.warp_affine(images, matrices, output_size=(20, 60)), expected)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
@pytest.mark.parametrize("mode", FILL_MODES)
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_a_few_rows_at_the_end_of_memory(
    dtype: str, mode: str, interpolation: str, page: Page, rng: np.random.Generator
) -> None:
    """All columns before the first row, or around the last: loads take what is behind a pixel along."""
    matrices = np.array(
        [[[0.95, 0.0, 1.5], [slope, 0.9, y]] for slope in (0.0, 0.02) for y in (-9.3, -1.6, 0.3)]
    )
    for height, channels in product((1, 2, 3), (1, 3, 4)):
        content = pixels(rng, (height, 40, channels), dtype)
        many = (len(matrices), *content.shape)
        expected = by_the_book(
            np.broadcast_to(content, many), matrices, (9, 40), interpolation, mode, 3.0
        )
        for level, at_end in product(LEVELS, (False, True)):
            if level:
                _native.use_level(level)
            image = page.array(content.shape, dtype, at_end=at_end)
            image[...] = content
            got = fastaug.warp_affine(
                np.broadcast_to(image, many),
                matrices,
                output_size=(9, 40),
                interpolation=interpolation,
                fill_mode=mode,
                fill_value=3.0,
            )
            same_bits(got, expected)
