"""The machine code of the extension: vectors in every kernel, and nothing new outside of the kernels.

The linker keeps one copy of an inline function of any name. If a file that is compiled for AVX-512
brings one along that is not in its level's namespace, that may be the one, and an older CPU stops at
it. So functions without a level must be made of what all CPUs have.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from disassembly import LEVELS, Function, disassemble, idle, parse, strays

_native = pytest.importorskip("fastaug._native", reason="the extension was not built")

pytestmark = [
    pytest.mark.skipif(
        not sys.platform.startswith("linux") or platform.machine() != "x86_64",
        reason="levels are those of x86-64, and names those of Linux",
    ),
    pytest.mark.skipif(shutil.which("objdump") is None, reason="objdump (binutils) is not there"),
    pytest.mark.skipif("sanitize" in _native.flags, reason="sanitizers change the code"),
]


@pytest.fixture(scope="module")
def functions() -> list[Function]:
    found = disassemble(Path(_native.__file__))
    if not any(function.level for function in found):
        pytest.skip("the symbols were stripped")
    return found


@pytest.fixture(scope="module")
def kernels() -> list[str]:
    package = Path(str(files("fastaug")))
    root = package / "csrc" if (package / "csrc").is_dir() else package.parent / "csrc"
    table = (root / "arguments.hpp").read_text(encoding="utf-8")
    return re.findall(r"DO\((\w+), \w+\)", table)


def test_no_instruction_above_its_level(functions: list[Function]) -> None:
    assert not strays(functions)


# Those that only move elements leave it to memcpy and to shuffles of sixteen bytes; and bytes are looked
# up in a table of 256 one by one where no instruction takes more than sixteen of its entries at once.
NARROW = {
    *(
        f"{kernel} at {level}"
        for kernel in ("erase", "paste", "shuffle_channels")
        for level in LEVELS
    ),
    "lookup at v2",
}


def test_every_kernel_has_vectors_of_its_level(
    functions: list[Function], kernels: list[str]
) -> None:
    assert len(kernels) > 5
    assert {function.level for function in functions} == {None, *LEVELS}
    assert not set(idle(functions, kernels)) - NARROW


SOURCE = """
namespace shared {
template <class T> __attribute__((noinline)) T total(const T* p, long n) {
  T sum[16] = {};
  for (long i = 0; i < n; i += 16) for (int k = 0; k < 16; ++k) sum[k] += p[i + k];
  T all = 0;
  for (T s : sum) all += s;
  return all;
}
}
namespace fastaug { namespace LEVEL {
int kernel(const int* p, long n);
int kernel(const int* p, long n) { CALL }
} }
"""
WITHIN = "int s = 0; for (long i = 0; i < n; ++i) s += p[i] * p[i]; return s;"
ELSEWHERE = "return shared::total(p, n);"


def compiled(folder: Path, level: str, march: str, body: str, *more: str) -> list[Function]:
    compiler = shutil.which("g++") or shutil.which("c++")
    if compiler is None:
        pytest.skip("no C++ compiler is there")
    source = folder / "kernel.cpp"
    source.write_text(SOURCE.replace("LEVEL", level).replace("CALL", body))
    to = folder / "kernel.o"
    flags = ["-O3", "-c", f"-march=x86-64-{march}", *more]
    subprocess.run([compiler, *flags, str(source), "-o", str(to)], check=True)
    return disassemble(to)


@pytest.mark.parametrize("level", LEVELS)
def test_a_kernel_of_its_level_is_fine(level: str, tmp_path: Path) -> None:
    functions = compiled(tmp_path, level, level, WITHIN)
    assert not strays(functions)
    assert not [line for line in idle(functions, ["kernel"]) if line.endswith(level)]


@pytest.mark.parametrize("march", ["v3", "v4"])
def test_an_inline_function_without_a_level_is_found(march: str, tmp_path: Path) -> None:
    (found,) = strays(compiled(tmp_path, march, march, ELSEWHERE))
    assert "total" in found


@pytest.mark.parametrize(("level", "march"), [("v2", "v3"), ("v2", "v4"), ("v3", "v4")])
def test_a_kernel_compiled_for_a_newer_level_is_found(
    level: str, march: str, tmp_path: Path
) -> None:
    more = ["-mprefer-vector-width=512"] if march == "v4" else []
    (found,) = strays(compiled(tmp_path, level, march, WITHIN, *more))
    assert "kernel" in found


@pytest.mark.parametrize("level", LEVELS)
def test_a_kernel_without_vectors_is_found(level: str, tmp_path: Path) -> None:
    functions = compiled(tmp_path, level, level, WITHIN, "-fno-tree-vectorize")
    assert f"kernel at {level}" in idle(functions, ["kernel"])


def test_what_is_told_of_single_instructions() -> None:
    printed = """
0000000000001000 <_ZN7fastaug2v35thingEv>:
    1000:\tvpaddd %ymm1,%ymm0,%ymm0
    1004:\tcall   2000 <_ZN7fastaug2v35otherEv+0x10>
0000000000002000 <plain>:
    2000:\tpaddd  %xmm1,%xmm0
    2004:\trep stos %al,%es:(%rdi)
    2006:\tbsr    %rax,%rax
    2008:\tlock cmpxchg %rax,(%rdx)
"""
    thing, plain = parse(printed.splitlines())
    assert (thing.level, plain.level) == ("v3", None)
    assert thing.mentions == {"_ZN7fastaug2v35otherEv"}
    assert not strays([thing, plain])
    assert thing.computes_at("v3")
    assert not thing.computes_at("v4")
    assert plain.computes_at("v2")
    assert not plain.computes_at("v3")
    for text in (
        "vaddss %xmm1,%xmm0,%xmm0",
        "shlx %rax,%rdx,%rcx",
        "lzcnt %rax,%rax",
        "kmovq %rax,%k1",
    ):
        bad = Function("plain", [tuple(text.split(" ", 1))])  # type: ignore[list-item]
        assert strays([bad]), text
    for text in ("vpaddd %ymm17,%ymm0,%ymm0", "vpaddd %ymm1,%ymm0,%ymm0{%k1}", "kortestb %k1,%k1"):
        bad = Function("_ZN7fastaug2v35thingEv", [tuple(text.split(" ", 1))])  # type: ignore[list-item]
        assert strays([bad]), text
    copies = Function("_ZN7fastaug2v44copyEv", [("vmovdqu64", "%zmm0,(%rdi)")])
    assert not copies.computes_at("v4")
