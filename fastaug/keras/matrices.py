"""Keras' affine matrices, for a whole batch at once.

`affine_matrices` composes them by the products that Keras makes, to its bits; `quick_matrices` in
closed form, which is several times cheaper and right to the last bits of a double.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .draws import Compat, Draws, Numbers
from .extension import keras_matrices

Matrices = npt.NDArray[np.float64]


def moving(draws: Draws) -> npt.NDArray[np.bool_] | bool:
    """Which images are resampled: Keras leaves the pixels of others alone. One bool for all.

    Numbers that are drawn from floats count as moving; shifts by whole pixels may be none.
    """
    drawn = ((draws.theta, 0), (draws.shear, 0), (draws.zx, 1), (draws.zy, 1))
    for v, _ in drawn:
        if isinstance(v, np.ndarray) and v.ndim and v.dtype.kind == "f":
            return draws.n > 0
    moved = np.zeros(draws.n, bool)
    for v, still in (*drawn, (draws.tx, 0), (draws.ty, 0)):
        moved |= np.asarray(v) != still
    return moved if moved.any() and not moved.all() else bool(moved.all() and draws.n)


def affine_matrices(
    draws: Draws, height: int, width: int, compat: Compat = "keras"
) -> Matrices | None:
    """The (n, 2, 3) maps from output to input (row, column), or None if nothing moves."""
    product = _product(draws)
    if product is None:
        return None
    first, second = _centre(height, width, compat)
    # What comes before and after moves the centre to the origin and back. The second is a sum of two
    # numbers in any order, the first is not.
    product[:, 0, 2] += first
    product[:, 1, 2] += second
    product = product @ np.array([[1.0, 0.0, -first], [0.0, 1.0, -second], [0.0, 0.0, 1.0]])
    if compat == "keras2":
        return np.ascontiguousarray(product[:, :2])
    matrices = np.empty((draws.n, 2, 3))
    matrices[:, :, :2] = product[:, 1::-1, 1::-1]
    matrices[:, :, 2] = product[:, 1::-1, 2]
    return matrices


def quick_matrices(draws: Draws, height: int, width: int, compat: Compat) -> Matrices:
    """The (n, 6) maps from output to input (x, y), mirrored images included."""
    drawn = np.empty((8, draws.n))
    drawn[0], drawn[1], drawn[2] = draws.theta, draws.tx, draws.ty
    drawn[3], drawn[4], drawn[5] = draws.shear, draws.zx, draws.zy
    drawn[6], drawn[7] = draws.flip_horizontal, draws.flip_vertical
    first, second = _centre(height, width, compat)
    return keras_matrices(drawn.reshape(-1), height, width, first, second, compat == "keras2")


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
    """The product of rotation, shift, shear and zoom in Keras' order, to the bit.

    Keras leaves out factors that are the identity, which change no bit. Nor does it matter how a
    product by the zoom adds: all but one of what it adds up are zeros.
    """
    turns, leans = _is_on(draws.theta), _is_on(draws.shear)
    shifts = _is_on(draws.tx) or _is_on(draws.ty)
    zooms = _is_on(draws.zx, 1) or _is_on(draws.zy, 1)
    if not (turns or leans or shifts or zooms):
        return None
    product = _identities(draws.n)
    if turns:
        angle = np.deg2rad(draws.theta)
        product[:, 0, 0] = product[:, 1, 1] = np.cos(angle)
        product[:, 1, 0] = np.sin(angle)
        product[:, 0, 1] = -product[:, 1, 0]
    if shifts:
        factor = _identities(draws.n)
        factor[:, 0, 2] = draws.tx
        factor[:, 1, 2] = draws.ty
        product = product @ factor
    if leans:
        angle = np.deg2rad(draws.shear)
        factor = _identities(draws.n)
        factor[:, 0, 1] = -np.sin(angle)
        factor[:, 1, 1] = np.cos(angle)
        product = product @ factor
    if zooms:
        product[:, :2, 0] *= _column(draws.zx)
        product[:, :2, 1] *= _column(draws.zy)
    return product


def _column(values: Numbers) -> Numbers:
    return values[:, np.newaxis] if isinstance(values, np.ndarray) else values


def _is_on(values: Numbers, still: int = 0) -> bool:
    if isinstance(values, np.ndarray):
        # Floats are drawn; the identity is as good as nothing where they all come out still.
        return values.dtype.kind == "f" or bool((values != still).any())
    return bool(values != still)


_IDENTITY = np.eye(3)


def _identities(n: int) -> Matrices:
    matrices = np.empty((n, 3, 3))
    matrices[:] = _IDENTITY
    return matrices
