"""blend and paste: the formulas of MixUp and CutMix, as torchvision has them."""

from __future__ import annotations

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
BLENDED = ("uint8", "uint16", "float32", "float64")


def mixed(images: Array, others: Array, weight: Any) -> Array:
    """Each operation rounded by itself, integers in the end."""
    real = np.float64 if images.dtype == np.float64 else np.float32
    weights = np.broadcast_to(weight, len(images)).astype(np.float64).reshape(-1, 1, 1, 1)
    share, rest = weights.astype(real), (1 - weights).astype(real)
    value = images.astype(real) * share + others.astype(real) * rest
    return (np.rint(value) if images.dtype.kind == "u" else value).astype(images.dtype)


@pytest.mark.parametrize("dtype", BLENDED)
def test_blend(dtype: str, rng: np.random.Generator) -> None:
    for channels in (1, 3, 5):
        images, others = any_pixels(rng, (2, 5, 9, 31, channels), dtype)
        weights = rng.uniform(0, 1, 5)
        weights[:3] = 0, 1, 0.5
        same_bits(fastaug.blend(images, others, weights), mixed(images, others, weights))
        same_bits(fastaug.blend(images, others, 0.3), mixed(images, others, 0.3))
        first = [np.moveaxis(batch, -1, 1) for batch in (images, others)]
        got = fastaug.blend(*first, weights, data_format="channels_first")
        same_bits(np.moveaxis(got, 1, -1), mixed(images, others, weights))


