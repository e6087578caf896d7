"""Memory whose neighbours may not be touched."""

from __future__ import annotations

import ctypes
import mmap
import sys
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

Array = npt.NDArray[Any]


class Page:
    """Memory of which what lies before or behind cannot be touched."""

    def __init__(self, pages: int = 8) -> None:
        if not sys.platform.startswith("linux"):
            pytest.skip("the C library's mprotect is Linux'")
        self.inner = pages * mmap.PAGESIZE
        self.memory = mmap.mmap(-1, self.inner + 2 * mmap.PAGESIZE)
        address = ctypes.addressof(ctypes.c_char.from_buffer(self.memory))
        protect = ctypes.CDLL(None, use_errno=True).mprotect
        protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        for edge in (0, mmap.PAGESIZE + self.inner):
            assert protect(address + edge, mmap.PAGESIZE, 0) == 0

    def array(self, shape: tuple[int, ...], dtype: str, *, at_end: bool) -> Array:
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        start = mmap.PAGESIZE + (self.inner - size if at_end else 0)
        return np.frombuffer(self.memory, dtype, int(np.prod(shape)), start).reshape(shape)
