"""``benchmarks/gpu``, dry: on images of a few pixels and a card that pretends."""

from __future__ import annotations

import functools
import importlib
import json
import shutil
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pretend_cupy
import pytest
import scipy.ndimage
from extension import needs_extension

from fastaug import backends
from fastaug.cli.bench import cards, page

FOLDER = Path(__file__).parents[1] / "benchmarks" / "gpu"

pytestmark = [
    needs_extension,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the benchmarks are in the source tree alone"),
    pytest.mark.skipif(shutil.which("c++") is None, reason="the emulator needs a C++ compiler"),
]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(FOLDER))
    for name in ("run", "ours", "peers"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    module = importlib.import_module("run")
    for name in ("run", "ours", "peers"):
        monkeypatch.setitem(sys.modules, name, sys.modules.pop(name))
    images = {"uint8": (2, 16, 16, 3), "float32": (1, 16, 16, 3)}
    for name, value in {"IMAGES": images, "BUSY_BYTES": 64, "ROUNDS": 1}.items():
        monkeypatch.setattr(module, name, value)
    return module


def pretend_cupyx(monkeypatch: pytest.MonkeyPatch) -> None:
    """CuPy with the functions that the peer is made of: NumPy's and SciPy's."""
    pretend_cupy.install(monkeypatch)

    def on_card(function: Any, *args: Any, **kwargs: Any) -> Any:
        given = {name: pretend_cupy._inner(value) for name, value in kwargs.items()}
        return pretend_cupy._on_card(function, *args, **given)

    cupy = sys.modules["cupy"]
    for name in ("rot90", "pad", "clip"):
        setattr(cupy, name, functools.partial(on_card, getattr(np, name)))
    rng = np.random.default_rng(1)
    cupy.random = types.SimpleNamespace(
        standard_normal=functools.partial(on_card, rng.standard_normal),
        random=functools.partial(on_card, rng.random),
    )
    ndimage = types.ModuleType("cupyx.scipy.ndimage")
    for name in scipy.ndimage.__all__:
        setattr(ndimage, name, functools.partial(on_card, getattr(scipy.ndimage, name)))
    for name in ("cupyx", "cupyx.scipy", "cupyx.scipy.ndimage"):
        monkeypatch.setitem(sys.modules, name, ndimage)


def test_a_dry_run(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pretend_cupyx(monkeypatch)
    monkeypatch.setattr(backends, "unavailable", lambda _: None)
    (tmp_path / "index.md").write_text("# Measurements\n\nwere made.\n\n" + cards.section(tmp_path))
    assert run.main(tmp_path) == 0
    report = json.loads((tmp_path / "gpu-a-pretended-card.json").read_text())
    works = importlib.import_module("ours").works(2, 16, "uint8")
    for dtype in run.IMAGES:
        mine = [r for r in report["rows"] if (r["by"], r["dtype"]) == ("fastaug", dtype)]
        assert [row["op"] for row in mine] == list(works)
        assert all(row["ms"] > 0 and row["round_trip_ms"] > 0 for row in mine)
    cupyx = {row["op"] for row in report["rows"] if row["by"] == "cupyx"}
    assert len(cupyx) > 15
    assert not [left for left in report["left_out"] if left["by"] == "cupyx"]
    page = (tmp_path / "index.md").read_text()
    assert page.startswith("# Measurements\n\nwere made.\n\n## CUDA\n\n### a pretended card\n")
    assert capsys.readouterr().out in page
    assert "driver for CUDA 13.0" in page
    assert "not measured" not in page
    for name in ("torch", "torchvision", "kornia"):
        rows = [row for row in report["rows"] if row["by"] == name]
        why = [left["why"] for left in report["left_out"] if left["by"] == name]
        assert rows or why == [f"{name} is not installed"] * 2
        assert all(left["by"] != "torch" or left["op"] == "all" for left in report["left_out"])


def test_goals_stand_beside_the_figures(run: Any) -> None:
    rows = [
        {"op": "flip", "dtype": "uint8", "by": "fastaug", "ms": 2.0, "gb_s": 9.0, "share": 0.95},
        {"op": "flip", "dtype": "uint8", "by": "cupyx", "ms": 8.0, "gb_s": 2.0, "share": 0.2},
        {"op": "flip", "dtype": "uint8", "by": "kornia", "ms": 4.0, "gb_s": 4.0, "share": 0.5},
        {"op": "noise", "dtype": "float32", "by": "fastaug", "ms": 2.0, "gb_s": 9.0, "share": 0.5},
    ]
    for row, goal in zip(rows, (0.9, None, None, 0.6), strict=True):
        row |= {"round_trip_ms": 3.0} | ({} if goal is None else {"goal": goal})
    run._compare(rows)
    facts = {"card": "C", "driver": "13.0", "cuda": "13.0", "date": "today", "fastaug": "1"}
    facts |= {"versions": {}, "images": {}, "faster_than": {"cupyx": 3.0, "kornia": 3.0}}
    page = cards.table({**facts, "rows": rows, "left_out": []})
    faster = "cupyx 4.0 of 3, kornia **2.0 of 3, missed**"
    assert f"| flip | uint8 | fastaug | 2.000 | 9 | 0.95 of 0.9 | 3.00 | {faster} |" in page
    assert "| **0.50 of 0.6, missed** |" in page


def test_without_a_card(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(backends, "unavailable", lambda name: f"no {name} here")
    assert run.main(tmp_path) == 1
    assert capsys.readouterr().out == "not measured: no cuda here\n"
    assert not list(tmp_path.iterdir())


def test_the_report_says_that_cuda_is_not_measured(tmp_path: Path) -> None:
    root = FOLDER.parents[1] / "docs" / "benchmarks"
    there = (root / "index.md").read_text("utf-8")
    assert there.endswith("\n" + cards.section(root) + "\n")
    assert ("not measured" in there) == (not list(root.glob("gpu-*.json")))
    data = json.loads((root / "results.json").read_text("utf-8"))
    page.write(data, tmp_path / "report")
    assert (tmp_path / "report" / "index.md").read_text("utf-8").count(
        "CUDA is **not measured**"
    ) == 1
