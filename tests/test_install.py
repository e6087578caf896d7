"""What an installation brings along."""

from __future__ import annotations

import ast
import importlib.metadata
from importlib.resources import files
from pathlib import Path

import pytest
from extension import needs_extension

import fastaug


@pytest.mark.parametrize("name", ["py.typed", "_native.pyi"])
def test_types(name: str) -> None:
    assert (files("fastaug") / name).is_file()


def test_sources_for_compiling_at_first_use() -> None:
    """All of the native code comes along; in a checkout it lies beside the package."""
    package = Path(str(files("fastaug")))
    root = package / "csrc" if (package / "csrc").is_dir() else package.parent / "csrc"
    sources = [p for p in root.rglob("*") if p.suffix in (".hpp", ".cpp", ".cu")]
    names = {p.relative_to(root).as_posix() for p in sources}
    assert {"ops/philox.hpp", "ops/stream.hpp", "cpu/dispatch.cpp", "bindings/module.cpp"} <= names
    for source in sources:  # and what they include
        for line in source.read_text(encoding="utf-8").splitlines():
            if line.startswith('#include "'):
                assert (source.parent / line.split('"')[1]).is_file(), f"{source}: {line}"


@needs_extension
def test_the_stub_names_what_the_extension_has() -> None:
    from fastaug import _native

    tree = ast.parse((files("fastaug") / "_native.pyi").read_text(encoding="utf-8"))
    stub = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            stub.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            stub.add(node.target.id)
        elif isinstance(node, ast.Assign):
            stub |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    stub -= {"Array"}
    assert stub == {name for name in vars(_native) if not name.startswith("_")}


def test_the_version() -> None:
    assert importlib.metadata.version("fastaug") == fastaug.__version__


def test_no_tests_are_installed() -> None:
    installed = importlib.metadata.files("fastaug") or []
    assert {str(p).partition("/")[0] for p in installed} & {"tests", "benchmarks"} == set()