def any_pixels(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> Array:
    white = {"uint8": 255, "uint16": 65535}.get(dtype)
    if white is None:
        return rng.normal(0, 300, shape).astype(dtype)
    return rng.integers(0, white + 1, shape).astype(dtype)


def test_all_pairs_of_bytes() -> None:
    """Every byte with every other, exactly rounded to the nearest, halves to even."""
    images = np.repeat(np.arange(256, dtype=np.uint8), 256).reshape(256, 256)
    for weight in (0.0, 1.0, 0.5, 0.25, 0.375):  # of few bits: these sums are exact
        exact = images * weight + images.T * (1 - weight)
        got = fastaug.blend(images, np.ascontiguousarray(images.T), weight)
        np.testing.assert_array_equal(got, np.rint(exact))
    for weight in np.linspace(0.001, 0.999, 50):
        exact = images * weight + images.T * (1 - weight)
        got = fastaug.blend(images, np.ascontiguousarray(images.T), weight)
        assert np.abs(got - exact).max() < 0.5001


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_torchvision_mixes_the_same(dtype: str, rng: np.random.Generator) -> None:
    """The line of `v2.MixUp`: the batch rolled by one, times 1 - lam, plus the batch times lam."""
    torch = pytest.importorskip("torch")
    images = rng.normal(0, 1, (6, 8, 9, 3)).astype(dtype)
    for lam in (0.0, 0.123456789, 0.5, 0.987, 1.0):
        batch = torch.tensor(images)
        expected = batch.roll(1, 0).mul_(1.0 - lam).add_(batch.mul(lam)).numpy()
        same_bits(fastaug.blend(images, images, lam, source=np.arange(-1, 5) % 6), expected)


def test_torchvision_cuts_the_same(rng: np.random.Generator) -> None:
    """The lines of `v2.CutMix`: a rectangle from the batch rolled by one."""
    torch = pytest.importorskip("torch")
    images = any_bits(rng, (6, 8, 9, 3), "u1")
    for y1, x1, y2, x2 in ((0, 0, 8, 9), (2, 3, 7, 5), (4, 4, 4, 9)):
        batch = torch.tensor(images)
        expected = batch.clone()
        expected[:, y1:y2, x1:x2] = batch.roll(1, 0)[:, y1:y2, x1:x2]
        got = fastaug.paste(images, images, [y1, x1, y2 - y1, x2 - x1], source=np.arange(-1, 5) % 6)
        equal_memory(got, expected.numpy())


@pytest.mark.parametrize("dtype", DTYPES)
def test_paste(dtype: str, rng: np.random.Generator) -> None:
    boxes = np.array([[1, 2, 3, 4], [-3, -2, 5, 9], [7, 20, 50, 60], [3, 3, 0, 9], [0, 0, 99, 99]])
    for channels in (1, 3, 6):
        images = any_bits(rng, (5, 9, 23, channels), dtype)
        others = any_bits(rng, (2, 9, 23, channels), dtype)
        source = [1, 0, 1, 1, 0]
        expected = images.copy()
        for i, (top, left, height, width) in enumerate(boxes):
            rows = slice(max(top, 0), top + height)
            columns = slice(max(left, 0), left + width)
            expected[i, rows, columns] = others[source[i], rows, columns]
        equal_memory(fastaug.paste(images, others, boxes, source=source), expected)
        equal_memory(fastaug.paste(images, others[source], boxes), expected)
        first = [np.ascontiguousarray(np.moveaxis(b, -1, 1)) for b in (images, others)]
        got = fastaug.paste(*first, boxes, source=source, data_format="channels_first")
        equal_memory(np.ascontiguousarray(np.moveaxis(got, 1, -1)), expected)


def test_a_box_for_all_images(rng: np.random.Generator) -> None:
    images, others = any_bits(rng, (2, 4, 6, 7, 3), "u1")
    got = fastaug.paste(images, others, (2, 3, 2, 4))
    expected = images.copy()
    expected[:, 2:4, 3:] = others[:, 2:4, 3:]
    equal_memory(got, expected)


def test_in_place(rng: np.random.Generator) -> None:
    images, others = any_bits(rng, (2, 4, 6, 7, 3), "u1").copy()
    expected = fastaug.blend(images, others, 0.25)
    for target in (0, 1):
        pair = [images.copy(), others.copy()]
        assert fastaug.blend(*pair, 0.25, out=pair[target]) is pair[target]
        equal_memory(pair[target], expected)
        equal_memory(pair[1 - target], (images, others)[1 - target])
    expected = fastaug.paste(images, others, (1, 2, 3, 4), source=[3, 1, 1, 0])
    assert fastaug.paste(images, others, (1, 2, 3, 4), source=[3, 1, 1, 0], out=images) is images
    equal_memory(images, expected)


def test_out_that_is_still_to_be_read() -> None:
    images, others = np.zeros((2, 4, 5, 6, 3), np.uint8)
    for call in (
        lambda out: fastaug.blend(images, images, 0.5, source=[1, 0, 3, 2], out=out),
        lambda out: fastaug.paste(images, images, (0, 0, 1, 1), source=[1, 0, 3, 2], out=out),
        lambda out: fastaug.paste(images, images, (0, 0, 1, 1), out=out),
    ):
        with pytest.raises(ValueError, match="out must not share memory with others"):
            call(images)
    with pytest.raises(ValueError, match="out must not share memory with others"):
        fastaug.paste(images, others, (0, 0, 1, 1), out=others)
    with pytest.raises(ValueError, match="out must not share memory with others"):
        fastaug.blend(images, others, 0.5, source=[0, 1, 2, 3], out=others)
    with pytest.raises(ValueError, match="with others unless it is the very same array"):
        fastaug.blend(images, others, 0.5, out=others[::-1])


@given(data=st.data())
def test_any_layout(data: st.DataObject) -> None:
    shape = data.draw(st.tuples(*[st.integers(0, 9)] * 4), "shape")
    dtype = data.draw(st.sampled_from(BLENDED), "dtype")
    rng = np.random.default_rng(data.draw(st.integers(0, 99), "seed"))
    contents = any_pixels(rng, (2, *shape), dtype)
    itemsize = contents.itemsize
    images, others = (place(c, data.draw(layouts(4, itemsize=itemsize))).array for c in contents)
    weights = rng.uniform(0, 1, shape[0])
    layout = data.draw(layouts(4, itemsize=itemsize, output=True), "out")
    memory, out = place(np.zeros_like(contents[0]), layout)
    fastaug.blend(images, others, weights, out=out)
    np.testing.assert_array_equal(memory, place(mixed(*contents, weights), layout).memory)

    memory, out = place(np.zeros_like(contents[0]), layout)
    fastaug.paste(images, others, (1, 2, 4, 3), out=out)
    expected = contents[0].copy()
    expected[:, 1:5, 2:5] = contents[1][:, 1:5, 2:5]
    np.testing.assert_array_equal(memory, place(expected, layout).memory)


def test_what_is_not_finite_stays() -> None:
    images = np.array([[np.nan, np.inf, 1, -np.inf]], np.float32)
    others = np.array([[1, 1, np.inf, np.inf]], np.float32)
    got = fastaug.blend(images, others, 0.5)
    np.testing.assert_array_equal(got, np.array([[np.nan, np.inf, np.inf, np.nan]], np.float32))
