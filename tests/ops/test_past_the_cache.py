"""Ops whose results go past the cache where no cache could hold them, at every level."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import ndimage

import fastaug

_native = pytest.importorskip("fastaug._native", reason="levels are the extension's")

Array = npt.NDArray[Any]
SENTINEL = 0xA5
SIDES = (3, 4), (5, 6)
BOX = 500, 7, 530, 890


def padded(mode: str) -> Callable[[Array], Array]:
    return lambda images: np.pad(images, ((0, 0), *SIDES, (0, 0)), mode)


def boxed(images: Array, values: Any) -> Array:
    top, left, height, width = BOX
    result = images.copy()
    inner = np.broadcast_to(values, images.shape)[:, top : top + height, left : left + width]
    result[:, top : top + height, left : left + width] = inner
    return result


def normalized(images: Array) -> Array:
    return images.astype(np.float32) * np.float32(2 / 255) + np.float32(-1)


def grey(images: Array) -> Array:
    red, green, blue = np.moveaxis(images.astype(np.float32), -1, 0)
    m = np.array([0.299, 0.587, 0.114], np.float32)
    sums = (m[0] * red + m[1] * green) + m[2] * blue
    return np.repeat(np.rint(sums).astype(np.uint8)[..., np.newaxis], 3, -1)


# What fastaug does, and what comes of it.
OPS: dict[str, tuple[Callable[..., Any], Callable[[Array], Array]]] = {
    "crop": (
        lambda b, out: fastaug.crop(b, 2, 5, *out.shape[1:3], out=out),
        lambda b: b[:, 2:-3, 5:-2],
    ),
    "pad": (lambda b, out: fastaug.pad(b, SIDES, out=out), padded("constant")),
    "pad nearest": (
        lambda b, out: fastaug.pad(b, SIDES, fill_mode="nearest", out=out),
        padded("edge"),
    ),
    "pad mirror": (
        lambda b, out: fastaug.pad(b, SIDES, fill_mode="mirror", out=out),
        padded("reflect"),
    ),
    "flip by a map": (
        lambda b, out: fastaug.warp_affine(b, [[-1, 0, b.shape[2] - 1], [0, 1, 0]], out=out),
        lambda b: b[:, :, ::-1],
    ),
    "shift": (
        lambda b, out: fastaug.warp_affine(b, [[1, 0, -5], [0, -1, 1030]], out=out),
        lambda b: np.pad(b[:, 1030::-1, :-5], ((0, 0), (0, 10), (5, 0), (0, 0))),
    ),
    "turn": (
        lambda b, out: fastaug.warp_affine(
            b, [[0, -1, b.shape[2] - 1], [1, 0, 0]], output_size=out.shape[1:3], out=out
        ),
        lambda b: np.rot90(b, 1, (1, 2)),
    ),
    "erase": (lambda b, out: fastaug.erase(b, [BOX], out=out), lambda b: boxed(b, 0)),
    "paste": (
        lambda b, out: fastaug.paste(b, 255 - b, BOX, out=out),
        lambda b: boxed(b, 255 - b),
    ),
    "blend": (
        lambda b, out: fastaug.blend(b, 255 - b, 0.25, out=out),
        lambda b: np.rint(b * np.float32(0.25) + (255 - b) * np.float32(0.75)).astype(np.uint8),
    ),
    "invert": (lambda b, out: fastaug.invert(b, out=out), lambda b: 255 - b),
    "to_grayscale": (lambda b, out: fastaug.to_grayscale(b, out=out), grey),
    "resize": (lambda b, out: fastaug.resize(b, out.shape[1:3], out=out), np.copy),
    "resize down first": (
        lambda b, out: fastaug.resize(b, out.shape[1:3], box=(10, 0, 1021, 337), out=out),
        lambda b: b[:, 10:-10],
    ),
    "resize plain": (
        lambda b, out: fastaug.resize(b, out.shape[1:3], antialias=False, out=out),
        np.copy,
    ),
    "normalize": (lambda b, out: fastaug.normalize(b, 0.5, 0.5, out=out), normalized),
}


@pytest.mark.parametrize("level", _native.available_levels())
@pytest.mark.parametrize("op", OPS)
def test_neighbours_share_lines_of_the_cache(op: str, level: str) -> None:
    """Two images, two bands of rows, or an image and what is not ours."""
    _native.use_level(level)
    act, expect = OPS[op]
    shape = (5, 1041, 337, 3) if op == "normalize" else (13, 1041, 337, 3)
    images = np.resize(np.arange(251, dtype=np.uint8), shape)
    expected = expect(images)
    assert expected.nbytes > 12 << 20, "too few bytes to go past the cache"
    for threads, offset in ((1, 0), (1, 36), (3, 36)):
        fastaug.set_num_threads(threads)
        memory = np.full(expected.nbytes + 256, SENTINEL, np.uint8)
        inner = memory[offset : offset + expected.nbytes]
        act(images, inner.view(expected.dtype).reshape(expected.shape))
        assert np.array_equal(inner, expected.reshape(-1).view(np.uint8))
        inner[...] = SENTINEL
        assert (memory == SENTINEL).all()


@pytest.mark.parametrize("level", _native.available_levels())
@pytest.mark.parametrize("channels", [1, 3])
def test_windows_of_floats(channels: int, level: str, rng: np.random.Generator) -> None:
    """Rows meet within lines; what is less than zero turns up when others have gone already."""
    _native.use_level(level)
    shape = (3, 541, 2016 // channels, channels)
    images = rng.random(shape, np.float32)
    below = images.copy()
    below[1, 400, 7] = -0.5
    for size, batch in itertools.product((3, 15, (21, 4)), (images, below)):
        lengths = (1, *((size, size) if isinstance(size, int) else size), 1)
        expected = ndimage.maximum_filter(
            batch, lengths, mode="reflect", origin=[-1 if n % 2 == 0 else 0 for n in lengths]
        )
        assert expected.nbytes > 12 << 20, "too few bytes to go past the cache"
        for threads, offset in ((1, 0), (1, 16), (3, 36), (1, 60)):
            fastaug.set_num_threads(threads)
            memory = np.full(expected.nbytes + 256, SENTINEL, np.uint8)
            inner = memory[offset - memory.ctypes.data % 64 + 64 :][: expected.nbytes]
            fastaug.dilate(batch, size, out=inner.view(expected.dtype).reshape(shape))
            assert np.array_equal(inner, expected.reshape(-1).view(np.uint8))
            inner[...] = SENTINEL
            assert (memory == SENTINEL).all()


def test_in_place() -> None:
    images = np.resize(np.arange(251, dtype=np.uint8), (13, 1041, 337, 3))
    others, expected = 255 - images, 255 - images
    assert fastaug.invert(images, out=images) is images
    assert np.array_equal(images, expected)
    fastaug.blend(images, others, 0.0, out=images)
    assert np.array_equal(images, others)
