"""What stands between CuPy and the kernels, with a driver that pretends: launches, errors, forks."""

from __future__ import annotations

import ctypes
import importlib
import os
import shutil
import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np
import pretend_cupy
import pytest
from emulator import library
from extension import needs_extension
from references import same_bits

import fastaug
from fastaug import arrays, backends

pytestmark = [
    needs_extension,
    pytest.mark.skipif(shutil.which("c++") is None, reason="the emulator needs a C++ compiler"),
]
CARD = "fastaug.backends.cuda.card"


class CUDADriverError(RuntimeError):
    """As CuPy has it."""

    def __init__(self, status: int) -> None:
        super().__init__(f"CUDA_ERROR number {status}")
        self.status = status


class Driver:
    """Launches kernels of the emulator as the driver does those of a card; or fails."""

    def __init__(self) -> None:
        self.status = 0
        self.loads = 0
        self.launched: list[tuple[str, int, int]] = []
        self.names: dict[int, str] = {}

    def cuLaunchKernel(self, function: Any, *given: Any) -> int:  # noqa: N802
        x, y, z, threads, _, _, shared, stream, pointers, extra = given
        assert (y, z, extra) == (1, 1, None)
        assert isinstance(stream, ctypes.c_void_p)
        if self.status:
            return self.status
        name = self.names[function.value]
        kernel = getattr(library(), name)
        kernel(ctypes.c_void_p(pointers[0]), ctypes.c_int64(x), ctypes.c_int64(shared))
        self.launched.append((name, x, threads))
        return 0

    def cuGetErrorString(self, status: int, to: Any) -> int:  # noqa: N802
        to._obj.value = b"it went wrong"
        return 0

    def module(self) -> Any:
        driver = self

        class Module:
            def load(self, code: bytes) -> None:
                driver.loads += 1
                if code == b"too new":
                    raise CUDADriverError(222)

            def get_function(self, name: str) -> Any:
                address = len(driver.names) + 1
                driver.names[address] = name
                return types.SimpleNamespace(ptr=address)

        return Module()


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    load, made = backends._load, Driver()
    pretend_cupy.install(monkeypatch)
    cuda = sys.modules["cupy"].cuda
    cuda.function = types.SimpleNamespace(Module=made.module)
    cuda.driver = types.SimpleNamespace(CUDADriverError=CUDADriverError)
    cuda.nvrtc = types.SimpleNamespace(getVersion=lambda: (13, 0))
    assert CARD not in sys.modules
    card = importlib.import_module(CARD)
    monkeypatch.setattr(card, "_driver", lambda: made)
    monkeypatch.setattr(card, "compile_source", lambda *_: b"code")
    monkeypatch.setattr(
        backends, "_load", lambda name: card.BACKEND if name == "cuda" else load(name)
    )
    yield made
    del sys.modules[CARD]


def images(shape: tuple[int, ...] = (2, 9, 12, 3)) -> tuple[np.ndarray, pretend_cupy.Array]:
    array = np.random.default_rng(2).integers(0, 256, shape).astype(np.uint8)
    return array, pretend_cupy.asarray(array)


def test_launches(driver: Driver) -> None:
    array, given = images()
    flags, matrix = np.array([True, False]), np.array([[0.9, 0.2, 1], [-0.1, 1.1, 0]])
    for op in (
        lambda x: fastaug.flip(x, horizontal=flags),
        lambda x: fastaug.warp_affine(x, matrix),
        lambda x: fastaug.gaussian_noise(x, 9, seed=1),
        lambda x: fastaug.closing(x, 3),
        lambda x: fastaug.equalize(x),
    ):
        same_bits(op(given).get(), op(array))
    assert ("warp_affine_bilinear_u8_3", 4, 256) in driver.launched


def test_modules_and_functions_are_loaded_once(driver: Driver) -> None:
    _, given = images()
    for _ in range(3):
        fastaug.flip(given, horizontal=True)
    assert (driver.loads, len(driver.names)) == (1, 1)
    assert len(driver.launched) == 3


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (1, r"\(1\)$"),
        (2, "use smaller batches"),
        (209, "update it"),
        (700, "CUDA_LAUNCH_BLOCKING=1"),
    ],
)
def test_errors_of_the_driver(status: int, advice: str, driver: Driver) -> None:
    driver.status = status
    with pytest.raises(RuntimeError, match=f"launch flip_.*it went wrong.*{advice}"):
        fastaug.flip(images()[1])


def test_a_driver_that_is_too_old(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[CARD], "compile_source", lambda *_: b"too new")
    with pytest.raises(
        RuntimeError, match=r"could not load .*the driver is older than CuPy's CUDA"
    ):
        fastaug.flip(images()[1])


def test_a_missing_compiler(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise OSError("no libnvrtc.so.13")

    monkeypatch.setattr(sys.modules["cupy"].cuda.nvrtc, "getVersion", missing)
    with pytest.raises(RuntimeError, match=r"pip install 'fastaug\[cuda13x\]'.*no libnvrtc"):
        fastaug.flip(images()[1])


def test_a_missing_driver(monkeypatch: pytest.MonkeyPatch, driver: Driver) -> None:
    source = importlib.import_module(CARD)
    monkeypatch.undo()  # of `_driver`, too

    def missing(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", missing)
    with pytest.raises(RuntimeError, match=r"libcuda.*install NVIDIA's driver"):
        source._driver()


def test_images_of_another_card(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    _, given = images()
    monkeypatch.setattr(pretend_cupy.Array, "card", 1)
    with pytest.raises(ValueError, match=r"on CUDA device 1, but .* 0; work within: with cupy"):
        fastaug.flip(given)
    assert not driver.launched


def test_forks(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a fork: another process than the one that used CUDA, or than the one it was made in."""
    _, given = images()
    monkeypatch.setattr(arrays, "_cuda_process", None)
    fastaug.flip(given)
    assert arrays._cuda_process == os.getpid()
    monkeypatch.setattr(arrays, "_cuda_process", os.getppid())
    with pytest.raises(RuntimeError, match=r"forked from one.*'spawn' or 'forkserver'"):
        fastaug.flip(given)
    monkeypatch.setattr(arrays, "_cuda_process", None)
    runtime = sys.modules["cupy"].cuda.runtime

    def broken(_: Any) -> None:
        raise runtime.CUDARuntimeError("cudaErrorInitializationError")

    monkeypatch.setattr(sys.modules["cupy"], "asarray", broken)
    with pytest.raises(runtime.CUDARuntimeError):
        fastaug.flip(given)
    monkeypatch.setattr(arrays, "_imported_by", os.getppid())
    with pytest.raises(RuntimeError, match=r"forked from one.*'spawn' or 'forkserver'"):
        fastaug.flip(given)
