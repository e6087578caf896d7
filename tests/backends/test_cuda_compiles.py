"""The CUDA sources of the installed package compile for every generation of cards, without one."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nvrtc
import pytest

from fastaug.backends.cuda import compiler

Done = subprocess.CompletedProcess[str]
SOURCES = sorted(path.stem for path in (compiler.sources() / "cuda").glob("*.cu"))

# Only what is there for SciPy's arithmetic to the bit may spill: up to 36 taps in double. Every other
# kernel is hot: it touches each pixel of a batch in what augmentation does every day, bound by memory.
MAY_SPILL = ("warp_filtered_", "filter_")

needs_nvrtc = pytest.mark.skipif(nvrtc.find() is None, reason="nvidia-cuda-nvrtc is not installed")
needs_nvcc = pytest.mark.skipif(shutil.which("nvcc") is None, reason="nvcc is not installed")


def compiled(source: Path, folder: Path) -> Done:
    """By nvcc, as the documentation says, with what it has to say about registers."""
    command = ["nvcc", "-std=c++17", "--fmad=false", "-I", str(compiler.sources()), "-Xptxas=-v"]
    command += [f"-gencode=arch=compute_{a[3:]},code={a}" for a in architectures()]
    target = ["-fatbin", "-o", str(folder / f"{source.stem}.fatbin"), str(source)]
    return subprocess.run(command + target, capture_output=True, text=True, check=False)


@functools.cache
def architectures() -> list[str]:
    """A card of each generation that this nvcc knows."""
    known = subprocess.run(["nvcc", "--list-gpu-code"], capture_output=True, text=True, check=True)
    return [a for a in ("sm_75", "sm_80", "sm_90", "sm_100") if a in known.stdout.split()]


def spills(log: str) -> dict[tuple[str, str], int]:
    """Bytes that each (kernel, architecture) spills."""
    found = re.findall(
        r"Compiling entry function '(\w+)' for '(\w+)'.*?(\d+) bytes spill stores, (\d+) bytes spill",
        log,
        re.DOTALL,
    )
    return {(name, a): int(stores) + int(loads) for name, a, stores, loads in found}


@pytest.fixture(scope="module", autouse=True)
def nvcc(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Done]]:
    """Gives what came of a source; the compiler runs on all of them from the first test on."""
    asked = [item for item in request.session.items if item.name.startswith("test_nvcc_on_its_own")]
    sources = [
        item.callspec.params["source"] for item in asked if isinstance(item, pytest.Function)
    ]
    folder = tmp_path_factory.mktemp("nvcc")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {}
        if shutil.which("nvcc"):
            paths = [compiler.sources() / "cuda" / f"{name}.cu" for name in sources]
            running = {path.stem: pool.submit(compiled, path, folder) for path in paths}
        yield lambda source: running[source].result()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FASTAUG_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@needs_nvrtc
@pytest.mark.parametrize("architecture", ["sm_90", pytest.param("sm_75", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "source",
    # The longest, which nvcc compiles as well.
    [
        pytest.param(s, marks=[pytest.mark.slow] if s == "warp_spline_filtered" else [])
        for s in SOURCES
    ],
)
def test_nvrtc(source: str, architecture: str) -> None:
    code = compiler.compile_source(compiler.Source(source), architecture, nvrtc)
    assert code.startswith(b"\x7fELF")


@needs_nvrtc
def test_the_cache_is_used_and_keyed_by_the_sources(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = compiler.Source("rot90")
    first = compiler.compile_source(source, "sm_90", nvrtc)
    (kept,) = cache.iterdir()
    kept.write_bytes(b"kept")
    assert compiler.compile_source(source, "sm_90", nvrtc) == b"kept"
    changed = tmp_path / "csrc"
    shutil.copytree(compiler.sources(), changed)
    with (changed / "cuda" / "pixels.hpp").open("a") as file:
        file.write("// changed\n")
    monkeypatch.setattr(compiler, "sources", lambda: changed)
    assert compiler.compile_source(source, "sm_90", nvrtc) == first
    assert len(list(cache.iterdir())) == 2


@needs_nvrtc
def test_a_source_that_does_not_compile_shows_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cuda").mkdir()
    (tmp_path / "cuda" / "broken.cu").write_text("this is not C++")
    monkeypatch.setattr(compiler, "sources", lambda: tmp_path)
    with pytest.raises(RuntimeError, match=r"(?s)broken\.cu.*error"):
        compiler.compile_source(compiler.Source("broken"), "sm_90", nvrtc)


@needs_nvcc
@pytest.mark.parametrize("source", SOURCES)
def test_nvcc_on_its_own(source: str, nvcc: Callable[[str], Done]) -> None:
    """Every file by itself, for all generations, and no register leaves a hot kernel for memory."""
    done = nvcc(source)
    assert done.returncode == 0, done.stderr
    used = spills(done.stderr)
    assert {architecture for _, architecture in used} == set(architectures())
    assert {
        kernel for kernel in used if used[kernel] and not kernel[0].startswith(MAY_SPILL)
    } == set()


@needs_nvcc
def test_spills_are_seen(tmp_path: Path) -> None:
    """The compiler still says what `spills` reads."""
    source = tmp_path / "hungry.cu"
    source.write_text(
        'extern "C" __global__ void __launch_bounds__(1024) hungry(float* at) {'
        " float v[199]; for (int i = 0; i < 199; ++i) v[i] = at[i * 7];"
        " __syncthreads(); for (int i = 0; i < 199; ++i) at[i * i] = v[i] * v[198 - i]; }"
    )
    used = spills(compiled(source, tmp_path).stderr)
    assert len(used) == len(architectures())
    assert any(used.values())
