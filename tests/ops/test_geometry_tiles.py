"""Slanted maps of images whose rows are long, which are made tile by tile: to the bit, nothing read or
written beside the arrays.

What a row of the output reads of the input is 0.6 to 1 MB in these tests, and tiles have 128 × 128 pixels.
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
from sampling import by_the_book, coordinates_by_the_book, sampled

import fastaug

if BUILT:
    from fastaug import _native

Array = npt.NDArray[Any]
LEVELS = _native.available_levels() if BUILT else [None]

# An output with tiles cut short at both ends, and inputs of so many bytes a row.
MADE = (140, 275)
SHAPES = {
    "uint8": [(120, 2100, 3), (120, 6400, 1), (120, 700, 9)],
    "float32": [(120, 500, 4), (120, 1700, 1)],
}

modes = pytest.mark.parametrize("mode", FILL_MODES)
interpolations = pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
shapes = pytest.mark.parametrize(
    ("dtype", "shape"), [(dtype, shape) for dtype, all in SHAPES.items() for shape in all], ids=str
)


@pytest.fixture(scope="module")
def pages() -> tuple[Page, Page]:
    return Page(240), Page(180)


def slanted(shape: tuple[int, ...], slope: float) -> Array:
    """A map whose rows cross the image, the ends of its rows among what the output shows."""
    along, middle = (shape[1] + 60) / MADE[1], np.array([shape[1] / 2, shape[0] / 2])
    matrix = np.array([[along, -slope, 0.0], [slope, 0.9, 0.0]])
    matrix[:, 2] = middle - matrix[:, :2] @ (np.array([MADE[1], MADE[0]]) / 2)
    return matrix


def each_way(pages: tuple[Page, Page], content: Array) -> Any:
    """The image at either end of its memory, and an output there, at every level, on one thread and three."""
    threads = fastaug.get_num_threads()
    shape = (1, *MADE, content.shape[2])
    try:
        for level, at_end, count in product(LEVELS, (False, True), (1, 3)):
            if level:
                _native.use_level(level)
            fastaug.set_num_threads(count)
            image = pages[0].array((1, *content.shape), content.dtype.name, at_end=at_end)
            image[0] = content
            out = pages[1].array(shape, content.dtype.name, at_end=at_end)
            out[...] = 77
            yield image, out
    finally:
        fastaug.set_num_threads(threads)


@shapes
@modes
@interpolations
def test_affine(
    interpolation: str,
    mode: str,
    dtype: str,
    shape: tuple[int, int, int],
    pages: tuple[Page, Page],
    rng: np.random.Generator,
) -> None:
    content = pixels(rng, shape, dtype)
    for slope in (0.7, -0.45):
        matrix = slanted(shape, slope)
        expected = by_the_book(content[None], matrix[None], MADE, interpolation, mode, 3.0)
        for image, out in each_way(pages, content):
            fastaug.warp_affine(
                image,
                matrix,
                output_size=MADE,
                interpolation=interpolation,
                fill_mode=mode,
                fill_value=3.0,
                out=out,
            )
            same_bits(out, expected)


@shapes
@modes
@interpolations
def test_fields(
    interpolation: str,
    mode: str,
    dtype: str,
    shape: tuple[int, int, int],
    pages: tuple[Page, Page],
    rng: np.random.Generator,
) -> None:
    content = pixels(rng, shape, dtype)
    matrix = np.vstack([slanted(shape, 0.6), [3e-4, -2e-4, 1.0]])
    options = {"interpolation": interpolation, "fill_mode": mode, "fill_value": 3.0}
    y, x = np.indices(MADE)
    field = np.stack([matrix[i, 0] * x + matrix[i, 1] * y + matrix[i, 2] for i in (0, 1)], -1)
    field = np.float32(field + rng.normal(0, 2, field.shape))
    at = (
        coordinates_by_the_book(matrix, None, MADE),
        coordinates_by_the_book(np.diag([0.0, 0.0, 1.0]), field, MADE),
    )
    warped, mapped = (sampled(content, *where, interpolation, mode, 3.0) for where in at)
    for image, out in each_way(pages, content):
        fastaug.warp_perspective(image, matrix, output_size=MADE, out=out, **options)
        same_bits(out[0], warped)
        out[...] = 77
        fastaug.remap(image, field, out=out, **options)
        same_bits(out[0], mapped)
