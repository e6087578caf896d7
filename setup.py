"""Builds the extension: hot files once for every instruction-set level, the rest once.

Environment: ``FASTAUG_PURE=1`` leaves the extension out; ``FASTAUG_SANITIZE=address,undefined``
(or ``thread``) builds it for a sanitizer.
"""

import os
import shlex
import shutil
import sys
import sysconfig
from pathlib import Path

from pybind11.setup_helpers import ParallelCompile, Pybind11Extension, build_ext, has_flag
from setuptools import find_packages, setup

CPU = Path("csrc/cpu")
# The ops: everything they call is inlined into them, so it is compiled for their level.
SHARED = ("dispatch", "parallel", "scratch")
HOT = sorted(str(p) for p in CPU.glob("*.cpp") if p.stem not in SHARED)
BINDINGS = sorted(str(p) for p in Path("csrc/bindings").glob("*.cpp"))
ONCE = [*(str(CPU / f"{name}.cpp") for name in SHARED), *BINDINGS]

# One arithmetic: each operation is rounded by itself, in the order written.
EXACT = ["-ffp-contract=off", "-fno-fast-math", "-fno-math-errno", "-fno-trapping-math"]
WARNINGS = ["-Wall", "-Wextra", "-Wno-psabi", "-Wno-unknown-pragmas"]


def is_x86() -> bool:
    """Whether the target is 64-bit x86 alone; a universal build for macOS is not."""
    return sysconfig.get_platform().endswith(("x86_64", "amd64")) and sys.maxsize > 2**32


def has_compiler() -> bool:
    """Whether there is a C++ compiler at all; one that is there and fails is an error.

    Where the one that Python was built with is missing, another one is named in its place.
    """
    if named := shlex.split(os.environ.get("CXX", "")):
        return shutil.which(named[0]) is not None
    usual = shlex.split(sysconfig.get_config_var("CXX") or "c++")[0]
    if shutil.which(usual):
        return True
    for other in ("c++", "g++", "clang++"):
        if shutil.which(other):
            os.environ["CXX"] = other
            return True
    return False


class BuildLevels(build_ext):
    """Compiles the hot files for each level the compiler knows, each with a namespace of its own."""

    def build_extension(self, ext: Pybind11Extension) -> None:
        # Every object is compiled anew, so the link must never be skipped as up to date.
        self.force = True
        levels = {}
        if is_x86():
            marches = {level: f"-march=x86-64-{level}" for level in ("v2", "v3", "v4")}
            levels = {k: [flag] for k, flag in marches.items() if has_flag(self.compiler, flag)}
        for level, flags in (levels or {"portable": []}).items():
            ext.define_macros.append((f"FASTAUG_HAS_{level}", "1"))
            ext.extra_objects += self.compiler.compile(
                HOT,
                output_dir=str(Path(self.build_temp) / level),
                macros=[("FASTAUG_LEVEL", level)],
                extra_postargs=[*ext.extra_compile_args, *flags],
                depends=ext.depends,
            )
        super().build_extension(ext)


def packages() -> list[str]:
    """The Python packages, and the folders of the native code."""
    folders = ["csrc", *(str(p) for p in sorted(Path("csrc").rglob("*")) if p.is_dir())]
    native = [f"fastaug.{folder.replace(os.sep, '.')}" for folder in folders]
    return [*find_packages(include=["fastaug", "fastaug.*"]), *native]


def extension() -> Pybind11Extension:
    """Describes the extension but for its hot files, which are compiled once for each level."""
    flags = ["-std=c++17", "-O3", "-g0", *EXACT, *WARNINGS]
    link = []
    if sanitize := os.environ.get("FASTAUG_SANITIZE"):
        flags += [f"-fsanitize={sanitize}", "-g", "-O1", "-fno-omit-frame-pointer"]
        link += [f"-fsanitize={sanitize}"]
    described = " ".join(f for f in flags if not f.startswith("-W"))
    return Pybind11Extension(
        "fastaug._native",
        ONCE,
        cxx_std=17,
        depends=sorted(str(p) for p in Path("csrc").rglob("*.?pp")),
        define_macros=[("FASTAUG_FLAGS", f'"{described}"')],
        extra_compile_args=[*flags, "-pthread"],
        extra_link_args=[*link, "-pthread"],
    )


pure = os.environ.get("FASTAUG_PURE") == "1"
if not pure and not has_compiler():
    print("fastaug: no C++ compiler found; installing without the native backend", file=sys.stderr)
    pure = True

with ParallelCompile("FASTAUG_BUILD_JOBS", default=os.cpu_count() or 1):
    setup(
        packages=packages(),
        ext_modules=[] if pure else [extension()],
        cmdclass={"build_ext": BuildLevels},
    )
