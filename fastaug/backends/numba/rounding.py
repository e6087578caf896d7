"""From a computed value to a pixel: the text of ``csrc/ops/round.hpp``."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined

# A comparison of dtypes is a constant when a kernel is compiled.
UINT8, UINT16 = np.dtype(np.uint8), np.dtype(np.uint16)
FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
_MAGIC32, _BOUND32 = np.float32(12582912.0), np.float32(4194304.0)
_MAGIC64, _BOUND64 = 6755399441055744.0, 2251799813685248.0


@inlined
def round_half_even_32(v: Scalar) -> Scalar:
    """Two IEEE operations on a float32; larger values are integers already."""
    return (v + _MAGIC32) - _MAGIC32 if v < _BOUND32 and v > -_BOUND32 else v


@inlined
def round_half_even_64(v: Scalar) -> Scalar:
    """The same in double."""
    return (v + _MAGIC64) - _MAGIC64 if v < _BOUND64 and v > -_BOUND64 else v


@inlined
def to_uint8(v: Scalar, low: Scalar, high: Scalar) -> Scalar:
    """A float32 as an 8-bit pixel in a value range; NaN becomes `low`."""
    r = v if v > low else low
    r = r if r < high else high
    return np.uint8(np.int32(round_half_even_32(r)))


@inlined
def to_uint16(v: Scalar, low: Scalar, high: Scalar) -> Scalar:
    """The same with 16 bits."""
    r = v if v > low else low
    r = r if r < high else high
    return np.uint16(np.int32(round_half_even_32(r)))


@inlined
def to_float(v: Scalar, low: Scalar, high: Scalar, clip: bool) -> Scalar:
    """A float as a pixel of its type: clipped on request; NaN stays."""
    if clip:
        v = low if v < low else v
        v = high if v > high else v
    return v


@inlined
def constant_uint8(v: Scalar) -> Scalar:
    """A double given by the user as an 8-bit pixel."""
    r = v if v > 0.0 else 0.0
    r = r if r < 255.0 else 255.0
    return np.uint8(np.int32(round_half_even_64(r)))


@inlined
def constant_pixel(v: Scalar, like: Array) -> Scalar:
    """A double given by the user as a pixel of the type of `like`."""
    if like.dtype == UINT8:
        return constant_uint8(v)
    if like.dtype == UINT16:
        r = v if v > 0.0 else 0.0
        return np.uint16(np.int32(round_half_even_64(r if r < 65535.0 else 65535.0)))
    return np.float32(v) if like.dtype == FLOAT32 else v


def constant_pixels(values: Array, dtype: np.dtype[Any]) -> Array:
    """Doubles given by the user as pixels of a type, before any kernel."""
    if dtype.kind != "f":
        values = np.rint(np.clip(values, 0, np.iinfo(dtype).max))
    with np.errstate(over="ignore", under="ignore"):
        pixels: Array = values.astype(dtype)
    return pixels


@inlined
def store_uint8(v: Scalar) -> Scalar:
    """SciPy's store: integers round half up, unlike the rest of this library."""
    v = v + 0.5 if v > 0.0 else 0.0
    return np.uint8(np.int32(255.0 if v > 255.0 else v))
