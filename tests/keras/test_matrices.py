"""The quick matrices: the products they stand for, by C++ and by Numba, and where there is neither."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from references import same_bits

import fastaug
from fastaug.keras import extension


@pytest.fixture
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """What the door has instead where the extension was not built."""
    monkeypatch.setitem(sys.modules, "fastaug._native", None)
    spec = spec_from_file_location("fastaug.keras.extension", extension.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("rows_first", [False, True])
def test_products(rng: np.random.Generator, rows_first: bool, stand_ins: ModuleType) -> None:
    """To rounding the product of matrices, and everywhere the same bits."""
    pytest.importorskip("numba")
    n, height, width, centre = 60, 31, 57, (15.5, 27.0)
    theta, shear = rng.uniform(-180, 180, n), rng.uniform(-80, 80, n)
    (tx, ty), (zx, zy) = rng.uniform(-40, 40, (2, n)), rng.uniform(-2, 2, (2, n))
    flips = rng.integers(0, 2, (2, n)).astype(np.float64)
    draws = np.concatenate([theta, tx, ty, shear, zx, zy, *flips])
    frame = height, width, *centre, rows_first
    made = [module.keras_matrices(draws, *frame) for module in (extension, stand_ins)]
    assert made[0].shape == (n, 6)
    same_bits(*made)

    def mapped(rows: Any) -> npt.NDArray[np.float64]:
        return np.moveaxis(np.array([np.broadcast_arrays(*row, theta)[:3] for row in rows]), 2, 0)

    a, b = np.deg2rad(theta), np.deg2rad(shear)
    turn = mapped([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    lean = mapped([[1, -np.sin(b), 0], [0, np.cos(b), 0], [0, 0, 1]])
    zoom = mapped([[zx, 0, 0], [0, zy, 0], [0, 0, 1]])
    shift, there, back = (
        mapped([[1, 0, x], [0, 1, y], [0, 0, 1]])
        for x, y in ((tx, ty), centre, (-centre[0], -centre[1]))
    )
    product = there @ turn @ shift @ lean @ zoom @ back
    if rows_first:
        product = product[:, [1, 0, 2]][:, :, [1, 0, 2]]
    for flip, axis, side in ((flips[0], 0, width), (flips[1], 1, height)):
        mirror = mapped(np.eye(3))
        mirror[:, axis, axis] = 1 - 2 * flip
        mirror[:, axis, 2] = (side - 1) * flip
        product = product @ mirror
    np.testing.assert_allclose(made[0].reshape(n, 2, 3), product[:, :2], rtol=0, atol=1e-12)


def test_without_a_backend_it_says_what_to_install(
    stand_ins: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise RuntimeError("install it")

    monkeypatch.setattr(fastaug.backends, "current", missing)
    with pytest.raises(RuntimeError, match="install it"):
        stand_ins.keras_matrices(np.zeros(8), 3, 3, 1.0, 1.0, False)


def test_wrong_draws() -> None:
    native = pytest.importorskip("fastaug._native")
    for wrong in (np.zeros(9), np.zeros((8, 2)), np.zeros(16, np.float32), np.zeros(32)[::2]):
        with pytest.raises(ValueError, match="draws has the wrong type or shape"):
            native.keras_matrices(wrong, 3, 3, 1.0, 1.0, False)
