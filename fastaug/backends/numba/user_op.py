"""Users' functions on rows of values: as C functions for the native pass, and as kernels here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ...arrays import Array
from ..user_op import UserFunction
from . import parallel
from .jit import Scalar, inlined, users, users_kernel
from .point import limits, to_pixel
from .user_code import checked, numba, number_type, results, types


class Entry(NamedTuple):
    """A C function, `UserFunction` in csrc/arguments.hpp, and what holds its memory."""

    address: int
    alive: Any


def entry(function: UserFunction, real: np.dtype[Any], channels: int) -> Entry:
    """The function for rows in the hands of C++.

    Raises:
        TypeError: if it does not compile; Numba's reason first.
    """
    change = _change(function, real, channels)
    number, width = types.CPointer(number_type(real)), max(function.count, 1)
    by_row = function.kind == "row"

    def call(
        given: Any, values: Any, first: int, second: int, y: int, height: int, numbers: Any
    ) -> int:
        # The compiler makes more of a number of channels that it knows.
        shape = (first, channels if by_row else second)
        rows = numba.carray(given, shape), numba.carray(values, shape)
        failed: int = change(*rows, y, height, numba.carray(numbers, width))
        return failed

    signature = types.int32(number, number, *[types.int64] * 4, number)
    compiled = numba.cfunc(signature, error_model="numpy")(call)
    return Entry(compiled.address, compiled)


def rows(function: UserFunction, real: np.dtype[Any], channels: int) -> Callable[..., None]:
    """The function for images in the hands of Numba, as `parallel.run` takes it.

    Raises:
        TypeError: if it does not compile; Numba's reason first.
    """
    change = _change(function, real, channels)
    by_pixel, by_row, apart = (function.kind == kind for kind in ("pixel", "row", "element"))

    @users_kernel
    def kernel(
        images: Array,
        out: Array,
        numbers: Array,
        failed: Array,
        low: Scalar,
        high: Scalar,
        height: int,
        length: int,
        first: int,
        last: int,
        begin: int,
        end: int,
    ) -> None:
        planes = channels if by_pixel else 1
        values = np.empty(length, numbers.dtype)
        given = np.empty(length, numbers.dtype) if apart else values
        shape = (length // channels, channels) if by_row else (planes, length // planes)
        for i in range(first, last):
            for y in range(begin, end):
                _split(images[i, y * length : (y + 1) * length], given, planes)
                if change(given.reshape(shape), values.reshape(shape), y, height, numbers[i]):
                    failed[0] = 1
                _join(values, out[i, y * length : (y + 1) * length], planes, low, high)

    return kernel


def _change(function: UserFunction, real: np.dtype[Any], channels: int) -> Any:
    """Makes a row of another, and tells whether that failed."""
    text = _written(function, channels, checked(function, real, channels))

    @users
    def change(given: Array, values: Array, y: int, height: int, numbers: Array) -> int:
        try:
            text(given, values, y, height, numbers)
        except Exception:
            return 1
        return 0

    return change


def _written(function: UserFunction, channels: int, user: Any) -> Any:
    """A function of a row: (1, elements) of another such, or (channels, width) or as it is in place."""
    numbers = "".join(f", n{i}" for i in range(function.count))
    lines = [f"n{i} = numbers[{i}]" for i in range(function.count)]
    if function.kind == "row":
        lines.append(f"user(values, y, height{numbers})")
    elif function.kind == "element":
        lines += [
            "for x in range(values.shape[1]):",
            f"    values[0, x] = user(given[0, x]{numbers})",
        ]
    else:
        taken = "".join(f"values[{c}, x], " for c in range(channels))
        lines += ["for x in range(values.shape[1]):", f"    made = user(({taken}){numbers})"]
        lines += [f"    values[{c}, x] = {one}" for c, one in enumerate(results(user, channels))]
    text = "def change(given, values, y, height, numbers):\n    " + "\n    ".join(lines)
    room: dict[str, Any] = {"user": user}
    exec(text, room)
    return users(room["change"])


@inlined
def _split(row: Array, values: Array, planes: int) -> None:
    width = len(row) // planes
    for c in range(planes):
        plane = values[c * width : (c + 1) * width]
        for x in range(width):
            plane[x] = row[x * planes + c]


@inlined
def _join(values: Array, row: Array, planes: int, low: Scalar, high: Scalar) -> None:
    width = len(row) // planes
    for c in range(planes):
        plane = values[c * width : (c + 1) * width]
        for x in range(width):
            row[x * planes + c] = to_pixel(plane[x], low, high, row)


def user_op(images: Array, out: Array, function: UserFunction, numbers: Array) -> None:
    """The op on a batch."""
    kernel = function.code_for(images, ".numba.user_op", "rows")
    given = function.numbers(numbers, images.dtype)
    if not function.count:
        given = np.zeros((len(given), 1), given.dtype)
    low, high = function.limits(out.dtype)
    failed = np.zeros(1, np.int32)
    _, height, width, channels = out.shape
    rest = (failed, *limits(out, low, high), height, width * channels)
    parallel.run(kernel, images, out, (given,), rest)
    function.finish(failed)
