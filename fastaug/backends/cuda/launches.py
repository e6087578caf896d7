"""How a kernel of ``csrc/cuda`` is started, whoever holds the memory."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import Structure
from typing import Any, Protocol

import numpy as np

from ...arrays import Array
from . import arguments
from .compiler import Source

# Names of the element types in the names of kernels.
_SUFFIX = {"uint8": "u8", "uint16": "u16", "float32": "f32", "float64": "f64"}
# What a block may have of shared memory, and the tiles of an image that it makes: elements across and
# down, the best first.
SHARED_BYTES = 48 * 1024
TILES = ((128, 16), (128, 8), (64, 8), (32, 8))


class Device(Protocol):
    """Who holds the memory and starts the blocks."""

    def upload(self, *parameters: Array) -> tuple[list[int], Any]:
        """Addresses of copies of the arrays, and what keeps them alive."""

    def address(self, array: Array) -> int: ...

    def empty_like(self, array: Array) -> Array: ...

    def doubles(self, shape: tuple[int, ...]) -> Array:
        """A new contiguous array of float64, contents undefined."""

    def memory(self, size: int) -> tuple[int, Any]:
        """The address of so many bytes, and what keeps them alive."""

    def empty(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """A new contiguous array, contents undefined."""

    def upload_array(self, array: Array) -> Array: ...

    def start_threads(self, thread: Callable[..., None], count: int, *arguments: Any) -> None:
        """Calls a Python function with every number below `count`, and the arguments, in threads."""

    def launch(
        self,
        source: Source,
        name: str,
        arguments: Structure,
        blocks: int,
        threads: int,
        shared: int,
    ) -> None: ...


class Launches:
    """What the ops of every family are started by."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def _batch(self, array: Array) -> arguments.Batch:
        return arguments.batch(self._device.address(array), array.shape, array.strides, array.dtype)

    def _same_place(self, images: Array, out: Array) -> bool:
        same: bool = self._device.address(images) == self._device.address(out)
        return same

    def _map_elements(self, op: str, suffix: str, args: Structure, images: Array) -> None:
        """Four elements to a thread."""
        n, h, w, c = images.shape
        self._launch(op, suffix, args, n * divide_up(h * w * c, 4 * 256), 256)

    def _each_element(self, op: str, args: Structure, out: Array) -> None:
        """An element to a thread."""
        n, h, w, c = out.shape
        self._launch(op, f"_{suffix_of(out)}", args, n * divide_up(h * w * c, 256), 256)

    def _map_colours(self, op: str, args: Structure, images: Array) -> None:
        """A pixel to a thread."""
        n, h, w, _ = images.shape
        self._launch(op, f"_{suffix_of(images)}", args, n * divide_up(h * w, 256), 256)

    def _launch(self, op: str, suffix: str, args: Structure, blocks: int, threads: int) -> None:
        self._start(op, op + suffix, args, blocks, threads, 0)

    def _start(
        self, source: str, name: str, args: Structure, blocks: int, threads: int, shared: int
    ) -> None:
        start_blocks(self._device, Source(source), name, args, blocks, threads, shared)


def start_blocks(
    device: Device,
    source: Source,
    name: str,
    args: Structure,
    blocks: int,
    threads: int,
    shared: int,
) -> None:
    """Starts a kernel, if there is anything to do."""
    if blocks >= 2**31:
        raise ValueError(f"images is too large for one launch: {blocks} blocks of threads")
    if blocks:
        device.launch(source, name, args, blocks, threads, shared)


def suffix_of(images: Array) -> str:
    """The element type in names of kernels."""
    return _SUFFIX[images.dtype.name]


def divide_up(a: int, b: int) -> int:
    """The least whole number that is not below a / b."""
    return -(-a // b)


def rows_are_plain(array: Any) -> bool:
    """Whether the elements of a row lie one after the other."""
    _, _, w, c = array.shape
    item = array.dtype.itemsize
    return bool((c == 1 or array.strides[3] == item) and (w == 1 or array.strides[2] == c * item))
