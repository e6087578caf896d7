"""crop, pad, erase and paste at every level: rows of all lengths, and outputs that no cache holds."""

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
MODES = {"constant": "constant", "nearest": "edge", "mirror": "reflect"}

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


@levels
@pytest.mark.usefixtures("at_level")
@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("mode", ["crop", "erase", "paste", *MODES])
def test_outputs_that_the_cache_cannot_hold(mode: str, threads: int, level: str) -> None:
    """Lines of the cache that two images, two bands, or an image and what is not ours, share."""
    images = np.resize(np.arange(251, dtype=np.uint8), (13, 1041, 1003, 1))
    by = (3, 4), (5, 6)
    if mode == "crop":
        expected = images[:, 2:-3, 5:-2]
    elif mode in MODES:
        expected = np.pad(images, ((0, 0), *by, (0, 0)), MODES[mode])
    else:
        expected = images.copy()
        expected[:, 500:1030, 7:900] = 0 if mode == "erase" else 255 - images[:, 500:1030, 7:900]
    assert expected.size > 12 << 20, "too few bytes to go past the cache"
    fastaug.set_num_threads(threads)
    for offset in (0, 37):
        memory = np.full(expected.size + 256, SENTINEL, np.uint8)
        out = memory[offset : offset + expected.size].reshape(expected.shape)
        if mode == "crop":
            fastaug.crop(images, 2, 5, *expected.shape[1:3], out=out)
        elif mode == "erase":
            fastaug.erase(images, [(500, 7, 530, 893)], out=out)
        elif mode == "paste":
            fastaug.paste(images, 255 - images, (500, 7, 530, 893), out=out)
        else:
            fastaug.pad(images, by, fill_mode=mode, out=out)
        check(out, memory, expected)
