"""Medians and boxes at every level, of rows shorter than a register and of those beyond: SciPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.ndimage as ndi
from cases import MORPHOLOGY_DTYPES, pixels
from references import same_bits

import fastaug

_native = pytest.importorskip("fastaug._native", reason="levels are the extension's")

Array = npt.NDArray[Any]
SENTINEL = 77

# Rows of less than one register, of one, and of so many elements that each goes alone: 512 bytes,
# or 256 bytes of anything else.
WIDTHS = (1, 2, 7, 8, 9, 15, 16, 17, 28, 31, 32, 33, 63, 64, 65, 127, 128, 129, 511, 512, 513)


@pytest.fixture(params=_native.available_levels(), autouse=True)
def level(request: pytest.FixtureRequest) -> None:
    _native.use_level(request.param)


def check(blur: Any, images: Array, expected: Array, size: int) -> None:
    """Into memory of its own, and into part of another's, with other strides."""
    same_bits(blur(images, size, mode="nearest"), expected)
    n, h, w, c = images.shape
    around = np.full((c + 1, n, h + 2, w + 2), SENTINEL, images.dtype)
    out = np.moveaxis(around[:c, :, 1:-1, 1:-1], 0, -1)
    blur(images, size, mode="nearest", out=out)
    same_bits(np.ascontiguousarray(out), expected)
    out[...] = SENTINEL
    assert (around == SENTINEL).all()
    around = np.full((n, h, w + 9, c), SENTINEL, images.dtype)
    out = around[:, :, 3 : 3 + w]
    blur(images, size, mode="nearest", out=out)
    same_bits(np.ascontiguousarray(out), expected)
    out[...] = SENTINEL
    assert (around == SENTINEL).all()


def medians(images: Array, size: int) -> Array:
    found: Array = ndi.median_filter(images, (1, size, size, 1), mode="nearest")
    return found


@pytest.mark.parametrize("dtype", MORPHOLOGY_DTYPES)
@pytest.mark.parametrize("size", [3, 5, 7, 9])
def test_medians_of_rows_of_every_length(size: int, dtype: str, rng: np.random.Generator) -> None:
    for width in WIDTHS:
        if size == 9 and width > 129:
            continue
        images = pixels(rng, (2, 5, width, 1), dtype)
        check(fastaug.median_blur, images, medians(images, size), size)
    for channels in (2, 3, 4, 17):
        images = pixels(rng, (1, 6, 11, channels), dtype)
        check(fastaug.median_blur, images, medians(images, size), size)


@pytest.mark.parametrize("dtype", MORPHOLOGY_DTYPES)
@pytest.mark.parametrize("size", [3, 7, 11])
def test_medians_of_more_rows_than_go_together(
    size: int, dtype: str, rng: np.random.Generator
) -> None:
    for height, width in ((700, 3), (300, 28), (90, 60)):
        images = pixels(rng, (1, height, width, 1), dtype)[:, : height if size < 11 else 310]
        same_bits(fastaug.median_blur(images, size, mode="nearest"), medians(images, size))


@pytest.mark.parametrize("size", [9, 11, 13, 15, 17, 31])
def test_medians_of_bytes_bit_by_bit_and_by_histograms(size: int, rng: np.random.Generator) -> None:
    for height, width, channels in ((8, 8, 1), (28, 28, 1), (20, 64, 1), (14, 100, 3), (9, 224, 3)):
        images = pixels(rng, (1, height, width, channels), "uint8")
        check(fastaug.median_blur, images, medians(images, size), size)


@pytest.mark.parametrize("dtype", MORPHOLOGY_DTYPES)
@pytest.mark.parametrize("size", [3, 5, 8, 15, 16, 21, 51])
def test_boxes_of_rows_of_every_length(size: int, dtype: str, rng: np.random.Generator) -> None:
    for width in (w for w in WIDTHS if w < 66):
        images = pixels(rng, (2, 5, width, 1), dtype)
        if dtype.startswith("float"):
            images = np.rint(images)  # whose sums are exact
            exact = ndi.uniform_filter(images.astype(float), size, mode="nearest", axes=(1, 2))
            got = fastaug.box_blur(images, size, mode="nearest")
            np.testing.assert_allclose(got, exact, rtol=3e-6 if dtype == "float32" else 1e-13)
            check(fastaug.box_blur, images, got, size)
            continue
        sums = images.astype(np.int64)
        for axis in (1, 2):
            sums = ndi.correlate1d(sums, np.ones(size, np.int64), axis, mode="nearest")
        check(fastaug.box_blur, images, np.rint(sums / size**2).astype(dtype), size)
