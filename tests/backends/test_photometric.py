"""Numba and CUDA, the latter run by loops, give native's bits whatever is asked for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from references import same_bits

import fastaug
from fastaug import backends

_native = pytest.importorskip(
    "fastaug._native", reason="native is what the others are compared with"
)

Array = npt.NDArray[Any]

# Below and above the sixteen lanes of a row's sums, the rows of a block, and the threads of a warp.
SHAPES = [(2, 9, 37, 3), (3, 7, 5, 1), (2, 6, 40, 4), (1, 5, 30, 5), (35, 3, 1, 2), (1, 33, 2, 20)]


def _emulated() -> Any:
    if shutil.which("c++") is None:
        pytest.skip("the emulator needs a C++ compiler")
    from emulator import Emulated

    return Emulated()


def _numba() -> Any:
    pytest.importorskip("numba")
    return backends._load("numba")


@pytest.fixture(params=[_numba, _emulated], ids=["numba", "cuda"])
def backend(request: pytest.FixtureRequest) -> Any:
    return request.param()


def images(rng: np.random.Generator, shape: tuple[int, ...]) -> Iterator[Array]:
    limits = np.finfo(np.float32)
    numbers = [0.0, -0.0, limits.smallest_subnormal, -limits.smallest_subnormal, 1, 250, -3, 0.5]
    for made in (
        rng.uniform(-100, 400, shape),
        rng.uniform(0, 255, shape),
        rng.uniform(0, 1, shape),
        np.full(shape, 7),
        np.full(shape, np.nan),
        rng.choice([0.0, -0.0], shape),
        rng.choice([*numbers, np.nan], shape),
        rng.choice([*numbers, limits.max, limits.min], shape),
        rng.choice([*numbers, np.nan, np.inf, -np.inf], shape),
    ):
        yield made.astype(np.float32)


def arguments(rng: np.random.Generator, n: int, channels: int) -> Iterator[tuple[Any, ...]]:
    """Every combination of steps, as the backends take them."""
    flags = (False, True)
    for shifts, kind, center, std, mean, scale, rescales in product(
        flags, range(4), flags, flags, flags, flags, flags
    ):
        yield (
            rng.uniform(-90, 90, n) if shifts else None,
            kind,
            rng.uniform(-1, 3, n) if kind else None,
            float(rng.choice([0.0, 200.0, 1e-300])),
            1 / 255 if rescales else 1.0,
            center,
            std,
            rng.uniform(-9, 9, channels) if mean else None,
            rng.uniform(0.1, 9, channels) if scale else None,
        )


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_combination(backend: Any, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    native = backends._load("native")
    for given in images(rng, shape):
        for chosen in arguments(rng, shape[0], shape[3]):
            expected, got = np.empty_like(given), np.empty_like(given)
            native.photometric(given, expected, *chosen)
            with np.errstate(all="ignore"):
                backend.photometric(given, got, *chosen)
            same_bits(got, expected, str(chosen))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_level(shape: tuple[int, ...], rng: np.random.Generator) -> None:
    native = backends._load("native")
    lowest, *levels = _native.available_levels()
    for given in images(rng, shape):
        for chosen in arguments(rng, shape[0], shape[3]):
            expected, got = np.empty_like(given), np.empty_like(given)
            _native.use_level(lowest)
            native.photometric(given, expected, *chosen)
            for level in levels:
                _native.use_level(level)
                native.photometric(given, got, *chosen)
                same_bits(got, expected, f"{level} {chosen}")


@pytest.mark.parametrize("shape", SHAPES[:2], ids=str)
def test_layouts_and_in_place(
    backend: Any, shape: tuple[int, ...], rng: np.random.Generator
) -> None:
    native = backends._load("native")
    n, height, width, channels = shape
    plain = rng.uniform(-60, 300, shape).astype(np.float32)
    for chosen in list(arguments(rng, n, channels))[::5]:
        expected = np.empty_like(plain)
        native.photometric(plain, expected, *chosen)
        inputs = [
            plain,
            np.asfortranarray(plain),
            np.repeat(plain, 2, axis=2)[:, :, ::2],
            np.ascontiguousarray(plain[::-1, ::-1, ::-1, ::-1])[::-1, ::-1, ::-1, ::-1],
        ]
        for given in inputs:
            for out in (
                np.empty_like(plain),
                np.empty((n, channels, height, width), np.float32).transpose(0, 2, 3, 1),
                np.empty((n, height, width, 2 * channels), np.float32)[..., ::-2],
            ):
                backend.photometric(given, out, *chosen)
                same_bits(out, expected)
            changed = (
                given.copy(order="K") if given.flags.forc else np.repeat(given, 2, 2)[:, :, ::2]
            )
            backend.photometric(changed, changed, *chosen)
            same_bits(changed, expected)


def test_threads(rng: np.random.Generator) -> None:
    """Images go to threads whole, however few they are."""
    pytest.importorskip("numba")
    given = rng.uniform(-60, 300, (5, 90, 91, 3)).astype(np.float32)
    chosen = next(a for a in arguments(rng, 5, 3) if all(v is not None for v in a) and all(a[4:7]))
    expected = np.empty_like(given)
    fastaug.set_num_threads(1)
    backends._load("native").photometric(given, expected, *chosen)
    for threads in (1, 2, 5):
        fastaug.set_num_threads(threads)
        for name in ("native", "numba"):
            for first in (0, 4):
                part = (
                    v[first:] if isinstance(v, np.ndarray) and len(v) == 5 else v for v in chosen
                )
                got = np.empty_like(given[first:])
                backends._load(name).photometric(given[first:], got, *part)
                same_bits(got, expected[first:])
