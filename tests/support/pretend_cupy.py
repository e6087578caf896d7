"""Arrays that are as strict as CuPy's, over NumPy's memory, and the CUDA backend that takes them.

Nothing makes them NumPy's behind one's back, NumPy's functions take them where CuPy has the same, and
none mixes them with NumPy's arrays.
"""

from __future__ import annotations

import functools
import operator
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from emulator import Emulated, Host

from fastaug import backends

# What the package may call with arrays on a card: CuPy has these, with the arguments that are used.
KNOWN = {
    np.broadcast_to,
    np.empty_like,
    np.expand_dims,
    np.may_share_memory,
    np.moveaxis,
    np.shares_memory,
    np.stack,
}


class Array:
    """An array that is said to be on a card."""

    def __init__(self, array: np.ndarray) -> None:
        self._array = array

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        return self._array.__array_interface__

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("Implicit conversion to a NumPy array is not allowed")

    def __array_function__(self, function: Any, _: Any, args: Any, kwargs: Any) -> Any:
        assert function in KNOWN, f"{function} of arrays on a card"
        return _on_card(function, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(self._array, name)
        return functools.partial(_on_card, found) if callable(found) else found

    @property
    def flags(self) -> Any:
        return types.SimpleNamespace(c_contiguous=self._array.flags.c_contiguous)

    def get(self) -> np.ndarray:
        return self._array.copy()

    def __len__(self) -> int:
        return len(self._array)

    def __iter__(self) -> Iterator[Array]:
        return map(Array, self._array)

    def __setitem__(self, key: Any, value: Any) -> None:
        _on_card(operator.setitem, self, key, value)


def _forwarded(name: str) -> Callable[..., Any]:
    return lambda *args: _on_card(getattr(operator, name), *args)


for _name in ("__getitem__", "__add__", "__sub__", "__mul__"):
    setattr(Array, _name, _forwarded(_name))


def _on_card(function: Any, *args: Any, **kwargs: Any) -> Any:
    result = function(*map(_inner, args), **kwargs)
    return Array(result) if isinstance(result, np.ndarray) else result


def _inner(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(map(_inner, value))
    if isinstance(value, np.ndarray) and value.ndim:
        raise TypeError("Unsupported type <class 'numpy.ndarray'>")
    return value._array if isinstance(value, Array) else value


def asarray(array: Any) -> Array:
    """What `cupy.asarray` gives: a copy of what is not there yet."""
    return array if isinstance(array, Array) else Array(np.array(array, order="C"))


class Card(Host):
    """A host that takes no NumPy array for one on the card."""

    def address(self, array: Any) -> int:
        assert isinstance(array, Array), f"{type(array)} is not on the card"
        return super().address(array)

    def empty_like(self, array: Any) -> Any:
        return Array(super().empty_like(array))

    def empty(self, shape: tuple[int, ...], dtype: Any) -> Any:
        return Array(super().empty(shape, dtype))

    def upload_array(self, array: np.ndarray) -> Any:
        return Array(super().upload_array(array))

    def start_threads(self, thread: Any, count: int, *arguments: Any) -> None:
        super().start_threads(thread, count, *map(_inner, arguments))

    def doubles(self, shape: tuple[int, ...]) -> Any:
        return Array(super().doubles(shape))


def install(monkeypatch: pytest.MonkeyPatch) -> Emulated:
    """Makes these arrays CuPy's, for the time of a test."""
    cupy = types.ModuleType("cupy")
    cupy.__dict__.update(
        ndarray=Array,
        asarray=asarray,
        empty=lambda shape, dtype: Array(np.empty(shape, dtype)),
        ascontiguousarray=lambda a, dtype: Array(np.ascontiguousarray(_inner(a), dtype)),
    )
    Array.__module__ = "cupy"
    backend, load = Emulated(Card()), backends._load
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    monkeypatch.setattr(backends, "_load", lambda name: backend if name == "cuda" else load(name))
    return backend
