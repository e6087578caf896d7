"""crop, pad and crop_or_pad: NumPy's bits for every dtype and layout."""

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

import fastaug

Array = npt.NDArray[Any]
# Ours and NumPy's.
MODES = {"nearest": "edge", "reflect": "symmetric", "mirror": "reflect", "wrap": "wrap"}

dtypes = pytest.mark.parametrize("dtype", DTYPES)


def numpy_pad(images: Array, padding: Any, mode: str, **more: Any) -> Array:
    return np.pad(images, ((0, 0), *padding, (0, 0)), MODES.get(mode, mode), **more)


# Cropping.


@dtypes
def test_crop(dtype: str, rng: np.random.Generator) -> None:
    for channels in (1, 2, 3, 4, 7):
        images = any_bits(rng, (3, 9, 33, channels), dtype)
        for top, left, height, width in ((0, 0, 9, 33), (2, 1, 5, 31), (8, 32, 1, 1), (3, 0, 0, 9)):
            expected = images[:, top : top + height, left : left + width]
            equal_memory(fastaug.crop(images, top, left, height, width), expected)
            got = fastaug.crop(
                np.moveaxis(images, -1, 1), top, left, height, width, data_format="channels_first"
            )
            equal_memory(got, np.ascontiguousarray(np.moveaxis(expected, -1, 1)))


def test_crops_for_each_image(rng: np.random.Generator) -> None:
    images = any_bits(rng, (20, 12, 15, 3), "u1")
    top, left = rng.integers(0, 7, 20), rng.integers(0, 5, 20).tolist()
    got = fastaug.crop(images, top, left, 6, 11)
    for i in range(20):
        equal_memory(got[i], images[i, top[i] : top[i] + 6, left[i] : left[i] + 11])


def test_planes_and_single_images(rng: np.random.Generator) -> None:
    plane, image = any_bits(rng, (6, 7), "f4"), any_bits(rng, (6, 7, 3), "u2")
    equal_memory(fastaug.crop(plane, 1, 2, 3, 4), plane[1:4, 2:6])
    equal_memory(fastaug.crop(image, [1], [2], 3, 4), image[1:4, 2:6])
    equal_memory(fastaug.pad(plane, 1), np.pad(plane, 1))
    equal_memory(fastaug.crop_or_pad(image, (6, 3)), image[:, 2:5])


# Padding.


@dtypes
@pytest.mark.parametrize("mode", MODES)
def test_pad(mode: str, dtype: str, rng: np.random.Generator) -> None:
    """Padding within the image and far beyond it, of every size of pixel."""
    for channels, (height, width) in product((1, 3, 4, 6, 9), ((1, 1), (1, 9), (8, 2), (5, 40))):
        images = any_bits(rng, (2, height, width, channels), dtype)
        for padding in (((1, 0), (0, 2)), ((7, 30), (45, 1)), ((0, 0), (20, 33))):
            got = fastaug.pad(images, padding, fill_mode=mode)
            equal_memory(got, numpy_pad(images, padding, mode))


@dtypes
def test_pad_by_a_constant(dtype: str, rng: np.random.Generator) -> None:
    images = any_bits(rng, (2, 5, 7, 3), dtype)
    for value in (0, 1, 1.0 if dtype[0] in "?iu" else -0.0):
        got = fastaug.pad(images, ((1, 2), (3, 4)), fill_value=value)
        constant = np.array(value, dtype)
        equal_memory(got, numpy_pad(images, ((1, 2), (3, 4)), "constant", constant_values=constant))


def test_padding_in_all_its_forms(rng: np.random.Generator) -> None:
    images = any_bits(rng, (2, 5, 7, 3), "u1")
    equal_memory(fastaug.pad(images, 2), numpy_pad(images, ((2, 2), (2, 2)), "constant"))
    equal_memory(fastaug.pad(images, (1, 3)), numpy_pad(images, ((1, 1), (3, 3)), "constant"))
    equal_memory(fastaug.pad(images, np.int8(0)), images)


def test_fill_values_for_each_image_and_channel(rng: np.random.Generator) -> None:
    images = any_bits(rng, (2, 3, 4, 3), "u1")
    values = np.array([[1, 2, 3], [40, 50, 60]])
    got = fastaug.pad(images, 1, fill_value=values)
    for i, c in product(range(2), range(3)):
        equal_memory(got[i, :, :, c], np.pad(images[i, :, :, c], 1, constant_values=values[i, c]))
    assert (fastaug.pad(images, (1, 0), fill_value=[7, 8])[:, 0] == [[[7]], [[8]]]).all()
    assert (fastaug.pad(images, (1, 0), fill_value=[[7, 8, 9]])[:, 0] == [7, 8, 9]).all()


