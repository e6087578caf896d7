"""What an image batch is: shapes, dtypes, layouts, ``out=``, per-sample parameters, and their errors.

Every op sees images as a view of shape (N, H, W, C) and gives back an array of the shape it got.
"""

from __future__ import annotations

import math
import operator
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

DataFormat: TypeAlias = Literal["channels_last", "channels_first"]
Array: TypeAlias = npt.NDArray[Any]
PerSample: TypeAlias = float | npt.ArrayLike

# Images, sides and indices beyond this cannot be addressed by 32.32 coordinates.
LARGEST_SIDE = 2**30
_EXACT = 2.0**53  # up to here floats have all whole numbers

# What fits where it comes from need not be looked at.
_SPANS = {np.dtype(t): (0, int(np.iinfo(t).max)) for t in (np.uint32, np.uint64)}

# What needs nothing but a look at it: most arrays. Whoever calls between images finds the cache
# full of pixels, so that every function and every object on the way costs as much as a copy of
# some kilobytes.
_LAST = "channels_last"
_PLAIN = {
    np.dtype(code): np.dtype(code).name
    for code in ("?", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8")
}

_imported_by = os.getpid()
_cuda_process: int | None = None  # the first that had images on a card


@dataclass(slots=True)  # freezing costs a call of Python's for every field
class Batch:
    """Images as given, and the (N, H, W, C) view of them that kernels take."""

    given: Array
    pixels: Array
    data_format: DataFormat
    source: Any  # what the user gave; results on a card come back in its kind
    on_card: bool

    @property
    def n(self) -> int:
        return len(self.pixels)

    def shape_in_kind(self, height: int, width: int) -> tuple[int, ...]:
        """The shape of a result of this size, in the dimensions and layout of the input."""
        n, _, _, c = self.pixels.shape
        if self.given.ndim == 2:
            return (height, width)
        image = (height, width, c) if self.data_format == "channels_last" else (c, height, width)
        return image if self.given.ndim == 3 else (n, *image)


@dataclass(slots=True)
class Output:
    """Where a result goes: ``pixels`` for the kernel, ``finish()`` for the caller."""

    given: Any
    staged: Array
    pixels: Array

    def finish(self) -> Array:
        if self.staged is not self.given and isinstance(self.given, np.ndarray):
            self.given[...] = self.staged
        result: Array = self.given
        return result


def as_batch(
    images: npt.ArrayLike,
    data_format: DataFormat = "channels_last",
    dtypes: Sequence[str] | None = None,
    name: str = "images",
) -> Batch:
    """Checks images, an argument of this name, and views them as (N, H, W, C).

    Raises:
        TypeError: if `images` is not a numeric array, or its dtype is not one of `dtypes`.
        ValueError: if its shape or `data_format` makes no sense.
        RuntimeError: if it is on a card and CuPy is not installed.
    """
    if type(images) is np.ndarray and images.ndim == 4 and data_format is _LAST:
        kind = _PLAIN.get(images.dtype)
        if (
            kind is not None
            and (dtypes is None or kind in dtypes)
            and max(images.shape) <= LARGEST_SIDE
            and images.flags.aligned
        ):
            return Batch(images, images, _LAST, images, False)
    array, on_card = own_array(images, name)
    if not (isinstance(data_format, str) and data_format in ("channels_last", "channels_first")):
        raise ValueError(
            f"data_format must be 'channels_last' or 'channels_first', got {data_format!r}"
        )
    if dtypes is None:
        if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
            raise TypeError(
                f"{name} must have a boolean, integer or floating dtype of at most 8 bytes, "
                f"got {array.dtype}"
            )
    elif _name_of(array.dtype) not in dtypes:
        raise TypeError(f"{name} must be {' or '.join(dtypes)}, got {array.dtype}")
    if array.ndim not in (2, 3, 4):
        layout = "(H, W, C)" if data_format == "channels_last" else "(C, H, W)"
        raise ValueError(
            f"{name} must be (H, W), {layout} or a batch of the latter, got shape {array.shape}"
        )
    if max(array.shape) > LARGEST_SIDE:
        raise ValueError(f"{name} must have no side over {LARGEST_SIDE}, got shape {array.shape}")
    if not on_card:
        # A copy only where the kernels could not read the memory as it is.
        if not array.dtype.isnative:
            array = array.astype(array.dtype.newbyteorder("="))
        array = array if array.flags.aligned else array.copy()
    return Batch(array, _channels_last(array, data_format), data_format, images, on_card)


@cache  # NumPy puts a name together anew each time
def _name_of(dtype: np.dtype[Any]) -> str:
    """The name of a dtype, whatever the order of its bytes."""
    return dtype.newbyteorder("=").name


def own_array(images: Any, name: str = "images") -> tuple[Array, bool]:
    """The images as an array of NumPy or, if they are on a card, of CuPy; and which it is."""
    if type(images) is np.ndarray:
        return images, False
    if isinstance(images, np.ndarray) or not hasattr(images, "__cuda_array_interface__"):
        return as_array(images, name), False
    try:
        cupy = import_module("cupy")
    except ImportError:
        raise RuntimeError(
            f"{name} is on a CUDA device, which needs CuPy; "
            "install it with: pip install 'fastaug[cuda13x]' (or cuda12x)"
        ) from None
    return _on_card(cupy, images), True


def _on_card(cupy: Any, images: Any) -> Array:
    """As CuPy's, where they are; refuses what a process before a fork has put there."""
    global _cuda_process
    forked = (
        "CUDA cannot be used in a process forked from one that had started it; "
        "start workers with multiprocessing's 'spawn' or 'forkserver' method"
    )
    if _cuda_process not in (None, os.getpid()):
        raise RuntimeError(forked)
    try:
        array: Array = cupy.asarray(images)
    except cupy.cuda.runtime.CUDARuntimeError as error:
        if os.getpid() != _imported_by:  # CUDA was started before, if not by us
            raise RuntimeError(forked) from error
        raise
    _cuda_process = os.getpid()
    return array


def _channels_last(array: Array, data_format: DataFormat) -> Array:
    if array.ndim == 2:
        return array[np.newaxis, :, :, np.newaxis]
    if data_format == "channels_first":
        array = np.moveaxis(array, -3, -1)
    return array if array.ndim == 4 else array[np.newaxis]


def as_output(
    out: Array | None,
    batch: Batch,
    size: tuple[int, int] | None = None,
    *,
    may_be_input: bool = False,
    dtype: npt.DTypeLike | None = None,
) -> Output:
    """A new array for the result, or `out` after a check; `dtype` if it is not that of the images.

    Raises:
        TypeError: if `out` is not an array of the result's dtype where the images are.
        ValueError: if its shape differs, it is read-only, or it overlaps the images.
    """
    images = batch.given
    if type(out) is np.ndarray and images is batch.pixels and not batch.on_card and dtype is None:
        expected = images.shape
        if size is not None:
            expected = (expected[0], *size, expected[3])
        if (
            out.dtype is images.dtype
            and out.shape == expected
            and out.flags.carray  # of C order, aligned, and may be written
            and not np.may_share_memory(out, images)
        ):
            return Output(out, out, out)
    height, width = batch.pixels.shape[1:3] if size is None else size
    shape = batch.shape_in_kind(height, width)
    dtype = batch.given.dtype if dtype is None else np.dtype(dtype)
    may_be_input = may_be_input and dtype == batch.given.dtype
    if out is None:
        if math.prod(shape) * dtype.itemsize > sys.maxsize:
            raise ValueError(f"the result would be too large for memory, got shape {shape}")
        library: Any = import_module("cupy") if batch.on_card else np
        staged = library.empty(shape, dtype)
        given = in_kind(staged, batch.source) if batch.on_card else staged
    elif batch.on_card:
        if not hasattr(out, "__cuda_array_interface__"):
            raise TypeError(f"out must be on the images' CUDA device, got {type(out).__name__}")
        given, (staged, _) = out, own_array(out)
        _check_out(staged, shape, dtype, batch.given, may_be_input)
    else:
        if not isinstance(out, np.ndarray):
            raise TypeError(f"out must be a NumPy array, got {type(out).__name__}")
        _check_out(out, shape, dtype, batch.given, may_be_input)
        if not out.flags.writeable:
            raise ValueError("out is read-only; expected an array that can be written")
        given, staged = out, out if out.flags.aligned else np.empty(shape, out.dtype)
    return Output(given, staged, _channels_last(staged, batch.data_format))


def in_kind(array: Array, like: Any) -> Any:
    """A result on a card as the library of `like` has it, sharing its memory."""
    if type(array) is type(like):
        return array
    library = import_module(type(like).__module__.partition(".")[0])
    return library.from_dlpack(array) if hasattr(library, "from_dlpack") else array


def _check_out(
    out: Array, shape: tuple[int, ...], dtype: np.dtype[Any], images: Array, may_be_input: bool
) -> None:
    if out.dtype != dtype:
        raise TypeError(f"out must have dtype {dtype}, got {out.dtype}")
    if out.shape != shape:
        raise ValueError(f"out must have shape {shape}, got {out.shape}")
    if 0 in out.strides and out.size and _repeats(out):
        raise ValueError(f"out must not overlap itself, got strides {out.strides}")
    check_apart(out, images, "images", may_be_input)


def check_apart(out: Array, images: Array, name: str, may_be_input: bool) -> None:
    """Checks that the result does not lie where images are still to be read.

    Raises:
        ValueError: if they share memory, but for that `may_be_input` allows it to be all of it.
    """
    if not np.may_share_memory(out, images) or (may_be_input and _same_memory(out, images)):
        return
    if _overlap(out, images):
        allowed = " unless it is the very same array" if may_be_input else ""
        raise ValueError(f"out must not share memory with {name}{allowed}")


def _repeats(array: Array) -> bool:
    return any(n > 1 and step == 0 for n, step in zip(array.shape, array.strides, strict=True))


def _same_memory(a: Array, b: Array) -> bool:
    return _address(a) == _address(b) and a.strides == b.strides and a.shape == b.shape


def _address(array: Any) -> int:
    interface = getattr(array, "__cuda_array_interface__", None) or array.__array_interface__
    address: int = interface["data"][0]
    return address


def _overlap(a: Array, b: Array) -> bool:
    effort: Any = 100_000  # NumPy's own annotation has its two special values only
    if not isinstance(a, np.ndarray):
        return bool(np.shares_memory(a, b))
    try:
        return bool(np.shares_memory(a, b, max_work=effort))
    except np.exceptions.TooHardError:
        return True


def as_array(value: Any, name: str) -> Array:
    """`numpy.asarray`, with an error that says which argument it is about."""
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must be a regular array, got {value!r}") from None


def per_sample(
    value: PerSample,
    n: int,
    name: str,
    *,
    least: float | None = None,
    most: float | None = None,
) -> npt.NDArray[np.float64]:
    """A finite number, or one for each of `n` samples, as an array of shape (n,).

    Raises:
        TypeError: if it is not a number or an array of numbers.
        ValueError: if its shape, or a value, is not as expected.
    """
    low, high = -_EXACT if least is None else least, _EXACT if most is None else most
    if type(value) in (int, float) and low <= value <= high <= _EXACT:  # type: ignore[operator]
        return filled(n, value, np.float64)  # at a tenth of what the checks below cost
    array = as_numbers(value, name)
    if array.ndim > 1 or (array.ndim == 1 and array.shape != (n,)):
        raise ValueError(f"{name} must be a number or an array of shape ({n},), got {array.shape}")
    _check_range(array, name, least, most)
    return np.ascontiguousarray(array) if array.ndim else np.full(n, array)


def filled(shape: int | tuple[int, ...], value: Any, dtype: npt.DTypeLike) -> Array:
    """`numpy.full` of a number in a third of its time."""
    array = np.empty(shape, dtype)
    array.fill(value)
    return array


def spread(shape: tuple[int, ...], values: Any, dtype: npt.DTypeLike) -> Array:
    """`numpy.full` of values, which are broadcast, in a half of its time."""
    array = np.empty(shape, dtype)
    array[...] = values
    return array


def per_sample_pair(value: Any, n: int, name: str) -> npt.NDArray[np.float64]:
    """An (x, y) pair, or one for each of `n` samples, as an array of shape (n, 2)."""
    array = as_numbers(value, name)
    if array.shape not in ((2,), (n, 2)):
        raise ValueError(
            f"{name} must be a pair (x, y) or an array of shape ({n}, 2), got shape {array.shape}"
        )
    _check_range(array, name, None, None)
    return np.ascontiguousarray(np.broadcast_to(array, (n, 2)))


def per_sample_integers(
    value: Any, n: int, name: str, dtype: npt.DTypeLike, least: int, most: int
) -> Array:
    """A whole number in [least, most], or one for each of `n` samples, as an array of shape (n,)."""
    # At a tenth of what the checks below cost.
    if type(value) is int and least <= value <= most:
        return filled(n, value, dtype)
    fits = type(value) is np.ndarray and value.dtype == dtype and value.shape == (n,)
    if fits and (least, most) == _SPANS.get(value.dtype):
        return np.ascontiguousarray(value)
    array = as_array(value, name)
    if not isinstance(value, np.ndarray) and array.dtype.kind == "f":
        # NumPy makes floats of a list that has integers on both sides of 2**63.
        array = np.asarray(value, object)
    if array.dtype == object:  # Python's integers beyond 64 bits come like this
        if not all(isinstance(v, int | np.integer) for v in array.flat):
            raise TypeError(f"{name} must be a whole number, got {value!r}")
    elif array.dtype.kind not in "iu" and array.size:  # an empty list comes as floats
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if array.ndim > 1 or (array.ndim == 1 and array.shape != (n,)):
        raise ValueError(
            f"{name} must be a whole number or an array of shape ({n},), got shape {array.shape}"
        )
    if array.size:  # without the calls of Python's that the methods of arrays make
        for v in (np.minimum.reduce(array, None), np.maximum.reduce(array, None)):
            if not least <= int(v) <= most:
                raise ValueError(f"{name} must be from {least} to {most}, got {v}")
    if array.ndim == 1:
        return np.ascontiguousarray(array, dtype)
    return np.full(n, array, dtype)


def per_sample_flags(value: Any, n: int, name: str) -> npt.NDArray[np.uint8]:
    """True or False, or one for each of `n` samples, as an array of shape (n,)."""
    if isinstance(value, bool):  # at a tenth of what the checks below cost
        return _same_flags(value, n)
    array = as_array(value, name)
    if array.dtype != np.bool_ and array.size:
        raise TypeError(f"{name} must be a bool or an array of bools, got {value!r}")
    if array.ndim > 1 or (array.ndim == 1 and array.shape != (n,)):
        raise ValueError(
            f"{name} must be a bool or an array of shape ({n},), got shape {array.shape}"
        )
    return np.ascontiguousarray(np.broadcast_to(array, (n,)), np.uint8)


@lru_cache(maxsize=16)
def _same_flags(value: bool, n: int) -> npt.NDArray[np.uint8]:
    array = filled(n, value, np.uint8)
    array.flags.writeable = False
    return array


def as_size(value: Any, name: str) -> tuple[int, int]:
    """A (height, width) in pixels.

    Raises:
        TypeError: if it is not a pair of whole numbers.
        ValueError: if one of them is negative or too large.
    """
    try:
        height, width = map(operator.index, value)
    except (TypeError, ValueError, AttributeError):
        raise TypeError(
            f"{name} must be a pair (height, width) of whole numbers, got {value!r}"
        ) from None
    if not (0 <= height <= LARGEST_SIDE and 0 <= width <= LARGEST_SIDE):
        raise ValueError(f"{name} must be from 0 to {LARGEST_SIDE} on each side, got {value!r}")
    return height, width


def as_matrices(
    matrix: Any, n: int, name: str = "matrix", *, rows: int = 2
) -> npt.NDArray[np.float64]:
    """One matrix of so many rows of 3, or one for each of `n` samples, as (n, 3 * rows)."""
    array = as_numbers(matrix, name)
    if array.shape == (n, rows, 3):
        _check_range(array, name, None, None)
        return np.ascontiguousarray(array.reshape(n, 3 * rows))
    if array.shape != (rows, 3):
        raise ValueError(
            f"{name} must have shape ({rows}, 3) or ({n}, {rows}, 3), got {array.shape}"
        )
    _check_range(array, name, None, None)
    return same_for_all(array, n)


def same_for_all(matrix: npt.NDArray[np.float64], n: int) -> npt.NDArray[np.float64]:
    """One matrix for each of `n` samples, as (n, entries)."""
    full = np.empty((n, matrix.size))
    full[:] = matrix.reshape(-1)
    return full


def as_fill(value: Any, n: int, channels: int, name: str = "fill_value") -> Array:
    """A fill value for all, for each sample, or for each sample and channel, as (n, channels).

    Shaped (n,) for images of one channel, as the kernels take it.
    """
    if is_plain(value):  # at a tenth of what the checks below cost
        return filled(n if channels == 1 else (n, channels), value, np.float64)
    array = as_numbers(value, name)
    if array.ndim == 1:
        array = array[:, np.newaxis]
    if array.ndim > 2 or (
        array.ndim == 2 and (array.shape[0] not in (1, n) or array.shape[1] not in (1, channels))
    ):
        raise ValueError(
            f"{name} must be a number or have shape ({n},), (1, {channels}) or ({n}, {channels}), "
            f"got {np.shape(value)}"
        )
    full = np.ascontiguousarray(np.broadcast_to(array, (n, channels)))
    return full.reshape(n) if channels == 1 else full


def value_limits(
    batch: Batch, value_range: Any, default: tuple[float, float] = (0.0, 0.0)
) -> tuple[float, float, bool]:
    """(black, white, whether to clip) of the images; `default` is that of floats."""
    dtype = batch.given.dtype
    integer, most = dtype.kind == "u", 2.0 ** (8 * dtype.itemsize) - 1
    if value_range is None:
        return (0.0, most, True) if integer else (*default, False)
    pair = as_numbers(value_range, "value_range")
    if pair.shape != (2,):
        raise ValueError(f"value_range must be a pair (black, white), got {value_range!r}")
    low, high = pair.tolist()
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise ValueError(f"value_range must be finite and increasing, got {value_range!r}")
    if integer and not (low >= 0 and high <= most and low.is_integer() and high.is_integer()):
        raise ValueError(
            f"value_range must be whole numbers from 0 to {most:.0f} for {dtype} images, "
            f"got {value_range!r}"
        )
    return low, high, True


def choice(value: Any, name: str, codes: dict[str, int]) -> int:
    """The code of a named option, or an error that lists the names."""
    try:
        return codes[value]
    except (KeyError, TypeError):
        raise ValueError(f"{name} must be one of {', '.join(codes)}, got {value!r}") from None


def is_plain(value: Any) -> bool:
    """Whether it is a number of Python's own that is a float, or fits one."""
    return type(value) is float or (type(value) is int and -_EXACT <= value <= _EXACT)


def as_numbers(value: Any, name: str) -> npt.NDArray[np.float64]:
    """Numbers of any shape; their range is for the caller to check."""
    array = as_array(value, name)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be a number or an array of numbers, got {value!r}")
    return array.astype(np.float64, copy=False)


def _check_range(
    array: npt.NDArray[np.float64], name: str, least: float | None, most: float | None
) -> None:
    # Without the calls of Python's that the methods of arrays make.
    finite = np.isfinite(array)
    if np.count_nonzero(finite) < array.size:
        raise ValueError(f"{name} must be finite, got {array[~finite][0]}")
    if not array.size:
        return
    if least is not None and (low := float(np.minimum.reduce(array, None))) < least:
        raise ValueError(f"{name} must be at least {least}, got {low}")
    if most is not None and (high := float(np.maximum.reduce(array, None))) > most:
        raise ValueError(f"{name} must be at most {most}, got {high}")
