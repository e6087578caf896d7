"""warp_affine where columns read exactly the edge of an image, or a hair beside it, to the bit.

Which columns of a row read inside is told by doubles, but for those within a hair of an edge.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from cases import pixels
from extension import BUILT
from guarded import Page
from references import same_bits
from sampling import by_the_book

import fastaug

if BUILT:
    from fastaug import _native

LEVELS = _native.available_levels() if BUILT else [None]
Array = npt.NDArray[Any]

UNIT = 2.0**-32
# From one column to the next: those below 2^-16 of a pixel are too flat for doubles.
STEPS = (
    0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    -0.25,
    1.0 + UNIT,
    0.75 - UNIT,
    2.0**-15,
    -(2.0**-16),
    2.0**-17,
    UNIT,
)
BESIDE = (0.0, UNIT, -UNIT, 2.0**-15, -(2.0**-17), 2.0**-20)
MADE = (12, 26)


def maps(size: tuple[int, int], rng: np.random.Generator) -> Array:
    """Each with a pixel of the result that reads the first or the last row or column, or beside it."""
    matrices = np.empty((240, 2, 3))
    for matrix in matrices:
        matrix[:, :2] = rng.choice(STEPS, (2, 2))
        if rng.random() < 0.5:  # as most maps are
            matrix[0, 0], matrix[1, 1] = 1.0 + matrix[0, 0] / 4, 1.0 + matrix[1, 1] / 4
            matrix[0, 1] /= 4
            matrix[1, 0] /= 4
        at = rng.integers(0, (MADE[1], MADE[0]))
        edge = rng.choice([0, 1], 2) * (np.array(size[::-1]) - 1) + rng.choice(BESIDE, 2)
        matrix[:, 2] = edge - matrix[:, :2] @ at
    return np.round(matrices / UNIT) * UNIT


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(12)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
@pytest.mark.parametrize(
    ("dtype", "channels"), [("uint8", 1), ("uint8", 3), ("float32", 1), ("float32", 3)]
)
@pytest.mark.parametrize("mode", ["constant", "reflect", "nearest"])
@pytest.mark.parametrize("size", [(15, 29), (1, 30), (2, 2), (17, 1)], ids=str)
def test_on_the_edge(
    size: tuple[int, int],
    mode: str,
    dtype: str,
    channels: int,
    interpolation: Any,
    page: Page,
    rng: np.random.Generator,
) -> None:
    image = page.array((*size, channels), dtype, at_end=True)
    image[...] = pixels(rng, image.shape, dtype)
    matrices = maps(size, rng)
    images = np.broadcast_to(image, (len(matrices), *image.shape))
    expected = by_the_book(images, matrices, MADE, interpolation, mode, 3.0)
    for level in LEVELS:
        if level:
            _native.use_level(level)
        got = fastaug.warp_affine(
            images,
            matrices,
            output_size=MADE,
            interpolation=interpolation,
            fill_mode=mode,
            fill_value=3.0,
        )
        same_bits(got, expected)