@pytest.mark.parametrize(
    ("dtype", "value", "expected"),
    [
        ("u1", 0.5, 0),
        ("u1", 1.5, 2),
        ("u1", 300, 255),
        ("u1", -3, 0),
        ("u1", np.nan, 0),
        ("u1", np.inf, 255),
        ("i1", -200, -128),
        ("i1", np.nan, 0),
        ("i8", 1e30, 2**63 - 1),
        ("i8", -1e30, -(2**63)),
        ("i8", 2.0**62, 2**62),
        ("u8", 1e30, 2**64 - 1),
        ("?", 0.3, True),
        ("?", 0, False),
        ("f4", 1e300, np.inf),
        ("f4", 0.1, np.float32(0.1)),
        ("f2", 1.0005, np.float16(1.0005)),
    ],
)
def test_constants_become_pixels(dtype: str, value: float, expected: Any) -> None:
    """Rounded half to even and saturated, without a warning."""
    got = fastaug.pad(np.zeros((1, 1), dtype), (0, 1), fill_value=value)
    equal_memory(got[0, :1], np.array([expected], dtype))


def test_padding_nothing() -> None:
    empty = np.zeros((2, 0, 3, 1), np.uint8)
    assert (fastaug.pad(empty, 1, fill_value=5) == np.full((2, 2, 5, 1), 5)).all()
    assert fastaug.pad(empty, (0, 1), fill_mode="wrap").shape == (2, 0, 5, 1)
    with pytest.raises(ValueError, match=r"images has no pixels to pad with, .* \(2, 0, 3, 1\)"):
        fastaug.pad(empty, 1, fill_mode="nearest")


@given(data=st.data())
def test_numpy_agrees_in_any_layout(data: st.DataObject) -> None:
    shape = data.draw(st.tuples(*[st.integers(1, 9)] * 4), "shape")
    dtype = data.draw(st.sampled_from(DTYPES), "dtype")
    content = any_bits(np.random.default_rng(0), shape, dtype)
    images = place(content, data.draw(layouts(4, itemsize=content.itemsize))).array
    sides = data.draw(st.tuples(*[st.integers(0, 25)] * 4), "padding")
    padding = sides[:2], sides[2:]
    mode = data.draw(st.sampled_from([*MODES, "constant"]), "mode")
    expected = numpy_pad(content, padding, mode)
    layout = data.draw(layouts(4, itemsize=content.itemsize, output=True), "out")
    memory, out = place(np.zeros_like(expected), layout)
    fastaug.pad(images, padding, fill_mode=mode, out=out)
    np.testing.assert_array_equal(memory, place(expected, layout).memory)


# Both.


def test_crop_or_pad_is_that_of_tensorflow(rng: np.random.Generator) -> None:
    tf = pytest.importorskip("tensorflow")
    for height, width in product((4, 5, 8, 9), (4, 5, 8, 9)):
        images = any_bits(rng, (2, height, width, 3), "u1")
        for size in product((3, 4, 7, 10), (4, 5, 11)):
            expected = tf.image.resize_with_crop_or_pad(images, *size).numpy()
            equal_memory(fastaug.crop_or_pad(images, size), expected)


def test_crop_or_pad_is_that_of_keras(rng: np.random.Generator) -> None:
    keras = pytest.importorskip("keras")
    for height, width in product((6, 7), (8, 9)):
        images = any_bits(rng, (2, height, width, 3), "u1")
        for size in product((3, 4, 6), (5, 8)):
            expected = np.asarray(keras.layers.CenterCrop(*size, dtype="uint8")(images))
            equal_memory(fastaug.crop_or_pad(images, size), expected)


def test_crop_or_pad_with_a_fill_mode() -> None:
    row = np.array([[1, 2, 3]], np.uint8)
    got = fastaug.crop_or_pad(row, (1, 8), fill_mode="reflect")
    np.testing.assert_array_equal(got, [[2, 1, 1, 2, 3, 3, 2, 1]])
    got = fastaug.crop_or_pad(row, (2, 4), fill_value=7)
    np.testing.assert_array_equal(got, [[1, 2, 3, 7], [7, 7, 7, 7]])
