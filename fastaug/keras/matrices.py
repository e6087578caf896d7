"""Keras' affine matrices, for a whole batch at once.

`affine_matrices` composes them by the products that Keras makes, to its bits; `quick_matrices` in
closed form, which is several times cheaper and right to the last bits of a double.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .draws import Compat, Draws

Matrices = npt.NDArray[np.float64]


def moving(draws: Draws) -> npt.NDArray[np.bool_] | bool:
    """Which images are resampled: Keras leaves the pixels of others alone. One bool for all.

    Numbers that are drawn from floats count as moving; shifts by whole pixels may be none.
    """
    drawn = ((draws.theta, 0), (draws.shear, 0), (draws.zx, 1), (draws.zy, 1))
    values = [(np.asarray(v), still) for v, still in drawn]
    if any(v.ndim and v.dtype.kind == "f" for v, _ in values):
        return True
    shifts = ((np.asarray(v), 0) for v in (draws.tx, draws.ty))
    moved = np.zeros(draws.n, bool)
    for v, still in (*values, *shifts):
        moved |= v != still
    return moved if moved.any() and not moved.all() else bool(moved.all() and draws.n)


def affine_matrices(
    draws: Draws, height: int, width: int, compat: Compat = "keras"
) -> Matrices | None:
    """The (n, 2, 3) maps from output to input (row, column), or None if nothing moves."""
    product = _product(draws)
    if product is None:
        return None
    row, column = _centre(height, width, compat)
    product = np.asarray(_shift(row, column) @ product @ _shift(-row, -column))
    if compat != "keras2":
        product = product[:, [1, 0]][:, :, [1, 0, 2]]
    return np.ascontiguousarray(product[:, :2])


def quick_matrices(
    draws: Draws, height: int, width: int, compat: Compat, mirror: npt.NDArray[np.bool_]
) -> Matrices:
    """The (n, 2, 3) maps from output to input (x, y), mirrored images included."""
    # Rotation times shear is a rotation by both angles in its second column.
    cos, sin = _cos_sin(draws.theta)
    cos_both, sin_both = _cos_sin(draws.theta + draws.shear)
    first, second = _centre(height, width, compat)
    m = np.empty((draws.n, 2, 3))
    m[:, 0, 0] = a = cos * draws.zx
    m[:, 1, 0] = b = sin * draws.zx
    m[:, 0, 1] = c = -sin_both * draws.zy
    m[:, 1, 1] = d = cos_both * draws.zy
    m[:, 0, 2] = cos * draws.tx - sin * draws.ty - (a * first + c * second) + first
    m[:, 1, 2] = sin * draws.tx + cos * draws.ty - (b * first + d * second) + second
    if compat == "keras2":  # its matrix is between (row, column)
        m = np.ascontiguousarray(m[:, ::-1][:, :, [1, 0, 2]])
    for axis, last in ((1, height - 1), (0, width - 1)):
        flipped = np.flatnonzero(mirror[:, 1 - axis])
        if len(flipped):
            column = m[flipped, :, axis]
            m[flipped, :, 2] += last * column
            m[flipped, :, axis] = -column
    return m


def _cos_sin(degrees: Any) -> tuple[Any, Any]:
    angle = np.deg2rad(degrees)
    return np.cos(angle), np.sin(angle)


def _centre(height: int, width: int, compat: Compat) -> tuple[float, float]:
    """What stays in place, in the coordinates in which the matrix is made.

    Keras makes the matrix between (x, y) but gives the centre as (row, column), so that images that
    are not square turn about a point beside their centre. Keras 2 makes it between (row, column),
    about a point one pixel off.
    """
    if compat == "keras2":
        return height / 2 + 0.5, width / 2 + 0.5
    if compat == "fixed":
        return width / 2 - 0.5, height / 2 - 0.5
    return height / 2 - 0.5, width / 2 - 0.5


def _product(draws: Draws) -> Matrices | None:
    """The product of what is switched on, in Keras' order.

    A factor that is the identity for some images of the batch changes no bit of their product.
    """
    product: Matrices | None = None
    for factor in _factors(draws):
        product = factor if product is None else np.asarray(product @ factor)
    return product


def _factors(draws: Draws) -> list[Matrices]:
    factors = []
    if np.any(draws.theta):
        angle = np.deg2rad(draws.theta)
        rotation = _identities(draws.n)
        rotation[:, 0, 0] = rotation[:, 1, 1] = np.cos(angle)
        rotation[:, 1, 0] = np.sin(angle)
        rotation[:, 0, 1] = -rotation[:, 1, 0]
        factors.append(rotation)
    if np.any(draws.tx) or np.any(draws.ty):
        shift = _identities(draws.n)
        shift[:, 0, 2] = draws.tx
        shift[:, 1, 2] = draws.ty
        factors.append(shift)
    if np.any(draws.shear):
        angle = np.deg2rad(draws.shear)
        shear = _identities(draws.n)
        shear[:, 0, 1] = -np.sin(angle)
        shear[:, 1, 1] = np.cos(angle)
        factors.append(shear)
    if np.any(draws.zx != 1) or np.any(draws.zy != 1):
        zoom = _identities(draws.n)
        zoom[:, 0, 0] = draws.zx
        zoom[:, 1, 1] = draws.zy
        factors.append(zoom)
    return factors


def _identities(n: int) -> Matrices:
    return np.repeat(np.eye(3)[np.newaxis], n, axis=0)


def _shift(row: float, column: float) -> Matrices:
    return np.array([[1.0, 0.0, row], [0.0, 1.0, column], [0.0, 0.0, 1.0]])
