"""erase and shuffle_channels: NumPy's bits for every dtype and layout."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from copies import DTYPES, any_bits, equal_memory
from hypothesis import given
from hypothesis import strategies as st
from layouts import layouts, place

import fastaug

Array = npt.NDArray[Any]
dtypes = pytest.mark.parametrize("dtype", DTYPES)


def erased(images: Array, boxes: Array, value: Any) -> Array:
    """By slices of NumPy; boxes are (n, k, 4), the value anything that fits (n, channels)."""
    result = images.copy()
    values = np.broadcast_to(value, (len(images), images.shape[3]))
    for image, areas, colour in zip(result, boxes, values, strict=True):
        for top, left, height, width in areas:
            rows = slice(max(top, 0), max(top + height, 0))
            image[rows, max(left, 0) : max(left + width, 0)] = colour
    return result


@dtypes
def test_erase(dtype: str, rng: np.random.Generator) -> None:
    boxes = [[2, 3, 4, 5], [-3, -2, 5, 9], [7, 20, 50, 60], [0, 0, 0, 9], [40, 3, 2, 2]]
    for channels in (1, 2, 3, 4, 7):
        images = any_bits(rng, (2, 9, 23, channels), dtype)
        value = np.ones(channels) if dtype == "?" else np.arange(channels) + 1
        expected = erased(images, np.array([boxes] * 2), value)
        equal_memory(fastaug.erase(images, boxes, value[np.newaxis]), expected)
        first = np.ascontiguousarray(np.moveaxis(images, -1, 1))
        got = fastaug.erase(first, boxes, value[np.newaxis], data_format="channels_first")
        equal_memory(np.ascontiguousarray(np.moveaxis(got, 1, -1)), expected)


def test_boxes_and_values_for_each_image(rng: np.random.Generator) -> None:
    images = any_bits(rng, (30, 16, 18, 3), "u1")
    boxes = np.concatenate(
        [rng.integers(-9, 20, (30, 7, 2)), rng.integers(0, 9, (30, 7, 2))], axis=2
    )
    values = rng.integers(0, 256, (30, 3))
    equal_memory(fastaug.erase(images, boxes, values), erased(images, boxes, values))
    values = rng.integers(0, 256, 30)
    expected = erased(images, boxes, values[:, np.newaxis])
    equal_memory(fastaug.erase(images, boxes, values), expected)
    equal_memory(fastaug.erase(images, boxes.astype(np.int8), values), expected)


def test_no_boxes(rng: np.random.Generator) -> None:
    images = any_bits(rng, (2, 5, 6, 3), "u1")
    for boxes in (np.zeros((0, 4), int), np.zeros((2, 0, 4), int), np.zeros((2, 3, 4), int)):
        equal_memory(fastaug.erase(images, boxes), images)


def test_enormous_boxes() -> None:
    images = np.zeros((1, 4, 5, 1), np.uint8)
    most = 2**31
    assert (fastaug.erase(images, [[-most, -most, most, most]], 1) == 0).all()
    assert (fastaug.erase(images, [[most, 0, most, most]], 1) == 0).all()
    assert (fastaug.erase(images, [[0, 0, most, most]], 1) == 1).all()
    assert fastaug.erase(images, [[1 - most, 2 - most, most, most]], 1).sum() == 2


def test_torchvision_agrees(rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch")
    functional = pytest.importorskip("torchvision.transforms.v2.functional")
    images = any_bits(rng, (4, 3, 20, 21), "u1")
    for top, left, height, width in ((0, 0, 20, 21), (3, 5, 7, 8), (19, 20, 1, 1)):
        values = torch.tensor([10, 20, 30], dtype=torch.uint8)[:, None, None]
        expected = functional.erase(torch.tensor(images), top, left, height, width, values)
        box = [[top, left, height, width]]
        got = fastaug.erase(images, box, [[10, 20, 30]], data_format="channels_first")
        equal_memory(got, expected.numpy())


def test_in_place_only_the_rectangles_are_written(rng: np.random.Generator) -> None:
    """A read-only page around them would be the only other way to tell."""
    images = any_bits(rng, (2, 40, 40, 3), "u1").copy()
    expected = erased(images, np.array([[[3, 4, 5, 6]]] * 2), 9)
    assert fastaug.erase(images, [[3, 4, 5, 6]], 9, out=images) is images
    equal_memory(images, expected)


@given(data=st.data())
def test_numpy_agrees_in_any_layout(data: st.DataObject) -> None:
    shape = data.draw(st.tuples(*[st.integers(0, 9)] * 4), "shape")
    dtype = data.draw(st.sampled_from(DTYPES), "dtype")
    content = any_bits(np.random.default_rng(0), shape, dtype)
    images = place(content, data.draw(layouts(4, itemsize=content.itemsize))).array
    count = data.draw(st.integers(0, 3), "boxes")
    rng = np.random.default_rng(data.draw(st.integers(0, 99), "seed"))
    boxes = np.concatenate(
        [rng.integers(-9, 9, (shape[0], count, 2)), rng.integers(0, 12, (shape[0], count, 2))], 2
    )
    expected = erased(content, boxes, 1)
    layout = data.draw(layouts(4, itemsize=content.itemsize, output=True), "out")
    memory, out = place(np.zeros_like(content), layout)
    fastaug.erase(images, boxes, 1, out=out)
    np.testing.assert_array_equal(memory, place(expected, layout).memory)

    order = rng.integers(-1, shape[3], (shape[0], shape[3])) if shape[3] else np.zeros((0,), int)
    memory, out = place(np.zeros_like(content), layout)
    fastaug.shuffle_channels(images, order, value=1, out=out)
    wanted = place(shuffled(content, order, 1), layout).memory
    np.testing.assert_array_equal(memory, wanted)


# Channels.


def shuffled(images: Array, order: Array, value: Any) -> Array:
    orders = np.broadcast_to(order, (len(images), images.shape[3]))
    values = np.broadcast_to(value, orders.shape)
    result = np.empty_like(images)
    for image, made, which, fill in zip(images, result, orders, values, strict=True):
        for c, k in enumerate(which):
            made[..., c] = fill[c] if k < 0 else image[..., k]
    return result


@dtypes
def test_shuffle_channels(dtype: str, rng: np.random.Generator) -> None:
    """Pixels of all sizes, runs shorter than a register and longer, beside it and in place."""
    for channels in (1, 2, 3, 4, 5, 8, 16, 17):
        for shape in ((2, 1, 1, channels), (2, 3, 5, channels), (2, 9, 37, channels)):
            images = any_bits(rng, shape, dtype).copy()
            order = rng.integers(-1, channels, (2, channels))
            expected = shuffled(images, order, 1)
            equal_memory(fastaug.shuffle_channels(images, order, value=1), expected)
            first = np.moveaxis(images, -1, 1).copy()
            got = fastaug.shuffle_channels(first, order, value=1, data_format="channels_first")
            equal_memory(np.ascontiguousarray(np.moveaxis(got, 1, -1)), expected)
            fastaug.shuffle_channels(first, order, value=1, data_format="channels_first", out=first)
            equal_memory(first, got)
            fastaug.shuffle_channels(images, order, value=1, out=images)
            equal_memory(images, expected)


def test_every_order_of_three_channels(rng: np.random.Generator) -> None:
    images = any_bits(rng, (64, 5, 7, 3), "u1")
    orders = np.stack(np.meshgrid(*[range(-1, 3)] * 3), -1).reshape(64, 3)
    values = rng.integers(0, 256, (64, 3))
    got = fastaug.shuffle_channels(images, orders, value=values)
    equal_memory(got, shuffled(images, orders, values))


def test_one_order_for_all(rng: np.random.Generator) -> None:
    images = any_bits(rng, (2, 6, 7, 4), "f4")
    equal_memory(fastaug.shuffle_channels(images, [3, 1, 1, 0]), images[..., [3, 1, 1, 0]])
    plane = any_bits(rng, (6, 7), "f4")
    equal_memory(fastaug.shuffle_channels(plane, [0]), plane)
    assert (fastaug.shuffle_channels(plane, [-1], value=0.5) == 0.5).all()
