"""The CUDA sources of the installed package compile for every generation of cards, without one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import nvrtc
import pytest

from fastaug.backends.cuda import compiler

SOURCES = sorted(path.stem for path in (compiler.sources() / "cuda").glob("*.cu"))

needs_nvrtc = pytest.mark.skipif(nvrtc.find() is None, reason="nvidia-cuda-nvrtc is not installed")
needs_nvcc = pytest.mark.skipif(shutil.which("nvcc") is None, reason="nvcc is not installed")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FASTAUG_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@needs_nvrtc
@pytest.mark.parametrize("architecture", ["sm_90", pytest.param("sm_75", marks=pytest.mark.slow)])
@pytest.mark.parametrize("source", SOURCES)
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
def test_nvcc_on_its_own(source: str, tmp_path: Path) -> None:
    """Every file by itself, as its first line in the documentation says."""
    root = compiler.sources()
    command = ["nvcc", "-std=c++17", "--fmad=false", "-I", str(root), "-cubin", "-arch=sm_80"]
    target = ["-o", str(tmp_path / "code.cubin"), str(root / "cuda" / f"{source}.cu")]
    done = subprocess.run(command + target, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
