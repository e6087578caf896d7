"""What an image batch may be: any layout and kind of shape gives every op the same pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from cases import CASES, SAMPLES, Case, pixels
from hypothesis import given
from hypothesis import strategies as st
from layouts import layouts, place
from references import same_bits

import fastaug

Array = npt.NDArray[Any]

# One fill mode is enough here: the modes do not see the layout.
LAYOUT_CASES = [c for c in CASES if "warp" not in c.name or "reflect" in c.name]
SIDES = st.sampled_from([0, 1, 1, 2, 3, 7, 8, 13, 17])


def as_given(batch: Array, kind: int, data_format: str) -> Array:
    """A view of a (N, H, W, C) batch with `kind` dimensions, in a data format."""
    if kind == 2:
        return batch[0, :, :, 0]
    if data_format == "channels_first":
        batch = np.moveaxis(batch, -1, 1)
    return batch if kind == 4 else batch[0]


@pytest.mark.parametrize("case", LAYOUT_CASES, ids=str)
@given(data=st.data())
def test_any_layout(case: Case, data: st.DataObject) -> None:
    kind = data.draw(st.integers(2, 4), "kind")
    data_format = data.draw(st.sampled_from(["channels_last", "channels_first"]), "data_format")
    n = data.draw(st.integers(0, 3), "n") if kind == 4 else 1
    c = data.draw(st.integers(0, 5), "c") if kind > 2 else 1
    shape = (n, data.draw(SIDES, "h"), data.draw(SIDES, "w"), c)
    dtype = data.draw(st.sampled_from(case.dtypes), "dtype")
    rng = np.random.default_rng(data.draw(st.integers(0, 99), "seed"))
    samples = rng.integers(0, SAMPLES, n).tolist()

    batch = pixels(rng, shape, dtype)
    repeated = data.draw(st.sampled_from([None, None, *range(4)]), "broadcast axis")
    if repeated is not None and shape[repeated]:
        batch = np.broadcast_to(batch.take([0], repeated), shape)
        given_images = as_given(batch, kind, data_format)
        memory = None
    else:
        content = as_given(batch, kind, data_format)
        layout = data.draw(layouts(content.ndim, itemsize=content.itemsize), "images")
        memory, given_images = place(content, layout)
    before = None if memory is None else memory.copy()

    expected = as_given(case(np.ascontiguousarray(batch), samples), kind, data_format)
    out = around = None
    if data.draw(st.booleans(), "with out"):
        layout = data.draw(layouts(expected.ndim, itemsize=expected.itemsize, output=True), "out")
        around, out = place(np.zeros_like(expected), layout)
        wanted = place(expected, layout)
    result = case(given_images, samples, data_format=data_format, out=out)

    same_bits(result, expected)
    if memory is not None:
        np.testing.assert_array_equal(memory, before, "the images were written to")
    if around is not None:
        assert result is out
        np.testing.assert_array_equal(around, wanted.memory, "written beside the output")


@pytest.mark.parametrize("case", [c for c in CASES if c.in_place], ids=str)
@given(data=st.data())
def test_in_place(case: Case, data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 99), "seed"))
    content = pixels(rng, (3, 7, 9, 3), data.draw(st.sampled_from(case.dtypes), "dtype"))
    expected = case(content, [0, 5, 2])
    layout = data.draw(layouts(4, itemsize=content.itemsize, output=True), "images")
    memory, images = place(content, layout)
    assert case(images, [0, 5, 2], out=images) is images
    np.testing.assert_array_equal(memory, place(expected, layout).memory)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_sample_is_the_same_in_any_batch(case: Case, rng: np.random.Generator) -> None:
    for dtype in sorted({"uint8", "float32"} & set(case.dtypes)):
        batch = pixels(rng, (SAMPLES, 12, 9, 3), dtype)
        whole = case(batch, range(SAMPLES))
        for samples in ([0], [7], [3, 4], [6, 1, 1, 5, 0], list(range(SAMPLES))[::-1]):
            same_bits(case(batch[samples], samples), whole[samples])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_empty_batch_stays_empty(case: Case) -> None:
    for n, h, w, c in ((0, 4, 5, 3), (2, 0, 5, 3), (2, 4, 0, 3), (2, 4, 5, 0)):
        shape = (n, w, h, c) if case.name == "rot90-odd" and n else (n, h, w, c)
        assert case(np.empty((n, h, w, c), case.dtype), range(n)).shape == shape


def test_an_empty_batch_turns() -> None:
    assert fastaug.rot90(np.empty((0, 4, 5, 3))).shape == (0, 5, 4, 3)


def test_empty_lists_are_parameters_of_an_empty_batch() -> None:
    empty = np.empty((0, 4, 5, 3), np.uint8)
    assert fastaug.flip(empty, horizontal=[]).shape == empty.shape
    assert fastaug.gaussian_noise(empty, [], seed=[], index=[], epoch=[]).shape == empty.shape
    assert fastaug.warp_affine(empty, np.empty((0, 2, 3)), fill_value=[]).shape == empty.shape
    assert fastaug.affine_matrix(rotation=[], size=(4, 5)).shape == (0, 2, 3)


def test_lists_are_images_as_well() -> None:
    np.testing.assert_array_equal(fastaug.flip([[1, 2, 3]], horizontal=True), [[3, 2, 1]])
    assert fastaug.flip([[True, False]]).dtype == np.bool_


def test_a_subclass_comes_back_as_an_array() -> None:
    masked = np.ma.masked_array([[1, 2]], [[True, False]])
    assert type(fastaug.flip(masked)) is np.ndarray


def test_every_public_op_has_a_case() -> None:
    helpers = {
        "Compose",
        "__version__",
        "affine_matrix",
        "build_info",
        "get_num_threads",
        "perspective_matrix",
        "set_num_threads",
        "use_backend",
    }
    named = {getattr(c.function, "__name__", "") for c in CASES} | set(map(str, CASES))
    assert set(fastaug.__all__) - helpers <= named


def test_out_that_overlaps_itself_is_refused() -> None:
    images = np.zeros((4, 8, 8, 3), np.uint8)
    out = np.lib.stride_tricks.as_strided(np.zeros(3, np.uint8), images.shape, (0, 0, 0, 1))
    with pytest.raises(ValueError, match="out must not overlap itself"):
        fastaug.flip(images, out=out)
