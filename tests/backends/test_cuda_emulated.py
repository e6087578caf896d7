"""The CUDA kernels, run by loops on the CPU: what `test_cuda.py` does not ask of each op."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import CASES, SAMPLES, pixels
from emulator import FLAGS, Emulated, compiled
from references import FILL_MODES, same_bits, scipy_affine

import fastaug
from fastaug import backends
from fastaug.backends.cuda.compiler import sources

pytestmark = pytest.mark.skipif(
    shutil.which("c++") is None, reason="the emulator needs a C++ compiler"
)


@pytest.fixture
def emulated(monkeypatch: pytest.MonkeyPatch) -> Emulated:
    """Makes the functional API run the CUDA kernels."""
    backend = Emulated()
    monkeypatch.setattr(backends, "of", lambda _: backend)
    return backend


@pytest.mark.parametrize("order", range(6))
@pytest.mark.parametrize("mode", FILL_MODES)
def test_splines_of_thin_images(
    mode: str, order: int, emulated: Emulated, rng: np.random.Generator
) -> None:
    for shape in ((1, 1), (1, 7), (7, 1), (2, 2), (3, 40)):
        images = pixels(rng, (2, *shape, 2), "float64")
        matrix = rng.normal(size=(2, 2, 3)) * [1, 1, 5]
        got = fastaug.warp_affine(
            images, matrix, interpolation=order, fill_mode=mode, fill_value=3.5, output_size=(5, 6)
        )
        expected = scipy_affine(
            images, matrix, order=order, mode=mode, fill=np.full((2, 1), 3.5), size=(5, 6)
        )
        same_bits(got, expected)
    assert emulated.host.started


@pytest.mark.parametrize("order", range(6))
@pytest.mark.parametrize("mode", FILL_MODES)
def test_splines_far_outside(
    mode: str, order: int, emulated: Emulated, rng: np.random.Generator, trials: int
) -> None:
    """Where rounding throws a folded coordinate outside again, and SciPy is undefined."""
    for _ in range(3 * trials):
        images = pixels(rng, (1, *rng.integers(1, 14, 2), 3), "float64")
        matrix = rng.normal(size=(2, 3)) * 10.0 ** rng.uniform(13, 22, (2, 3))
        arguments: dict[str, Any] = {
            "interpolation": order,
            "fill_mode": mode,
            "fill_value": 3.5,
            "output_size": (6, 30),
        }
        got = fastaug.warp_affine(images, matrix, **arguments)
        with pytest.MonkeyPatch.context() as native:
            native.setattr(backends, "of", lambda _: backends.current())
            expected = fastaug.warp_affine(images, matrix, **arguments)
        same_bits(got, expected)


@pytest.mark.parametrize("pixel", [("uint8", c) for c in (1, 2, 3, 4, 6, 8, 16)] + [("float32", 3)])
def test_flips_of_whole_words(
    pixel: tuple[str, int], emulated: Emulated, rng: np.random.Generator
) -> None:
    dtype, channels = pixel
    images = pixels(rng, (4, 5, 32, channels), dtype)
    flags = np.array([False, True, False, True])
    got = fastaug.flip(images, horizontal=flags, vertical=flags[::-1])
    for image, result, sideways in zip(images, got, flags, strict=True):
        expected = image[:, ::-1] if sideways else image[::-1]
        np.testing.assert_array_equal(result, expected)
    assert any("_pixel_" in name for name in emulated.host.started)


def test_every_kernel_is_started(emulated: Emulated, rng: np.random.Generator) -> None:
    """No kernel of ``csrc/cuda`` is without a caller, and the tests above reach each of them."""
    for case in CASES:
        for dtype in case.dtypes:
            for channels in (1, 3, 4, 5):
                case(pixels(rng, (SAMPLES, 6, 6, channels), dtype), range(SAMPLES))
    for dtype, channels in [("uint8", c) for c in (1, 2, 3, 4, 6, 8, 16)] + [("float32", 3)]:
        fastaug.flip(pixels(rng, (1, 2, 32, channels), dtype), horizontal=True)
    for dtype in ("uint8", "uint16", "float32", "float64"):
        for op in (fastaug.erode, fastaug.dilate, fastaug.box_blur, fastaug.gaussian_blur):
            op(pixels(rng, (1, 3, 40, 40), dtype), 200)
    declared = compiled()
    assert len(declared) > 60
    assert declared - emulated.host.started == set()


def test_whole_division(tmp_path: Path, trials: int) -> None:
    """What a card does instead of dividing 64 bits is division."""
    source, target = tmp_path / "divide.cpp", tmp_path / "divide.so"
    source.write_text(
        '#include "ops/divide.hpp"\n'
        'extern "C" std::int64_t divide(std::int64_t a, std::int64_t b) {'
        " return fastaug::quotient(a, b); }"
    )
    command = ["c++", *FLAGS, "-I", str(sources()), str(source), "-o", str(target)]
    subprocess.run(command, check=True)
    divide = ctypes.CDLL(str(target)).divide
    divide.argtypes, divide.restype = [ctypes.c_int64] * 2, ctypes.c_int64
    rng = np.random.default_rng(5)
    edges = [0, 1, 2, 3, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**32 + 1, 2**62, 2**63 - 1]
    drawn = (2 ** rng.uniform(0, 63, (100 * trials, 2))).astype(np.int64).tolist()
    for a, b in [(a, b) for a in edges for b in edges if b] + drawn:
        assert divide(a, b) == a // b, (a, b)
        assert divide(-a, b) == -(a // b), (-a, b)
