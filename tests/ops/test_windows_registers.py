"""crop, pad, erase and paste at every level: rows of all lengths."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import fastaug

_native = pytest.importorskip("fastaug._native", reason="levels are the extension's")

Array = npt.NDArray[Any]
# Bytes of a row on both sides of all parts that rows are copied in, and of where memcpy takes over.
WIDTHS = (*range(1, 70), 95, 96, 97, 127, 128, 129, 4095, 4096, 4097)
SENTINEL = 0xA5

levels = pytest.mark.parametrize("level", _native.available_levels())


@pytest.fixture
def at_level(level: str) -> None:
    _native.use_level(level)


def check(out: Array, around: Array, expected: Array) -> None:
    """What was to be written, and nothing beside it."""
    assert np.array_equal(out, expected)
    out[...] = SENTINEL
    assert (around == SENTINEL).all()


@levels
@pytest.mark.usefixtures("at_level")
def test_rows_of_every_length(level: str, rng: np.random.Generator) -> None:
    for width in WIDTHS:
        images = rng.integers(0, 256, (2, 4, width + 7, 1), np.uint8)
        others = 255 - images
        around = np.full((2, 6, width + 9, 1), SENTINEL, np.uint8)
        out = around[:, 1:3, 1:-8]
        fastaug.crop(images, 1, 4, 2, width, out=out)
        check(out, around, images[:, 1:3, 4 : 4 + width])
        out = around[:, 1:5, 1:-1]
        for call in (fastaug.erase, fastaug.paste):
            expected = images.copy()
            box = 1, 3, 2, width
            if call is fastaug.erase:
                expected[:, 1:3, 3 : 3 + width] = 9
                fastaug.erase(images, [box], 9, out=out)
            else:
                expected[:, 1:3, 3 : 3 + width] = others[:, 1:3, 3 : 3 + width]
                fastaug.paste(images, others, box, out=out)
            check(out, around, expected)


@levels
@pytest.mark.usefixtures("at_level")
def test_sides_of_every_length(level: str, rng: np.random.Generator) -> None:
    for width in WIDTHS:
        images = rng.integers(0, 256, (1, 2, width, 1), np.uint8)
        around = np.full((1, 6, 2 * width + 7, 1), SENTINEL, np.uint8)
        out = around[:, 1:-1, 1:-1]
        fastaug.pad(images, ((1, 1), (5, width)), fill_value=7, out=out)
        expected = np.pad(images[0, :, :, 0], ((1, 1), (5, width)), constant_values=7)
        check(out, around, expected[np.newaxis, :, :, np.newaxis])
