"""Several ops in one pass give what they give one after the other, on any backend."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from cases import pixels
from references import same_bits

import fastaug
from fastaug import backends
from fastaug.backends.passes import Steps, one_by_one

_native = pytest.importorskip("fastaug._native", reason="passes are the extension's")

Array = npt.NDArray[Any]

LEVELS = _native.available_levels()
DTYPES = ("uint8", "uint16", "float32", "float64")
FIRST = ("flip", "warp_affine-0", "warp_affine-1", "warp_spline-0", "warp_spline-1")
N, SOURCES = 5, 7  # images made, and those they are made from


def test_steps_that_are_none_or_of_another_height_are_refused() -> None:
    """None, or of another height: rows beyond the end of a lower one would be written."""
    tall, low = np.zeros((1, 400, 8, 1), np.float32), np.zeros((1, 4, 8, 1), np.float32)
    flags = np.zeros(1, np.uint8)
    whole = _native.photometric(tall, tall, None, 0, None, 0.0, 2.0, False, False, None, None)
    by_rows = _native.flip(low, low, flags, flags, None)
    for steps in ([whole, by_rows], [by_rows, whole], [None], [whole, None]):
        with pytest.raises(ValueError, match="steps must"):
            _native.run(steps, 1)


def first_step(name: str, channels: int, mode: int) -> tuple[str, tuple[Any, ...]]:
    """What moves pixels, each image in its own way."""
    name, _, order = name.partition("-")
    turned = np.arange(2 * N, dtype=np.uint8).reshape(N, 2) % 3 // 2
    if name == "flip":
        return name, (np.ascontiguousarray(turned[:, 0]), np.ascontiguousarray(turned[:, 1]))
    matrices = fastaug.affine_matrix(
        rotation=np.linspace(-40, 160, N), scale=0.8, size=(19, 23)
    ).reshape(N, 6)
    matrices[2] = [1, 0, 0, 0, 1, 0]
    fill = np.linspace(0, 99, N * channels)
    fill = fill if channels == 1 else fill.reshape(N, channels)
    if name == "warp_affine":
        return name, (matrices, fill, int(order), mode)
    return name, (matrices[:, [4, 3, 5, 1, 0, 2]].copy(), fill, turned, int(order), mode)


def colours(channels: int) -> tuple[str, tuple[Any, ...]]:
    per_channel = np.linspace(0.2, 0.9, channels)
    return "photometric", (
        np.linspace(-60, 60, N),
        1,
        np.linspace(0, 1.9, N),
        0.0,
        1 / 255,
        True,
        True,
        per_channel,
        per_channel,
    )


def in_turn(images: Array, source: Array, out: Array, steps: Steps) -> Array:
    """The same ops, each over the whole batch and without a source."""
    with fastaug.use_backend("native"):
        one_by_one(backends.current(), images, source, out, steps)
    return out


@pytest.mark.parametrize("mode", range(7))
@pytest.mark.parametrize("channels", [3, 4])
def test_bytes_are_blended_as_floats(channels: int, mode: int, rng: np.random.Generator) -> None:
    """To the bits of making floats of them first, from every width, into the last column too."""
    for width, size in ((1, (3, 9)), (2, (4, 17)), (7, (9, 33)), (64, (6, 63)), (300, (4, 257))):
        images = pixels(rng, (6, 11, width, channels), "uint8")
        matrices = rng.normal(size=(6, 2, 3)) * [[0.6, 0.3, 5], [0.3, 0.6, 5]]
        matrices[:3] += [[1, 0, 0], [0, 0.1, 4]]
        matrices[0] = [[1, 0, 0], [0, 1, 0]]
        matrices[5] = [[1e250, 0, 0], [0, -1e200, 5]]
        fill = np.linspace(-9.5, 300, 6 * channels).reshape(6, channels)
        source = rng.integers(0, 6, 6)
        for level in LEVELS:
            _native.use_level(level)
            made = []
            for given in (images, images.astype(np.float32)):
                out = np.full((6, size[0], size[1] + 2, channels), 99, np.float32)
                step = _native.warp_affine(
                    given, out[:, :, 1:-1], matrices.reshape(6, 6), fill, 1, mode, source
                )
                _native.run([step], 1)
                assert (out[:, :, [0, -1]] == 99).all()
                made.append(out)
            same_bits(*made)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("first", FIRST)
def test_a_pass(first: str, dtype: str, threads: int, rng: np.random.Generator) -> None:
    native = backends._load("native")
    for channels, mode in ((1, 1), (3, 0), (3, 2), (4, 5), (5, 1)):
        images = pixels(rng, (SOURCES, 19, 23, channels), dtype)
        source = rng.integers(0, SOURCES, N)
        for steps in (
            [first_step(first, channels, mode)],
            [first_step(first, channels, mode), colours(channels)],
            [first_step(first, channels, mode), colours(channels), colours(channels)],
        ):
            shape = (N, 19, 23, channels)
            expected = in_turn(images, source, np.empty(shape, np.float32), steps)
            fastaug.set_num_threads(threads)
            for level in LEVELS:
                _native.use_level(level)
                out = np.full(shape, np.nan, np.float32)
                native.run_pass(images, source, out, steps)
                same_bits(out, expected, f"{level} {channels} {mode}")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("first", FIRST)
def test_numba_gives_the_same(first: str, dtype: str, rng: np.random.Generator) -> None:
    pytest.importorskip("numba")
    images = pixels(rng, (SOURCES, 19, 23, 3), dtype)
    source = rng.integers(0, SOURCES, N)
    results = []
    for name in ("native", "numba"):
        out = np.empty((N, 19, 23, 3), np.float32)
        steps = [first_step(first, 3, 2), colours(3)]
        backends._load(name).run_pass(images, source, out, steps)
        results.append(out)
    same_bits(results[1], results[0])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("first", FIRST)
def test_any_memory(first: str, dtype: str, rng: np.random.Generator) -> None:
    """Images and results with channels first, backwards, or between other data."""
    native = backends._load("native")
    plain = pixels(rng, (SOURCES, 19, 23, 3), dtype)
    source = rng.integers(0, SOURCES, N)
    steps = [first_step(first, 3, 1), colours(3)]
    expected = in_turn(plain, source, np.empty((N, 19, 23, 3), np.float32), steps)
    read_only = plain.copy()
    read_only.flags.writeable = False
    inputs = [
        read_only,
        np.ascontiguousarray(plain.transpose(0, 3, 1, 2)).transpose(0, 2, 3, 1),
        np.ascontiguousarray(plain[::-1, ::-1, ::-1])[::-1, ::-1, ::-1],
        np.repeat(plain, 2, axis=2)[:, :, ::2],
    ]
    outputs = [
        np.empty((N, 3, 19, 23), np.float32).transpose(0, 2, 3, 1),
        np.empty((N, 19, 23, 3), np.float32)[::-1, ::-1, ::-1],
        np.empty((N, 19, 46, 3), np.float32)[:, :, ::2],
    ]
    for images, out in product(inputs, outputs):
        native.run_pass(images, source, out, steps)
        same_bits(out, expected)


@pytest.mark.parametrize("first", FIRST)
def test_threads_share_large_batches(first: str, rng: np.random.Generator) -> None:
    """Enough elements to be worth threads; a single image goes by rows where that is possible."""
    native = backends._load("native")
    images = pixels(rng, (SOURCES, 90, 91, 3), "uint8")
    source = rng.integers(0, SOURCES, N)
    for n in (N, 1):
        for more in (False, True):
            steps = [
                (name, tuple(v[:n] if isinstance(v, np.ndarray) and len(v) == N else v for v in g))
                for name, g in [first_step(first, 3, 1), colours(3)][: 1 + more]
            ]
            shape = (n, 110, 111, 3) if first != "flip" else (n, 90, 91, 3)
            results = []
            for threads in (1, 2, 5):
                fastaug.set_num_threads(threads)
                out = np.empty(shape, np.float32)
                native.run_pass(images, source[:n], out, steps)
                results.append(out)
            assert results[0].size > 32768 or n == 1
            same_bits(results[1], results[0])
            same_bits(results[2], results[0])


@pytest.mark.parametrize("first", FIRST)
def test_an_empty_pass(first: str) -> None:
    native = backends._load("native")
    images = np.zeros((SOURCES, 19, 23, 3), np.uint8)
    steps = [
        (name, tuple(v[:0] if isinstance(v, np.ndarray) and len(v) == N else v for v in given))
        for name, given in [first_step(first, 3, 1), colours(3)]
    ]
    native.run_pass(images, np.empty(0, np.int64), np.empty((0, 19, 23, 3), np.float32), steps)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ([0, 1, 2, 3, SOURCES], "source is beyond the images"),
        ([0, 1, -1, 3, 4], "source is beyond the images"),
        ([0, 1, 2, 3, -(2**63)], "source is beyond the images"),
        ([0, 1, 2, 3, 2**63 - 1], "source is beyond the images"),
        ([0, 1, 2, 3], "source has the wrong type or shape"),
        ([0] * 6, "source has the wrong type or shape"),
        ([[0]] * 5, "source has the wrong type or shape"),
        (np.zeros(5, np.int32), "source has the wrong type or shape"),
        (np.zeros(5), "source has the wrong type or shape"),
        (np.zeros(10, np.int64)[::2], "source has the wrong type or shape"),
        (None, "out does not match images"),
    ],
    ids=str,
)
@pytest.mark.parametrize("first", FIRST)
def test_what_is_no_source(first: str, source: Any, message: str) -> None:
    images = np.zeros((SOURCES, 19, 23, 3), np.uint8)
    given = np.array(source, np.int64) if isinstance(source, list) else source
    out = np.full((N, 19, 23, 3), 7, np.float32)
    with pytest.raises(ValueError, match=message):
        backends._load("native").run_pass(images, given, out, [first_step(first, 3, 1)])
    assert (out == 7).all()


def test_no_images_to_take_from() -> None:
    out = np.full((N, 19, 23, 3), 7, np.float32)
    images = np.zeros((0, 19, 23, 3), np.uint8)
    for first in FIRST:
        with pytest.raises(ValueError, match="source is beyond the images"):
            backends._load("native").run_pass(
                images, np.zeros(N, np.int64), out, [first_step(first, 3, 1)]
            )
    assert (out == 7).all()


def test_steps_of_other_images_are_refused() -> None:
    one, other = np.zeros((2, 4, 5, 3), np.float32), np.zeros((3, 4, 5, 3), np.float32)
    nothing = (None, 0, None, 0.0, 1.0, False, False, None, None)
    steps = [_native.photometric(a, a, *nothing) for a in (one, other)]
    with pytest.raises(ValueError, match="steps must work on the same images"):
        _native.run(steps, 1)
    _native.run([], 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": np.zeros((2, 4, 5, 3), np.uint8)}, "shape and dtype|must be float32"),
        ({"images": np.zeros((2, 4, 5, 3))}, "shape and dtype|must be float32"),
        ({"images": np.zeros((2, 4, 6, 3), np.float32)}, "shape and dtype"),
        ({"images": np.zeros((4, 5, 3), np.float32)}, "4 dimensions"),
        ({"channel_shift": np.zeros(3)}, "channel_shift has the wrong"),
        ({"channel_shift": np.zeros(2, np.float32)}, "channel_shift has the wrong"),
        ({"brightness": 4, "factor": np.zeros(2)}, "brightness is unknown"),
        ({"brightness": -1, "factor": np.zeros(2)}, "brightness is unknown"),
        ({"brightness": 1}, "factor does not match brightness"),
        ({"factor": np.zeros(2)}, "factor does not match brightness"),
        ({"brightness": 1, "factor": np.zeros(1)}, "factor has the wrong"),
        ({"center": np.zeros(4)}, "center has the wrong"),
        ({"scale": np.zeros((3, 1))}, "scale has the wrong"),
    ],
    ids=str,
)
def test_what_would_leave_the_memory(change: dict[str, Any], message: str) -> None:
    """The package checks before; these are the extension's own."""
    plain = np.zeros((2, 4, 5, 3), np.float32)
    given: dict[str, Any] = {
        "images": plain,
        "out": plain,
        "channel_shift": None,
        "brightness": 0,
        "factor": None,
        "white": 0.0,
        "rescale": 1.0,
        "samplewise_center": False,
        "samplewise_std": False,
        "center": None,
        "scale": None,
    }
    with pytest.raises(ValueError, match=message):
        _native.photometric(*(given | change).values())
