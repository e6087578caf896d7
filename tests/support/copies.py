"""Images of all dtypes and bit patterns, for the ops that only move elements."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
DTYPES = ("?", "i1", "u1", "i2", "u2", "f2", "i4", "u4", "f4", "i8", "u8", "f8")


def any_bits(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> Array:
    """Elements of every bit pattern, the NaNs of floats among them."""
    if dtype == "?":
        return rng.integers(0, 2, shape).astype(bool)
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    return np.frombuffer(rng.bytes(size), dtype).reshape(shape)


def equal_memory(got: Array, expected: Array) -> None:
    """The bits of a copy, those of a NaN as well."""
    assert got.dtype == expected.dtype
    assert got.shape == expected.shape
    assert got.tobytes() == expected.tobytes()
