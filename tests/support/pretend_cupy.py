"""Arrays that are as strict as CuPy's, over NumPy's memory, and the CUDA backend that takes them.

Nothing makes them NumPy's behind one's back, NumPy's functions take them where CuPy has the same, and
none mixes them with NumPy's arrays.
"""

from __future__ import annotations

import functools
import operator
import sys
import time
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

    card = 0

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
    def data(self) -> Any:
        return types.SimpleNamespace(ptr=self._array.ctypes.data)

    @property
    def device(self) -> Device:
        return Device(self.card)

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

    def __dlpack__(self, **given: Any) -> Any:
        return self._array.__dlpack__(**given)

    def __dlpack_device__(self) -> Any:
        return self._array.__dlpack_device__()


def _forwarded(name: str) -> Callable[..., Any]:
    return lambda *args: _on_card(getattr(operator, name), *args)


for _name in ("__getitem__", "__add__", "__sub__", "__mul__", "__truediv__", "__eq__", "__ne__"):
    setattr(Array, _name, _forwarded(_name))
Array.__rmul__ = lambda self, other: _on_card(operator.mul, other, self)


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
    if isinstance(array, Array):
        return array
    if hasattr(array, "__cuda_array_interface__"):  # another library's, on the card
        return Array(np.asarray(array.__cuda_array_interface__["owner"]))
    return Array(np.array(array, order="C"))


class Stream:
    """Everything is done at once."""

    ptr = 0
    done = True

    def __init__(self, *, non_blocking: bool = False) -> None:
        pass

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def synchronize(self) -> None:
        pass


class Event:
    """A moment."""

    def record(self) -> None:
        self.at = time.perf_counter()

    def synchronize(self) -> None:
        pass


class CUDARuntimeError(RuntimeError):
    """What CuPy raises where CUDA does not work."""


class Device:
    """A card."""

    compute_capability = "90"

    def __init__(self, number: int = 0) -> None:
        self.id = number

    def synchronize(self) -> None:
        pass


def _cuda() -> types.ModuleType:
    cuda = types.ModuleType("cupy.cuda")
    name = b"a pretended card"
    cuda.__dict__.update(
        Device=Device,
        Event=Event,
        Stream=Stream,
        get_current_stream=Stream,
        get_elapsed_time=lambda start, stop: 1e3 * (stop.at - start.at),
        runtime=types.SimpleNamespace(
            CUDARuntimeError=CUDARuntimeError,
            driverGetVersion=lambda: 13000,
            runtimeGetVersion=lambda: 13000,
            getDevice=lambda: 0,
            getDeviceCount=lambda: 1,
            getDeviceProperties=lambda _: {"name": name, "major": 9, "minor": 0},
        ),
    )
    return cuda


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
        __version__="pretended",
        ndarray=Array,
        asarray=asarray,
        asnumpy=lambda array: array.get(),
        cuda=_cuda(),
        empty=lambda shape, dtype: Array(np.empty(shape, dtype)),
        zeros=lambda shape, dtype: Array(np.zeros(shape, dtype)),
        empty_like=lambda a: Array(np.empty_like(a._array)),
        copyto=lambda to, a: np.copyto(to._array, a._array),
        ascontiguousarray=lambda a, dtype: Array(np.ascontiguousarray(_inner(a), dtype)),
        **{name: getattr(np, name) for name in ("uint8", "float32", "float64")},
    )
    Array.__module__ = "cupy"
    backend, load = Emulated(Card()), backends._load
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    monkeypatch.setitem(sys.modules, "cupy.cuda", cupy.cuda)
    monkeypatch.setattr(backends, "_load", lambda name: backend if name == "cuda" else load(name))
    return backend
