"""The CUDA kernels on the CPU: the same sources, blocks and threads as loops."""

from __future__ import annotations

import ctypes
import functools
import importlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from fastaug import backends
from fastaug.backends.cuda.compiler import Source, sources, text_of
from fastaug.backends.cuda.kernels import Cuda

FLAGS = [
    "-std=c++17",
    "-O2",
    "-DFASTAUG_EMULATED",
    "-ffp-contract=off",
    "-fno-strict-aliasing",
    "-fPIC",
    "-shared",
]


@functools.cache
def _built() -> Path:
    """All of ``csrc/cuda`` compiled for this machine's CPU."""
    compiler = shutil.which(os.environ.get("CXX", "c++"))
    assert compiler, "the emulator needs a C++ compiler"
    folder = Path(tempfile.mkdtemp(prefix="fastaug-emulator-"))
    objects = [
        subprocess.Popen(
            [
                compiler,
                *FLAGS[:-1],
                "-c",
                "-x",
                "c++",
                str(source),
                "-o",
                str(folder / f"{source.stem}.o"),
            ]
        )
        for source in sorted((sources() / "cuda").glob("*.cu"))
    ]
    assert not any(process.wait() for process in objects)
    target = folder / "emulator.so"
    subprocess.run(
        [compiler, "-shared", *map(str, folder.glob("*.o")), "-o", str(target)], check=True
    )
    return target


@functools.cache
def library() -> ctypes.CDLL:
    """What starts the kernels, by their names."""
    return ctypes.CDLL(str(_built()))


def compiled() -> set[str]:
    """The names of all kernels."""
    nm = ["nm", "--dynamic", "--defined-only", "--format=posix", str(_built())]
    listed = subprocess.run(nm, check=True, capture_output=True, text=True).stdout
    return {line.split()[0] for line in listed.splitlines() if not line.startswith("_")}


@functools.cache
def fused(source: Source) -> ctypes.CDLL:
    """A kernel that is made from a list of steps, compiled alike."""
    folder = Path(tempfile.mkdtemp(prefix="fastaug-emulator-"))
    target = folder / "fused.so"
    compiler = shutil.which(os.environ.get("CXX", "c++"))
    assert compiler, "the emulator needs a C++ compiler"
    command = [compiler, *FLAGS, "-O1", "-I", str(sources() / "cuda"), "-x", "c++", "-"]
    subprocess.run([*command, "-o", str(target)], input=text_of(source).encode(), check=True)
    return ctypes.CDLL(str(target))


@functools.cache
def _threads(thread: Callable[..., None]) -> Callable[..., None]:
    """What Numba compiles for a card, for this machine's CPU."""
    njit: Any = importlib.import_module("numba").njit
    body = njit(error_model="numpy")(thread)

    @njit(error_model="numpy")
    def loop(count, images, out, numbers, values, low, high):  # type: ignore[no-untyped-def]
        for at in range(count):
            body(at, images, out, numbers, values, low, high)

    return loop


class Host:
    """A device whose memory is NumPy's; remembers which kernels were started, and how often."""

    def __init__(self) -> None:
        self.started: set[str] = set()
        self.launches = 0
        self.uploads = 0

    def upload(self, *parameters: np.ndarray) -> tuple[list[int], Any]:
        self.uploads += 1
        copies = [np.array(p, order="C") for p in parameters]
        return [c.ctypes.data for c in copies], copies

    def address(self, array: np.ndarray) -> int:
        return array.ctypes.data

    def empty_like(self, array: np.ndarray) -> np.ndarray:
        return np.full(array.shape, 0x5A, array.dtype)

    def doubles(self, shape: tuple[int, ...]) -> np.ndarray:
        return np.full(shape, np.nan)

    def memory(self, size: int) -> tuple[int, Any]:
        held = np.full(size, 0x5A, np.uint8)
        return held.ctypes.data, held

    def empty(self, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        return np.full(shape, 0x5A, dtype)

    def upload_array(self, array: np.ndarray) -> np.ndarray:
        return np.array(array, order="C")

    def start_threads(self, thread: Callable[..., None], count: int, *arguments: Any) -> None:
        self.started.add(thread.__name__)
        _threads(thread)(count, *arguments)

    def launch(
        self,
        source: Source,
        name: str,
        arguments: ctypes.Structure,
        blocks: int,
        threads: int,
        shared: int,
    ) -> None:
        self.started.add(name)
        self.launches += 1
        kernel = getattr(library() if source.text is None else fused(source), name)
        kernel(ctypes.byref(arguments), ctypes.c_int64(blocks), ctypes.c_int64(shared))


class Emulated(Cuda):
    """The CUDA backend over `Host`, with what is done on the host left to native."""

    def __init__(self, host: Host | None = None) -> None:
        self.host = Host() if host is None else host
        super().__init__(self.host)

    def __getattr__(self, name: str) -> Any:
        with backends.use_backend("native"):
            return getattr(backends.current(), name)
