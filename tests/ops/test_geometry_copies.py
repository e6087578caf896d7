"""flip and rot90: NumPy's bits for every dtype and layout."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from copies import DTYPES, any_bits, equal_memory
from hypothesis import given
from hypothesis import strategies as st
from layouts import layouts, place
from references import same_bits

import fastaug

Array = npt.NDArray[Any]
FORMATS = {"channels_last": (1, 2), "channels_first": (2, 3)}  # the axes (row, column)

dtypes = pytest.mark.parametrize("dtype", DTYPES)
formats = pytest.mark.parametrize("data_format", FORMATS)


@dtypes
@formats
def test_flip(data_format: str, dtype: str, rng: np.random.Generator) -> None:
    rows, columns = FORMATS[data_format]
    for channels, (height, width) in product(
        (1, 2, 3, 4, 7), ((1, 1), (1, 9), (8, 1), (5, 16), (6, 33))
    ):
        shape = (2, height, width, channels) if rows == 1 else (2, channels, height, width)
        images = any_bits(rng, shape, dtype)
        for horizontal, vertical in product((False, True), repeat=2):
            got = fastaug.flip(
                images, horizontal=horizontal, vertical=vertical, data_format=data_format
            )
            equal_memory(got, np.flip(images, [rows] * vertical + [columns] * horizontal))


@dtypes
@formats
def test_rot90(data_format: str, dtype: str, rng: np.random.Generator) -> None:
    for shape in ((2, 5, 7, 3), (1, 17, 16, 1), (2, 33, 20, 4), (1, 1, 6, 2)):
        images = any_bits(rng, shape, dtype)
        for k in (-5, -1, 0, 1, 2, 3, 4, 2**62):
            got = fastaug.rot90(images, k, data_format=data_format)
            equal_memory(got, np.rot90(images, k, FORMATS[data_format]))


@formats
def test_flags_for_each_image(data_format: str, rng: np.random.Generator) -> None:
    images = any_bits(rng, (8, 5, 6, 3), "u1")
    horizontal = rng.integers(0, 2, 8).astype(bool)
    vertical = rng.integers(0, 2, 8).astype(bool).tolist()
    rows, columns = FORMATS[data_format]
    got = fastaug.flip(images, horizontal=horizontal, vertical=vertical, data_format=data_format)
    for i in range(8):
        axes = [rows] * vertical[i] + [columns] * int(horizontal[i])
        equal_memory(got[i : i + 1], np.flip(images[i : i + 1], axes))


@formats
@pytest.mark.parametrize("k", [[0, 2, -2, 4, 6], [1, 3, -1, 5, 7], [0, 1, 2, 3, 4]])
def test_turns_for_each_image(k: list[int], data_format: str, rng: np.random.Generator) -> None:
    mixed = len({i % 2 for i in k}) == 2
    axes = FORMATS[data_format]
    images = any_bits(rng, (5, 6, 6, 6) if mixed else (5, 6, 7, 4), "u2")
    got = fastaug.rot90(images, k, data_format=data_format)
    for i in range(5):
        equal_memory(got[i : i + 1], np.rot90(images[i : i + 1], k[i], axes))


@given(data=st.data())
def test_numpy_agrees_in_any_layout(data: st.DataObject) -> None:
    shape = data.draw(st.tuples(*[st.integers(0, 9)] * 4), "shape")
    dtype = data.draw(st.sampled_from(DTYPES), "dtype")
    content = any_bits(np.random.default_rng(0), shape, dtype)
    images = place(content, data.draw(layouts(4, itemsize=content.itemsize))).array
    horizontal, vertical = data.draw(st.booleans()), data.draw(st.booleans())
    got = fastaug.flip(images, horizontal=horizontal, vertical=vertical)
    equal_memory(got, np.flip(content, [1] * vertical + [2] * horizontal))
    k = data.draw(st.integers(-4, 4))
    equal_memory(fastaug.rot90(images, k), np.rot90(content, k, (1, 2)))


def test_planes_and_single_images(rng: np.random.Generator) -> None:
    plane = any_bits(rng, (4, 5), "f4")
    equal_memory(fastaug.flip(plane, horizontal=True), plane[:, ::-1])
    equal_memory(fastaug.rot90(plane), np.rot90(plane))
    image = any_bits(rng, (4, 5, 3), "u1")
    equal_memory(fastaug.flip(image, vertical=[True]), image[::-1])
    equal_memory(fastaug.flip(image, vertical=True, data_format="channels_first"), image[:, ::-1])
    equal_memory(fastaug.rot90(image, [3]), np.rot90(image, 3))


def test_the_result_is_a_copy() -> None:
    images = np.zeros((1, 2, 2, 1))
    got = fastaug.flip(images)
    got[...] = 1
    same_bits(images, np.zeros((1, 2, 2, 1)))
