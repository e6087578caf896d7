"""Functions of users as backends take them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from ..arrays import Array

# What a function gets at a time, as `UserOp` in csrc/arguments.hpp.
KINDS = ("element", "pixel", "row")


class UserFunction:
    """A function of a row's values, compiled for each kind of images when they first come.

    Attributes:
        function: Python's.
        kind: one of `KINDS`.
        count: how many parameters it takes besides.
        name: for errors.
    """

    def __init__(self, function: Callable[..., Any], kind: str, count: int) -> None:
        self.function = function
        self.kind = kind
        self.count = count
        self.name: str = getattr(function, "__qualname__", repr(function))
        self._made: dict[Any, Any] = {}

    @property
    def code(self) -> int:
        return KINDS.index(self.kind)

    def real(self, dtype: np.dtype[Any]) -> np.dtype[Any]:
        """The type of its arithmetic for images of a dtype."""
        return np.dtype(np.float64 if dtype == np.float64 else np.float32)

    def numbers(self, numbers: Array, dtype: np.dtype[Any]) -> Array:
        """Its parameters, (n, count), in the type of the arithmetic."""
        with np.errstate(over="ignore", under="ignore"):
            return np.ascontiguousarray(numbers, self.real(dtype))

    def limits(self, dtype: np.dtype[Any]) -> tuple[float, float]:
        """What its results are confined to."""
        return (0, np.iinfo(dtype).max) if dtype.kind == "u" else (-np.inf, np.inf)

    def code_for(self, images: Array, room: str, name: str) -> Any:
        """What the function `name` of a module makes of this one for such images; made once.

        Raises:
            TypeError: if it does not compile; Numba's reason first.
            RuntimeError: if Numba is not installed.
        """
        real = self.real(images.dtype)
        channels = 1 if self.kind == "element" else int(images.shape[3])
        key = (room, name, real, channels)
        if key not in self._made:
            if find_spec("numba") is None:
                raise RuntimeError(
                    f"{self.name} needs Numba to be compiled; "
                    "install it with: pip install 'fastaug[numba]'"
                )
            made = getattr(import_module(room, __package__), name)(self, real, channels)
            # Of two threads that got here at once one wins: its code is what everybody calls.
            self._made.setdefault(key, made)
        return self._made[key]

    def finish(self, failed: Array) -> None:
        """Tells of a call that raised an exception."""
        if failed[0]:
            raise RuntimeError(
                f"{self.name} raised an exception, which compiled code cannot tell; "
                "call its attribute `function` with the same values in Python to see it"
            )
