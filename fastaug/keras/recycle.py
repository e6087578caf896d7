"""Memory of batches that is taken again once nobody holds the batch.

A fresh array costs as much as the work that fills it: the pages it touches for the first time.
"""

from __future__ import annotations

import math
import os
import sys
import threading
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import Array

# What the frameworks need to take an array over without copying it.
_ALIGNMENT = 64
# Blocks kept while nobody holds them; a training holds its queue of batches besides.
_SPARE = 2


def _references(blocks: list[tuple[Array, int]], i: int) -> int:
    return sys.getrefcount(blocks[i][0])


# As many references has a block that only its list knows.
_UNHELD = _references([(np.empty(1), 0)], 0)
# Without the GIL the count of references is spread over the threads and says nothing.
_COUNTS = getattr(sys, "_is_gil_enabled", lambda: True)()


def _new_block(size: int) -> tuple[Array, int]:
    block = np.empty(size, np.uint8)
    return block, -block.ctypes.data % _ALIGNMENT


class Recycler:
    """Gives out arrays; safe to call from several threads, and to pickle, which leaves it empty.

    Examples:
        >>> from fastaug.keras.recycle import Recycler
        >>> arrays = Recycler()
        >>> first = arrays.take((2, 3), "float32")
        >>> address = first.ctypes.data
        >>> del first
        >>> arrays.take((2, 3), "float32").ctypes.data == address
        True
    """

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._blocks: list[tuple[Array, int]] = []  # with the first byte that is aligned

    def take(self, shape: tuple[int, ...], dtype: npt.DTypeLike) -> Array:
        """An array of undefined content that shares memory with none that anybody holds."""
        kind = np.dtype(dtype)
        size = math.prod(shape) * kind.itemsize
        if self._process != os.getpid():  # forked, maybe while another thread held the lock
            self._start()
        with self._lock:
            block, start = self._take_block(size + _ALIGNMENT)
            # The array keeps the block; so do all views that will be made of it.
            return np.ndarray(shape, kind, block, start)

    def _take_block(self, size: int) -> tuple[Array, int]:
        blocks = self._blocks
        if not _COUNTS:
            return _new_block(size)
        free = [i for i in range(len(blocks)) if _references(blocks, i) == _UNHELD]
        fitting = [i for i in free if len(blocks[i][0]) >= size]
        block = blocks[fitting[0]] if fitting else _new_block(size)
        kept = fitting[1 : 1 + _SPARE]
        self._blocks = [b for i, b in enumerate(blocks) if i in kept or i not in free]
        self._blocks.append(block)
        return block

    def __getstate__(self) -> dict[str, Any]:
        return {}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._start()  # a copy starts empty
