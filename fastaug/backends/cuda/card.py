"""The card: CuPy's memory, device and stream under our own kernels."""

from __future__ import annotations

import ctypes
import functools
import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

import cupy
import numpy as np
from cupy.cuda import nvrtc

from ...arrays import Array
from .compiler import Source, compile_source
from .kernels import Cuda

_NO_NVRTC = (
    "CUDA's compiler cannot be loaded; install it with: pip install 'fastaug[cuda13x]' (or 12x)"
)
_OLD_DRIVER = "the driver is older than CuPy's CUDA; update it, or install fastaug[cuda12x]"
# What to do about statuses of the driver.
_ADVICE = {
    2: "use smaller batches, or free CuPy's pool: cupy.get_default_memory_pool().free_all_blocks()",
    200: _OLD_DRIVER,
    209: _OLD_DRIVER,
    218: _OLD_DRIVER,
    222: _OLD_DRIVER,
    701: "this card has fewer registers than the kernel needs; please report it",
}
_BROKEN = (
    "a kernel before it, not necessarily fastaug's, has failed, and the card is of no use to this "
    "process any more; run it again with CUDA_LAUNCH_BLOCKING=1 to see which"
)
_THREADS = 256  # of a block, where Numba compiles


class Card:
    """CuPy's current device and stream."""

    def upload(self, *parameters: Array) -> tuple[list[int], Any]:
        """Copies all arrays to the device at once, in order of the current stream."""
        offsets, total = [], 0
        for array in parameters:
            offsets.append(total)
            total += -(-array.nbytes // 16) * 16
        packed = np.empty(max(total, 16), np.uint8)
        for offset, array in zip(offsets, parameters, strict=True):
            packed[offset : offset + array.nbytes] = array.reshape(-1).view(np.uint8)
        held = cupy.asarray(packed)
        return [held.data.ptr + offset for offset in offsets], held

    def address(self, array: Any) -> int:
        here = cupy.cuda.Device().id
        if array.device.id != here:
            raise ValueError(
                f"images is on CUDA device {array.device.id}, but the current one is {here}; "
                f"work within: with cupy.cuda.Device({array.device.id})"
            )
        pointer: int = array.data.ptr
        return pointer

    def empty_like(self, array: Array) -> Array:
        made: Array = cupy.empty(array.shape, array.dtype)
        return made

    def doubles(self, shape: tuple[int, ...]) -> Array:
        made: Array = cupy.empty(shape, np.float64)
        return made

    def memory(self, size: int) -> tuple[int, Any]:
        held = cupy.empty(size, np.uint8)
        return held.data.ptr, held

    def empty(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        made: Array = cupy.empty(shape, dtype)
        return made

    def upload_array(self, array: Array) -> Array:
        uploaded: Array = cupy.asarray(array)
        return uploaded

    def start_threads(self, thread: Callable[..., None], count: int, *arguments: Any) -> None:
        kernel, cuda = _python_kernel(thread)
        given: list[Any] = []
        for each in arguments:
            if isinstance(each, cupy.ndarray):
                self.address(each)  # is it on the current device?
                each = cuda.as_cuda_array(each, sync=False)
            given.append(each)
        stream = cuda.external_stream(cupy.cuda.get_current_stream().ptr)
        kernel[-(-count // _THREADS), _THREADS, stream](np.int64(count), *given)

    def launch(
        self,
        source: Source,
        name: str,
        arguments: ctypes.Structure,
        blocks: int,
        threads: int,
        shared: int,
    ) -> None:
        function = _function(source, name, cupy.cuda.Device().id)
        pointers = (ctypes.c_void_p * 1)(ctypes.addressof(arguments))
        stream = ctypes.c_void_p(cupy.cuda.get_current_stream().ptr)
        status = _driver().cuLaunchKernel(
            ctypes.c_void_p(function.ptr),
            blocks,
            1,
            1,
            threads,
            1,
            1,
            shared,
            stream,
            pointers,
            None,
        )
        if status:
            raise RuntimeError(f"CUDA could not launch {name}: {_error_text(status)}")


@functools.cache
def _driver() -> ctypes.CDLL:
    name = "nvcuda.dll" if os.name == "nt" else "libcuda.so.1"
    try:
        return ctypes.CDLL(name)
    except OSError as error:
        raise RuntimeError(f"{name} cannot be loaded; install NVIDIA's driver: {error}") from error


def _error_text(status: int) -> str:
    text = ctypes.c_char_p()
    _driver().cuGetErrorString(status, ctypes.byref(text))
    said = text.value.decode() if text.value else "unknown error"
    return f"{said} ({status}){_advice(status)}"


def _advice(status: int) -> str:
    advice = _ADVICE.get(status, _BROKEN if status >= 700 else "")
    return f"; {advice}" if advice else ""


@functools.cache
def _python_kernel(thread: Callable[..., None]) -> tuple[Any, Any]:
    numba: Any = import_module("numba")
    cuda: Any = import_module("numba.cuda")
    body = numba.njit(forceinline=True, error_model="numpy")(thread)

    def kernel(
        count: Any, images: Any, out: Any, numbers: Any, values: Any, low: Any, high: Any
    ) -> None:
        at = np.int64(cuda.blockIdx.x) * _THREADS + cuda.threadIdx.x
        if at < count:
            body(at, images, out, numbers, values, low, high)

    return cuda.jit(kernel), cuda


@functools.cache
def _function(source: Source, name: str, device: int) -> Any:
    return _module(source, device).get_function(name)


@functools.cache
def _module(source: Source, device: int) -> Any:
    capability = cupy.cuda.Device(device).compute_capability
    try:
        nvrtc.getVersion()
    except Exception as error:  # CuPy's, of several kinds
        raise RuntimeError(f"{_NO_NVRTC}: {error}") from error
    module = cupy.cuda.function.Module()
    code = compile_source(source, f"sm_{capability}", nvrtc)
    try:
        module.load(code)
    except cupy.cuda.driver.CUDADriverError as error:
        raise RuntimeError(
            f"CUDA could not load {source.name}: {error}{_advice(error.status)}"
        ) from error
    return module


BACKEND = Cuda(Card())
