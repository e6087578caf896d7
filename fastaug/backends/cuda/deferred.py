"""A device that waits: launches are made once all of their parameters have been uploaded, together."""

from __future__ import annotations

import functools
from collections.abc import Callable
from ctypes import Structure, c_void_p, sizeof
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ...arrays import Array
from ..passes import Form
from .compiler import Source
from .launches import Device

# Addresses of what is not uploaded yet: this and its number. No memory is there.
_PROMISED = 1 << 62


@dataclass(frozen=True)
class Layout:
    """How images (n, H, W, C) lie in memory that is not known yet: arrays to those who ask no more."""

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: np.dtype[Any]
    address: int = 0

    @classmethod
    def of(cls, form: Form, n: int = 1, address: int = 0) -> Layout:
        """Of images one after the other, without gaps."""
        shape, strides = (n, *form[:3]), [form.dtype.itemsize]
        for length in shape[:0:-1]:
            strides.insert(0, strides[0] * length)
        return cls(shape, tuple(strides), form.dtype, address)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    def __len__(self) -> int:
        return self.shape[0]


class Launch(NamedTuple):
    """A kernel that is to be started."""

    source: Source
    name: str
    arguments: Structure
    blocks: int
    threads: int
    shared: int


class Threads(NamedTuple):
    """Threads of a Python function that are to be started."""

    thread: Callable[..., None]
    n: int
    arguments: tuple[Any, ...]


class Deferred:
    """A device in front of another one."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.launches: list[Launch | Threads] = []
        self._promised: dict[int, tuple[int, Array]] = {}
        self._alive: list[Any] = []  # what a launch that waits will read or write

    def upload(self, *parameters: Array) -> tuple[list[int], Any]:
        """Addresses that are not the real ones yet."""
        for array in parameters:
            self._promised.setdefault(id(array), (_PROMISED + len(self._promised), array))
        return [self._promised[id(array)][0] for array in parameters], None

    def address(self, array: Any) -> int:
        return array.address if isinstance(array, Layout) else self._device.address(array)

    def empty(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        made = self._device.empty(shape, dtype)
        self._alive.append(made)
        return made

    def empty_like(self, array: Array) -> Array:
        made = self._device.empty_like(array)
        self._alive.append(made)
        return made

    def doubles(self, shape: tuple[int, ...]) -> Array:
        made = self._device.doubles(shape)
        self._alive.append(made)
        return made

    def memory(self, size: int) -> tuple[int, Any]:
        address, held = self._device.memory(size)
        self._alive.append(held)
        return address, held

    def upload_array(self, array: Array) -> Array:
        return self._device.upload_array(array)

    def start_threads(self, thread: Callable[..., None], count: int, *arguments: Any) -> None:
        self.launches.append(Threads(thread, count, arguments))

    def launch(
        self,
        source: Source,
        name: str,
        arguments: Structure,
        blocks: int,
        threads: int,
        shared: int,
    ) -> None:
        now = type(arguments).from_buffer_copy(arguments)
        self.launches.append(Launch(source, name, now, blocks, threads, shared))

    def last(self, mark: int) -> Launch | None:
        """The last launch, if there are more than so many; those from there on are not made."""
        made, self.launches[mark:] = self.launches[mark:], []
        return made[-1] if made and isinstance(made[-1], Launch) else None

    def start(self) -> None:
        """Uploads everything at once, and makes the launches."""
        arrays = [array for _, array in self._promised.values()]
        addresses, alive = self._device.upload(*arrays) if arrays else ([], None)
        for launch in self.launches:
            if isinstance(launch, Threads):
                self._device.start_threads(launch.thread, launch.n, *launch.arguments)
                continue
            words = np.frombuffer(memoryview(launch.arguments).cast("B"), np.uint64)
            for place in _pointers(type(launch.arguments)):
                if words[place] >= _PROMISED:
                    words[place] = addresses[int(words[place]) - _PROMISED]
            self._device.launch(*launch)
        del alive


@functools.cache
def _pointers(struct: type[Structure]) -> tuple[int, ...]:
    """Which of the 8-byte words of a struct are addresses."""
    found: list[int] = []
    for name, kind in struct._fields_:  # type: ignore[misc]
        start = getattr(struct, name).offset // sizeof(c_void_p)
        if kind is c_void_p:
            found.append(start)
        elif issubclass(kind, Structure):
            found += [start + place for place in _pointers(kind)]
    return tuple(found)
